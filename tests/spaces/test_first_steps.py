"""After registering, the page of a space says what to set up, and ticks what is done."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

import factories
from booking.scene import make_room
from chuangbao.booking.models import OpeningHours
from chuangbao.core.onward import list_steps
from spaces.samples import make_space

pytestmark = [pytest.mark.usefixtures("regions"), pytest.mark.django_db]
ALL = [
    "地图位置",
    "各类用房面积",
    "空间照片",
    "开放时间",
    "可预约的工位、会议室和设备",
    "可供企业登记的住所",
    "维护价目表",
    "平面图",
]
NO_AREAS = dict.fromkeys(("total_area", "office_area", "tenant_area", "service_area", "other_area"))


@pytest.fixture
def owner():
    return factories.member()


def open_steps(actor, space):
    return [step.title for step in list_steps(actor, "spaces.space", space) if not step.is_done]


def test_a_new_space_names_what_is_to_be_set_up_and_each_page_opens(client, owner):
    space = make_space(owner)
    space.sites.update(**NO_AREAS)
    assert sorted(open_steps(owner, space)) == sorted(ALL)
    factories.sign_in(client, owner)
    text = client.get(reverse("spaces:space", args=[space.pk])).content.decode()
    card = text[text.index('id="steps"') :]
    addresses = re.findall(r'<a href="([^"]+)">', card[: card.index("</section>")])
    assert len(addresses) == len(ALL)
    assert [client.get(address).status_code for address in addresses] == [200] * len(ALL)


def test_what_is_done_is_ticked_and_others_are_told_nothing(client, owner):
    space = make_space(owner)
    venue = space.sites.get().venue
    OpeningHours.objects.create(venue=venue, day=1, opens=540, closes=1080)
    make_room(owner, venue)
    assert sorted(open_steps(owner, space)) == sorted(
        ["地图位置", "可供企业登记的住所", "维护价目表", "平面图", "空间照片"]
    )
    page = reverse("spaces:space", args=[space.pk])
    assert "开张前要做的" not in client.get(page).content.decode()
    factories.sign_in(client, factories.founder())
    assert "开张前要做的" not in client.get(page).content.decode()


def test_where_nothing_is_to_be_done_there_is_no_card(client, owner, monkeypatch):
    space = make_space(owner)
    monkeypatch.setattr("chuangbao.core.onward.LISTERS", {})
    factories.sign_in(client, owner)
    assert "开张前要做的" not in client.get(reverse("spaces:space", args=[space.pk])).content.decode()


def test_a_new_operator_finds_where_a_space_is_registered(client):
    operator = factories.member(factories.organisation(kind="space"))
    register = reverse("spaces:register")
    factories.sign_in(client, operator)
    for page in (reverse("portal:desk"), reverse("accounts:organisation", args=[operator.organisation_id])):
        assert f'href="{register}"' in client.get(page).content.decode()
    factories.sign_in(client, factories.founder())
    assert f'href="{reverse("accounts:found")}"' in client.get(reverse("spaces:list")).content.decode()
    factories.sign_in(client, factories.member())
    assert f'href="{register}"' not in client.get(reverse("portal:desk")).content.decode()
