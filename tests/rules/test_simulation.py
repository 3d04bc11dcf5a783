"""A simulation counts what the interactive engine says of each subject, to the cent."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import ceilingworld
import numpy as np
import polars as pl
import pytest

from chuangbao.rules import Engine, Status, load_pack
from chuangbao.rules.batch import SnapshotError
from chuangbao.rules.simulation import Variant, held, served, simulate, verdicts_of
from chuangbao.rules.trial import trial_engine
from chuangbao.rules.variants import ADDED, VariantError, Wanted, altered, as_text, live_values

PACK = Path(__file__).parents[2] / "packs" / "jilin"
REF = "2.6.3-small-profit"
DAY = date(2015, 6, 30)


@pytest.fixture(scope="module")
def pack():
    return load_pack(PACK)


def changed(pack, version, day=DAY, measure=REF, **wanted):
    found = pack.measures[measure]
    return altered(pack, found, pack.versions[version][1], Wanted.of(wanted), day)


def variant(pack, version, day=DAY, **wanted):
    return Variant(changed(pack, version, day, **wanted), day)


def subjects(count, seed=1):
    """Facts with holes, and figures on and beside the thresholds."""
    chance = random.Random(seed)  # noqa: S311 - not for secrets

    def some(*values):
        return None if chance.random() < 0.1 else chance.choice(values)

    edges = [n + d for n in (200_000, 300_000, 500_000, 1_000_000, 3_000_000) for d in (-0.01, 0.0, 0.01)]
    return [
        {
            "is_resident_enterprise": some(True),
            "taxable_income": some(round(chance.lognormvariate(12.3, 1.4), 2), chance.choice(edges), 0.0, 33.33),
            "restricted_industry": some(False, False, False, True),
            "industry_kind": some("industrial", "other"),
            "employees_avg": some(3.0, 79.5, 80.0, 80.5, 100.0, 300.0, 301.0),
            "assets_avg": some(9_999_999.99, 10_000_000.0, 10_000_000.01, 50_000_000.0, 5.0),
            "region": chance.choice(["220102", "220202", "222401"]),
        }
        for _ in range(count)
    ]


def frame(facts):
    table = pl.DataFrame(facts, infer_schema_length=None)
    return table.with_columns(subject=pl.Series(range(len(facts))), tax_year=pl.lit(1999))


def one_by_one(pack, asked, facts):
    """What the interactive engine says of each, whom the version does not reach left out."""
    engine, found = trial_engine(pack, asked.measure), []
    for one in facts:
        known = {k: v if not isinstance(v, float) else Decimal(str(v)) for k, v in one.items() if v is not None}
        region = known.pop("region")
        profile = engine.profile(known, as_of=asked.day, region=region)
        answers = engine.judge_all(profile)
        found.append((answers[0].status, answers[0].amount) if answers else (Status.NOT_ELIGIBLE, None))
    return found


@pytest.fixture(scope="module")
def asked(pack):
    return [
        variant(pack, "CIT-SLP-2015A"),
        variant(pack, "CIT-SLP-2015A", date(2016, 6, 30), parameters={"income_ceiling": {"": "300000"}}),
        variant(pack, "CIT-SLP-2015A", region="220100", amount="ROUND(taxable_income / 7, 2)"),
        variant(pack, "CIT-SLP-2015A", conditions={"income": "", "size": "employees_avg > 79"},
                added="assets_avg <= 10000000"),
        variant(pack, "CIT-SLP-2019", date(2019, 6, 30)),
    ]  # fmt: skip


def test_every_figure_is_the_sum_of_what_each_subject_is_told(pack, asked):
    facts = subjects(400)
    outcomes = simulate(frame(facts).lazy(), pack, asked, {"region": pl.col("region")}, size=150)
    told = [one_by_one(pack, a, facts) for a in asked]
    for outcome, own in zip(outcomes, told, strict=True):
        total, base = outcome.total, told[0]
        statuses = Counter(status for status, _amount in own)
        assert (total.eligible, total.open, total.refused) == (
            statuses[Status.ELIGIBLE], statuses[Status.UNDETERMINED], statuses[Status.NOT_ELIGIBLE]
        )  # fmt: skip
        pays = [amount if status == Status.ELIGIBLE and amount is not None else Decimal(0) for status, amount in own]
        paid = [amount if status == Status.ELIGIBLE and amount is not None else Decimal(0) for status, amount in base]
        assert Decimal(total.cents) / 100 == sum(pays)
        more = [n - w for n, w in zip(pays, paid, strict=True)]
        assert Decimal(total.gained - total.lost) / 100 == sum(more)
        assert Decimal(total.gained) / 100 == sum(m for m in more if m > 0)
        now = [status == Status.ELIGIBLE for status, _ in own]
        was = [status == Status.ELIGIBLE for status, _ in base]
        rows = list(zip(now, was, own, base, strict=True))
        assert total.newly == sum(n and not w for n, w, _, _ in rows)
        assert total.no_longer == sum(w and not n for n, w, _, _ in rows)
        both = [(o[1], b[1]) for n, w, o, b in rows if n and w and o[1] is not None and b[1] is not None]
        assert total.winners == total.newly + sum(o > b for o, b in both)
        assert total.losers == total.no_longer + sum(o < b for o, b in both)
        assert total.winners + total.losers + total.unchanged == total.subjects == 400
        assert sum(outcome.amounts) == total.cents
        parts = outcome.groups["region"].values()
        for name in ("cents", "eligible", "winners", "losers", "open"):
            assert sum(getattr(p, name) for p in parts) == getattr(total, name)
    assert any(o.total.winners for o in outcomes)
    assert any(o.total.losers for o in outcomes)
    assert any(o.total.open for o in outcomes)


def test_the_ceiling_of_300000_equals_both_measures_that_stood_in_2016(pack):
    facts = subjects(300, seed=2)
    day = date(2016, 6, 30)
    moved = variant(pack, "CIT-SLP-2015A", day, parameters={"income_ceiling": {"": "300000"}})
    upper = Variant(changed(pack, "CIT-SLP-2015B", day, measure="2.6.3-small-profit-upper-band"), day)
    both = [variant(pack, "CIT-SLP-2015A", day), upper]
    one, *two = simulate(frame(facts).lazy(), pack, [moved, *both], {})
    assert one.total.cents == sum(o.total.cents for o in two) > 0
    assert one.total.eligible == sum(o.total.eligible for o in two)


def test_what_follows_from_the_day_is_worked_out_from_the_day(pack):
    table = pl.DataFrame({"is_resident_enterprise": [True], "taxable_income": [100.0], "restricted_industry": [False], "industry_kind": ["other"],
                          "employees_avg": [1.0], "assets_avg": [1.0], "tax_year": [1999]})  # fmt: skip
    assert verdicts_of(table, pack, variant(pack, "CIT-SLP-2015A"))["status"].to_list() == [1]


def test_outside_its_period_or_its_area_a_version_reaches_nobody(pack):
    table = frame(subjects(300))
    for asked in (
        variant(pack, "CIT-SLP-2015A", valid_from="2016-01-01", valid_to=""),
        variant(pack, "CIT-SLP-2015A", valid_to="2015-01-31"),
        variant(pack, "CIT-SLP-2015A", region="220300"),
    ):
        (outcome,) = simulate(table.lazy(), pack, [asked], {})
        assert (outcome.total.eligible, outcome.total.open, outcome.total.refused) == (0, 0, 300)
        assert len(outcome.amounts) == 0
    (there,) = simulate(table.lazy(), pack, [variant(pack, "CIT-SLP-2015A", region="220100")], {"r": pl.col("region")})
    assert {k for k, f in there.groups["r"].items() if f.eligible} == {"220102"}


def test_an_amount_that_nobody_knows_is_counted_and_costs_nothing(pack):
    asked = variant(pack, "CIT-SLP-2015A", conditions=dict.fromkeys(
        ("resident", "trade", "size", "income"), ""))  # fmt: skip
    table = pl.DataFrame({"taxable_income": [None, 100_000.0]}, schema={"taxable_income": pl.Float64})
    (outcome,) = simulate(table.lazy(), pack, [asked], {})
    assert (outcome.total.eligible, outcome.total.unpriced, outcome.total.cents) == (2, 1, 1_500_000)


def test_a_population_without_any_fact_that_is_asked_is_undecided(pack):
    (outcome,) = simulate(pl.LazyFrame({"subject": [1, 2]}), pack, [variant(pack, "CIT-SLP-2015A")], {})
    assert (outcome.total.open, outcome.total.subjects) == (2, 2)


def test_nobody_at_all_costs_nothing(pack):
    empty = pl.LazyFrame({"taxable_income": []}, schema={"taxable_income": pl.Float64})
    (outcome,) = simulate(empty, pack, [variant(pack, "CIT-SLP-2015A")], {})
    assert (outcome.total.subjects, outcome.total.cents) == (0, 0)
    assert served(outcome.amounts, 100).served == 0


def test_amounts_beyond_64_bits_stay_exact(pack):
    asked = variant(
        pack, "CIT-SLP-2015A", amount="taxable_income * 100000000000000000000",
        conditions=dict.fromkeys(("resident", "trade", "size", "income"), ""),
    )  # fmt: skip
    table = pl.DataFrame({"taxable_income": [2.5, 7.0, 0.0]})
    free = replace(pack, groups={})  # the tax that exists would cut it
    (outcome,) = simulate(table.lazy(), free, [asked], {"all": pl.col("taxable_income").is_not_null()})
    assert outcome.total.cents == 950 * 10**20
    assert outcome.groups["all"]["true"].cents == 950 * 10**20
    found = served(outcome.amounts, 260 * 10**20)
    assert (found.served, found.spent, found.next) == (1, 250 * 10**20, 700 * 10**20)


def test_wrong_values_are_told_and_nothing_is_counted(pack):
    table = pl.DataFrame({"taxable_income": [-5.0], "restricted_industry": [False]})
    with pytest.raises(SnapshotError, match="taxable_income"):
        simulate(table.lazy(), pack, [variant(pack, "CIT-SLP-2015A")], {})


def test_progress_is_told_partition_by_partition(pack):
    heard = []
    simulate(frame(subjects(50)).lazy(), pack, [variant(pack, "CIT-SLP-2015A")], {}, size=20,
             told=lambda done, of: heard.append((done, of)))  # fmt: skip
    assert heard == [(20, 50), (40, 50), (50, 50)]


@pytest.mark.parametrize(
    ("smallest", "budget", "wanted"),
    [
        (False, 600, (1, 500, 300)),  # 500 is paid, 300 no more fits: whoever comes after it waits too
        (True, 600, (3, 600, 500)),
        (True, 1099, (3, 600, 500)),
        (False, 1100, (4, 1100, None)),
        (False, 0, (0, 0, 500)),
    ],
)
def test_a_budget_is_spent_until_the_next_cannot_be_paid_in_full(smallest, budget, wanted):
    found = served(np.array([500, 300, 100, 200]), budget, smallest_first=smallest)
    assert (found.served, found.spent, found.next) == wanted
    assert found.entitled == 4
    assert found.binds is (found.served < 4)


def test_what_does_not_hold_together_is_said_by_its_place(pack):
    with pytest.raises(VariantError) as refused:
        changed(
            pack, "CIT-SLP-2015A", parameters={"income_ceiling": {"": "a lot", "220100": "1"}, "other": {"": "1"}},
            conditions={"income": "taxable_income <="}, added="nothing_known > 1", amount="'text'",
        )  # fmt: skip
    assert set(refused.value.findings) == {"p-income_ceiling-", "c-income", f"c-{ADDED}", "amount"}
    assert refused.value.findings[f"c-{ADDED}"].code == "unknown_name"
    assert "p-income_ceiling-" in str(refused.value)


def test_what_is_not_named_stays_as_it_stands(pack):
    version = pack.versions["CIT-SLP-2015A"][1]
    same = changed(pack, "CIT-SLP-2015A")
    assert same.versions == (version,)
    assert Wanted.of({"amount": "1", "gone": "x"}).kept() == {"amount": "1"}
    assert Wanted().kept() == {}


SMALL = """
- version: V1
  title: {zh: 一, en: One}
  valid: {from: 2015-01-01, to: null}
  parameters:
    rate: {type: ratio, label: {zh: 率, en: Rate}, values: [{from: 2015-01-01, value: 0.125}, {from: 2015-01-01, value: 0.5, region: '220100'}, {from: 2020-01-01, value: 0.7}]}
    open: {type: boolean, label: {zh: 开, en: Open}, values: [{from: 2015-01-01, value: true}]}
    since: {type: date, label: {zh: 自, en: Since}, values: [{from: 2015-01-01, value: 2015-02-01}]}
    kind: {type: text, label: {zh: 类, en: Kind}, values: [{from: 2015-01-01, value: other}]}
    count: {type: integer, label: {zh: 数, en: Count}, values: [{from: 2015-01-01, value: 3}]}
  conditions:
  - {id: open, zh: 开, en: Open, when: open}
  - {id: since, zh: 自, en: Since, when: AS_OF >= since}
  benefit:
    kind: subsidy
    unit: CNY
    lines: [{id: half, zh: 半, en: Half, value: taxable_income * rate}]
    amount: half * count
