"""Tenants of a space from entry to graduation (入驻与孵化, clauses 1.2.7, 1.2.8, 2.1.5, 2.1.8)."""
