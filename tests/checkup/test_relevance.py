"""The interview asks about what a person does, not about what they do not do, until nothing decides any more."""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal

import pytest

from chuangbao.checkup.domain.checkups import store_value
from chuangbao.checkup.domain.life import name_of
from chuangbao.checkup.domain.own import Answers
from chuangbao.checkup.domain.result import result_of
from chuangbao.checkup.models import CheckUp, CheckUpAnswer
from chuangbao.core.engine.current import current_pack
from chuangbao.rules.model import FactType

pytestmark = pytest.mark.usefixtures("library", "regions")
TODAY = date(2026, 11, 27)
MOST = 60
IDEA = {"age": "below_46", "groups": "", "registered": "idea", "plans": ""}
FIRM = {"trade": "software", "doings": ""}
FIGURES = {
    "registered_on": "2023-09-01", "staff_total": 8, "revenue": 3000000, "taxable_income": 600000,
    "assets_avg": 2000000, "is_small_scale": True,
}  # fmt: skip
LICENCE = {
    "unit": "state",
    "post": "technical",
    "result": "license",
    "share": "neither",
    "rewarded": "not_yet",
    "leave": "part_time",
}
SPACE = {"org_kind": "makerspace", "tenants": 26, "months_run": 36, "is_legal_person": True}
PATENTS = {"patent_fees", "patent_joint", "year_income"}
SUSPENSION = {"school_approved", "study_years_total", "school_max_years"}
NOT_OF_A_FIRM = {
    "related_100pct", "export_restricted", "intern_months", "intern_kind", "dishonest_firm", "hire_contract_year",
    "equity_kind", "loan_years", "loan_date", "host_consents",
}  # fmt: skip


def result_by(who, life, raw):
    """The result of answers that are kept nowhere."""
    presets = next((a.facts for a in current_pack().audiences if a.id == who), {})
    raw = {**presets, **raw}
    state = CheckUpAnswer.State
    given = [
        CheckUpAnswer(fact=name, state=state.UNKNOWN if value is None else state.GIVEN, value=store_value(value))
        for name, value in raw.items()
    ]
    spoken = tuple(CheckUpAnswer(fact=name_of(name), state=state.GIVEN, value=said) for name, said in life.items())
    checkup = CheckUp(who=who, as_of=TODAY, region="222403")
    known = {name: value for name, value in raw.items() if value is not None}
    return result_of(checkup, Answers(given, known, life=spoken))


def ask_all(who, life, raw, answer=lambda _fact: None):
    """Every question that is asked, in order, and the result at the end."""
    raw, asked = dict(raw), []
    while (result := result_by(who, life, raw)).question and len(asked) < MOST:
        asked.append(result.question.fact)
        raw[asked[-1]] = answer(asked[-1])
    return asked, result


@pytest.mark.parametrize(
    ("who", "life", "raw", "beside_the_point"),
    [
        ("student", IDEA, {}, PATENTS | SUSPENSION),
        ("researcher", LICENCE, {}, {"filed_in_time", "leave_agreement", "unit_approved", "tech_value"}),
        ("company", FIRM, FIGURES, NOT_OF_A_FIRM | PATENTS | {"rd_five", "rd_ledger", "rd_last"}),
        ("individual_business", {"trade": "catering", "dealings": "", "age": "near_end", "groups": ""},
         {"registered_on": "2025-05-01", "staff_total": 3, "revenue": 400000}, NOT_OF_A_FIRM | {"loan_rate", "bid_price"}),
        ("makerspace", {"services": ""}, {"org_kind": "makerspace"},
         {"intern_months", "interns", "soft_cost", "host_consents", "rural_site"}),
    ],
    ids=["student", "researcher", "company", "individual business", "makerspace"],
)  # fmt: skip
def test_what_one_does_not_do_is_not_asked_about(who, life, raw, beside_the_point):
    asked, result = ask_all(who, life, raw)
    assert beside_the_point.isdisjoint(asked)
    assert result.aside, "it is kept where it can be found"


