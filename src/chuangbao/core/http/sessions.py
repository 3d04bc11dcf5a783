"""Sessions in the database, as Django keeps them, read by a query that is worded once: every page reads its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.utils import timezone

from chuangbao.core.kept_queries import KeptQuery

if TYPE_CHECKING:
    from datetime import datetime

    from django.db.models import QuerySet

__all__ = ["SessionStore"]


def find_content(key: str, now: datetime) -> QuerySet[Any, Any]:
    """Write the query of what a session that goes on holds."""
    return Session.objects.filter(session_key=key, expire_date__gt=now).order_by().values_list("session_data")


CONTENT = KeptQuery(find_content)


class SessionStore(DatabaseSessions):
    """Django's, but for how one is read."""

    def load(self) -> dict[str, Any]:
        """Return what the session holds; nothing where there is none, which then gets another key when it is saved."""
        if found := CONTENT.rows(key=self.session_key, now=timezone.now()):
            content: dict[str, Any] = self.decode(found[0][0])
            return content
        self._session_key = None
        return {}
