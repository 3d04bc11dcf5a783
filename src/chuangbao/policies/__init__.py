"""The policy library (政策库): documents, clauses and measures, found and read."""
