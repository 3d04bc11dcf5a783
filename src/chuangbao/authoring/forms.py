"""The forms of the officers' desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from chuangbao.core.engine.citations import short_words
from chuangbao.facts.words import benefit_words
from chuangbao.gongwen import MAX_CHARACTERS
from chuangbao.policies.findings import subject_words
from chuangbao.policies.forms import DOCUMENT_KINDS
from chuangbao.policies.models import ClauseKind, Interpretation
from chuangbao.rules.catalogue import SUBJECTS
from chuangbao.rules.measures import KINDS
from chuangbao.ui.fields import INPUT, SELECT, area, day_field, line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from chuangbao.rules.model import Document, Pack

__all__ = [
    "BringForm", "ClauseForm", "CommentForm", "DocumentForm", "InterpretationForm", "NewMeasureForm", "PublishForm",
    "ReasonForm", "RetireForm", "SubmitForm", "TextPublishForm",
]  # fmt: skip

BIGGEST = 2**63 - 1
"""The largest number of a row."""


class NewMeasureForm(forms.Form):
    """The beginning of a measure: what it is called, on which clause it hangs, what it gives."""

    ref = forms.RegexField(
        r"^[a-z0-9][a-z0-9._-]*$", label=_("Short name"), max_length=100, widget=forms.TextInput(attrs=INPUT),
        help_text=_("Small letters, digits and hyphens, such as 2.5.5-soft-subsidy. It never changes."),
        error_messages={"invalid": _("Only small letters, digits, full stops and hyphens.")},
    )  # fmt: skip
    title = line(_("Title"))
    title_en = line(_("Title in English"), required=False)
    clause = forms.ChoiceField(label=_("Clause it hangs on"), widget=forms.Select(attrs=SELECT))
    subject = forms.ChoiceField(label=_("Whom it is about"), widget=forms.Select(attrs=SELECT))
    kind = forms.ChoiceField(label=_("Kind of benefit"), widget=forms.Select(attrs=SELECT))
    valid_from = day_field(_("Valid from"))

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["clause"].choices = clause_choices(pack)  # type: ignore[attr-defined] # a choice field
        self.fields["subject"].choices = [(s, subject_words(s)) for s in SUBJECTS]  # type: ignore[attr-defined] # the same
        self.fields["kind"].choices = [(k, benefit_words(k)) for k in KINDS]  # type: ignore[attr-defined] # the same


def clause_choices(pack: Pack) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every clause, by document."""
    return [
        (words(document.title), [(c.id, f"{short_words(c)} {words(c.summary)}".strip()[:80]) for c in document.clauses])
        for document in pack.documents.values()
        if document.clauses
    ]


def words(content: Any) -> str:
    """A bilingual text in the reader's language."""
    return str(content.get(get_language() or "zh-hans"))


class CommentForm(forms.Form):
    """Something to say about a text: about the whole, about one part, or in answer to a colleague."""

    text = area(_("Comment"), 3, max_length=4000)
    answers = forms.IntegerField(required=False, min_value=1, max_value=BIGGEST, widget=forms.HiddenInput)

    def __init__(self, *args: Any, place: str, whole: str, parts: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        """``place`` names the field that says the part: ``condition`` or ``clause``; ``whole`` is no part."""
        super().__init__(*args, **kwargs)
        self.fields[place] = forms.ChoiceField(
            label=_("About"), required=False, choices=[("", whole), *parts], widget=forms.Select(attrs=SELECT)
        )
        self.order_fields([place, "text", "answers"])


class TextPublishForm(forms.Form):
    """The days of a text (施行期间), as its draft says them, for the reviewer to confirm."""

    valid_from = day_field(_("First day in force"))
    valid_to = day_field(_("Last day in force (empty: open)"), required=False)
    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        period: tuple[date | None, date | None] = (None, None),
        seen: int | None = None,
        **kwargs: Any,
    ) -> None:
        """``period``: the first and the last day that the draft says; ``seen``: the revision that the page shows."""
        super().__init__(*args, **kwargs)
        self.fields["valid_from"].initial, self.fields["valid_to"].initial = period
        self.fields["seen"].initial = seen
        self.period = period

    def clean(self) -> dict[str, Any]:
        """What was not sent at all is as the draft says; what was emptied is open."""
        cleaned = super().clean() or {}
        if self.add_prefix("valid_to") not in self.data:
            cleaned["valid_to"] = self.period[1]
        return cleaned


