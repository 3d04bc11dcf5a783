"""Questions that a newcomer can answer, and that concern them: bases, ages, contributions, partners, what is shared."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from checkup.expected import DAY, LIVES
from checkup.test_expected import play, tenses
from chuangbao.checkup.domain import checkups
from chuangbao.checkup.domain.result import result_of
from chuangbao.core.engine.current import current_pack

pytestmark = pytest.mark.usefixtures("library", "regions")
BASE = {"return_base_kind", "entity_form", "years_operating", "founder_returned", "land_mu", "led_households"}
LOAN, FLEX = "2.3.1-guaranteed-loan-jilin", "si-flex-hard"
RETURNING = replace(
    LIVES["veteran with an idea"], who="returning", want="",
    pages={"person": {"age": "near_end", "groups": "none", "registered": "idea"}, "plans": {"plans": ["rural", "food"]}},
)  # fmt: skip


def test_who_returns_and_has_nothing_yet_is_not_asked_about_a_base_but_about_the_loan(client):
    result = result_of(play(client, RETURNING)[0])
    assert not BASE & {row.fact for row in result.given}
    assert result.wished == "loan_amount"
    checkup, address = play(client, replace(RETURNING, knows={}))
    checkups.withdraw_answer(checkup=checkup, fact="loan_amount")
    for wanted, written in (("", 'value="300000"'), ("?fact=loan_amount", 'value="300000"')):
        asks = client.get(address + wanted).content.decode().partition('name="loan_amount"')[2][:300]
        assert (written in asks) is bool(wanted), "nothing is chosen beforehand, but where it is changed"


def test_who_does_not_run_a_base_is_not_asked_about_it_and_who_does_is(client):
    person = RETURNING.pages["person"] | {"registered": "firm"}
    firm = LIVES["owner of an eight-person software firm"]
    for doings, asked in ((["research"], False), (["research", "base"], True)):
        pages = firm.pages | {"person": person, "doings": {"doings": doings}}
        result = result_of(play(client, replace(firm, who="returning", want="", pages=pages))[0])
        assert ("2.4.2-jl-return-base" not in {found.measure.id for found in result.aside}) is asked


def test_the_age_of_retirement_is_explained(client):
    address = client.post("/checkup/", {"who": "job_seeker", "want": "find_money", "region": "222403"}).url
    assert "男60岁，女职工50岁" in client.get(address).content.decode()


def test_half_of_what_was_paid_is_counted_without_the_table_of_contributions(client):
    life = LIVES["job seeker of 50"]
    known = {name: value for name, value in life.knows.items() if name != "pension_at_100"}
    checkup, _ = play(client, replace(life, knows=known))
    result = result_of(checkup)
    (found,) = (row for row in result.due if row.measure.id == FLEX)
    assert found.answer.amount == Decimal(4500)
    assert "pension_at_100" in found.figures, "and can be changed where it is used"
    assert "pension_at_100" not in {row.fact for row in result.given}


def test_where_to_find_it_fits_who_has_no_employer():
    for name in ("insured_as_individual", "pension_paid", "pension_at_100"):
        assert "单位缴费" not in current_pack().facts[name].where.zh


def test_who_has_no_partners_after_all_has_no_number_of_them(client):
    life = LIVES["veteran with an idea"]
    plans = {"plans": ["partners"]}
    checkup, address = play(
        client, replace(life, pages=life.pages | {"plans": plans}, knows=life.knows | {"partners": "2"})
    )
    assert result_of(checkup).profile.raw["partners"] == 2
    client.post(f"{address}answer/", {"page": "plans", "plans": "none"})
    result = result_of(checkup)
    assert result.profile.raw["partners"] == 1
    assert {row.answer.amount for row in result.rows if row.measure.id == LOAN} == {300000}


def test_partners_raise_the_ceiling_and_are_asked_of_who_has_some(client):
    life = LIVES["veteran with an idea"]
    alone, together = (replace(life, pages=life.pages | {"plans": {"plans": plans}}, knows={"partners": "2人"})
                       for plans in (["rural"], ["rural", "partners"]))  # fmt: skip
    found = {}
    for one in (alone, together):
        result = result_of(play(client, one)[0])
        found["partners" in {row.fact for row in result.given}] = tenses(result)[LOAN]
    assert found == {False: [("first", Decimal(300000))], True: [("first", Decimal(660000))]}


def test_what_was_never_offered_is_not_left_out_of_a_copy(client):
    _, address = play(client, LIVES["student of 22"])
    assert "本人或配偶有别的贷款没还清" not in client.get(address).content.decode()


def test_an_option_that_was_offered_still_is(client):
    checkup = checkups.begin_checkup(pack=current_pack(), who="veteran", want="", day=DAY, region="222403")
    address = f"/checkup/{checkup.token}/"
    for page, said in LIVES["veteran with an idea"].pages.items():
        client.post(f"{address}answer/", {"page": page, **said})
    assert "本人或配偶有别的贷款没还清" in client.get(address).content.decode()
