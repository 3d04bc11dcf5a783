"""Pictures (图片): how large they are, and the same without what they say of who took them, where and with what.

``read_picture`` goes through the parts by their lengths and unpacks nothing; ``shrink_picture`` encodes it again.
No Django: the process of readers loads this.
"""

from __future__ import annotations

import base64
import struct
from io import BytesIO
from typing import TYPE_CHECKING, Any

from PIL import Image, ImageOps

from chuangbao.core.storage.errors import UnfitError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["read_picture", "shrink_picture"]

Image.preinit()  # its readers are loaded before the process forks
FORMATS = ("PNG", "JPEG")
QUALITY = 82

PNG_HEAD, JPG_HEAD = b"\x89PNG\r\n\x1a\n", b"\xff\xd8"
KEPT_CHUNKS = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"pHYs"}
FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
"""Markers of JPEG that say how large the picture is."""
MARK, SCAN, END = 0xFF, 0xDA, 0xD9
KEPT_EXTRAS = {0xE0, 0xEE}
"""JFIF and Adobe, without which colours are wrong; other extras carry places, names and comments."""
EXTRAS = {*range(0xE0, 0xF0), 0xFE}


def read_picture(data: bytes, *, most: int) -> dict[str, Any]:
    """Return width and height in pixels and the content (Base64) without places, names and comments.

    Raises UnfitError: broken; bomb, where it has more than ``most`` pixels.
    """
    try:
        wide, high, parts = read_png(data) if data.startswith(PNG_HEAD) else read_jpg(data)
    except (struct.error, IndexError) as fault:
        raise UnfitError("broken") from fault
    if not wide or not high:
        raise UnfitError("broken")
    if wide * high > most:
        raise UnfitError("bomb")
    return {"width": wide, "height": high, "content": base64.b64encode(b"".join(parts)).decode()}


def shrink_picture(data: bytes, *, most: int, sides: Sequence[int]) -> list[dict[str, Any]]:
    """Return the picture encoded again (重新编码) as JPEG, upright, once for each longest side in pixels.

    Raises UnfitError: broken; bomb, where it has more than ``most`` pixels, before anything is unpacked.
    """
    read_picture(data, most=most)
    try:
        with Image.open(BytesIO(data), formats=FORMATS) as opened:
            opened.draft("RGB", (max(sides), max(sides)))
            upright = flatten(ImageOps.exif_transpose(opened))
    except (OSError, SyntaxError, ValueError, EOFError, struct.error) as fault:
        raise UnfitError("broken") from fault
    return [write_jpg(upright, side) for side in sides]


def flatten(picture: Image.Image) -> Image.Image:
    """Return a picture in red, green and blue; what was transparent is white."""
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layered.size, "white"), layered).convert("RGB")


def write_jpg(picture: Image.Image, side: int) -> dict[str, Any]:
    """Return width, height and content (Base64) of a picture whose longest side is at most ``side`` pixels."""
    made, out = picture.copy(), BytesIO()
    made.thumbnail((side, side))
    made.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return {"width": made.width, "height": made.height, "content": base64.b64encode(out.getvalue()).decode()}


def read_png(data: bytes) -> tuple[int, int, list[bytes]]:
    """Return width, height and the parts of a PNG that are kept. Raises UnfitError: broken."""
    parts, at, size = [PNG_HEAD], len(PNG_HEAD), (0, 0)
    while at < len(data):
        length, name = struct.unpack_from(">I4s", data, at)
        whole = data[at : at + length + 12]
        if len(whole) != length + 12:
            raise UnfitError("broken")
        if name == b"IHDR":
            size = struct.unpack_from(">II", data, at + 8)
        if name in KEPT_CHUNKS:
            parts.append(whole)
        if name == b"IEND":
            return *size, parts
        at += length + 12
    raise UnfitError("broken")


def read_jpg(data: bytes) -> tuple[int, int, list[bytes]]:
    """Return width, height and the parts of a JPEG that are kept. Raises UnfitError: broken."""
    if not data.startswith(JPG_HEAD):
        raise UnfitError("broken")
    parts, size = [JPG_HEAD], (0, 0)
    for marker, whole in list_segments(data):
        if marker in FRAMES:
            high, wide = struct.unpack_from(">HH", whole, 5)
            size = (wide, high)
        if marker not in EXTRAS or marker in KEPT_EXTRAS:
            parts.append(whole)
        if marker == SCAN:
            return *size, parts
    raise UnfitError("broken")


def list_segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the segments of a JPEG by their markers; that of the scan goes to the end of the picture.

    Raises UnfitError: broken.
    """
    at = len(JPG_HEAD)
    while at + 4 <= len(data):
        if data[at] != MARK:
            raise UnfitError("broken")
        marker = data[at + 1]
        if marker == MARK:  # a filler
            at += 1
            continue
        if marker == SCAN:
            yield marker, data[at : data.rindex(bytes([MARK, END])) + 2] if bytes([MARK, END]) in data else data[at:]
            return
        (length,) = struct.unpack_from(">H", data, at + 2)
        yield marker, data[at : at + 2 + length]
        at += 2 + length
