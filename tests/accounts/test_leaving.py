"""Correcting a registration, handing an organisation over, giving it up, and erasing an account after that."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

import factories
from chuangbao.accounts.domain import leaving, persons
from chuangbao.accounts.domain.organisations import settle_standing
from chuangbao.accounts.forms import FoundForm, PostForm
from chuangbao.accounts.models import Membership, Organisation, Person
from chuangbao.core.models import History, Notice
from chuangbao.core.privacy import HOLDINGS
from chuangbao.core.workflow.refusals import Refused

from .test_people_pages import fresh

pytestmark = pytest.mark.usefixtures("regions")


def places(form):
    return dict(form.fields["region"].choices)


def test_no_place_is_chosen_for_anybody_and_only_those_of_this_installation_are_offered():
    for form in (FoundForm(), PostForm(actor=factories.admin("system_admin"))):
        offered = places(form)
        assert next(iter(offered)) == ""
        assert form["region"].value() is None
        assert {"100000", "340000", "510000", "220381"}.isdisjoint(offered)
        assert len({name.strip() for name in offered.values()}) == len(offered)
    assert {"220000", "220100", "220102", "220184"} <= set(places(FoundForm()))
    form = FoundForm({"name": "甲", "kind": "enterprise", "code": "x", "region": ""})
    assert "region" in form.errors


def test_an_owner_corrects_the_registration_until_it_is_verified(client):
    there = factories.organisation("错名", region=factories.COUNTY, stage="unverified")
    factories.sign_in(client, factories.member(there))
    page = client.get(reverse("accounts:organisation", args=[there.pk])).content.decode()
    address = reverse("accounts:correct", args=[there.pk])
    assert address in page
    assert 'value="220102" selected' in client.get(address).content.decode()
    sent = {"name": "对名", "kind": "space", "region": factories.NEIGHBOUR}
    assert client.post(address, sent | {"region": ""}).status_code == 422
    assert client.post(address, sent).status_code == 302
    there.refresh_from_db()
    assert (there.name, there.kind, there.region_id) == ("对名", "space", factories.NEIGHBOUR)
    assert sorted(History.objects.get(verb="organisation.correct").data["fields"]) == ["kind", "name", "region_id"]
    settle_standing(organisation=there, actor=factories.officer(region=factories.NEIGHBOUR), verb="verify")
    assert "已由工作人员核验" in client.post(address, sent | {"name": "再改"}).content.decode()
    there.refresh_from_db()
    assert there.name == "对名"
    assert address not in client.get(reverse("accounts:organisation", args=[there.pk])).content.decode()


def test_a_registration_corrected_behind_an_open_page_is_not_verified_by_it(client):
    there = factories.organisation("企业甲", stage="unverified")
    owner, officer = factories.member(there), factories.officer("register")
    page = reverse("accounts:organisation", args=[there.pk])
    address = reverse("accounts:standing", args=[there.pk, "verify"])
    factories.sign_in(client, officer)
    seen = re.search(r'name="seen" value="(\w+)"', client.get(page).content.decode())[1]
    leaving.correct_organisation(
        organisation=there, actor=owner, name="【财政厅】补贴待领", kind="enterprise", region=factories.COUNTY
    )
    answer = client.post(address, {"seen": seen})
    assert answer.status_code == 422
    assert "登记信息已被更正" in answer.content.decode()
    assert Organisation.objects.get(pk=there.pk).stage == "unverified"
    seen = re.search(r'name="seen" value="(\w+)"', answer.content.decode())[1]
    assert client.post(address, {"seen": seen}).status_code == 302


def test_a_clerk_corrects_nothing(client):
    there = factories.organisation(stage="unverified")
    factories.sign_in(client, factories.member(there, "clerk"))
    assert client.get(reverse("accounts:correct", args=[there.pk])).status_code == 403


def test_a_sole_owner_gives_the_organisation_up_from_the_page_of_erasure(client):
    there = factories.organisation("独有企业", stage="unverified")
    actor = factories.member(there)
    clerk = factories.membership(where=there, role="clerk")
    factories.sign_in(client, actor)
    fresh(client)
    erase = reverse("accounts:erase")
    page = client.get(erase).content.decode()
    address = f"{reverse('accounts:dissolve', args=[there.pk])}?next={erase}"
    assert address in page
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": "停业"}).status_code == 422
    assert client.post(address, {"reason": "停业", "sure": "on"}).url == erase
    assert Organisation.objects.get(pk=there.pk).stage == "closed"
    assert not Membership.objects.filter(organisation=there, ended_at=None).exists()
    assert Notice.objects.get(person=clerk.person).event == "organisation.dissolved"
    assert client.post(erase).url == "/"
    assert not Person.objects.get(pk=actor.person_id).is_active


def test_an_organisation_with_another_owner_is_left_and_not_given_up(client):
    there = factories.organisation(stage="unverified")
    actor = factories.member(there)
    factories.membership(where=there)
    with pytest.raises(Refused) as refused:
        leaving.dissolve_organisation(organisation=there, actor=actor, reason="x")
    assert refused.value.code == "owned"
    factories.sign_in(client, actor)
    answer = client.post(reverse("accounts:dissolve", args=[there.pk]), {"reason": "x", "sure": "on"})
    assert answer.status_code == 422
    assert Organisation.objects.get(pk=there.pk).stage == "unverified"


def test_a_sole_owner_hands_over_and_may_then_go(client):
    there = factories.organisation(stage="unverified")
    actor = factories.member(there)
    factories.sign_in(client, actor)
    fresh(client)
    address = reverse("accounts:hand_over", args=[there.pk])
    assert "没有其他成员" in client.get(address).content.decode()
    other = factories.membership(where=there, role="clerk")
    assert client.post(address, {"membership": "999999"}).status_code == 422
    with pytest.raises(Refused):
        leaving.hand_over_organisation(organisation=there, actor=actor, membership="999999")
    assert client.post(address, {"membership": str(other.pk)}).status_code == 302
    other.refresh_from_db()
    assert other.role == "owner"
    assert persons.obstacles(actor.person) == []
    assert client.post(reverse("accounts:erase")).url == "/"


def test_a_closed_organisation_is_handed_over_to_nobody(client):
    there = factories.organisation(stage="closed")
    actor, other = factories.member(there), factories.membership(where=there, role="clerk")
    factories.sign_in(client, factories.as_self(Person.objects.get(pk=actor.person_id)))
    assert client.post(reverse("accounts:hand_over", args=[there.pk]), {"membership": other.pk}).status_code == 422
    with pytest.raises(Refused) as refused:
        leaving.hand_over_organisation(organisation=there, actor=actor, membership=str(other.pk))
    assert refused.value.code == "closed"
    other.refresh_from_db()
    assert other.role == "clerk"


@pytest.mark.parametrize("page", ["hand_over", "dissolve"])
def test_nobody_else_gives_up_or_hands_over(client, page):
    there = factories.organisation(stage="unverified")
    factories.membership(where=there)
    for actor in (factories.member(there, "manager"), factories.member(), factories.officer()):
        factories.sign_in(client, actor)
        answer = client.post(reverse(f"accounts:{page}", args=[there.pk]), {"reason": "x", "sure": "on"})
        assert answer.status_code == 404
        assert client.post(f"/organisations/{there.pk}/dissolve-/").status_code in {403, 404}
    assert Organisation.objects.get(pk=there.pk).stage == "unverified"


def test_the_page_of_erasure_says_of_each_kind_what_happens_and_calls_no_eraser(client):
    actor = factories.founder()
    Notice.objects.create(person_id=actor.person_id, event="x")
    factories.sign_in(client, actor)
    fresh(client)
    page = client.get(reverse("accounts:erase")).content.decode().partition("<main")[2]
    rows = {str(h.label): h.erases for h in HOLDINGS.values()}
    for label, goes in rows.items():
        row = page.partition(f"<strong>{label}</strong>")[2].partition("</li>")[0]
        assert ("删除" in row) is goes, label
    assert rows["通知"] is True
    assert Notice.objects.exists()


def test_whoever_has_no_password_signs_in_anew(client, settings):
    settings.DEMO = True
    factories.sign_in(client, factories.founder())
    answer = client.get(reverse("accounts:export"))
    assert answer.url.startswith(reverse("accounts:again"))
    assert "退出后重新登录" in client.get(answer.url).content.decode()
    demo = factories.person("演示", email="student@demo.invalid", is_demo=True)
    member = factories.membership(demo)
    factories.sign_in(client, factories.as_member(member))
    page = client.get(client.get(reverse("accounts:erase")).url).content.decode()
    assert "是我" in page
    sent = {"who": "student", "acting": f"member:{member.pk}", "next": reverse("accounts:erase")}
    assert client.post(reverse("portal:demo_sign_in"), sent).url == reverse("accounts:erase")
    assert client.get(reverse("accounts:erase")).status_code == 200
    assert client.session["acting"] == f"member:{member.pk}"
