"""The pages of notices, jobs and files."""
