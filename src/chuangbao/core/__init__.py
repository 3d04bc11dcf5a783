"""What every context shares: access, workflow, audit log, messaging, jobs, files; it imports no context."""
