"""Sums that exist: ceilings cut the last of an order, to the cent, alike in every engine, and never turn round."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

import pytest
from ceilingworld import DAY, GROUPS, capped, engine, measure, subject
from minipack import build
from population import batch, frame, interactive, judge

from chuangbao.rules import Engine, PackError, Status, load_pack
from chuangbao.rules.batch import totals
from chuangbao.rules.bundle import Sum, best_bundle
from chuangbao.rules.grants import Grant
from chuangbao.rules.model import Group

if TYPE_CHECKING:
    from chuangbao.rules import Pack
    from chuangbao.rules.judgement import Answer

PROFILES = 300


def answers(pack: Pack, facts: dict[str, object], day: date = DAY) -> dict[str, Answer]:
    """Every measure judged for one subject."""
    asked = Engine(pack)
    return {a.measure: a for a in asked.judge_all(asked.profile(facts, as_of=day))}


def paid(pack: Pack, facts: dict[str, object], day: date = DAY) -> dict[str, Decimal | None]:
    """What each measure really pays."""
    return {name: answer.payable for name, answer in answers(pack, facts, day).items()}


OPEN = {"open": True}


def test_the_last_of_the_order_is_cut():
    local = replace(GROUPS["local"], text="300", order=("b", "a"))
    pack = capped(measure("a", "open", "200", group=local), measure("b", "open", "250", group=local))
    assert paid(pack, OPEN) == {"a": Decimal(50), "b": Decimal(250)}
    assert answers(pack, OPEN)["a"].share.by == ("local",)


def test_without_an_order_the_order_of_the_pack_counts():
    local = replace(GROUPS["local"], text="300", order=())
    pack = capped(measure("a", "open", "200", group=local), measure("b", "open", "250", group=local))
    assert paid(pack, OPEN) == {"a": Decimal(200), "b": Decimal(100)}


@pytest.mark.parametrize(
    ("limit", "left"), [("income - 10", "0.00"), ("income / 3", "1.66"), ("income / 3 + 0.005", "1.67")]
)
def test_a_ceiling_is_not_below_nothing_and_rounded_down(limit, left):
    pack = capped(measure("a", "open", "200", group=replace(GROUPS["local"], text=limit)))
    assert paid(pack, OPEN | {"income": 5}) == {"a": Decimal(left)}


def test_an_unknown_ceiling_says_at_most():
    pack = capped(measure("a", "open", "200", group=GROUPS["local"]))
    (answer,) = answers(pack, OPEN).values()
    assert (answer.status, answer.amount) == (Status.ELIGIBLE, Decimal(200))
    assert (answer.payable, answer.at_most) == (None, Decimal(200))
    assert answer.to_dict()["at_most"] == "200.00"


def test_a_ceiling_reads_figures_of_the_day():
    pack = capped(measure("a", "open", "200", tax="income_tax"))
    facts = OPEN | {"income": 800}
    assert paid(pack, facts, date(2015, 12, 31)) == {"a": Decimal(200)}
    assert paid(pack, facts, date(2016, 1, 1)) == {"a": Decimal(100)}


def test_reliefs_of_one_tax_never_save_more_than_the_tax():
    pack = capped(*(measure(n, "open", "70", tax="income_tax") for n in "abc"))
    found = paid(pack, OPEN | {"income": 1000})
    assert found == {"a": Decimal(70), "b": Decimal(55), "c": Decimal(0)}
    assert sum(found.values()) == Decimal(125)


def test_what_excludes_each_other_takes_of_a_ceiling_once():
    rivals = [
        measure("a", "open", "60", tax="income_tax", excludes=("b",)),
        measure("b", "open", "100", tax="income_tax"),
        measure("c", "open", "90", tax="income_tax"),
    ]
    assert paid(capped(*rivals), OPEN | {"income": 1000}) == {"a": Decimal(60), "b": Decimal(100), "c": Decimal(25)}


def test_what_only_some_will_get_comes_last():
    first = measure("a", "open", "100", tax="income_tax", grant=Grant.COMPETE)
    assert paid(capped(first, measure("b", "open", "100", tax="income_tax")), OPEN | {"income": 1000}) == {
        "a": Decimal(25),
        "b": Decimal(100),
    }


def test_loans_and_money_do_not_take_of_one_ceiling():
    plain = replace(GROUPS["plain"], cap=Fraction(100))
    pack = capped(measure("a", "open", "80", group=plain), measure("b", "open", "80", kind="loan", group=plain))
    assert paid(pack, OPEN) == {"a": Decimal(80), "b": Decimal(80)}


def test_an_undecided_one_before_it_leaves_at_most():
    pack = capped(measure("a", "insured", "100", tax="income_tax"), measure("b", "open", "100", tax="income_tax"))
    found = answers(pack, OPEN | {"income": 1000})
    assert (found["b"].payable, found["b"].at_most) == (None, Decimal(100))
    assert (found["a"].payable, found["a"].at_most) == (None, Decimal(100))
    assert paid(pack, OPEN | {"income": 1000, "insured": False}) == {"a": None, "b": Decimal(100)}
    # where there is room for both, it does not matter
    assert paid(pack, OPEN | {"income": 1600})["b"] == Decimal(100)


def test_a_version_asked_for_out_of_its_time_stands_in_for_the_one_in_force():
    one = measure("a", "open", "100", tax="income_tax")
    late = replace(one.versions[0], version="V-later", valid_from=date(2017, 1, 1))
    early = replace(one.versions[0], valid_to=date(2016, 12, 31))
    pack = capped(replace(one, versions=(early, late)), measure("b", "open", "100", tax="income_tax"))
    asked = Engine(pack)
    profile = asked.profile(OPEN | {"income": 480}, as_of=DAY)
    assert [asked.judge(profile, v).payable for v in ("V-later", "V-a", "V-b")] == [60, 60, 0]
    rows = frame(pack, [OPEN | {"income": 480}])
    for wanted in (["V-later"], ["V-b"], ["V-later", "V-b"]):
        found = totals(rows, asked, DAY, measures=wanted).measures
        assert [m.payable for m in found] == [asked.judge(profile, v).payable for v in wanted]
        assert [m.amount for m in found] == [100] * len(wanted)


def together(seed: int, count: int) -> None:
    """The interactive engine and the columns on random subjects; what is known of fewer facts never turns round."""
    asked, chance = engine(seed), random.Random(seed)  # noqa: S311 - a repeatable case, no secret
    subjects = [subject(chance) for _ in range(count)]
    columns = frame(asked.pack, subjects)
    expected = interactive(asked, subjects, DAY)
    assert batch(judge(asked, DAY), columns) == expected
    found, exact = (totals(columns, asked, DAY, engine=way).measures for way in ("columns", "exact"))
    assert [(m.payable, m.unsettled, m.amount) for m in found] == [(m.payable, m.unsettled, m.amount) for m in exact]
    for facts in subjects[:: max(1, count // 60)]:
        grows(asked, facts, chance)


def grows(asked: Engine, facts: dict[str, object], chance: random.Random) -> None:
    """Learning one fact after another only decides more."""
    known: dict[str, object] = {}
    before: dict[str, Decimal | None] = {}
    for name in chance.sample(list(facts), len(facts)):
        known[name] = facts[name]
        now = {a.version: a for a in asked.judge_all(asked.profile(known, as_of=DAY))}
        for version, payable in before.items():
            assert payable is None or now[version].payable == payable
        assert all(a.at_most is None or a.payable is None for a in now.values())
        before = {v: a.payable for v, a in now.items() if a.status is Status.ELIGIBLE}


@pytest.mark.parametrize("seed", range(4))
def test_every_engine_pays_the_same_cent(seed):
    together(seed, PROFILES)


def test_the_combination_pays_what_each_measure_says():
    for seed in range(3):
        asked, chance = engine(seed), random.Random(seed)  # noqa: S311 - a repeatable case, no secret
        for _ in range(20):
            profile = asked.profile(subject(chance), as_of=DAY)
            found = asked.judge_all(profile)
            bundle = best_bundle(asked.pack, found)
            known = {a.measure: a.payable for a in found if a.status is Status.ELIGIBLE}
            everything = all(a.status is not Status.UNDETERMINED for a in found) and None not in known.values()
            if everything and not bundle.left:
                assert bundle.amounts == {name: amount for name, amount in known.items() if name in bundle.amounts}


def test_a_combination_under_an_unknown_ceiling_is_at_most():
    pack = capped(measure("a", "open", "200", group=GROUPS["local"]), measure("b", "open", "7"))
    asked = Engine(pack)
    bundle = best_bundle(pack, asked.judge_all(asked.profile(OPEN, as_of=DAY)))
    assert bundle.uncertain == {"a"}
    assert bundle.sums == (Sum("tax", "once", Decimal("207.00")),)


def test_amounts_beyond_the_columns_are_cut_by_the_interactive_engine():
    pack = capped(measure("a", "open", "income * 10000000000", group=Group("g", "cap", text="income")))
    asked = Engine(pack)
    subjects = [OPEN | {"income": 10**12}, OPEN | {"income": 3}, {"income": 3}]
    assert batch(judge(asked, DAY), frame(pack, subjects)) == interactive(asked, subjects, DAY)
    assert paid(pack, subjects[0]) == {"a": Decimal(10**12)}


def test_a_ceiling_that_columns_cannot_express_is_judged_row_by_row():
    text = "(SELECT COUNT(DISTINCT hours) FROM hires WHERE full) / staff"
    pack = capped(
        measure("a", "open", "200", group=Group("g", "cap", text=f"CASE WHEN staff > 0 THEN {text} ELSE 1 END"))
    )
    asked = Engine(pack)
    subjects = [OPEN | {"staff": n, "hires": [{"hours": 10, "full": True}]} for n in range(4)]
    assert batch(judge(asked, DAY), frame(pack, subjects)) == interactive(asked, subjects, DAY)


# ---- the pack format

GROUP_FILE = """\
- name: cit
  zh: 企业所得税
  en: Corporate income tax
  rule: tax
  cap: taxable_income * rate
  parameters: {rate: {type: ratio, values: [{from: 2008-01-01, value: 0.25}]}}
