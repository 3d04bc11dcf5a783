"""The directory of offices: what the pack knows, what officers keep, and where a measure leads to."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

import factories
from chuangbao.accounts.directory import Directory, find_offices, hotlines, place_words
from chuangbao.accounts.domain.acting import as_officer
from chuangbao.accounts.domain.offices import add_office, change_office, load_offices, move_office
from chuangbao.accounts.models import Office
from chuangbao.accounts.waiting import offices as to_confirm
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.engine.current import current_pack
from chuangbao.core.models import History
from chuangbao.core.workflow.refusals import Refused
from together import at_once

pytestmark = pytest.mark.django_db
DUNHUA, YANBIAN = "222403", "222400"


@pytest.fixture
def directory(regions):
    load_offices()


def office(region=DUNHUA, department="labour", **fields):
    return Office.objects.get(region=region, department=department, **fields)


def measure(ref="2.3.5-jl-init"):
    return current_pack().measures[ref]


def test_the_pack_names_an_office_of_each_department_in_each_county_and_invents_no_number(directory):
    assert str(office()) == "敦化市人社部门（就业服务窗口）"
    assert str(office("220000")) == "吉林省人力资源和社会保障厅"
    rows = Office.objects.all()
    assert rows.filter(region__level="county").values("region").distinct().count() == 60
    assert not rows.exclude(phone="", address="", hours="", online_address="").exists()
    assert not rows.exclude(stage="unconfirmed").exists()
    before = rows.count()
    assert load_offices() == before == rows.count()


def test_what_an_officer_wrote_is_not_written_over_by_the_pack(directory):
    officer = factories.officer(region=DUNHUA)
    change_office(office=office(), actor=officer, seen=0, name="敦化市就业服务局", phone="0433-1234567")
    Office.objects.filter(region=DUNHUA, department="tax").update(name="旧名")
    load_offices()
    assert (office().name, office(department="tax").name) == ("敦化市就业服务局", "敦化市税务部门（办税服务厅）")


def test_a_step_leads_to_the_county_then_the_prefecture_then_the_province_then_the_hot_line(directory):
    def found():
        return Directory(DUNHUA).place_of(measure()).office

    keeper = factories.officer(region="220000")
    assert found() == office(DUNHUA)
    move_office(office=office(DUNHUA), verb="close", actor=keeper, reason="并入州局")
    assert found() == office(YANBIAN)
    move_office(office=office(YANBIAN), verb="close", actor=keeper, reason="x")
    assert found() == office("220000")
    move_office(office=office("220000"), verb="close", actor=keeper, reason="x")
    assert found() is None
    assert Directory(DUNHUA).place_of(measure()).hotline.number == "12333"


def test_a_step_of_a_higher_level_is_not_done_below_it(directory):
    assert Directory(DUNHUA).place_of(measure("1.3.7-rec-hnte")).office == office("220000", "science")
    assert Directory(DUNHUA).place_of(measure("rec-incubator-jilin")).office == office(YANBIAN, "science")


def test_a_measure_of_a_city_leads_to_that_city_where_no_county_was_named(directory):
    assert Directory("220000").place_of(measure("carrier-jilin-city")).office == office("220200", "science")


def test_what_is_no_affair_of_an_office_says_whom_to_ask_first(directory):
    place = Directory(DUNHUA).place_of(measure("2.2.7-leave-to-start-up"))
    assert (place.office, place.elsewhere) == (None, "先找您所在的单位（人事或科研管理部门）")
    assert "12333" in place_words(place)


def test_every_measure_leads_somewhere(directory):
    places = Directory(DUNHUA)
    lost = [
        m.id
        for m in current_pack().measures.values()
        if not (places.place_of(m).office or places.place_of(m).elsewhere)
    ]
    assert lost == []
    assert {line.number for line in hotlines()} == {"12345", "12333", "12366"}


def test_a_result_asks_the_directory_once(directory, django_assert_num_queries):
    places = Directory(DUNHUA)
    with django_assert_num_queries(1):
        for each in current_pack().measures.values():
            places.place_of(each)


def test_an_officer_of_the_county_keeps_it_and_nobody_else(directory):
    values = {
        "name": "敦化市就业服务局",
        "phone": "0433-1234567",
        "latitude": Decimal("43.37"),
        "longitude": Decimal("128.23"),
    }
    strangers = (
        factories.founder(),
        factories.member(),
        factories.officer(),
        factories.officer("supervisor", region=DUNHUA),
    )
    for stranger in strangers:
        with pytest.raises(Forbidden):
            change_office(office=office(), actor=stranger, seen=0, **values)
    assert office().revision == 0
    change_office(office=office(), actor=factories.officer(region=YANBIAN), seen=0, **values)
    row = office()
    assert (row.stage, row.confirmed_on, row.revision) == ("confirmed", timezone.localdate(), 1)
    assert row.is_confirmed
    said = History.objects.get(verb="office.change")
    assert said.data["fields"] == ["latitude", "longitude", "name", "phone"]
    assert said.region == DUNHUA


@pytest.mark.parametrize(
    ("values", "seen", "code"),
    [
        ({"online": ""}, 0, "empty"),
        ({"phone": "1234567", "latitude": Decimal(43)}, 0, "half_a_point"),
        ({"phone": "1234567"}, 3, "changed"),
    ],
)
def test_what_is_refused_changes_nothing(directory, values, seen, code):
    before = Office.objects.values().get(pk=office().pk)
    with pytest.raises(Refused) as refusal:
        change_office(office=office(), actor=factories.officer(region=DUNHUA), seen=seen, **values)
    assert refusal.value.code == code
    assert Office.objects.values().get(pk=office().pk) == before
    assert not History.objects.filter(verb="office.change").exists()


def test_what_cannot_be_reached_is_not_confirmed(directory):
    with pytest.raises(Refused) as refusal:
        move_office(office=office(), verb="confirm", actor=factories.officer(region=DUNHUA))
    assert refusal.value.code == "empty"
    assert office().confirmed_on is None


def test_an_entry_that_says_enough_is_confirmed_as_it_is(directory):
    row = move_office(office=office(department="tax"), verb="confirm", actor=factories.officer(region=DUNHUA))
    assert (row.stage, row.confirmed_on) == ("confirmed", timezone.localdate())
    with pytest.raises(Refused):
        move_office(office=row, verb="close", actor=factories.officer(region=DUNHUA))
    assert (office(department="tax").stage, office(department="tax").revision) == ("confirmed", 1)


def test_a_confirmation_holds_for_half_a_year_and_then_waits_for_its_keeper(directory):
    agency = factories.organisation("敦化市人社局", kind="agency", region=DUNHUA, department="labour")
    keeper = as_officer(factories.post(agency=agency, region=DUNHUA))
    colleague = factories.officer(region=DUNHUA)
    tax = factories.organisation("敦化市税务局", kind="agency", region=DUNHUA, department="tax")
    others = (
        factories.officer(),
        factories.officer(region=YANBIAN),
        factories.officer("supervisor", region=DUNHUA),
        as_officer(factories.post(agency=tax, region=DUNHUA)),
    )
    row = office()

    def waits(actor):
        return row.name in {todo.title for todo in to_confirm(actor)}

    assert waits(keeper)
    assert waits(colleague), "an agency of no department of the list keeps the whole place"
    assert not any(map(waits, others))
    change_office(office=row, actor=colleague, seen=0, phone="0433-1234567")
    assert not waits(keeper)
    Office.objects.filter(pk=row.pk).update(confirmed_on=timezone.localdate() - timedelta(days=181))
    assert waits(keeper)
    assert not Office.objects.get(pk=row.pk).is_confirmed
    move_office(office=row, verb="confirm", actor=keeper)
    assert not waits(keeper)
    Office.objects.filter(pk=row.pk).update(confirmed_on=timezone.localdate() - timedelta(days=180))
    assert not waits(keeper)


def test_an_office_that_is_there_again_waits_to_be_confirmed(directory):
    keeper = factories.officer(region=DUNHUA)
    change_office(office=office(), actor=keeper, seen=0, phone="0433-1234567")
    move_office(office=office(), verb="close", actor=keeper, reason="x")
    with pytest.raises(Refused):
        change_office(office=office(), actor=keeper, seen=2, phone="2")
    move_office(office=office(), verb="reopen", actor=keeper)
    assert (office().stage, office().confirmed_on) == ("unconfirmed", None)


def test_a_new_office_is_of_ones_own_area(directory):
    keeper = factories.officer(region=DUNHUA)
    values = {"name": "第二窗口", "phone": "12345"}
    for region, department, code in (("220102", "labour", "outside"), (DUNHUA, "police", "no_department")):
        with pytest.raises(Refused) as refusal:
            add_office(actor=keeper, region=region, department=department, **values)
        assert refusal.value.code == code
    made = add_office(actor=keeper, region=DUNHUA, department="labour", **values)
    assert Directory(DUNHUA).place_of(measure()).office == made, "a confirmed one goes before one to be confirmed"


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_change_an_entry_at_once_do_not_write_over_each_other(regions):
    load_offices()
    keepers = [factories.officer(region=DUNHUA) for _ in range(2)]
    done = at_once(
        *(
            lambda k=k, n=n: change_office(office=office(), actor=k, seen=0, phone=f"043312345{n}")
            for n, k in enumerate(keepers)
        )
    )
    assert sum(answer == "changed" for answer in done) == 1
    assert office().revision == 1


def test_the_page_finds_by_county_department_and_words(directory, client, django_assert_num_queries):
    with django_assert_num_queries(4):
        text = client.get("/offices/", {"region": DUNHUA, "department": "labour"}).content.decode()
    names = re.findall(r'<h2 class="cb-card-title"><a[^>]*>([^<]*)', text)
    assert names == [
        "敦化市人社部门（就业服务窗口）",
        "延边朝鲜族自治州人社部门（就业服务窗口）",
        "吉林省人力资源和社会保障厅",
    ]
    assert "tel:12333" in text
    assert "12366" in text
    assert "没有合适的机构" in client.get("/offices/", {"q": "火星"}).content.decode()
    assert [row.region_id for row in find_offices(words="敦化 就业")] == [DUNHUA]


def test_an_officer_writes_the_entry_on_its_page(directory, client):
    row = office()
    assert "还不知道" in client.get(f"/offices/{row.pk}/").content.decode()
    assert "保存并确认" not in client.get(f"/offices/{row.pk}/").content.decode()
    factories.sign_in(client, factories.officer(region=DUNHUA))
    answer = client.post(f"/offices/{row.pk}/change/", {"name": "敦化市就业服务局", "seen": "0"})
    assert answer.status_code == 422
    assert "没有写怎样找到它" in answer.content.decode()
    client.post(
        f"/offices/{row.pk}/change/",
        {
            "name": "敦化市就业服务局",
            "seen": "0",
            "address": "测试路1号",
            "phone": "0433-1234567、0433-7654321转8",
            "latitude": "128.23，43.37",
            "longitude": "",
            "online_address": "https://example.org/",
        },
    )
    text = client.get(f"/offices/{row.pk}/").content.decode()
    for part in ("测试路1号", "tel:04331234567", "tel:04337654321", "geo:43.37000,128.23000", "https://example.org/"):
        assert part in text
    assert client.post(f"/offices/{row.pk}/close/", {"reason": ""}).status_code == 422
    client.post(f"/offices/{row.pk}/confirm/")
    assert office().revision == 2
    assert client.get("/offices.xlsx").status_code == 200


def test_an_address_that_is_no_web_page_is_refused(directory, client):
    factories.sign_in(client, factories.officer(region=DUNHUA))
    for wrong in ({"online_address": "javascript:alert(1)"}, {"phone": "请来电"}):
        sent = {"name": "x", "seen": "0"} | wrong
        assert client.post(f"/offices/{office().pk}/change/", sent).status_code == 422
    assert office().revision == 0


def test_the_help_page_names_the_hot_lines_and_every_page_leads_to_it(directory, client):
    text = client.get("/contact/").content.decode()
    for number in ("12345", "12333", "12366"):
        assert f"tel:{number}" in text
    home = client.get("/").content.decode()
    assert 'href="/contact/"' in home
    assert 'href="/offices/"' in home


def test_a_measure_shows_the_office_of_the_county_that_was_chosen(directory, library, client):
    address = "/policies/measures/2.3.5-jl-init/"
    assert "吉林省人力资源和社会保障厅" in client.get(address).content.decode()
    text = client.get(address, {"place": DUNHUA}).content.decode()
    assert f'href="/offices/{office().pk}/"' in text
    assert "tel:12333" in text
