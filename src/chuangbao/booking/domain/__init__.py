"""The verbs of booking: one transaction each."""
