"""``tools/measure_house.py`` sees what it is for, and the house is within its limits."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

TOOL = Path(__file__).resolve().parents[2] / "tools" / "measure_house.py"


@pytest.fixture(scope="module")
def house():
    spec = importlib.util.spec_from_file_location("measure_house", TOOL)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    yield module
    del sys.modules[spec.name]


@pytest.fixture
def tree(house, tmp_path):
    def write(**files):
        for name, text in files.items():
            path = tmp_path / "chuangbao" / f"{name.replace('__', '/')}.py"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return house.read_modules(tmp_path / "chuangbao")

    return write


def test_a_ring_of_imports_is_found_though_one_of_them_is_late(house, tree):
    modules = tree(
        facts__a="from chuangbao.facts import b\n",
        facts__b="def load():\n    from chuangbao.facts.a import something\n",
        facts__c="import chuangbao.facts.a\n",
    )
    assert house.find_cycles(modules) == [["chuangbao.facts.a", "chuangbao.facts.b"]]
    assert house.list_late_imports(modules) == ["chuangbao.facts.b:2"]


def test_participles_are_found_and_verbs_are_not(house, tree):
    names = ("shown", "counted", "_running", "read", "embed", "list_told", "feed", "count")
    modules = tree(facts__a="".join(f"def {name}(): ...\n" for name in names), rules__a="def judged(): ...\n")
    assert house.list_participles(modules) == [f"chuangbao.facts.a.{name}" for name in names[:3]]


def test_odd_words_are_counted_in_docstrings_alone(house, tree):
    modules = tree(facts__a='"""Whoever is told."""\ndef f():\n    """Say it."""\n    return "nobody"\n')
    assert house.list_odd_words(modules) == ["chuangbao.facts.a: Whoever", "chuangbao.facts.a: told"]
    assert house.measure_odd_words(modules) == 400


def test_a_function_that_raises_says_so(house, tree):
    modules = tree(
        facts__a=(
            'def a():\n    raise ValueError\n'
            'def b():\n    """Do it.\n\n    Raises:\n        ValueError: always.\n    """\n    raise ValueError\n'
            'def c():\n    def d():\n        raise ValueError\n    return d\n'
            'def e():\n    try:\n        a()\n    except ValueError:\n        raise\n'
        )
    )  # fmt: skip
    assert house.list_silent_raisers(modules) == (["chuangbao.facts.a.a", "chuangbao.facts.a.d"], 3)


def test_wide_lines_of_templates_are_found(house, tmp_path):
    (tmp_path / "page.html").write_text("<p>\n" + "x" * 121 + "\n</p>\n", encoding="utf-8")
    assert house.list_wide_lines(tmp_path) == ["page.html:2"]


def test_a_count_that_grew_is_refused_and_says_where_to_look(house, capsys):
    limits = house.read_limits()
    assert house.check_limits(limits) == 0
    assert house.check_limits(limits | {"noqa": limits["noqa"] + 1}) == 1
    assert "--list noqa" in capsys.readouterr().err


def test_a_command_says_its_exit_status(house, tree):
    text = '"""{}."""\n    raise Exit(1)\n'
    modules = tree(
        cli__a=f"def a():\n    {text.format('Do it; status 1 where it fails')}",
        facts__a=f"def a():\n    {text.format('Set the status')}",
    )
    assert house.list_silent_raisers(modules) == (["chuangbao.facts.a.a"], 2)


def test_what_is_behind_every_count_can_be_listed(house, tree):
    modules = tree(facts__a="a = 1  # noqa: X\nb = 2  # noqa: Y # type: ignore\n")
    found = house.list_details(modules)
    assert found.keys() == house.read_limits().keys() == house.measure(modules).keys()
    assert (found["noqa"], found["type_ignore"]) == (
        ["chuangbao.facts.a:1", "chuangbao.facts.a:2"],
        ["chuangbao.facts.a:2"],
    )
