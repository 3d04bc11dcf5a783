"""Words of booking in templates."""
