"""What the library holds of a person: what they follow."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.accounts.personal_rows import erase_rows, export_rows
from chuangbao.core.privacy import Holding, holds_personal
from chuangbao.policies.models import Subscription

__all__: list[str] = []

holds_personal(
    Holding(
        "subscriptions",
        _("What you follow"),
        _("So that you are told of it"),
        _("Until you erase it"),
        export_rows(Subscription, "person", "topic", "value"),
        erase_rows(Subscription, "person"),
        covers=("policies.Subscription.person",),
    ),
)
