"""What a short text may cost: figures, YAML and formulas are bounded by what is written, before anything is computed."""

from __future__ import annotations

import time
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from world import DAY, SCOPE, engine, fact, version

from chuangbao.rules import FactError, RuleError
from chuangbao.rules.check import check
from chuangbao.rules.diagnostics import PackError
from chuangbao.rules.figures import decimal_of, is_long_figure
from chuangbao.rules.model import FactType
from chuangbao.rules.parse import parse
from chuangbao.rules.profile import number
from chuangbao.rules.sizes import Size, size_of
from chuangbao.rules.writing import items_of, read_measure_text
from chuangbao.rules.yamlfile import read_string
from keptpack import load_house_pack
from measuretext import text_of

SECONDS = 6.0  # of processor time, measured lines included; most of these took from ten seconds to for ever
PACK = Path(__file__).parents[2] / "packs" / "jilin"


@cache
def pack():
    return load_house_pack()


def with_amount(amount):
    return text_of().replace('amount: "1000"', f'amount: "{amount}"')


def with_line(line):
    return text_of().replace("conditions:", f"{line}\n  conditions:", 1)


def squares(count):
    """Lines that each multiply the one before by itself."""
    first = "    - {id: l0, zh: a, en: a, value: revenue}\n"
    rest = "".join(f"    - {{id: l{n}, zh: a, en: a, value: l{n - 1} * l{n - 1}}}\n" for n in range(1, count))
    benefit = f'  benefit:\n    kind: subsidy\n    unit: CNY\n    lines:\n{first}{rest}    amount: "l{count - 1}"\n'
    head, _found, tail = text_of().partition("  benefit:")
    return head + benefit + tail.partition("\n")[2]


