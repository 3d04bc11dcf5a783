"""What founders and officers do with a question."""
