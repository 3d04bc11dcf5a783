"""What happens seldom: odd facts, odd packs, odd questions to the engine."""

from __future__ import annotations

import gc
import pickle
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

import numpy as np
import population
import pytest
from ceilingworld import capped, measure
from minipack import build
from world import CODES, COLUMNS, DAY, FACTS, ROWS, engine, fact, pack, parameter, version

from chuangbao.rules import Engine, FactError, PackError, Status, Text, load_pack, tree
from chuangbao.rules import engine as engine_module
from chuangbao.rules.analysis import analyse, contradictions
from chuangbao.rules.awards import literals
from chuangbao.rules.batch import totals
from chuangbao.rules.batch.judge import summed
from chuangbao.rules.batch.run import LEAST, rows_for
from chuangbao.rules.catalogue import MOST_FINDINGS, expression
from chuangbao.rules.check import Scope, check, kind_of_fact
from chuangbao.rules.diagnostics import Finding
from chuangbao.rules.interp import Interp
from chuangbao.rules.model import Benefit, Example, FactType, Group, Line, Parameter
from chuangbao.rules.packcheck import check_pack
from chuangbao.rules.parse import parse
from chuangbao.rules.profile import coerce, period
from chuangbao.rules.questions import next_question, samples, useful_order
from chuangbao.rules.regions import RegionTree
from chuangbao.rules.runtime import ABSENT, add_months, exact, months_since, rounded, shown, years_since
from chuangbao.rules.simulation import asked
from chuangbao.rules.spark.sql import Words
from chuangbao.rules.store import kept
from chuangbao.rules.yamlfile import Map

WORLD = pack()

# fact, what is given → part of the complaint
WRONG = [
    ("staff", None, "may not be null"),
    ("open", "yes", "true or false is expected"),
    ("staff", "five", "a number is expected"),
    ("staff", True, "a number is expected"),
    ("staff", Decimal("1.5"), "whole"),
    ("weight", Decimal("NaN"), "finite"),
    ("people", 0, "below the least possible 1"),
    ("share", Decimal("1.5"), "above the most possible 1"),
    ("share", 70, "above the most possible 1"),
    ("founded", "yesterday", "a day is expected"),
    ("founded", 5, "a day is expected"),
    ("trade", 5, "a text is expected"),
    ("colour", "rde", "did you mean red?"),
    ("colour", "zzzz", "one of red, green, blue"),
    ("colours", "red", "a list is expected"),
    ("colours", ["zzz"], "is not in the list"),
    ("hires", "two", "rows are a list of objects"),
    ("hires", [{"hour": 3}], "no such column"),
    ("hires", [{"hours": "x"}], "hires[0].hours: a number is expected"),
    ("staf", 5, "did you mean staff?"),
    ("qqqq", 5, "no such fact"),
]


@pytest.mark.parametrize(("name", "given", "told"), WRONG)
def test_a_value_that_cannot_be_used_is_refused_with_the_right_form(name, given, told):
    with pytest.raises(FactError) as caught:
        engine(version("v", "open")).profile({name: given}, as_of=DAY)
    assert told in str(caught.value)
    assert len(caught.value.problems) == 1


def test_a_label_serves_for_its_code_and_iso_text_for_a_day():
    assert coerce(WORLD, FACTS["colour"], "red") == "red"
    assert coerce(WORLD, FACTS["shape"], "圆") == "round"
    assert coerce(WORLD, FACTS["founded"], "2015-06-08") == date(2015, 6, 8)
    assert coerce(WORLD, FACTS["debt"], None) is ABSENT
    assert coerce(WORLD, FACTS["colours"], {"red"}) == frozenset({"red"})
    assert coerce(WORLD, FACTS["weight"], 0.1) == Fraction(1, 10)


@pytest.mark.parametrize(
    ("per", "use", "day", "key"),
    [
        ("year", "last_closed", date(2015, 12, 31), "2015"),
        ("year", "last_closed", date(2015, 12, 30), "2014"),
        ("year", "current", date(2015, 1, 1), "2015"),
        ("quarter", "last_closed", date(2015, 4, 1), "2015-Q1"),
        ("quarter", "current", date(2015, 4, 1), "2015-Q2"),
        ("month", "last_closed", date(2015, 1, 1), "2014-12"),
        ("month", "current", date(2015, 1, 1), "2015-01"),
    ],
)
def test_a_periodic_fact_is_picked_by_the_day(per, use, day, key):
    assert period(fact("sales", FactType.MONEY, per=per, use=use), day) == key


