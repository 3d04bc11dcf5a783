"""A picture that a person brings (图片): known by its content, bounded, and without what it says of who took it.

Reading takes seconds at worst, so a verb calls these before it locks a row.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import gettext as _

from chuangbao.core.storage.errors import UnfitError
from chuangbao.core.storage.files import clean_name, naming_file, refuse_large
from chuangbao.core.storage.filetypes import JPG, PNG, recognise_type, refusal_of
from chuangbao.core.storage.reading import read_apart
from chuangbao.core.workflow.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.files.uploadedfile import UploadedFile

    from chuangbao.core.storage.filetypes import Kind

__all__ = ["MOST_PIXELS", "PICTURES", "CleanPicture", "clean_picture", "shrink_picture"]

MOST_PIXELS = 40_000_000
PICTURES = (PNG, JPG)


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """A picture that can be kept as of its kind, with its size in pixels."""

    file: SimpleUploadedFile
    kind: Kind
    width: int
    height: int


def clean_picture(upload: UploadedFile[Any]) -> CleanPicture:
    """Return a picture as it is, without what it says of who took it, where and with what.

    Raises Refused (file): large, bomb, broken, and those of ``recognise_type``.
    """
    name, kind, found = read_upload(upload, "picture")
    return as_upload(name, kind, found)


def shrink_picture(upload: UploadedFile[Any], *, sides: Sequence[int]) -> list[CleanPicture]:
    """Return a picture encoded again as JPEG, upright, once for each longest side in pixels, in their order.

    Raises Refused (file): large, bomb, broken, and those of ``recognise_type``.
    """
    name, _kind, found = read_upload(upload, "small picture", sides=list(sides))
    called = f"{name.rpartition('.')[0]}.jpg"
    return [as_upload(called, JPG, each) for each in found]


def read_upload(upload: UploadedFile[Any], reader: str, **given: Any) -> tuple[str, Kind, Any]:
    """Return name and kind of a picture, and what a reader makes of it.

    Raises Refused (file): large, bomb, broken, and those of ``recognise_type``.
    """
    name = clean_name(upload.name or "")
    with naming_file(name):
        refuse_large(upload)
        upload.seek(0)
        content = upload.read()
        kind = recognise_type(name, content, PICTURES)
        try:
            return name, kind, read_apart(reader, content, most=MOST_PIXELS, **given)
        except UnfitError as fault:
            if fault.code != "bomb":
                raise refusal_of(fault.code, PICTURES) from fault
            words = _("The picture has more than %(n)d million points. Make it smaller and try again.")
            raise Refused("bomb", words % {"n": MOST_PIXELS // 1_000_000}, field="file") from fault


def as_upload(name: str, kind: Kind, found: dict[str, Any]) -> CleanPicture:
    """Return what a reader made of a picture as if it had been brought like this."""
    file = SimpleUploadedFile(name, base64.b64decode(found["content"]), kind.media_type)
    return CleanPicture(file, kind, found["width"], found["height"])
