"""The pages of the money of a space."""
