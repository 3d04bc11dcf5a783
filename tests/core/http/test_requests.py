"""What no page can answer is refused at the door."""

from __future__ import annotations

import pytest

FORMS = [
    ("/checkup/", {"who": "company\x00"}),
    ("/policies/for-me/answer/", {"measure": "\x00", "reason": "x"}),
    ("/accounts/login/", {"login\x00": "x"}),
    ("/acting/", {"acting": ["self", "member:\x00"]}),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "fields"), FORMS)
def test_a_form_with_a_null_character_is_no_request(client, address, fields):
    assert client.post(address, fields).status_code == 400


@pytest.mark.parametrize("address", ["/?q=%00", "/policies/%00/", "/?a=1&a=%00"])
def test_a_null_character_in_an_address_is_a_bad_request(client, db, address):
    assert client.get(address).status_code == 400
