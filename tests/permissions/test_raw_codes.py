"""No page and no workbook shows a code of the program: ``edit_clause``, ``officer:5``, ``CNY/year``, ``facts.fact``.

The same walk holds every answer to what tests/security/test_headers.py says of all.
"""

from __future__ import annotations

import html
import re
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from chuangbao.core.audit.log import KINDS, VERBS
from chuangbao.core.engine.current import current_pack
from permissions.tables import read_tables
from permissions.test_table import ADDRESSES, client_of, sample_of
from permissions.world import EVERY_ROLE, build
from security.test_headers import faults_of

TYPED = re.compile(r"<(textarea|code|script|style|svg|pre)\b.*?</\1>|<!--.*?-->", re.DOTALL)
"""Parts of a page that show a text as it was typed, or no text at all."""
CODES = re.compile(
    r"\b[a-z][a-z0-9]+(?:_[a-z0-9]+)+\b"
    r"|\b(?:self|member|officer|system_admin|security_admin|audit_admin|system):\d+"
    r"|\bCNY(?:/\w+)?\b|\b(?:None|True|False|NaN)\b"
    r"|-{5,}"  # a list in which nothing is chosen, as Django shows it
)
ALLOWED = re.compile(r"https?://\S+|\S+@\S+|[\w-]+\.(?:txt|pdf|docx|yaml|xlsx)")
NOT_WALKED = {"portal:design", "portal:manifest", "portal:robots", "metrics", "healthz", "readyz"}


def codes_in(text):
    """The codes of a text; dotted names only where they name an act or a kind of row."""
    plain = ALLOWED.sub(" ", text)
    dotted = {name for name in (*KINDS, *VERBS) if "." in name}
    return set(CODES.findall(plain)) | {word for word in re.findall(r"\b[a-z]+\.[a-z_]+\b", plain) if word in dotted}


def text_of_page(content):
    """What is seen of a page."""
    body = content.partition("<main")[2].partition("</main>")[0]
    return html.unescape(re.sub(r"<[^>]+>", " ", TYPED.sub(" ", body)))


def text_of_workbook(content):
    """Every cell of every sheet, and the names of the sheets."""
    book = load_workbook(BytesIO(content), read_only=True)
    cells = [
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None
    ]
    return "\n".join([*book.sheetnames, *cells])


def text_of(answer):
    """The text of a page or of a workbook; nothing for what is neither."""
    kind = answer.headers.get("Content-Type", "")
    if answer.status_code != 200:
        return ""
    if kind.startswith("text/html"):
        return text_of_page(answer.content.decode())
    return text_of_workbook(answer.content) if "spreadsheetml" in kind else ""


def readers():
    """For each address that is read the roles that open it, one of each kind; else one from whom it is hidden."""
    for row in read_tables():
        if row["method"] == "post" or row["address"] not in ADDRESSES:
            continue
        opening = [role for role in EVERY_ROLE if row[role] == "open"]
        hidden = [role for role in EVERY_ROLE if row[role] == "hidden"]
        yield row["address"], dict.fromkeys(opening[:1] + opening[-1:] or hidden[-1:])


@pytest.fixture
def answers(regions, library, settings):
    """What each reader is answered, with the address and the reader; the demonstration's pages too."""
    settings.RATE_LIMITS, settings.ACCOUNT_RATE_LIMITS, settings.DEMO = False, False, True
    world = build()
    clients = {role: client_of(world.actors[role]) for role in EVERY_ROLE}
    found = []
    for name, roles in readers():
        address = reverse(name, kwargs=sample_of(name, world))
        found += [(name, role, clients[role].get(address, headers={"accept-language": "zh-hans"})) for role in roles]
    return found


def test_no_answer_shows_a_code_and_each_is_strict_and_kept_by_nobody_if_somebodys(answers):
    texts = {f"{name} by {role}": text_of(answer) for name, role, answer in answers if name not in NOT_WALKED}
    assert sum(map(bool, texts.values())) > 80
    assert {who: sorted(codes) for who, text in texts.items() if (codes := codes_in(text))} == {}
    faults = {f"{name} by {role}": faults_of(name, role, answer) for name, role, answer in answers}
    assert {who: wrong for who, wrong in faults.items() if wrong} == {}


@pytest.mark.parametrize("text", ["edit_clause", "officer:5", "CNY/year", "CNY", "facts.fact", "post.end", "None"])
def test_a_code_is_known_for_one(text):
    assert codes_in(f"办理 {text} 2026")


@pytest.mark.parametrize(
    "text", ["jilin-2015-31.txt", "a_b@example.org", "https://x.example/a_b", "2.6.3-small-profit", "Word"]
)
def test_an_address_or_a_name_is_none(text):
    assert not codes_in(text)


def test_the_facts_of_the_catalogue_are_such_codes():
    assert [name for name in current_pack().facts if "_" in name and not codes_in(name)] == []
