"""Fields of forms: those of one line are written without a template, groups of choices with theirs."""

from __future__ import annotations

import pytest
from django import forms
from django.utils.translation import override

from chuangbao.ui.templatetags.ui import draw_field


class SampleForm(forms.Form):
    """One field of each way to be drawn."""

    name = forms.CharField(label="名称 & 代号", help_text="<如有>", max_length=4)
    area = forms.IntegerField(label="Region", required=False)
    bare = forms.CharField(label="", required=False)
    agreed = forms.BooleanField(label="同意")
    way = forms.ChoiceField(label="方式", choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect)


@pytest.fixture
def form():
    made = SampleForm({"name": '"<b>', "area": "x", "way": "a"})
    made.fields["area"].unit_sign = "m²"
    made.is_valid()
    return made


def test_a_field_has_its_label_help_and_errors_and_escapes_them(form):
    said = str(draw_field(SampleForm({"name": '"<b>长'})["name"]))
    assert '<label for="id_name">名称 &amp; 代号</label><p class="cb-help">&lt;如有&gt;</p>' in said
    assert 'value="&quot;&lt;b&gt;长"' in said
    assert said.count('<p class="cb-wrong" id="id_name-wrong">') == 1
    assert 'class="cb-wrong"' not in str(draw_field(form["name"]))


def test_a_unit_is_after_its_field_and_a_label_is_translated(form):
    with override("zh-hans"):
        said = str(draw_field(form["area"]))
    assert '<label for="id_area">地区</label>' in said
    assert said.endswith(' <span class="cb-unit">m²</span></div>')
    assert '<label for="id_bare"></label>' in str(draw_field(form["bare"]))


def test_groups_of_choices_have_their_legend_and_boxes_their_words_behind(form):
    ways, box = str(draw_field(form["way"])), str(draw_field(form["agreed"]))
    assert "<legend>方式</legend>" in ways
    assert ways.count('<label class="cb-choice">') == 2
    assert "<span>同意</span" in box
    assert 'id="id_agreed-wrong"' in box
