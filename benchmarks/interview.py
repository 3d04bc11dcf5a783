"""How many answers decide the money (几个回答定下多少钱): made-up lives, asked by the former order and by this one.

A life is one kind of person. It follows worked cases of the measures that concern such a person, each twice as often
as the measure's reach says; its figures of a business hang together; of everything else it has mostly nothing. What
it says of life on the pages follows from its facts. Nothing of it is anybody's.

Run: python benchmarks/interview.py [--lives 2000] [--kinds student,company] [--orders catalogue,this]
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from chuangbao.rules import Engine, load_pack
from chuangbao.rules.interview import judge_life
from chuangbao.rules.model import FactType
from chuangbao.rules.questions import (
    expressions,
    is_open,
    matters,
    next_question,
    samples,
    stakes,
    value_of,
)
from chuangbao.rules.tree import names

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from chuangbao.rules import Answer
    from chuangbao.rules.interview import LifePage, LifeQuestion
    from chuangbao.rules.profile import Profile
    from chuangbao.rules.tree import Node

    Said = str | frozenset[str]

PACK = Path(__file__).parents[1] / "packs" / "jilin"
DAY, REGION = date(2026, 11, 27), "220000"
MOST, SHARE = 40, Decimal("0.8")
OF_A_LOAN = ("loan_amount", "loan_years", "loan_rate", "partners")
"""Facts of a loan that are assumed before it is taken: the benchmark answers with the assumed figure."""
FIRST_PAGE, FORMER_PAGE = 3, 2  # who, what for, where; before: who, what for
TEN = 10
TRIED = 12
AIMED = 2  # a life follows the worked case of a measure so many times as often as its reach says, at most always
SELDOM, OFTEN = 0.2, 0.9
SMALL_SCALE = 5_000_000  # above such sales a year one is a general taxpayer
SIGNS: dict[str, dict[str, tuple[str, ...]]] = {
    "doings": {
        "hire": ("expand_hires", "hires_recent_graduates", "hires_hard", "hire_person_months", "vet_person_months",
                 "new_hire_share"),
        "interns": ("interns",),
        "loan": ("fixed_asset_loan", "loan_use_ok", "guaranteed_loan_granted", "lender_is_bank"),
        "research": ("rd_ledger", "basic_contract", "rd_last"),
        "rights": ("patent_fees", "soft_copyright", "owns_core_ip"),
        "technology": ("tech_contract_registered", "tech_transfer_income", "tech_vat_sales"),
        "public_bids": ("project_budget", "bid_price"),
        "equity": ("equity_plan_approved", "conv_amount", "award_for_transfer"),
        "equipment": ("equip_total",), "hnte": ("is_hnte",), "tsme": ("is_tsme",),
        "listed": ("on_advmfg_list", "on_ic_list"), "commissioned": ("basic_contract", "rd_out_cn", "rd_out_abroad"),
        "rural": ("rural_site",), "staff_insured": ("ui_staff", "ui_paid_months"), "insured_year": ("ui_paid_months",),
        "dismissed": ("layoff_rate",), "had_initial": ("got_initial_subsidy",), "had_graduate": ("got_grad_subsidy",),
    },
    "plans": {
        "rural": ("rural_site",), "own_site": ("needs_own_premises",), "self_insured": ("insured_as_individual",),
        "worked": ("was_employed",), "hired": ("hired_in_graduation_year",), "rights": ("patent_fees",),
        "suspend": ("school_approved",), "guaranteed": ("holds_other_guaranteed_loan",),
        "before": ("guaranteed_loan_times",), "other_loans": ("other_household_loans",),
    },
    "dealings": {
        "rural": ("rural_site",), "hire": ("hires_hard", "hires_recent_graduates", "expand_hires"),
        "staff_insured": ("ui_staff", "ui_paid_months"), "self_insured": ("insured_as_individual",),
        "loan": ("loan_use_ok", "guaranteed_loan_granted"), "public_bids": ("project_budget", "bid_price"),
        "base": ("founder_returned",), "guaranteed": ("holds_other_guaranteed_loan",),
        "before": ("guaranteed_loan_times",), "other_loans": ("other_household_loans",),
        "insured_year": ("ui_paid_months",), "dismissed": ("layoff_rate",),
        "had_initial": ("got_initial_subsidy",), "had_graduate": ("got_grad_subsidy",),
    },
    "hires": {
        "graduates": ("expand_hires", "hires_recent_graduates"), "hard": ("hires_hard",),
        "unemployed": ("hire_person_months",), "veterans": ("vet_person_months",), "other": ("new_hire_share",),
    },
    "equity_terms": {
        "listed_kind": ("tech_in_scope",), "handed_over": ("owns_tech",), "resident": ("investee_resident",),
        "shares_only": ("all_for_shares",), "filed": ("filed_in_time",), "awarded": ("award_for_transfer",),
    },
    "services": {
        "interns": ("interns", "intern_unit_recognised"), "software": ("soft_cost",), "students": ("students_only",),
        "returning": ("founder_returned",),
    },
}  # fmt: skip
"""The facts that speak for an answer: where none of them is true, a company does not say it."""


@dataclass(frozen=True)
class Made:
    """One made-up life: who, the answers of the pages of life, and the value of every fact."""

    who: str
    life: dict[str, str | frozenset[str]]
    facts: dict[str, object]


@dataclass(frozen=True)
class Course:
    """After how many answers 80 % of the money was decided, None where it never was; and the share at ten."""

    money: int | None
    asked: int
    at_ten: Decimal


def throw_dice(seed: str) -> random.Random:
    """Chance that is the same at every run."""
    return random.Random(seed)  # noqa: S311 - made-up lives, no secret


def make_life(engine: Engine, who: str, dice: random.Random) -> Made:
    """Make one life of a kind: what it says of itself, worked cases as rare as they are, and figures that agree."""
    facts: dict[str, object] = {}
    for name, fact in engine.pack.facts.items():
        if not fact.derived and not fact.figures and not fact.award:
            facts[name] = quiet_value(engine, name, dice)
    for measure in engine.pack.measures.values():
        version = measure.version_at(DAY)
        if version is None or measure.model or (measure.audience and who not in measure.audience):
            continue
        cases = [e.facts for e in version.examples if e.status == "eligible"]
        if cases and dice.random() < float(measure.reach) * AIMED:
            facts |= {n: v for n, v in dice.choice(cases).items() if n in engine.pack.facts}
    life: dict[str, str | frozenset[str]] = {"who": who}
    facts |= make_business(dice) | dict(start_facts(engine, who))
    for _ in range(4):  # later pages hang on earlier answers
        lived = judge_life(engine, stated(facts), life, as_of=DAY, region=REGION)
        for question in (q for page in lived.pages for q in page.questions):
            if question.kind != "fact" and question.name not in life:
                life[question.name] = choose_answer(question, who, facts, dice)
    lived = judge_life(engine, stated(facts), life, as_of=DAY, region=REGION)
    facts |= lived.filled | {name: lived.assumed[name] for name in OF_A_LOAN if name in lived.assumed}
    facts |= spread_sales(facts)
    return Made(who, life, facts)


def spread_sales(facts: dict[str, object]) -> dict[str, object]:
    """The sales of a month and of a quarter, over the months of the year in which the business was there."""
    revenue, months = Decimal(str(facts["revenue"])), Decimal(str(facts["months_total"]))
    return {"month_sales": revenue / months, "quarter_sales": revenue / months * 3}


def stated(facts: dict[str, object]) -> dict[str, object]:
    """The facts on which fillings hang: the day of registration and the number of staff."""
    return {name: facts[name] for name in ("registered_on", "staff_total") if name in facts}


def choose_answer(
    question: LifeQuestion, who: str, facts: dict[str, object], dice: random.Random
) -> str | frozenset[str]:
    """An answer about life; of several that may be chosen those that the facts speak for, else as often as in life."""
    offered = question.options_for(who)
    if question.kind == "one":
        return dice.choice([o.id for o in offered])
    if question.name not in SIGNS:
        return frozenset(dice.sample([o.id for o in offered], dice.choice([0, 0, 0, 1, 1, 2])))
    signs = SIGNS[question.name]
    return frozenset(o.id for o in offered if any(facts.get(sign) for sign in signs.get(o.id, ())))


def quiet_value(engine: Engine, name: str, dice: random.Random) -> object:
    """A value of a fact that no worked case sets: mostly no, nothing or nought, now and then one where a rule turns."""
    values = value_range(engine, name)
    fact = engine.pack.facts[name]
    if fact.type is FactType.BOOLEAN:
        return dice.random() < SELDOM
    if fact.type.numeric and dice.random() > SELDOM and (fact.minimum is None or fact.minimum <= 0):
        return 0
    return dice.choice(values)


def make_business(dice: random.Random) -> dict[str, object]:
    """The figures of a business that hang together: most are small, few are large, and one in five makes a loss."""
    staff = max(1, round(dice.lognormvariate(1.8, 1.0)))
    revenue = round(staff * dice.lognormvariate(12.2, 0.7))
    income = max(0, round(revenue * dice.uniform(-0.05, 0.2)))
    small = revenue < SMALL_SCALE and dice.random() < OFTEN
    return {
        "staff_total": staff, "employees_avg": staff, "jobs_incl_self": staff, "ui_staff": staff,
        "revenue": revenue, "sales_last": revenue, "month_sales": Decimal(revenue) / 12,
        "quarter_sales": Decimal(revenue) / 4, "rate3_sales": revenue if small else 0, "months_total": 12,
        "vat_quarterly": dice.random() < OFTEN, "is_small_scale": small,
        "taxable_income": income, "last_taxable_income": income, "business_income": income,
        "assets_avg": round(revenue * dice.uniform(0.4, 2)), "audit_collection": dice.random() < OFTEN,
        "is_private_firm": dice.random() < OFTEN, "is_sme": True, "vat_no_fraud_36m": True,
        "tax_credit_level": dice.choice("AABBBM"), "six_two_base": round(revenue * 0.003),
        "ui_premium_last_year": staff * 480, "ui_paid_months": dice.choice([0, 12, 24]),
        "registered_on": date(2026, 11, 1) - timedelta(days=dice.choice([20, 200, 400, 800, 1500, 3000])),
    }  # fmt: skip


@lru_cache(maxsize=1)
def trees_by_name(engine: Engine) -> dict[str, list[Node]]:
    """Every expression of the rules in force, by the names in it."""
    found: dict[str, list[Node]] = {}
    versions = [v for m in engine.pack.measures.values() if (v := m.version_at(DAY)) is not None]
    for node in (node for version in versions for node in expressions(engine.pack, version)):
        for name in names(node):
            found.setdefault(name, []).append(node)
    return found


@lru_cache(maxsize=1000)
def value_range(engine: Engine, name: str) -> list[object]:
    """The values of a fact at which a rule in force turns; a day is one of the last years."""
    if engine.pack.facts[name].type is FactType.DATE:
        return [date(2023, 5, 1), date(2025, 3, 1), date(2026, 4, 1)]
    found = [v for v in samples(engine.pack, trees_by_name(engine).get(name, []), name) if v is not None]
    return found or [True, False]


# ---- asking


@dataclass
class Tally:
    """What is decided of a life so far, measured against what is true of it."""

    worth: dict[str, Decimal]
    truth: Mapping[str, Answer]
    reached: int | None = None
    at_ten: Decimal = Decimal(0)

    def note(self, asked: int, answers: list[Answer]) -> None:
        """Note how much is decided after some answers; what is never shown is never decided."""
        shut = {a.measure for a in answers if a.measure in self.worth and not is_open(a) and self.is_true(a)}
        total = sum(self.worth.values(), Decimal(0))
        done = sum((v for m, v in self.worth.items() if m in shut), Decimal(0))
        if done >= SHARE * total and self.reached is None:
            self.reached = asked
        if asked <= TEN:
            self.at_ten = done / total

    def is_true(self, answer: Answer) -> bool:
        """Whether what is decided is so: an assumption may be wrong, and then decides nothing."""
        truth = self.truth[answer.measure]
        return (answer.status, answer.amount) == (truth.status, truth.amount)


def run_course(
    engine: Engine,
    made: Made,
    *,
    ask: Callable[[Profile, list[Answer], Collection[str]], str | None],
    lifelike: bool,
    most: int = MOST,
) -> Course | None:
    """Ask one person until 80 % of the money is decided, ``most`` answers at most; None where no money is expected."""
    truth = stand(engine, made.facts, made.life, lifelike=True).answers
    worth = {a.measure: value for a in truth if a.status == "eligible" and (value := value_of(engine.pack, a)) > 0}
    if not worth:
        return None
    tally = Tally(worth, {a.measure: a for a in truth})
    known: dict[str, object] = dict(start_facts(engine, made.who))
    asked, skipped = (FIRST_PAGE if lifelike else FORMER_PAGE), set()
    if lifelike:
        asked = answer_pages(engine, made, known, asked, tally)
    while True:
        here = stand(engine, known, made.life, lifelike=lifelike)
        tally.note(asked, here.answers)
        answers = [a for a in here.answers if a.measure not in here.aside]
        if tally.reached is not None and asked >= TEN:
            break
        fact = ask(here.profile, answers, skipped) if asked < most else None
        if fact is None:
            break
        asked += 1
        if fact in made.facts:
            known[fact] = made.facts[fact]
        else:
            skipped.add(fact)
    return Course(tally.reached, asked, tally.at_ten)


def answer_pages(engine: Engine, made: Made, known: dict[str, object], asked: int, tally: Tally) -> int:
    """Answer the pages of life, one after another, and note what each decides; return how many answers that were."""
    life, done = {"who": made.who}, set()
    here = stand(engine, known, life, lifelike=True)
    while page := next((page for page in here.pages if not {q.name for q in page.questions} <= done), None):
        for question in page.questions:
            asked += question.name not in done
            done.add(question.name)
            if question.kind == "fact" and question.name in made.facts:
                known[question.name] = made.facts[question.name]
            elif question.name in made.life:
                life[question.name] = made.life[question.name]
        here = stand(engine, known, life, lifelike=True)
        tally.note(asked, here.answers)
    return asked


@dataclass(frozen=True)
class Place:
    """Where one is after some answers: the profile, the verdicts of what concerns one, and what is set aside."""

    profile: Profile
    answers: list[Answer]
    pages: tuple[LifePage, ...] = ()
    aside: frozenset[str] = frozenset()


def stand(engine: Engine, known: Mapping[str, object], life: Mapping[str, Said], *, lifelike: bool) -> Place:
    """Work out once, for everything that a step needs, where one is after some answers."""
    if lifelike:
        lived = judge_life(engine, known, life, as_of=DAY, region=REGION)
        profile, audiences, pages, aside = lived.profile, lived.audiences, lived.pages, lived.aside
    else:
        profile, audiences = engine.profile(known, as_of=DAY, region=REGION), frozenset({str(life["who"])})
        pages, aside = (), frozenset()
    answers = [a for a in engine.judge_all(profile) if not a.plan.measure.model]
    mine = [a for a in answers if not a.plan.measure.audience or audiences & set(a.plan.measure.audience)]
    return Place(profile, mine, pages, aside)


def start_facts(engine: Engine, who: str) -> Mapping[str, object]:
    """What the choice of who one is says."""
    return next((a.facts for a in engine.pack.audiences if a.id == who), {})


def ask_by_this_order(engine: Engine) -> Callable[[Profile, list[Answer], Collection[str]], str | None]:
    """The order in use."""

    def ask(profile: Profile, answers: list[Answer], skip: Collection[str]) -> str | None:
        found = next_question(engine, profile, answers, skip=skip)
        return found.fact if found else None

    return ask


def ask_by_former_order(engine: Engine) -> Callable[[Profile, list[Answer], Collection[str]], str | None]:
    """The order before the pages of life: the money that hangs on a fact, shared among what a measure lacks."""
    order = {name: place for place, name in enumerate(engine.pack.facts)}

    def ask(profile: Profile, answers: list[Answer], skip: Collection[str]) -> str | None:
        found = stakes(engine.pack, answers)
        ranked = sorted((f for f in found if f in order and f not in skip), key=lambda f: (-found[f].weight, order[f]))
        for fact in ranked:
            likely = sorted(found[fact].answers, key=lambda answer: -value_of(engine.pack, answer))[:TRIED]
            if any(matters(engine, profile, answer, fact) for answer in likely):
                return fact
        return None

    return ask


def ask_by_catalogue(engine: Engine) -> Callable[[Profile, list[Answer], Collection[str]], str | None]:
    """The naive order: the first fact of the catalogue that an open measure lacks."""

    def ask(_profile: Profile, answers: list[Answer], skip: Collection[str]) -> str | None:
        lacking = {name for answer in answers for name in answer.missing}
        return next((name for name in engine.pack.facts if name in lacking and name not in skip), None)

    return ask


ORDERS = {
    "catalogue": (ask_by_catalogue, False),
    "former": (ask_by_former_order, False),
    "this": (ask_by_this_order, True),
}


def middle(found: list[int | None]) -> str:
    """The median, and the ninetieth of a hundred; what was never reached counts as more than 40."""
    if not found:
        return "–"
    numbers = sorted(MOST + 1 if n is None else n for n in found)
    shown = (statistics.median_low(numbers), numbers[int(len(numbers) * 0.9)])
    return " / ".join(f">{MOST}" if n > MOST else str(n) for n in shown)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lives", type=int, default=2000)
    parser.add_argument("--kinds", default="")
    parser.add_argument("--orders", default="catalogue,this")
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument(
        "--most", type=int, default=MOST, help="answers after which to stop: 10 for the last column alone"
    )
    chosen = parser.parse_args()
    engine = Engine(load_pack(PACK))
    kinds = chosen.kinds.split(",") if chosen.kinds else [a.id for a in engine.pack.audiences]
    print("| kind | order | lives with money | 80 % of the money (median / 90th) | money decided at ten |")
    for kind in kinds:
        for title in chosen.orders.split(","):
            make, lifelike = ORDERS[title]
            dice = throw_dice(f"{chosen.seed} {kind}")
            began, ask = time.process_time(), make(engine)
            lives = (make_life(engine, kind, dice) for _ in range(chosen.lives))
            walk = partial(run_course, engine, ask=ask, lifelike=lifelike, most=chosen.most)
            rich = [course for made in lives if (course := walk(made)) is not None]
            ten = sum((c.at_ten for c in rich), Decimal(0)) / max(len(rich), 1)
            seconds = time.process_time() - began
            shown = (
                f"| {kind} | {title} | {len(rich)} of {chosen.lives} | {middle([c.money for c in rich])} | {ten:.0%} |"
            )
            print(shown, f"{seconds:.0f} s", flush=True)


if __name__ == "__main__":
    main()
