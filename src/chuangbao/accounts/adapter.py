"""What allauth asks of the house: how people are named and how the sign-up is kept open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from allauth.account import app_settings as ACCOUNT  # noqa: N812 - settings of the library
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as context_of_request
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from chuangbao.accounts.domain.acting import as_self
from chuangbao.accounts.letters import bound_letter
from chuangbao.accounts.middleware import SIGNED_OUT, act_as
from chuangbao.accounts.models import Person
from chuangbao.core.audit.log import record
from chuangbao.core.http.forms import one_line
from chuangbao.core.http.requests import client_address
from chuangbao.core.http.resuming import remembered_capacity

if TYPE_CHECKING:
    from allauth.socialaccount.models import SocialLogin
    from django.http import HttpRequest

__all__ = ["Adapter", "SignOn"]

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Product:
    """What letters call this site."""

    name: str
    domain: str


class Adapter(DefaultAccountAdapter):
    """Signing in is on the record; letters carry the product's name and its own address."""

    def get_client_ip(self, request: HttpRequest) -> str:
        """As all other limits count."""
        return client_address(request)

    def new_user(self, request: HttpRequest) -> Person:
        """Create a person; one who signs up while the demonstration runs is part of it (演示数据) and ends with it."""
        person: Person = super().new_user(request)
        person.is_demo = settings.DEMO
        return person

    def login(self, request: HttpRequest, user: Person) -> None:
        """Sign in and note it: in the person's own name, or in the capacity in which a session ended by itself."""
        super().login(request, user)
        before = remembered_capacity(request)
        act_as(request, before[1] if before is not None and before[0] == user.pk else "")
        record(as_self(user), "person.sign_in", user)

    def logout(self, request: HttpRequest) -> None:
        """Sign out; the browser forgets in which capacity one acted."""
        super().logout(request)
        setattr(request, SIGNED_OUT, True)

    def clean_email(self, email: str) -> str:
        """Return the address, cleaned by allauth and no longer than our column.

        Raises ValidationError where it is longer: allauth's own field takes more.
        """
        cleaned: str = super().clean_email(email)
        most = Person._meta.get_field("email").max_length or 0
        if len(cleaned) > most:
            raise ValidationError(_("An e-mail address has at most %(most)d characters.") % {"most": most})
        return cleaned

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write a letter in the product's name; its links lead to the site's own address.

        Raises ImmediateHttpResponse where too many codes and links were asked for this address within the hour.
        """
        bound_letter(context_of_request.request, template_prefix, email)
        here = context_of_request.request.build_absolute_uri("/").rstrip("/")
        linked = {
            name: settings.SITE_URL + value.removeprefix(here)
            for name, value in context.items()
            if isinstance(value, str) and value.startswith(f"{here}/")
        }
        product = {"current_site": Product(name=_("Chuangbao"), domain=settings.SITE_URL)}
        valid = {
            "minutes": ACCOUNT.EMAIL_VERIFICATION_BY_CODE_TIMEOUT // 60,
            "days": settings.PASSWORD_RESET_TIMEOUT // (24 * 60 * 60),
        }
        super().send_mail(template_prefix, email, context | linked | product | valid)


class SignOn(DefaultSocialAccountAdapter):
    """Keep the name that the province's sign-on (统一身份认证) gives."""

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, str]) -> Person:
        """The account that is made at the first visit."""
        person: Person = super().populate_user(request, sociallogin, data)
        given = data.get("name") or " ".join(filter(None, (data.get("first_name"), data.get("last_name"))))
        person.name = one_line(given)[:LONGEST_NAME]
        return person
