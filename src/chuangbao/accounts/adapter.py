"""What allauth asks of the house: how people are named and how the sign-up is kept open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from allauth.account.adapter import DefaultAccountAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter

from chuangbao.accounts.domain.acting import oneself
from chuangbao.accounts.middleware import SESSION_KEY
from chuangbao.core.history import record
from chuangbao.core.requests import client_address

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin
    from django.http import HttpRequest

    from chuangbao.accounts.models import Person

__all__ = ["Adapter", "SignOn"]


class Adapter(DefaultAccountAdapter):
    """Signing in is on the record; it begins in one's own name."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """As all other limits count."""
        return client_address(request)

    def login(self, request: HttpRequest, user: Person) -> None:
        """Sign in and note it."""
        super().login(request, user)
        request.session.pop(SESSION_KEY, None)
        record(oneself(user), "person.sign_in", user)


class SignOn(DefaultSocialAccountAdapter):
    """Whoever comes by the province's sign-on (统一身份认证) keeps the name it gives."""

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, str]) -> Person:
        """The account that is made at the first visit."""
        person: Person = super().populate_user(request, sociallogin, data)
        person.name = data.get("name") or " ".join(filter(None, (data.get("first_name"), data.get("last_name"))))
        return person
