"""The verbs of guidance and inspections: one transaction each."""
