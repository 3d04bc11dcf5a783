"""Who may count as having difficulty finding work and was not recognised is told to get recognised first (先去认定)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checkup.expected import LIVES
from checkup.test_expected import play, tenses
from chuangbao.checkup.domain.result import result_of
from chuangbao.checkup.sense import sense_of

pytestmark = pytest.mark.usefixtures("library", "regions")
LIFE, FLEX, INITIAL = LIVES["job seeker of 51 whom nobody recognised"], "si-flex-hard", "2.3.5-jl-init"
RECOGNISED = "先到社区、街道（乡镇）申请认定就业困难人员"


def test_the_first_step_stands_beside_the_day_on_which_the_applications_close(client):
    checkup, address = play(client, LIFE)
    (found,) = (row for row in result_of(checkup).after_first if row.measure.id == FLEX)
    assert found.first == f"{RECOGNISED}，再申领"
    assert "2026年12月15日" in found.until
    page = client.get(address).content.decode()
    assert f"{RECOGNISED}，再申领" in page
    assert RECOGNISED in client.get(f"{address}print/").content.decode()


@pytest.mark.parametrize("unknown", [set(), {"si_subsidy_months", "near_pension"}])
def test_the_line_of_sense_says_what_closes_soon(client, unknown):
    knows = {name: value for name, value in LIFE.knows.items() if name not in unknown}
    line = sense_of(result_of(play(client, replace(LIFE, knows=knows))[0]))
    assert "“就业困难人员灵活就业社会保险补贴”2026年12月15日截止" in line


def test_the_subsidy_that_comes_after_a_year_names_the_recognition_too(client):
    (found,) = (row for row in result_of(play(client, LIFE)[0]).later if row.measure.id == INITIAL)
    assert found.first == f"{RECOGNISED}，再申报"


def test_who_still_has_to_register_the_work_is_told_both(client):
    life = replace(LIFE, knows=LIFE.knows | {"employment_registered": "false"})
    (found,) = (row for row in result_of(play(client, life)[0]).later if row.measure.id == FLEX)
    assert found.first.startswith(RECOGNISED)
    assert {deed.fact for deed in found.not_yet.deeds} == {"employment_registered"}


@pytest.mark.parametrize(
    ("age", "groups", "tense"),
    [("near_end", "none", "first"), ("below_46", "may_be_hard", "first"), ("below_46", "unemployed_long", "unfit"),
     ("near_end", "hard_to_place", "now")],
)  # fmt: skip
def test_it_is_said_of_who_is_46_and_of_who_says_so_and_of_nobody_else(client, age, groups, tense):
    person = LIFE.pages["person"] | {"age": age, "groups": groups}
    told = tenses(result_of(play(client, replace(LIFE, pages=LIFE.pages | {"person": person}))[0]))
    assert told[FLEX][0][0] == tense


@pytest.mark.parametrize(
    ("who", "line"), [("veteran", "退役士兵已按第一问算自主就业"), ("job_seeker", "女满40岁、男满50岁")]
)
def test_a_line_of_help_is_read_by_whom_it_concerns(client, who, line):
    address = client.post("/checkup/", {"who": who, "want": "find_money", "region": "222403"}).url
    page = client.get(address).content.decode()
    assert [one in page for one in ("退役士兵已按第一问算自主就业", "女满40岁、男满50岁")] == [
        one == line for one in ("退役士兵已按第一问算自主就业", "女满40岁、男满50岁")
    ]


@pytest.mark.parametrize("name", ["student of 22", "veteran with an idea"])
def test_nobody_else_is_told_to_register_as_unemployed(client, name):
    result = result_of(play(client, LIVES[name])[0])
    assert not [
        row.measure.id for row in (*result.rows, *result.later) if "失业登记" in row.first or "认定" in row.first
    ]