def test_a_periodic_fact_may_come_by_period(tmp_path):
    facts = "- {name: sales, subject: enterprise, type: money, per: year, label: {zh: 销售额, en: Sales}}\n"
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "a.yaml").write_text(facts, "utf-8")
    (tmp_path / "pack.yaml").write_text("id: p\n", "utf-8")
    judged = Engine(load_pack(tmp_path))
    profile = judged.profile({"sales": {"2014": 5, "2015": 7}}, as_of=date(2015, 12, 31))
    assert profile.values == [7]
    assert judged.profile({"sales": {"2013": 5}}, as_of=date(2015, 12, 31)).values == [None]


def test_a_given_fact_that_contradicts_its_derivation_is_noted(tmp_path):
    judged = Engine(load_pack(build(tmp_path)))
    derived = next(name for name, f in judged.pack.facts.items() if f.derived)
    plain = judged.pack.facts[derived]
    assert plain.type is FactType.BOOLEAN
    known = {"employees": 4, "industry_kind": "other"}
    said = not judged.profile(known, as_of=DAY).values[judged.slots[derived]]
    assert judged.profile({**known, derived: said}, as_of=DAY).conflicts == (derived,)


def test_answers_are_equal_when_they_say_the_same():
    judged = engine(version("v", "100 >= staff", amount="staff * 2"), version("w", "open"))
    profile = judged.profile({"staff": 5}, as_of=DAY)
    one, two, other = judged.judge(profile, "v"), judged.judge(profile, "v"), judged.judge(profile, "w")
    assert one == two
    assert hash(one) == hash(two)
    assert one != other
    assert one != "v"
    assert repr(one) == "<Answer v: eligible 10.00>"
    assert (one.conditions[0].op, one.conditions[0].threshold) == ("<=", 100)
    assert one.rule_hash == ""


def test_lines_of_a_working_are_names_for_those_after_them():
    lines = (Line("double", Text("两倍"), "staff * 2"),)
    judged = engine(replace(version("v", "open"), benefit=Benefit("subsidy", "CNY", "double + 1", lines)))
    answer = judged.judge(judged.profile({"open": True, "staff": 4}, as_of=DAY), "v")
    assert (answer.amount, answer.lines[0].value) == (Decimal("9.00"), 8)
    waiting = judged.judge(judged.profile({"open": True}, as_of=DAY), "v")
    assert (waiting.amount, waiting.missing, waiting.lines[0].value) == (None, ("staff",), None)


def test_only_the_wanted_measures_are_judged_and_unknown_ids_are_told():
    judged = engine(version("v", "open"), version("w"))
    profile = judged.profile({"open": True}, as_of=DAY)
    assert [a.version for a in judged.judge_all(profile, ["w"])] == ["w"]
    assert judged.statuses(profile) == [a.status for a in judged.judge_all(profile)]
    with pytest.raises(KeyError):
        judged.judge(profile, "nothing")


def test_a_measure_without_a_version_on_the_day_is_told(tmp_path):
    judged = Engine(load_pack(build(tmp_path)))
    with pytest.raises(LookupError):
        judged.judge(judged.profile({}, as_of=date(1999, 1, 1)), "1.1-tax")


def test_patterns_of_verdicts_are_not_kept_without_end(monkeypatch):
    monkeypatch.setattr(engine_module, "PATTERNS", 1)
    table = engine_module.Verdict(Status.ELIGIBLE)
    assert [table[p] for p in ((True,), (None,), (False,), (True, True))] == [
        Status.ELIGIBLE,
        Status.UNDETERMINED,
        Status.NOT_ELIGIBLE,
        Status.ELIGIBLE,
    ]
    assert len(table) <= 2


