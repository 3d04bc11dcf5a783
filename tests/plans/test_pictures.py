"""The picture behind a floor: known by content, bounded, without places and names, and of a scale that fits."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse

import factories
from chuangbao.core.models import StoredFile
from chuangbao.core.storage import brought_pictures, files
from chuangbao.core.storage.errors import UnfitError
from chuangbao.core.storage.pictures import read_picture
from chuangbao.core.workflow.refusals import Refused
from chuangbao.plans.domain import pictures
from chuangbao.plans.domain.floors import remove_floor
from chuangbao.plans.domain.pictures import TwoPoints, put_picture, remove_picture, scale_picture
from plans.scene import chunk, make_floor, png, upload

pytestmark = pytest.mark.usefixtures("regions")
PLACE = b"43.88,125.32"
MOST = 40_000_000


@pytest.fixture
def manager():
    return factories.member(role="manager")


@pytest.fixture
def floor(manager):
    return make_floor(manager)


def jpg(wide=30, high=20):
    """A small JPEG with a place in it, made by the library that Chromium's pictures in these tests are read with."""
    image = pytest.importorskip("PIL.Image").new("RGB", (wide, high), "white")
    out = BytesIO()
    image.save(out, "JPEG", comment=PLACE)
    return out.getvalue()


def refuse(code, field, act, **given):
    before = StoredFile.objects.count()
    with pytest.raises(Refused) as refusal:
        act(**given)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert StoredFile.objects.count() == before
    return str(refusal.value)


def test_what_a_picture_says_of_its_taker_is_cut_out(manager, floor):
    row = put_picture(actor=manager, floor=floor, file=upload(png(extra=chunk(b"tEXt", b"Place\x00" + PLACE))))
    assert (row.picture_width, row.picture_height, row.mm_per_pixel) == (400, 200, Decimal(50))
    assert files.read(row.picture) == png()
    row = put_picture(actor=manager, floor=floor, file=upload(jpg(), "三层.jpg"))
    kept = files.read(row.picture)
    assert (row.picture_width, row.picture_height) == (30, 20)
    assert PLACE in jpg()
    assert PLACE not in kept
    assert StoredFile.objects.count() == 1, "the picture before it is forgotten"
    assert remove_picture(actor=manager, floor=floor).picture is None
    put_picture(actor=manager, floor=floor, file=upload())
    remove_floor(actor=manager, floor=floor)
    assert not StoredFile.objects.exists()


def test_what_is_no_picture_is_refused_beside_the_file(manager, floor, monkeypatch):
    given = {"actor": manager, "floor": floor}
    refuse("kind", "file", put_picture, **given, file=upload(b"<svg/>"))
    refuse("kind", "file", put_picture, **given, file=upload(b"%PDF-1.4", "a.pdf"))
    refuse("empty", "file", put_picture, **given, file=upload(b""))
    refuse("broken", "file", put_picture, **given, file=upload(png()[:60]))
    assert "百万" in refuse("bomb", "file", put_picture, **given, file=upload(png(20_001, 2000)))
    monkeypatch.setattr(files, "LARGEST", 10)
    refuse("large", "file", put_picture, **given, file=upload())


def test_a_picture_is_read_before_the_floor_is_locked(manager, floor, monkeypatch):
    order = []
    for module, name in ((brought_pictures, "read_apart"), (pictures, "lock_floor")):
        real = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *a, _n=name, _f=real, **k: (order.append(_n), _f(*a, **k))[1])
    put_picture(actor=manager, floor=floor, file=upload())
    assert order == ["read_apart", "lock_floor"]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\xff\xd8", b"\xff\xd8\x00\x00\x00\x00", b"\xff\xd8\xff\xe0\x00\x04ab", png(0, 0), png()[:-12], png()[:60], b"\x89PNG\r\n\x1a\n", b"GIF89a",
        b"\xff\xd8\xff\xc0\x00\x03\x08", b"\xff\xd8\xff\xda\x00\x00\xff\xd9",
    ],
)  # fmt: skip
def test_a_broken_picture_is_said_to_be_broken(content):
    with pytest.raises(UnfitError, match="broken"):
        read_picture(content, most=MOST)


