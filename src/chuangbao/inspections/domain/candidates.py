"""What a draw draws from: spaces and inspectors of the area, less what is left out, each with the reason why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from chuangbao.accounts.models import Membership, Post
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.engine.regions import covered_regions
from chuangbao.core.localization.formatting import day_words
from chuangbao.inspections.domain.limits import read_limit
from chuangbao.inspections.enums import VisitStage
from chuangbao.inspections.models import Exclusion, Visit
from chuangbao.spaces.enums import SpaceStage
from chuangbao.spaces.models import Space

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.inspections.models import Draw

__all__ = ["Candidates", "find_candidates", "list_inspectors", "list_spaces"]

WHY = "what a draw draws from"
DUTY = "spaces"
DAYS_OF_A_MONTH = 30.44
LATELY = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Candidates:
    """Spaces and inspectors that can be drawn, pairs with an interest, and what is left out with its reason."""

    spaces: tuple[Space, ...]
    inspectors: tuple[Post, ...]
    interests: frozenset[tuple[int, int]]
    left_out: tuple[tuple[str, str], ...]


def list_spaces(region: str) -> list[Space]:
    """Return the running spaces of an area by number."""
    rows = unscoped(Space, because=WHY).filter(stage=SpaceStage.OPEN, region__in=covered_regions(region))
    return list(rows.order_by("pk"))


def list_inspectors(region: str) -> list[Post]:
    """Return the posts of an area that keep the register and are held today, by number."""
    rows = unscoped(Post, because=WHY).filter(
        duties__contains=[DUTY],
        region__in=covered_regions(region),
        term__contains=timezone.localdate(),
        confirmed_at__isnull=False,
    )
    return list(rows.select_related("person", "agency").order_by("pk"))


def find_candidates(draw: Draw) -> Candidates:
    """Return what a draw in preparation would draw from today."""
    spaces, inspectors = list_spaces(draw.region_id), list_inspectors(draw.region_id)
    rows = list(
        unscoped(Exclusion, because=WHY).filter(draw=draw).select_related("space", "post__person").order_by("pk")
    )
    by_space = {row.space_id: row.reason for row in rows if row.post_id is None}
    by_post = {row.post_id: row.reason for row in rows if row.space_id is None}
    seen = find_seen(timezone.localdate())
    reasons = {
        space.pk: by_space.get(space.pk)
        or (_("Visited after a draw on %s already") % day_words(seen[space.pk]) if space.pk in seen else "")
        for space in spaces
    }
    left_out = [(space.name, str(reasons[space.pk])) for space in spaces if reasons[space.pk]]
    left_out += [(str(post.person), by_post[post.pk]) for post in inspectors if post.pk in by_post]
    pairs = [row for row in rows if row.space_id and row.post_id]
    left_out += [(f"{row.post.person} · {row.space}", row.reason) for row in pairs if row.post]
    free_spaces = tuple(space for space in spaces if not reasons[space.pk])
    free_posts = tuple(post for post in inspectors if post.pk not in by_post)
    interests = {(row.space_id or 0, row.post_id or 0) for row in pairs} | find_memberships(free_spaces, free_posts)
    numbers = {space.pk for space in free_spaces}, {post.pk for post in free_posts}
    kept = frozenset(pair for pair in interests if pair[0] in numbers[0] and pair[1] in numbers[1])
    return Candidates(free_spaces, free_posts, kept, tuple(left_out))


def find_seen(day: date) -> dict[int, date]:
    """Return the spaces that were drawn within the months of the limit and visited or still to be, with the day."""
    since = day - timedelta(days=round(read_limit("not_again_months", day) * DAYS_OF_A_MONTH))
    rows = unscoped(Visit, because=WHY).filter(draw__ended_at__date__gt=since).exclude(stage=VisitStage.CALLED_OFF)
    return {space: timezone.localdate(at) for space, at in rows.order_by("pk").values_list("space", "draw__ended_at")}


def find_memberships(spaces: tuple[Space, ...], posts: tuple[Post, ...]) -> set[tuple[int, int]]:
    """Return the pairs of a space and an inspector who belongs to its operator, or did within a year (回避)."""
    rows = unscoped(Membership, because=WHY).filter(person__in=[post.person_id for post in posts])
    belongs: dict[int, set[int]] = {}
    for person, organisation, ended in rows.values_list("person", "organisation", "ended_at"):
        if ended is None or ended >= timezone.now() - LATELY:
            belongs.setdefault(person, set()).add(organisation)
    return {
        (space.pk, post.pk)
        for post in posts
        for space in spaces
        if space.operator_id in belongs.get(post.person_id, ())
    }