- name: local
  zh: 地方贡献
  en: Local contribution
  rule: cap
  cap: taxable_income * 0.05
  order: [1.2-subsidy]
"""


def grouped(folder, text: str = GROUP_FILE, *edits: tuple[str, str, str]) -> Pack:
    """A small pack with declared groups."""
    build(folder, *edits)
    (folder / "groups.yaml").write_text(text, encoding="utf-8")
    return load_pack(folder)


SUB = "measures/subsidy.yaml"
TAX = "measures/tax.yaml"
NAMED = (SUB, "    excludes: [1.1-tax]", "    group: local")
TAXED = (TAX, 'unit: CNY/year, amount: "taxable_income * 0.15"}\n    examples:\n      - name: at',
         'unit: CNY/year, tax: cit, amount: "taxable_income * 0.3"}\n    examples:\n      - name: at')  # fmt: skip


def test_a_group_is_declared_once_and_named(tmp_path):
    pack = grouped(tmp_path, GROUP_FILE, NAMED, TAXED)
    asked = Engine(pack)
    facts = {"taxable_income": 1000, "employees": 5, "insured": True, "industry_kind": "other"}
    found = {a.measure: (a.amount, a.payable) for a in asked.judge_all(asked.profile(facts, as_of=date(2015, 6, 30)))}
    assert found["1.2-subsidy"] == (Decimal(2500), Decimal(50))
    assert found["1.1-tax"] == (Decimal(300), Decimal(250))


WRONG = [
    ("unknown", GROUP_FILE, (SUB, "    excludes: [1.1-tax]", "    group: locl"), "unknown_group", "did you mean local"),
    ("unlike any", GROUP_FILE, (SUB, "    excludes: [1.1-tax]", "    group: zzzzzz"), "unknown_group", "declare it"),
    ("here too", GROUP_FILE, (SUB, "    excludes: [1.1-tax]", "    group: {name: local, rule: highest}"), "group_twice", "group: local"),
    ("no tax", GROUP_FILE.replace("rule: tax", "rule: cap"), TAXED, "group_rule", "rule: tax"),
    ("no such tax", GROUP_FILE, (TAXED[0], TAXED[1], TAXED[2].replace("tax: cit", "tax: vat")), "unknown_group", ""),
    ("no sum", GROUP_FILE.replace("  cap: taxable_income * 0.05\n", ""), NAMED, "group_cap", "cap: 300000"),
    ("twice", GROUP_FILE + GROUP_FILE.replace("cit", "tax2"), NAMED, "duplicate", ""),
    ("a count", GROUP_FILE.replace("taxable_income * 0.05", "employees"), NAMED, "group_cap", ""),
    ("a member", GROUP_FILE.replace("taxable_income * 0.05", "amount"), NAMED, "unknown_name", ""),
    ("not read", GROUP_FILE.replace("taxable_income * 0.05", "taxable_income *"), NAMED, "", ""),
    ("unit", GROUP_FILE, (SUB, "unit: CNY, amount", "unit: CNY/week, amount"), "unit", "CNY/month"),
    ("per", GROUP_FILE, (SUB, "unit: CNY, amount", "unit: CNY/year, per: month, amount"), "unit", "CNY/month"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "edit", "code", "hint"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
def test_a_group_that_does_not_hold_together_is_refused(tmp_path, text, edit, code, hint):
    with pytest.raises(PackError) as caught:
        grouped(tmp_path, text, edit)
    found = [f for f in caught.value.findings if code in f.code]
    assert found
    assert any(hint in f.hint for f in found)


def test_how_often_money_comes_can_be_said_apart_from_the_unit(tmp_path):
    pack = grouped(tmp_path, GROUP_FILE, (SUB, "unit: CNY, amount", "unit: CNY, per: month, amount"))
    benefit = pack.versions["SUB-2015"][1].benefit
    assert (benefit.unit, benefit.per) == ("CNY/month", "month")
