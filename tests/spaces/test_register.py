"""Registering, changing, closing, merging, handing on and recognising spaces; what is refused changes nothing."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

import factories
from chuangbao.booking.models import Venue
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.core.engine.outlines import find_county, lies_within
from chuangbao.core.models import History, Notice
from chuangbao.core.workflow.refusals import Refused
from chuangbao.spaces.demo import load_demo_spaces
from chuangbao.spaces.domain.catalogue import drop_offer, keep_new_tags, keep_offer
from chuangbao.spaces.domain.dependants import DEPENDANTS, Dependants, describe_consequences, hang_on_space
from chuangbao.spaces.domain.ending import answer_transfer, close_space, merge_spaces, reopen_space, transfer_space
from chuangbao.spaces.domain.following import follow_space, is_following, unfollow_space
from chuangbao.spaces.domain.recognising import end_recognition, enter_recognition
from chuangbao.spaces.domain.registering import register_space, update_space
from chuangbao.spaces.domain.sites import add_site, check_areas, end_site, update_site
from chuangbao.spaces.models import Operatorship, Recognition, Site, Space, Transfer
from chuangbao.spaces.models.sites import AREAS, PARTS
from chuangbao.spaces.queries import count_by_prefecture
from spaces.samples import make_space
from together import at_once

pytestmark = pytest.mark.django_db
PREFECTURES = {f"220{n}00" for n in range(1, 9)} | {"222400"}


@pytest.fixture
def owner(regions):
    return factories.member(factories.organisation(kind="space"))


def expect_refusal(expected, act, field="", /, **given_values):
    with pytest.raises(Refused) as refusal:
        act(**given_values)
    assert (refusal.value.code, refusal.value.field) == (expected, field)


def degrees_of(site):
    return {"north": float(site.latitude), "east": float(site.longitude)}


def events_of(actor):
    rows = unscoped(Notice, because="a test").filter(person=actor.person_id).order_by("pk")
    return list(rows.values_list("event", flat=True))


def verbs_of(space):
    rows = History.objects.filter(kind="spaces.space", object_id=space.pk).order_by("pk")
    return list(rows.values_list("verb", flat=True))


def test_a_space_is_public_as_soon_as_it_is_registered_and_the_officer_of_the_place_is_told(owner):
    officer, neighbour = factories.officer("spaces"), factories.officer("spaces", region=factories.NEIGHBOUR)
    space = make_space(owner, kind="accelerator")
    assert visible(Space, to=factories.founder()).get() == space
    space.created_at = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)
    assert space.registered_on == date(2026, 11, 28), "half past midnight in the province"
    assert (space.chain, space.sounds.split()[-1]) == ("accelerator", "ys·kj")
    assert (events_of(officer), events_of(neighbour)) == (["space.registered"], [])
    assert Operatorship.objects.get().organisation_id == owner.organisation_id
    with pytest.raises(Forbidden):
        make_space(factories.founder())
    expect_refusal("name_taken", make_space, "name", actor=owner)
    expect_refusal("no_place", make_space, "region", actor=owner, name="二", region="110000")
    assert Space.objects.count() == 1


def test_an_organisation_that_is_not_verified_registers_five_at_most(regions):
    actor = factories.member(factories.organisation(stage="unverified"))
    for n in range(5):
        make_space(actor, f"演示{n}")
    expect_refusal("too_many", make_space, actor=actor, name="演示6")


def test_two_who_change_an_entry_at_once_are_seen_and_others_may_not(owner):
    space = make_space(owner)
    update_space(space=space, actor=owner, seen=1, phone="0431-12345678", region=factories.NEIGHBOUR)
    expect_refusal("changed", update_space, space=space, actor=owner, seen=1, phone="")
    with pytest.raises(Forbidden):
        update_space(space=space, actor=factories.member(), seen=2, phone="")
    space.refresh_from_db()
    assert (space.phone, space.region_id) == ("0431-12345678", factories.NEIGHBOUR)
    assert History.objects.get(verb="space.change").data == {"fields": ["phone", "region"]}


cents = st.integers(0, 10**8).map(lambda n: Decimal(n) / 100)


@given(parts=st.tuples(cents, cents, cents, cents), shift=st.sampled_from([Decimal(0), Decimal("0.01"), Decimal(1)]))
def test_areas_are_let_through_exactly_where_they_add_up(parts, shift):
    areas = dict(zip(PARTS, parts, strict=True)) | {"total_area": sum(parts, Decimal(0)) + shift}
    if shift:
        expect_refusal("areas_differ", check_areas, "total_area", areas=areas)
    else:
        check_areas(areas)


def test_areas_are_whole_or_unknown_and_the_database_holds_them_too(owner):
    space = make_space(owner)
    site = space.sites.get()
    unknown = dict.fromkeys(AREAS)
    expect_refusal(
        "area_needed", update_site, "office_area", site=site, actor=owner, seen=1, **unknown | {"total_area": 5}
    )
    expect_refusal("area_negative", update_site, "tenant_area", site=site, actor=owner, seen=1, tenant_area=Decimal(-1))
    expect_refusal("areas_differ", update_site, "total_area", site=site, actor=owner, seen=1, tenant_area=Decimal(1))
    expect_refusal("half_a_point", update_site, "longitude", site=site, actor=owner, seen=1, latitude=Decimal(43))
    expect_refusal("address_needed", update_site, "address", site=site, actor=owner, seen=1, address=" ")
    with pytest.raises(IntegrityError), transaction.atomic():
        Site.objects.update(total_area=999)
    update_site(site=site, actor=owner, seen=1, **unknown)
    expect_refusal("changed", update_site, site=site, actor=owner, seen=1, **unknown)
    assert Site.objects.get().total_area is None


@pytest.mark.parametrize(
    ("north", "east", "said"),
    [
        ("43.87000", "125.33000", ""),
        ("43.93000", "125.32000", "这个点在宽城区，场地所在地区却是南关区"),
        ("31.23000", "121.47000", "这个点不在本省任何一个县（市、区）内"),
    ],
)
def test_a_point_is_kept_where_it_lies_in_the_region_of_the_site(owner, north, east, said):
    site = make_space(owner).sites.get()
    at = {"latitude": Decimal(north), "longitude": Decimal(east)}
    if not said:
        assert update_site(site=site, actor=owner, seen=1, **at).point == f"{north},{east}"
        return
    with pytest.raises(Refused, match=re.escape(said)) as refusal:
        update_site(site=site, actor=owner, seen=1, **at)
    assert (refusal.value.code, refusal.value.field) == ("point_outside", "latitude")
    assert Site.objects.get().point == "", "nothing was changed"


def test_a_unit_without_an_outline_goes_by_what_is_above_it_and_an_unknown_place_by_none(regions):
    assert lies_within(factories.PROVINCE, north=42.9, east=129.5)
    assert not lies_within(factories.PROVINCE, north=31.2, east=121.5)
    assert lies_within("220171", north=43.2, east=124.8), "a zone has the outline of its prefecture"
    assert lies_within("100000", north=0, east=0), "the nation is not drawn"
    assert (find_county(north=43.87, east=125.33), find_county(north=31.2, east=121.5)) == (factories.COUNTY, "")


def test_the_last_site_is_not_given_up_and_followers_hear_of_a_move(owner):
    space, reader = make_space(owner), factories.founder()
    first = space.sites.get()
    follow_space(space=space, actor=reader)
    follow_space(space=space, actor=reader)
    expect_refusal("last_site", end_site, site=first, actor=owner)
    second = add_site(space=space, actor=owner, address="演示路2号")
    end_site(site=first, actor=owner)
    second.refresh_from_db()
    assert second.is_main
    assert events_of(reader) == ["space.move"]
    assert is_following(space=space, actor=reader)
    unfollow_space(space=space, actor=reader)
    assert not is_following(space=space, actor=reader)


def test_closing_is_at_once_says_first_what_is_concerned_and_can_be_taken_back(owner):
    space, reader, officer = make_space(owner), factories.founder(), factories.officer("spaces")
    clerk = factories.member(space.operator, "clerk")
    follow_space(space=space, actor=reader)
    carried = []
    hang_on_space(
        "test", Dependants("x", lambda _s: 7, lambda _s: [clerk.person_id], lambda _s, v, _a: carried.append(v))
    )
    try:
        counts = [line.count for line in describe_consequences(space)]  # contexts above add theirs
        assert (counts[:5], counts[-1]) == ([1, 0, 0, 0, 1], 7)
        expect_refusal("not_permitted", close_space, space=space, actor=clerk, reason="x")
        expect_refusal("reason_needed", close_space, "reason", space=space, actor=owner, reason=" ")
        space.refresh_from_db()
        assert (space.stage, space.ended_on) == ("open", None)
        close_space(space=space, actor=owner, reason="租期届满")
        expect_refusal("not_in_open", close_space, space=space, actor=owner, reason="x")
        expect_refusal("ended", update_space, space=space, actor=owner, seen=1, phone="")
        reopen_space(space=space, actor=owner)
    finally:
        DEPENDANTS.pop("test")
    space.refresh_from_db()
    assert (space.stage, space.ended_on) == ("open", None)
    assert carried == ["close", "reopen"]
    assert events_of(reader) == events_of(officer) == events_of(clerk) == ["space.close", "space.reopen"]
    assert verbs_of(space) == ["space.register", "close", "reopen"]


def test_a_merged_space_says_where_it_went_and_its_sites_go_along(owner):
    small, large, foreign = make_space(owner, "甲"), make_space(owner, "乙"), make_space(factories.member(), "丙")
    for target in (foreign, small):
        expect_refusal("no_target", merge_spaces, "into", space=small, into=target, actor=owner, reason="x")
    expect_refusal("into_needed", merge_spaces, "into", space=small, into=None, actor=owner, reason="x")
    merge_spaces(space=small, into=large, actor=owner, reason="合并运营")
    small.refresh_from_db()
    assert (small.stage, small.merged_into) == ("merged", large)
    assert [(site.is_main, site.total_area) for site in large.sites.all()] == [(True, 1000), (False, 1000)]
    expect_refusal("no_target", merge_spaces, "into", space=large, into=small, actor=owner, reason="x")


def test_a_space_changes_hands_when_the_other_organisation_accepts_and_goes_on(owner):
    space, taker = make_space(owner), factories.member()
    code = taker_code(taker)
    expect_refusal("own", transfer_space, "code", space=space, actor=owner, code=space.operator.code)
    expect_refusal("no_receiver", transfer_space, "code", space=space, actor=owner, code=factories.credit_code())
    offer = transfer_space(space=space, actor=owner, code=code)
    expect_refusal("offered_before", transfer_space, space=space, actor=owner, code=code)
    expect_refusal("not_permitted", answer_transfer, transfer=offer, verb="accept", actor=owner)
    answer_transfer(transfer=offer, verb="decline", actor=taker)
    offer = transfer_space(space=space, actor=owner, code=code)
    answer_transfer(transfer=offer, verb="accept", actor=taker)
    space.refresh_from_db()
    assert (space.operator_id, space.stage) == (taker.organisation_id, "open")
    assert [row.until is None for row in Operatorship.objects.order_by("pk")] == [False, True]
    assert events_of(owner) == ["space.declined", "space.handed_on"]
    assert events_of(taker) == ["space.offered", "space.offered"]
    with pytest.raises(Forbidden):
        update_space(space=space, actor=owner, seen=space.revision, phone="")


def taker_code(actor):
    from chuangbao.accounts.models import Organisation

    return Organisation.objects.get(pk=actor.organisation_id).code


def test_closing_withdraws_the_transfer_that_waits_and_strangers_see_none(owner):
    space, taker = make_space(owner), factories.member()
    offer = transfer_space(space=space, actor=owner, code=taker_code(taker))
    assert not visible(Transfer, to=factories.member()).exists()
    assert visible(Transfer, to=taker).get() == visible(Transfer, to=factories.officer("spaces")).get() == offer
    close_space(space=space, actor=owner, reason="x")
    assert events_of(taker) == ["space.offered", "space.withdrawn"]
    expect_refusal("not_in_offered", answer_transfer, transfer=offer, verb="accept", actor=taker)


def test_an_officer_of_the_area_enters_what_an_authority_decided(owner):
    space, officer = make_space(owner), factories.officer("spaces", region=factories.CITY)
    entry = {"space": space, "actor": officer, "scheme": "national-2018", "number": "国科发〔2020〕1号"}
    row = enter_recognition(since=date(2020, 1, 1), **entry)
    assert (row.act, row.level, row.is_current) == ("recognition", "national", True)
    expect_refusal("overlap", enter_recognition, "since", since=date(2024, 1, 1), **entry)
    expect_refusal("until_before", enter_recognition, "until", since=date(2019, 1, 1), until=date(2018, 1, 1), **entry)
    expect_refusal("no_scheme", enter_recognition, "scheme", since=date(2019, 1, 1), **entry | {"scheme": "x"})
    for outsider in (factories.officer("spaces", region=factories.OTHER_CITY), factories.officer(), owner):
        with pytest.raises(Forbidden):
            enter_recognition(since=date(2019, 1, 1), **entry | {"actor": outsider})
    end = {"recognition": row, "actor": officer, "reason": "cancelled"}
    expect_refusal("until_before", end_recognition, "until", until=date(2019, 1, 1), **end)
    expect_refusal("reason_needed", end_recognition, "reason", until=date(2024, 1, 1), **end | {"reason": ""})
    end_recognition(until=date(2024, 12, 31), **end)
    expect_refusal("ended_before", end_recognition, until=date(2024, 12, 31), **end)
    enter_recognition(since=date(2025, 1, 1), **entry)
    assert events_of(owner) == ["space.recognised", "space.unrecognised", "space.recognised"]


def test_no_officer_recognises_a_space_of_their_own(owner):
    space, officer = make_space(owner), factories.officer("spaces")
    factories.membership(who=factories.Person.objects.get(pk=officer.person_id), where=space.operator)
    with pytest.raises(Forbidden):
        enter_recognition(space=space, actor=officer, scheme="city", number="1", since=date(2025, 1, 1))


def test_offers_and_new_tags_are_kept_by_their_name(owner):
    space = make_space(owner)
    keep_offer(space=space, actor=owner, kind="work", name="开放工位", price="300元/月")
    offer = keep_offer(space=space, actor=owner, kind="work", name="开放工位", is_online=True)
    assert [(row.price, row.is_online) for row in space.offers.all()] == [("", True)]
    drop_offer(offer=offer, actor=owner)
    drop_offer(offer=offer, actor=owner)
    keep_new_tags(space=space, actor=owner, service="云端预约", culture=" ")
    assert [(row.tag, row.evidence) for row in space.new_tags.all()] == [("service", "云端预约")]


@pytest.mark.django_db(transaction=True)
def test_two_at_once_register_one_name_and_take_one_offer_over(regions):
    owner, taker = factories.member(), factories.member()

    def register():
        site = {"address": "演示路1号"}
        return register_space(actor=owner, name="甲", kind="maker", region=factories.COUNTY, site=site).name

    assert sorted(at_once(register, register)) == ["name_taken", "甲"]
    space = Space.objects.get()
    offer = transfer_space(space=space, actor=owner, code=taker_code(taker))

    def accept():
        return answer_transfer(transfer=offer, verb="accept", actor=taker).stage

    def close():
        return close_space(space=space, actor=owner, reason="x").stage

    came = at_once(accept, accept, close)
    assert sorted(map(str, came)) in (
        ["accepted", "not_in_offered", "not_permitted"],
        ["closed", "not_in_offered", "not_in_offered"],
    )


def test_the_demonstration_is_a_province_of_131_that_is_made_once(regions, django_assert_max_num_queries):
    with django_assert_max_num_queries(20):
        assert load_demo_spaces() == 131
    assert load_demo_spaces() == 131
    rows = Space.objects.all()
    assert all(row.is_demo and row.name.startswith("演示·") for row in rows)
    assert {site.space_id for site in Site.objects.filter(total_area__gt=0)} == {row.pk for row in rows}
    assert len({row.region_id for row in rows}) == 60
    astray = [site for site in Site.objects.all() if not lies_within(site.region_id, **degrees_of(site))]
    assert [(site.region_id, site.point) for site in astray] == [], "every point lies in its county"
    assert Recognition.objects.filter(level="national").count() == 46
    figures = count_by_prefecture(date(2026, 1, 1))
    assert figures[factories.PROVINCE] == sum(figures[code] for code in figures if code in PREFECTURES) == 131


def test_the_venue_of_a_site_goes_along_with_it(owner):
    space, other, taker = make_space(owner, "甲"), make_space(owner, "乙"), factories.member()
    site = space.sites.get()
    assert (str(site.venue), site.venue.organization_id, site.venue.address) == (
        "甲",
        owner.organisation_id,
        "演示路1号",
    )
    update_space(space=space, actor=owner, seen=1, name="甲二")
    second = add_site(space=space, actor=owner, address="演示路2号")
    update_site(site=second, actor=owner, seen=1, name="二号楼", address="演示路3号")
    venue = Venue.objects.get(site=second)
    assert (str(venue), venue.address) == ("甲二 · 二号楼", "演示路3号")
    end_site(site=second, actor=owner)
    assert not Venue.objects.get(pk=venue.pk).is_open
    close_space(space=space, actor=owner, reason="x")
    assert not Venue.objects.filter(site__space=space, is_open=True).exists()
    reopen_space(space=space, actor=owner)
    make_space(taker, "甲二")
    offer = transfer_space(space=other, actor=owner, code=taker_code(taker))
    answer_transfer(transfer=offer, verb="accept", actor=taker)
    assert Venue.objects.get(site__space=other).organization_id == taker.organisation_id
    merge_spaces(space=space, into=make_space(owner, "丙"), actor=owner, reason="x")
    assert min(map(str, Venue.objects.filter(organization=owner.organisation_id, is_open=True))) == "丙"
    assert Venue.objects.get(site=site).is_open
