"""Notices to those who follow a policy; the words of a pack and of the search for the record."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.audit.log import Kind, name_kinds
from chuangbao.core.messaging.notifications import Event, register

__all__: list[str] = []

name_kinds(
    policies__pack=Kind(_("Pack")),
    policies__synonym=Kind(_("Word of the search"), ("say",)),
)


def list_public_events() -> list[Event]:
    """List the events for those who follow a measure or a document."""
    return [
        Event("policies.published", _("Published: %(title)s"), _("In force from %(day)s."), "policies"),
        Event(
            "policies.rule_corrected",
            _("Corrected: %(title)s"),
            _("The rule had been written down wrongly from %(day)s on. What was wrong: %(reason)s"),
            "policies",
        ),
        Event("policies.ended", _("Ends: %(title)s"), _("The last day is %(day)s."), "policies"),
        Event("policies.document", _("A new document: %(title)s"), _("In force from %(day)s."), "policies"),
        Event("policies.explained", _("Explained: %(title)s"), _("There is a new explanation or answer."), "policies"),
    ]


register(*list_public_events())
