"""The forms of the library: a document to read; the calculator's questions are those of ``facts``."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chuangbao.core.localization.formatting import text as words
from chuangbao.facts.forms import FactsForm, day_input, field_of, write_value
from chuangbao.gongwen import MAX_CHARACTERS

__all__ = ["DOCUMENT_KINDS", "FactsForm", "ImportForm", "day_input", "field_of", "words", "write_value"]

DOCUMENT_KINDS = ".txt,.docx,.pdf,.ofd,.html,.htm,.mht,.mhtml"
"""The files that the document parser reads, for the dialogue in which one is chosen."""


class ImportForm(forms.Form):
    """A document to read: a file, or its text."""

    file = forms.FileField(
        label=_("A file (.txt, .docx, .pdf, .ofd, .html)"), required=False,
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": DOCUMENT_KINDS}),
    )  # fmt: skip
    text = forms.CharField(
        label=_("or its text"), required=False, max_length=MAX_CHARACTERS,
        widget=forms.Textarea(attrs={"class": "form-control", "rows": 8}),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Return the file or the text.

        Raises ValidationError where neither was given.
        """
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if not file and not (cleaned.get("text") or "").strip() and not self.errors:
            raise ValidationError(gettext("Choose a file or paste a text."))
        if file and file.size > LARGEST:
            self.add_error("file", gettext("The file is larger than 10 MB. Save it without pictures and try again."))
        return cleaned


LARGEST = 10 * 1024 * 1024
