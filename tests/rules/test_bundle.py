"""The best lawful combination equals brute force, says why something stays out, and never adds what is exclusive."""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chuangbao.rules.answers import Status
from chuangbao.rules.bundle import Bundle, best_bundle
from chuangbao.rules.model import Benefit, Group, Measure, Pack, Text, Version

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chuangbao.rules.regions import RegionTree


class Answer(NamedTuple):
    """What the search reads of an answer."""

    version: str
    status: Status
    amount: Decimal | None
    unit: str
    kind: str


Spec = tuple[str, str, str | None, tuple[str, ...], Group | None]


def spec(
    name: str,
    kind: str = "subsidy",
    amount: str | None = "100.00",
    excludes: Sequence[str] = (),
    group: Group | None = None,
) -> Spec:
    """One measure with its answer: name, kind, amount, what it excludes, its family."""
    return name, kind, amount, tuple(excludes), group


def world(specs: Sequence[Spec]) -> tuple[Pack, list[Answer]]:
    """A pack of bare measures and an eligible answer for each."""
    measures: dict[str, Measure] = {}
    answers: list[Answer] = []
    for name, kind, amount, excludes, group in specs:
        unit = "none" if amount is None else "CNY"
        version = Version(
            f"V-{name}", Text(f"事项{name}", f"Item {name}"), None, None, Benefit(kind, unit, ""),
            excludes=excludes, group=group,
        )  # fmt: skip
        measures[name] = Measure(name, Text(name), "enterprise", "100000", (version,))
        money = None if amount is None else Decimal(amount)
        answers.append(Answer(version.version, Status.ELIGIBLE, money, unit, kind))
    regions = cast("RegionTree", None)
    pack = Pack("t", Text("t"), "1", "", {}, {}, {}, (), regions, {}, measures)
    return pack, answers


def bundle(*specs: Spec, node_limit: int = 20_000) -> Bundle:
    """The best combination of these measures."""
    return best_bundle(*world(specs), node_limit=node_limit)


def totals(found: Bundle) -> dict[str, Decimal]:
    """The sums by kind; each of these measures pays once."""
    return {one.kind: one.amount for one in found.sums}


def lawful(chosen: Sequence[Spec], specs: Sequence[Spec]) -> bool:
    """Straight from the definition of exclusion, highest and first."""
    for one, two in combinations(chosen, 2):
        if one[0] in two[3] or two[0] in one[3]:
            return False
        if one[4] and two[4] and one[4].name == two[4].name and one[4].rule != "cap":
            return False
    leaders = {}
    for item in specs:
        if item[4] and item[4].rule == "first":
            leaders.setdefault(item[4].name, item[0])
    return all(not (i[4] and i[4].rule == "first") or leaders[i[4].name] == i[0] for i in chosen)


def worth(chosen: Sequence[Spec]) -> tuple[Decimal, Decimal, int]:
    """Money, loans and rights of a set, straight from the definition of a joint ceiling."""
    sums = {False: Decimal(0), True: Decimal(0)}
    pots: dict[tuple[str, bool], tuple[Decimal, Decimal]] = {}
    rights = 0
    for _, kind, amount, _, group in chosen:
        value = Decimal(amount or 0)
        rights += value <= 0
        loan = kind == "loan"
        if group and group.rule == "cap" and group.cap is not None:
            cap = Decimal(int(group.cap))
            pots[group.name, loan] = (pots.get((group.name, loan), (Decimal(0), cap))[0] + value, cap)
        else:
            sums[loan] += value
    for (_, loan), (total, cap) in pots.items():
        sums[loan] += min(total, cap)
    return sums[False], sums[True], rights


def brute(specs: Sequence[Spec]) -> tuple[Decimal, Decimal, int]:
    """The best of all lawful subsets."""
    subsets = (c for n in range(len(specs) + 1) for c in combinations(specs, n))
    return max(worth(c) for c in subsets if lawful(c, specs))


GROUPS = {
    "h": Group("h", "highest"),
    "f": Group("f", "first"),
    "c": Group("c", "cap", Fraction(250)),
    "-": None,
}


@st.composite
def cases(draw: st.DrawFn) -> list[Spec]:
    """Up to nine measures with random exclusions and families."""
    names = "abcdefghi"[: draw(st.integers(0, 9))]
    out = []
    for name in names:
        kind = draw(st.sampled_from(["tax", "subsidy", "loan", "right"]))
        amount = (
            None
            if kind == "right"
            else draw(st.sampled_from(["0.00", "50.00", "100.00", "100.00", "199.99", "300.00"]))
        )
        excludes = draw(st.lists(st.sampled_from(names), max_size=2))
        out.append(spec(name, kind, amount, excludes, GROUPS[draw(st.sampled_from("hfc--"))]))
    return out


@given(cases(), st.randoms(use_true_random=False))
def test_equals_brute_force_whatever_the_order(specs: list[Spec], chance: random.Random) -> None:
    pack, answers = world(specs)
    found = best_bundle(pack, answers)
    by_name = {s[0]: s for s in specs}
    chosen = [by_name[name] for name in found.taken]
    assert lawful(chosen, specs)
    assert worth(chosen) == brute(specs)
    assert found.complete
    assert {*found.taken, *(left.measure for left in found.left)} == set(by_name)
    assert len(found.taken) + len(found.left) == len(by_name)
    money, loans, _ = worth(chosen)
    assert totals(found).get("loan", Decimal(0)) == loans
    assert sum(v for k, v in totals(found).items() if k != "loan") == money
    assert all(left.because.zh and left.because.en for left in found.left)
    chance.shuffle(answers)
    assert best_bundle(pack, answers) == found


