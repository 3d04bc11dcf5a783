"""Faults of every kind are planted in a small pack; each is found, and its witness does in the engine what is claimed."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from datetime import date
from fractions import Fraction
from threading import Thread
from typing import TYPE_CHECKING

import pytest
import yaml
from minipack import FILES, build
from world import FACTS as WORLD_FACTS
from world import engine as world_engine
from world import pack as world_pack
from world import parameter, version

from chuangbao.rules import Engine, PackError, load_pack
from chuangbao.rules.analysis import analyse, findings, inquiry
from chuangbao.rules.packcheck import check_pack

if TYPE_CHECKING:
    from pathlib import Path

    from chuangbao.rules.diagnostics import Finding, Witness

TAX, SUB, OPEN = "measures/tax.yaml", "measures/subsidy.yaml", "measures/open.yaml"
FACTS, DOCS, REGIONS, PACK = "facts/enterprise.yaml", "documents/documents.yaml", "regions.csv", "pack.yaml"
SIZE = 'when: "employees >= 5"'
MORE = '      - {id: more, zh: 另一个, en: Another, when: "WHEN"}\n    benefit: {kind: subsidy, unit: CNY, amount: "employees * 500"}'
BENEFIT = '    benefit: {kind: subsidy, unit: CNY, amount: "employees * 500"}'
AMOUNT = 'amount: "employees * 500"'
PARAMETERS = "    conditions:\n      - {id: insured"
LEAST = "least: {type: integer, unit: person, label: {zh: 下限, en: Least}, values: [VALUES]}"


def also(when: str) -> tuple[str, str, str]:
    """One more condition of the subsidy."""
    return (SUB, BENEFIT, MORE.replace("WHEN", when))


def pays(formula: str) -> tuple[str, str, str]:
    """Another formula of the subsidy."""
    return (SUB, AMOUNT, f'amount: "{formula}"')


def least(values: str) -> tuple[tuple[str, str, str], ...]:
    """The least number of people as a dated figure."""
    head = "    parameters:\n      " + LEAST.replace("VALUES", values) + "\n"
    return ((SUB, PARAMETERS, head + PARAMETERS), (SUB, SIZE, 'when: "employees >= least"'))


LUMP = [
    (OPEN, 'benefit: {kind: right, unit: none, amount: "0"}', 'benefit: {kind: subsidy, unit: CNY, amount: "9000"}'),
    (OPEN, 'clause: "1.3"', 'clause: "1.2"'),
]  # fmt: skip
CHILD = (REGIONS, "220000,吉林省", "220100,长春市,Changchun,city,220000,,,,false,true\n220000,吉林省")
WAGES = "- {name: wages, subject: enterprise, type: money, range: {min: 0}, label: {zh: 工资, en: Wages}}\n- name: employees\n"
ENDED = (DOCS, "  date: 2015-03-13", "  date: 2015-03-13\n  in_force: {from: 2015-01-01, to: 2019-12-31}")
FAMILY = "group: {name: relief, rule: highest}"
# name → edits, code, part of the message, what the finding is about, names of the witnesses
FAULTS = {
    "one condition never holds": ([also("employees < 5 AND employees > 8")], "never", "'more' can never hold", "more", ["all but more"]),
    "out of range": ([also("employees > 100000")], "never", "'more' can never hold", "more", ["all but more"]),
    "two conditions never hold together": ([also("employees < 3")], "never", "'size', 'more' can never hold together", "more", ["all but more"]),
    "only outside the period": ([also("YEAR(AS_OF) = 2014")], "past_validity", "outside its own period (2015-01-01 to open)", "", ["outside the period"]),
    "implied": ([also("employees > 2")], "implied", "'more' holds whenever 'size' holds", "more", ["eligible"]),
    "always": ([also("industry_kind IN ('industrial', 'other')")], "implied", "'more' always holds", "more", ["eligible"]),
    "dead arm": ([pays("CASE WHEN employees < 5 THEN 100 ELSE employees * 500 END")], "dead_branch", "the branch employees < 5", "", ["eligible"]),
    "dead part": ([also("employees = 6 OR employees = 3")], "dead_branch", "the branch employees = 3", "more", ["eligible"]),
    "below zero": ([pays("(employees - 6) * 500")], "negative_amount", "below zero", "", ["below zero"]),
    "no amount": ([*least("{from: 2015-01-01, value: 5}, {from: 2010-01-01, value: 4, region: '220100'}"), CHILD, pays("500 * employees"), (SUB, AMOUNT.replace("employees * 500", "500 * employees"), 'amount: "YEAR(ADD_MONTHS(AS_OF, employees)) * 1"')], "no_amount", "cannot be worked out", "", ["no amount"]),
    "hole in a condition": ([also("employees <= 10 OR employees > 12")], "gap_in_bands", "is served by no band of SUB-2015", "employees", ["below: SUB-2015", "between: SUB-2015", "above: SUB-2015"]),
    "hole in a formula": ([pays("CASE WHEN employees <= 10 THEN 100 ELSE CASE WHEN employees >= 12 THEN 200 ELSE 0 END END")], "gap_in_bands", "employees = 11 is served by no band", "employees", ["below: SUB-2015", "between: SUB-2015", "above: SUB-2015"]),
    "hole in a family": ([LUMP[0], (OPEN, 'when: "open_for_all"', 'when: "open_for_all AND employees < 4"'), (OPEN, 'clause: "1.3"', f'clause: "1.3"\n    {FAMILY}'), (SUB, "excludes: [1.1-tax]", FAMILY)], "gap_in_bands", "employees = 4 is served by no band of OPEN-2015 or SUB-2015", "employees", ["below: OPEN-2015", "below: SUB-2015", "between: OPEN-2015", "between: SUB-2015", "above: OPEN-2015", "above: SUB-2015"]),
    "cliff": ([pays("CASE WHEN employees <= 10 THEN employees * 500 ELSE employees * 300 END")], "cliff", "falls from 5000.00 to 3300.00 where employees grows from 10 to 11", "employees", ["before", "after"]),
    "cliff of a cent": ([(TAX, 'amount: "taxable_income * 0.15"}\n    examples:\n      - name: at', 'amount: "CASE WHEN taxable_income <= 100000 THEN taxable_income * 0.15 ELSE taxable_income * 0.05 END"}\n    examples:\n      - name: at')], "cliff", "from 15000.00 to 5000.00 where taxable_income grows from 100000 to 100000.01", "taxable_income", ["before", "after"]),
    "hole through a derivation": ([(FACTS, 'value: "employees <= CASE', 'value: "employees < 7 OR employees > 8 AND employees <= CASE'), also("small_staff")], "gap_in_bands", "served by no band of SUB-2015", "employees", ["below: SUB-2015", "between: SUB-2015", "above: SUB-2015"]),
    "dead arm of a line": ([(SUB, AMOUNT, 'lines: [{id: rate, zh: 率, en: Rate, value: "CASE WHEN employees < 5 THEN 100 ELSE 500 END"}, {id: sum, zh: 和, en: Sum, value: "rate * employees"}], amount: "sum"')], "dead_branch", "the branch employees < 5", "", ["eligible"]),
    "same clause": (LUMP, "both_due", "can both be owed for the same clause 1.2", "1.2-subsidy", ["OPEN-2015", "SUB-2015"]),
    "same money": ([(SUB, AMOUNT, 'amount: "taxable_income * 0.1"'), (SUB, "kind: subsidy", "kind: tax"), (SUB, "    excludes: [1.1-tax]\n", "")], "both_due", "can both be owed for the same taxable_income", "1.1-tax", ["SUB-2015", "TAX-2015"]),
    "example against a derivation": ([(TAX, "facts: {taxable_income: 200001, employees: 8,", "facts: {taxable_income: 200001, employees: 8, small_staff: false,")], "impossible_example", "example 'above' cannot be", "small_staff", ["without small_staff"]),
    "example outside the period": ([(SUB, "- {name: above, as_of: 2015-06-30", "- {name: above, as_of: 2014-06-30")], "impossible_example", "the version's period contradicts the catalogue or the day", "the version's period", ["without the version's period"]),
    "figure begins late": (least("{from: 2016-01-01, value: 5}"), "parameter_gap", "'least' has no value on 2015-", "least", ["no value"]),
    "figure of another place": ([*least("{from: 2015-01-01, value: 5, region: '220100'}"), CHILD], "parameter_gap", "in 220000", "least", ["no value"]),
    "value after the end": ([(TAX, "values: [{from: 2014-01-01, value: 100000}]", "values: [{from: 2014-01-01, value: 100000}, {from: 2015-01-01, value: 9}]")], "past_validity", "the value 9 of 'ceiling' from 2015-01-01 is never the figure", "ceiling", []),
    "value replaced before": (least("{from: 2013-01-01, value: 4}, {from: 2014-01-01, value: 5}"), "past_validity", "the value 4 of 'least'", "least", []),
    "exclusion past its time": ([(TAX, "from: 2015-01-01, to: null", "from: 2015-01-01, to: 2015-12-31"), (SUB, "from: 2015-01-01, to: null", "from: 2016-01-01, to: null")], "past_validity", "it excludes '1.1-tax', of which no version", "1.1-tax", []),
    "document past its time": ([ENDED], "past_validity", "'tax-2015' ended on 2019-12-31", "tax-2015", ["after the end"]),
}  # fmt: skip


def judged(pack, witness: Witness):
    """What the engine itself says of a witness."""
    engine = Engine(pack)
    profile = engine.profile(witness.facts, as_of=witness.as_of, region=witness.region)
    return engine.judge(profile, witness.version)


def failing(pack, witness: Witness) -> list[str]:
    """The conditions that do not hold."""
    return [c.id for c in judged(pack, witness).conditions if c.verdict is not True]


def paid(witness: Witness) -> bool:
    return witness.status == "eligible" and witness.amount != 0


def never(pack, found, about):
    (case,) = found
    assert failing(pack, case) == [about]


def in_period(pack, case):
    return pack.versions[case.version][1].in_force(case.as_of)


def past_validity(pack, found, about):
    for case in found:
        assert case.status == "eligible"
        assert in_period(pack, case) == (case.name == "after the end")
        assert case.name != "after the end" or case.as_of > pack.documents[about].valid_to


def eligible(pack, found, about):
    assert [f.status for f in found] == ["eligible"]
    assert in_period(pack, found[0])


def negative_amount(pack, found, about):
    assert found[0].status == "eligible"
    assert found[0].amount < 0


def no_amount(pack, found, about):
    assert found[0].status == "eligible"
    assert found[0].amount is None


def gap_in_bands(pack, found, about):
    size = len(found) // 3
    below, between, above = found[:size], found[size : 2 * size], found[2 * size :]
    assert any(paid(w) for w in below)
    assert not any(paid(w) for w in between)
    assert any(paid(w) for w in above)
    rest = [{k: v for k, v in w.facts.items() if k != about} for w in found]
    assert all(r == rest[0] for r in rest)
    assert below[0].facts[about] < between[0].facts[about] < above[0].facts[about]


def cliff(pack, found, about):
    before, after = found
    assert before.status == after.status == "eligible"
    assert after.amount < before.amount
    step = after.facts[about] - before.facts[about]
    assert step == (1 if about == "employees" else Fraction(1, 100))


def both_due(pack, found, about):
    assert all(paid(w) for w in found)
    assert found[0].facts == found[1].facts
    assert found[0].as_of == found[1].as_of


def impossible_example(pack, found, about):
    engine = Engine(pack)
    case = found[0]
    assert not engine.profile(case.facts, as_of=case.as_of, region=case.region).conflicts


def parameter_gap(pack, found, about):
    assert in_period(pack, found[0])
    assert found[0].status != "eligible"
    engine = Engine(pack)
    profile = engine.profile(found[0].facts, as_of=found[0].as_of, region=found[0].region)
    assert engine.board(profile).parameters(engine.plans[found[0].version]) == (None,)


CLAIMS = {
    "never": never, "past_validity": past_validity, "implied": eligible, "dead_branch": eligible,
    "negative_amount": negative_amount, "no_amount": no_amount, "gap_in_bands": gap_in_bands, "cliff": cliff,
    "both_due": both_due, "impossible_example": impossible_example, "parameter_gap": parameter_gap,
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found_and_its_witness_does_what_is_said(name: str, tmp_path: Path) -> None:
    edits, code, message, about, names = FAULTS[name]
    pack = load_pack(build(tmp_path, *edits))
    near = [f for f in analyse(pack).found if f.code == code and message in f.message]
    assert near, [(f.code, f.message) for f in analyse(pack).found]
    found = near[0]
    assert [w.name for w in found.witnesses] == names
    assert not about or about in found.about
    for witness in found.witnesses:
        answer = judged(pack, witness)
        assert (str(answer.status), answer.amount) == (witness.status, witness.amount)
    CLAIMS[code](pack, found.witnesses, about)
    placed = [f for f in check_pack(tmp_path).findings if f.code == code and message in f.message]
    assert placed[0].line > 1
    assert placed[0].hint


def test_the_small_pack_says_nothing_that_nobody_meant(tmp_path: Path) -> None:
    assert analyse(load_pack(build(tmp_path))).found == ()


QUIET = {
    "another kind of benefit": [*LUMP, (OPEN, "kind: subsidy", "kind: loan")],
    "no money": [*LUMP, (OPEN, "unit: CNY", "unit: none")],
    "excluded": [*LUMP, (OPEN, "    examples:", "    excludes: [1.2-subsidy]\n    examples:")],
    "another place": [*LUMP, CHILD, (OPEN, 'region: "220000"', 'region: "220100"'), (SUB, 'region: "220000"', 'region: "110000"')],
    "other money": [*LUMP, (OPEN, 'amount: "9000"', 'amount: "taxable_income * 0.1"'), (SUB, AMOUNT, 'amount: "wages * 500"'), (FACTS, "- name: employees\n", WAGES)],
    "judged by a person": [*LUMP, (OPEN, "    confirmed: true", "    confirmed: true\n    manual: {zh: 人工, en: By hand}")],
    "by a figure of its own": [*LUMP, *least("{from: 2015-01-01, value: 5}"), also("NOT open_for_all"), (SUB, AMOUNT, 'amount: "least * 500"')],
    "never at once": [*LUMP, also("NOT open_for_all")],
    "ended in time": [ENDED, (TAX, "from: 2015-01-01, to: null", "from: 2015-01-01, to: 2019-12-31")],
    "a case that cannot be read": [(SUB, "facts: {insured: true, employees: 4}", "facts: {insured: 7, employees: 4}")],
    "a document of no library": [(TAX, "documents_ref: [tax-2015]", "documents_ref: [elsewhere]")],
    "a slope": [pays("CASE WHEN employees <= 10 THEN employees * 500 ELSE 5000 END")],
}  # fmt: skip


@pytest.mark.parametrize("name", QUIET)
def test_what_is_meant_is_not_told(name: str, tmp_path: Path) -> None:
    found = analyse(load_pack(build(tmp_path, *QUIET[name]))).found
    assert [f for f in found if f.code in {"both_due", "cliff", "past_validity", "impossible_example"}] == []


def test_a_measure_of_a_place_needs_its_figures_only_there(tmp_path: Path) -> None:
    local = (SUB, 'region: "220000"', 'region: "220100"')
    edits = [*least("{from: 2015-01-01, value: 5, region: '220100'}"), CHILD, local]
    assert [f.code for f in analyse(load_pack(build(tmp_path, *edits))).found] == []


EXPLAINED = """\
explained:
  - {code: cliff, about: [employees], versions: [SUB-2015], clause: "1.2", zh: 文件如此, en: The text says so}
