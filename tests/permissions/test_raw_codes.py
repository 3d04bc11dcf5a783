"""No page and no workbook shows a code of the program: ``edit_clause``, ``officer:5``, ``CNY/year``, ``facts.fact``."""

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


def shown_by(client, address):
    """The text of a page or of a workbook; nothing for what is neither."""
    answer = client.get(address, headers={"accept-language": "zh-hans"})
    kind = answer.headers.get("Content-Type", "")
    if answer.status_code != 200:
        return ""
    if kind.startswith("text/html"):
        return text_of_page(answer.content.decode())
    return text_of_workbook(answer.content) if "spreadsheetml" in kind else ""


def openers():
    """For each page the roles that open it, one of each kind of reader."""
    rows = {row["address"]: row for row in read_tables()}
    for name in ADDRESSES:
        if name in NOT_WALKED or rows[name]["method"] == "post":
            continue
        opening = [role for role in EVERY_ROLE if rows[name][role] == "open"]
        yield name, ["anonymous"] if rows[name]["permission"] == "public" else opening[:1] + opening[-1:]


def test_no_page_and_no_workbook_shows_a_code(regions, library, settings):
    settings.RATE_LIMITS, settings.ACCOUNT_RATE_LIMITS = False, False
    world = build()
    clients = {role: client_of(world.actors[role]) for role in EVERY_ROLE}
    walked, found = 0, {}
    for name, roles in openers():
        address = reverse(name, kwargs=sample_of(name, world))
        for role in dict.fromkeys(roles):
            text = shown_by(clients[role], address)
            walked += bool(text)
            codes = codes_in(text)
            if codes:
                found[f"{name} by {role}"] = sorted(codes)
    assert walked > 80
    assert found == {}


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
