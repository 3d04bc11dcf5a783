"""What runs over everybody tell people, and their words for the record."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.audit.log import Kind, name_kinds, name_verbs
from chuangbao.core.messaging.notifications import Event, register

__all__: list[str] = []

name_kinds(
    policies__populationrun=Kind(_("Run over everybody"), ("day",)),
    policies__entitlement=Kind(_("Entitlement"), ("subject__name",)),
    policies__offer=Kind(_("Offer"), ("subject__name",)),
)
name_verbs(
    population_run__start=_("started a run over everybody"),
    entitlement__decline=_("said that it is not for them"),
    entitlement__reconsider=_("took back that it is not for them"),
)


def list_found_events() -> list[Event]:
    """List the events of who is found by a run; discreet in letters."""
    found = _("The rules say so from what is known of you. See what you get, or say that it is not for you.")
    return [
        Event("policies.found", _("You meet the conditions: %(title)s"), found, "policies", discreet=True),
        Event(
            "policies.found_more",
            _("You meet the conditions of %(n)s measures, such as: %(title)s"),
            found,
            "policies",
            discreet=True,
        ),
    ]


def list_corrections() -> list[Event]:
    """List the events of a rule that had been written down wrongly."""
    own = {
        "gone": (
            _("Corrected, it does not hold: %(title)s"),
            _(
                "From %(since)s on you were told that you meet the conditions (%(before)s). That was wrong: the rule"
                " had been written down wrongly and is corrected. On %(day)s its conditions are not met or not decided."
            ),
        ),
        "amount": (
            _("Corrected, another amount: %(title)s"),
            _(
                "From %(since)s on you were told %(before)s. That was wrong: the rule had been written down wrongly and"
                " is corrected. On %(day)s it is %(now)s."
            ),
        ),
        "gone.why": (
            _("Corrected, it does not hold: %(title)s"),
            _(
                "From %(since)s on you were told that you meet the conditions (%(before)s). That was wrong: the rule"
                " had been written down wrongly and is corrected: %(why)s On %(day)s its conditions are not met or not"
                " decided."
            ),
        ),
        "amount.why": (
            _("Corrected, another amount: %(title)s"),
            _(
                "From %(since)s on you were told %(before)s. That was wrong: the rule had been written down wrongly and"
                " is corrected: %(why)s On %(day)s it is %(now)s."
            ),
        ),
    }
    return [
        Event(f"policies.corrected.{name}", subject, body, "policies", discreet=True)
        for name, (subject, body) in own.items()
    ]


register(*list_found_events(), *list_corrections())
