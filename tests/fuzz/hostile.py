"""What people who mean harm, and people who paste, put into forms."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus, urlsplit

from hypothesis import strategies as st
from lxml import html as lxml_html

SCRIPT, SVG = "<script>hostile()</script>", "\"'><svg onload=hostile()>"
TYPED = (
    SCRIPT, SVG, "</textarea><script>hostile()</script>", "=cmd|' /C calc'!A0", "@SUM(1+1)", "' OR 1=1; --",
    "\u202eexe.fdp", "长" * 500, "x" * 10_000, "{{ 7|add:7 }}{% now %}", "../../etc/passwd", "-1", "1e999", "9" * 30, "²",
    "9" * 5000, "0001-01-01", "9999-12-31", "2026-02-30", "2026-13", "true", "none", "无", "20万", "NaN", "Infinity",
    "https://elsewhere.example/", "//elsewhere.example", "javascript:hostile()", "a@example.org", "🏭", "\u0627\u0644",
    "submit", "grant", "end", "save", "save-text", "add-case", "drop-row:0:0", "drop-card:-1", "drop-row:999999:1",
    "220102", "999999", "id: [", "&a [*a, *a]", "!!python/object:x",
)  # fmt: skip
"""What somebody may really have typed: where the form is refused, it must still stand there."""
RAW = (
    b"", b" ", b"\x00", b"a\x00b", b"\xed\xa0\x80", b"\xff\xfe", b"x\r\nBcc: hostile@example.org", b"\r\n\r\n", b"\x1b[2J",
    b"\xe2\x80\x8b", b"%00", b"1\n2",
)  # fmt: skip
"""What no keyboard sends."""
HOSTILE = tuple(text.encode() for text in TYPED) + RAW
PLAUSIBLE = {
    "date": b"2026-01-05", "email": b"somebody@example.org", "number": b"3", "password": b"Changchun-2015-x", "url": b"",
}  # fmt: skip
TEXTS = {"text", "search", "email", "number", "url", "tel", "date", "textarea"}


@dataclass(frozen=True)
class Control:
    """A field of a form with what may sensibly be sent in it."""

    name: str
    kind: str
    values: tuple[bytes, ...] = (b"",)


@dataclass(frozen=True)
class Form:
    """A form as a page shows it."""

    method: str
    action: str
    controls: tuple[Control, ...] = field(default=())

    @property
    def key(self):
        """The same form on two pages is one, and so are those of the rows of a list."""
        return self.method, re.sub(r"\d+", "1", self.action), frozenset(control.name for control in self.controls)

    @property
    def has_file(self):
        """Whether a file can be sent."""
        return any(control.kind == "file" for control in self.controls)


def forms_in(content, address):
    """Every form of a page."""
    for form in lxml_html.fromstring(content).xpath("//form"):
        action = form.get("action") or urlsplit(address).path
        controls = {}
        for control in map(control_of, form.xpath(".//input|.//select|.//textarea|.//button[@name]")):
            if control.name and control.name not in {"csrfmiddlewaretoken", "once"}:
                before = controls.get(control.name)
                values = (before.values if before else ()) + control.values
                controls[control.name] = Control(control.name, control.kind, values)
        yield Form((form.get("method") or "get").lower(), urlsplit(action).path, tuple(controls.values()))


def control_of(element):
    """One field with its kind and its sensible values."""
    name, kind = element.get("name") or "", element.get("type") or "text"
    if element.tag == "select":
        return Control(name, "select", tuple((o.get("value") or "").encode() for o in element.xpath(".//option")))
    if element.tag == "textarea":
        return Control(name, "textarea", ((element.text or "说明").encode(),))
    if element.tag == "button" or kind in {"submit", "radio", "checkbox", "hidden"}:
        return Control(name, "choice", ((element.get("value") or "on").encode(),))
    return Control(name, kind, ((element.get("value") or "").encode() or PLAUSIBLE.get(kind, "张三".encode()),))


raw = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(str.encode),
    st.integers().map(lambda n: str(n).encode()),
    st.binary(max_size=8),
)


@st.composite
def filled(draw, form):
    """Pairs of names and values: mostly sensible, with something hostile, missing, or doubled among them."""
    pairs = []
    for control in form.controls:
        how = draw(st.sampled_from(["fine", "fine", "hostile", "hostile", "missing", "twice"]))
        fine = st.sampled_from(control.values)
        if how == "fine":
            pairs.append((control.name, draw(fine)))
        elif how == "hostile":
            pairs.append((control.name, draw(raw)))
        elif how == "twice":
            pairs += [(control.name, draw(raw)), (control.name, draw(fine))]
    return pairs


def encoded(pairs):
    """As a browser encodes a form, but for the bytes that no browser would send."""
    return "&".join(f"{quote_plus(name)}={quote(value)}" for name, value in pairs)


def lost(pairs, form, content):
    """The names of text fields that no longer hold what was typed in them."""
    kinds = {control.name: control.kind for control in form.controls}
    names = [name for name, _value in pairs]
    typed = {
        name: value.decode()
        for name, value in pairs
        if value in HOSTILE[: len(TYPED)] and kinds[name] in TEXTS and names.count(name) == 1
    }
    found = {}
    for element in lxml_html.fromstring(content).xpath("//form//input|//form//textarea"):
        text = element.text_content() if element.tag == "textarea" else element.get("value")
        found.setdefault(element.get("name"), []).append((text or "").strip())
    return {name: value[:60] for name, value in typed.items() if value.strip() not in found.get(name, [])}
