"""The verbs of premises and letters: one transaction each."""
