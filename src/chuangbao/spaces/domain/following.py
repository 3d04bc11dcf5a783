"""Following a space (关注): a notice when it closes, moves or changes hands; begun and ended by the person alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.spaces.models import Following
from chuangbao.spaces.permissions import may_follow_space

if TYPE_CHECKING:
    from chuangbao.core.access.actors import Actor
    from chuangbao.spaces.models import Space

__all__ = ["follow_space", "is_following", "unfollow_space"]

WHY = "the person's own"


def follow_space(*, space: Space, actor: Actor) -> None:
    """Follow a space; twice is once."""
    permit(may_follow_space, actor=actor)
    Following.objects.bulk_create([Following(space=space, person_id=actor.person)], ignore_conflicts=True)


def unfollow_space(*, space: Space, actor: Actor) -> None:
    """Stop following a space."""
    permit(may_follow_space, actor=actor)
    unscoped(Following, because=WHY).filter(space=space, person=actor.person).delete()


def is_following(*, space: Space, actor: Actor) -> bool:
    """Tell whether the person follows a space."""
    return actor.signed_in and unscoped(Following, because=WHY).filter(space=space, person=actor.person).exists()
