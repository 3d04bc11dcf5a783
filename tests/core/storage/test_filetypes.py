"""Packages of Office that somebody has broken on purpose: refused in words, whatever is wrong with them."""

from __future__ import annotations

import io
import random
import zipfile

from chuangbao.core.storage.filetypes import SHEETS, XLSX, recognise_type
from chuangbao.core.workflow.refusals import Refused

MUTATIONS = 600


def package():
    """A small workbook."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as parts:
        for name in ("[Content_Types].xml", "xl/workbook.xml", "xl/工作表.xml"):
            parts.writestr(name, "<x/>" * 9)
    return made.getvalue()


def test_a_changed_directory_is_refused_and_raises_nothing_else():
    whole, chance = package(), random.Random(1)  # noqa: S311 - the same mutations every time
    assert recognise_type("a.xlsx", whole, SHEETS) is XLSX
    start = whole.index(b"PK\x01\x02")
    refused = 0
    for _ in range(MUTATIONS):
        content = bytearray(whole)
        for _ in range(chance.randint(1, 4)):
            content[chance.randrange(start, len(content))] = chance.choice(
                (0, 1, 99, 0x80, 0xFF, chance.randrange(256))
            )
        try:
            recognise_type("a.xlsx", bytes(content), SHEETS)
        except Refused:
            refused += 1
    assert refused > MUTATIONS // 10
