"""What was had before: rows of the record, one generated question, and "unknown" where something may be missing."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import population
import pytest
import world
from minipack import build

from chuangbao.rules import Engine, FactError, PackError, Status, load_pack
from chuangbao.rules import awards as record
from chuangbao.rules.awards import Record, completed, read_answer, with_questions
from chuangbao.rules.batch import totals
from chuangbao.rules.batch.awards import column_of, prepared
from chuangbao.rules.interp import Interp
from chuangbao.rules.model import Group
from chuangbao.rules.parse import parse
from chuangbao.rules.questions import next_question
from chuangbao.rules.runtime import ABSENT
from chuangbao.rules.tree import Aggregate
from chuangbao.rules.unparse import unparse

if TYPE_CHECKING:
    from chuangbao.rules import Pack
    from chuangbao.rules.judgement import Answer

DAY = date(2016, 2, 29)
ONCE = "(SELECT COUNT(*) FROM awards WHERE measure = 'a-1') = 0"
RECENT = "(SELECT COUNT(*) FROM awards WHERE measure = 'a-1' AND granted_on > ADD_MONTHS(AS_OF, -36)) = 0"
MONTHS = "(SELECT SUM(months) FROM awards WHERE measure IN ('a-1', 'b_2')) <= 30"
EVER = "(SELECT COUNT(*) FROM awards WHERE amount >= 1000) = 0"
QUESTION = "award_a_1"


def pack(*versions: object) -> Pack:
    """Versions over a world with the built-in rows."""
    made = world.pack(*versions)
    return with_questions(replace(made, rows=made.rows | {record.ROWS: record.row_kind()}))


def judged(when: str, facts: dict[str, object], day: date = DAY, amount: str = "") -> Answer:
    """One condition for one subject."""
    engine = Engine(pack(world.version("v", when, amount=amount)))
    return engine.judge(engine.profile(facts, as_of=day), "v")


def row(day: str, **more: object) -> dict[str, object]:
    """An award of a-1."""
    return {"measure": "a-1", "granted_on": day, **more}


YES, NO, OPEN = Status.ELIGIBLE, Status.NOT_ELIGIBLE, Status.UNDETERMINED
CASES = [
    # a whole record: complete for every measure
    (ONCE, {"awards": []}, YES),
    ("(SELECT COUNT(*) FROM awards WHERE 'a-1' = measure) = 0", {QUESTION: None}, YES),
    (ONCE, {"awards": [row("2010-01-01")]}, NO),
    (ONCE, {"awards": [{"measure": "b_2", "granted_on": "2010-01-01"}]}, YES),
    (EVER, {"awards": [row("2010-01-01", amount=999)]}, YES),
    # only what was granted before the day
    (ONCE, {"awards": [row("2016-02-28")]}, NO),
    (ONCE, {"awards": [row("2016-02-29")]}, YES),
    (ONCE, {"awards": [{"measure": "a-1"}]}, NO),
    (RECENT, {"awards": [row("2013-02-28")]}, YES),
    (RECENT, {"awards": [row("2013-03-01")]}, NO),
    (RECENT, {"awards": [{"measure": "a-1"}]}, OPEN),
    # by measure
    (ONCE, {"awards": {"a-1": []}}, YES),
    (ONCE, {"awards": {"b_2": []}}, OPEN),
    (ONCE, {"awards": {}}, OPEN),
    (ONCE, {}, OPEN),
    (MONTHS, {"awards": {"a-1": [row("2015-01-01", months=31)]}}, OPEN),
    (MONTHS, {"awards": {"a-1": [row("2015-01-01", months=12)], "b_2": [{"months": 18}]}}, YES),
    (MONTHS, {"awards": {"a-1": [row("2015-01-01", months=12)], "b_2": [{"months": 19}]}}, NO),
    (EVER, {"awards": {"a-1": [], "b_2": []}}, OPEN),
    (EVER, {"awards": {"a-1": [row("2015-01-01", amount=1000)]}}, OPEN),
    # complete since a day
    (RECENT, {"awards": {"a-1": Record(since=date(2013, 3, 1))}}, YES),
    (RECENT, {"awards": {"a-1": Record(since=date(2013, 3, 2))}}, OPEN),
    (RECENT, {"awards": {"a-1": Record([row("2014-01-01")], date(2013, 3, 2))}}, OPEN),
    (ONCE, {"awards": {"a-1": Record(since=date(2013, 3, 1))}}, OPEN),
    # what the subject says
    (ONCE, {QUESTION: None}, YES),
    (ONCE, {QUESTION: "2010-05-01 5000元"}, NO),
    (RECENT, {QUESTION: "2010-05"}, YES),
    (ONCE, {QUESTION: "2016-02-29"}, YES),
    (ONCE, {QUESTION: None, "awards": {"a-1": [row("2010-01-01")]}}, NO),
    (ONCE, {QUESTION: None, "awards": {"a-1": Record(since=date(2013, 3, 1))}}, YES),
    (ONCE, {QUESTION: "2012-01-01", "awards": {"a-1": Record(since=date(2013, 3, 1))}}, NO),
    (ONCE, {QUESTION: "2014-01-01", "awards": {"a-1": Record(since=date(2013, 3, 1))}}, YES),  # the record knows better
]


@pytest.mark.parametrize(("when", "facts", "status"), CASES)
def test_awards_are_complete_by_measure_or_unknown(when, facts, status):
    assert judged(when, facts).status is status


DATED = [
    ("granted_on >= DATE '2013-01-01'", YES),
    ("DATE '2013-01-01' <= granted_on", YES),
    ("granted_on > DATE '2012-12-31'", YES),
    ("granted_on > DATE '2012-12-30'", OPEN),
    ("granted_on = DATE '2014-05-05'", YES),
    ("granted_on = DATE '2012-05-05'", OPEN),
    ("granted_on BETWEEN DATE '2013-01-01' AND DATE '2014-12-31'", YES),
    ("granted_on BETWEEN DATE '2010-01-01' AND DATE '2011-12-31'", OPEN),
    ("granted_on < DATE '2012-01-01'", OPEN),
    ("NOT (granted_on < DATE '2013-01-01' OR amount > 5)", YES),
    ("NOT granted_on <= DATE '2013-06-01' AND months > 3", YES),
    ("YEAR(granted_on) = 2015", OPEN),
]


SINCE = "(SELECT COUNT(*) FROM awards WHERE measure = 'a-1' AND ({})) = 0"


@pytest.mark.parametrize(("when", "status"), DATED)
def test_a_record_since_a_day_knows_what_lies_after_it(when, status):
    text = SINCE.format(when)
    assert judged(text, {"awards": {"a-1": Record(since=date(2013, 1, 1))}}).status is status


OF_HOURS = "(SELECT {}(hours) FROM hires)"


def test_of_no_rows_there_is_no_least_greatest_or_average_but_a_sum_and_a_count_of_nothing():
    interp = Interp(lambda _: None, DAY, {"hires": ()}.get)
    for func in ("MIN", "MAX", "AVG"):
        assert interp.value(parse(OF_HOURS.format(func))) is ABSENT
    assert [interp.value(parse(OF_HOURS.format(f))) for f in ("SUM", "COUNT")] == [0, 0]
    assert Interp(lambda _: None, DAY).value(parse("(SELECT MAX(hours) FROM hires)")) is None
    last = "COALESCE((SELECT MAX(granted_on) FROM awards WHERE measure = 'a-1'), DATE '1900-01-01') < DATE '2012-01-01'"
    assert [judged(last, f).status for f in ({}, {QUESTION: None}, {QUESTION: "2013-01"})] == [OPEN, YES, NO]


def test_a_ceiling_and_a_formula_read_what_was_had():
    had = "(SELECT SUM(amount) FROM awards WHERE measure = 'a-1')"
    answer = judged("open", {"open": True, QUESTION: "2014-01-01 0.3万元"}, amount=f"5000 - {had}")
    assert answer.amount == Decimal("2000.00")
    group = Group("total", "cap", text=f"10000 - {had}")
    engine = Engine(pack(replace(world.version("v", "open", amount="9000"), group=group)))
    found = {}
    for said in (None, "2014-01-01 4000", "unknown"):
        facts = {"open": True} | ({} if said == "unknown" else {QUESTION: said})
        found[said] = engine.judge(engine.profile(facts, as_of=DAY), "v").payable
    assert found == {None: Decimal(9000), "2014-01-01 4000": Decimal(6000), "unknown": None}


def test_one_question_is_generated_and_asked():
    engine = Engine(pack(world.version("a-1", ONCE, "open"), world.version("w", EVER)))
    fact = engine.pack.facts[QUESTION]
    assert (fact.award, fact.may_be_absent, fact.subject) == ("a-1", True, "enterprise")
    assert "以前获得过“a-1”吗" in fact.question.zh
    profile = engine.profile({"open": True}, as_of=DAY)
    answers = engine.judge_all(profile)
    assert [answer.missing for answer in answers] == [(QUESTION,), ("awards",)]
    assert next_question(engine, profile, answers).fact == QUESTION
    said = engine.profile({"open": True, QUESTION: None}, as_of=DAY)
    assert engine.judge(said, "a-1").missing == ()
    assert next_question(engine, said, engine.judge_all(said)) is None


def test_a_pack_that_asks_no_record_has_no_question():
    made = pack(world.version("v", "open"))
    assert made.asked_awards == {}
    assert with_questions(replace(pack(world.version("v", ONCE)), measures=made.measures)).asked_awards == {}


ANSWERS = [
    ("2023-05-01", [{"granted_on": date(2023, 5, 1)}]),
    ("2023年5月1日，5000元，12个月", [{"granted_on": date(2023, 5, 1), "amount": Decimal(5000), "months": 12}]),
    ("2023/5 1.5万元", [{"granted_on": date(2023, 5, 1), "amount": Decimal(15000)}]),
    ("2023-05-01 12 months", [{"granted_on": date(2023, 5, 1), "months": 12}]),
    ("2021-01-01 1,000.50; 2022-01-01 6个月；",
     [{"granted_on": date(2021, 1, 1), "amount": Decimal("1000.50")}, {"granted_on": date(2022, 1, 1), "months": 6}]),
]  # fmt: skip


@pytest.mark.parametrize(("said", "rows"), ANSWERS)
def test_an_answer_is_read_as_people_write_it(said, rows):
    assert read_answer(said) == Record(rows)


SINCES = [
    ("自2019-01-01起；2020-05-01 5000元", Record([{"granted_on": date(2020, 5, 1), "amount": Decimal(5000)}], date(2019, 1, 1))),
    ("自2019年1月起没有", Record([], date(2019, 1, 1))),
    ("since 2019-01-01", Record([], date(2019, 1, 1))),
    ("Complete since 2019-02", Record([], date(2019, 2, 1))),
]  # fmt: skip


@pytest.mark.parametrize(("said", "found"), SINCES)
def test_an_answer_may_be_complete_since_a_day(said, found):
    assert read_answer(said) == found


def test_an_answer_since_a_day_is_unknown_before_it():
    assert judged(RECENT, {QUESTION: "自2013-03-01起没有"}).status is YES
    assert judged(ONCE, {QUESTION: "自2013-03-01起没有"}).status is OPEN
    record_and_answer = {"awards": {"a-1": Record(since=date(2014, 1, 1))}, QUESTION: "自2013-03-01起没有"}
    assert judged(RECENT, record_and_answer).status is YES


@pytest.mark.parametrize(
    "said", ["自起", "自2019-01-01起；yes", "yes", "2023", "2023-13-01", "2023-02-30", "5000元", "", "；"]
)
def test_an_answer_that_is_none_is_refused_with_the_form(said):
    with pytest.raises(FactError, match="2023-05-01 5000元 12个月"):
        judged(ONCE, {QUESTION: said})


@pytest.mark.parametrize("given", ["never", 3, [1], {"a-1": "never"}, {"a-1": [1]}])
def test_a_record_that_is_none_is_refused(given):
    with pytest.raises(FactError, match="awards"):
        judged(ONCE, {"awards": given})


@pytest.mark.parametrize("entry", [{"measure": "a-1", "when": 1}, row("yesterday"), row("2015-01-01", amount="x")])
def test_a_row_of_the_record_that_is_none_is_refused(entry):
    with pytest.raises(FactError, match="awards"):
        judged(ONCE, {"awards": [entry]})


def test_an_aggregate_that_says_itself_what_may_be_missing_stays_as_it_is():
    once = completed(parse("(SELECT COUNT(*) FROM awards)"))
    assert isinstance(once, Aggregate)
    assert completed(once) == once
    assert completed(parse(unparse(once))) == once
    other = parse("(SELECT COUNT(*) FROM hires WHERE granted_on > AS_OF) + 1 > CASE WHEN open THEN 1 ELSE 2 END")
    assert completed(other) == other


# ---- the engines agree

VERSIONS = (
    ("a", ONCE, ""), ("b", RECENT, "1000"), ("c", MONTHS, ""), ("d", EVER, ""),
    ("e", "open", "(SELECT SUM(amount) FROM awards WHERE measure = 'b_2') * 0.5"),
    ("f", "COALESCE((SELECT MAX(amount) FROM awards WHERE measure = 'a-1'), 0) < 900", ""),
    ("g", "COALESCE((SELECT AVG(months) FROM awards WHERE measure = 'a-1'), 0) < 9", ""),
    ("h", "COALESCE((SELECT MIN(granted_on) FROM awards WHERE measure = 'b_2'), AS_OF) < DATE '2014-01-01'", ""),
)  # fmt: skip


def drawn(chance: random.Random) -> dict[str, object]:
    """A subject with some record, some answers, or nothing known."""

    def entry(measure: str) -> dict[str, object]:
        found = {"measure": measure, "granted_on": date(2012, 1, 1) + timedelta(days=chance.randrange(1700)),
                 "amount": Decimal(chance.randrange(200000)) / 100, "months": chance.randrange(24)}  # fmt: skip
        return {n: v for n, v in found.items() if n == "measure" or chance.random() < 0.9}

    facts: dict[str, object] = {"open": True} if chance.random() < 0.8 else {}
    rows = [entry(chance.choice(["a-1", "b_2", "zz"])) for _ in range(chance.randrange(4))]
    kind = chance.randrange(4)
    if kind == 0:
        facts["awards"] = rows
    elif kind == 1:
        held = {m: [r for r in rows if r["measure"] == m] for m in ("a-1", "b_2") if chance.random() < 0.6}
        facts["awards"] = {m: Record(r, chance.choice([None, date(2013, 5, 5)])) for m, r in held.items()}
    for name in (QUESTION, "award_b_2"):
        if chance.random() < 0.4:
            facts[name] = chance.choice([None, "2014-05-01 800元 7个月", "2012-02; 2015-06-07 1.2万"])
    return facts


def frame_of(made: Pack, subjects: list[dict[str, object]]) -> pl.DataFrame:
    """Subjects as columns, their awards made ready."""
    plain = [{n: v for n, v in facts.items() if n == "open"} for facts in subjects]
    bare = replace(made, rows={}, facts={n: f for n, f in made.facts.items() if not f.award})
    return population.frame(bare, plain).with_columns(column_of(made, subjects, DAY))


def agree(seed: int, count: int) -> None:
    """The interactive engine and the columns on drawn subjects; what is learned only decides more."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable case, no secret
    engine = Engine(pack(*(world.version(name, when, amount=amount) for name, when, amount in VERSIONS)))
    subjects = [drawn(chance) for _ in range(count)]
    columns = frame_of(engine.pack, subjects)
    assert population.batch(population.judge(engine, DAY), columns) == population.interactive(engine, subjects, DAY)
    found, exact = (totals(columns, engine, DAY, engine=way).measures for way in ("columns", "exact"))
    assert [(m.eligible, m.undetermined, m.amount) for m in found] == [
        (m.eligible, m.undetermined, m.amount) for m in exact
    ]
    for facts in subjects[:60]:
        less = engine.profile({n: v for n, v in facts.items() if chance.random() < 0.5}, as_of=DAY)
        more = engine.profile(facts, as_of=DAY)
        for before, after in zip(engine.judge_all(less), engine.judge_all(more), strict=True):
            # a record says more than an answer: only where there is none can both be compared
            if "awards" not in facts:
                assert before.status is OPEN or before.status is after.status


