"""What is shared says nothing of sensitive facts: neither what was stated, nor what the interview would fill in."""

from __future__ import annotations

import pytest

from chuangbao.checkup.domain.checkups import tells_sensitive
from chuangbao.checkup.domain.result import result_of
from chuangbao.checkup.models import CheckUp
from chuangbao.core.access.tokens import hash_token
from chuangbao.core.engine.current import current_pack

pytestmark = pytest.mark.usefixtures("library", "regions")


def begin(client, who):
    address = client.post("/checkup/", {"who": who, "want": "none", "region": ""}).url
    return address, CheckUp.objects.get(token_hash=hash_token(address.strip("/").split("/")[-1]))


def test_a_filling_does_not_deny_what_was_stated_and_left_behind(client):
    address, checkup = begin(client, "none")
    client.post(f"{address}answer/", {"page": "person", "age": "below_46", "groups": "none", "registered": "idea"})
    for fact in ("loan_overdue", "got_initial_subsidy"):
        client.post(f"{address}answer/", {"fact": fact, fact: "true"})
    sensitive = [fact.name for fact in current_pack().facts.values() if fact.sensitive]
    own = result_of(checkup).profile
    assert own.raw["loan_overdue"] is True
    client.post(f"{address}share/")
    copy = CheckUp.objects.get(shared=True)
    said = result_of(copy).profile.raw
    assert {name: said[name] for name in sensitive if said.get(name) is not None} == {}


@pytest.mark.parametrize("who", [audience.id for audience in current_pack().audiences])
def test_who_one_is_stays_behind_where_it_tells_a_sensitive_fact(client, who):
    pack = current_pack()
    fillings = [f for f in pack.interview.fillings if f"'{who}'" in f.when]
    facts = [f.facts for f in fillings] + [next(a.facts for a in pack.audiences if a.id == who)]
    telling = any(pack.facts[name].sensitive for each in facts for name in each)
    assert tells_sensitive(pack, who) is telling
    address, _checkup = begin(client, who)
    client.post(f"{address}share/")
    assert CheckUp.objects.get(shared=True).who == ("" if telling else who)
