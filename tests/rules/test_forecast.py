"""Not yet: the first day a refusal would turn and the fewest deeds, against brute force over every day and deed."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from itertools import combinations, product

import pytest
import world
from minipack import build

from chuangbao.rules import Engine, PackError, Status, load_pack
from chuangbao.rules import forecast as outlook
from chuangbao.rules.forecast import Deed, NotYet, Outlook
from chuangbao.rules.model import Fact, FactType, Parameter, ParameterValue, Text
from chuangbao.rules.runtime import ABSENT, add_months, months_since

DAY = date(2016, 1, 31)
MORE = (
    world.fact("months_open", FactType.INTEGER, unit="month", by="time"),
    world.fact("years_in", FactType.INTEGER, unit="year", by="time", maximum=Fraction(2)),
    world.fact("tenure", FactType.DECIMAL, unit="year", by="time"),
    world.fact("months_run", FactType.INTEGER, unit="month", by="time", since="registered_on"),
    world.fact("years_out", FactType.INTEGER, unit="year", by="time", since="registered_on"),
    world.fact("years_run", FactType.DECIMAL, unit="year", by="time", since="registered_on"),
    world.fact("registered", FactType.BOOLEAN, by="deed"),
    world.fact("registered_on", FactType.DATE, by="deed"),
    world.fact("hired", FactType.INTEGER, by="deed", minimum=Fraction(0)),
    world.fact("form", FactType.CODE, codes="colour", by="deed"),
    world.fact("scopes", FactType.CODES, codes="colour", by="deed"),
    world.fact("owed", FactType.INTEGER, by="deed", may_be_absent=True),
    world.fact("is_running", FactType.BOOLEAN, value_text="registered AND MONTHS_SINCE(founded) >= 3"),
)
FACTS = world.FACTS | {fact.name: fact for fact in MORE}
KNOWN = {
    "open": True, "insured": False, "founded": DAY, "left_on": date(2015, 5, 30), "months_open": 0, "years_in": 0,
    "tenure": Fraction(1, 2), "registered": False, "registered_on": date(2014, 2, 28), "hired": 0, "form": "red",
    "scopes": ["red"], "owed": 3, "staff": 1,
}  # fmt: skip


def engine(*conditions: str, facts: dict[str, Fact] = FACTS, **more: object) -> Engine:
    """One version of bare conditions."""
    pack = world.pack(replace(world.version("v", *conditions), **more))
    measures = {"m": replace(pack.measures["v"], id="m")}  # so that "v" asks for the version whatever the day
    return Engine(replace(pack, facts=facts, measures=measures))


def not_yet(
    *conditions: str,
    facts: dict[str, object] = KNOWN,
    day: date = DAY,
    more_facts: dict[str, Fact] = FACTS,
    **more: object,
) -> NotYet | None:
    """What is still to come for somebody."""
    asked = engine(*conditions, facts=more_facts, **more)
    return asked.judge(asked.profile(facts, as_of=day), "v").not_yet


CASES = [
    (("months_open >= 12",), NotYet(date(2017, 1, 31))),
    (("months_open >= 1",), NotYet(date(2016, 3, 1))),  # a full month from 31 January is full on 1 March
    (("MONTHS_SINCE(founded) >= 6",), NotYet(date(2016, 7, 31))),
    (("AS_OF > ADD_MONTHS(left_on, 12)",), NotYet(date(2016, 5, 31))),
    (("YEARS_SINCE(left_on) >= 2", "open"), NotYet(date(2017, 5, 30))),
    (("YEAR(AS_OF) >= 2017",), NotYet(date(2017, 1, 1))),
    (("AS_OF >= DATE '2016-04-13'",), NotYet(date(2016, 4, 13))),
    (("years_in >= 2",), NotYet(date(2018, 1, 31))),
    (("tenure >= 0.75",), NotYet(date(2016, 5, 1))),
    (("registered",), NotYet(DAY, (Deed("registered", True),))),
    (("registered OR hired >= 3",), NotYet(DAY, (Deed("registered", True),))),
    (("hired >= 3",), NotYet(DAY, (Deed("hired", 3),))),
    (("form = 'blue'",), NotYet(DAY, (Deed("form", "blue"),))),
    (("CONTAINS(scopes, 'blue')",), NotYet(DAY, (Deed("scopes", frozenset({"blue"})),))),
    (("owed IS NULL",), NotYet(DAY, (Deed("owed", ABSENT),))),
    (("registered", "hired >= 1"), NotYet(DAY, (Deed("registered", True), Deed("hired", 1)))),
    (("is_running",), NotYet(date(2016, 5, 1), (Deed("registered", True),))),
    (("months_open >= 12", "registered"), NotYet(date(2017, 1, 31), (Deed("registered", True),))),
    # what never changes, is open, or lies too far away
    (("MONTHS_SINCE(registered_on) < 12",), None),  # a day that has passed is not done again
    (("insured AND tenure >= 0.75",), None),
    (("insured",), None),
    (("registered", "insured"), None),
    (("registered", "weight > 3"), None),
    (("months_open >= 37",), None),
    (("years_in >= 3",), None),  # more than the fact can be
    (("AS_OF <= DATE '2015-12-31'",), None),
    (("hired >= 1", "hired < 1"), None),
    (("months_open >= 2", "MONTHS_SINCE(founded) < 2"), None),
    (("open",), None),
    ((), None),
]


@pytest.mark.parametrize(("conditions", "expected"), CASES, ids=[" and ".join(c) or "none" for c, _ in CASES])
def test_the_first_day_and_the_fewest_deeds(conditions, expected):
    assert not_yet(*conditions) == expected


def test_deeds_without_which_nothing_turns_are_not_counted_among_those_that_are_chosen():
    steps = {f"step_{n}": world.fact(f"step_{n}", FactType.BOOLEAN, by="deed") for n in range(8)}
    said = KNOWN | dict.fromkeys(steps, False)
    found = not_yet(*steps, "registered OR hired >= 2", facts=said, more_facts=FACTS | steps)
    assert found == NotYet(DAY, (Deed("registered", True), *(Deed(name, True) for name in steps)))


def test_what_is_done_once_is_not_undone():
    sole = FACTS | {"sole": world.fact("sole", FactType.BOOLEAN, by="once")}
    assert not_yet("sole", facts=KNOWN | {"sole": False}, more_facts=sole) == NotYet(DAY, (Deed("sole", True),))
    assert not_yet("NOT sole", facts=KNOWN | {"sole": True}, more_facts=sole) is None


def test_it_looks_no_further_than_the_version_lives():
    assert not_yet("months_open >= 12", valid_to=date(2017, 1, 31)) == NotYet(date(2017, 1, 31))
    assert not_yet("months_open >= 12", valid_to=date(2017, 1, 30)) is None
    assert not_yet("months_open >= 12", valid_to=date(2016, 1, 1)) is None


def test_it_begins_with_the_version():
    assert not_yet("registered", valid_from=date(2016, 6, 1)) == NotYet(date(2016, 6, 1), (Deed("registered", True),))


def test_figures_move_with_the_day():
    values = (ParameterValue(date(2015, 1, 1), 5), ParameterValue(date(2016, 9, 9), 1))
    figures = {"least": Parameter("least", FactType.INTEGER, "", Text("least"), values)}
    assert not_yet("staff >= least", parameters=figures) == NotYet(date(2016, 9, 9))
    assert not_yet("hired >= least", parameters=figures) == NotYet(DAY, (Deed("hired", 5),))


def test_rows_stay_and_their_days_count():
    fact = world.fact("leaves_on", FactType.DATE)
    kind = replace(world.ROWS["hires"], columns=world.COLUMNS | {"leaves_on": fact})
    pack = replace(world.pack(world.version("v", "(SELECT COUNT(*) FROM hires WHERE leaves_on < AS_OF) >= 1")),
                   facts=FACTS, rows={"hires": kind})  # fmt: skip
    asked = Engine(pack)
    profile = asked.profile({"hires": [{"leaves_on": "2016-03-30", "hours": 1}]}, as_of=DAY)
    assert asked.judge(profile, "v").not_yet == NotYet(date(2016, 3, 31))


def test_a_derived_fact_that_was_said_does_not_move():
    assert not_yet("is_running", facts=KNOWN | {"is_running": False}) is None


def test_a_verdict_that_is_not_a_refusal_has_no_forecast():
    asked = engine("registered")
    assert asked.judge(asked.profile({}, as_of=DAY), "v").not_yet is None
    asked = engine("registered", manual=Text("人工"))
    assert asked.judge(asked.profile(KNOWN, as_of=DAY), "v").not_yet is None


@pytest.mark.parametrize(
    ("condition", "waits"),
    [
        ("tenure >= 0.75", True),
        ("open AND tenure >= 0.75", True),
        ("insured OR hired >= 3", True),
        ("insured AND tenure <= 2", False),  # a group of which one is none, within some years
        ("insured AND registered", False),
        ("CONTAINS(given_to, 'blue') AND registered", False),
        ("tenure <= 0.25", False),  # years only grow
        ("months_open >= 37", False),
        ("AS_OF <= DATE '2015-12-31'", False),
        ("registered_on >= DATE '2015-01-01'", False),
    ],
)
def test_what_one_is_waits_for_nothing_whatever_else_a_condition_reads(condition, waits):
    given_to = world.fact("given_to", FactType.CODES, codes="colour")
    asked = engine(condition, "weight > 3", facts=FACTS | {"given_to": given_to})
    answer = asked.judge(asked.profile(KNOWN | {"given_to": ["red"]}, as_of=DAY), "v")
    assert answer.status is Status.NOT_ELIGIBLE
    assert answer.awaited == (("weight",) if waits else ())


def test_json_says_the_day_and_the_deeds():
    asked = engine("registered", "hired >= 1", "registered_on <= DATE '2016-03-01'")
    planned = KNOWN | {"registered_on": date(2016, 6, 1)}
    told = asked.judge(asked.profile(planned, as_of=DAY), "v").to_dict()["not_yet"]
    assert told == {
        "day": "2016-01-31",
        "deeds": [
            {"fact": "registered", "value": True},
            {"fact": "registered_on", "value": "2016-01-31"},
            {"fact": "hired", "value": 1},
        ],
    }
    assert NotYet(DAY, (Deed("a", frozenset("ba")), Deed("b", Fraction(1, 2)))).to_dict()["deeds"] == [
        {"fact": "a", "value": ["a", "b"]}, {"fact": "b", "value": "1/2"},
    ]  # fmt: skip


def test_a_search_that_is_too_wide_stops(monkeypatch):
    monkeypatch.setattr(outlook, "TRIED", 1)
    assert not_yet("registered OR hired >= 2") is None
    monkeypatch.setattr(outlook, "FACTS", 0)
    assert not_yet("registered OR hired >= 2") is None


# ---- brute force


def grown(facts: dict[str, object], day: date) -> dict[str, object]:
    """The same subject on a later day, straight from the definition."""
    months = months_since(DAY, day)
    return facts | {
        "months_open": facts["months_open"] + months,
        "years_in": min(facts["years_in"] + months // 12, 2),
        "tenure": facts["tenure"] + Fraction(months, 12),
    }


def brute(asked: Engine, facts: dict[str, object]) -> tuple[date, int] | None:
    """The fewest deeds, and the first day with any of as many: every day, every value."""
    answer = asked.judge(asked.profile(facts, as_of=DAY), "v")
    if answer.status is not Status.NOT_ELIGIBLE or None in [t[0] for t in answer.triples]:
        return None
    version = answer.plan.version
    failing = [c for c, t in zip(version.conditions, answer.triples, strict=True) if t[0] is False]
    deeds = Outlook(answer).deeds(failing)
    last = add_months(DAY, 36)
    for size in range(len(deeds) + 1):
        found = [first_day(asked, facts, dict(zip(names, values, strict=True)), last)
                 for names in combinations(deeds, size) for values in product(*(deeds[n] for n in names))]  # fmt: skip
        if any(found):
            return min(day for day in found if day), size
    return None


def first_day(asked: Engine, facts: dict[str, object], changed: dict[str, object], last: date) -> date | None:
    """The first day from today on that all conditions hold."""
    said = {n: None if v is ABSENT else sorted(v) if isinstance(v, frozenset) else v for n, v in changed.items()}
    day = DAY
    while day <= last:
        profile = asked.profile(grown(facts, day) | said, as_of=day)
        if asked.judge(profile, "v").status is Status.ELIGIBLE:
            return day
        day += timedelta(days=1)
    return None


PARTS = (
    "months_open >= 2", "months_open >= 14", "years_in >= 1", "tenure >= 1.25", "registered", "hired >= 2",
    "is_running", "MONTHS_SINCE(left_on) >= 10", "YEARS_SINCE(founded) < 1", "AS_OF >= ADD_MONTHS(left_on, 13)",
    "registered OR months_open >= 5", "form <> 'red'", "owed IS NULL OR AS_OF >= DATE '2016-05-05'",
    "MONTHS_SINCE(registered_on) BETWEEN 2 AND 5", "YEAR(AS_OF) = 2017", "NOT registered",
)  # fmt: skip


def agrees(seed: int) -> None:
    """The search and brute force on one drawn version and subject."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable case, no secret
    asked = engine(*chance.sample(PARTS, chance.randint(1, 3)))
    facts = KNOWN | {
        "registered": chance.random() < 0.5, "months_open": chance.randrange(4),
        "left_on": date(2015, 1, 1) + timedelta(days=chance.randrange(500)),
        "registered_on": date(2015, 6, 1) + timedelta(days=chance.randrange(200)),
    }  # fmt: skip
    found = asked.judge(asked.profile(facts, as_of=DAY), "v").not_yet
    assert (found and (found.day, len(found.deeds))) == brute(asked, facts)


