"""People (自然人用户): one account per person, found by e-mail; what they may do comes from elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from typing import Self


class People(BaseUserManager["Person"]):
    """Makes people; used by the sign-up, by invitations and by the command line."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """A person with an account; without a password they can only come in by a link."""
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> Person:
        """As any other: there is no account that may do everything (三员分立)."""
        return self.create_user(email, password, **fields)

    def get_by_natural_key(self, username: str | None) -> Person:
        """By e-mail, however it is written."""
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """A person with an account (用户)."""

    email = models.EmailField(_("E-mail"), unique=True)
    name = models.CharField(_("Name"), max_length=80)
    language = models.CharField(_("Language"), max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)
    is_demo = models.BooleanField(default=False, help_text="made by the demo data (演示数据)")
    agreed = models.CharField(
        max_length=80, blank=True, default="", help_text="the texts in force when the person last agreed (legal.py)"
    )
    joined_at = models.DateTimeField(default=timezone.now)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    objects = People()

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="person_email_once")]

    def __str__(self) -> str:
        return self.name or (self.email if self.is_active else gettext("Account erased"))

    def get_full_name(self: Self) -> str:
        """As shown to others."""
        return self.name

    def get_short_name(self: Self) -> str:
        """The same; Chinese names are not cut."""
        return self.name
