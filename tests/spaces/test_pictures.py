"""Pictures of a space: drawn anew in two sizes, in words, in order, public, and gone when they are taken away."""

from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

import factories
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.models import FileStage, Notice, StoredFile
from chuangbao.core.storage import brought_pictures, files
from chuangbao.core.storage.errors import UnfitError
from chuangbao.core.storage.pictures import shrink_picture
from chuangbao.core.workflow.refusals import Refused
from chuangbao.spaces.domain import pictures
from chuangbao.spaces.domain.ending import close_space
from chuangbao.spaces.domain.pictures import (
    add_picture,
    describe_picture,
    drop_picture,
    list_pictures,
    move_picture,
    take_down_picture,
)
from chuangbao.spaces.models import SpacePicture
from spaces.samples import make_picture, make_space

pytestmark = pytest.mark.usefixtures("regions")
PLACE = "43.88,125.32"


@pytest.fixture
def owner():
    return factories.member(factories.organisation("演示运营公司", kind="space"))


@pytest.fixture
def space(owner):
    return make_space(owner)


def add(space, owner, alt="一排工位", **how):
    return add_picture(space=space, actor=owner, file=make_picture(**how), alt=alt)


def open_picture(row):
    return Image.open(BytesIO(files.read(row)))


def test_a_picture_is_drawn_anew_upright_in_two_sizes_without_what_it_says_of_its_taker(owner, space):
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, PLACE  # turned by a quarter, and where it was taken
    row = add(space, owner, wide=2000, high=1000, exif=exif)
    assert (row.width, row.height, row.small_width, row.small_height) == (800, 1600, 240, 480)
    assert [open_picture(file).size for file in (row.file, row.small)] == [(800, 1600), (240, 480)]
    kept = files.read(row.file)
    assert PLACE.encode() not in kept
    assert (row.file.media_type, row.file.sensitive, row.rank) == ("image/jpeg", False, 1)
    assert open_picture(add(space, owner, wide=300, high=200).file).size == (300, 200), "never made larger"


def test_what_shines_through_is_white_and_what_is_no_picture_is_broken():
    out = BytesIO()
    Image.new("RGBA", (8, 8), (255, 0, 0, 0)).save(out, "PNG")
    (found,) = shrink_picture(out.getvalue(), most=64, sides=[8])
    assert found["width"] == 8
    with pytest.raises(UnfitError, match="bomb"):
        shrink_picture(out.getvalue(), most=63, sides=[8])
    whole = make_picture().read()
    with pytest.raises(UnfitError, match="broken"):
        shrink_picture(whole[: len(whole) // 2], most=10**6, sides=[8])


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "a.jpg", "empty"),
        (b"<svg/>", "a.jpg", "kind"),
        (b"%PDF-1.4", "a.pdf", "kind"),
        (b"\x89PNG\r\n\x1a\nxxxx", "a.png", "broken"),
    ],
)
def test_what_is_no_picture_is_refused_beside_the_file_and_nothing_is_kept(owner, space, content, name, code):
    file = SimpleUploadedFile(name, content, "image/jpeg")
    with pytest.raises(Refused) as refusal:
        add_picture(space=space, actor=owner, file=file, alt="一排工位")
    assert (refusal.value.code, refusal.value.field) == (code, "file")
    assert not StoredFile.objects.exists()


def test_a_picture_has_words_and_a_space_has_so_many(owner, space, monkeypatch):
    row = add(space, owner)
    for act in (lambda: add(space, owner, " "), lambda: describe_picture(picture=row, actor=owner, alt="")):
        with pytest.raises(Refused, match="照片内容") as refusal:
            act()
        assert refusal.value.field == "alt"
    monkeypatch.setattr(pictures, "MOST_PICTURES", 1)
    with pytest.raises(Refused, match="最多展示1张"):
        add(space, owner)
    assert (SpacePicture.objects.count(), StoredFile.objects.count()) == (1, 2)


def test_a_picture_is_read_before_the_space_is_locked(owner, space, monkeypatch):
    order = []
    for module, name in ((brought_pictures, "read_apart"), (pictures, "lock_own_space")):
        real = getattr(module, name)
        monkeypatch.setattr(module, name, lambda *a, _n=name, _f=real, **k: (order.append(_n), _f(*a, **k))[1])
    add(space, owner)
    assert order == ["read_apart", "lock_own_space"]


