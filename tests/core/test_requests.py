"""What no page can answer is refused at the door."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize("address", ["/?q=%00", "/policies/%00/", "/?a=1&a=%00"])
def test_a_null_character_in_an_address_is_a_bad_request(client, db, address):
    assert client.get(address).status_code == 400
