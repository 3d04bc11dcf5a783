"""A point on the map is read as people write and paste it."""

from __future__ import annotations

import pytest
from django import forms

from chuangbao.core.http.points import PointForm, read_point


@pytest.mark.parametrize(
    ("latitude", "longitude", "read"),
    [
        ("43.89", "125.32", ("43.89", "125.32")),
        ("43.89,125.32", "", ("43.89", "125.32")),
        ("125.32,43.89", "", ("43.89", "125.32")),
        ("", "125.32， 43.89", ("43.89", "125.32")),
        ("125.32", "43.89", ("43.89", "125.32")),
        ("43.8868412345678", "125.3245098765", ("43.88684", "125.32451")),
        ("北纬43.89°，东经125.32°", "", ("43.89", "125.32")),
        ("４３．８９　１２５．３２", "", ("43.89", "125.32")),
        ("43.89N 125.32E", "", ("43.89", "125.32")),
        ("43.89", "", ("43.89", "")),
        ("", "", ("", "")),
        ("43.89,125.32", "125.32", ("43.89,125.32", "125.32")),
        ("43度53分", "125.32", ("43度53分", "125.32")),
        ("here", "125.32", ("here", "125.32")),
    ],
)
def test_two_numbers_are_latitude_and_longitude_in_whatever_order(latitude, longitude, read):
    assert read_point(latitude, longitude) == read


def test_a_form_fills_both_fields_and_leaves_what_was_sent_as_it_is():
    class Place(PointForm):
        latitude = forms.DecimalField(max_value=90)
        longitude = forms.DecimalField(max_value=180)

    sent = {"latitude": "125.32,43.89"}
    form = Place(sent)
    assert form.is_valid()
    assert (str(form["latitude"].value()), str(form["longitude"].value())) == ("43.89", "125.32")
    assert sent == {"latitude": "125.32,43.89"}
    assert not Place({"latitude": "nowhere"}).is_valid()
    assert not Place().is_bound
