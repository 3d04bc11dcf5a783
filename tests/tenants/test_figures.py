"""Warnings by dated limits, the yearly card, and the identity of stocks and flows."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

import factories
from chuangbao.booking.domain.resources import create_resource
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.privacy import HOLDINGS
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.facts.models import Fact
from chuangbao.tenants.demo import load_demo_tenants
from chuangbao.tenants.domain.cards import fill_card, prefill_card
from chuangbao.tenants.domain.counting import count_flows, count_stock
from chuangbao.tenants.domain.limits import limit_on
from chuangbao.tenants.domain.moving import move_tenancy
from chuangbao.tenants.domain.support import add_milestone, answer_service, log_service
from chuangbao.tenants.domain.warnings import find_doubles, months_between, warn_of_space, warn_of_tenancy
from chuangbao.tenants.models import Milestone, Tenancy, YearCard
from tenants.scene import all_tenancies, apply_as, begin, host_and_space

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def scene():
    host, space = host_and_space()
    firm = factories.member(factories.organisation("演示科技有限公司"))
    return host, firm, begin(firm, space, host, since=timezone.localdate() - timedelta(days=1000))


def codes(row):
    return {warned.code for warned in warn_of_tenancy(all_tenancies().get(pk=row.pk))}


def test_a_limit_holds_from_its_day_and_for_its_industry():
    assert limit_on("term_months", date(2020, 1, 1)) == 48
    assert limit_on("term_months", date(2020, 1, 1), of="circuits") == 60
    assert limit_on("term_months", date(2018, 12, 31)) is None
    assert limit_on("entry_age_months", date(2020, 1, 1), of="circuits") == 24
    assert months_between(date(2024, 1, 31), date(2024, 2, 28)) == 0
    assert months_between(date(2022, 1, 15), date(2024, 1, 15)) == 24


def test_a_firm_in_two_spaces_is_found_and_one_that_graduated(scene):
    _host, firm, row = scene
    other_host, other = host_and_space("演示·另一空间")
    assert "two_spaces" not in codes(row)
    twin = begin(firm, other, other_host)
    assert {"two_spaces"} <= codes(row) & codes(twin)
    assert set(find_doubles(all_tenancies())) == {row, twin}
    all_tenancies().filter(pk=twin.pk).update(stage="graduated", ended_on=timezone.localdate())
    assert "graduated" in codes(row)
    assert "two_spaces" not in codes(row)
    assert not find_doubles(all_tenancies()).exists()


def test_limits_are_shown_before_an_applicant_is_admitted(scene):
    _host, firm, _row = scene
    _other_host, other = host_and_space("演示·另一空间")
    asking = apply_as(firm, other)
    state(subject=subject_of(firm), name="registered_on", value=timezone.localdate() - timedelta(days=800), actor=firm)
    assert codes(asking) == {"two_spaces", "old_at_entry"}
    move_tenancy(tenancy=asking, verb="withdraw", actor=firm, written={"ended_on": timezone.localdate()})
    assert codes(asking) == set()


def test_age_at_entry_and_length_are_compared_with_the_limits(scene):
    _host, firm, row = scene
    state(subject=subject_of(firm), name="registered_on", value=row.starts_on - timedelta(days=700), actor=firm)
    assert "old_at_entry" not in codes(row)
    state(subject=subject_of(firm), name="registered_on", value=row.starts_on - timedelta(days=800), actor=firm)
    assert "old_at_entry" in codes(row)
    all_tenancies().update(
        starts_on=timezone.localdate() - timedelta(days=1500), firm_since=timezone.localdate() - timedelta(days=1500)
    )
    assert {"too_long", "term_over"} <= codes(row)
    all_tenancies().update(industry="circuits", term_ends_on=timezone.localdate())
    assert not {"too_long", "term_over"} & codes(row)


def test_health_is_guidance_and_changes_nothing(scene):
    host, firm, row = scene
    before = list(all_tenancies().values())
    add_milestone(tenancy=row, actor=firm, kind="income", title="x", due_on=timezone.localdate() - timedelta(days=1))
    service = log_service(tenancy=row, actor=host, kind="law", given_on=timezone.localdate(), provider="演示")
    answer_service(service=service, verb="dispute", actor=firm, reason="没有")
    assert {"quiet", "late", "disputed", "no_card"} <= codes(row)
    answer_service(service=service, verb="confirm", actor=firm)
    unscoped(Milestone, because="a test").update(reached_on=timezone.localdate())
    fill_card(tenancy=row, actor=firm, year=timezone.localdate().year - 1, staff=3)
    assert not {"quiet", "late", "disputed", "no_card"} & codes(row)
    assert list(all_tenancies().values()) == before
    all_tenancies().update(stage="left", ended_on=timezone.localdate())
    assert codes(row) == set()


def test_virtual_tenants_are_in_no_figure_of_areas(scene):
    host, _firm, row = scene
    space = row.space
    assert warn_of_space(space) == []
    begin(factories.founder(), space, host, is_virtual=True)
    space.sites.update(total_area=302, tenant_area=2)
    assert [warned.code for warned in warn_of_space(space)] == ["small_area"]
    space.sites.update(total_area=303, tenant_area=3)
    assert warn_of_space(space) == []
    create_resource(actor=host, venue=space.sites.get().venue, name="工位", kind="hot_desk", capacity=2)
    all_tenancies().filter(pk=row.pk).update(desks=3, area=Decimal("2.5"))
    assert [warned.code for warned in warn_of_space(space)] == ["desks"]
    assert "small_area" in codes(row)


def test_the_card_is_asked_once_and_kept_as_facts(scene):
    _host, firm, row = scene
    year = timezone.localdate().year - 1
    fill_card(tenancy=row, actor=firm, year=year, staff=8, college_staff=6, revenue=Decimal(600000), is_high_tech=True)
    facts = dict(unscoped(Fact, because="a test").values_list("name", "number"))
    assert (facts["staff_total"], facts["revenue"]) == (8, 600000)
    fill_card(tenancy=row, actor=firm, year=year, staff=9, college_staff=6)
    assert unscoped(YearCard, because="a test").get().staff == 9
    assert prefill_card(row, year)["staff"] == 9
    state(subject=subject_of(firm), name="staff_total", value=12, actor=firm)
    known = prefill_card(row, year + 1)
    assert (known["staff"], known["college_staff"], known.get("taxes")) == (12, 6, None)
    assert HOLDINGS["tenancy_deeds"].export(firm.person_id)[0]["year"] == str(year)


@pytest.mark.parametrize(
    ("said", "code", "field"),
    [
        ({"year": 2001}, "no_year", "year"),
        ({"staff": 2, "college_staff": 3}, "more_than_whole", "college_staff"),
        ({"inventions_held": 1}, "more_than_whole", "inventions_held"),
        ({"rights_held": 3, "software_held": 4}, "more_than_whole", "software_held"),
        (
            {"rights_held": 3, "models_held": 2, "designs_held": 2},
            "kinds_over_whole",
            "rights_held",
        ),
        ({"financed_on": date(2019, 5, 1)}, "other_year", "financed_on"),
    ],
)
def test_what_a_card_cannot_say_is_refused(scene, said, code, field):
    """Where no year is said it is this one."""
    _host, firm, row = scene
    said = {"year": timezone.localdate().year} | said
    with pytest.raises(Refused) as refusal:
        fill_card(tenancy=row, actor=firm, **said)
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert not unscoped(YearCard, because="a test").exists()


def test_a_card_names_the_kinds_of_rights_and_the_round(scene):
    _host, firm, row = scene
    year = timezone.localdate().year - 1
    held = {"rights_held": 6, "inventions_held": 1, "software_held": 5}
    fill_card(tenancy=row, actor=firm, year=year, **held, financing_round="angel", financed_on=date(year, 6, 30))
    card = unscoped(YearCard, because="a test").get()
    assert (card.software_held, card.get_financing_round_display(), card.financed_on.year) == (5, "天使轮", year)
    assert prefill_card(row, year + 1)["software_held"] == 5
    with pytest.raises(IntegrityError), transaction.atomic():
        unscoped(YearCard, because="a test").update(layouts_held=1)


def test_a_team_fills_in_a_card_and_no_facts_are_stated(client):
    host, space = host_and_space()
    founder = factories.founder()
    row = begin(founder, space, host)
    factories.sign_in(client, founder)
    page = reverse("tenants:card", args=[row.pk])
    sent = {"year": str(timezone.localdate().year), "staff": "2", "college_staff": "3"}
    assert client.post(page, sent).status_code == 422
    assert client.post(page, sent | {"college_staff": "1"}).url == reverse("tenants:own", args=[row.pk])
    assert not unscoped(Fact, because="a test").exists()
    assert 'value="2"' in client.get(page, {"year": str(timezone.localdate().year)}).content.decode()
    all_tenancies().update(starts_on=None, stage="admitted", term_ends_on=None)
    assert client.post(page, sent | {"college_staff": "1"}).status_code == 422
    assert client.get(page, {"year": "x"}).status_code == 200


DAY = date(2025, 1, 1)
SPAN = st.tuples(st.integers(0, 60), st.integers(0, 40) | st.none(), st.sampled_from(["graduated", "left", "ended"]))


@settings(max_examples=25)
@given(spans=st.lists(SPAN, max_size=12), cut=st.integers(1, 59))
def test_stocks_and_flows_agree(spans, cut):
    with transaction.atomic():
        _host, space = host_and_space(f"演示·{factories.credit_code()}")
        rows = []
        for start, length, stage in spans:
            first = DAY + timedelta(days=start)
            ended = None if length is None else first + timedelta(days=length)
            rows.append(
                Tenancy(
                    space=space, organization=factories.organisation(), project="x", starts_on=first, firm_since=first,
                    stage="incubating" if ended is None else stage, ended_on=ended,
                    end_cause="term" if stage == "ended" and ended else "",
                )
            )  # fmt: skip
        Tenancy.objects.bulk_create(rows)
        mine = all_tenancies().filter(space=space)
        before, last = DAY + timedelta(days=cut - 1), DAY + timedelta(days=60)
        flows = count_flows(mine, before + timedelta(days=1), last)
        assert flows.firms == count_stock(mine, before) + flows.entered - flows.graduated - flows.left
        earlier = count_flows(mine, DAY, before)
        assert flows.graduated_ever == earlier.graduated_ever + flows.graduated
        transaction.set_rollback(True)


def test_the_figures_of_an_operator_and_of_an_area(client, scene, django_assert_num_queries):
    host, _firm, row = scene
    begin(factories.founder(), row.space, host, is_virtual=True)
    factories.sign_in(client, host)
    figures = reverse("tenants:figures")
    client.get(figures)
    with django_assert_num_queries(13):
        page = client.get(figures).content.decode()
    assert "I10 期末在孵企业" in page
    assert "截止日期早于起始日期" in client.get(figures, {"first": "2026-01-02", "last": "2026-01-01"}).content.decode()
    officer = factories.officer("spaces")
    factories.sign_in(client, officer)
    assert "I14" in client.get(reverse("tenants:area")).content.decode()
    asked = {"first": f"{row.starts_on}", "last": f"{timezone.localdate()}"}
    sheet = load_workbook(BytesIO(client.get(reverse("tenants:area_workbook"), asked).content)).active
    assert [list(line) for line in sheet.iter_rows(min_row=2, values_only=True)] == [
        ["演示·孵化空间", 1, 1, 0, 0, 0, 0, 1, 1, 0],
        ["合计", 1, 1, 0, 0, 0, 0, 1, 1, 0],
    ]


def test_the_desk_shows_both_sides_what_waits(client, scene):
    host, firm, row = scene
    log_service(tenancy=row, actor=host, kind="law", given_on=timezone.localdate(), provider="演示")
    factories.sign_in(client, firm)
    assert "请确认服务：法律维权" in client.get(reverse("portal:desk")).content.decode()


def test_without_spaces_there_is_nothing_to_demonstrate():
    assert load_demo_tenants() == 0