@pytest.mark.parametrize("seed", range(3))
def test_every_engine_reads_the_same_record(seed):
    agree(seed, 150)


def test_answers_in_columns_stand_for_a_record():
    engine = Engine(pack(world.version("v", ONCE)))
    columns = pl.DataFrame({
        QUESTION: [None, None, "2014-01-01", None], f"{QUESTION}__absent": [True, False, False, False],
        "awards": pl.Series([None, None, None, [{"measure": "a-1", "granted_on": "2014-01-01", "amount": 5.5}]]),
    })  # fmt: skip
    ready = prepared(engine.pack, columns, DAY)
    assert ready.columns == ["awards"]
    (found,) = totals(ready, engine, DAY).measures
    assert (found.eligible, found.not_eligible, found.undetermined) == (1, 2, 1)
    assert prepared(engine.pack, ready, DAY).equals(ready)
    other = pl.DataFrame({"open": [True]})
    assert prepared(engine.pack, other, DAY) is other
    assert totals(other, engine, DAY).measures[0].undetermined == 1
    absent = pl.DataFrame({QUESTION: pl.Series([None], dtype=pl.String), f"{QUESTION}__absent": [True]})
    assert totals(absent, engine, DAY).measures[0].eligible == 1


# ---- the pack format

FACTS = "facts/enterprise.yaml"
SUB = "measures/subsidy.yaml"


