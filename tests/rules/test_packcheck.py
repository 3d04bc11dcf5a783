"""A fault of each kind is planted in a small pack and found: file, line, a message and a mending worth reading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from minipack import FILES, build

from chuangbao.rules.packcheck import Report, check_pack

if TYPE_CHECKING:
    from pathlib import Path

TAX = "measures/tax.yaml"
SUB = "measures/subsidy.yaml"
OPEN = "measures/open.yaml"
FACTS = "facts/enterprise.yaml"
DOCS = "documents/documents.yaml"
CLAUSES = "documents/seed-doc.clauses.yaml"

# id of the case → file, old, new, code, part of the message, part of the hint
FAULTS = {
    "gap": (TAX, "to: 2014-12-31", "to: 2014-11-30", "gap", "from 2014-12-01 to 2014-12-31", "gap_note"),
    "overlap": (TAX, "to: 2014-12-31", "to: 2015-03-31", "overlap", "TAX-2014 is still the rule", "end TAX-2014 on 2014-12-31"),
    "backward": (TAX, "from: 2014-01-01, to: 2014-12-31}", "from: 2014-12-31, to: 2014-01-01}", "period", "before it begins", "from: 2014-01-01"),
    "no day": (TAX, "to: 2014-12-31", "to: 2014-13-31", "date", "'2014-13-31' is no calendar day", "2015-06-08"),
    "clause": (SUB, 'clauses: ["1.2"]', 'clauses: ["1.22"]', "unknown_clause", "no clause '1.22'", "'1.2'"),
    "version clause": (OPEN, 'clause: "1.3"', 'clause: "9.9.9"', "unknown_clause", "no clause '9.9.9'", "no clause like it"),
    "document": (TAX, "documents_ref: [tax-2015]", "documents_ref: [tax-2105]", "unknown_document", "'tax-2105'", "tax-2015"),
    "successor": (DOCS, "successors: [seed-doc]", "successors: [sed-doc]", "unknown_document", "'sed-doc'", "seed-doc"),
    "excludes": (SUB, "excludes: [1.1-tax]", "excludes: [1.1-taxes]", "unknown_measure", "'1.1-taxes'", "1.1-tax"),
    "itself": (SUB, "excludes: [1.1-tax]", "excludes: [1.2-subsidy]", "excludes_itself", "excludes itself", "other"),
    "group rule": (SUB, "excludes: [1.1-tax]", "group: {name: g, rule: higest}", "group_rule", "'higest'", "highest"),
    "group cap": (SUB, "excludes: [1.1-tax]", "group: {name: g, rule: cap}", "group_cap", "joint ceiling", "cap: 300000"),
    "status": (SUB, "employees: 4}, expect: {status: not_eligible}", "employees: 4}, expect: {status: eligible}", "example_status", "says not_eligible", "not met: size"),
    "missing": (SUB, "facts: {insured: true, employees: 4}, expect: {status: not_eligible}", "facts: {employees: 5}, expect: {status: eligible}", "example_status", "says undetermined", "missing: insured"),
    "wrong no": (OPEN, "expect: {status: eligible}", "expect: {status: not_eligible}", "example_status", "says eligible", "status: eligible"),
    "amount": (TAX, "amount: 30000.00", "amount: 30000.01", "example_amount", "expects 30000.01 but the rule gives 30000.00", "amount: 30000.00"),
    "example fact": (SUB, "facts: {insured: true, employees: 4}", "facts: {insured: true, employes: 4}", "example_fact", "employes", "employees"),
    "threshold": (SUB, "employees: 4}", "employees: 3}", "threshold_example", "turns at employees = 5; no example has 4", "employees: 4"),
    "no example": (OPEN, FILES[OPEN][FILES[OPEN].index("    examples:"):], "", "no_example", "OPEN-2015 has no worked example", "examples:"),
    "unused": (OPEN, 'when: "open_for_all"', 'when: "insured"', "unused_fact", "'open_for_all'", "remove it"),
    "no question": (FACTS, '  question: {zh: 有多少员工？, en: "How many people work there?"}\n', "", "no_question", "'employees'", "question: {zh: 从业人数"),
    "no english": (FACTS, "label: {zh: 已参保, en: Insured}", "label: {zh: 已参保}", "translation", "'已参保' has no English text", "en:"),
    "no chinese": (SUB, "zh: 员工已参保, en: Staff insured", "en: Staff insured", "translation", "'Staff insured' has no Chinese", "zh:"),
    "bare title": (OPEN, "title: {zh: 使用设备, en: Use of equipment}\nsubject", "title: 使用设备\nsubject", "translation", "'title' needs", "zh: 使用设备"),
    "twice": (SUB, "id: 1.2-subsidy", "id: 1.1-tax", "duplicate", "measure '1.1-tax' is already defined in measures/subsidy.yaml:1", "rename"),
    "version twice": (SUB, "version: SUB-2015", "version: TAX-2015", "duplicate", "version 'TAX-2015'", "rename"),
    "key twice": (SUB, "confirmed: true", "confirmed: true\n    confirmed: false", "duplicate_key", "'confirmed' stands twice", "keep one"),
    "no rule": (CLAUSES, "en: Open equipment}", 'en: Open equipment}\n- {id: 1.4, modality: MUST, zh: 奖励, en: Award, numbers: "90"}', "no_rule", "clause 1.4 states a figure (90)", "clauses of a measure"),
    "no group": (FACTS, "  group: money\n  type: money", "  type: money", "no_group", "'taxable_income' stands in no group", "group: money"),
    "group": (FACTS, "  group: money\n  type: money", "  group: mony\n  type: money", "unknown_group", "no group 'mony'", "'money'"),
    "no id": (OPEN, "- {id: open, zh", "- {zh", "no_id", "this condition has no id", "readable"),
    "type": (SUB, "employees >= 5", "employees >= 'five'", "", "", ""),
    "name": (SUB, "employees >= 5", "employes >= 5", "", "employes", "employees"),
    "yaml": (SUB, "themes: [tax]", "themes: [tax", "yaml", "not YAML", "indentation"),
}  # fmt: skip


def report(folder: Path, *edits: tuple[str, str, str]) -> Report:
    """The check of the small pack with these edits."""
    return check_pack(build(folder, *edits))


def test_the_small_pack_is_clean_and_counted(tmp_path: Path) -> None:
    found = report(tmp_path)
    assert [str(f) for f in found.findings] == []
    assert found.ok
    assert found.counts["measures"] == 3
    assert found.counts["versions"] == 4
    assert found.counts["examples"] == 10
    assert found.to_dict()["ok"] is True


@pytest.mark.parametrize("name", FAULTS)
def test_a_planted_fault_is_found(name: str, tmp_path: Path) -> None:
    file, old, new, code, message, hint = FAULTS[name]
    found = report(tmp_path, (file, old, new)).findings
    near = [f for f in found if (not code or f.code == code) and message in f.message and hint in f.hint]
    assert near, "\n".join(map(str, found))
    assert all(f.line > 0 and f.column > 0 and f.hint for f in near)
    assert any(f.file == file or name.endswith("twice") or code == "unused_fact" for f in near)


def test_the_line_is_the_line_of_the_fault(tmp_path: Path) -> None:
    (found,) = report(tmp_path, (SUB, "excludes: [1.1-tax]", "excludes: [1.1-taxes]")).errors
    assert found.file == SUB
    assert FILES[SUB].splitlines()[found.line - 1].strip() == "excludes: [1.1-tax]"
    assert found.column == FILES[SUB].splitlines()[found.line - 1].index("1.1") + 1


def test_an_explained_gap_is_no_fault(tmp_path: Path) -> None:
    edit = (TAX, "to: 2014-12-31}", "to: 2014-11-30}\n    gap_note: 原文件到期后未续期")
    later = (
        TAX,
        "from: 2015-01-01, to: null}",
        "from: 2015-01-01, to: null}\n    gap_note: {zh: 停止一个月, en: paused}",
    )
    assert report(tmp_path, edit, later).findings == ()


def test_a_folder_without_pack_or_with_bytes_that_are_not_text(tmp_path: Path) -> None:
    assert [f.code for f in check_pack(tmp_path).findings][:1] == ["no_pack"]
    build(tmp_path)
    (tmp_path / SUB).write_bytes("id: 减".encode("gb18030"))
    assert "encoding" in [f.code for f in check_pack(tmp_path).findings]


def test_a_pack_without_groups_needs_none(tmp_path: Path) -> None:
    found = report(
        tmp_path,
        ("codes/codes.yaml", "list: fact_group", "list: other"),
        (FACTS, "  group: money\n  type: money", "  type: money"),
    )
    assert "no_group" not in {finding.code for finding in found.findings}


MONTHLY = (
    FACTS,
    "- name: insured\n",
    """- name: month_sales
  subject: enterprise
  group: money
  type: money
  label: {zh: 月销售额, en: Sales of a month}
  question: {zh: 一个月卖多少？, en: "How much is sold in a month?"}