@given(cases(), st.integers(0, 3))
def test_stopped_early_is_still_lawful_and_says_so(specs: list[Spec], limit: int) -> None:
    found = bundle(*specs, node_limit=limit)
    chosen = [s for s in specs if s[0] in found.taken]
    assert lawful(chosen, specs)
    assert worth(chosen) <= brute(specs)
    if found.complete:
        assert worth(chosen) == brute(specs)


def test_what_a_ceiling_frees_is_taken_up_even_when_stopped_early() -> None:
    cap = GROUPS["c"]
    tangle = [spec("x", amount="1.00", excludes=["y"], group=cap), spec("y", amount="0.50")]
    big = [
        spec("a", excludes=["b"]),
        spec("b", amount="200.00", group=cap),
        spec("c", amount="300.00", group=cap),
    ]
    found = bundle(*big, *tangle, node_limit=1)
    assert not found.complete
    assert found.taken == ("a", "c", "y")


def test_exclusion_holds_both_ways_and_names_the_measure_taken() -> None:
    found = bundle(spec("a", amount="100.00", excludes=["b"]), spec("b", "tax", "300.00"))
    assert found.taken == ("b",)
    assert totals(found) == {"tax": Decimal("300.00")}
    (left,) = found.left
    assert (left.measure, left.rule, left.by) == ("a", "excludes", ("b",))
    assert left.because == Text("不能与“事项b”同时享受", "cannot be combined with “Item b”")


def test_two_smaller_ones_beat_the_largest() -> None:
    found = bundle(spec("a", amount="150.00", excludes=["b", "c"]), spec("b"), spec("c"))
    assert found.taken == ("b", "c")
    assert totals(found) == {"subsidy": Decimal("200.00")}


def test_a_member_whose_sum_is_not_known_yet_may_be_higher_and_says_so() -> None:
    pack, answers = world([spec("a", group=Group("h", "highest")), spec("b", group=Group("h", "highest"))])
    waiting = answers[1]._replace(amount=None)
    found = best_bundle(pack, [answers[0], waiting])
    assert found.taken == ("a",)
    assert found.left[0].because.zh.endswith("；这一项的金额待算，可能更高")
    assert "may be higher" not in best_bundle(pack, answers).left[0].because.en


def test_the_highest_of_a_family() -> None:
    found = bundle(spec("a", group=GROUPS["h"]), spec("b", amount="101.00", group=GROUPS["h"]))
    assert found.taken == ("b",)
    assert found.left[0].rule == "highest"
    assert found.left[0].because.zh == "同类政策只能选最高的一项，已选“事项b”"


def test_the_first_of_a_family_even_if_it_brings_less() -> None:
    found = bundle(spec("a", group=GROUPS["f"]), spec("b", amount="900.00", group=GROUPS["f"]))
    assert found.taken == ("a",)
    assert (found.left[0].rule, found.left[0].by) == ("first", ("a",))


def test_a_joint_ceiling_cuts_the_sum_and_leaves_out_what_adds_nothing() -> None:
    cap = GROUPS["c"]
    found = bundle(spec("a", amount="200.00", group=cap), spec("b", group=cap))
    assert found.amounts == {"a": Decimal("200.00"), "b": Decimal("50.00")}
    assert totals(found) == {"subsidy": Decimal("250.00")}
    assert (found.capped[0].uncapped, found.capped[0].measures) == (Decimal("300.00"), ("a", "b"))
    full = bundle(spec("a", amount="300.00", group=cap), spec("b", group=cap))
    assert full.taken == ("a",)
    assert full.left[0].because.zh == "“事项a”合计已达上限250.00元，再加不增加"
    zero = bundle(spec("a", group=Group("z", "cap", Fraction(0))))
    assert (zero.taken, zero.left[0].rule, zero.left[0].by) == ((), "cap", ())


def test_the_lowest_of_two_stated_ceilings_is_the_lawful_one() -> None:
    wide, narrow = Group("c", "cap", Fraction(900)), Group("c", "cap", Fraction(120))
    assert totals(bundle(spec("a", group=wide), spec("b", group=narrow))) == {"subsidy": Decimal("120.00")}


def test_loans_are_not_money_and_rights_are_kept_along() -> None:
    found = bundle(spec("a", "loan", "900000.00", ["b"]), spec("b", "tax", "1.00"), spec("c", "right", None))
    assert found.taken == ("b", "c")
    assert found.counts == {"tax": 1, "right": 1}
    assert totals(found) == {"tax": Decimal("1.00")}


def test_only_eligible_answers_count_and_versions_of_one_rule_never_add_up() -> None:
    pack, answers = world([spec("a"), spec("b")])
    old = Answer("V-a", Status.ELIGIBLE, Decimal("40.00"), "CNY", "subsidy")
    maybe = Answer("V-b", Status.UNDETERMINED, Decimal("40.00"), "CNY", "subsidy")
    found = best_bundle(pack, [answers[0], old, maybe])
    assert found.taken == ("a",)
    assert totals(found) == {"subsidy": Decimal("100.00")}


def test_many_measures_in_one_tangle_stay_quick() -> None:
    chance = random.Random(7)  # noqa: S311 - a repeatable case, no secret
    names = [f"m{i}" for i in range(60)]
    specs = [spec(n, amount=f"{chance.randrange(1, 999)}.00", excludes=chance.sample(names, 3)) for n in names]
    found = bundle(*specs)
    assert found.taken


@pytest.mark.parametrize("unit", ["year", "working_day", "none"])
def test_years_and_days_are_never_added_to_money(unit: str) -> None:
    pack, _ = world([spec("a")])
    found = best_bundle(pack, [Answer("V-a", Status.ELIGIBLE, Decimal(3), unit, "right")])
    assert (totals(found), found.counts) == ({}, {"right": 1})