def test_absence_in_the_middle_of_an_expression():
    judged = engine(version("v", "CASE WHEN open THEN NULL ELSE debt END IS NULL", "COALESCE(debt, debt) IS NULL"))
    assert judged.judge(judged.profile({"open": True, "debt": None}, as_of=DAY), "v").status is Status.ELIGIBLE
    interp = Interp({"debt": ABSENT}.get, DAY)
    assert interp.value(parse("CASE WHEN TRUE THEN NULL ELSE debt END")) is ABSENT
    assert interp.value(parse("COALESCE(debt, debt)")) is ABSENT
    with pytest.raises(AssertionError):
        interp.value("nothing")


def test_averages_of_rows():
    judged = engine(
        version(
            "v", "COALESCE((SELECT AVG(hours) FROM hires), 0) > 4", "COALESCE((SELECT MIN(hours) FROM hires), 9) >= 4"
        )
    )
    rows = {"hires": [{"hours": 4}, {"hours": 5}]}
    assert judged.judge(judged.profile(rows, as_of=DAY), "v").status is Status.ELIGIBLE
    assert judged.judge(judged.profile({"hires": []}, as_of=DAY), "v").status is Status.NOT_ELIGIBLE
    some = engine(version("v", "(SELECT COUNT(*) FROM hires WHERE full) >= 1"))
    half = {"hires": [{"hours": 4}, {"full": True}]}
    assert some.judge(some.profile(half, as_of=DAY), "v").status is Status.UNDETERMINED


def test_kinds_of_expressions():
    scope = Scope(
        {
            n: kind_of_fact(f)
            for n, f in {**FACTS, "rent": fact("rent", FactType.MONEY, unit="CNY", minimum=Fraction(1))}.items()
        },
        CODES,
        {},
    )
    assert check(parse("income / rent"), scope).unit == ""
    assert check(parse("NOT (debt IS NULL OR open) AND debt > 1"), scope).type is FactType.BOOLEAN
    assert kind_of_fact(parameter("cap", (DAY, 5, ""))).nonzero


def test_values_worth_trying_lie_beside_what_is_written():
    nodes = [parse("founded < DATE '2015-06-08' AND trade = 'x' AND weight >= 0.5")]
    assert date(2015, 6, 7) in samples(WORLD, nodes, "founded")
    assert set(samples(WORLD, nodes, "trade")) == {"x", "-"}
    assert Decimal("0.49") in samples(WORLD, nodes, "weight")
    judged = engine(version("v", "trade LIKE '65%'", "founded < DATE '2015-06-08'"))
    profile = judged.profile({}, as_of=DAY)
    assert next_question(judged, profile, judged.judge_all(profile)) is not None


def test_regions_by_day():
    tree = RegionTree({"22": ()})
    assert "22" in tree
    assert "23" not in tree
    assert not tree.within("23", "22", DAY)
    assert tree.latest("22") is None
    assert tree.below("22", DAY) == ()


def test_numbers_and_days():
    assert rounded(Fraction(-5, 2)) == -3
    assert exact(0.1) == Fraction(1, 10)
    assert str(shown(Fraction(1, 3))) == "0.333333333333"
    assert add_months(date(2015, 1, 31), 1) == date(2015, 2, 28)
    assert add_months(date(9999, 12, 1), 5) is None
    assert months_since(date(2016, 3, 31), date(2016, 2, 29)) == -1
    assert years_since(date(2012, 2, 29), date(2016, 2, 28)) == 3
    assert years_since(date(2017, 1, 1), date(2016, 1, 1)) == -1
    assert repr(ABSENT) == "ABSENT"
    assert pickle.loads(pickle.dumps(ABSENT)) is ABSENT  # noqa: S301 - our own bytes
    assert str(Text("零")) == "零"


def test_what_is_kept_is_made_once_and_a_folder_that_cannot_be_written_is_no_error(tmp_path):
    made = []

    def make():
        made.append(1)
        return b"x"

    assert [kept(tmp_path / "a", "n", make) for _ in range(2)] == [b"x", b"x"]
    (tmp_path / "file").write_text("")
    assert kept(tmp_path / "file", "n", make) == b"x"
    assert kept(None, "n", make) == b"x"
    assert len(made) == 3