"""


def test_parameters_of_every_type_are_moved_where_they_hold(pack):
    from chuangbao.rules.writing import read_measure_text

    reading = read_measure_text(
        f"id: small\ntitle: {{zh: 小, en: Small}}\nsubject: enterprise\nregion: '220000'\nversions:{SMALL}", pack
    )
    assert not reading.findings
    measure, version = reading.measure, reading.version
    now = {(p.name, v.region): as_text(v.value) for p, v in live_values(version, DAY)}
    assert now == {("rate", ""): "0.125", ("rate", "220100"): "0.5", ("open", ""): "true", ("since", ""): "2015-02-01",
                   ("kind", ""): "other", ("count", ""): "3"}  # fmt: skip
    wanted = Wanted(parameters={"rate": {"": "0.25", "220100": "1"}, "open": {"": "false"},
                                "since": {"": "2015-05-01"}, "kind": {"": "x"}, "count": {"": "4"}})  # fmt: skip
    new = altered(pack, measure, version, wanted, DAY)
    moved = {(p.name, v.region): as_text(v.value) for p, v in live_values(new.versions[0], DAY)}
    assert moved == {("rate", ""): "0.25", ("rate", "220100"): "1", ("open", ""): "false",
                     ("since", ""): "2015-05-01", ("kind", ""): "x", ("count", ""): "4"}  # fmt: skip
    later = {p.name: v.value for p, v in live_values(new.versions[0], date(2021, 1, 1)) if not v.region}
    assert as_text(later["rate"]) == "0.7"
    with pytest.raises(VariantError):
        altered(pack, measure, version, Wanted(parameters={"open": {"": "perhaps"}}), DAY)
    assert as_text(None) == ""
    figures = Engine(pack)  # the pack itself is as it was
    assert "small" not in figures.pack.measures


def test_a_variant_pays_what_ceilings_leave_beside_the_other_measures():
    tax = {"tax": ceilingworld.GROUPS["income_tax"]}
    first = ceilingworld.measure("a", "open", "60", tax="tax")
    second = ceilingworld.measure("b", "open", "90", tax="tax")
    other = ceilingworld.measure("c", "open", "5")
    pack = ceilingworld.capped(first, second, other, groups=tax)
    people = pl.DataFrame({"open": [True, True, False], "income": [800.0, 400.0, 800.0]})
    for name, cents in (("a", [6000, 5000, 0]), ("b", [4000, 0, 0]), ("c", [500, 500, 0])):
        found = verdicts_of(people, pack, Variant(pack.measures[name], ceilingworld.DAY))
        assert found["cents"].to_list() == cents
    scan = people.lazy()
    (outcome,) = simulate(scan, pack, [Variant(second, ceilingworld.DAY)], {})
    assert outcome.total.cents == 4000


def test_a_sum_that_is_not_known_is_no_gain_and_no_loss():
    def sides(*rows):
        columns = {"status": pl.Int8, "cents": pl.Int128, "paid": pl.Boolean}
        return pl.DataFrame(rows, schema=columns, orient="row")

    known, unknown, refused = (1, 700, True), (1, 0, False), (0, 0, False)
    found = held(sides(unknown, known, refused, known, known), sides(known, unknown, known, refused, (1, 900, True)))
    assert found["gained"].to_list() == [0, 0, 700, 0, 200]
    assert found["lost"].to_list() == [0, 0, 0, 700, 0]
    assert found["winners"].to_list() == [False, False, True, False, True]
    assert found["unpriced"].to_list() == [False, True, False, False, False]
