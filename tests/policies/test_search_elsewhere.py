"""The one search box leads to spaces, offices and what can be booked, by their names, as far as the reader sees them."""

from __future__ import annotations

import pytest
from django.urls import reverse
from django.utils import timezone, translation

import factories
from booking.scene import make_room, make_venue
from chuangbao.accounts.models import Office
from chuangbao.booking.models import Resource
from chuangbao.core.access.actors import ANONYMOUS
from chuangbao.core.search_sources import find_by_name
from spaces.samples import make_space

pytestmark = pytest.mark.usefixtures("regions")


def list_found(actor, words):
    """What is found, by source: names, and whether there are more."""
    with translation.override("zh-hans"):
        return {
            group.label: ([hit.title for hit in group.hits], group.has_more) for group in find_by_name(actor, words)
        }


def test_an_office_is_named_in_the_readers_language(client, library):
    named = {"name": "敦化市就业服务局", "name_en": "Employment service of Dunhua"}
    Office.objects.create(region_id="222403", department="labour", **named)
    page = client.get("/policies/?q=employment service", headers={"accept-language": "en"}).content.decode()
    assert "Employment service of Dunhua" in page
    assert "敦化市就业服务局" not in page


def test_names_lead_to_their_pages_in_sight(django_assert_num_queries):
    host = factories.member(role="manager")
    make_space(host, name="演示·春城众创空间")
    venue = make_venue(host)
    make_room(host, venue, name="激光切割机")
    gone = make_room(host, venue, name="旧激光切割机")
    Resource._base_manager.filter(pk=gone.pk).update(retired_at=timezone.now())
    Office.objects.create(region_id=factories.COUNTY, department="labour", name="南关区就业服务窗口", phone="12345")
    assert list_found(ANONYMOUS, "春城众创") == {"众创空间": (["演示·春城众创空间"], False)}
    assert list_found(ANONYMOUS, "激光") == {"可预约资源": (["激光切割机"], False)}
    assert list_found(ANONYMOUS, "就业服务窗口") == {"在哪里办": (["南关区就业服务窗口"], False)}
    assert list_found(ANONYMOUS, "没有这样的东西") == list_found(ANONYMOUS, "春") == list_found(ANONYMOUS, " ") == {}
    with django_assert_num_queries(3):
        list_found(ANONYMOUS, "激光")


def test_a_rare_name_comes_before_the_policies_and_a_common_one_after(client):
    host = factories.member()
    for n in range(4):
        make_space(host, name=f"演示·众创空间{n}")
    page = client.get("/policies/", {"q": "众创空间"}).content.decode()
    assert page.index("cb-results") < page.index("演示·众创空间0") < page.index("查看全部")
    assert "演示·众创空间3" not in page
    assert f"{reverse('spaces:list')}?q=" in page
    rare = client.get("/policies/", {"q": "众创空间2"}).content.decode()
    assert rare.index("演示·众创空间2") < rare.index("cb-results")
    for other in ({"q": "众创空间2", "page": "2"}, {"q": "众创空间2", "kind": "measure"}):
        assert "演示·众创空间2" not in client.get("/policies/", other).content.decode()
