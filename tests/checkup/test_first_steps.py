"""What has to be got before one applies (先办执照，再申报): said of each row, counted apart, on every page and paper."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.utils.translation import override

from checkup.expected import LIVES
from checkup.test_expected import play, tenses
from chuangbao.checkup.domain.result import result_of
from chuangbao.checkup.sense import sense_of
from chuangbao.checkup.sheet import events_of, sheet_of
from chuangbao.core.engine.current import current_pack

pytestmark = pytest.mark.usefixtures("library", "regions")
LOAN, COURSE = "2.3.1-guaranteed-loan-jilin", "train-startup"


def test_who_has_no_licence_is_told_to_get_it_before_the_loan_and_not_that_it_can_be_applied_for(client):
    checkup, address = play(client, LIVES["veteran with an idea"])
    result = result_of(checkup)
    assert {row.measure.id: row.first for row in result.after_first} == {
        LOAN: "先办个体工商户或企业的营业执照，再申报", COURSE: "先参加创业培训并拿到合格证，再申报",
    }  # fmt: skip
    assert not result.open_to
    assert result.counts == []
    assert sense_of(result).startswith("先办好一步再申报的有2项：办个体工商户或企业的营业执照、")
    page = client.get(address).content.decode()
    assert "先办个体工商户或企业的营业执照，再申报" in page
    assert "现在有2项可以办" not in page
    assert "<summary>为什么</summary>" in page
    assert "可申报</span>" not in page
    with override("en"):
        assert {row.first for row in result_of(checkup).after_first} == {
            "First get the licence of an individual business or a company, then apply",
            "First finish a founders' course and get its certificate, then apply",
        }


def test_print_paper_and_calendar_say_what_has_to_be_got_first(client):
    checkup, address = play(client, LIVES["veteran with an idea"])
    result = result_of(checkup)
    hows = {row.how for _title, rows in sheet_of(checkup, result).sections for row in rows}
    assert hows == {"先办个体工商户或企业的营业执照，再申报", "先参加创业培训并拿到合格证，再申报"}
    assert "先办个体工商户或企业的营业执照，再申报" in client.get(f"{address}print/").content.decode()
    texts = {event.title: event.text for event in events_of(checkup, result, host="https://here")}
    assert all("先" in text for title, text in texts.items() if "创业担保贷款" in title)


def test_who_is_registered_can_apply_for_the_loan_at_once(client):
    told = tenses(result_of(play(client, LIVES["returning worker of 45"])[0]))
    assert (told[LOAN][0][0], told[COURSE][0][0]) == ("apply", "first")


def test_a_first_step_is_said_in_both_languages_and_begins_with_a_verb():
    steps = [s for m in current_pack().measures.values() for v in m.versions for s in v.first_steps]
    assert len(steps) >= 6
    assert all(step.label.zh and step.label.en and not step.label.zh.startswith("先") for step in steps)
    assert all(step.label.en[0].islower() for step in steps)


def test_what_one_does_not_know_stays_in_view_with_the_office_that_does(client):
    unsure = replace(LIVES["job seeker of 50"], knows={})
    result = result_of(play(client, unsure)[0])
    assert result.unsure
    for found in result.unsure:
        assert found.has_next_step
        assert set(found.unsure) <= set(found.open_facts)
    assert not [found for found in result.more_away if found.unsure]