def test_fillers_before_a_marker_are_passed_over():
    whole = jpg()
    assert read_picture(png(), most=MOST)["height"] == 200
    with pytest.raises(UnfitError, match="bomb"):
        read_picture(whole, most=599)
    assert read_picture(whole[:2] + b"\xff" + whole[2:], most=MOST)["width"] == 30


def test_two_points_give_the_scale(manager, floor):
    put_picture(actor=manager, floor=floor, file=upload())
    row = scale_picture(actor=manager, floor=floor, scale=TwoPoints(0, 0, 30, 40, Decimal("2.5")), offset_x_mm=-100)
    assert (row.mm_per_pixel, row.offset_x_mm) == (Decimal(50), -100)


def test_a_scale_that_does_not_fit_the_floor_says_what_is_expected(manager, floor):
    given = {"actor": manager, "floor": floor}
    refuse("no_picture", "", scale_picture, **given, scale=Decimal(50))
    put_picture(actor=manager, floor=floor, file=upload())
    said = refuse("other_scale", "mm_per_pixel", scale_picture, **given, scale=Decimal(500))
    assert all(words in said for words in ("200.00", "20.00", "25.00", "200.00"))
    refuse("other_scale", "distance", scale_picture, **given, scale=TwoPoints(0, 0, 300, 400, Decimal(2)))
    refuse("too_near", "x2", scale_picture, **given, scale=TwoPoints(0, 0, 3, 4, Decimal(2)))
    refuse("no_distance", "distance", scale_picture, **given, scale=TwoPoints(0, 0, 300, 4, Decimal(0)))


def test_two_presses_on_the_picture_fill_the_figures(client, manager, floor):
    factories.sign_in(client, manager)
    page = reverse("plans:scale", args=[floor.pk])
    assert client.get(page).url == reverse("plans:background", args=[floor.pk])
    sent = client.post(reverse("plans:background", args=[floor.pk]), {"file": upload()})
    assert sent.url == page
    first = client.get(page, {"at.x": "100", "at.y": "20"}).content.decode()
    assert "请点第二点" in first
    assert ('action="#figures"' in first, '<circle cx="100" cy="20"' in first) == (True, True)
    assert 'action="#point-1"' in client.get(page).content.decode(), "the press leads back to the picture"
    second = client.get(page, {"x1": "100", "y1": "20", "at.x": "300", "at.y": "20"})
    assert second.context["points"] == {"x1": 100, "y1": 20, "x2": 300, "y2": 20}
    wrong = client.post(
        page, {"x1": "100", "y1": "20", "x2": "300", "y2": "20", "offset_x_mm": "0", "offset_y_mm": "0"}
    )
    assert wrong.status_code == 422
    assert 'value="300"' in wrong.content.decode()
    sent = {"x1": "100", "y1": "20", "x2": "300", "y2": "20", "distance": "10", "offset_x_mm": "0", "offset_y_mm": "0"}
    assert client.post(page, sent | {"distance": "1000"}).status_code == 422
    assert client.post(page, sent).url == reverse("plans:draw", args=[floor.pk])
    assert client.get(page, {"x1": "1", "y1": "2", "x2": "3", "y2": "4", "at.x": "9", "at.y": "9"}).context[
        "points"
    ] == {
        "x1": 9,
        "y1": 9,
    }
    plain = {"mm_per_pixel": "50", "offset_x_mm": "-100", "offset_y_mm": "0"}
    assert client.post(page, plain).url == reverse("plans:draw", args=[floor.pk])
    assert client.post(page, {"offset_x_mm": "0", "offset_y_mm": "0"}).status_code == 422
    assert client.post(reverse("plans:remove-background", args=[floor.pk])).url == reverse(
        "plans:draw", args=[floor.pk]
    )


def test_visitors_see_the_picture_only_where_the_operator_says_so(client, manager, floor):
    put_picture(actor=manager, floor=floor, file=upload())
    picture = reverse("plans:picture", args=[floor.pk])
    assert client.get(picture).status_code == 404
    floor.refresh_from_db()
    floor.shows_picture = True
    floor.save()
    answer = client.get(picture)
    assert answer["Content-Type"] == "image/png"
    assert b"".join(answer.streaming_content) == png()
