"""The loaded pack and its engine, its regions and its verdicts."""
