"""Facts that the pack knows by itself, names that a fact had before, and figures that nobody has seen yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import minipack
import polars as pl
import pytest

from chuangbao.rules import Engine, FactError, PackError, load_pack
from chuangbao.rules.batch import totals
from chuangbao.rules.packcheck import check_pack

if TYPE_CHECKING:
    from pathlib import Path

FACTS, SUB, LIST = "facts/enterprise.yaml", "measures/subsidy.yaml", "codes/lists.yaml"
STAFF = "- name: employees\n"
KNOWN = "- name: employees\n  aliases: [staff]\n  values: [{from: 2015-01-01, value: 7, source: 名册}]\n"
AMOUNT = 'amount: "employees * 500"'
APART = (FACTS, "employees <= CASE WHEN industry_kind", "100 <= CASE WHEN industry_kind")
DAY = date(2015, 6, 30)


def engine_of(folder: Path, *edits: tuple[str, str, str]) -> Engine:
    """The small pack with some edits."""
    return Engine(load_pack(minipack.build(folder, APART, *edits)))


def test_what_the_pack_knows_is_not_missing_and_what_is_said_wins(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, (FACTS, STAFF, KNOWN))
    slot = engine.slots["employees"]
    assert engine.profile({}, as_of=DAY).values[slot] == 7
    assert engine.profile({"employees": 3}, as_of=DAY).values[slot] == 3
    assert engine.profile({}, as_of=date(2014, 12, 31)).values[slot] is None


def test_columns_know_the_same(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, (FACTS, STAFF, KNOWN))
    frame = pl.DataFrame(
        {"subject": [1, 2], "employees": [None, 2]}, schema={"subject": pl.Int64, "employees": pl.Int64}
    )
    for day in (DAY, date(2016, 1, 1)):
        columns, exact = (totals(frame, engine, day, engine=kind) for kind in ("columns", "exact"))
        assert [replace(m, rejudged=0) for m in columns.measures] == [replace(m, rejudged=0) for m in exact.measures]
    assert totals(frame.drop("employees"), engine, DAY).subjects == 2


def test_a_former_name_of_a_fact_is_taken_once(tmp_path: Path) -> None:
    engine = engine_of(tmp_path, (FACTS, STAFF, KNOWN))
    assert engine.profile({"staff": 4}, as_of=DAY).values[engine.slots["employees"]] == 4
    with pytest.raises(FactError, match="former name of 'employees'"):
        engine.profile({"staff": 4, "employees": 5}, as_of=DAY)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (KNOWN + "  value: taxable_income\n", "keep one"),
        (KNOWN.replace("value: 7", "value: sieben"), "no number"),
        (KNOWN + "- {name: twice, subject: enterprise, group: money, type: integer, value: employees * 2,"
         " label: {zh: 两倍, en: Twice}}\n- name: rest\n", "another in each place"),
    ],
)  # fmt: skip
def test_a_figure_that_cannot_be_known_is_refused(tmp_path: Path, text: str, fault: str) -> None:
    with pytest.raises(PackError, match=fault):
        load_pack(minipack.build(tmp_path, (FACTS, STAFF, text)))


@pytest.mark.parametrize("formula", ["LEAST(taxable_income, most)", "GREATEST(0, 100 - most)", "CASE WHEN employees > 3 THEN most ELSE 2 END"])  # fmt: skip
def test_a_figure_that_nobody_has_seen_does_not_end_the_check(tmp_path: Path, formula: str) -> None:
    head = "    parameters:\n      most: {type: money, unit: CNY, label: {zh: 上限, en: Most}, values: []}\n"
    when = "    conditions:\n      - {id: insured"
    report = check_pack(minipack.build(tmp_path, (SUB, when, head + when), (SUB, AMOUNT, f'amount: "{formula}"')))
    codes = {finding.code for finding in report.findings}
    assert "parameter_gap" in codes  # told once; what depends on the figure is no fault of its own
    assert "no_amount" not in codes


def test_a_truth_that_nobody_has_seen_holds_for_nobody(tmp_path: Path) -> None:
    head = "    parameters:\n      open_now: {type: boolean, label: {zh: 开放, en: Open}, values: []}\n"
    when = "    conditions:\n      - {id: insured"
    more = head + "    conditions:\n      - {id: now, zh: 开放, en: Open, when: open_now}\n      - {id: insured"
    report = check_pack(minipack.build(tmp_path, (SUB, when, more)))
    codes = {finding.code for finding in report.findings}
    assert "parameter_gap" in codes
    assert "never" not in codes


def test_an_id_that_a_version_had_before_is_not_given_to_another(tmp_path: Path) -> None:
    spoilt = (SUB, "  - version: ", "  - aliases: [TAX-1, TAX-1]\n    version: ")
    report = check_pack(minipack.build(tmp_path, spoilt))
    assert "duplicate" in {finding.code for finding in report.findings}