@pytest.mark.parametrize(
    ("who", "life", "page", "fields"),
    [
        ("company", FIRM | {"doings": "research"}, "research", {"audit_collection", "rd_ledger", "rd_five", "rd_other"}),
        ("company", FIRM | {"doings": "research,rights"}, "research", {"rd_amort"}),
        ("company", FIRM | {"doings": "commissioned"}, "research", {"rd_out_cn", "rd_out_abroad"}),
        ("company", FIRM, "money", {"revenue", "assets_avg", "taxable_income"}),
        ("makerspace", {"services": ""}, "space_service",
         {"desks", "pro_staff", "mentors", "events_year", "public_area_share", "torch_filed"}),
        ("makerspace", {"services": "interns"}, "interns", {"interns", "intern_months", "intern_kind"}),
    ],
)  # fmt: skip
def test_the_figures_that_decide_what_one_ticked_stand_on_one_page(who, life, page, fields):
    pages = {p.id: {q.name for q in p.questions} for p in result_by(who, life, SPACE).lived.pages}
    assert fields <= pages[page]


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ({"unit": "state", "post": "technical", "result": "license"}, {"share", "rewarded", "leave"}),
        ({"unit": "state", "post": "technical", "result": "self"}, {"share", "leave"}),
        ({"unit": "state", "post": "other_permanent", "result": "license"}, {"share", "rewarded"}),
        ({"unit": "private", "post": "technical", "result": "equity"}, {"share"}),
        ({"unit": "state", "post": "not_permanent", "result": "nothing"}, set()),
    ],
)
def test_a_researcher_is_asked_only_what_follows_from_post_and_result(said, asked):
    pages = {page.id: {q.name for q in page.questions} for page in result_by("researcher", said, {}).lived.pages}
    assert pages.get("reward", set()) == asked


def test_a_researcher_without_rule_and_agreement_has_the_least_of_the_law_after_one_figure():
    said = {"unit": "private", "post": "technical", "result": "license", "share": "neither", "rewarded": "not_yet"}
    asked, result = ask_all("researcher", said, {"transfer_net_income": 1_000_000})
    assert {"agreed_share", "unit_rule_share"}.isdisjoint(asked)
    assert "2.2.4-share-law-50" in {found.measure.id for found in result.eligible}


@pytest.mark.parametrize("unit", ["state", "private", "state_firm"])
def test_a_researcher_without_a_result_has_no_share_in_what_it_brings(unit):
    asked, result = ask_all("researcher", {"unit": unit, "post": "technical", "result": "nothing"}, {})
    assert {"operating_profit", "agreed_share", "unit_rule_share"}.isdisjoint(asked), "there is no result yet"
    assert "2.2.4-share-law-50" not in {found.measure.id for found in (*result.eligible, *result.open)}


@pytest.mark.parametrize(
    ("plans", "asked"), [("", set()), ("before", {"guaranteed_loan_times"}), ("guaranteed", set())]
)
@pytest.mark.parametrize("registered", ["idea", "again"])
def test_loans_of_before_are_ticked_and_not_asked_one_by_one(registered, plans, asked):
    life = {"age": "below_46", "groups": "", "registered": registered, "plans": plans}
    said, result = ask_all("returning", life, {"other_household_loans": False})
    assert {"guaranteed_loan_times", "holds_other_guaranteed_loan"} & set(said) == asked
    loan = {"2.3.1-guaranteed-loan-jilin"} & {found.measure.id for found in result.eligible}
    assert bool(loan) == (plans == "")


def test_no_figure_that_was_not_said_is_reckoned_with():
    said = {"revenue": 3000000}
    assumed = result_by("company", FIRM, FIGURES | said).lived.assumed
    assert assumed["assets"] == FIGURES["assets_avg"]
    silent = result_by("company", FIRM, {"registered_on": "2023-09-01", "staff_total": 8, "revenue": 3000000})
    assert {"assets", "assets_avg", "last_taxable_income", "taxable_income"}.isdisjoint(silent.lived.assumed)


def test_a_makerspace_that_said_its_figures_is_not_left_undecided():
    figures = {
        "org_kind": "makerspace", "org_level": "other", "area_m2": 1200, "tenants": 26, "months_run": 36,
        "is_legal_person": True, "desks": 40, "service_m2": 600, "public_area_share": Decimal("0.8"), "pro_staff": 3,
        "mentors": 5, "events_year": 12, "new_firms_year": 11, "financed_year": 1, "typical_cases": 3,
        "torch_filed": True,
    }  # fmt: skip
    result = result_by("makerspace", {"services": ""}, figures)
    assert "rec-makerspace-national" in {found.measure.id for found in result.eligible}
    assert result.has_list


