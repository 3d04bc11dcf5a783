"""Tags of the money of a space."""
