"""Telling people: notifications (通知), the outbox of e-mail (发件箱) and that of SMS (短信)."""
