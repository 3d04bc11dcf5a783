"""Visits: planned, recorded item by item with photographs, mended with proof, closed; who sees what when."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

import factories
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.core.models import Notice
from chuangbao.core.workflow.refusals import Refused
from chuangbao.inspections.domain import visits as domain
from chuangbao.inspections.domain.visits import (
    add_photo,
    answer_visit,
    call_off,
    close_visit,
    plan_visit,
    record_visit,
    send_back,
)
from chuangbao.inspections.models import Finding, Visit, VisitFile
from chuangbao.inspections.tasks import remind_operators
from inspections.samples import make_visit, record, write_findings
from plans.scene import upload
from spaces.samples import make_space

pytestmark = pytest.mark.usefixtures("regions")
WHY = "a test"


@pytest.fixture
def host():
    return factories.member()


@pytest.fixture
def officer():
    return factories.officer("spaces")


@pytest.fixture
def visit(host, officer):
    make_space(host)
    return make_visit(officer)


def refuse(code, act, field="", **given):
    with pytest.raises(Refused) as refusal:
        act(**given)
    assert (refusal.value.code, refusal.value.field or "") == (code, field)


def test_a_visit_goes_from_its_day_to_its_end(host, officer, visit):
    today = timezone.localdate()
    plan_visit(visit=visit, planned_on=today, actor=officer)
    assert not visible(Visit, to=host).exists()
    row = record(visit, officer, "safety", summary="一处通道堵塞")
    assert (row.stage, row.place, row.visited_on) == ("mending", "演示路1号", today)
    assert list(visible(Visit, to=host)) == [row]
    assert visible(Finding, to=host).filter(outcome="problem").get().note == "通道堵塞"
    add_photo(visit=row, file=upload(), actor=officer, caption="通道")
    row = answer_visit(visit=row, answer="已清理", actor=host, file=factories.upload())
    assert row.stage == "mended"
    row = send_back(visit=row, mend_by=today + timedelta(days=5), note="照片不清楚", actor=officer)
    assert (row.stage, row.mend_by) == ("mending", today + timedelta(days=5))
    row = close_visit(visit=answer_visit(visit=row, answer="重新拍照", actor=host), actor=officer, note="现场复核")
    assert (row.stage, row.ended_on) == ("closed", today)
    events = Notice.objects.filter(event__startswith="visit").order_by("pk").values_list("event", flat=True)
    assert list(events) == [
        "visit.recorded", "visit.answered", "visit.sent_back", "visit.answered", "visit.closed",
    ]  # fmt: skip
    assert sorted(visible(VisitFile, to=host).values_list("kind", flat=True)) == ["photo", "proof"]


def test_what_is_wrong_is_said_and_changes_nothing(host, officer, visit, monkeypatch):
    today, now = timezone.localdate(), timezone.now()
    yesterday = today - timedelta(days=1)
    refuse("past_day", plan_visit, "planned_on", visit=visit, planned_on=yesterday, actor=officer)
    given = {"visit": visit, "visited_at": now, "place": "路1号", "actor": officer}
    clear, problem = given | {"result": "clear"}, given | {"result": "mending"}
    refuse(
        "future",
        record_visit,
        "visited_on",
        **clear | {"visited_at": now + timedelta(hours=1)},
        findings=write_findings(),
    )
    refuse("place_needed", record_visit, "place", **clear | {"place": " "}, findings=write_findings())
    refuse("mismatch", record_visit, "result", **clear, findings=write_findings("safety"))
    refuse("mismatch", record_visit, "result", **problem, findings=write_findings())
    refuse(
        "note_needed", record_visit, "note_safety", **problem, findings=write_findings() | {"safety": ("problem", "")}
    )
    refuse("mend_by_needed", record_visit, "mend_by", **problem, findings=write_findings("safety"))
    refuse("past_day", record_visit, "mend_by", **problem, findings=write_findings("safety"), mend_by=yesterday)
    refuse("handed_to_needed", record_visit, "handed_to", **given, result="handed", findings=write_findings("safety"))
    refuse("reason_needed", call_off, "reason", visit=visit, reason=" ", actor=officer)
    colleague = factories.colleague_of(officer)
    refuse("not_permitted", record_visit, **clear | {"actor": colleague}, findings=write_findings())
    assert not unscoped(Finding, because=WHY).exists()
    with pytest.raises(Forbidden):
        add_photo(visit=visit, file=upload(), actor=colleague)
    with pytest.raises(Forbidden):
        answer_visit(visit=visit, answer="x", actor=officer)
    row = record(visit, officer, "safety")
    refuse("recorded", plan_visit, visit=row, planned_on=today, actor=officer)
    refuse("answer_needed", answer_visit, "answer", visit=row, answer=" ", actor=host)
    monkeypatch.setattr(domain, "MOST_FILES", 0)
    refuse("too_many", add_photo, "file", visit=row, file=upload(), actor=officer)
    monkeypatch.undo()
    refuse("kind", add_photo, "file", visit=row, file=factories.upload(), actor=officer)
    row = answer_visit(visit=row, answer="好了", actor=host)
    refuse("past_day", send_back, "mend_by", visit=row, mend_by=yesterday, note="x", actor=officer)
    close_visit(visit=row, actor=officer)
    refuse("over", add_photo, visit=row, file=upload(), actor=officer)
    assert not unscoped(VisitFile, because=WHY).exists()


def test_what_cannot_be_visited_is_called_off_and_what_is_for_others_is_handed_on(host, officer, visit):
    assert call_off(visit=visit, reason="搬迁", actor=officer).end_note == "搬迁"
    make_space(host, name="演示·第二空间")
    other = make_visit(officer)
    assert record(other, officer, "safety", result="handed", handed_to="消防救援大队").stage == "handed"


def test_the_operator_is_reminded_once_before_the_term(host, officer, visit):
    row = record(visit, officer, "safety")
    assert remind_operators() == 0
    unscoped(Visit, because=WHY).filter(pk=row.pk).update(mend_by=timezone.localdate() + timedelta(days=2))
    for _ in range(2):
        assert remind_operators() == 1
    assert Notice.objects.filter(event="visit.soon", person=host.person_id).count() == 1


def test_from_the_to_do_to_the_end_by_hand(client, host, officer, visit, django_assert_num_queries):
    page = reverse("inspections:visit", args=[visit.pk])
    factories.sign_in(client, host)
    assert client.get(page).status_code == 404
    factories.sign_in(client, officer)
    assert "去检查" in client.get(reverse("portal:desk")).content.decode()

    def move(verb, **sent):
        return client.post(reverse("inspections:visit_move", args=[visit.pk, verb]), sent)

    assert move("plan", planned_on="2020-01-01").status_code == 422
    assert move("plan", planned_on=str(timezone.localdate())).url == page
    form_page = reverse("inspections:visit_record", args=[visit.pk])
    assert "演示路1号" in client.get(form_page).content.decode()
    now = timezone.localtime() - timedelta(minutes=1)
    form = {"visited_on": str(now.date()), "visited_time": f"{now:%H:%M}", "place": "演示路1号", "result": "mending"}
    for item, (outcome, note) in write_findings("safety").items():
        form |= {f"item_{item}": outcome, f"note_{item}": note}
    assert client.post(form_page, form).status_code == 422
    assert client.post(form_page, form | {"mend_by": str(timezone.localdate())}).url == page
    assert move("photo", file=upload(), caption="通道").url == page
    kept = unscoped(VisitFile, because=WHY).get()
    given = client.get(reverse("inspections:visit_file", args=[visit.pk, kept.pk]))
    assert b"".join(given.streaming_content).startswith(b"\x89PNG")
    factories.sign_in(client, host)
    assert "整改并回报" in client.get(reverse("portal:desk")).content.decode()
    assert "通道堵塞" in client.get(page).content.decode()
    assert move("nothing").status_code == 404
    assert move("answer", answer="已清理", file=factories.upload()).url == page
    factories.sign_in(client, officer)
    assert "核实整改" in client.get(reverse("portal:desk")).content.decode()
    with django_assert_num_queries(13):
        client.get(page)
    assert move("close", note="现场复核").url == page
    assert "整改完成" in client.get(page).content.decode()
    assert (
        "cb-result-title"
        in client.get(reverse("inspections:visits"), {"q": "空间", "stage": "closed"}).content.decode()
    )
    assert "没有符合的检查" in client.get(reverse("inspections:visits"), {"q": "没有"}).content.decode()
    book = load_workbook(BytesIO(client.get(reverse("inspections:visits_workbook")).content))
    assert [row[2].value for row in book.active.iter_rows(min_row=2)] == ["整改完成"]
    found = list(book.worksheets[1].iter_rows(min_row=2, values_only=True))
    assert len(found) == len(write_findings("safety"))
    assert [row[3:] for row in found if row[5]] == [("消防等安全", "有问题", "通道堵塞")]
    factories.sign_in(client, factories.officer("spaces", region=factories.NEIGHBOUR))
    assert client.get(page).status_code == 404


def test_visits_are_sorted_by_term_and_by_space(client, host, officer, visit):
    make_space(host, name="演示·第二空间")
    later = make_visit(officer)
    record(visit, officer, "safety")
    factories.sign_in(client, officer)
    names = {"": [later.pk, visit.pk], "term": [visit.pk, later.pk], "x": [later.pk, visit.pk]}
    names["space"] = [row.pk for row in sorted((visit, later), key=lambda row: row.space.name)]
    for sort, order in names.items():
        page = client.get(reverse("inspections:visits"), {"sort": sort}).content.decode()
        assert [int(pk) for pk in re.findall(r"inspections/visits/(\d+)/", page)] == order, sort


def test_a_file_is_read_before_the_visit_is_locked(visit, officer, monkeypatch):
    order = []
    for name in ("recognise_upload", "lock_row"):
        real = getattr(domain, name)
        monkeypatch.setattr(domain, name, lambda *a, _n=name, _f=real, **k: (order.append(_n), _f(*a, **k))[1])
    add_photo(visit=visit, file=upload(), actor=officer)
    assert order == ["recognise_upload", "lock_row"]