def test_a_pack_is_read_from_the_cache_and_says_the_same(tmp_path):
    folder = build(tmp_path / "p")
    fresh, first, again = load_pack(folder), load_pack(folder, tmp_path / "c"), load_pack(folder, tmp_path / "c")
    assert fresh == first == again
    gc.disable()
    try:
        assert load_pack(folder, tmp_path / "c") == fresh
        assert not gc.isenabled()
    finally:
        gc.enable()
    facts = {"taxable_income": 100000, "employees": 5, "insured": True}
    for made in (Engine(again, tmp_path / "c"), Engine(again, tmp_path / "c")):
        plain = Engine(fresh)
        answers = [e.judge_all(e.profile(facts, as_of=DAY)) for e in (plain, made)]
        assert answers[0] == answers[1]


# file, content → code of the finding
BROKEN = {
    "measures/b.yaml: {id: b, title: {zh: 再, en: A}, subject: enterprise, reach: 70, versions: [{version: B, "
    "benefit: {kind: tax}}]}": "percentage",
    "measures/b.yaml: {id: b, title: {zh: 再, en: A}, subject: enterprise, versions: [{version: B, parameters:"
    " {cap: {type: integer, label: {zh: 上限, en: Cap}, values: [{from: 2015-01-01, value: x}]}},"
    " conditions: [{id: i, zh: 再, en: A, when: employees <}], benefit: {kind: tax}}]}": "type",
    "facts/b.yaml: - {name: employees, subject: enterprise, type: integer, label: {zh: 再, en: Again}}": "duplicate",
    "facts/b.yaml: - {name: x, subject: enterprise, type: code, codes: nothing, label: {zh: 再, en: Again}}": "code_list",
    "facts/b.yaml: - {name: x, subject: enterprise, type: boolean, value: employees +, label: {zh: 再, en: A}}": "syntax",
    "facts/b.yaml: - {name: x, subject: enterprise, type: integer, value: y + 1, label: {zh: 再, en: A}}\n"
    "- {name: y, subject: enterprise, type: integer, value: x + 1, label: {zh: 再, en: A}}": "circle",
    "facts/b.yaml: - {name: x, subject: enterprises, type: integer, label: {zh: 再, en: A}}": "subject",
    "facts/b.yaml: - {name: x, subject: person, type: .nan, label: {zh: 再, en: A}}": "number",
    "facts/b.yaml: - {name: x, [1]: 2}": "yaml",
    "facts/b.yaml: '- {name: x'": "",
    "measures/b.yaml: {id: b, title: {zh: 再, en: A}, subject: enterprise}": "versions",
    "measures/b.yaml: {id: b, title: {zh: 再, en: A}, subject: investor, versions: [{version: B, "
    "conditions: [{id: i, zh: 再, en: A, when: insured}], benefit: {kind: tax}}]}": "path",
    "measures/b.yaml: {id: b, title: {zh: 再, en: A}, subject: enterprise, versions: [{version: B, "
    "benefit: {kind: tax, unit: none, amount: taxable_income}}]}": "unit",
    "measures/b.yaml: {id: b, title: {zh: 再, en: A}, subject: enterprise, versions: [{version: B, "
    "benefit: {kind: tax, unit: CNY, lines: [{id: l, zh: 行, en: L, value: taxable_income +}], amount: 1}}]}": "syntax",
}


@pytest.mark.parametrize("text", BROKEN, ids=[f"{code}-{i}" for i, code in enumerate(BROKEN.values())])
def test_a_broken_pack_says_what_is_broken(text, tmp_path):
    name, _, content = text.partition(": ")
    folder = build(tmp_path)
    (folder / name).write_text(content, "utf-8")
    if not BROKEN[text]:
        assert load_pack(folder)
        return
    with pytest.raises(PackError) as caught:
        load_pack(folder)
    assert BROKEN[text] in {finding.code for finding in caught.value.findings}


