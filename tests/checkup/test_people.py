"""Eight lives and what an adviser would expect for each, written from the texts before the check-up was run.

``now`` are measures whose conditions the person meets, ``later`` those that time or a deed brings, ``view`` those that
must at least stay in view. At ten answers, the first page included, the list has to be useful.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

import pytest

from chuangbao.checkup.domain.result import result_of
from chuangbao.checkup.models import CheckUp
from chuangbao.core.access.tokens import hash_token

pytestmark = pytest.mark.usefixtures("library", "regions")
LOANS = {"2.3.1-guaranteed-loan-jilin", "2.3.1-loan-nat-2020"}
DUNHUA = "222403"
FIRST_PAGE = 3  # who, what for, where
WRITTEN_ON = date(2026, 11, 28)
"""The day on which the texts were read: what an adviser expects of another day may be less, or more."""


@dataclass(frozen=True)
class Person:
    """Who it is, the answers of life by page, what they know besides, and what is expected."""

    who: str
    want: str
    life: dict[str, dict[str, object]]
    knows: dict[str, object]
    now: set[str] = field(default_factory=set)
    later: set[str] = field(default_factory=set)
    view: set[str] = field(default_factory=set)


IDEA = {"age": "below_46", "groups": "none", "registered": "idea"}
PEOPLE = {
    "student with an idea": Person(
        "student", "start", {"person": IDEA | {"graduation_on": "2027-07-01", "degree": "bachelor", "degree_recognised": "true"}, "plans": {"plans": ["rights", "suspend"]}},
        {"degree": "bachelor", "degree_recognised": "true", "school_approved": "false", "needs_own_premises": "false",
         "study_years_total": "5", "school_max_years": "6", "year_income": "0", "patent_fees": "0",
         "patent_joint": "false"},
        later={"2.3.5-jl-grad-50k"}, view={"2.3.2-edu-suspend", "2.5.1-reg-one-address"},
    ),
    "returning worker of 45 with a restaurant in a village": Person(
        "returning", "find_money",
        {"person": {"age": "near_end", "groups": "none", "registered": "sole"},
         "business": {"registered_on": "2025-05-01", "staff_total": "3人"},
         "money": {"revenue": "40万", "business_profit": "8万"}, "trade": {"trade": "catering"}, "dealings": {"dealings": ["rural"]}},
        {"other_household_loans": "false", "guaranteed_loan_times": "0", "holds_other_guaranteed_loan": "false",
         "first_startup": "true", "got_initial_subsidy": "false", "got_grad_subsidy": "false"},
        now={"train-startup", "tax-sixtwo-2023"}, view={*LOANS, "2.3.5-jl-init", "2.4.2-iit-sole-2023"},
    ),
    "owner of an eight-person software company": Person(
        "company", "save_tax",
        {"business": {"registered_on": "2023-09-01", "staff_total": "8"},
         "money": {"revenue": "96万", "taxable_income": "60万", "assets_avg": "80万", "is_small_scale": "true"},
         "trade": {"trade": "software"}, "doings": {"doings": ["research", "rights", "staff_insured", "insured_year"]},
         "research": {"audit_collection": "true", "rd_ledger": "true", "rd_five": "20万", "rd_other": "0",
                      "rd_amort": "无"}},
        {},
        now={"2.6.3-small-profit", "vat-small-scale", "2.2.6-rd-general"}, view={"ui-stable-post", "tax-sixtwo-2023"},
    ),
    "operator of a makerspace": Person(
        "makerspace", "recognition",
        {"space": {"org_kind": "makerspace", "org_level": "national_filed", "services": ["software"]},
         "software": {"soft_cost": "5万"},
         "space_figures": {"area_m2": "1200", "tenants": "26家", "months_run": "三年", "is_legal_person": "true"},
         "space_service": {"desks": "40个", "service_m2": "600", "public_area_share": "80%", "pro_staff": "3人",
                           "mentors": "5人", "events_year": "12场", "new_firms_year": "11家", "financed_year": "1家",
                           "typical_cases": "3个", "torch_filed": "true"}},
        {},
        now={"rec-makerspace-national"}, view={"2.5.5-incubator-tax", "rec-incubator-jilin", "2.5.5-seed-soft"},
    ),
    "researcher at a state university who licenses a result": Person(
        "researcher", "research",
        {"unit": {"unit": "state", "post": "technical", "result": "license"},
         "reward": {"share": "agreed", "rewarded": "paid", "leave": "leave"}},
        {"agreed_share": "70%", "transfer_net_income": "100万", "state_funded_result": "true",
         "security_sensitive": "false", "key_contributor": "true", "tech_in_scope": "true",
         "tech_contract_registered": "true", "filed_in_time": "true", "award_for_transfer": "false"},
        now={"2.2.4-share-law-50"}, view={"2.2.4-reward-50", "2.2.4-share-jl-70"},
    ),
    "veteran with an idea": Person(
        "veteran", "find_money", {"person": IDEA, "plans": {"plans": "none"}},
        {"other_household_loans": "false"},
        now={"train-startup", *LOANS}, later={"2.3.1-veterans"},
    ),
    "job seeker of 50 who is hard to place": Person(
        "job_seeker", "find_money", {"person": IDEA | {"age": "near_end", "groups": "hard_to_place"}, "plans": {"plans": "self_insured"}},
        {"other_household_loans": "false", "employment_registered": "true",
         "si_subsidy_months": "0", "pension_paid": "9000", "pension_at_100": "9000", "near_pension": "false"},
        now={"train-startup", *LOANS}, later={"2.3.5-jl-init"}, view={"si-flex-hard"},
    ),
    "individual business with two people": Person(
        "individual_business", "save_tax",
        {"person": {"age": "below_46", "groups": "none"},
         "business": {"registered_on": "2024-03-01", "staff_total": "两个人"},
         "money": {"revenue": "72万", "business_profit": "30万"}, "trade": {"trade": "selling"}, "dealings": {"dealings": ["staff_insured"]},
         "unit_insured": {"insured_as_unit": "true"}},
        {"six_two_base": "800"},
        now={"tax-sixtwo-2023", "2.4.2-iit-sole-2023", "vat-small-scale"}, view={"ui-stable-post"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("person", PEOPLE.values(), ids=PEOPLE)
def test_at_ten_answers_each_has_the_list_that_an_adviser_expects(client, person):
    address = client.post("/checkup/", {"who": person.who, "want": person.want, "region": DUNHUA}).url
    checkup = CheckUp.objects.get(token_hash=hash_token(address.strip("/").split("/")[-1]))
    checkup.as_of = WRITTEN_ON
    checkup.save()
    for page, answers in person.life.items():
        assert result_of(checkup).pending.id == page
        assert client.post(f"{address}answer/", {"page": page, **answers}).status_code == 302
    asked = []
    while (result := result_of(checkup)).asked + FIRST_PAGE < 10 and result.question:
        assert result.pending is None
        assert not result.is_over()
        fact = result.question.fact
        asked.append(fact)
        given = {fact: person.knows[fact]} if fact in person.knows else {"unknown": "1"}
        assert client.post(f"{address}answer/", {"fact": fact, **given}).status_code == 302, fact
    assert result.asked + FIRST_PAGE <= max(10, FIRST_PAGE + sum(len(page.questions) for page in result.lived.pages))
    eligible, soon = ({found.measure.id for found in some} for some in (result.eligible, result.later))
    shown = eligible | soon | {found.measure.id for found in (*result.open, *result.manual, *result.near)}
    assert person.now - eligible == set(), (asked, eligible)
    assert person.later - soon == set(), (asked, soon)
    assert person.view - shown == set(), (asked, shown)
    page = client.get(address).content.decode()
    assert page.index('id="totals"') < page.index('id="given"'), "the result comes before the answers"
    for heading in ('id="s-eligible"', 'id="s-apply"'):
        rows = page.partition(heading)[2].partition("</section>")[0]
        assert "is-unknown" not in rows, "nothing is unclear beside what one may have"
    if person.now | person.later:
        assert "还没有定下来" not in page
    assert not re.search(r"¥[\d,]+\.\d{3}", page), "money ends with the cent"