class PublishForm(TextPublishForm):
    """The days of a version, and why it is published although something speaks against it."""

    reason = area(
        _("Why it is published all the same"), 2, required=False, max_length=2000,
        help_text=_("Needed where a finding asks for a reason; it stays on the record."),
    )  # fmt: skip

    def __init__(self, *args: Any, corrects: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if corrects:
            self.fields["reason"].label = _("What was wrong")
            self.fields["reason"].help_text = _("Whoever was told wrong reads this.")


class ReasonForm(forms.Form):
    """Why."""

    reason = area(_("Reason"), 3, max_length=2000)


class SubmitForm(forms.Form):
    """Why a text is handed on although something speaks against it."""

    reason = area(
        _("Why it is submitted all the same"), 3, required=False, max_length=2000,
        help_text=_("What is said above asks for a reason; it stays on the record."),
    )  # fmt: skip


class RetireForm(ReasonForm):
    """Until when a text is in force, and why it ends."""

    valid_to = day_field(_("Last day"))


class BringForm(forms.Form):
    """A document to bring in: a file or its text, and the short name it will have."""

    ref = forms.SlugField(
        label=_("Short name"), max_length=60, widget=forms.TextInput(attrs=INPUT),
        help_text=_("Letters, digits and hyphens, such as jilin-2026-12. It never changes."),
    )  # fmt: skip
    file = forms.FileField(
        label=_("A file (.txt, .docx, .pdf, .ofd, .html)"), required=False,
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": DOCUMENT_KINDS}),
    )  # fmt: skip
    text = area(_("or its text"), 8, required=False, max_length=MAX_CHARACTERS)

    def clean(self) -> dict[str, Any]:
        """One of the two is needed, and no more than a document holds."""
        cleaned = super().clean() or {}
        file = cleaned.get("file")
        if not file and not (cleaned.get("text") or "").strip():
            self.add_error("text", gettext("Choose a file or paste a text."))
        if file and file.size > LARGEST:
            self.add_error("file", gettext("The file is larger than 10 MB. Save it without pictures and try again."))
        return cleaned


LARGEST = 10 * 1024 * 1024


class ManyFilesInput(forms.ClearableFileInput):
    """A field of the browser in which several files are chosen at once."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files, each checked as one file is."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Return the files; a browser that sends none sends a single empty value."""
        given = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(one, initial) for one in given or [None]]


class BatchForm(forms.Form):
    """Many documents to bring in: files or an archive, and how their short names begin."""

    ref = forms.SlugField(
        label=_("How the short names begin"),
        max_length=50,
        widget=forms.TextInput(attrs=INPUT),
        help_text=_("Letters, digits and hyphens; jilin-2026 becomes jilin-2026-1, jilin-2026-2 and so on."),
    )
    documents = ManyFilesField(
        label=_("The files, or one .zip of a folder"),
        help_text=_("Up to 100 documents and 20 MB. Each becomes a draft; what cannot be read is named in the report."),
        widget=ManyFilesInput(attrs={"class": "form-control", "accept": f"{DOCUMENT_KINDS},.zip"}),
    )


class DocumentForm(forms.Form):
    """The head of a document."""

    title = line(_("Title"), max_length=300)
    number = line(_("Document number"), max_length=80, required=False)
    kind = line(_("Kind"), max_length=40, required=False)
    issuers = line(_("Issued by"), required=False, help_text=_("Several are separated by 、"))
    issued_on = day_field(_("Date"), required=False)
    valid_from = day_field(_("First day in force"), required=False)
    valid_to = day_field(_("Last day in force (empty: open)"), required=False)
    themes = forms.MultipleChoiceField(label=_("Themes"), required=False, widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        listed = pack.codes.get("theme")
        self.fields["themes"].choices = [(c.code, words(c.label)) for c in (listed.codes if listed else ())]  # type: ignore[attr-defined] # a choice field

    def clean_issuers(self) -> list[str]:
        """A list of names."""
        return [name.strip()[:120] for name in self.cleaned_data["issuers"].split("、") if name.strip()]


class ClauseForm(forms.Form):
    """One clause of a document."""

    mark = line(
        _("Mark as printed"), max_length=40, required=False,
        help_text=_("Such as 第四条, （三） or 2.; empty for a paragraph without one."),
    )  # fmt: skip
    level = forms.TypedChoiceField(
        label=_("Level"), coerce=int, choices=[(n, str(n)) for n in range(1, 7)], widget=forms.Select(attrs=SELECT)
    )
    heading = line(_("Heading"), max_length=300, required=False)
    text = area(_("Words"), 5, required=False, max_length=50_000)
    kind = forms.ChoiceField(
        label=_("What it does"), required=False, choices=ClauseKind.choices, widget=forms.Select(attrs=SELECT)
    )


class InterpretationForm(forms.Form):
    """An explanation or an answer."""

    sort = forms.ChoiceField(
        label=_("Which of the two"), choices=Interpretation.Sort.choices, widget=forms.Select(attrs=SELECT)
    )
    place = forms.ChoiceField(label=_("What it explains"), widget=forms.Select(attrs=SELECT))
    title = line(_("Title or question"))
    body = area(_("Text"), 10, max_length=50_000)

    def __init__(self, *args: Any, pack: Pack, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = [(words(d.title), list(places_in(d))) for d in pack.documents.values()]
        self.fields["place"].choices = places  # type: ignore[attr-defined] # a choice field

    def values(self) -> dict[str, str]:
        """What the verb takes."""
        cleaned = self.cleaned_data
        document, _space, clause = cleaned["place"].partition(" ")
        return {"document": document, "clause": clause, **{k: cleaned[k] for k in ("sort", "title", "body")}}


def places_in(document: Document) -> Iterator[tuple[str, str]]:
    """A document as a whole, and each of its clauses."""
    yield document.id, gettext("The whole document")
    for clause in document.clauses:
        yield f"{document.id} {clause.id}", f"{short_words(clause)} {words(clause.summary)}".strip()[:80]
