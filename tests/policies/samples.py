"""The public pages of policies, for the table of permissions."""

from __future__ import annotations

OPEN = {
    "policies:document": lambda _w: {"ref": "31号"},
    "policies:clause": lambda _w: {"clause": "2.6.3"},
    **{
        f"policies:{name}": lambda _w: {"ref": "2.6.3-small-profit"}
        for name in ("measure", "measure_curve", "measure_code", "measure_handout")
    },
}
PAGES = [
    "/policies/", "/policies/?q=xxwl", "/policies/?q=创业&kind=measure&page=2", "/policies/search/?q=没有这样的东西",
    "/policies/import/", "/policies/measures/2.6.3-small-profit/",
    "/policies/measures/2.6.3-small-profit/?version=CIT-SLP-2015A", "/policies/measures/2.6.3-small-profit/curve.json",
    "/policies/measures/2.6.3-small-profit/code.svg", "/policies/measures/2.6.3-small-profit/handout.pdf",
]  # fmt: skip