@pytest.mark.parametrize("name", ["awards", "amount", "granted_on", "is_recorded"])
def test_the_names_are_reserved(tmp_path, name):
    with pytest.raises(PackError) as caught:
        load_pack(build(tmp_path, (FACTS, "- name: open_for_all", f"- name: {name}")))
    assert "reserved" in {finding.code for finding in caught.value.findings}


def test_rows_of_that_name_are_refused(tmp_path):
    build(tmp_path)
    rows = "- {rows: awards, subject: enterprise, label: {zh: 奖, en: Awards}, columns: [{name: x, type: integer}]}\n"
    (tmp_path / "rows.yaml").write_text(rows, encoding="utf-8")
    with pytest.raises(PackError, match="'awards' is reserved"):
        load_pack(tmp_path)


def test_a_loaded_pack_asks_and_its_cases_say_what_was_had(tmp_path):
    text = "\"(SELECT COUNT(*) FROM awards WHERE measure = '1.2-subsidy') = 0\""
    loaded = load_pack(build(tmp_path, (SUB, 'when: "insured"', f"when: {text}")))
    assert loaded.facts["award_1_2_subsidy"].label.zh == "以前获得过“参保补贴”吗"
    engine = Engine(loaded)
    facts = {"employees": 6, "awards": [{"measure": "1.2-subsidy", "granted_on": "2014-01-01"}]}
    assert engine.judge(engine.profile(facts, as_of=date(2015, 6, 30)), "1.2-subsidy").status is NO


@pytest.mark.parametrize("func", ["MIN", "MAX", "AVG"])
def test_what_may_be_of_no_rows_is_guarded(tmp_path, func):
    text = "(SELECT {}(months) FROM awards WHERE measure = 'x') > 3".format(func)  # noqa: S608, UP032 - no SQL
    with pytest.raises(PackError, match=f"{func} of no rows may be absent"):
        load_pack(build(tmp_path, (SUB, 'when: "insured"', f'when: "{text}"')))


def test_a_derivation_that_may_be_absent_says_so(tmp_path):
    value = "  value: \"(SELECT MAX(granted_on) FROM awards WHERE measure = 'x')\"\n"
    head = "- name: last_award\n  subject: enterprise\n  group: money\n  type: date\n"
    label = "  label: {zh: 上次获得, en: Last award}\n"
    for extra, fine in (("  may_be_absent: true\n", True), ("", False)):
        folder = build(
            tmp_path / str(fine), (FACTS, "- name: insured\n", f"{head}{label}{extra}{value}- name: insured\n")
        )
        if fine:
            assert load_pack(folder).facts["last_award"].derived
        else:
            with pytest.raises(PackError, match="'last_award' may be absent"):
                load_pack(folder)