@pytest.mark.parametrize("seed", range(12))
def test_equals_brute_force(seed):
    agrees(seed)


# ---- the pack format


def test_a_fact_says_how_it_can_change(tmp_path):
    edit = ("facts/enterprise.yaml", "- name: insured\n", "- name: insured\n  by: deed\n")
    pack = load_pack(build(tmp_path, edit))
    assert (pack.facts["insured"].by, pack.facts["employees"].by) == ("deed", "nothing")


def test_another_way_of_changing_is_refused(tmp_path):
    edit = ("facts/enterprise.yaml", "- name: insured\n", "- name: insured\n  by: deeds\n")
    with pytest.raises(PackError, match="deed"):
        load_pack(build(tmp_path, edit))


LEAST = {"months_run": 12, "years_run": 1, "years_out": 1}


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ({"months_run": 8, "registered_on": date(2016, 3, 1)}, date(2017, 3, 1)),  # not 28 March, the day of today
        ({"months_run": 5, "registered_on": date(2016, 3, 1)}, date(2017, 6, 28)),  # closed for a time: from today on
        ({"months_run": 8}, date(2017, 3, 28)),
        ({"months_run": 8, "registered_on": date(2016, 3, 28)}, date(2017, 3, 28)),
        ({"years_run": Fraction(8, 12), "registered_on": date(2016, 3, 1)}, date(2017, 3, 1)),
        ({"years_out": 0, "registered_on": date(2015, 12, 30)}, date(2016, 12, 30)),
    ],
)
def test_a_counter_grows_on_the_day_that_it_counts_from(said, day):
    what = next(f"{name} >= {least}" for name, least in LEAST.items() if name in said)
    assert not_yet(what, facts=said, day=date(2016, 11, 28)) == NotYet(day)


def test_what_a_counter_counts_from_is_a_day(tmp_path):
    edit = ("facts/enterprise.yaml", "- name: employees\n", "- name: employees\n  by: time\n  since: taxable_income\n")
    with pytest.raises(PackError, match="'employees' counts from 'taxable_income'"):
        load_pack(build(tmp_path, edit))
