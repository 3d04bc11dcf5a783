"""Who may sign in, and whose session still counts, asked with every request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.auth_backends import AuthenticationBackend
from django.conf import settings

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

__all__ = ["Backend"]


class Backend(AuthenticationBackend):
    """Allauth's backend; the people of the demonstration (演示数据) can sign in only while it runs."""

    def user_can_authenticate(self, user: AbstractBaseUser) -> bool:
        """Whether a person may come in, or stay in."""
        return super().user_can_authenticate(user) and (settings.DEMO or not getattr(user, "is_demo", False))
