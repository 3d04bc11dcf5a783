"""The forms of guidance and inspections."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from chuangbao.inspections.enums import CheckItem, NoteTopic, Outcome, VisitStage
from chuangbao.spaces.enums import SpaceKind
from chuangbao.ui.fields import INPUT, SELECT, area, day_field, line

if TYPE_CHECKING:
    from chuangbao.accounts.models import Post
    from chuangbao.spaces.models import Space

__all__ = [
    "AnswerForm",
    "BackForm",
    "CallOffForm",
    "CloseForm",
    "DrawForm",
    "EmptyForm",
    "ExclusionForm",
    "FreezeForm",
    "MilestoneDueForm",
    "MilestoneReachForm",
    "NoteForm",
    "NumberForm",
    "PhotoForm",
    "PlanForm",
    "RecordForm",
    "ReplyForm",
    "UpgradeForm",
]

LONGEST, MOST_SPACES, MOST_EACH = 2000, 10_000, 5
FILES = {"class": "form-control", "accept": ".png,.jpg"}


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


class EmptyForm(forms.Form):
    """A button alone."""


class CallOffForm(forms.Form):
    """Why something is cancelled or called off."""

    reason = line(_("Reason"), max_length=300)


class DrawForm(forms.Form):
    """A draw: how many spaces, how many inspectors for each."""

    title = line(_("Title of the draw"), max_length=120)
    amount = forms.IntegerField(
        label=_("How many spaces"),
        min_value=1,
        max_value=MOST_SPACES,
        widget=forms.NumberInput(attrs=INPUT),
    )
    is_share = forms.BooleanField(label=_("This is a share in percent"), required=False)
    each = forms.IntegerField(
        label=_("Inspectors for each visit"),
        min_value=1,
        max_value=MOST_EACH,
        initial=2,
        widget=forms.NumberInput(attrs=INPUT),
    )


class ExclusionForm(forms.Form):
    """What is left out of a draw, and why."""

    space = forms.TypedChoiceField(
        label=_("Space"), required=False, coerce=int, empty_value=None, widget=forms.Select(attrs=SELECT)
    )
    post = forms.TypedChoiceField(
        label=_("Inspector"),
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.Select(attrs=SELECT),
        help_text=_("Choose both where an inspector has an interest in one space alone."),
    )
    reason = line(_("Reason"), max_length=300)

    def __init__(self, *args: Any, spaces: list[Space], posts: list[Post], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nothing = ("", "—")
        self.give_choices("space", [nothing, *((row.pk, row.name) for row in spaces)])
        self.give_choices("post", [nothing, *((row.pk, f"{row.person} · {row.agency}") for row in posts)])

    def give_choices(self, name: str, choices: list[Any]) -> None:
        """Let a field choose among some rows."""
        cast("forms.ChoiceField", self.fields[name]).choices = choices


class FreezeForm(forms.Form):
    """Which public number the seed will come of."""

    number_source = line(
        _("Public number"),
        max_length=200,
        help_text=_("One that no one knows yet and everybody can look up later, such as the lottery of a day to come."),
    )
    number_day = day_field(_("Day on which it becomes known"))


class NumberForm(forms.Form):
    """The public number that became known."""

    number = line(_("The number"), max_length=200, help_text=_("Exactly as it was made public."))


class PlanForm(forms.Form):
    """When a visit is planned."""

    planned_on = day_field(_("Planned for"))


class RecordForm(forms.Form):
    """What was found in a visit, item by item, and what follows."""

    visited_on = day_field(_("Day of the visit"))
    visited_time = forms.TimeField(
        label=_("Hour of the visit"), widget=forms.TimeInput(format="%H:%M", attrs={**INPUT, "type": "time"})
    )
    place = line(_("Place of the visit"), max_length=200)
    summary = area(_("What was found"), rows=4, max_length=LONGEST, required=False)
    result = forms.ChoiceField(
        label=_("What follows"),
        choices=[(one.value, one.label) for one in (VisitStage.CLEAR, VisitStage.MENDING, VisitStage.HANDED)],
        widget=forms.Select(attrs=SELECT),
    )
    mend_by = day_field(_("To be mended until"), required=False)
    handed_to = line(_("Handed on to"), max_length=120, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in CheckItem:
            self.fields[f"item_{item.value}"] = forms.ChoiceField(
                label=item.label, choices=Outcome.choices, widget=forms.Select(attrs=SELECT)
            )
            self.fields[f"note_{item.value}"] = line(_("Note"), max_length=300, required=False)
        self.order_fields(["visited_on", "visited_time", "place", *self.item_names(), "summary", "result"])

    def item_names(self) -> list[str]:
        """Return the fields of all items in their order."""
        return [f"{part}_{item.value}" for item in CheckItem for part in ("item", "note")]

    def read_given(self) -> dict[str, Any]:
        """Return what the verb takes."""
        data = self.cleaned_data
        moment = datetime.combine(data["visited_on"], data["visited_time"])
        return {
            "visited_at": timezone.make_aware(moment),
            "findings": {item.value: (data[f"item_{item.value}"], data[f"note_{item.value}"]) for item in CheckItem},
            **{name: data[name] for name in ("place", "summary", "result", "mend_by", "handed_to")},
        }


class PhotoForm(forms.Form):
    """A photograph of a visit."""

    file = forms.FileField(
        label=_("Photograph"),
        widget=forms.ClearableFileInput(attrs=FILES),
        help_text=_("A picture (.png, .jpg), 20 MB at most."),
    )
    caption = line(_("What it shows"), max_length=120, required=False)


class AnswerForm(forms.Form):
    """What an operator mended, with a proof."""

    answer = area(_("What you mended, and how"), rows=4, max_length=LONGEST)
    file = forms.FileField(
        label=_("Proof"),
        required=False,
        widget=forms.ClearableFileInput(attrs={**FILES, "accept": ".pdf,.png,.jpg"}),
        help_text=_("A PDF or a picture (.pdf, .png, .jpg), 20 MB at most."),
    )


class BackForm(forms.Form):
    """What is left to mend, and until when."""

    mend_by = day_field(_("To be mended until"))
    note = line(_("What is missing"), max_length=300)


class CloseForm(forms.Form):
    """A note on closing a visit."""

    note = line(_("Note"), max_length=300, required=False)


class UpgradeForm(forms.Form):
    """A plan to turn a space into another kind."""

    to_kind = forms.ChoiceField(
        label=_("Kind that it is to become"), choices=SpaceKind.choices, widget=forms.Select(attrs=SELECT)
    )
    aim = area(_("What changes, and why"), rows=5, max_length=LONGEST)
    starts_on = day_field(_("Begins on"))
    due_on = day_field(_("To be reached until"))


class MilestoneDueForm(forms.Form):
    """A milestone of a plan."""

    title = line(_("Title of the milestone"), max_length=120)
    due_on = day_field(_("Milestone due on"))


class MilestoneReachForm(forms.Form):
    """What shows that a milestone is reached."""

    reached_on = day_field(_("Reached on"))
    evidence = line(_("What shows it"), max_length=300)
    file = forms.FileField(
        label=_("Proof"),
        required=False,
        widget=forms.ClearableFileInput(attrs={**FILES, "accept": ".pdf,.png,.jpg"}),
        help_text=_("A PDF or a picture (.pdf, .png, .jpg), 20 MB at most."),
    )