def test_only_the_operator_keeps_pictures_and_only_while_the_space_runs(owner, space):
    row, stranger = add(space, owner), factories.member()
    for act in (
        lambda who: add(space, who),
        lambda who: describe_picture(picture=row, actor=who, alt="另一句"),
        lambda who: move_picture(picture=row, actor=who, step=1),
        lambda who: drop_picture(picture=row, actor=who),
    ):
        with pytest.raises(Forbidden):
            act(stranger)
    close_space(space=space, actor=owner, reason="装修")
    with pytest.raises(Refused, match="停止运营"):
        describe_picture(picture=row, actor=owner, alt="另一句")
    assert SpacePicture.objects.get().alt == "一排工位"
    assert StoredFile.objects.count() == 2
    drop_picture(picture=row, actor=owner)
    assert not StoredFile.objects.exists(), "what somebody wants away goes, whether the space runs or not"


def test_pictures_are_put_in_order_and_leave_nothing_behind(owner, space, django_capture_on_commit_callbacks):
    rows = [add(space, owner, f"照片{n}", wide=40 + n, high=30) for n in range(3)]
    move_picture(picture=rows[2], actor=owner, step=-1)
    move_picture(picture=rows[0], actor=owner, step=-1)
    assert [row.alt for row in list_pictures(space)] == ["照片0", "照片2", "照片1"]
    move_picture(picture=rows[0], actor=owner, step=1)
    assert [row.alt for row in list_pictures(space)] == ["照片2", "照片0", "照片1"]
    place = rows[0].file.place
    with django_capture_on_commit_callbacks(execute=True):
        drop_picture(picture=rows[0], actor=owner)
    assert (StoredFile.objects.count(), storages["kept"].exists(place)) == (4, False)
    with pytest.raises(Refused):
        drop_picture(picture=rows[0], actor=owner)


def test_everybody_sees_them_on_the_page_and_the_first_in_the_list(client, owner, space):
    first, second = add(space, owner, "第一张"), add(space, owner, "第二张")
    page = client.get(reverse("spaces:space", args=[space.pk])).content.decode()
    assert (page.count('alt="第一张"'), page.count('alt="第二张"'), page.count('loading="lazy"')) == (1, 1, 1)
    page = client.get(reverse("spaces:list")).content.decode()
    assert (page.count('alt="第一张"'), page.count('alt="第二张"')) == (1, 0)
    answer = client.get(reverse("spaces:picture_small", args=[first.pk]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "public, max-age=3600"
    assert Image.open(BytesIO(answer.getvalue())).size == (480, 360)
    for stage in (FileStage.QUARANTINED, FileStage.REFUSED):
        StoredFile.objects.filter(pk=second.file_id).update(stage=stage)
        assert client.get(reverse("spaces:picture", args=[second.pk])).status_code == 404
        assert "第二张" not in client.get(reverse("spaces:space", args=[space.pk])).content.decode()


def test_the_form_says_what_is_wrong_beside_the_field_and_keeps_the_words(client, owner, space):
    factories.sign_in(client, owner)
    url = reverse("spaces:pictures", args=[space.pk])
    refused = client.post(url, {"alt": "一排工位", "file": SimpleUploadedFile("a.jpg", b"no picture")})
    text = refused.content.decode()
    assert (refused.status_code, 'value="一排工位"' in text, "id_file-wrong" in text) == (422, True, True)
    assert client.post(url, {"alt": "一排工位", "file": make_picture()}).status_code == 302
    row = SpacePicture.objects.get()
    edit = reverse("spaces:picture_edit", args=[space.pk, row.pk])
    assert client.post(edit, {"alt": ""}).status_code == 422
    assert client.post(edit, {"alt": "高窗下的工位"}).status_code == 302
    assert "高窗下的工位" in client.get(url).content.decode()
    client.post(reverse("spaces:picture_move", args=[space.pk, row.pk]), {"to": "later"})
    client.post(reverse("spaces:picture_drop", args=[space.pk, row.pk]))
    assert not SpacePicture.objects.exists()


def test_an_officer_of_the_area_takes_an_unfit_picture_down_and_says_why(client, owner, space):
    row, officer = add(space, owner, "不合适的照片"), factories.officer("spaces")
    take_down = reverse("spaces:picture_take_down", args=[space.pk, row.pk])
    for stranger in (owner, factories.officer("spaces", region=factories.NEIGHBOUR)):
        with pytest.raises(Forbidden):
            take_down_picture(picture=row, actor=stranger, reason="x")
    assert take_down not in client.get(reverse("spaces:space", args=[space.pk])).content.decode()
    factories.sign_in(client, officer)
    assert take_down in client.get(reverse("spaces:space", args=[space.pk])).content.decode()
    assert client.post(take_down, {"reason": " "}).status_code == 422
    assert SpacePicture.objects.exists()
    assert client.post(take_down, {"reason": "拍到了证件"}).status_code == 302
    assert not StoredFile.objects.exists()
    notice = unscoped(Notice, because="a test").get(person=owner.person_id, event="space.picture_down")
    assert notice.data["reason"] == "拍到了证件"
