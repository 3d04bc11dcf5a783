"""Fields written at once say the same as Django's own."""

from __future__ import annotations

import pytest
from django import forms
from django.test.html import parse_html

from chuangbao.booking.forms import BookForm, SearchForm

OWN = {
    "PlainDate": forms.DateInput,
    "PlainNumber": forms.NumberInput,
    "PlainSelect": forms.Select,
    "PlainText": forms.TextInput,
    "PlainTime": forms.TimeInput,
}
SAID = {"day": "2026-01-02", "starts": "9:00", "ends": "never", "people": "a<b", "features": '"x" & <y>'}


def write_as_django(form, name):
    """The same field by the widget of Django itself."""
    widget = form.fields[name].widget
    own = OWN[type(widget).__name__](attrs=widget.attrs)
    if hasattr(widget, "format"):  # "type" was among what its field gave it
        own.format, own.input_type = widget.format, widget.input_type
    own.is_required = widget.is_required
    if hasattr(widget, "choices"):
        own.choices = list(widget.choices)
    return form[name].as_widget(own)


@pytest.mark.parametrize("said", [None, {}, SAID, SAID | {"kind": "room", "region": "220102"}, {"region": '"><b>'}])
def test_a_search_is_written_as_django_writes_it(said):
    form = SearchForm(said, initial={"people": 3, "features": "白板"})
    assert len(form.fields) == 7
    for name in form.fields:
        assert parse_html(str(form[name])) == parse_html(write_as_django(form, name))


def test_times_of_a_booking_are_written_as_django_writes_them():
    form = BookForm(SAID)
    for name in ("day", "starts", "last_day", "ends", "until"):
        assert parse_html(str(form[name])) == parse_html(write_as_django(form, name))
