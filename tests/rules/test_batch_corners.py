"""Single expressions over columns where an engine could go its own way: edges of the calendar, of 64 bits, of regions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import polars as pl
import population
import pytest
import world

from chuangbao.rules import Engine, Measure, Status, Text
from chuangbao.rules.batch import SnapshotError, totals
from chuangbao.rules.batch.hits import digits_of, table
from chuangbao.rules.batch.plan import Planner
from chuangbao.rules.model import Benefit, Code, CodeList, FactType, Line
from chuangbao.rules.regions import Region, RegionTree

DAYS = [
    date(1, 1, 1),
    date(2012, 2, 29),
    date(2015, 2, 28),
    date(2016, 1, 31),
    date(2016, 2, 29),
    date(2016, 3, 1),
    date(2020, 2, 29),
    date(9999, 12, 31),
]
NUMBERS = [0.0, 0.01, 0.1, -0.005, 1.005, 2.675, 100.0, 1e15, 123456789.01, 0.1 + 0.2, 1e300, -7.0]
WHOLE = [0, 1, -3, 7, 2**53 + 1, -(2**63)]
HIRES = [
    [],
    [{"hours": 3, "full": True}, {"hours": -2, "full": False}],
    [{"hours": 5}],
    [{"full": True}, {"hours": 2}],
    [{"hours": 2**60, "full": True}] * 3,
]
SUBJECTS = [
    {},
    *({"founded": d, "left_on": DAYS[-1 - i], "staff": i - 3} for i, d in enumerate(DAYS)),
    *({"weight": x, "income": x, "staff": WHOLE[i % 6], "people": i + 1, "share": 0.5} for i, x in enumerate(NUMBERS)),
    *({"hires": rows, "staff": 2, "debt": None, "colour": "green"} for rows in HIRES),
    *(
        {"debt": d, "open": d == 1, "trade": t, "colour": "red", "colours": c}
        for d, t, c in [(1, "", []), (None, "65", ["red"]), (7, "x", ["blue", "green"])]
    ),
    {"debt": None, "open": True, "insured": False, "colour": "blue"},
    *({"weight": x, "people": 49} for x in (1.0, 0.5, 1.5, 2.5)),
]
TRUTHS = [
    "YEARS_SINCE(founded) >= 4", "MONTHS_SINCE(founded) = 0", "MONTHS_SINCE(founded) < -40", "YEARS_SINCE(founded) = -3", "YEAR(founded) > 2015",
    "ADD_MONTHS(founded, 12) < AS_OF", "ADD_MONTHS(founded, staff) > founded", "ADD_MONTHS(founded, weight / people) > founded",
    "ADD_MONTHS(founded, -0.5) = founded", "ADD_MONTHS(left_on, 1) = left_on", "founded <= left_on", "founded BETWEEN DATE '2012-02-29' AND AS_OF",
    "weight = 0.1", "weight < 0.3", "weight * 3 > 0.3", "0.1 <= weight", "weight IN (0.1, 100, 0.01)", "staff IN (1, 2)", "weight > 1000000000000000000000000000000",
    "weight / people > 0.05", "income / 3 > 0.03", "weight / share >= weight * 2", "0 / people = weight", "staff / people <> weight",
    "weight / (people - 1) > 2", "weight - staff > 0", "staff * staff > 40", "staff * 99999999999999999999 > weight", "-staff > 2", "ABS(staff) > 6",
    "ROUND(weight) = 2", "ROUND(weight, 2) = 1.01", "ROUND(weight / 3, 2) > 33.33", "weight / people * people = weight", "ROUND(weight / people * 49) = weight + 0.5", "FLOOR(weight / people * 49) = weight",
    "ADD_MONTHS(founded, 1) = DATE '2016-02-29'", "ADD_MONTHS(founded, 12) = DATE '2013-02-28'", "FLOOR(weight) = 2", "CEIL(weight / 3) = 1", "FLOOR(staff) = staff",
    "ROUND(weight * weight * weight, 1) > 0", "LEAST(staff, weight, 3) < 1", "GREATEST(weight / 3, staff) > 2", "LEAST(2, 3) = people",
    "COALESCE(debt, staff, 3) > 2", "COALESCE(debt, 0) = 0", "debt IS NULL", "debt IS NOT NULL AND debt > 3", "open = TRUE", "open <> insured",
    "trade LIKE '6%'", "trade = ''", "'65' LIKE '6%'", "colour = trade", "colour IN ('red', 'blue')", "NOT (colour = 'red')",
    "CASE WHEN open THEN colour ELSE 'red' END = 'red'", "CASE WHEN open THEN insured ELSE staff > 0 END", "CASE WHEN staff > 0 THEN NULL ELSE debt END IS NULL",
    "CASE WHEN open THEN weight / people ELSE weight / people END > 1", "CASE WHEN weight / people > 1 THEN 1 ELSE 2 END = 1", "COALESCE(CASE WHEN insured THEN open ELSE NULL END, open)",
    "CASE WHEN weight / people + weight > 0.5 THEN people > 3 ELSE staff > 0 END",
    "COALESCE(CASE WHEN insured THEN debt ELSE NULL END, 0) > 2", "COALESCE(debt, weight, 3) < 2.5",
    "CASE WHEN staff > 0 THEN 1 WHEN open THEN 3 WHEN insured THEN 1 ELSE 2 END < people", "people >= CASE WHEN weight / people > 1 THEN 1 ELSE 20 END",
    "weight * 3 < 7.777", "staff * 2 >= 1.5", "staff + 1 = 0.5", "staff + 1 <> 0.5",
    "staff / 0 > 1", "ROUND(staff, 6) > 0", "CONTAINS(CASE WHEN open THEN colours ELSE colours END, 'red')",
    "CONTAINS(colours, 'red')", "CONTAINS_ANY(colours, 'red', 'blue')",
    "(SELECT COUNT(*) FROM hires) > 1", "(SELECT SUM(hours) FROM hires WHERE full) > 2", "COALESCE((SELECT MIN(hours) FROM hires), 0) < 0", "COALESCE((SELECT MAX(hours) FROM hires WHERE hours > 2), 3) = 3", "(SELECT MAX(hours) FROM hires) IS NULL",
    "COALESCE((SELECT AVG(hours) FROM hires), 1) >= 0.5", "(SELECT AVG(hours) FROM hires WHERE full) IS NULL", "(SELECT COUNT(DISTINCT hours) FROM hires) = 1", "(SELECT COUNT(*) FROM hires WHERE hours > staff) > 0",
    "(SELECT COUNT(*) FROM hires WHERE hours * weight > 1) > 0", "(SELECT SUM(hours / 3) FROM hires WHERE hours > 0.5) > 1", "(SELECT SUM(hours / hours) FROM hires WHERE hours > 0) > 1",
    "(SELECT COUNT(*) FROM hires WHERE CONTAINS(colours, 'red')) = 0", "(SELECT COUNT(*) FROM hires WHERE colour = 'green' AND open) = 0", "TRUE", "(SELECT COUNT(*) FROM hires WHERE (SELECT COUNT(*) FROM hires) > 1) > 0",
]  # fmt: skip


@pytest.mark.parametrize("text", TRUTHS)
def test_an_expression_over_columns_is_the_expression(text: str) -> None:
    engine = world.engine(world.version("A", text))
    found = population.batch(population.judge(engine, world.DAY), population.frame(engine.pack, SUBJECTS))
    assert found == population.interactive(engine, SUBJECTS, world.DAY)


AMOUNTS = [
    "weight * 0.15",
    "weight / people",
    "staff * staff * staff",
    "income * 99999999999999999999999999999",
    "FLOOR(weight / 7) * people",
    "weight / people * 0.49",
    "income / 7 * 7",
    "weight / (people - 1)",
    "staff / 0",
]


@pytest.mark.parametrize("text", AMOUNTS)
@pytest.mark.parametrize("more", [{}, {"manual": Text("人工判断")}])
def test_an_amount_over_columns_is_the_amount_to_the_cent(text: str, more: dict) -> None:
    engine = world.engine(world.version("A", amount=text, **more))
    columns = population.frame(engine.pack, SUBJECTS)
    assert population.batch(population.judge(engine, world.DAY), columns) == population.interactive(
        engine, SUBJECTS, world.DAY
    )
    found, exact = (totals(columns, engine, world.DAY, engine=name).measures[0] for name in ("columns", "exact"))
    assert (found.eligible, found.undetermined, found.amount) == (exact.eligible, exact.undetermined, exact.amount)


def regional() -> Engine:
    """A province with two counties, one of which pays more; a measure of the other county only."""
    values = [(date(2000, 1, 1), 3, ""), (date(2000, 1, 1), 5, "220102")]
    worded = [
        replace(world.parameter(n, (date(2000, 1, 1), v, "")), type=t)
        for n, v, t in (
            ("word", "red", FactType.CODE),
            ("truth", True, FactType.BOOLEAN),
            ("start", date(2012, 1, 1), FactType.DATE),
        )
    ]
    parameters = {p.name: p for p in (world.parameter("least", *values), world.parameter("none"), *worded)}
    pack = world.pack(
        world.version("A", "staff >= least", amount="least * 100.005", parameters=parameters),
        world.version("B", "open"),
        world.version(
            "C", "colour = word AND open = truth AND founded >= start", "staff > none", parameters=parameters
        ),
    )
    units = {
        c: (Region(c, Text(c), "county", p),) for c, p in (("220000", ""), ("220102", "220000"), ("220103", "220000"))
    }
    facts = {**pack.facts, "region": world.fact("region", FactType.TEXT)}
    measures = {**pack.measures, "B": Measure("B", Text("B"), "person", "220103", pack.measures["B"].versions)}
    return Engine(replace(pack, facts=facts, measures=measures, regions=RegionTree(units), region="220000"))


def test_each_region_has_its_own_figures_and_measures() -> None:
    engine = regional()
    places = ["220102", "220103", "220000", None, "999999", "220102"]
    people = [
        {"staff": 3 + i % 3, "open": True, "colour": "red", "founded": world.DAY} | ({"region": r} if r else {})
        for i, r in enumerate(places)
    ]
    columns = population.frame(engine.pack, people)
    found = population.batch(population.judge(engine, world.DAY), columns)
    assert found == population.interactive(engine, people, world.DAY)
    assert {row for row, version in found if version == "B"} == {1}
    plain = columns.drop("region")
    assert population.batch(population.judge(engine, world.DAY, region="220102"), plain) == population.interactive(
        engine, [{k: v for k, v in p.items() if k != "region"} for p in people], world.DAY, "220102"
    )
    one = totals(columns.head(1), engine, world.DAY, measures=["A"])
    assert (one.measures[0].version, one.pairs) == ("A", 1)
    assert [m.version for m in totals(columns, engine, world.DAY, kind="person").measures] == ["B"]
    a = totals(columns, engine, world.DAY).by_version["A"]
    assert (a.eligible, a.not_eligible, a.undetermined, a.amount) == (5, 1, 0, Decimal("1700.11"))
    assert totals(columns.head(0), engine, world.DAY).subjects == 0


def test_only_measures_and_versions_that_are_there_can_be_asked_for() -> None:
    engine = regional()
    with pytest.raises(KeyError):
        Planner(engine, world.DAY, ["nothing"])
    ended = world.version("E")
    with pytest.raises(LookupError):
        Planner(world.engine(replace(ended, valid_to=date(2000, 1, 1))), world.DAY, ["E"])


def test_what_is_given_wins_over_what_follows() -> None:
    pack = world.deriving(
        world.pack(world.version("A", "small"), world.version("B", "NOT small")), "small", "staff < 10"
    )
    engine = Engine(pack)
    people = [{"small": True, "staff": 20}, {"staff": 20}, {"staff": 3}, {}, {"small": False}]
    columns = population.frame(pack, people)
    assert population.batch(population.judge(engine, world.DAY), columns) == population.interactive(
        engine, people, world.DAY
    )
    assert totals(columns.drop("small"), engine, world.DAY).measures[0].eligible == 1


def test_amounts_of_more_than_64_bits_come_whole_into_the_table() -> None:
    engine = world.engine(world.version("A", amount="income * 1000000000000000000"))
    frame = pl.DataFrame({"subject": [1, 2, 3, 4], "income": [123456789.5, -99.25, None, 0.01]})
    rulings = list(population.judge(engine, world.DAY).rulings(frame))
    found = table(frame, rulings, every=False)
    assert found["amount"].to_pylist() == [
        Decimal("123456789500000000000000000.00"),
        Decimal("-99250000000000000000.00"),
        None,
        Decimal("10000000000000000.00"),
    ]
    assert rulings[0].total == 123456789500000000000000000_00 - 99250000000000000000_00 + 10**18
    with pytest.raises(OverflowError, match="39 digits"):
        digits_of(10**38)


def test_quotients_multiplied_back_are_exact_where_doubles_are_not() -> None:
    texts = [
        "income / people * people = income",
        "FLOOR(income / people * people) = income",
        "income / people + income / people = 2 * income / people",
    ]
    versions = [world.version(f"V{i}", text, amount="income / people * people * 0.01") for i, text in enumerate(texts)]
    engine = world.engine(*versions)
    people = [{"income": n, "people": p} for p in range(1, 60) for n in (1.0, 0.5, 2.5, 100.0, 33.37)]
    found = population.batch(population.judge(engine, world.DAY), population.frame(engine.pack, people))
    assert found == population.interactive(engine, people, world.DAY)


def test_a_few_odd_figures_among_many_even_ones_are_judged_exactly() -> None:
    engine = world.engine(world.version("A", "income * 2 > 50", amount="income * 0.333"))
    people = [{"income": x} for x in [0.1 + 0.2, 1e299, *(n / 100 for n in range(0, 20_000, 100))]]
    judge = population.judge(engine, world.DAY)
    found = population.batch(judge, population.frame(engine.pack, people))
    assert found == population.interactive(engine, people, world.DAY)
    (ruling,) = judge.rulings(population.frame(engine.pack, people))
    assert ruling.rejudged == 2


def test_constants_beyond_64_bits_and_beyond_doubles() -> None:
    huge = [10**400, -(10**400), Fraction(1, 3**50), Fraction(10**30, 3), 2**62 + 1]
    texts = ["weight > least", "weight * 1 <= least", "staff * least > weight", "weight = least"]
    people = [{"weight": 0.1, "staff": 2**62 - 5}, {"weight": 0.0, "staff": 0}, {"weight": 1e22, "staff": 3}]
    for value in huge:
        least = replace(world.parameter("least", (date(2000, 1, 1), value, "")), type=FactType.DECIMAL)
        engine = world.engine(*(world.version(f"V{i}", t, parameters={"least": least}) for i, t in enumerate(texts)))
        found = population.batch(population.judge(engine, world.DAY), population.frame(engine.pack, people))
        assert found == population.interactive(engine, people, world.DAY)


def test_whole_numbers_that_do_not_fit_one_denominator_are_compared_in_doubles() -> None:
    engine = world.engine(world.version("A", "staff > income"), world.version("B", "staff - income > 2"))
    people = [
        {"staff": 2**62 - 5, "income": 0.01},
        {"staff": 7, "income": 6.99},
        {"staff": 2**53 + 1, "income": 3.0},
    ]
    found = population.batch(population.judge(engine, world.DAY), population.frame(engine.pack, people))
    assert found == population.interactive(engine, people, world.DAY)


def test_lines_of_a_working_are_put_into_the_amount() -> None:
    lines = (Line("half", Text("半"), "income / 2"), Line("base", Text("基"), "LEAST(half, 100)"))
    engine = world.engine(replace(world.version("A"), benefit=Benefit("tax", "CNY", "base * 0.25", lines)))
    people = [{"income": 100.02}, {"income": 1e6}, {}]
    found = population.batch(population.judge(engine, world.DAY), population.frame(engine.pack, people))
    assert found == population.interactive(engine, people, world.DAY)
    assert found[0, "A"][1] == Decimal("12.50")


def test_a_set_and_a_truth_can_be_absent() -> None:
    texts = ["open IS NULL OR open", "colours IS NULL OR CONTAINS(colours, 'red')", "CONTAINS(colours, 'red')"]
    pack = world.pack(*(world.version(name, text) for name, text in zip("ABC", texts, strict=True)))
    facts = {n: replace(f, may_be_absent=n in {"open", "colours"}) for n, f in pack.facts.items()}
    engine = Engine(replace(pack, facts=facts))
    people = [
        {"open": None, "colours": ["blue"]},
        {"open": True, "colours": ["red"]},
        {"open": False, "colours": []},
        {},
    ]
    columns = population.frame(engine.pack, people)
    assert population.batch(population.judge(engine, world.DAY), columns) == population.interactive(
        engine, people, world.DAY
    )
    assert totals(columns, engine, world.DAY).row_by_row == ("B",)
    bare = totals(columns.select("subject"), engine, world.DAY)
    assert {m.undetermined for m in bare.measures} == {4}
    assert totals(columns.with_columns(colours=pl.lit(None)), engine, world.DAY).subjects == 4


def test_codes_in_rows_are_matched_to_their_list() -> None:
    pack = world.pack(world.version("A", "(SELECT COUNT(*) FROM hires WHERE tint = 'red') > 0"))
    texts = [
        "COALESCE((SELECT MIN(tint) FROM hires), 'red') = 'blue'",
        "COALESCE((SELECT MAX(colour) FROM hires), 'red') = 'red'",
        "COALESCE((SELECT MAX(staff + 1) FROM hires), 0) = 3",
    ]
    pack = replace(
        pack, measures=pack.measures | world.pack(*(world.version(f"B{i}", t) for i, t in enumerate(texts))).measures
    )
    columns = {**world.COLUMNS, "tint": world.fact("tint", FactType.CODE, codes="colour")}
    engine = Engine(replace(pack, rows={"hires": replace(pack.rows["hires"], columns=columns)}))
    people = [
        {"hires": [{"tint": "red"}, {}]},
        {"hires": [{"tint": "red"}, {"tint": "blue"}], "colour": "red", "staff": 2},
        {"hires": []},
    ]
    frame = population.frame(engine.pack, people)
    assert population.batch(population.judge(engine, world.DAY), frame) == population.interactive(
        engine, people, world.DAY
    )
    with pytest.raises(SnapshotError, match=r"hires.tint: 1 row: the code is not in the list colour"):
        totals(population.frame(engine.pack, [{"hires": [{"tint": "mauve"}]}]), engine, world.DAY)


def test_an_empty_table_has_its_columns() -> None:
    frame = pl.DataFrame({"subject": ["a"]})
    assert table(frame, [], every=True).num_rows == 0


def test_a_set_of_more_codes_than_a_machine_word_has_bits() -> None:
    pack = world.pack(world.version("A", "CONTAINS_ANY(colours, 'c3', 'c69')"), world.version("B", "staff >= 7"))
    listed = CodeList("colour", Text("颜色"), tuple(Code(f"c{i}", Text(f"c{i}")) for i in range(70)))
    engine = Engine(replace(pack, codes={**pack.codes, "colour": listed}))
    people = [{"colours": [f"c{i}", f"c{i + 1}"], "staff": i} for i in range(69)] + [{"colours": []}, {}]
    frame = population.frame(engine.pack, people, staff=pl.UInt8())
    found = population.batch(population.judge(engine, world.DAY), frame)
    assert found == population.interactive(engine, people, world.DAY)
    assert totals(frame, engine, world.DAY).by_version["A"].eligible == 3


def test_months_that_are_the_least_number_of_16_bits_are_counted_back() -> None:
    engine = world.engine(world.version("A", "ADD_MONTHS(founded, weight) = DATE '1984-12-01'"))
    day = date(2012, 3, 1)
    subjects = [{"founded": day, "weight": -327.68}, {"founded": day, "weight": 1.5}, {"weight": 2}]
    found = population.batch(population.judge(engine, world.DAY), population.frame(engine.pack, subjects))
    assert found == population.interactive(engine, subjects, world.DAY)
    assert [status for status, *_ in found.values()] == [Status.ELIGIBLE, Status.NOT_ELIGIBLE, Status.UNDETERMINED]
