"""Which address a licence may have (住所登记) is said to who has an idea, and what was ticked is not asked again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checkup.expected import LIVES
from checkup.test_expected import play, tenses
from chuangbao.checkup.domain.result import result_of

pytestmark = pytest.mark.usefixtures("library", "regions")
LIFE, ONE, ADDRESS, FOOD = LIVES["student of 22"], "2.5.1-reg-one-address", "proc-address", "proc-food-licence"


def test_who_has_an_idea_reads_who_decides_on_an_address_and_what_of_a_dormitory(client):
    checkup, address = play(client, LIFE)
    (found,) = (row for row in result_of(checkup).errands if row.measure.id == ADDRESS)
    assert "12345" in found.version.channel.zh
    checks = {check.id: check.label.zh for check in found.version.checks}
    assert "待确认" in checks["dormitory"]
    assert {"home", "makerspace", "food", "proof"} <= checks.keys()
    assert "住所（经营场所）登记" in client.get(address).content.decode()


@pytest.mark.parametrize(
    ("plans", "one", "food"),
    [("none", "later", None), (["own_site"], "unfit", None), (["food"], "unfit", "errand"), (["rural"], "later", None)],
)
def test_what_the_plans_say_of_premises_and_food_is_not_asked_again(client, plans, one, food):
    knows = {name: value for name, value in LIFE.knows.items() if name != "needs_own_premises"}
    checkup, _ = play(client, replace(LIFE, pages=LIFE.pages | {"plans": {"plans": plans}}, knows=knows))
    result = result_of(checkup)
    told = tenses(result)
    assert told[ONE][0][0] == one
    assert told.get(FOOD, [(None, None)])[0][0] == food or (food is None and told[FOOD][0][0] == "unfit")
    assert not {"needs_own_premises", "food_business"} & {row.fact for row in result.given}
