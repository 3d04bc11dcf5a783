"""What one is cannot be done: measures for a group that one is not in do not wait, and are not asked about."""

from __future__ import annotations

from datetime import date

import pytest

from chuangbao.checkup.domain import checkups
from chuangbao.checkup.domain.result import result_of
from chuangbao.core.engine.current import current_pack

pytestmark = pytest.mark.usefixtures("library", "regions")
GRADUATES = {"2.3.5-jl-grad-50k", "si-flex-graduate", "si-self-graduate"}
TODAY = date(2026, 11, 27)


def judge(who, **life):
    """The result of one who said something of life."""
    checkup = checkups.begin_checkup(pack=current_pack(), who=who, want="", day=TODAY, region="222403")
    checkups.keep_life_answers(checkup=checkup, answers=life)
    return result_of(checkup)


def ids(found):
    return {one.measure.id for one in found}


@pytest.mark.parametrize("groups", ["", "unemployed", "hard_to_place", "returning,lifted"])
def test_a_job_seeker_who_is_no_graduate_waits_for_nothing_of_graduates(groups):
    result = judge("job_seeker", age="below_46", groups=groups, registered="idea")
    assert ids(result.refused) | ids(result.near) >= GRADUATES & ids([*result.refused, *result.near, *result.open])
    assert GRADUATES.isdisjoint(ids([*result.later, *result.open, *result.eligible]))
    assert result.question.fact not in {"graduate_years", "degree", "degree_recognised", "was_employed"}


def test_who_is_a_graduate_keeps_them_in_view():
    result = judge("job_seeker", age="below_46", groups="graduate", registered="idea")
    assert ids([*result.later, *result.open, *result.eligible]) >= GRADUATES
    open_too = judge("job_seeker", age="below_46", registered="idea")
    assert ids([*open_too.later, *open_too.open]) & GRADUATES, "silence is no denial"


@pytest.mark.parametrize(
    "name",
    ["support_groups", "person_group", "degree", "in_working_age", "near_pension", "is_enrolled_student", "was_employed",
     "is_hnte", "is_tsme", "special_invoice", "first_startup", "is_resident_enterprise"],
)  # fmt: skip
def test_what_one_is_what_was_and_what_is_awarded_after_an_examination_is_no_deed(name):
    assert current_pack().facts[name].by == "nothing"


def test_almost_there_is_a_figure_away_and_never_what_one_is():
    result = judge("makerspace", services="")
    assert all(found.failing[0].distance is not None for found in result.near)
    assert "2.3.6-seed-nursery" in ids(result.refused), "serving students only is no figure"
