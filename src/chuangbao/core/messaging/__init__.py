"""Telling people: notifications (通知) and the outbox of e-mail (发件箱)."""
