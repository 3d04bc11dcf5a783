"""What people do with accounts, organisations and posts."""
