"""The words of facts in templates."""
