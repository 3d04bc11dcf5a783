"""What is killed: the real web server, worker and database, and writers that count what was acknowledged."""
