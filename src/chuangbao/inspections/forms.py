"""The forms of guidance and inspections."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from chuangbao.inspections.enums import NoteTopic
from chuangbao.ui.fields import SELECT, area, day_field, line

__all__ = ["NoteForm", "ReplyForm"]

LONGEST = 2000


class NoteForm(forms.Form):
    """Guidance to a space."""

    topic = forms.ChoiceField(label=_("About"), choices=NoteTopic.choices, widget=forms.Select(attrs=SELECT))
    title = line(_("Title of the note"), max_length=120)
    body = area(
        _("What you suggest, and why"),
        rows=6,
        max_length=LONGEST,
        help_text=_("The operator decides. Nothing of its record is changed by a note."),
    )
    answer_by = day_field(_("An answer is welcome until"), required=False)


class ReplyForm(forms.Form):
    """What one side writes to a note; the moves say where it is needed."""

    text = area(_("Your words"), rows=4, max_length=LONGEST, required=False)