versions:
"""
CLIFF = pays("CASE WHEN employees <= 10 THEN employees * 500 ELSE employees * 300 END")


def coded(folder: Path, *edits: tuple[str, str, str]) -> dict[str, Finding]:
    """Findings of the pack check by their code."""
    return {f.code: f for f in check_pack(build(folder, *edits)).findings}


def test_an_explained_finding_is_a_note_with_its_reason(tmp_path: Path) -> None:
    found = coded(tmp_path, CLIFF, (SUB, "versions:\n", EXPLAINED))
    assert found["cliff"].severity == "note"
    assert found["cliff"].hint == "文件如此"
    assert "stale_explanation" not in found


@pytest.mark.parametrize("wrong", ["about: [employees]", "versions: [SUB-2015]", "code: cliff"])
def test_an_explanation_that_explains_nothing_is_a_warning(wrong: str, tmp_path: Path) -> None:
    other = {
        "about: [employees]": "about: [insured]",
        "versions: [SUB-2015]": "versions: [TAX-2015]",
        "code: cliff": "code: implied",
    }
    found = coded(tmp_path, CLIFF, (SUB, "versions:\n", EXPLAINED.replace(wrong, other[wrong])))
    assert found["cliff"].severity == "warning"
    assert found["stale_explanation"].severity == "warning"
    assert found["stale_explanation"].line == 10


def test_a_pair_is_explained_by_either_of_the_two(tmp_path: Path) -> None:
    text = EXPLAINED.replace("cliff, about: [employees], versions: [SUB-2015]", "both_due, about: [1.3-open]")
    found = coded(tmp_path, *LUMP, (SUB, "versions:\n", text))
    assert found["both_due"].severity == "note"


def test_an_explanation_without_a_reason_or_of_no_known_kind_is_an_error(tmp_path: Path) -> None:
    bare = EXPLAINED.replace(", zh: 文件如此, en: The text says so", "").replace("code: cliff", "code: clif")
    found = coded(tmp_path, CLIFF, (SUB, "versions:\n", bare))
    assert found["reason"].severity == "error"
    assert "cliff" in found["code"].hint


def test_a_draft_is_looked_at_beside_the_pack_in_under_a_second(tmp_path: Path) -> None:
    pack = load_pack(build(tmp_path))
    text = (
        FILES[SUB]
        .replace(SIZE, 'when: "employees >= 5 AND (employees < 9 OR employees > 12)"')
        .replace("1.2-subsidy", "draft")
        .replace("SUB-2015", "D-1")
    )
    begun = time.perf_counter()
    found = findings(text, pack)
    assert time.perf_counter() - begun < 1
    assert {f.code for f in found} == {"gap_in_bands", "both_due"}
    hole = next(f for f in found if f.code == "gap_in_bands")
    line = text.split("\n")[hole.line - 1]
    assert line[hole.column - 1 :].startswith("employees >= 5")
    assert yaml.safe_load(str(hole.witnesses[1]))["expect"] == {"status": "not_eligible"}


def test_a_checked_measure_is_looked_at_as_well(tmp_path: Path) -> None:
    pack = load_pack(build(tmp_path, CLIFF))
    (found,) = findings(pack.measures["1.2-subsidy"], pack)
    assert (found.code, found.line) == ("cliff", 0)
    assert found.message.startswith("SUB-2015: ")


@pytest.mark.parametrize(
    "text", ["", "- a", "id: x\nversions: [", FILES[SUB].replace("employees >= 5", "employes >= 5")]
)
def test_a_draft_that_cannot_be_read_says_why(text: str, tmp_path: Path) -> None:
    with pytest.raises(PackError) as caught:
        findings(text, load_pack(build(tmp_path)))
    assert caught.value.findings[0].message


def test_two_editors_may_ask_at_once(tmp_path: Path) -> None:
    pack = load_pack(build(tmp_path, CLIFF))
    answers: list[list[str]] = []
    threads = [Thread(target=lambda: answers.append([f.code for f in findings(FILES[TAX], pack)])) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [[], [], []]


SWEEPING = """
import gc, sys, threading
from pathlib import Path
import test_analysis as world
from chuangbao.rules import load_pack
from chuangbao.rules.analysis import findings
pack = load_pack(world.build(Path(sys.argv[1]), world.CLIFF))
gc.set_threshold(50, 2, 2)
asking = [threading.Thread(target=findings, args=(world.FILES[world.TAX], pack)) for _ in range(3)]
for each in asking:
    each.start()
