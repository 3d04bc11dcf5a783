"""The pages of people, organisations and posts."""
