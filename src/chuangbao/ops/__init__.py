"""Running and mending an installation: PostgreSQL, its roles, backup and restore, health, room on the disk."""
