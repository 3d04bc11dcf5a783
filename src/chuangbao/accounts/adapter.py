"""What allauth asks of the house: how people are named and how the sign-up is kept open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter

from chuangbao.accounts.domain.acting import oneself
from chuangbao.accounts.middleware import SESSION_KEY
from chuangbao.core.history import record

if TYPE_CHECKING:
    from django.http import HttpRequest

    from chuangbao.accounts.models import Person

__all__ = ["Adapter"]


class Adapter(DefaultAccountAdapter):
    """Signing in is on the record; it begins in one's own name."""

    def login(self, request: HttpRequest, user: Person) -> None:
        """Sign in and note it."""
        super().login(request, user)
        request.session.pop(SESSION_KEY, None)
        record(oneself(user), "person.sign_in", user)
