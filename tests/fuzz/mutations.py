"""Files made by chance, read apart: nothing hangs, nothing but an answer in words comes back, no text is lost.

Sound files carry marked words, each of which must be in what is read. The same files are then damaged: bytes, pieces,
figures, parts of packages. Hostile shapes of known kinds come in sizes of chance.
"""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections import Counter
from dataclasses import dataclass, field

from chuangbao.core.storage.errors import UnfitError
from chuangbao.core.storage.reading import IN_PAGE, read_apart
from chuangbao.core.workflow.refusals import Refused
from chuangbao.gongwen import DocumentError
from fuzz import files

SLOWEST = IN_PAGE.wall + 5
TABLE = {
    "allowed": ["xlsx", "csv"],
    "heads": {"信息项": "name", "取值": "value"},
    "needed": ["name", "value"],
    "most": 2000,
}
FIGURES = (b"0", b"-1", b"65536", b"999999999999", b"1e999", b"", b"\xff\xff\xff\xff", b"NaN")


@dataclass
class Report:
    """What a run has seen."""

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0

    def __str__(self):
        """One line."""
        return f"{sum(self.outcomes.values())} files, slowest {self.slowest:.1f} s, {dict(self.outcomes)}, {len(self.faults)} faults"


def marked(rng, count):
    """Words that are in no other file."""
    return [f"标{rng.randrange(10**6):06}记" for _ in range(count)]


def sound(rng):
    """A sound file: its name, its content, the words in it."""
    words = marked(rng, rng.randint(1, 40))
    kind = rng.choice(["docx", "table", "html", "txt", "xlsx", "csv"])
    if kind == "docx":
        return "a.docx", files.docx("".join(map(files.paragraph, words))), words
    if kind == "table":
        cells = "".join(f"<w:tc>{files.paragraph(word)}</w:tc>" for word in words[:8])
        return "a.docx", files.docx(f"<w:tbl><w:tblGrid/><w:tr>{cells}</w:tr></w:tbl>"), words[:8]
    if kind == "html":
        inside = "".join(
            rng.choice(["<p>{}</p>", "<div>{}</div>", "<li>{}</li>", "<h2>{}</h2>"]).format(w) for w in words
        )
        return "a.html", f"<html><body>{inside}</body></html>".encode(rng.choice(["utf-8", "gb18030"])), words
    if kind == "txt":
        return "a.txt", "\n".join(words).encode(rng.choice(["utf-8", "gb18030", "utf-16"])), words
    if kind == "xlsx":
        rows = "".join(files.row(n, word, "1") for n, word in enumerate(words, 2))
        return "a.xlsx", files.xlsx(f"<sheetData>{files.row(1, *files.HEADS)}{rows}</sheetData>"), words
    return "a.csv", ("信息项,取值\n" + "".join(f"{word},1\n" for word in words)).encode("utf-8-sig"), words


def hostile(rng):
    """A file of a kind that is known to cost, in a size of chance."""
    size = 10 ** rng.uniform(0, 6)
    n = int(size)
    made = rng.choice(
        [
            lambda: ("a.pdf", files.pdf_forms(rng.randint(1, 9), rng.randint(1, 30))),
            lambda: ("a.pdf", files.pdf_shared(max(1, n // 2000), rng.randint(1, 400))),
            lambda: ("a.pdf", files.pdf_brackets(n)),
            lambda: ("a.pdf", files.pdf_objects(rng.randint(1, 80), n)),
            lambda: ("a.pdf", files.pdf_of_itself()),
            lambda: ("a.docx", files.docx_span(n, rng.choice(["gridSpan", "gridBefore", "gridAfter"]))),
            lambda: ("a.docx", files.docx_label(n % 200_000, rng.randint(1, 300))),
            lambda: ("a.docx", files.docx_entities(rng.randint(1, 12))),
            lambda: ("a.docx", files.nested_docx(n % 3000)),
            lambda: ("a.docx", files.docx_renamed(n)),
            lambda: (
                "a.html",
                files.html_deep(rng.randint(1, 260), n, rng.choice(["div", "h1", "a", "b", "table", "p"])),
            ),
            lambda: ("a.html", files.html_blanks(n)),
            lambda: ("a.txt", files.text_long(n)),
            lambda: (
                "a.txt",
                (rng.choice(["（", "《", "一、", " ", "\t", "1.", "、", "元", "20%", "第"]) * n)[:n].encode(),
            ),
            lambda: ("a.xlsx", files.xlsx_rows(n % 5000, rng.choice(["A1:B2", "A1:XFD1048576", "B9"]))),
            lambda: ("a.xlsx", files.xlsx_entities(n)),
            lambda: ("a.xlsx", files.xlsx_renamed(n)),
        ]
    )
    return made()


def damaged(rng, content):
    """The same with something wrong in it."""
    out = bytearray(content)
    for _change in range(rng.randint(1, 6)):
        at = rng.randrange(len(out) + 1)
        span = rng.randint(1, 40)
        way = rng.choice(["flip", "cut", "twice", "figure", "zeros", "end"])
        if way == "flip" and out:
            out[at % len(out)] ^= 1 << rng.randrange(8)
        elif way == "cut":
            del out[at : at + span]
        elif way == "twice":
            out[at:at] = out[at : at + span] * rng.randint(1, 50)
        elif way == "figure":
            out[at : at + rng.randint(0, 4)] = rng.choice(FIGURES)
        elif way == "zeros":
            out[at : at + span] = bytes(span)
        else:
            del out[at:]
    return bytes(out)


def repacked(rng, content):
    """A package with one of its parts damaged inside, so that its own sums are right."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as box, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        hit = rng.choice(box.namelist())
        for name in box.namelist():
            part = box.read(name)
            made.writestr(name, damaged(rng, part) if name == hit else part)
    return out.getvalue()


def said_by(name, content):
    """What is read of a file, all of it as one text."""
    if name.endswith((".xlsx", ".csv")):
        return str(read_apart("table", content, name=name, **TABLE))
    found = read_apart("document", content, name=name)
    return found["text"] + str(found["parsed"].get("warnings") or "")


def attempt(report, name, content, words):
    """Read one file and note what came of it."""
    began = time.monotonic()
    try:
        said = said_by(name, content)
        outcome = "read"
        lost = [word for word in words if word not in said]
        if lost:
            report.faults.append(f"{name}: {len(lost)} of {len(words)} words are lost without a word")
    except DocumentError:
        outcome = "no document"
    except UnfitError as error:
        outcome = error.code
    except Refused as refusal:
        outcome = refusal.code
        if outcome == "broken":
            report.outcomes["a parser failed"] += 1
    if words and outcome != "read":
        report.faults.append(f"{name}: a sound file was refused ({outcome})")
    took = time.monotonic() - began
    report.slowest = max(report.slowest, took)
    if took > SLOWEST:
        report.faults.append(f"{name} of {len(content)} bytes took {took:.1f} s")
    report.outcomes[outcome] += 1


def run(seconds, seed):
    """Read files made by chance for so long."""
    rng, report = random.Random(seed), Report()  # noqa: S311 - no secret
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        name, content, words = sound(rng)
        attempt(report, name, content, words)
        attempt(report, name, damaged(rng, content), [])
        if content.startswith(b"PK"):
            attempt(report, name, repacked(rng, content), [])
        if rng.random() < 0.3:
            attempt(report, *hostile(rng), [])
    return report