- name: months_open
  subject: enterprise
  group: money
  type: integer
  unit: month
  label: {zh: 经营月数, en: Months of business}
  question: {zh: 经营了几个月？, en: "How many months?"}
- name: insured
""",
)
FORMULAS = [
    ("CNY/year", "month_sales * 0.03", "gives a sum of a month, the unit says a year"),
    ("CNY", "LEAST(month_sales, 5000) * 0.03", "gives a sum of a month, the unit says once"),
    ("CNY/month", "taxable_income * 0.03", "gives a sum of a year, the unit says a month"),
    ("CNY/year", "month_sales * 3", "gives a sum of a quarter, the unit says a year"),
    ("CNY/year", "CASE WHEN insured THEN month_sales ELSE 0 END - month_sales", "gives a sum of a month"),
    ("CNY/year", "taxable_income + ROUND(month_sales, 2)", "of a year and of a month stand together"),
    ("CNY/year", "month_sales * 12 * 0.03", ""),
    ("CNY/year", "-(0.03 * (4 * (month_sales * 3)))", ""),
    ("CNY/month", "taxable_income / 12", ""),
    ("CNY/year", "month_sales * months_open", ""),
    ("CNY", "month_sales * months_open", ""),
    ("CNY/year", "month_sales * 3 * months_open / 3", ""),
    ("CNY", "taxable_income / 2", ""),
    ("CNY/year", "employees * 500", ""),
    ("CNY/year", "CASE WHEN taxable_income > 0 THEN month_sales / taxable_income ELSE 0 END * 5", ""),
    ("CNY/year", "CASE WHEN month_sales > 0 THEN month_sales * month_sales / month_sales ELSE 0 END", ""),
]


@pytest.mark.parametrize(("unit", "formula", "told"), FORMULAS)
def test_a_month_is_not_a_year(tmp_path, unit, formula, told):
    edit = (SUB, 'unit: CNY, amount: "employees * 500"', f'unit: {unit}, amount: "{formula}"')
    found = [f for f in check_pack(build(tmp_path, MONTHLY, edit)).findings if f.code == "period"]
    assert [told in f.message for f in found] == ([True] if told else [])
    assert all(f.file == SUB and f.severity == "error" for f in found)


def test_the_period_of_a_figure_is_said_or_read_from_its_label_and_lines_have_one(tmp_path):
    lines = "lines: [{id: tax, zh: 税额, en: Tax, value: month_sales * rate}], amount: tax"
    parameter = "    parameters: {rate: {type: money, unit: CNY, label: {zh: 比例, en: Rate}, values: [{from: 2015-01-01, value: 3}]}}\n"
    edits = (
        (SUB, 'unit: CNY, amount: "employees * 500"', f"unit: CNY/year, {lines}"),
        (SUB, "    conditions:", f"{parameter}    conditions:"),
        (FACTS, "  type: money\n  label: {zh: 月销售额", "  type: money\n  per: month\n  label: {zh: 销售额"),
    )
    found = [f.message for f in check_pack(build(tmp_path, MONTHLY, *edits)).findings if f.code == "period"]
    assert found == ["the formula gives a sum of a month, the unit says a year"]


GROUPS = """\
- {name: local, zh: 地方贡献, en: Local share, rule: cap, cap: taxable_income * 0.05, order: [1.2-subsidy, 1.9-none]}
- {name: alone, zh: 没人用, en: Unused, rule: cap, cap: 5}
"""


def test_what_shares_a_ceiling_comes_equally_often(tmp_path):
    build(
        tmp_path,
        (SUB, "    excludes: [1.1-tax]", "    group: local"),
        (TAX, 'amount: "taxable_income * 0.15"}', 'amount: "taxable_income * 0.15"}\n    group: local'),
    )
    (tmp_path / "groups.yaml").write_text(GROUPS, encoding="utf-8")
    found = {f.code: f for f in check_pack(tmp_path).findings}
    assert "SUB-2015 is counted in CNY, " in found["group_unit"].message or "CNY/year" in found["group_unit"].message
    assert found["group_unused"].severity == "warning"
    assert "'1.9-none'" in found["unknown_measure"].message


def test_the_check_reads_what_the_pack_is_read_with(tmp_path):
    edit = (FACTS, 'en: "How many people work there?"', "en: How many people work there?")
    assert check_pack(build(tmp_path, edit)).errors == ()


def test_targets_and_counts_of_parts_want_no_measure(tmp_path):
    more = ['{id: 1.4, modality: TARGET, zh: 到2020年百家, en: A hundred by 2020, numbers: "≥100家，2020"}',
            '{id: 1.5, modality: MUST, zh: 三级, en: Three levels, numbers: "3"}',
            '{id: 1.6, modality: MUST, zh: 补贴, en: Pay, numbers: "3000"}']  # fmt: skip
    edit = (CLAUSES, "en: Open equipment}", "en: Open equipment}" + "".join(f"\n- {line}" for line in more))
    told = [f.message for f in check_pack(build(tmp_path, edit)).findings if f.code == "no_rule"]
    assert told == ["clause 1.6 states a figure (3000) and no measure rests on it"]


AT_LEAST_5 = 'when: "employees >= 5"'


@pytest.mark.parametrize(
    ("op", "wanted"),
    [(">=", "5, 4"), ("<", "5, 4"), (">", "5, 6"), ("<=", "5, 6"), ("=", "5, 4, 6"), ("<>", "5, 4, 6")],
)
def test_a_threshold_wants_a_case_at_it_and_on_the_side_where_it_turns(tmp_path, op, wanted):
    build(tmp_path, (SUB, AT_LEAST_5, f'when: "employees {op} 5 AND insured"'))
    path = tmp_path / SUB
    path.write_text(re.sub(r"employees: [4-6]\b", "employees: 50", path.read_text("utf-8")), "utf-8")
    (told,) = [f for f in check_pack(tmp_path).findings if f.code == "threshold_example" and f.file == SUB]
    assert told.message.endswith(f"turns at employees = 5; no example has {wanted}")


def test_a_figure_left_empty_is_a_note_where_the_version_says_what_waits(tmp_path):
    empty = (SUB, "    conditions:\n      - {id: insured", "    parameters: {least: {type: integer, unit: person, values: []}}\n    conditions:\n      - {id: insured")  # fmt: skip
    reads = (SUB, AT_LEAST_5, 'when: "employees >= least"')
    told = (SUB, empty[1], "    unconfirmed: {zh: 下限没有查到, en: The least was not found}\n" + empty[1])
    bare, said = (check_pack(build(tmp_path / name, *edits)) for name, edits in (("a", (empty, reads)), ("b", (told, empty, reads))))  # fmt: skip
    for report, severity in ((bare, "warning"), (said, "note")):
        (gap,) = [f for f in report.findings if f.code == "parameter_gap"]
        assert (gap.severity, gap.message.split(" — ")[0]) == (severity, "SUB-2015: parameter 'least' has no value yet")
        assert not [f for f in report.findings if f.code in {"never", "no_amount"}]
    assert "下限没有查到" in next(f.message for f in said.findings if f.code == "parameter_gap")
