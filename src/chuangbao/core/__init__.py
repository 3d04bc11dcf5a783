"""What every Django context shares: who may see a page, and nothing that knows a policy."""
