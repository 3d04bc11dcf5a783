"""The pages of tenants."""
