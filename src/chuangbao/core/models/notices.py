"""Notifications (通知), and how each person wants to get them."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.core.access.scoped_rows import ScopedManager
from chuangbao.core.storage.encryption import EncryptedTextField

MOST_ATTEMPTS = 5
"""How often a code that was sent to a telephone may be typed wrong."""


class Channel(models.TextChoices):
    """How a person wants to hear of a group of events (接收方式)."""

    SITE = "site", _("On this site only")  # 仅站内
    MAIL = "mail", _("On this site and by e-mail at once")  # 站内和即时邮件
    DIGEST = "digest", _("On this site and in a daily e-mail")  # 站内和每日汇总
    SMS = "sms", _("On this site, by e-mail and by SMS at once")  # 站内、即时邮件和短信


class Notice(models.Model):
    """One notification (通知) to one person."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    event = models.CharField(max_length=60)
    data = models.JSONField(default=dict)
    url = models.CharField(max_length=300, blank=True)
    once = models.CharField(max_length=120, blank=True, help_text="what it is told about; never told twice")
    created_at = models.DateTimeField(default=timezone.now)
    read_at = models.DateTimeField(null=True)
    in_digest = models.BooleanField(default=False, help_text="waits for the daily letter")

    objects = ScopedManager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["person", "-created_at"], name="notices_of_a_person"),
            models.Index(fields=["person"], condition=models.Q(in_digest=True), name="notices_of_the_next_digest"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["person", "event", "once"], condition=~models.Q(once=""), name="told_once")
        ]

    def __str__(self) -> str:
        return f"{self.event} {self.person_id}"


class NoticePreference(models.Model):
    """How one person wants to hear of one group of events (通知偏好); without a row: by e-mail at once."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_preferences")
    group = models.CharField(max_length=40)
    channel = models.CharField(max_length=8, choices=Channel.choices, default=Channel.MAIL)

    objects = ScopedManager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "group"], name="one_preference_a_group")]

    def __str__(self) -> str:
        return f"{self.person_id} {self.group} {self.channel}"


class Letter(models.Model):
    """An e-mail that waits to be sent (待发邮件); gone as soon as the mail server has taken it."""

    key = models.UUIDField(default=uuid.uuid4, editable=False)
    recipient = EncryptedTextField(bound_to=("key",))
    subject = EncryptedTextField(bound_to=("key",))
    body = EncryptedTextField(bound_to=("key",))
    html = EncryptedTextField(null=True, bound_to=("key",))
    created_at = models.DateTimeField(default=timezone.now)
    refused_at = models.DateTimeField(null=True, help_text="the mail server will never take it")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.pk} {self.created_at:%Y-%m-%d %H:%M}"


class Mobile(models.Model):
    """The mobile phone (手机号) of one person: the number that was confirmed, and one that waits for its code.

    Several people may have the same number, as families do: nothing is found by a number, so nothing tells who else
    has it. Of the code only a keyed hash is kept.
    """

    person = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="mobile")
    number = EncryptedTextField(null=True, bound_to=("person_id",))
    confirmed_at = models.DateTimeField(null=True)
    asked = EncryptedTextField(null=True, bound_to=("person_id",), help_text="the number that waits for its code")
    code_hash = models.CharField(max_length=64, blank=True)
    asked_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = ScopedManager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mobile_confirmed_with_a_time",
                condition=models.Q(number__isnull=True, confirmed_at__isnull=True)
                | models.Q(number__isnull=False, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="mobile_asked_with_a_code",
                condition=models.Q(asked__isnull=True, asked_at__isnull=True, code_hash="")
                | models.Q(asked__isnull=False, asked_at__isnull=False) & ~models.Q(code_hash=""),
            ),
            models.CheckConstraint(name="mobile_few_attempts", condition=models.Q(attempts__lte=MOST_ATTEMPTS)),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {'confirmed' if self.confirmed_at else 'not confirmed'}"


class ShortMessage(models.Model):
    """An SMS that waits to be sent (待发短信); gone as soon as the gateway has taken it, or when its time is over."""

    key = models.UUIDField(default=uuid.uuid4, editable=False, unique=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    number = EncryptedTextField(bound_to=("key",))
    text = EncryptedTextField(bound_to=("key",))
    group = models.CharField(max_length=40, blank=True, help_text="the group of notices it is about; a code has none")
    created_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(help_text="after this it is of no use, and is not sent")
    tries = models.PositiveSmallIntegerField(default=0, help_text="how often the gateway did not answer")
    next_try_at = models.DateTimeField(
        null=True, help_text="it is not tried before; empty until the gateway did not take it"
    )
    refused_at = models.DateTimeField(null=True, help_text="the gateway will never take it")

    objects = ScopedManager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.pk} {self.created_at:%Y-%m-%d %H:%M}"