ALIASES = "".join(f"  a{n}: &a{n} [{', '.join([f'*a{n - 1}' if n else 'x'] * 9)}]\n" for n in range(8))
HOSTILE = {
    "an endless figure in a formula": (with_amount("1e999999999"), "number"),
    "a figure of five million digits": (with_amount("1e5000000"), "number"),
    "a long figure": (with_amount("9" * 7000), "number"),
    "an exponent in YAML": (with_line("x: 1.0e+999999999"), "number"),
    "a long whole number in YAML": (with_line("x: " + "9" * 5000), "number"),
    "a long hexadecimal number in YAML": (with_line("x: 0x" + "f" * 100_000), "number"),
    "a figure to the base of sixty": (with_line("x: 1" + ":59" * 30_000), "number"),
    "aliases of aliases": (text_of() + ALIASES, "alias"),
    "an alias as region": (text_of().replace('region: "220102"', "region: *a"), "alias"),
    "a tag": (with_line("x: !!python/object:x {}"), "tag"),
    "a null character by its name": (text_of().replace("{zh: 小奖励,", '{zh: "小\\0奖励",'), "characters"),
    "a control character by its name": (text_of().replace("{zh: 小奖励,", '{zh: "小\\x01奖励",'), "characters"),
    "lines that square one another": (squares(18), "too_large"),
    "a table that is none": (with_amount("LEAST(revenue, (SELECT 1))"), "aggregate"),
    "a case with an endless figure": (text_of().replace("employees_avg: 10}", "revenue: 1.0e+5000}"), "number"),
    "a list for a region": (text_of().replace('region: "220102"', "region: [a, b]"), "one_word"),
    "a chain of casts": (with_amount("revenue" + "::x" * 2600), "not_allowed"),
    "more conditions than anybody reads": (
        text_of().replace(
            "  benefit:",
            "".join(f"  - {{id: c{n}, zh: a, en: a, when: revenue > {n}}}\n" for n in range(3000)) + "  benefit:",
        ),
        "too_many",
    ),
    "two versions of a thousand": (text_of() + "- version: x\n" * 1000, "one_version"),
    "a name unknown in every place": (
        with_amount(
            "GREATEST("
            + ", ".join(["GREATEST(" + ", ".join(f"employees_{n}_{m}" for m in range(19)) + ")" for n in range(19)])
            + ")"
        ),
        "unknown_name",
    ),
    "nothing but a pair of brackets": ("{}", "no_id"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_text_that_never_ended_is_answered_with_a_finding_at_once(name):
    text, code = HOSTILE[name]
    assert text != text_of()
    pack()
    began = time.process_time()
    findings = read_measure_text(text, pack()).findings
    assert time.process_time() - began < SECONDS
    assert code in [f.code for f in findings]


def test_the_editor_does_not_unfold_aliases_either():
    began = time.process_time()
    with pytest.raises(ValueError, match="without aliases"):
        items_of(text_of() + ALIASES + "themes2: *a7\n", "conditions")
    assert time.process_time() - began < SECONDS


GRAMMAR = st.recursive(
    st.one_of(
        st.integers(0, 10**60).map(str), st.decimals(0, 10**40, places=20).map(lambda d: f"{d:f}"),
        st.integers(1, 10**9).map(lambda n: f"1e{n}"), st.sampled_from(["staff", "income", "weight", "share", "people"]),
    ),
    lambda inner: st.tuples(st.sampled_from(["*", "+", "-", "/"]), inner, inner).map(lambda t: f"({t[1]} {t[0]} {t[2]})")
    | inner.map(lambda t: f"CASE WHEN {t} > 0 THEN {t} ELSE 1 END"),
    max_leaves=25,
)  # fmt: skip


@settings(deadline=None)
@given(GRAMMAR.filter(lambda text: len(text) <= 2_000))
def test_any_formula_is_read_or_refused_within_its_time(text):
    began = time.process_time()
    try:
        check(parse(text), SCOPE, FactType.MONEY)
    except RuleError as error:
        assert error.findings  # noqa: PT017 - either is fine
    else:
        facts = {"staff": 10**15 - 1, "income": Decimal("999999999999999.99999999"), "weight": Decimal("0.00000001")}
        facts |= {"share": 1, "people": 10**15}
        made = engine(version("v", "staff > 0", amount=text))
        made.judge(made.profile(facts, as_of=DAY), "v")
    assert time.process_time() - began < SECONDS


@pytest.mark.parametrize(
    ("text", "value"),
    [("0", 0), ("12", 12), ("-1.5", Fraction(-3, 2)), (".5", Fraction(1, 2)), ("1.", 1), ("1.5e3", 1500), ("1E-2", Fraction(1, 100)),
     ("+3", 3), ("9" * 30, int("9" * 30))],
)  # fmt: skip
def test_a_decimal_is_read_exactly(text, value):
    assert decimal_of(text) == value


@pytest.mark.parametrize(
    "text", ["", "x", "1e31", "1e999", "1e-19", "9" * 31, "0." + "1" * 19, "1" * 51, "1_000", "²", ".", "e5"]
)
def test_what_is_out_of_bounds_or_no_decimal_is_none(text):
    with pytest.raises(ValueError):  # noqa: PT011 - the text itself is the message
        decimal_of(text)


def test_a_long_word_is_a_figure_only_where_it_looks_like_one():
    assert is_long_figure("9" * 51)
    assert is_long_figure("-0x" + "f" * 60)
    assert not is_long_figure("9" * 50)
    assert not is_long_figure("长" * 60)
    assert not is_long_figure("1 " * 60)


def test_small_exponents_and_short_figures_are_read_in_yaml_as_before():
    assert read_string("{a: 1.5e+3, b: 0.05, c: 12, d: 1_000, e: 2015-06-08, f: 1_000.5}", "") == {
        "a": 1500, "b": Fraction(1, 20), "c": 12, "d": 1000, "e": date(2015, 6, 8), "f": Fraction(2001, 2),
    }  # fmt: skip


@pytest.mark.parametrize(
    "text", ["a: &x 1\nb: *x", "a: !!int '3'", "a: !own {}", "a: !!set [x]", "a: .nan", "a: 1.0e+31"]
)
def test_what_yaml_could_do_and_a_measure_does_not_need_is_refused_at_its_line(text):
    with pytest.raises(PackError) as caught:
        read_string(text, "f.yaml")
    assert caught.value.findings[0].line in {1, 2}
    assert caught.value.findings[0].code in {"alias", "tag", "number"}


def test_a_bare_exclamation_mark_is_no_tag():
    assert read_string("a: ! 12", "") == {"a": 12}


@pytest.mark.parametrize(
    ("text", "bounded"),
    [
        ("income * income", True), ("income * income * income * income", False), ("income * share * share * share", True),
        ("income / people / 12 * 3", True), ("CASE WHEN weight > 0 THEN income / weight ELSE 0 END", True),
        ("LEAST(income, 1000) * LEAST(income, 1000) * 2", True), ("ROUND(income * income, 2) * income * income", False),
        ("FLOOR(income / 3) * 3", True), ("(SELECT SUM(hours) FROM hires) * income", True),
        ("(SELECT COUNT(*) FROM hires) * income", True), ("COALESCE((SELECT AVG(hours) FROM hires), 0) + income", True),
        (" + ".join(["income / people"] * 20), True),
        ("income * 0.000000000000000001", True), ("ABS(-income) * 1000000000000000000000000000000", False),
    ],
)  # fmt: skip
def test_a_formula_is_refused_where_it_can_exceed_all_amounts(text, bounded):
    codes = []
    try:
        check(parse(text), SCOPE, FactType.MONEY)
    except RuleError as error:
        codes = [f.code for f in error.findings if f.code == "too_large"]
    assert codes == ([] if bounded else ["too_large"])


@given(st.fractions(max_denominator=10**6), st.fractions(max_denominator=10**6))
def test_a_size_bounds_its_value(left, right):
    a, b = (replace_ragged(size_of(n)) for n in (left, right))
    assert abs(left) <= 10**a.whole
    assert abs(left + right) <= 10 ** (a + b).whole
    assert abs(left * right) <= 10 ** (a * b).whole
    if right:
        assert abs(left / right) <= 10 ** (a / b).whole


def replace_ragged(size):
    return Size(size.whole, size.fine)


def test_the_widest_of_several_sizes_holds_each():
    assert Size.widest([Size(1, 5), Size(3, 0, 7)]) == Size(3, 5, 7)


ENDLESS = {
    "large": Decimal("1e999999999"), "small": Decimal("1e-999999999"), "long": Decimal("1." + "1" * 5000),
    "whole": 10**5000,
}  # fmt: skip


@pytest.mark.parametrize("name", ENDLESS)
def test_a_figure_of_a_profile_is_bounded_before_it_is_made_exact(name):
    began = time.process_time()
    with pytest.raises(FactError):
        number(fact("income", FactType.MONEY), ENDLESS[name])
    assert time.process_time() - began < SECONDS
