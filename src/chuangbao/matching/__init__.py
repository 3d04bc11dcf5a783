"""Policies find people (政策找人): everybody judged by every measure, who is entitled, and what is offered."""
