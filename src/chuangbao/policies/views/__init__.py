"""The pages of the policy library."""
