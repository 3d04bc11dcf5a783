"""The verbs of plans: one transaction each."""
