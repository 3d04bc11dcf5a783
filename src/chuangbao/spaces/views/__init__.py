"""The pages of spaces."""
