"""One function carries every state change: who, from where, guarded, recorded; a refusal changes nothing."""

from __future__ import annotations

import pytest

import factories
from chuangbao.accounts.models import Organisation
from chuangbao.accounts.states import STANDING
from chuangbao.core.audit.log import history_of
from chuangbao.core.workflow.refusals import Refused
from chuangbao.core.workflow.transitions import Life, Move, transition

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def organisation(regions):
    return factories.organisation(stage="unverified")


def refused(code, row, verb, actor, **given):
    """The verb is refused with this code, and row and record are as they were."""
    before = (type(row).objects.values().get(pk=row.pk), history_of(row).count())
    with pytest.raises(Refused) as refusal:
        transition(row, verb, actor=actor, **given)
    assert refusal.value.code == code
    assert (type(row).objects.values().get(pk=row.pk), history_of(row).count()) == before


def test_a_move_is_made_and_recorded(organisation):
    officer = factories.officer("register")
    moved = transition(organisation, "verify", actor=officer)
    assert moved.stage == "verified"
    entry = history_of(organisation).get()
    assert (entry.verb, entry.before, entry.after) == ("verify", "unverified", "verified")
    assert (entry.person_id, entry.acting, entry.region) == (officer.person_id, officer.acting, factories.COUNTY)


def test_an_officer_of_the_neighbour_is_refused(organisation):
    refused("not_permitted", organisation, "verify", factories.officer("register", region=factories.NEIGHBOUR))


def test_an_officer_of_the_city_covers_the_county(organisation):
    assert (
        transition(organisation, "verify", actor=factories.officer("register", region=factories.CITY)).stage
        == "verified"
    )


def test_an_officer_without_the_duty_is_refused(organisation):
    refused("not_permitted", organisation, "verify", factories.officer("policy_editor"))


def test_a_move_from_another_state_is_refused(organisation):
    refused("not_in_verified", organisation, "doubt", factories.officer("register"), reason="x")


def test_a_needed_reason_is_asked_for(organisation):
    officer = factories.officer("register")
    organisation = transition(organisation, "verify", actor=officer)
    refused("reason_needed", organisation, "doubt", officer)
    assert transition(organisation, "doubt", actor=officer, reason="证照过期").stage == "unverified"
    assert history_of(organisation).first().reason == "证照过期"


def test_a_row_deleted_meanwhile_is_refused(organisation):
    Organisation.objects.filter(pk=organisation.pk).delete()
    with pytest.raises(Refused) as refusal:
        transition(organisation, "verify", actor=factories.officer("register"))
    assert refusal.value.code == "gone"


def test_the_buttons_are_the_moves_open_to_an_actor(organisation):
    assert [m.verb for m in STANDING.open_to(organisation, factories.officer("register"))] == ["verify", "close"]
    assert [m.verb for m in STANDING.open_to(organisation, factories.member(organisation))] == ["dissolve"]


def test_two_moves_may_not_share_a_verb():
    move = Move("verify", STANDING.moves[0].step, who=STANDING.moves[0].who)
    with pytest.raises(ValueError, match="share a verb"):
        Life(move, move)


def test_what_a_move_tells_is_told_inside_the_transaction(organisation, monkeypatch):
    from dataclasses import replace

    told = []
    moves = [
        replace(
            m, tells=lambda row, actor, given: told.append((row.stage, actor.acting, dict(given))), guard=forbidding
        )
        for m in STANDING.moves
    ]
    monkeypatch.setattr(Organisation, "life", Life(*moves))
    officer = factories.officer("register")
    refused("forbidden", organisation, "verify", officer, forbid=True)
    assert told == []
    transition(organisation, "verify", actor=officer, note="x")
    assert told == [("verified", officer.acting, {"note": "x"})]


def forbidding(_row, _actor, given):
    """A guard that can be switched on."""
    if given.get("forbid"):
        raise Refused("forbidden")
