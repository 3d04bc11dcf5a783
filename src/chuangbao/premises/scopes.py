"""What each actor may see of premises and letters: the operator its own, a firm its letters, officers their area."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Q

from chuangbao.core.access.actors import Capacity
from chuangbao.core.access.row_access import EVERYTHING, NOTHING, scope
from chuangbao.core.engine.regions import covered_regions
from chuangbao.premises.models import ConsentLetter, ContactTry, HostFile, LetterLookup, MailItem, Premise
from chuangbao.premises.permissions import may_see_letters

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor

__all__: list[str] = []


def narrow_to_actor(actor: Actor, space: str, site: str, firm: str = "") -> Q:
    """Rows whose space the actor's organisation runs, whose firm it is, or whose site is in an officer's area."""
    if actor.capacity is Capacity.SYSTEM:
        return EVERYTHING
    if not may_see_letters.test(actor):
        return NOTHING
    if actor.capacity is Capacity.OFFICER:
        return Q(**{f"{site}region__in": covered_regions(actor.region)})
    host = Q(**{f"{space}operator": actor.organisation_id}) | Q(**{f"{site}space__operator": actor.organisation_id})
    return host | Q(**{firm: actor.organisation_id}) if firm else host


@scope(Premise)
def limit_premises(actor: Actor) -> Q:
    """Those of the actor's own spaces; for officers of the area."""
    return narrow_to_actor(actor, "site__space__", "site__")


@scope(ConsentLetter)
def limit_letters(actor: Actor) -> Q:
    """Those that the actor's organisation issued or holds; for officers of the area."""
    return narrow_to_actor(actor, "space__", "premise__site__", "organisation")


@scope(LetterLookup)
def limit_lookups(actor: Actor) -> Q:
    """Those of the letters in sight."""
    return narrow_to_actor(actor, "letter__space__", "letter__premise__site__", "letter__organisation")


@scope(HostFile)
def limit_files(actor: Actor) -> Q:
    """Those of the letters in sight."""
    return narrow_to_actor(actor, "letter__space__", "letter__premise__site__", "letter__organisation")


@scope(MailItem)
def limit_mail(actor: Actor) -> Q:
    """That of the files in sight; an office has no part in the mail of firms."""
    if actor.capacity is Capacity.OFFICER:
        return NOTHING
    return narrow_to_actor(
        actor, "file__letter__space__", "file__letter__premise__site__", "file__letter__organisation"
    )


@scope(ContactTry)
def limit_tries(actor: Actor) -> Q:
    """Those of the files in sight."""
    return narrow_to_actor(
        actor, "file__letter__space__", "file__letter__premise__site__", "file__letter__organisation"
    )
