"""The Jilin pack: every worked case gives its verdict and its cent."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from chuangbao.rules import Engine, load_pack
from chuangbao.rules.bundle import best_bundle
from chuangbao.rules.packcheck import cases, links
from chuangbao.rules.packcheck.source import Source

PACKS = Path(__file__).parents[2] / "packs"
PACK = load_pack(PACKS / "jilin")
ENGINE = Engine(PACK)
VERSIONS, CASES = 150, 1360
FORMER = {  # an id of the two readings that overlap, and the one that stays
    "EXPAND-2025": "UI-EXPAND-2025",
    "GRAD-SI": "SI-FIRM-GRAD",
    "hire-expand": "UI-EXPAND-2026",
    "grad-si-subsidy": "SI-FIRM-GRAD",
}


def faults(engine: Engine) -> list[str]:
    """The worked cases that do not hold, and what comes out instead."""
    found = []
    for measure, version in engine.pack.versions.values():
        for example in version.examples:
            day = example.as_of or version.valid_from or date(2015, 12, 31)
            region = example.region or engine.pack.home(measure, day)
            answer = engine.judge(engine.profile(example.facts, as_of=day, region=region), version.version)
            expected = (
                None if example.amount is None else Decimal(example.amount.numerator) / example.amount.denominator
            )
            if answer.status != example.status or (example.has_amount and answer.amount != expected):
                found.append(f"{version.version} {example.name}: {answer.status} {answer.amount}")
    return found


def test_every_decree_has_its_version_and_every_version_its_worked_cases() -> None:
    assert len(PACK.versions) == VERSIONS
    assert sum(len(v.examples) for _, v in PACK.versions.values()) == CASES


@pytest.mark.parametrize("name", ["jilin", "samples"])
def test_every_worked_case_holds(name: str) -> None:
    assert faults(ENGINE if name == "jilin" else Engine(load_pack(PACKS / name))) == []


@pytest.mark.parametrize(("former", "version"), FORMER.items())
def test_a_former_id_leads_to_the_version_that_stays(former: str, version: str) -> None:
    assert PACK.find(former, date(2026, 6, 30))[1] is PACK.versions[version][1]


def test_a_fact_is_known_by_its_former_name_and_by_what_it_follows_from() -> None:
    """The cases of the reading that went: its facts lead to the same cent."""
    given = {"hires_expand": 4, "hire_contract_signed": True, "hires_insured_months": 3}
    answer = ENGINE.judge(ENGINE.profile(given, as_of=date(2025, 9, 30), region="220000"), "EXPAND-2025")
    assert (answer.status, answer.amount) == ("eligible", Decimal(6000))


def test_what_the_state_knows_is_not_asked_and_may_still_be_said() -> None:
    loan = {"is_person": True, "loan_amount": 300_000, "loan_rate": 0.05, "loan_years": 1}
    told = {}
    for place, extra in {"220102": {}, "222424": {}, "220000": {}, "222405": {"poor_area": False, "lpr": 0.04}}.items():
        profile = ENGINE.profile({**loan, **extra}, as_of=date(2024, 8, 1), region=place)
        told[place] = {c.id: c.verdict for c in ENGINE.judge(profile, "LOAN-JL-INT").conditions}["rate"]
    assert told == {"220102": False, "222424": True, "220000": None, "222405": True}


def test_every_theme_that_is_used_has_a_name() -> None:
    used = {theme for thing in (*PACK.measures.values(), *PACK.documents.values()) for theme in thing.themes}
    assert used <= set(PACK.codes["theme"].by_code)


def test_what_waits_for_confirmation_says_which_figure_and_why() -> None:
    silent = [
        v.version for _, v in PACK.versions.values() if not v.confirmed and not (v.unconfirmed.zh and v.unconfirmed.en)
    ]
    assert silent == []


def test_every_condition_and_check_names_its_article_and_how_sure_it_is() -> None:
    parts = [(v.version, c) for _, v in PACK.versions.values() for c in (*v.conditions, *v.checks)]
    assert [(v, c.id) for v, c in parts if not c.article or c.confidence not in {"A", "B", "C"}] == []


@pytest.mark.parametrize("version", ["SI-SELF-GRAD", "SI-FLEX-GRAD", "SI-FLEX-HARD"])
def test_social_insurance_of_a_year_is_applied_for_until_15_december(version: str) -> None:
    example = next(e for e in PACK.versions[version][1].examples if e.status == "eligible")
    for day, state, closes in ((date(2024, 12, 15), "open", 2024), (date(2024, 12, 16), "opens", 2025)):
        answer = ENGINE.judge(ENGINE.profile(example.facts, as_of=day), version)
        assert (answer.status, answer.opening.state) == ("eligible", state)
        assert answer.opening.closes == date(closes, 12, 15)


def test_of_one_and_the_same_loan_the_terms_of_the_province_come_first() -> None:
    facts = {
        "is_person": True, "in_working_age": True, "support_groups": ["graduate"], "other_household_loans": False,
        "loan_years": 3, "guaranteed_loan_times": 0, "holds_other_guaranteed_loan": False, "partners": 1,
        "loan_amount": 500000, "arrears": False,
    }  # fmt: skip
    answers = ENGINE.judge_all(ENGINE.profile(facts, as_of=date(2023, 11, 1), region="220000"))
    loans = {a.version: a.amount for a in answers if a.version.startswith("LOAN-") and a.status == "eligible"}
    assert (loans["LOAN-JL-2018"], loans["LOAN-NAT-2023"]) == (200000, 300000)
    bundle = best_bundle(PACK, answers)
    assert {n: a for n, a in bundle.amounts.items() if "loan" in n} == {"2.3.1-guaranteed-loan-jilin": 200000}


def test_few_cases_at_bars_are_left_out_and_each_is_known() -> None:
    source = Source.read(PACKS / "jilin")
    found = [f for check in (links.check(source), cases.check(source, PACK)) for f in check]
    assert Counter((f.code, f.file.removeprefix("measures/")) for f in found) == {
        ("threshold_example", "2.4.2-jl-return-base.yaml"): 1,
        ("threshold_example", "2.6.2-gp-price-2022.yaml"): 1,
        ("threshold_example", "rec-incubator-national.yaml"): 2,
        ("threshold_example", "si-firm-hard.yaml"): 1,
    }


def test_a_business_is_a_year_old_on_the_day_of_its_registration_not_on_that_of_today() -> None:
    facts = {
        "registered_on": date(2026, 3, 1), "operating_months": 8, "first_startup": True, "founder_role": "sole_owner",
        "business_active": True, "support_groups": ["hard_to_place"], "got_initial_subsidy": False,
        "got_grad_subsidy": False,
    }  # fmt: skip
    answer = ENGINE.judge(ENGINE.profile(facts, as_of=date(2026, 11, 28), region="222403"), "2.3.5-jl-init")
    assert answer.not_yet.day == date(2027, 3, 1)
