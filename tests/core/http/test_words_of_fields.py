"""What fields say of what was typed: in plain words, without the words of those who wrote the framework."""

from __future__ import annotations

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.translation import override

FIELDS = {
    "请填写此项": (forms.CharField(), ""),
    "最多 120 个字，现在是 10000 个": (forms.CharField(max_length=120), "字" * 10_000),
    "至少 8 个字": (forms.CharField(min_length=8), "字"),
    "数字太大：小数点前最多 7 位": (forms.DecimalField(max_digits=9, decimal_places=2), "123456789"),
    "数字太大：最多 9 位": (forms.DecimalField(max_digits=9), "1234567890"),
    "最多 2 位小数": (forms.DecimalField(decimal_places=2), "0.001"),
    "不能大于 90": (forms.IntegerField(max_value=90), "91"),
    "不能小于 1": (forms.IntegerField(min_value=1), "0"),
    "请填写整数": (forms.IntegerField(), "许多"),
    "请填写数字": (forms.DecimalField(), "许多"),
    "请填写日期": (forms.DateField(), "明天"),
    "请填写时间": (forms.TimeField(), "晚上"),
    "正确的电子邮箱": (forms.EmailField(), "某人"),
    "完整的网址": (forms.URLField(assume_scheme="https"), "某处"),
    "“9”不在其中": (forms.ChoiceField(choices=[("1", "一")]), "9"),
    "文件是空的": (forms.FileField(), SimpleUploadedFile("a.txt", b"")),
}


@pytest.mark.parametrize("words", FIELDS)
def test_a_field_says_in_plain_words_what_is_wrong(words):
    field, typed = FIELDS[words]
    with override("zh-hans"), pytest.raises(forms.ValidationError) as refused:
        field.clean(typed)
    said = " ".join(refused.value.messages)
    assert words in said
    assert not any(word in said for word in ("字段", "变量", "字符", "确保", "有效的", "("))
