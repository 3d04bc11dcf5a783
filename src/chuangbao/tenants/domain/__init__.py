"""The verbs of tenants: one transaction each."""
