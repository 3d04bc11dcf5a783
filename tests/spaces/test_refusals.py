"""What the verbs of spaces refuse, each with its code and the field it is about."""

from __future__ import annotations

from datetime import date

import pytest

import factories
from chuangbao.checkup.domain.moves import cause_words
from chuangbao.core.engine.current import current_pack
from chuangbao.core.privacy import HOLDINGS, holds_personal
from chuangbao.core.workflow.refusals import Refused
from chuangbao.spaces.domain.catalogue import keep_offer
from chuangbao.spaces.domain.ending import close_space, transfer_space
from chuangbao.spaces.domain.recognising import enter_recognition
from chuangbao.spaces.domain.sites import add_site
from chuangbao.spaces.models import Offer
from spaces.samples import make_space

pytestmark = pytest.mark.usefixtures("regions")


def refuse(code, act, **given):
    with pytest.raises(Refused) as refusal:
        act(**given)
    assert refusal.value.code == code


def test_what_is_missing_or_too_much_is_said():
    owner, officer = factories.member(), factories.officer("spaces")
    space = make_space(owner)
    refuse("name_needed", keep_offer, space=space, actor=owner, kind="work", name=" ")
    refuse("no_place", add_site, space=space, actor=owner, address="路1号", region="000000")
    refuse("address_needed", add_site, space=space, actor=owner, address=" ")
    Offer.objects.bulk_create(Offer(space=space, kind="work", name=f"工位{n}") for n in range(100))
    refuse("too_many", keep_offer, space=space, actor=owner, kind="basic", name="代理记账")
    days = {"since": date(2025, 1, 2), "until": date(2025, 1, 1)}
    refuse("until_before", enter_recognition, space=space, actor=officer, scheme="city", number="1", **days)
    close_space(space=space, actor=owner, reason="停办")
    refuse("ended", lambda: transfer_space(space=space, actor=owner, code="x"))


def test_two_holdings_of_one_name_are_refused():
    first = next(iter(HOLDINGS.values()))
    holds_personal(first)
    other = type(first)(first.name, "x", "x", "x", first.export)
    with pytest.raises(ValueError, match=first.name):
        holds_personal(other)


def test_a_cause_is_said_in_words():
    fact = next(iter(current_pack().facts))
    assert all(cause_words(cause) for cause in ("day", fact, "life.person", "gone_fact"))
