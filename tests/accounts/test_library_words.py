"""What libraries say to somebody who mistypes is said in Chinese too."""

from __future__ import annotations

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug


@pytest.mark.parametrize(
    ("check", "given", "told"),
    [
        (validate_password, "xy1", "密码太短，至少要8个字符。"),
        (validate_password, "password", "这个密码太常见了。"),
        (validate_slug, "x y", "只能用字母、数字、“-”和“_”。"),
    ],
)
def test_what_is_wrong_is_said_in_chinese(check, given, told):
    with pytest.raises(ValidationError) as refused:
        check(given)
    assert told in refused.value.messages
