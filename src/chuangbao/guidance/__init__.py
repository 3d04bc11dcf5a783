"""Guidance (政策指导): a founder asks, an officer of the place answers within a term."""