def test_empty_files_rows_and_lines_are_read(tmp_path):
    folder = build(tmp_path)
    (folder / "facts" / "c.yaml").write_text("", "utf-8")
    (folder / "rows.yaml").write_text(
        "- {rows: hires, subject: enterprise, label: {zh: 人, en: People},"
        " columns: [{name: hours, type: integer, label: {zh: 时, en: Hours}}]}\n",
        "utf-8",
    )
    (folder / "measures" / "b.yaml").write_text(
        "{id: b, title: {zh: 再, en: A}, subject: enterprise, versions: [{version: B, conditions: [{id: i, zh: 再, en: A,"
        " when: (SELECT COUNT(*) FROM hires) BETWEEN 1 AND 3}], benefit: {kind: tax, unit: CNY, lines:"
        " [{id: l, zh: 行, en: L, value: taxable_income * 2}], amount: l + 1}}]}",
        "utf-8",
    )
    judged = Engine(load_pack(folder))
    profile = judged.profile({"hires": [{"hours": 1}], "taxable_income": 5}, as_of=DAY)
    assert judged.judge(profile, "B").amount == Decimal("11.00")


def test_a_day_is_written_in_full_in_json():
    judged = engine(version("v", "founded <= DATE '2016-01-01'"))
    answer = judged.judge(judged.profile({"founded": date(2015, 6, 8)}, as_of=DAY), "v").to_dict()
    assert answer["conditions"][0] | {"clause": None} == {
        "id": "c0", "verdict": True, "value": "2015-06-08", "threshold": "2016-01-01", "distance": "207", "clause": None,
    }  # fmt: skip


def test_thresholds_of_parameters_and_cases_want_examples_too(tmp_path):
    folder = build(tmp_path)
    (folder / "measures" / "b.yaml").write_text(
        "{id: b, title: {zh: 再, en: A}, subject: enterprise, versions: [{version: B, title: {zh: 再, en: A},"
        " parameters: {cap: {type: integer, label: {zh: 上限, en: Cap}, values: [{from: 2015-01-01, value: 7}]}},"
        " conditions: [{id: i, zh: 再, en: A, when: employees <= cap},"
        " {id: j, zh: 再, en: A, when: 'employees BETWEEN 2 AND CASE WHEN insured THEN 11 ELSE 12 END'}],"
        " benefit: {kind: right, unit: none}, examples: {name: e, as_of: 2015-06-08, facts: {employees: 3, insured: true},"
        " expect: {status: eligible, amount: 5}}}]}",
        "utf-8",
    )
    found = check_pack(folder).findings
    told = " ".join(f.message for f in found)
    for figure in (7, 2, 11, 12):
        assert f"turns at employees = {figure}" in told
    assert "expects 5 but the rule gives none" in told


def test_what_remains_known_through_two_denials():
    scope = Scope({n: kind_of_fact(f) for n, f in FACTS.items()}, CODES, {})
    assert check(parse("NOT (NOT (debt IS NOT NULL AND open)) AND debt > 1"), scope).type is FactType.BOOLEAN


def test_near_misses_stand_between_open_and_lost():
    judged = engine(
        version("near", "open", "insured"), version("lost", "open", "open"), version("open", "colour = 'red'")
    )
    found = useful_order(judged.judge_all(judged.profile({"open": False, "insured": True}, as_of=DAY)))
    assert [a.version for a in found] == ["open", "near", "lost"]
    assert list(samples(WORLD, [parse("staff >= 0.5")], "staff")) == [0, 1]


def test_a_document_file_of_words_and_a_code_that_is_no_text(tmp_path):
    folder = build(tmp_path)
    (folder / "documents" / "z.yaml").write_text("- only words\n", "utf-8")
    assert load_pack(folder)
    with pytest.raises(FactError):
        coerce(WORLD, FACTS["colour"], 5)


# ---- what the rest of the suite seldom meets


def test_a_percentage_is_a_share_or_a_count_of_hundredths():
    share, counted = FACTS["share"], fact("growth", FactType.DECIMAL, unit="%")
    assert (coerce(WORLD, share, "3%"), coerce(WORLD, counted, "3 %")) == (Fraction(3, 100), 3)
    with pytest.raises(FactError, match="a number is expected"):
        coerce(WORLD, FACTS["weight"], "3%")


