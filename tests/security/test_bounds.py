"""No work without a bound: patterns are linear, fields have a length, public forms a rate, figures thirty digits."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import time
from decimal import Decimal
from pathlib import Path

import pytest
from django import forms
from django.urls import get_resolver, reverse

import chuangbao
from chuangbao.core.access.permissions import access_of
from chuangbao.core.engine.current import current_pack
from chuangbao.core.http.post_only import DECLARATION as POST_ONLY
from chuangbao.core.http.rate_limits import DECLARATION as LIMITED
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.domain import values
from chuangbao.facts.forms import FactsForm, NumberField

SOURCE = Path(chuangbao.__file__).parent
RUNS = (
    *"0 1a z_-.,，:：/\\@#%¥《》（）()〔〕[]{}\"'<>=+*&·、。；;！？\n\t\r",
    "中", "一", "十", "万", "元", "年", "月", "日", "第", "条", "省", "市", "局", "的", "不", "和", "附件", "（一）", "1.", "元至",
    "2015年", "文号", "施行", "〔2015〕", "%1", "/a ", "a@", "（", "[a", "<a ",
)  # fmt: skip
LENGTHS = (24, 30, 36, 300, 6000)
"""Short ones lie close together: what doubles with every letter is seen at one of them, and would never end beyond."""
USED = re.compile(r"\b(\w+)\.(?:search|finditer|findall|sub|subn|split)\(")
BOUNDED = {
    "chuangbao.gongwen.numbers._LEAD",  # is only used on a number's own letters, of which there are at most sixty
}
FLOOR, RATIO = 0.02, 3.0  # seconds of processor time; a pattern that squares takes four times as long for twice as much


def modules():
    for found in pkgutil.walk_packages([str(SOURCE)], "chuangbao."):
        if not re.search(r"\.(migrations|spark|__main__|settings|wsgi)\b|rules\.spark", found.name):
            yield importlib.import_module(found.name)


def patterns_in(value, depth=0):
    if isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict) and depth < 3:
        yield from (p for v in (*value.keys(), *value.values()) for p in patterns_in(v, depth + 1))
    elif isinstance(value, (list, tuple, set, frozenset)) and depth < 3:
        yield from (p for v in value for p in patterns_in(v, depth + 1))


def written_in(text):
    """The patterns that are literals in calls of ``re``, with the name of the call."""
    for node in ast.walk(ast.parse(text)):
        called = node.func if isinstance(node, ast.Call) else None
        if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name) and called.value.id == "re":
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant) and called.attr not in {"escape", "compile"}:
                yield called.attr, re.compile(first.value)


def every_pattern():
    """Name, pattern, and whether it is looked for anywhere in a text or only at its beginning."""
    texts = {path: path.read_text("utf-8") for path in SOURCE.rglob("*.py")}
    looked_for = {name for text in texts.values() for name in USED.findall(text)}
    found = {}
    for module in modules():
        for name, value in vars(module).items():
            for pattern in patterns_in(value):
                everywhere = not isinstance(value, re.Pattern) or name in looked_for
                found.setdefault((pattern.pattern, pattern.flags), (f"{module.__name__}.{name}", pattern, everywhere))
    for path, text in texts.items():
        for method, pattern in written_in(text):
            row = (str(path.relative_to(SOURCE)), pattern, method not in {"match", "fullmatch"})
            found.setdefault((pattern.pattern, pattern.flags), row)
    return sorted(found.values(), key=lambda row: row[0])


def cost(pattern, text, *, everywhere=True):
    """The processor time of looking for a pattern in a text."""
    began = time.process_time()
    if everywhere:
        for _match in pattern.finditer(text):
            pass
    else:
        pattern.match(text)
        pattern.fullmatch(text)
    return time.process_time() - began


def slow(pattern, *, everywhere=True):
    """The run that a pattern takes more than its share of time for.

    A short one first: what grows with a power of the text would never end with a long one.
    """
    for run in RUNS:
        for length in LENGTHS:
            text, half = ((run * many)[:many] + "\u2603" for many in (length, length // 2))
            if isinstance(pattern.pattern, bytes):
                text, half = text.encode(), half.encode()
            took = cost(pattern, text, everywhere=everywhere)
            if took < FLOOR:
                continue
            ratios = [
                cost(pattern, text, everywhere=everywhere) / cost(pattern, half, everywhere=everywhere)
                for _turn in range(3)
            ]
            if min(ratios) > RATIO:
                return run, length, round(took, 3), round(min(ratios), 1)
            break
    return None


def test_every_pattern_takes_a_time_that_grows_with_the_text_and_no_faster():
    found = every_pattern()
    assert len(found) > 120
    worse = {name: slow(pattern, everywhere=everywhere) for name, pattern, everywhere in found if name not in BOUNDED}
    assert {name: how for name, how in worse.items() if how} == {}


def test_the_walk_finds_a_pattern_that_squares():
    assert slow(re.compile(r"^\s*¥?\s*(-?[\d,，]*\.?\d+)\s*(%|万元|万)?\s*$"))
    assert slow(re.compile(r"(a|aa)+b")) is not None
    assert any(slow(re.compile(rb"\d+x")) for _turn in range(3))  # the nearest to the bound: a busy machine blurs it


def every_form(kind=forms.BaseForm):
    for form in kind.__subclasses__():
        yield form
        yield from every_form(form)


def test_every_field_of_text_has_a_length():
    list(modules())
    found = [form for form in every_form() if form.__module__.startswith("chuangbao.")]
    assert len(found) > 25
    endless = [
        f"{form.__module__}.{form.__name__}.{name}"
        for form in found
        for name, field in form.base_fields.items()
        if isinstance(field, forms.CharField) and field.max_length is None
    ]
    assert endless == []


def test_fields_made_while_a_form_is_made_have_a_length_too():
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            called = node.func if isinstance(node, ast.Call) else None
            if not (isinstance(called, ast.Attribute) and called.attr == "CharField"):
                continue
            if isinstance(called.value, ast.Name) and called.value.id == "forms":
                given = {keyword.arg for keyword in node.keywords}
                assert given & {"max_length", None}, f"{path.relative_to(SOURCE)}:{node.lineno}"


def public_posts(resolver=None, prefix=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if hasattr(entry, "url_patterns"):
            yield from public_posts(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)
        elif access_of(entry.callback) == "public" and takes_a_form(entry.callback):
            yield f"{prefix}{entry.name}", entry.callback


def takes_a_form(view):
    """Whether a view lets a POST through: by its declaration, or by what its decorators answer."""
    if getattr(view, POST_ONLY, False):
        return True
    found, inner = [], view
    while inner is not None:
        found += [cell.cell_contents for cell in (inner.__closure__ or ()) if is_list_of_methods(cell)]
        inner = getattr(inner, "__wrapped__", None)
    return any("POST" in methods for methods in found) or not found


def is_list_of_methods(cell):
    try:
        value = cell.cell_contents
    except ValueError:
        return False
    return isinstance(value, list) and set(value) <= {"GET", "HEAD", "POST"}


def test_every_public_form_has_a_rate():
    found = dict(public_posts())
    ours = {name: view for name, view in found.items() if view.__module__.startswith("chuangbao.")}
    assert len(ours) >= 7
    assert [name for name, view in ours.items() if not hasattr(view, LIMITED)] == []


def test_a_question_to_the_calculator_counts_and_a_look_does_not(client, library, settings, regions):
    settings.RATE_LIMITS = True
    address = reverse("policies:measure", args=["2.6.3-small-profit"])
    for name in ("policies:measure", "policies:measure_curve"):
        assert client.get(reverse(name, args=["2.6.3-small-profit"])).status_code == 200
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM core_hit WHERE key LIKE 'calculator%'")
        assert cursor.fetchone()[0] == 0
        assert client.get(f"{address}?try=1&employees_avg=8").status_code == 200
        cursor.execute("UPDATE core_hit SET count = 600 WHERE key LIKE 'calculator%'")
        assert cursor.rowcount == 1
    assert client.get(f"{address}?try=1&employees_avg=8").status_code == 429
    assert client.get(address).status_code == 200


def test_pages_that_cost_much_have_a_rate_for_everybody(client, library, settings):
    from django.db import connection

    settings.RATE_LIMITS = True
    start = {"who": "student", "want": "", "region": "220100"}
    step = client.post(reverse("checkup:start"), start).headers["Location"]
    handout = reverse("policies:measure_handout", args=["2.6.3-small-profit"])
    costly = {f"{step}?all=1": "check-up-all", f"{step}result.pdf": "pdf", handout: "pdf"}
    for address, name in costly.items():
        assert client.get(address).status_code == 200
        with connection.cursor() as cursor:
            cursor.execute("UPDATE core_hit SET count = 1000 WHERE key LIKE %s", [f"{name}:%"])
            assert cursor.rowcount == 1
        assert client.get(address).status_code == 429
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM core_hit")
    assert client.get(step).status_code == 200


ENDLESS = (
    "9" * 5000,
    "1" * 10_000 + "x",
    "1" * 200_000 + "x",
    " " * 200_000,
    "1," * 100_000,
    "¥" * 100_000,
    "1e999",
    "9" * 31,
)


@pytest.mark.parametrize("text", ENDLESS, ids=[f"{t[:5]!r} × {len(t)}" for t in ENDLESS])
def test_an_endless_figure_is_refused_at_once_in_every_numeric_fact(text, library, settings):
    pack = current_pack()
    from django.utils import timezone

    from chuangbao.core.engine.current import current_engine

    numeric = [fact for fact in pack.facts.values() if fact.type.numeric]
    form = FactsForm(
        {fact.name: text for fact in numeric}, engine=current_engine(), names=[f.name for f in numeric],
        as_of=timezone.localdate(),
    )  # fmt: skip
    began = time.process_time()
    typed = [name for name, field in form.fields.items() if isinstance(field, NumberField)]
    blank = not text.strip()
    assert sorted(form.errors) == sorted([] if blank else form.fields)
    assert typed
    for fact in numeric:
        if not blank:
            with pytest.raises(Refused):
                values.read(pack, fact, text)
    assert values.figure(text) is None
    assert time.process_time() - began < 5


def test_a_figure_is_what_it_was():
    for text, value in {
        "200000": 200_000, "20万": 200_000, "1,200": 1200, "70%": Decimal("0.7"), "-3.5": Decimal("-3.5"), " ¥ 5 元 ": 5,
        ".5": Decimal("0.5"), "１２": 12, "1，2": 12, "9" * 30: int("9" * 30),
    }.items():  # fmt: skip
        assert values.figure(text) == value, text
    for text in ("", "万", "1.", "1,", ".", "-", "1.2.3", "x1", "1x", "¥¥1", "1 2", "1万万"):
        assert values.figure(text) is None, text
