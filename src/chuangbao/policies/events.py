"""What the policy context tells people."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.history import name_verbs
from chuangbao.core.notices import Event, register

__all__ = ["declare"]

name_verbs(
    population_run__start=_("started a run over everybody"),
    entitlement__decline=_("said that it is not for them"),
    entitlement__reconsider=_("took back that it is not for them"),
)


def declare() -> None:
    """Declare the events, once the languages are known."""
    register(
        Event("policies.published", _("Published: %(title)s"), _("In force from %(day)s."), "policies"),
        Event("policies.ended", _("Ends: %(title)s"), _("The last day is %(day)s."), "policies"),
        Event("policies.document", _("A new document: %(title)s"), _("In force from %(day)s."), "policies"),
        Event("policies.explained", _("Explained: %(title)s"), _("There is a new explanation or answer."), "policies"),
        Event(
            "policies.eligible", _("You now qualify: %(title)s"),
            _("A version in force from %(day)s changes your answer. See what you get and what to do."), "policies",
        ),
        Event(
            "policies.not_eligible", _("You do not qualify: %(title)s"),
            _("A version in force from %(day)s changes your answer. See which condition is not met."), "policies",
        ),
        Event(
            "policies.undetermined", _("Undecided now: %(title)s"),
            _("A version in force from %(day)s asks something that is not known of you yet."), "policies",
        ),
        Event(
            "policies.found", _("You are entitled to: %(title)s"),
            _("The rules say so from what is known of you. See what you get, or say that it is not for you."),
            "policies",
        ),
        Event(
            "policies.found_more", _("You are entitled to %(n)s things, such as: %(title)s"),
            _("The rules say so from what is known of you. See what you get, or say that it is not for you."),
            "policies",
        ),
        Event("policies.review", _("Waits for your review: %(title)s"), _("A colleague has submitted it."), "tasks"),
        Event("policies.returned", _("Returned: %(title)s"), _("Your reviewer says: %(reason)s"), "tasks"),
    )  # fmt: skip
