"""What the desk tells colleagues, and founders whose answer a publication changes; its words for the record."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from chuangbao.core.audit.log import Kind, name_kinds, name_verbs
from chuangbao.core.messaging.notifications import Event, register

__all__: list[str] = []

name_verbs(
    begin=_("Begun"), bring=_("Brought in"), save=_("Saved"), submit=_("Submitted for review"),
    withdraw=_("Taken back"), discard=_("Discarded"), publish=_("Published"), retire=_("Retired"),
    supersede=_("Ended by its revision"),
    correct=_("Corrected in place"),
    comment=_("Commented"), settle_comment=_("Comment settled"), reopen_comment=_("Comment opened again"),
    set_period=_("Days set at publication"),
    edit=_("Head corrected"), edit_clause=_("Clause corrected"), add_clause=_("Clause added"),
    merge_clause=_("Clause joined to the one before"), remove_clause=_("Clause removed"),
    split_clause=_("Clause split"), register=_("Measure entered"), load=_("Content of a pack taken in"),
    download_original=_("Original file downloaded"), **{"return": _("Returned")},
)  # fmt: skip
name_kinds(
    policies__registeredmeasure=Kind(_("Measure"), ("ref",)),
    policies__measureversion=Kind(_("Version of a measure"), ("title", "name", "measure__ref")),
    policies__registereddocument=Kind(_("Document"), ("title", "number", "ref")),
    policies__interpretation=Kind(_("Explanation or answer"), ("title",)),
)
name_verbs(
    synonym__add=_("Word added"),
    synonym__remove=_("Word taken away"),
)

CHANGED = _("A version in force from %(day)s changes your answer. See what you get and what to do.")
NOW = {
    "claim": _("You can now claim: %(title)s"),  # 可申领
    "apply": _("You can now apply: %(title)s"),  # 可申报
    "compete": _("You can now compete for: %(title)s"),  # 可参评
    "discretion": _("You now meet the conditions, the department decides: %(title)s"),  # 由部门决定
}
"""The notice to an eligible person where it is not simply their right."""


def list_own_events() -> list[Event]:
    """List the events of what changes for a person; discreet in letters."""
    own = {
        "policies.eligible": (_("You now qualify: %(title)s"), CHANGED),
        **{f"policies.eligible.{grant}": (subject, CHANGED) for grant, subject in NOW.items()},
        "policies.not_eligible": (
            _("You do not qualify: %(title)s"),
            _("A version in force from %(day)s changes your answer. See which condition is not met."),
        ),
        "policies.undetermined": (
            _("Undecided now: %(title)s"),
            _("A version in force from %(day)s asks something that is not known of you yet."),
        ),
    }
    return [Event(name, subject, body, "policies", discreet=True) for name, (subject, body) in own.items()]


def list_desk_events() -> list[Event]:
    """List what colleagues at the desk tell each other."""
    told = {
        "review": (_("Waits for your review: %(title)s"), _("A colleague has submitted it.")),
        "yours_published": (
            _("Published: %(title)s"),
            _("%(reviewer)s has published it, from %(day)s."),
        ),
        "returned": (_("Returned: %(title)s"), _("Your reviewer says: %(reason)s")),
        "commented": (_("Comment on: %(title)s"), _("%(name)s writes: %(text)s")),
        "settled": (_("Comment settled: %(title)s"), _("%(name)s has settled: %(text)s")),
    }
    return [Event(f"policies.{name}", subject, body, "tasks") for name, (subject, body) in told.items()]


register(*list_own_events(), *list_desk_events())