def throw_answers(seed):
    """Answers to any question, the same at every run: mostly not known."""
    dice = random.Random(seed)  # noqa: S311 - made-up lives, no secret

    def answer(name):
        fact, pack = current_pack().facts[name], current_pack()
        if dice.random() < 0.5 or fact.award:
            return None
        if fact.type is FactType.BOOLEAN:
            return dice.random() < 0.5
        if fact.type is FactType.CODE:
            return dice.choice(pack.codes[fact.codes].codes).code
        return int(fact.minimum or 0) if fact.type.numeric else None

    return answer


def throw_life(who, seed):
    """Answers to every page of life, the same at every run."""
    dice, life, raw, answer = random.Random(f"{who} {seed}"), {}, {}, throw_answers(seed)  # noqa: S311 - no secret
    for _ in range(len(current_pack().interview.pages)):
        for question in (q for page in result_by(who, life, raw).lived.pages for q in page.questions):
            options = [option.id for option in question.options_for(who)]
            if question.kind == "fact":
                raw.setdefault(question.name, answer(question.name))
            elif question.kind == "one":
                life.setdefault(question.name, dice.choice(options))
            else:
                life.setdefault(question.name, ",".join(dice.sample(options, dice.choice([0, 1, 2]))))
    return life, raw


@pytest.mark.parametrize("seed", [1, 2])
def test_it_never_says_that_nothing_is_left_to_ask_while_an_answer_would_decide_something_in_view(seed):
    for who in (*(audience.id for audience in current_pack().audiences), ""):
        life, raw = throw_life(who, seed)
        asked, result = ask_all(who, life, raw, throw_answers(seed))
        assert len(asked) < MOST, (who, asked)
        unknown = {row.fact for row in result.given if row.state == CheckUpAnswer.State.UNKNOWN}
        for found in result.one_away:
            assert found.decider in unknown, (who, found.measure.id, found.decider)


NO_LOAN = {
    "other loans": ("veteran", IDEA, {"other_household_loans": True}),
    "an unpaid guaranteed loan": ("returning", IDEA | {"plans": "guaranteed"}, {"other_household_loans": False}),
    "of no group": ("student", IDEA | {"groups": "none"}, {}),
    "retired": ("job_seeker", IDEA | {"age": "retired", "groups": "unemployed"}, {"other_household_loans": False}),
}
INTEREST = "2.6.1-loan-jl-int"


@pytest.mark.parametrize(("who", "life", "raw"), NO_LOAN.values(), ids=NO_LOAN)
def test_who_cannot_have_the_loan_is_not_sent_to_earn_its_interest(who, life, raw):
    result = result_by(who, life, raw)
    assert INTEREST not in {found.measure.id for found in (*result.later, *result.open, *result.near)}
    assert INTEREST in {found.measure.id for found in result.unfit}


def test_who_can_have_the_loan_has_its_interest_later():
    result = result_by("veteran", IDEA, {"other_household_loans": False})
    assert INTEREST in {found.measure.id for found in result.later}


def test_a_rule_of_the_institution_is_as_good_as_an_agreement_and_shares_count_at_their_value():
    said = {"unit": "state", "post": "technical", "result": "equity", "share": "rule", "leave": "leave"}
    known = {"unit_rule_share": Decimal("0.7"), "equity_formed_value": 2_000_000, "state_funded_result": True}
    result = result_by("researcher", said, known | {"security_sensitive": False, "key_contributor": True})
    (share,) = [found for found in result.eligible if found.measure.id == "2.2.4-share-jl-70"]
    assert share.answer.amount == 1_400_000


def test_a_way_of_getting_things_done_is_nothing_that_a_department_decides():
    result = result_by("student", {}, {})
    assert [found.measure.id for found in result.errands] == ["proc-one-thing", "proc-address"]
    assert "proc-one-thing" not in {found.measure.id for found in result.by_office}


def test_a_makerspace_short_of_the_national_figures_sees_what_would_do():
    figures = {
        "org_kind": "makerspace",
        "org_level": "provincial",
        "tenants": 26,
        "months_run": 36,
        "desks": 60,
        "is_legal_person": True,
        "public_area_share": Decimal("0.8"),
        "pro_staff": 4,
        "mentors": 6,
        "events_year": 12,
        "new_firms_year": 8,
        "financed_year": 1,
        "typical_cases": 2,
        "torch_filed": True,
    }
    result = result_by("makerspace", {"services": ""}, figures)
    (found,) = [found for found in result.later if found.measure.id == "rec-makerspace-national"]
    assert {"new_firms_year", "typical_cases"} == {deed.fact for deed in found.answer.not_yet.deeds}
