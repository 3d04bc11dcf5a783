"""No sum shown exceeds what exists (总额不超过实有): made-up lives, each checked against figures worked out apart.

Half of the lives are those of ``interview.py``; the other half have facts at the edges of the rules and follow every
second worked case, so that much comes together that hardly ever does.

Run: python benchmarks/sums.py [--lives 10000] [--seed 17]
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

from interview import DAY, PACK, Made, make_life, stand, start_facts, throw_dice, value_range

from chuangbao.rules import Engine, load_pack
from chuangbao.rules.bundle import best_bundle
from chuangbao.rules.kinds import Sort, sort_of

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Mapping

    from chuangbao.rules import Answer
    from chuangbao.rules.bundle import Bundle

CENT = Decimal("0.01")
HALF = 0.5
INCOME_TAX, VAT, TOP_RATE = Decimal("0.25"), Decimal("0.03"), Decimal("0.35")
VAT_RELIEF = ("vat-small-scale", "vat-reduced-rate")


def make_edge(engine: Engine, who: str, dice: random.Random) -> Made:
    """Make a life at the edges: each fact where a rule turns, and every second worked case."""
    made = make_life(engine, who, dice)
    facts = {name: dice.choice(value_range(engine, name)) for name in made.facts}
    for measure in engine.pack.measures.values():
        version = measure.version_at(DAY)
        cases = [e.facts for e in version.examples if e.status == "eligible"] if version is not None else []
        if cases and dice.random() < HALF:
            facts |= {name: value for name, value in dice.choice(cases).items() if name in engine.pack.facts}
    return replace(made, facts=facts | dict(start_facts(engine, who)))


def make_lives(engine: Engine, count: int, seed: int) -> Iterator[Made]:
    """Make lives of every kind in turn, every second one at the edges."""
    dice, kinds = throw_dice(str(seed)), [audience.id for audience in engine.pack.audiences]
    for number in range(count):
        make = make_edge if number % 2 else make_life
        yield make(engine, kinds[number % len(kinds)], dice)


def find_breaches(engine: Engine, made: Made) -> list[str]:
    """What a result of this life would show that cannot be; nothing where all is well."""
    answers = stand(engine, made.facts, made.life, lifelike=True).answers
    bundle = best_bundle(engine.pack, answers)
    found = [*unsound_figures(answers, bundle), *mixed_sums(engine, bundle), *unlawful_pairs(engine, bundle)]
    return [*found, *beyond_the_tax(engine, bundle, made.facts)]


def unsound_figures(answers: list[Answer], bundle: Bundle) -> Iterator[str]:
    """Figures below nothing, or finer than a cent."""
    shown = {a.measure: v for a in answers for v in (a.amount, a.payable) if v is not None and a.status == "eligible"}
    shown |= bundle.amounts | {f"sum of {s.kind} {s.per}": s.amount for s in bundle.sums}
    for name, amount in shown.items():
        if amount < 0:
            yield f"{name}: {amount} is below nothing"
        if amount != amount.quantize(CENT):
            yield f"{name}: {amount} is no whole number of cents"


def mixed_sums(engine: Engine, bundle: Bundle) -> Iterator[str]:
    """Sums that are not those of their own kind and period alone: loans and deductions are no money."""
    kept = {name: engine.pack.measures[name].version_at(DAY) for name in bundle.amounts}
    for total in bundle.sums:
        key = (total.kind, total.per, total.sure)
        parts = [
            bundle.amounts[n] for n, v in kept.items() if v and (v.benefit.kind, v.benefit.per, v.grant.sure) == key
        ]
        if total.amount != sum(parts, Decimal(0)):
            yield f"the sum of {total.kind} {total.per} is {total.amount}, its parts {parts}"
    money = {s.kind for s in bundle.sums if sort_of(s.kind) is Sort.MONEY}
    if not money <= {"tax", "subsidy"}:
        yield f"{money} is counted as money"


def unlawful_pairs(engine: Engine, bundle: Bundle) -> Iterator[str]:
    """Two that exclude each other, two of a family that pays once, and families above their ceilings."""
    taken = [(name, engine.pack.measures[name].version_at(DAY)) for name in bundle.taken]
    families: dict[str, list[str]] = {}
    for name, version in taken:
        if version is None:
            continue
        for other in set(version.excludes) & set(bundle.taken):
            yield f"{name} and {other} exclude each other"
        if version.group is not None and version.group.rule in {"highest", "first"}:
            families.setdefault(version.group.name, []).append(name)
    for family, names in families.items():
        if len(names) > 1:
            yield f"{names} of {family} are taken together"
    for cut in bundle.capped:
        paid = sum((bundle.amounts.get(name, Decimal(0)) for name in cut.measures), Decimal(0))
        if paid > cut.cap:
            yield f"{cut.group}: {paid} is paid of {cut.cap}"


def beyond_the_tax(engine: Engine, bundle: Bundle, facts: Mapping[str, object]) -> Iterator[str]:
    """Relief that is more than the tax without any: of income, of sales, and of each smaller due."""

    def fact(name: str) -> Decimal:
        value = Fraction(str(facts.get(name) or 0))
        return Decimal(value.numerator) / Decimal(value.denominator)

    def paid(*names: str) -> Decimal:
        return sum((bundle.amounts.get(name, Decimal(0)) for name in names), Decimal(0))

    income_tax = engine.pack.groups["cit"].order if "cit" in engine.pack.groups else ()
    sales = max(fact("rate3_sales"), fact("month_sales") * 12, fact("quarter_sales") * 4)
    dues = {
        "income tax": (paid(*income_tax), max(fact("taxable_income"), Decimal(0)) * INCOME_TAX),
        "VAT": (paid(*VAT_RELIEF), sales * VAT),
        "tax on business income": (paid("2.4.2-iit-sole-2023"), max(fact("business_income"), Decimal(0)) * TOP_RATE),
        "six taxes": (paid("tax-sixtwo-2023"), fact("six_two_base")),
        "the fund for disabled people": (paid("disabled-fund"), fact("disabled_fund_due")),
        "VAT on software": (paid("vat-software"), fact("soft_vat_due")),
        "taxes of a hiring firm": (paid("kg-hire-2019"), fact("firm_tax_due")),
    }
    for due, (saved, most) in dues.items():
        if saved > most + CENT:
            yield f"{due}: {saved} is saved of {most}"


def main() -> None:
    """Check many lives, print what cannot be, and end with an error where there is any."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lives", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=17)
    chosen = parser.parse_args()
    engine = Engine(load_pack(PACK))
    wrong = 0
    for number, made in enumerate(make_lives(engine, chosen.lives, chosen.seed)):
        for breach in find_breaches(engine, made):
            wrong += 1
            print(f"life {number}, {made.who}: {breach}", flush=True)
    print(f"{chosen.lives} lives, {wrong} breaches")
    raise SystemExit(1 if wrong else 0)


if __name__ == "__main__":
    main()