def test_an_answer_says_what_an_officer_must_set_and_absence_is_nothing_to_show():
    judged = engine(version("v", "open", manual=Text("人工判断")), version("w", "debt IS NULL"))
    profile = judged.profile({"open": True, "debt": None}, as_of=DAY)
    assert judged.judge(profile, "v").manual == Text("人工判断")
    assert judged.judge(profile, "w").conditions[0].value is None


def test_all_awards_are_asked_for_where_no_measure_is_named():
    assert literals(parse("(SELECT COUNT(*) FROM awards) = 0").left) == ()


def test_a_file_of_faults_stops_being_read():
    findings = [Finding("", 1, 1, "x", "y")] * MOST_FINDINGS
    assert expression(Map("f.yaml", 1), "when", findings) is None
    assert len(findings) == MOST_FINDINGS


def test_sums_beyond_64_bits_are_exact():
    cents = np.array([1 << 61, 7, 1 << 61, 1 << 61])
    assert summed(cents, 1 << 61) == 3 * (1 << 61) + 7


def test_payable_sums_beyond_64_bits_are_kept_beside():
    pack = capped(measure("a", "open", "income * 10000000000", group=Group("g", "cap", text="income * 1000000000")))
    judged = Engine(pack)
    subjects = [{"open": True, "income": 10**12}, {"open": True, "income": 3}]
    columns = population.frame(pack, subjects)
    found = population.batch(population.judge(judged, DAY), columns)
    assert found == population.interactive(judged, subjects, DAY)
    assert totals(columns, judged, DAY).measures[0].payable == Decimal(10**21 + 3 * 10**9)


def test_a_partition_of_verdicts_is_smaller_the_more_measures_there_are():
    judged = engine(*(version(f"v{i}", "open") for i in range(1000)))
    assert rows_for(population.judge(judged, DAY)) == LEAST


def test_a_column_of_rows_is_asked_and_a_label_is_not():
    assert [asked(WORLD, name) for name in ("hires", "note", "debt__absent")] == [True, False, True]


def test_a_figure_of_the_pack_is_worded_for_a_cluster():
    known = tree.Given(tree.Name("staff"), tree.Num(3))
    assert Words(WORLD, {}, DAY).number(known).text == "CAST('3' AS DECIMAL(1, 0))"
    assert "coalesce" in Words(WORLD, {"staff": "bigint"}, DAY).number(known).text


def test_what_the_solver_cannot_meet_is_not_asked():
    empty = Parameter("rate", FactType.DECIMAL, "", Text("率"), ())
    amount = "CASE WHEN staff > 3 THEN rate * 2 ELSE rate END"
    stepped = pack(version("cliff", "open", amount=amount, parameters={"rate": empty}))
    assert [f.code for f in analyse(stepped).found if f.code == "cliff"] == []
    column = fact("left_on", FactType.DATE)
    kinds = {"hires": replace(ROWS["hires"], columns=COLUMNS | {"left_on": column})}
    late = version("late", "COALESCE((SELECT MAX(left_on) FROM hires), AS_OF) > AS_OF", "open AND NOT open")
    told = contradictions(replace(pack(late), rows=kinds).measures["late"], replace(pack(late), rows=kinds))
    assert [f.code for f in told] == ["never"]


def test_a_worked_case_shows_a_branch_over_a_line_of_the_working():
    case = Example("e", DAY, {"open": True, "staff": 3}, "eligible", None, has_amount=False, region="")
    benefit = Benefit(
        "subsidy", "CNY", "CASE WHEN rate > 5 THEN rate ELSE 1 END", (Line("rate", Text("率"), "staff * 2"),)
    )
    shown = replace(version("v", "open", examples=(case,)), benefit=benefit)
    assert [f.code for f in analyse(pack(shown)).found if f.code == "dead_branch"] == []


def test_a_case_that_leaves_out_what_a_derivation_reads_can_be(tmp_path):
    edit = ("measures/tax.yaml", "facts: {taxable_income: 200001, employees: 8,", "facts: {taxable_income: 200001,")
    said = (
        "measures/tax.yaml",
        "facts: {taxable_income: 200001,",
        "facts: {small_staff: true, taxable_income: 200001,",
    )
    told = check_pack(build(tmp_path, edit, said)).findings
    assert not [f for f in told if f.code == "impossible_example"]
