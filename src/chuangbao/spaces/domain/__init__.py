"""The verbs of spaces: one transaction each."""
