"""What is said of a subject: kept typed, ranked by who says it, contradicted in the open, never erased."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

import factories
from chuangbao.accounts.models import Organisation, Person
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.engine.current import current_pack
from chuangbao.core.models import History
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.domain.effects import conflicts, list_missing_facts
from chuangbao.facts.domain.granted import profile_of
from chuangbao.facts.domain.resolving import resolve
from chuangbao.facts.domain.standing import holdings
from chuangbao.facts.domain.stating import dispute, doubt, state, verify, withdraw
from chuangbao.facts.domain.subjects import open_to, subject_of, subject_of_organisation
from chuangbao.facts.models import Fact, Source, Subject

pytestmark = pytest.mark.usefixtures("regions")


def next_year():
    return timezone.localdate() + timedelta(days=365)


@pytest.fixture
def owner():
    return factories.member()


@pytest.fixture
def firm(owner):
    return subject_of(owner)


def standing(subject, actor, day=None):
    day = day or timezone.localdate()
    return {
        name: held.standing.value for (name, _), held in holdings(subject, day=day, actor=actor, why="test").items()
    }


VALUES = {
    "taxable_income": 200000,
    "rd_ratio3": Decimal("0.055"),
    "employees_avg": Decimal("12.5"),
    "expand_hires": 3,
    "industry_kind": "industrial",
    "is_hnte": True,
    "registered_on": date(2015, 6, 8),
    "person_group": ["graduate"],
    "agreed_share": None,
    "equity_spread": 1000,
}


def test_a_value_of_every_type_comes_back_as_it_was_said(firm, owner):
    groups = [code.code for code in current_pack().codes["person_group"].codes]
    said = VALUES | {"person_group": sorted(groups[:2])}
    for name, value in said.items():
        state(subject=firm, name=name, value=value, actor=owner)
    assert standing(firm, owner) == said


def test_a_later_statement_stands_and_the_earlier_stays(firm, owner):
    state(subject=firm, name="expand_hires", value=3, actor=owner, as_of=timezone.localdate() - timedelta(days=40))
    state(subject=firm, name="expand_hires", value=5, actor=owner, as_of=timezone.localdate() - timedelta(days=10))
    assert standing(firm, owner) == {"expand_hires": 5}
    assert standing(firm, owner, timezone.localdate() - timedelta(days=20)) == {"expand_hires": 3}
    assert standing(firm, owner, timezone.localdate() - timedelta(days=60)) == {}
    assert Fact.objects.count() == 2


def test_the_same_said_twice_is_kept_once(firm, owner):
    first = state(subject=firm, name="person_group", value=[], actor=owner)
    assert state(subject=firm, name="person_group", value=[], actor=owner) == first
    assert state(subject=firm, name="agreed_share", value=None, actor=owner) == state(
        subject=firm, name="agreed_share", value=None, actor=owner
    )


@pytest.mark.parametrize(
    ("name", "value", "more", "code"),
    [
        ("hirez", 1, {}, "unknown_fact"),
        ("expand_hires", "three", {}, "unfit"),
        ("expand_hires", Decimal("1.5"), {}, "unfit"),
        ("taxable_income", Decimal("0.123456789"), {}, "unfit"),
        ("taxable_income", 10**15, {}, "unfit"),
        ("industry_kind", "farm", {}, "unfit"),
        ("is_hnte", "yes", {}, "unfit"),
        ("registered_on", "soon", {}, "unfit"),
        ("months_total", 13, {}, "unfit"),
        ("expand_hires", 1, {"as_of": 1}, "day"),
        ("expand_hires", 1, {"as_of": date(1899, 12, 31)}, "day"),
        ("expand_hires", 1, {"period": DateRange(date(2024, 1, 1), date(2025, 1, 1))}, "no_period"),
    ],
)
def test_what_does_not_fit_is_refused_with_what_does(firm, owner, name, value, more, code):
    """A day that is a number is so many days from now."""
    if isinstance(days := more.get("as_of"), int):
        more = {"as_of": timezone.localdate() + timedelta(days=days)}
    with pytest.raises(Refused) as refusal:
        state(subject=firm, name=name, value=value, actor=owner, **more)
    assert refusal.value.code == code
    assert not Fact.objects.exists()


def test_verified_stands_before_official_before_ones_own_before_the_later(firm, owner):
    officer = factories.officer("register")
    mine = state(subject=firm, name="expand_hires", value=3, actor=owner, as_of=timezone.localdate())
    register = state(
        subject=firm,
        name="expand_hires",
        value=4,
        actor=SYSTEM,
        source=Source.REGISTER,
        register="社保",
        as_of=timezone.localdate() - timedelta(days=9),
    )
    assert standing(firm, owner) == {"expand_hires": 4}
    verify(fact=mine, until=next_year(), actor=officer)
    assert standing(firm, owner) == {"expand_hires": 3}
    doubt(fact=mine, reason="原件不符", actor=officer)
    assert standing(firm, owner) == {"expand_hires": 4}
    withdraw(fact=register, reason="登记有误", actor=officer)
    assert standing(firm, owner) == {"expand_hires": 3}
    assert {h.verb for h in History.objects.filter(kind="facts.fact")} == {"state", "verify", "doubt", "withdraw"}


def test_a_verification_ends(firm, owner):
    officer = factories.officer("register")
    day = timezone.localdate() - timedelta(days=100)
    verify(
        fact=state(subject=firm, name="expand_hires", value=3, actor=owner, as_of=day),
        until=day + timedelta(days=30),
        actor=officer,
    )
    state(subject=firm, name="expand_hires", value=5, actor=owner, as_of=day + timedelta(days=10))
    assert standing(firm, owner, day + timedelta(days=20)) == {"expand_hires": 3}
    assert standing(firm, owner) == {"expand_hires": 5}
    with pytest.raises(Refused, match=r".") as refusal:
        verify(fact=Fact.objects.earliest("pk"), until=day, actor=officer)
    assert refusal.value.code == "until_past"


def test_a_contradiction_shows_what_each_value_would_change(firm, owner):
    for name, value in {
        "is_resident_enterprise": True,
        "audit_collection": True,
        "taxable_income": 200000,
        "employees_avg": 50,
        "assets_avg": 5000000,
        "industry_kind": "other",
        "restricted_industry": False,
    }.items():
        state(subject=firm, name=name, value=value, actor=owner)
    state(subject=firm, name="employees_avg", value=500, actor=SYSTEM, source=Source.REGISTER, register="社保")
    held = holdings(firm, day=timezone.localdate(), actor=owner, why="test")
    (conflict,) = conflicts(held, day=timezone.localdate(), region=firm.region_id)
    standing_one, rival = conflict.options
    assert (conflict.fact.name, standing_one.value.value, rival.value.value) == ("employees_avg", 500, 50)
    assert standing_one.changes == ()
    assert "小型微利" in "".join(change.measure.title.zh for change in rival.changes)
    assert all((c.before, c.amount_before) != (c.after, c.amount_after) for c in rival.changes)


def test_without_a_contradiction_nothing_is_worked_out(firm, owner):
    state(subject=firm, name="expand_hires", value=3, actor=owner)
    assert (
        conflicts(
            holdings(firm, day=timezone.localdate(), actor=owner, why="test"), day=timezone.localdate(), region="220000"
        )
        == []
    )


def test_an_officer_settles_a_contradiction_and_nothing_is_erased(firm, owner):
    officer = factories.officer("register")
    mine = state(subject=firm, name="expand_hires", value=3, actor=owner)
    state(subject=firm, name="expand_hires", value=4, actor=SYSTEM, source=Source.REGISTER, register="社保")
    with pytest.raises(Refused) as refusal:
        resolve(fact=mine, reason="看过名册", actor=officer)
    assert refusal.value.code == "until_needed"
    (aside,) = resolve(fact=mine, reason="看过名册", actor=officer, until=next_year())
    assert (aside.stage, standing(firm, owner)) == ("withdrawn", {"expand_hires": 3})
    assert Fact.objects.count() == 2
    with pytest.raises(Refused) as refusal:
        resolve(fact=mine, reason="再来", actor=officer, until=next_year())
    assert refusal.value.code == "settled"


def test_ones_own_people_take_back_their_own_and_dispute_what_a_register_says(firm, owner):
    mine = state(subject=firm, name="expand_hires", value=3, actor=owner)
    register = state(subject=firm, name="expand_hires", value=4, actor=SYSTEM, source=Source.REGISTER, register="社保")
    (disputed,) = resolve(fact=mine, reason="名册只有三人", actor=owner)
    assert disputed.stage == "disputed"
    assert standing(firm, owner) == {"expand_hires": 4}
    assert [f.stage for f in resolve(fact=mine, reason="仍是三人", actor=owner)] == ["disputed"]
    resolve(fact=register, reason="登记的对", actor=owner)
    mine.refresh_from_db()
    assert mine.stage == "withdrawn"


def test_nobody_verifies_what_they_said_themselves(firm):
    officer = factories.officer("register")
    said = state(subject=firm, name="expand_hires", value=3, actor=officer)
    assert said.source == Source.OFFICER
    with pytest.raises(Refused, match=r".") as refusal:
        verify(fact=said, until=next_year(), actor=officer)
    assert refusal.value.code == "not_permitted"


def test_a_neighbour_and_a_stranger_may_say_nothing(firm):
    for actor in (
        factories.officer("register", region=factories.NEIGHBOUR),
        factories.officer("supervisor"),
        factories.member(),
        factories.founder(),
    ):
        with pytest.raises(PermissionDenied):
            state(subject=firm, name="expand_hires", value=3, actor=actor)


def test_only_whom_it_concerns_disputes(firm, owner):
    said = state(subject=firm, name="expand_hires", value=4, actor=SYSTEM, source=Source.REGISTER, register="社保")
    with pytest.raises(Refused):
        dispute(fact=said, reason="不对", actor=factories.officer("register"))
    with pytest.raises(Refused):
        withdraw(fact=said, reason="不对", actor=owner)
    assert dispute(fact=said, reason="不对", actor=owner).stage == "disputed"


def test_a_sensitive_value_is_sealed_and_every_reading_recorded(firm, owner):
    state(subject=firm, name="equity_spread", value=1234567, actor=owner)
    with connection.cursor() as cursor:
        cursor.execute("SELECT number, secret FROM facts_fact")
        number, secret = cursor.fetchone()
    assert number is None
    assert b"1234567" not in bytes(secret)
    assert profile_of(firm, day=timezone.localdate(), actor=owner).raw == {"equity_spread": 1234567}
    read = History.objects.filter(verb="read_sensitive").get()
    told = {"about_organisation": owner.organisation_id, "facts": ["equity_spread"]}
    assert (read.person_id, read.object_id, read.data) == (owner.person_id, firm.pk, told)


def test_the_place_of_the_subject_is_where_it_is_judged(firm, owner):
    assert profile_of(firm, day=timezone.localdate(), actor=owner).region == factories.COUNTY
    assert profile_of(firm, day=timezone.localdate(), actor=owner, region="220200").region == "220200"
    alone = factories.founder()
    assert profile_of(subject_of(alone), day=timezone.localdate(), actor=alone).region == "220000"


def test_what_the_catalogue_no_longer_lets_in_is_left_out(firm, owner):
    said = state(subject=firm, name="industry_kind", value="other", actor=owner)
    Fact.objects.filter(pk=said.pk).update(text="farm")
    state(subject=firm, name="expand_hires", value=3, actor=owner)
    Fact.objects.filter(name="expand_hires").update(name="gone")
    assert standing(firm, owner) == {}


def test_the_missing_facts_come_with_what_they_decide(firm, owner):
    found = list_missing_facts(profile_of(firm, day=timezone.localdate(), actor=owner))
    assert len(found) > 10
    assert all(m.measures for m in found)
    assert any(m.money > 0 for m in found)
    state(
        subject=firm,
        name=found[0].fact.name,
        value=None if found[0].fact.may_be_absent else samples(found[0].fact),
        actor=owner,
    )
    assert found[0].fact not in [
        m.fact for m in list_missing_facts(profile_of(firm, day=timezone.localdate(), actor=owner))
    ]


def samples(fact):
    if fact.codes:
        code = current_pack().codes[fact.codes].codes[0].code
        return [code] if fact.type == "codes" else code
    return {"boolean": False, "date": timezone.localdate()}.get(fact.type, 1)


def test_a_person_opens_their_facts_to_the_offices_of_a_place_and_closes_them(regions):
    from chuangbao.core.access.row_access import visible
    from chuangbao.core.models import Region

    alone, officer, neighbour = (
        factories.founder(),
        factories.officer("register"),
        factories.officer("register", region=factories.NEIGHBOUR),
    )
    mine = subject_of(alone)
    assert not visible(Subject, to=officer).exists()
    open_to(subject=mine, place=Region.objects.get(pk=factories.COUNTY), actor=alone)
    assert visible(Subject, to=officer).get() == mine
    assert not visible(Subject, to=neighbour).exists()
    open_to(subject=mine, place=None, actor=alone)
    assert not visible(Subject, to=officer).exists()
    with pytest.raises(PermissionDenied):
        open_to(subject=mine, place=None, actor=officer)


def test_everybody_sees_what_is_theirs(firm, owner):
    from chuangbao.core.access.row_access import visible

    state(subject=firm, name="expand_hires", value=3, actor=owner)
    seen = {
        "owner": owner,
        "officer": factories.officer("register"),
        "province": factories.officer("supervisor", region=factories.PROVINCE),
        "system": SYSTEM,
        "neighbour": factories.officer("register", region=factories.NEIGHBOUR),
        "other duty": factories.officer("policy_editor"),
        "other firm": factories.member(),
        "person": factories.founder(),
        "administrator": factories.admin("system_admin"),
    }
    assert [who for who, actor in seen.items() if visible(Fact, to=actor).exists()] == [
        "owner",
        "officer",
        "province",
        "system",
    ]


def test_only_a_person_or_a_member_has_facts_of_their_own():
    with pytest.raises(PermissionDenied):
        subject_of(factories.officer())
    where = factories.organisation()
    assert subject_of_organisation(where) == subject_of_organisation(where)
    assert (str(subject_of_organisation(where)), subject_of_organisation(where).kind) == (where.name, "enterprise")
    alone = factories.founder()
    assert (str(subject_of(alone)), subject_of(alone).kind, subject_of(alone).region_id) == ("张三", "person", "")


def write_faults():
    """What the database refuses, by what is wrong with it."""
    today = timezone.localdate()
    return {
        "no value": {"as_of": today, "source": "self"},
        "two values": {"as_of": today, "source": "self", "number": 1, "flag": True},
        "absent and a value": {"as_of": today, "source": "self", "number": 1, "absent": True},
        "no day": {"source": "self", "number": 1},
        "day and period": {"as_of": today, "period": DateRange(today, next_year()), "source": "self", "number": 1},
        "verified by nobody": {"as_of": today, "source": "self", "number": 1, "stage": "verified"},
        "register without a name": {"as_of": today, "source": "register", "number": 1},
        "a register's name for oneself": {"as_of": today, "source": "self", "register": "社保", "number": 1},
    }


FAULTS = [
    "no value",
    "two values",
    "absent and a value",
    "no day",
    "day and period",
    "verified by nobody",
    "register without a name",
    "a register's name for oneself",
]


@pytest.mark.parametrize("fault", FAULTS)
def test_the_database_itself_refuses(firm, fault):
    with pytest.raises(IntegrityError), transaction.atomic():
        Fact.objects.create(subject=firm, name="expand_hires", **write_faults()[fault])


def test_a_subject_is_exactly_one_of_both(firm):
    organisation, person = (
        Organisation.objects.exclude(subject=firm).first() or factories.organisation(),
        Person.objects.first(),
    )
    for both in (
        {},
        {"organisation": organisation, "person": person},
        {"organisation": organisation, "place_id": factories.COUNTY},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Subject.objects.create(**both)
