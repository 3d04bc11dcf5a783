"""The pages of premises and letters."""
