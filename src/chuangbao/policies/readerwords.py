"""Why a file could not be read (无法读取的原因), in the reader's language and with the reader's own file name.

The document parser knows no Django and speaks English; here each of its reasons and remedies has its words. What it
says with figures in it is recognised by its pattern.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l

from chuangbao.core.storage.files import clean_name

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

    from chuangbao.gongwen import DocumentError

__all__ = ["explain_document_error", "has_words"]

WHAT: tuple[tuple[str, _StrPromise], ...] = (
    (r".* was not read", _l("%(name)s could not be read")),
    (r".* cannot be opened", _l("%(name)s could not be opened")),
    (r".* is empty", _l("%(name)s is empty")),
    (r".* has no text layer", _l("%(name)s holds pictures only")),
)
WHY: tuple[tuple[str, _StrPromise], ...] = (
    (r"it has more than (?P<n>\d+) characters", _l("it has more than %(n)s characters")),
    (r"it has \d+ bytes, more than (?P<n>\d+)", _l("it is larger than %(n)s bytes")),
    (r"it has (?P<n>\d+) pages, more than (?P<most>\d+)", _l("it has %(n)s pages, more than %(most)s")),
    (r"it holds no characters", _l("it holds no characters")),
    (r"no text was found in it", _l("no text was found in it")),
    (r"it is an old \.doc, \.wps or a locked Word file", _l("it is an old .doc or .wps, or locked with a password")),
    (r"it could not be converted from its old form", _l("it could not be converted from its old form")),
    (r"(?P<n>\S*) is not a kind this parser knows", _l("files of the kind %(n)s cannot be read here")),
    (r"its archive is damaged", _l("the file is damaged")),
    (r"its parts do not fit together", _l("the parts of the file do not fit together")),
    (r"it is an archive, but no Word document", _l("it is a packed file, but no Word document")),
    (r"a cell of a table spans .* columns", _l("a table in it is damaged")),
    (r"it holds (?P<n>\d+) files, more than (?P<most>\d+)", _l("it holds %(n)s files, more than %(most)s")),
    (r"its folders are nested more than (?P<n>\d+) deep", _l("its folders are nested too deeply")),
    (r"its archive is locked with a password", _l("it is locked with a password")),
    (r"its parts are nested more than (?P<n>\d+) deep", _l("the page is nested too deeply")),
    (r"no page is found in it", _l("no web page was found in it")),
    (r"its pages are pictures \(a scan\)", _l("its pages are pictures (a scan)")),
    (r"its letters have no names, so that they can be seen but not read",
     _l("its letters can be seen but not read by a program")),
    (r"the PDF is damaged", _l("the PDF is damaged")),
    (r"the OFD file is damaged", _l("the OFD file is damaged")),
    (r"it unpacks to far too much",
     _l("unpacked it would be far too large")),
    (r"it has \d+ parts", _l("it holds far too many parts")),
    (r"one of its parts declares a document type", _l("one of its parts is written to trick the reader")),
    (r"it unpacks to \d+ bytes|its texts unpack to \d+ bytes", _l("unpacked it would be far too large")),
    (r"its pages draw the same things far too often", _l("its pages are far too costly to read")),
    (r"the PDF is locked with a password", _l("it is locked with a password")),
    (r"it is not text in UTF-8 or GB18030", _l("it is no text in UTF-8 or GB18030")),
    (r"No such file or directory", _l("there is no such file")),
    (r"Permission denied", _l("the right to read it is missing")),
)  # fmt: skip
REMEDY: tuple[tuple[str, _StrPromise], ...] = (
    (r"Split it, or give the document without its annexes", _l("Split it, or give the document without its annexes.")),
    (r"Split it or save the text alone|Split it", _l("Split it, or save the text alone.")),
    (r"Choose the file with the document's text", _l("Choose the file that holds the text of the document.")),
    (r"Save it without a password as \.docx", _l("Open it in Word or WPS and save it without a password as .docx.")),
    (r"Give a \.txt, .*", _l("Give a .txt, .docx, .pdf or .html file, or paste the text.")),
    (r"Save it again from Word", _l("Save it again from Word or WPS.")),
    (r"Save its text alone and try again", _l("Save the text alone and try again.")),
    (r"Give the \.docx itself", _l("Unpack it and give the .docx itself.")),
    (r"Divide it", _l("Divide it into several.")),
    (r"Put the files side by side", _l("Put the files side by side in one folder.")),
    (r"Pack it again", _l("Pack it again.")),
    (r"Pack it again without a password", _l("Pack it again without a password.")),
    (r"Copy its text and paste it", _l("Copy its text and paste it here.")),
    (r"Save the page again", _l("Save the web page again.")),
    (r"Recognise the text \(OCR\).*", _l("Recognise the text (OCR) first, or give the Word file.")),
    (r"Download or export it again|Export it again", _l("Download or export it again.")),
    (r"Print it to a (?:new )?PDF", _l("Print it to a new PDF.")),
    (r"Save a copy without a password", _l("Save a copy without a password.")),
    (r"Save it again as UTF-8 text", _l("Save it again as UTF-8 text.")),
    (r"Check the path and the rights", _l("Check the file and try again.")),
)  # fmt: skip


def explain_document_error(error: DocumentError, *, name: str = "") -> str:
    """Say in one or two sentences what happened to which file, why, and what to do now."""
    called = _("“%(name)s”") % {"name": clean_name(name)} if name else _("The text")
    what = put_into_words(WHAT, error.what, name=called) or _("%(name)s could not be read") % {"name": called}
    why = put_into_words(WHY, error.why) or _("the file holds something that no reader here knows")
    remedy = put_into_words(REMEDY, error.remedy) or _("Save the text alone and try again.")
    return _("%(what)s: %(why)s. %(remedy)s") % {"what": what, "why": why, "remedy": remedy}


def put_into_words(table: tuple[tuple[str, _StrPromise], ...], said: str, **given: str) -> str:
    """The words of the first pattern that fits; empty where none does."""
    for pattern, words in table:
        found = re.fullmatch(pattern, said, re.DOTALL)
        if found:
            return str(words) % {**found.groupdict(), **given}
    return ""


def has_words(part: str, said: str) -> bool:
    """Whether a part (what, why, remedy) of the parser's messages has words here."""
    return bool(put_into_words({"what": WHAT, "why": WHY, "remedy": REMEDY}[part], said, name=""))
