"""What is for others is not said to be met: conditions, papers and distances that mean nothing to this visitor."""

from __future__ import annotations

import pytest

from checkup.expected import LIVES
from checkup.test_expected import play
from checkup.test_takeaway import words_of
from chuangbao.checkup.domain.result import result_of
from chuangbao.checkup.sheet import sheet_of
from chuangbao.ui.presentation.conditions import describe

pytestmark = pytest.mark.usefixtures("library", "regions")


def test_a_condition_for_firms_does_not_concern_a_person(client):
    result = result_of(play(client, LIVES["returning worker of 45"])[0])
    (loan,) = (row for row in result.rows if row.measure.id == "2.3.1-guaranteed-loan-jilin")
    said = {words.label: words for words in map(describe, loan.answer.conditions)}
    for label, words in said.items():
        if label.startswith(("企业申请的", "企业贷款")):
            assert (words.verdict, words.given, words.required, words.distance) == ("不涉及", "", "", ""), label
        if label.startswith("个人"):
            assert words.verdict == "符合", label
    assert "不涉及" in {words.verdict for words in said.values()}


def test_papers_of_firms_are_not_asked_of_a_person(client):
    checkup, address = play(client, LIVES["returning worker of 45"])
    result = result_of(checkup)
    assert "企业：" not in words_of(client.get(address).content.decode())
    papers = [paper for _title, rows in sheet_of(checkup, result).sections for row in rows for paper in row.papers]
    assert papers
    assert not [paper for paper in papers if paper.startswith("企业：")]


@pytest.mark.parametrize("life", LIVES.values(), ids=LIVES)
def test_how_far_a_met_condition_lies_is_told_where_its_limit_is_near(client, life):
    result = result_of(play(client, life)[0])
    for row in (*result.eligible, *result.later):
        for condition in row.answer.conditions:
            if condition.verdict and (words := describe(condition).distance):
                assert condition.threshold != 0, (row.measure.id, words)
                if condition.unit not in {None, "date"}:
                    assert condition.distance < abs(condition.threshold), (row.measure.id, words)
