"""Guidance notes: words of an office that change no data; the operator answers or marks as done."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.serializers import serialize
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

import factories
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.core.models import Notice
from chuangbao.core.workflow.refusals import Refused
from chuangbao.inspections.domain.notes import move_note
from chuangbao.inspections.models import GuidanceNote, GuidanceReply
from chuangbao.spaces.domain.ending import close_space
from inspections.samples import make_note
from spaces.samples import make_space

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def host():
    return factories.member()


@pytest.fixture
def officer():
    return factories.officer("spaces")


def notes():
    return unscoped(GuidanceNote, because="a test")


def written_down():
    """Every row of spaces, tenants, premises and organisations, as text."""
    models = [
        m for label in ("spaces", "tenants", "premises", "accounts") for m in apps.get_app_config(label).get_models()
    ]
    return {m._meta.label: serialize("json", m._base_manager.order_by("pk")) for m in models}


def test_a_note_and_all_that_becomes_of_it_change_nothing_else(host, officer):
    space = make_space(host)
    before = written_down()
    note = make_note(space, officer, answer_by=timezone.localdate())
    for verb, actor in (("answer", host), ("reopen", officer), ("finish", host), ("reopen", officer)):
        note = move_note(note=note, verb=verb, actor=actor, text="说明")
    move_note(note=note, verb="withdraw", actor=officer, text="已另行沟通")
    assert written_down() == before
    sides = unscoped(GuidanceReply, because="a test").filter(note=note).values_list("side", flat=True)
    assert list(sides) == ["operator", "office", "operator", "office", "office"]


def test_each_side_hears_of_the_other(host, officer):
    note = make_note(make_space(host), officer)
    move_note(note=note, verb="answer", actor=host, text="下周更新")
    told = Notice.objects.filter(event__startswith="guidance").order_by("pk").values_list("person", "event")
    assert list(told) == [(host.person_id, "guidance.written"), (officer.person_id, "guidance.answer")]


def test_who_may_not_write_writes_nothing(host, officer):
    space = make_space(host)
    for other in (factories.officer("spaces", region=factories.NEIGHBOUR), factories.officer("register"), host):
        with pytest.raises(Forbidden):
            make_note(space, other)
    own = factories.as_officer(factories.post(factories.Person.objects.get(pk=host.person_id), duties=["spaces"]))
    with pytest.raises(Forbidden):
        make_note(space, own)
    with pytest.raises(Refused) as refusal:
        make_note(space, officer, answer_by=timezone.localdate() - timedelta(days=1))
    assert (refusal.value.code, refusal.value.field) == ("past_day", "answer_by")
    close_space(space=space, actor=host, reason="停办")
    with pytest.raises(Refused) as refusal:
        make_note(space, officer)
    assert refusal.value.code == "ended"
    assert not notes().exists()


def test_only_the_two_sides_see_it_and_each_does_its_part(host, officer):
    note = make_note(make_space(host), officer)
    assert not visible(GuidanceNote, to=factories.member()).exists()
    assert not visible(GuidanceNote, to=factories.founder()).exists()
    assert visible(GuidanceNote, to=factories.officer("spaces", region=factories.CITY)).exists()
    assert not visible(GuidanceNote, to=factories.officer("spaces", region=factories.NEIGHBOUR)).exists()
    for actor, verb, code in (
        (officer, "answer", "not_permitted"),
        (host, "withdraw", "not_permitted"),
        (host, "answer", "text_needed"),
    ):
        with pytest.raises(Refused) as refusal:
            move_note(note=note, verb=verb, actor=actor, text=" ")
        assert refusal.value.code == code
    assert notes().get().stage == "open"


def test_from_the_page_of_a_space_to_a_note_that_is_done(client, host, officer):
    space = make_space(host)
    factories.sign_in(client, officer)
    new = reverse("inspections:note_new", args=[space.pk])
    assert new in client.get(reverse("spaces:space", args=[space.pk])).content.decode()
    form = {"topic": "entry", "title": "补充开放时间", "body": "公开页面没有开放时间。", "once": str(uuid4())}
    assert client.post(new, form | {"body": ""}).status_code == 422
    page = [client.post(new, form).url for _ in range(2)]
    assert page[0] == page[1]
    note = notes().get()
    factories.sign_in(client, host)
    assert "补充开放时间" in client.get(reverse("portal:desk")).content.decode()
    shown = client.get(page[0]).content.decode()
    assert reverse("spaces:edit", args=[space.pk]) in shown
    assert "不改动任何数据" in shown
    assert client.post(reverse("inspections:note_move", args=[note.pk, "answer"])).status_code == 422
    done = client.post(reverse("inspections:note_move", args=[note.pk, "finish"]), {"text": "已补充"})
    assert done.url == page[0]
    assert client.post(reverse("inspections:note_move", args=[note.pk, "nothing"])).status_code == 404
    assert "已补充" in client.get(page[0]).content.decode()


def test_the_list_is_searched_filtered_and_taken_along(client, host, officer, django_assert_num_queries):
    space = make_space(host)
    factories.sign_in(client, officer)
    assert "没有符合的指导意见" in client.get(reverse("inspections:notes")).content.decode()
    for n in range(25):
        make_note(space, officer, f"第{n}条", topic="safety" if n == 7 else "offers")
    client.get(reverse("inspections:notes"))
    with django_assert_num_queries(7):
        page = client.get(reverse("inspections:notes")).content.decode()
    assert page.count("cb-result-title") == 20
    for asked in ({"q": "第7条"}, {"topic": "safety"}, {"topic": "safety", "stage": "open", "space": space.pk}):
        found = client.get(reverse("inspections:notes"), asked).content.decode()
        assert found.count("cb-result-title") == 1
    book = load_workbook(BytesIO(client.get(reverse("inspections:notes_workbook"), {"q": "第7条"}).content))
    assert [row[2].value for row in book.active.iter_rows(min_row=2)] == ["第7条"]
