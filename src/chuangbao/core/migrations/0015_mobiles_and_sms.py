"""A mobile number of each person who wants one, and the outbox of SMS; both sealed."""

import uuid
from typing import Any

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from chuangbao.core.storage.encryption import EncryptedTextField

KEY: dict[str, Any] = {"auto_created": True, "primary_key": True, "serialize": False, "verbose_name": "ID"}
CHANNELS = [
    ("site", "On this site only"), ("mail", "On this site and by e-mail at once"),
    ("digest", "On this site and in a daily e-mail"), ("sms", "On this site, by e-mail and by SMS at once"),
]


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0014_proposals_of_two_persons"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.AlterField(
            "noticepreference", "channel", models.CharField(choices=CHANNELS, default="mail", max_length=8)
        ),
        migrations.CreateModel("Mobile", [
            ("id", models.BigAutoField(**KEY)),
            ("number", EncryptedTextField(bound_to=("person_id",), null=True)),
            ("confirmed_at", models.DateTimeField(null=True)),
            ("asked", EncryptedTextField(
                bound_to=("person_id",), help_text="the number that waits for its code", null=True,
            )),
            ("code_hash", models.CharField(blank=True, max_length=64)),
            ("asked_at", models.DateTimeField(null=True)),
            ("attempts", models.PositiveSmallIntegerField(default=0)),
            ("person", models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE, related_name="mobile", to=settings.AUTH_USER_MODEL,
            )),
        ], options={"constraints": [
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
            models.CheckConstraint(name="mobile_few_attempts", condition=models.Q(attempts__lte=5)),
        ]}),
        migrations.CreateModel("ShortMessage", [
            ("id", models.BigAutoField(**KEY)),
            ("key", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
            ("number", EncryptedTextField(bound_to=("key",))),
            ("text", EncryptedTextField(bound_to=("key",))),
            ("group", models.CharField(
                blank=True, help_text="the group of notices it is about; a code has none", max_length=40,
            )),
            ("created_at", models.DateTimeField(default=django.utils.timezone.now)),
            ("ends_at", models.DateTimeField(help_text="after this it is of no use, and is not sent")),
            ("tries", models.PositiveSmallIntegerField(default=0, help_text="how often the gateway did not answer")),
            ("refused_at", models.DateTimeField(null=True, help_text="the gateway will never take it")),
            ("person", models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL,
            )),
        ], options={"ordering": ["pk"]}),
    ]
