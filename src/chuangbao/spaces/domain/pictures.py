"""The pictures of a space: brought, described, put in order and taken away by its operator."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from chuangbao.core.access.permissions import permit
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.core.messaging.notifications import tell
from chuangbao.core.storage.brought_pictures import shrink_picture
from chuangbao.core.storage.files import all_or_nothing, forget_unused, keep
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import lock_row
from chuangbao.spaces.domain.dependants import list_members
from chuangbao.spaces.domain.locks import lock_own_space
from chuangbao.spaces.models import SpacePicture
from chuangbao.spaces.permissions import may_change_space, may_recognise_space

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.files.uploadedfile import UploadedFile

    from chuangbao.core.access.actors import Actor
    from chuangbao.core.storage.brought_pictures import CleanPicture
    from chuangbao.spaces.models import Space

__all__ = [
    "MOST_PICTURES",
    "SIDES",
    "add_picture",
    "describe_picture",
    "drop_picture",
    "keep_sizes",
    "move_picture",
    "take_down_picture",
]

WHY = "of a space that the caller may change"
PURPOSE = "spaces.picture"
MOST_PICTURES = 12
SIDES = (1600, 480)
"""The longest sides in pixels in which a picture is kept: for its page, and for lists."""


def add_picture(*, space: Space, actor: Actor, file: UploadedFile[Any], alt: str) -> SpacePicture:
    """Add a picture behind the others. It is read before anything is locked: that may take seconds.

    Raises Forbidden; Refused: alt_needed (alt), ended, too_many (file), and those of ``shrink_picture`` (file).
    """
    refuse_wordless(alt)
    return keep_picture(space, actor, shrink_picture(file, sides=SIDES), alt)


@all_or_nothing()
def keep_picture(space: Space, actor: Actor, sizes: Sequence[CleanPicture], alt: str) -> SpacePicture:
    """Keep a picture that was read. Raises Forbidden; Refused: ended, too_many (file)."""
    row = lock_own_space(space, actor)
    if len(list_pictures(row)) >= MOST_PICTURES:
        words = _("A space shows %(most)d pictures at most. Take one away first.") % {"most": MOST_PICTURES}
        raise Refused("too_many", words, field="file")
    made = keep_sizes(row, actor, sizes, alt)
    record(actor, "space.picture", row, data={"picture": made.pk})
    return made


def keep_sizes(space: Space, actor: Actor, sizes: Sequence[CleanPicture], alt: str) -> SpacePicture:
    """Keep both sizes of a picture as the last of a space that is locked."""
    large, small = sizes
    files = [keep(upload=each.file, actor=actor, purpose=PURPOSE, known=each.kind) for each in sizes]
    return SpacePicture.objects.create(
        space=space,
        alt=alt.strip(),
        rank=max((row.rank for row in list_pictures(space)), default=0) + 1,
        file=files[0],
        width=large.width,
        height=large.height,
        small=files[1],
        small_width=small.width,
        small_height=small.height,
    )


def list_pictures(space: Space) -> list[SpacePicture]:
    """Return the pictures of a space in their order."""
    return list(unscoped(SpacePicture, because=WHY).filter(space=space).order_by("rank", "pk"))


def refuse_wordless(alt: str) -> None:
    """Let a picture through that is said in words as well. Raises Refused: alt_needed (alt)."""
    if not alt.strip():
        raise Refused("alt_needed", _("Say in a sentence what the picture shows."), field="alt")


def lock_picture(picture: SpacePicture, actor: Actor) -> SpacePicture:
    """Return a picture, locked after its space. Raises Forbidden; Refused: gone, ended."""
    space = lock_own_space(picture.space, actor)
    row = lock_row(picture)
    row.space = space
    return row


@all_or_nothing()
def describe_picture(*, picture: SpacePicture, actor: Actor, alt: str) -> SpacePicture:
    """Change what a picture is said to show. Raises Forbidden; Refused: alt_needed (alt), gone, ended."""
    refuse_wordless(alt)
    row = lock_picture(picture, actor)
    row.alt = alt.strip()
    row.save(update_fields=["alt"])
    record(actor, "space.picture", row.space, data={"picture": row.pk})
    return row


@all_or_nothing()
def move_picture(*, picture: SpacePicture, actor: Actor, step: int) -> None:
    """Move a picture so many places towards the end, or towards the front; at the end of the row it stays.

    Raises Forbidden; Refused: gone, ended.
    """
    row = lock_picture(picture, actor)
    others = [each for each in list_pictures(row.space) if each.pk != row.pk]
    place = sum(each.rank < row.rank for each in others) + step
    others.insert(max(place, 0), row)
    for rank, each in enumerate(others, start=1):
        each.rank = rank
    unscoped(SpacePicture, because=WHY).bulk_update(others, ["rank"])
    record(actor, "space.picture_order", row.space, data={"pictures": [each.pk for each in others]})


@all_or_nothing()
def take_down_picture(*, picture: SpacePicture, actor: Actor, reason: str) -> None:
    """Take an unfit picture away as an officer of the area, with its files; the operator hears why.

    Raises Forbidden; Refused: reason_needed (reason), gone.
    """
    space = lock_row(picture.space)
    permit(may_recognise_space, actor=actor, row=space)
    row = lock_row(picture)
    if not reason.strip():
        raise Refused("reason_needed", _("Please fill this in."), field="reason")
    record(actor, "space.picture_take_down", space, reason=reason.strip(), data={"picture": row.pk})
    delete_picture(row)
    data = {"name": space.name, "picture": row.alt, "reason": reason.strip()}
    tell("space.picture_down", to=list_members(space.operator_id), data=data, url=f"/spaces/{space.pk}/pictures/")


def delete_picture(row: SpacePicture) -> None:
    """Delete a picture that is locked, with its files."""
    files = [row.file_id, row.small_id]
    row.delete()
    forget_unused(files)


@all_or_nothing()
def drop_picture(*, picture: SpacePicture, actor: Actor) -> None:
    """Take a picture away, with its files, also of a space that has closed. Raises Forbidden; Refused: gone."""
    space = lock_row(picture.space)
    permit(may_change_space, actor=actor, row=space)
    row = lock_row(picture)
    record(actor, "space.picture_drop", space, data={"picture": row.pk})
    delete_picture(row)
