"""Lives as they are told, and what an adviser expects for each, drawn line by line from the texts of the pack.

A row is a measure, its tense and its money a person would be told; ``-`` where no sum is known or it is not money.
The tenses: ``now`` is due, ``apply`` is open to them, ``first`` is so once a licence or a certificate is got, ``later``
comes by time or deeds, ``office`` is decided by a department, ``one`` and ``more`` wait for answers, ``instead`` is
worth less than a row that it cannot be had beside, ``near`` misses by one figure, ``unfit`` is not for them, ``errand``
is a way to an office.

Where the first run differed, the rule or the interview was mended, or the expectation was wrong. The firm's refund of
unemployment insurance is ``now`` without a sum: the answers end before its figures. The 70 % of results put to use are
one answer away for the researcher.

Changed since: what needs a licence or the certificate of a course before it is applied for is ``first``, and was
``apply``. The VAT exemption is counted at the 1 % that would be due without it, and was at 3 %; the lower rate is
``unfit`` for who is exempt, and was ``instead``. What a student has as a graduate (the loan and its interest, the
first-time subsidy, the relief of the year of graduation) is ``later`` from the day of graduation, and was ``unfit``.
Who cooks for others is told of the food licence, which the pack did not know. The income tax of an owner is halved on
the profit less the ¥60,000 a year that are theirs before tax, and was halved on the whole profit.
An individual business is asked whether it insures its staff as an employer before the refund is ``now``. A firm of up
to 30 people is free of the disability levy whatever would be due, and was told so once it knew that sum.
The researcher is asked who owns the result, so the 70 % wait for two answers and not for one.
The national filing of a makerspace waits for the notice of a new round, and was ``apply``.
Who is unemployed and 46 or more, and was not recognised as having difficulty finding work, is told to get recognised
first, and was told that it is not for them.
Who has an idea is told which taxes an individual business is spared, and was told of none.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

__all__ = ["DAY", "DUNHUA", "LIVES", "Life"]

DAY, DUNHUA = date(2026, 11, 28), "222403"


@dataclass(frozen=True)
class Life:
    """Who it is, what they answer page by page, what they know beyond it, and what is expected at ten answers."""

    who: str
    want: str
    pages: dict[str, dict[str, object]]
    knows: dict[str, str]
    expected: str
    asked: int = 10
    """Answers after the first page (who, what for, where) until it stops."""

    def rows(self) -> dict[str, tuple[str, str]]:
        """The tense and the money of each measure."""
        lines = (line.split() for line in self.expected.strip().splitlines())
        return {measure: (tense, money) for measure, tense, money in lines}


IDEA: dict[str, object] = {"age": "below_46", "groups": "none", "registered": "idea"}
STUDENT: dict[str, object] = {
    "graduation_on": "2027-07-01", "degree": "bachelor", "degree_recognised": "true", "groups": "none",
    "registered": "idea",
}  # fmt: skip
LIVES = {
    # 22岁，大三，2027年毕业，想和两个同学办公司，也考虑休学；没有专利
    "student of 22": Life(
        "student", "start",
        {"person": STUDENT, "plans": {"plans": ["suspend"]}},
        {"school_approved": "false", "needs_own_premises": "false",
         "study_years_total": "5", "school_max_years": "6"},
        """
        2.3.5-jl-grad-50k           later  50000
        2.3.5-jl-grad-bonus         unfit  -
        train-startup               later  -
        2.3.2-edu-suspend           later  -
        2.5.1-reg-one-address       later  -
        2.3.5-jl-init               later  5000
        2.3.1-guaranteed-loan-jilin later  300000
        2.6.1-loan-jl-int           later  13500
        2.3.1-key-groups            later  -
        si-self-graduate            unfit  -
        graduate-living             unfit  -
        2.4.2-iit-sole-2023         later   -
        vat-small-scale             later   -
        tax-sixtwo-2023             later   -
        proc-address                errand  -
        proc-one-thing              errand -
        """, asked=9,
    ),
    # 45岁返乡，村里开饭店，2025年5月登记个体户，3个人，第一次创业，没有别的贷款，没领过补贴
    "returning worker of 45": Life(
        "returning", "find_money",
        {"person": {"age": "below_46", "groups": "none", "registered": "sole"},
         "business": {"registered_on": "2025-05-01", "staff_total": "3人"}, "trade": {"trade": "catering"},
         "money": {"revenue": "40万", "business_profit": "8万"}, "dealings": {"dealings": ["rural"]}},
        {"six_two_base": "1200"},
        """
        2.3.5-jl-init               apply   5000
        train-startup               first   -
        2.3.1-guaranteed-loan-jilin apply   -
        2.3.1-loan-nat-2020         instead 300000
        2.6.1-loan-jl-int           later   13500
        2.4.2-iit-sole-2023         now     500
        vat-small-scale             now     4000
        vat-reduced-rate            unfit   -
        tax-sixtwo-2023             now     -
        2.3.1-key-groups            unfit   -
        2.4.2-jl-return-base        unfit   -
        ui-stable-post              unfit   -
        loan-interest-service       unfit   -
        proc-food-licence           errand  -
        proc-one-thing              errand  -
        """, asked=10,
    ),
    # 8人软件公司，2023年9月登记，小规模，自己搞研发、有软著，替员工交失业保险，没有裁员，没有招人、贷款
    "owner of an eight-person software firm": Life(
        "company", "save_tax",
        {"business": {"registered_on": "2023-09-01", "staff_total": "8"}, "trade": {"trade": "software"},
         "money": {"revenue": "96万", "taxable_income": "60万", "assets_avg": "80万", "is_small_scale": "true"},
         "doings": {"doings": ["research", "rights", "staff_insured", "insured_year"]},
         "research": {"audit_collection": "true", "rd_ledger": "true", "rd_five": "20万", "rd_other": "0",
                      "rd_amort": "无"},
         },
        {"ui_premium_last_year": "4000", "disabled_fund_due": "0", "last_taxable_income": "40万", "patent_fees": "2000",
         "patent_joint": "false", "six_two_base": "6000"},
        """
        2.6.3-small-profit          now     120000
        vat-small-scale             now     9600
        vat-reduced-rate            unfit   -
        2.2.6-rd-general            now     10000
        ui-stable-post              now     -
        tax-sixtwo-2023             now     -
        disabled-fund               now     -
        1.3.7-cit-hnte              unfit   -
        vat-software                unfit   -
        kg-hire-2019                unfit   -
        stamp-loan                  unfit   -
        2.6.1-loan-jl-int           unfit   -
        proc-one-thing              errand  -
        """, asked=13,
    ),
    # 敦化的众创空间，1200平方米，26家，运营三年，没有省级、国家级认定，每年给创业者买公用软件
    "operator of a makerspace": Life(
        "makerspace", "recognition",
        {"space": {"org_kind": "makerspace", "org_level": "other", "services": ["software"]},
         "space_figures": {"area_m2": "1200", "tenants": "26家", "months_run": "三年", "is_legal_person": "true"},
         "software": {"soft_cost": "5万"},
         "space_service": {"desks": "40个", "service_m2": "600", "public_area_share": "80%", "pro_staff": "3人",
                           "mentors": "5人", "events_year": "12场", "new_firms_year": "11家", "financed_year": "1家",
                           "typical_cases": "3个", "torch_filed": "true"}},
        {},
        """
        rec-makerspace-national     first  -
        rec-incubator-jilin         office -
        2.5.5-seed-soft             office -
        rec-incubator-national      unfit  -
        rec-science-park            unfit  -
        2.5.5-incubator-tax         unfit  -
        2.3.6-seed-nursery          unfit  -
        2.4.2-jl-return-base        unfit  -
        2.5.1-reg-one-address       unfit  -
        intern-subsidy              unfit  -
        proc-one-thing              errand -
        """, asked=18,
    ),
    # 公办高校教师，在编，成果作价200万入股办企业，约定70%归团队，想离岗创业；专利归谁申请、上年收入多少还没问，不能说可以减缴
    "researcher who puts a result in for shares": Life(
        "researcher", "research",
        {"unit": {"unit": "state", "post": "technical", "result": "equity"},
         "reward": {"share": "agreed", "leave": "leave"},
         "equity": {"owner": "mine", "equity_formed_value": "200万", "equity_terms": ["listed_kind", "handed_over", "resident",
                                                                   "shares_only", "filed", "awarded"]}},
        {"agreed_share": "70%", "state_funded_result": "true", "security_sensitive": "false",
         "key_contributor": "true", "patent_fees": "3000", "patent_joint": "false"},
        """
        2.2.4-share-law-50          now    1400000
        2.2.6-tech-equity-defer     now    400000
        sci-equity-award            now    -
        patent-fee                  more   -
        2.2.4-share-jl-70           more   1400000
        2.2.7-leave-to-start-up     later  -
        2.2.4-reward-50             unfit  -
        proc-one-thing              errand -
        """, asked=10,
    ),
    # 30岁退役军人，想回乡在村里开店，还没登记，没有别的贷款
    "veteran with an idea": Life(
        "veteran", "find_money",
        {"person": IDEA, "plans": {"plans": ["rural"]}},
        {},
        """
        train-startup               first   -
        2.3.1-guaranteed-loan-jilin first   -
        2.3.1-loan-nat-2020         instead 300000
        2.3.5-jl-init               later   5000
        2.3.1-veterans              later   -
        2.6.1-loan-jl-int           later   13500
        2.5.1-reg-one-address       later   -
        2.3.1-key-groups            unfit   -
        2.4.2-iit-sole-2023         later   -
        vat-small-scale             later   -
        tax-sixtwo-2023             later   -
        proc-address                errand  -
        proc-one-thing              errand  -
        """, asked=4,
    ),
    # 50岁，就业困难人员，灵活就业参保，上年缴养老9000元，想开小店
    "job seeker of 50": Life(
        "job_seeker", "find_money",
        {"person": IDEA | {"age": "near_end", "groups": "hard_to_place"}, "plans": {"plans": "self_insured"}},
        {"employment_registered": "true", "si_subsidy_months": "0",
         "pension_paid": "9000", "pension_at_100": "9000", "near_pension": "false"},
        """
        train-startup               first   -
        2.3.1-guaranteed-loan-jilin first   -
        2.3.1-loan-nat-2020         instead 300000
        si-flex-hard                now     4500
        2.3.5-jl-init               later   5000
        2.6.1-loan-jl-int           later   13500
        2.5.1-reg-one-address       later   -
        2.3.5-jl-grad-50k           unfit   -
        2.3.1-key-groups            unfit   -
        si-self-graduate            unfit   -
        2.4.2-iit-sole-2023         later   -
        vat-small-scale             later   -
        tax-sixtwo-2023             later   -
        proc-address                errand  -
        proc-one-thing              errand  -
        """, asked=7,
    ),
    # 51岁，二月起登记失业，自己交养老保险，没有去认定就业困难人员，想开小店
    "job seeker of 51 whom nobody recognised": Life(
        "job_seeker", "find_money",
        {"person": IDEA | {"age": "near_end", "groups": "unemployed_long"}, "plans": {"plans": "self_insured"}},
        {"employment_registered": "true", "si_subsidy_months": "0",
         "pension_paid": "9000", "pension_at_100": "9000", "near_pension": "false"},
        """
        train-startup               first   -
        2.3.1-guaranteed-loan-jilin first   -
        2.3.1-loan-nat-2020         instead 300000
        si-flex-hard                first   4500
        2.3.5-jl-init               later   5000
        2.6.1-loan-jl-int           later   13500
        2.5.1-reg-one-address       later   -
        2.3.1-key-groups            later   -
        2.3.5-jl-grad-50k           unfit   -
        si-self-graduate            unfit   -
        2.4.2-iit-sole-2023         later   -
        vat-small-scale             later   -
        tax-sixtwo-2023             later   -
        proc-address                errand  -
        proc-one-thing              errand  -
        """, asked=7,
    ),
    # 县城饭店，个体户，2024年3月登记，6个人，替员工交失业保险满12个月，没有裁员
    "restaurant as an individual business": Life(
        "individual_business", "save_tax",
        {"person": {"age": "below_46", "groups": "none"},
         "business": {"registered_on": "2024-03-01", "staff_total": "6人"}, "trade": {"trade": "catering"},
         "money": {"revenue": "72万", "business_profit": "30万"}, "dealings": {"dealings": ["staff_insured", "insured_year"]},
         "unit_insured": {"insured_as_unit": "true", "ui_premium_last_year": "2000"}},
        {"six_two_base": "800"},
        """
        vat-small-scale             now     7200
        vat-reduced-rate            unfit   -
        2.4.2-iit-sole-2023         now     18750
        tax-sixtwo-2023             now     -
        ui-stable-post              now     1200
        2.3.5-jl-init               unfit   -
        2.3.1-guaranteed-loan-jilin unfit   -
        2.3.1-key-groups            unfit   -
        loan-interest-service       unfit   -
        si-firm-hard                unfit   -
        proc-food-licence           errand  -
        proc-one-thing              errand  -
        """, asked=10,
    ),
}  # fmt: skip
"""The lives with who, want, pages of life, what they know, and the expected rows."""
