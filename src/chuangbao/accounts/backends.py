"""Who may sign in, and whose session still counts, asked with every request."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings
from django.contrib.auth import get_user_model

from chuangbao.core.kept_queries import KeptQuery

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.db.models import QuerySet

__all__ = ["Backend"]


def find_person(pk: int) -> QuerySet[Any]:
    """Write the query of one person."""
    return get_user_model()._default_manager.filter(pk=pk).order_by()


PERSON = KeptQuery(find_person)


class Backend(AuthenticationBackend):
    """Allauth's backend; the people of the demonstration (演示数据) can sign in only while it runs."""

    def user_can_authenticate(self, user: AbstractBaseUser) -> bool:
        """Whether a person may come in, or stay in."""
        return super().user_can_authenticate(user) and (settings.DEMO or not getattr(user, "is_demo", False))

    def get_user(self, user_id: int) -> AbstractBaseUser | None:
        """Return who is signed in, with one query that is worded once: every page asks it."""
        found = PERSON.models(pk=user_id)
        return found[0] if found and self.user_can_authenticate(found[0]) else None
