"""A floor with a room, desks and what can be booked on it."""

from __future__ import annotations

import zlib
from struct import pack

from django.core.files.uploadedfile import SimpleUploadedFile

from booking.scene import make_room, make_venue
from chuangbao.plans.domain.floors import create_floor
from chuangbao.plans.domain.shapes import add_shape

ROOM = {"kind": "room", "label": "301", "x_mm": 0, "y_mm": 0, "width_mm": 6000, "depth_mm": 5000, "turn": 0}
DESK = {"kind": "desk", "label": "A1", "x_mm": 1000, "y_mm": 1000, "width_mm": 1400, "depth_mm": 700, "turn": 0}


def make_floor(actor, venue=None, **values):
    given = {"name": "3层", "width_mm": 20_000, "depth_mm": 10_000} | values
    return create_floor(actor=actor, venue=venue or make_venue(actor), **given)


def make_desk(actor, floor, **values):
    """A desk that can be booked, drawn on a floor."""
    resource = make_room(actor, floor.venue, name="工位A1", kind="fixed_desk", capacity=1)
    return add_shape(actor=actor, floor=floor, **DESK | {"resource": resource} | values)


def chunk(name, content):
    return pack(">I", len(content)) + name + content + pack(">I", zlib.crc32(name + content))


def png(wide=400, high=200, *, extra=b""):
    """A grey picture of a size."""
    rows = zlib.compress((b"\x00" + b"\x80" * wide) * high, 9)
    parts = [
        chunk(b"IHDR", pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)),
        extra,
        chunk(b"IDAT", rows),
        chunk(b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def upload(content=None, name="三层.png"):
    return SimpleUploadedFile(name, png() if content is None else content, "image/png")