while any(each.is_alive() for each in asking):
    for _ in range(1000):
        ring = []
        ring.append(ring)
print("whole")
"""


def test_a_thread_that_sweeps_up_does_not_kill_another_that_asks(tmp_path: Path) -> None:
    ways = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-W", "ignore", "-c", SWEEPING, str(tmp_path)]
    done = subprocess.run(
        command, env=ways, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.stdout == "whole\n", done.stderr[-2000:]


def test_what_the_solver_cannot_decide_is_told_and_not_guessed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hard = also("employees * employees * employees + taxable_income * employees * taxable_income = 1234567.891")
    monkeypatch.setattr(inquiry, "EFFORT", 1)
    found = coded(tmp_path, *LUMP, hard)
    assert found["not_decided"].severity == "note"
    assert "could not be decided" in found["not_decided"].message


def world_codes(*rules, **more) -> dict[str, object]:
    """Findings over the world of one fact of each kind."""
    return {f.code: f for f in analyse(world_pack(*rules, **more)).found}


def test_rows_that_are_needed_stand_in_the_witness() -> None:
    rule = version(
        "v", "(SELECT COUNT(*) FROM hires WHERE hours > 10) >= 120", "(SELECT COUNT(*) FROM hires) >= 3", amount="staff"
    )
    found = world_codes(rule)
    assert "not_decided" in found  # for whatever rows there are, it is not proved
    case = found["negative_amount"].witnesses[0]
    assert sum(row["hours"] > 10 for row in case.facts["hires"]) >= 120
    assert len(yaml.safe_load(str(case))["facts"]["hires"]) >= 120
    judge = world_engine(rule)
    assert judge.judge(judge.profile(case.facts, as_of=case.as_of), "v").status == "eligible"


def test_rows_cannot_count_below_nothing() -> None:
    assert "never" in world_codes(version("v", "(SELECT COUNT(*) FROM hires) < 0"))
    twice = "(SELECT COUNT(*) FROM hires) > 3 AND (SELECT COUNT(*) FROM hires) < 3"
    assert "never" in world_codes(version("v", twice))


@pytest.mark.parametrize(
    "when",
    ["(SELECT MAX(full) FROM hires) AND NOT (SELECT MIN(full) FROM hires)", "(SELECT MIN(founded) FROM hires) > AS_OF AND (SELECT COUNT(*) FROM hires) = 0"],
)  # fmt: skip
def test_the_least_of_truths_and_days_is_understood(when: str) -> None:
    assert world_codes(version("v", when)) is not None


def test_a_figure_that_is_a_word_or_a_day_is_read_as_what_it_is() -> None:
    figures = {
        "shade": parameter("shade", (date(2015, 1, 1), "red", "")),
        "start": parameter("start", (date(2015, 1, 1), date(2016, 1, 1), "")),
        "given": parameter("given", (date(2015, 1, 1), True, "")),
    }
    rule = version("v", "colour = shade", "founded >= start", "given", amount="staff * staff", parameters=figures)
    found = world_codes(rule)
    assert set(found) >= {"parameter_gap"}


def test_absence_and_equality_of_chosen_sets_and_days() -> None:
    rule = version(
        "v",
        "CONTAINS(CASE WHEN open THEN colours ELSE colours END, 'red')",
        "COALESCE(debt, CASE WHEN staff > 3 THEN 1 ELSE 2 END) > 0",
        "CASE WHEN open THEN founded ELSE left_on END > AS_OF",
        "insured = open",
        "trade LIKE '65%' OR trade = ''",
    )
    assert WORLD_FACTS["debt"].may_be_absent
    assert "never" not in world_codes(rule)
