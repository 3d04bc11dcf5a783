"""Before a button that leads to a sign-in it is said that an account is needed, and whom to call without one."""

from __future__ import annotations

import pytest

import factories

pytestmark = pytest.mark.usefixtures("library", "regions")
SAID, LINES = "书面提问需要注册", ('href="tel:12333"', 'href="tel:12345"')


def pages_of(client):
    checkup = client.post("/checkup/", {"who": "company", "want": "", "region": "222403"}).url
    return [client.get(path).content.decode() for path in (checkup, "/policies/measures/2.3.5-jl-init/", "/contact/")]


def test_who_has_no_account_is_told_before_asking(client):
    for page in pages_of(client):
        assert SAID in page
        assert all(line in page for line in LINES)


def test_who_is_signed_in_is_not(client):
    for page in pages_of(factories.sign_in(client, factories.member())):
        assert SAID not in page


@pytest.mark.parametrize("path", ["/offices/", "/spaces/"])
def test_a_list_is_narrowed_to_the_places_that_a_check_up_knows(client, path):
    assert 'value="220173"' in client.get("/checkup/").content.decode()
    assert 'value="220173"' in client.get(path).content.decode()
    assert client.get(f"{path}?region=220173").status_code == 200
