"""Words that are true: how a measure is granted, and that nobody qualifies for what nobody can fail."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl
import pytest
from minipack import build

from chuangbao.rules import Engine, PackError, Status, load_pack
from chuangbao.rules.batch import totals
from chuangbao.rules.grants import GRANT_OF_KIND, GRANT_OF_MODE, Grant
from chuangbao.rules.measures import KINDS

if TYPE_CHECKING:
    from pathlib import Path

DAY = date(2015, 6, 30)
OPEN = "measures/open.yaml"
SUB = "measures/subsidy.yaml"
BENEFIT = "    benefit: {kind: subsidy"


def grant_in(folder: Path, *edits: tuple[str, str, str]) -> Grant:
    """How the subsidy of a small pack is granted."""
    return load_pack(build(folder, *edits)).versions["SUB-2015"][1].grant


def test_a_version_says_how_it_is_granted(tmp_path):
    assert grant_in(tmp_path, (SUB, BENEFIT, f"    grant: compete\n{BENEFIT}")) is Grant.COMPETE


def test_what_a_version_says_wins_over_its_mode(tmp_path):
    assert grant_in(tmp_path, (SUB, BENEFIT, f"    mode: 申报评审\n    grant: claim\n{BENEFIT}")) is Grant.CLAIM


@pytest.mark.parametrize(("mode", "grant"), list(GRANT_OF_MODE.items()))
def test_a_mode_says_it_where_the_version_does_not(tmp_path, mode, grant):
    assert grant_in(tmp_path, (SUB, BENEFIT, f"    mode: '{mode}'\n{BENEFIT}")) is grant


def test_a_kind_says_it_where_the_mode_does_not(tmp_path):
    assert grant_in(tmp_path, (SUB, BENEFIT, f"    mode: '-'\n{BENEFIT}")) is GRANT_OF_KIND["subsidy"]


def test_what_only_an_officer_judges_is_at_discretion(tmp_path):
    edit = (SUB, BENEFIT, f"    manual: {{zh: 人工, en: By hand}}\n{BENEFIT}")
    assert grant_in(tmp_path, edit) is Grant.DISCRETION


def test_a_tax_relief_that_is_only_filed_is_a_right(tmp_path):
    edit = (SUB, "    benefit: {kind: subsidy, unit: CNY,", "    mode: 备案\n    benefit: {kind: tax, unit: CNY,")
    assert grant_in(tmp_path, edit) is Grant.RIGHT


def test_every_kind_of_benefit_has_a_way():
    assert set(GRANT_OF_KIND) == set(KINDS)


def test_a_way_that_is_not_one_is_refused_with_the_nearest(tmp_path):
    with pytest.raises(PackError) as caught:
        load_pack(build(tmp_path, (SUB, BENEFIT, f"    grant: competition\n{BENEFIT}")))
    (finding,) = caught.value.findings
    assert "'competition' is not a known grant" in finding.message
    assert "compete" in finding.hint


def test_only_what_everybody_gets_is_sure():
    assert [grant for grant in Grant if not grant.sure] == [Grant.COMPETE, Grant.DISCRETION]


NOBODY_FAILS = [
    ('      - {id: open, zh: 对外开放, en: Open to the public, when: "open_for_all"}', "      []"),
    ('when: "open_for_all"', 'when: "true"'),
    ('when: "open_for_all"', "when: \"AS_OF >= DATE '2015-01-01'\""),
]


@pytest.mark.parametrize(("old", "new"), NOBODY_FAILS)
def test_a_version_that_nobody_can_fail_entitles_nobody(tmp_path, old, new):
    engine = Engine(load_pack(build(tmp_path, (OPEN, old, new))))
    answer = engine.judge(engine.profile({"open_for_all": True}, as_of=DAY), "1.3-open")
    assert (answer.status, answer.near) == (Status.UNDETERMINED, False)
    assert not answer.decidable
    people = pl.DataFrame({"open_for_all": [True, False, None]})
    for way in ("columns", "exact"):
        (found,) = totals(people, engine, DAY, measures=["1.3-open"], engine=way).measures
        assert (found.eligible, found.undetermined) == (0, 3)


def test_a_check_beside_a_condition_decides_nothing(tmp_path):
    edit = (OPEN, "    benefit: {kind: right", "    checks: [{zh: 现场看, en: Looked at}]\n    benefit: {kind: right")
    engine = Engine(load_pack(build(tmp_path, edit)))
    yes, no = (engine.judge(engine.profile({"open_for_all": v}, as_of=DAY), "1.3-open") for v in (True, False))
    assert (yes.status, no.status) == (Status.ELIGIBLE, Status.NOT_ELIGIBLE)
    assert [check.label.zh for check in yes.checks] == ["现场看"]
    assert yes.to_dict()["grant"] == "right"
