"""Every link of the documents leads to a file that is there, and every path that the developer guide names exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = sorted({*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("benchmarks/*.md")})
LINK = re.compile(r"\]\(([^)#:]+)(?:#[^)]*)?\)")
PATH = re.compile(
    r"`((?:core|ops|ui|checkup|rules|gongwen|config|cli|facts|accounts|policies|portal|tests|tools|docs|packs)/[\w./-]+)`"
)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_each_link_leads_somewhere(page):
    links = LINK.findall(page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", sorted(ROOT.glob("docs/developer/*.md")), ids=lambda page: page.name)
def test_each_path_of_the_guide_exists(page):
    named = PATH.findall(page.read_text(encoding="utf-8"))
    places = (ROOT, ROOT / "src" / "chuangbao")
    assert [path for path in named if not any((place / path).exists() for place in places)] == []


def test_each_decision_has_a_number_of_its_own():
    numbers = [page.name[:4] for page in sorted(ROOT.glob("docs/decisions/*.md"))]
    assert [number for number in set(numbers) if numbers.count(number) > 1] == []
    for page in ROOT.glob("docs/decisions/*.md"):
        assert page.name[:4].lstrip("0") in page.read_text(encoding="utf-8").splitlines()[0], page.name
