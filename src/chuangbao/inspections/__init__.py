"""During and after (事中事后): guidance notes, inspections drawn at random, and how spaces develop."""
