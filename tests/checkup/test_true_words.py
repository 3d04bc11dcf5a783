"""可享受 is said of what is decided alone: no page has 尚不清楚 beside it, and a lone new account is told it of nothing."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lxml import html

import factories
from chuangbao.accounts.domain.acting import as_member
from chuangbao.accounts.models import Membership
from chuangbao.checkup.domain.result import result_of
from chuangbao.checkup.models import CheckUp
from chuangbao.core.access.tokens import hash_token
from chuangbao.core.engine.current import current_pack
from chuangbao.facts.demo import load_demo_facts
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.portal.demo import load_demo
from runsworld import run

pytestmark = [pytest.mark.usefixtures("library", "regions")]
SAID, OPEN = "可享受", "尚不清楚"
BLOCKS = ("li", "tr", "article", "details", "section", "main")


def told_on(page):
    """What stands beside each verdict 可享受 of a page: the text of its row or section."""
    root = html.fromstring(page)
    badges = [badge for badge in root.iter("span") if "cb-badge" in badge.get("class", "").split()]
    return [block_of(badge) for badge in badges if badge.text_content().strip() == SAID]


def block_of(badge):
    """The text of the smallest row, card or section that a verdict stands in; a row of a list is part of no other."""
    return next(place for place in badge.iterancestors() if place.tag in BLOCKS).text_content()


def read(client, address, **given):
    """A page as its reader sees it, wherever it leads."""
    answer = client.get(address, given, follow=True)
    assert answer.status_code == 200, address
    return answer.content.decode()


def measures():
    """The measures of this province by id."""
    return sorted(measure.id for measure in current_pack().measures.values() if not measure.model)


def begin(client, who, want=""):
    """The page of a check-up that somebody has just begun."""
    answer = client.post("/checkup/", {"who": who, "want": want}, follow=True)
    assert answer.status_code == 200
    return answer.redirect_chain[-1][0]


def test_the_walk_sees_a_verdict_with_what_stands_beside_it():
    page = f'<main><ul><li><span class="cb-badge">{SAID}</span> {OPEN}</li><li>{OPEN}</li></ul></main>'
    assert [OPEN in text for text in told_on(page)] == [True]
    assert told_on(f"<main><p>{SAID}</p></main>") == []


def told_after(client, who, refs=()):
    """What a lone new account is told after it chose who it is, by page; ``refs`` are measures asked by name."""
    alone = factories.founder()
    factories.sign_in(client, alone)
    address, number = begin(client, who), subject_of(alone).pk
    reasons = [(f"/policies/entitled/{number}/{name}/", {"day": timezone.localdate().isoformat()}) for name in refs]
    walked = [(address, {}), (address, {"all": 1}), ("/policies/for-me/", {}), ("/facts/", {}), *reasons]
    return {page: texts for page, given in walked if (texts := told_on(read(client, page, **given)))}


def test_a_lone_new_account_is_told_nothing_of_a_right(client):
    assert told_after(client, "", measures()) == {}
    for audience in current_pack().audiences:
        if audience.id != "individual_business":
            assert told_after(client, audience.id) == {}, audience.id


@pytest.mark.unmeasured
def test_an_individual_business_is_told_the_one_right_that_all_of_them_have(client):
    told = told_after(client, "individual_business", measures())
    reasons = {page: texts for page, texts in told.items() if "/entitled/" in page}
    assert [page.split("/")[-2] for page in reasons] == ["tax-sixtwo-2023"]
    assert all("六税两费减半" in text for page, texts in told.items() if page not in reasons for text in texts)
    assert not any(OPEN in text for texts in told.values() for text in texts)


@pytest.mark.unmeasured
def test_no_page_of_the_demonstration_has_what_is_open_beside_a_right():
    load_demo()
    load_demo_facts()
    clients = {kind: Client() for kind in ("enterprise", "space")}
    started = {kind: begin_as(kind, client) for kind, client in clients.items()}
    run()
    found = {}
    for kind, (address, number) in started.items():
        walked = [(address, {}), (address, {"all": 1}), ("/policies/for-me/", {})]
        walked += [
            (f"/policies/entitled/{number}/{name}/", {"day": timezone.localdate().isoformat()}) for name in measures()
        ]
        walked += [(reverse("policies:measure", args=[name]), {}) for name in measures()]
        found |= {f"{kind} {page} {given}": told_on(read(clients[kind], page, **given)) for page, given in walked}
    assert [page for page, texts in found.items() if any(OPEN in text for text in texts)] == []
    assert sum(len(texts) for page, texts in found.items() if page.startswith("enterprise")) > 0, "it saw rights"


def begin_as(kind, client):
    """A check-up begun by the first member of an organisation of a kind; its address, and the number of the subject."""
    actor = as_member(Membership.objects.filter(organisation__kind=kind).order_by("pk").first())
    factories.sign_in(client, actor)
    address, number = begin(client, ""), subject_of(actor).pk
    return address, number


def test_one_count_of_what_comes_later_is_on_the_badge_in_the_sense_and_in_the_rows(client):
    address = client.post("/checkup/", {"who": "veteran", "want": "start", "region": "222403"}).url
    life = {"page": "person", "age": "below_46", "groups": "none", "registered": "idea"}
    client.post(f"{address}answer/", life)
    result = result_of(CheckUp.objects.get(token_hash=hash_token(address.strip("/").split("/")[-1])))
    assert result.later
    assert len(result.awaited) > 0, "refusals of which an answer says whether they turn"
    page = read(client, address, all=1)
    count = len(result.later)
    root = html.fromstring(page)
    sense = root.xpath("//section[contains(@class,'cb-sense')]")[0].text_content()
    assert f"以后可拿{count}" in sense
    assert f"还能拿{count}项" in sense
    assert len(root.xpath("//section[@aria-labelledby='s-soon']//ul/li[contains(@class,'cb-row')]")) == count
    road = html.fromstring(read(client, f"{address}print/")).xpath("//ol[contains(@class,'cb-road')]/li")
    assert len(road) == count
    assert any(step.xpath("./p/strong")[0].text_content() == "做到后" for step in road)
