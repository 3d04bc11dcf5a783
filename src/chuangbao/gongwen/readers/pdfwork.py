"""What it takes to draw a PDF's pages, counted before any page is drawn.

A reader of pages runs every content stream as often as it is used: twenty pages may share one, and a form may draw
another form ten times, five levels deep. Here each is weighed once and multiplied.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from pypdf.generic import ArrayObject, DictionaryObject, StreamObject

if TYPE_CHECKING:
    from pypdf import PdfReader

__all__ = ["MAX_WORK", "work_of"]

MAX_WORK: Final = 40 * 1024 * 1024
"""Bytes of content that are run; two thousand pages of text have less."""
_DEEPEST: Final = 5
_CALL: Final = 500  # what drawing a form costs besides its content, in bytes of content
_DRAWS: Final = re.compile(rb"/([^\s/\[\]()<>{}%]++)\s++Do\b")


def work_of(reader: PdfReader) -> int:
    """The bytes of content that drawing all pages runs; counting ends where it is too many."""
    weigher = _Weigher()
    total = 0
    for page in reader.pages:
        total += weigher.page(page)
        if total > MAX_WORK:
            break
    return total


class _Weigher:
    """Weighs streams, each once."""

    def __init__(self) -> None:
        """Nothing is weighed yet."""
        self._known: dict[tuple[int, int], int] = {}

    def page(self, page: Any) -> int:
        """One page with all that it draws."""
        contents = page.get("/Contents")
        listed = contents.get_object() if contents is not None else None
        streams = list(listed) if isinstance(listed, ArrayObject) else [contents]
        forms = _forms(page.get("/Resources"))
        return sum(self.stream(stream, forms, 0) for stream in streams if stream is not None)

    def stream(self, reference: Any, forms: Any, depth: int) -> int:
        """A stream and the forms that it draws."""
        key = (getattr(reference, "idnum", id(reference)), id(forms))
        if key not in self._known:
            self._known[key] = MAX_WORK + 1  # a form that draws itself has no end
            self._known[key] = self._weigh(reference.get_object(), forms, depth)
        return self._known[key]

    def _weigh(self, stream: Any, forms: Any, depth: int) -> int:
        """The same, not weighed yet."""
        if not isinstance(stream, StreamObject):
            return 0
        if depth > _DEEPEST:
            return MAX_WORK + 1
        content = stream.get_data()
        total = len(content) + (_CALL if depth else 0)
        for found in _DRAWS.finditer(content):
            total += self._drawn(forms, f"/{found[1].decode('latin-1')}", depth)
            if total > MAX_WORK:
                break
        return total

    def _drawn(self, forms: Any, name: str, depth: int) -> int:
        """What drawing the object of this name takes; a picture is not drawn for the text."""
        reference = forms.raw_get(name) if isinstance(forms, DictionaryObject) and name in forms else None
        form = reference.get_object() if reference is not None else None
        if not isinstance(form, StreamObject) or form.get("/Subtype") != "/Form":
            return 0
        own = _forms(form.get("/Resources"))
        return self.stream(reference, own if own is not None else forms, depth + 1)


def _forms(resources: Any) -> Any:
    """The named objects of a page or a form."""
    found = resources.get_object() if resources is not None else None
    objects = found.get("/XObject") if isinstance(found, DictionaryObject) else None
    return objects.get_object() if objects is not None else None
