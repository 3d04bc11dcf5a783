"""Where to go, in templates."""
