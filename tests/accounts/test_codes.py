"""A code is read in one spelling, or refused with what is wrong with it."""

from __future__ import annotations

import pytest
from django.utils.translation import override

from chuangbao.accounts.domain.codes import ALPHABET, read_code
from chuangbao.core.workflow.refusals import Refused
from factories import credit_code

GOOD = credit_code("91220101000000001")


def refused(text: str) -> Refused:
    with override("zh-hans"), pytest.raises(Refused) as caught:
        read_code(text)
    assert caught.value.field == "code"
    return caught.value


def test_spaces_hyphens_and_small_letters_do_not_matter():
    assert read_code(f" {GOOD[:8].lower()}-{GOOD[8:].lower()} ") == GOOD


def test_a_code_of_a_rural_collective_begins_with_a_letter():
    code = credit_code("N2220101000000001")
    assert read_code(code) == code


@pytest.mark.parametrize("text", ["", GOOD[:-1], GOOD + "0"])
def test_a_wrong_length_is_counted(text):
    told = refused(text)
    assert (told.code, str(len(text)) in told.message, "18位" in told.message) == ("code-length", True, True)


@pytest.mark.parametrize(("digit", "misread"), [("1", "I"), ("0", "O")])
def test_a_misread_letter_is_named_with_the_code_that_was_meant(digit, misread):
    place = GOOD.index(digit, 2)
    told = refused(GOOD[:place] + misread + GOOD[place + 1 :])
    assert told.code == "code-letter"
    assert f"第 {place + 1} 位" in told.message
    assert GOOD in told.message


def test_no_code_is_suggested_where_none_fits():
    told = refused("91220101?" + GOOD[9:])
    assert (told.code, "您是不是要填" in told.message) == ("code-letter", False)


@pytest.mark.parametrize("place", range(18))
def test_every_single_mistyped_character_is_found(place):
    for other in set(ALPHABET) - {GOOD[place]}:
        assert refused(GOOD[:place] + other + GOOD[place + 1 :]).code == "code-check-digit"
