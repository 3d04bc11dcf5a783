"""The offices of a pack: which office does a measure, which hot line knows about it, and what is wrong in the file."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from minipack import build

from chuangbao.rules import PackError, Text, load_pack
from chuangbao.rules.offices import Step

if TYPE_CHECKING:
    from pathlib import Path

DEPARTMENTS = """\
- list: department
  title: {zh: 主管部门, en: Department}
  codes:
    - {code: tax, zh: 税务, en: Tax}
    - {code: labour, zh: 人社, en: Labour}
"""
OFFICES = """\
answer_within: 5
hotlines:
- {number: "12345", zh: 便民, en: All}
- {number: "12366", zh: 税务, en: Tax, departments: [tax]}
kinds:
- {department: tax, zh: "{place}税务", en: "Tax, {place}", levels: [county]}
- {department: labour, zh: "{place}人社", en: "Labour, {place}"}
named:
- {region: "220000", department: labour, zh: 省厅, en: Department, source: 文件}
steps:
- {department: labour, level: province, measures: [%s]}
elsewhere:
- {zh: 单位, en: Employer, measures: [%s]}
"""


def make_pack(folder: Path, text: str = "") -> Path:
    """Build the small pack with offices for its first two measures."""
    build(folder)
    first, second, *_rest = sorted(load_pack(folder).measures)
    (folder / "codes" / "departments.yaml").write_text(DEPARTMENTS)
    (folder / "offices.yaml").write_text(text or OFFICES % (first, second))
    return folder


def test_a_step_is_done_by_the_first_kind_of_office_unless_the_file_says_otherwise(tmp_path: Path) -> None:
    pack = load_pack(make_pack(tmp_path))
    first, second, third, *_rest = (pack.measures[name] for name in sorted(pack.measures))
    offices = pack.offices
    assert offices is not None
    assert offices.step_of(replace(first, departments=("tax",))) == Step("labour", "province")
    assert offices.step_of(second) is None
    assert offices.step_of(replace(third, departments=("labour", "tax"))) == Step("tax", "county")
    assert offices.step_of(replace(third, departments=())) is None
    assert offices.answer_days == 5


def test_a_hot_line_is_that_of_the_department_else_the_one_for_everything(tmp_path: Path) -> None:
    offices = load_pack(make_pack(tmp_path)).offices
    assert offices is not None
    lines = [offices.hotline_of(names) for names in (["labour", "tax"], ["labour"], [])]
    assert [line.number for line in lines if line] == ["12366", "12345", "12345"]
    assert replace(offices, hotlines=()).hotline_of(["tax"]) is None


def test_a_kind_of_office_is_named_after_its_place_and_stands_at_its_levels(tmp_path: Path) -> None:
    offices = load_pack(make_pack(tmp_path)).offices
    assert offices is not None
    tax, labour = offices.kinds
    assert tax.name_at(Text("敦化市", "Dunhua")) == Text("敦化市税务", "Tax, Dunhua")
    assert (tax.levels, labour.levels) == (("county",), ("county", "prefecture", "province"))


@pytest.mark.parametrize(
    ("was", "now", "told"),
    [
        ("department: tax", "department: police", "'police'"),
        ("departments: [tax]", "departments: [police]", "'police'"),
        ("levels: [county]", "levels: [village]", "'village'"),
        ("level: province", "level: nation", "'nation'"),
        ('region: "220000"', 'region: "999999"', "'999999'"),
        ("measures: [", "measures: [nothing, ", "'nothing'"),
        ("answer_within: 5", "answer_within: soon", "'soon'"),
        ("answer_within: 5", "answer_within: true", "'True'"),
        ("answer_within: 5", "answer_within: 61", "'61'"),
    ],
)
def test_what_is_wrong_in_the_file_is_said_at_its_place(tmp_path: Path, was: str, now: str, told: str) -> None:
    text = (make_pack(tmp_path) / "offices.yaml").read_text()
    assert was in text
    (tmp_path / "offices.yaml").write_text(text.replace(was, now, 1))
    with pytest.raises(PackError) as wrong:
        load_pack(tmp_path)
    (finding, *_rest) = wrong.value.findings
    assert finding.file.endswith("offices.yaml")
    assert told in finding.message


def test_a_pack_without_the_file_has_no_offices(tmp_path: Path) -> None:
    build(tmp_path)
    assert load_pack(tmp_path).offices is None
