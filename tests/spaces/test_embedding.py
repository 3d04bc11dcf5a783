"""A space on the site of others: framed by anybody at this address alone, without cookie, script or session."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.urls import reverse

import factories
from booking.scene import make_room
from chuangbao.spaces.domain.ending import close_space
from spaces.samples import make_space

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def owner():
    return factories.member(factories.organisation("演示运营公司", kind="space"))


def test_it_may_be_framed_and_sets_no_cookie_and_runs_no_script(client, owner):
    space = make_space(owner)
    make_room(owner, space.sites.get().venue, name="流动工位", kind="hot_desk", capacity=10)
    address = reverse("spaces:embed", args=[space.pk])
    for who in (None, owner):
        if who:
            factories.sign_in(client, who)
        answer = client.get(address)
        text = answer.content.decode()
        assert "X-Frame-Options" not in answer.headers
        policy = dict(part.split(" ", 1) for part in answer["Content-Security-Policy"].split("; ") if " " in part)
        assert (policy["frame-ancestors"], policy["default-src"]) == ("*", "'none'")
        assert not answer.cookies
        assert answer["Cache-Control"] == "public, max-age=300"
        assert not re.search(r"<script|<form|\son\w+=", text)
        assert "流动工位：共10，空闲" in text
        links = re.findall(r"<a [^>]+>", text)
        assert links
        assert all('target="_blank"' in link and 'rel="noopener"' in link for link in links)
        assert "修改登记信息" not in text, "the operator sees what everybody sees"


def test_every_other_page_stays_closed(client, owner):
    space = make_space(owner)
    for address in (
        reverse("spaces:space", args=[space.pk]),
        reverse("spaces:list"),
        reverse("spaces:compare"),
        "/spaces/9999/embed/",
    ):
        answer = client.get(address)
        assert answer.headers["X-Frame-Options"] == "DENY", address
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"], address


def test_it_is_said_in_the_language_that_is_asked_for_and_what_has_closed_says_so(client, owner):
    space = make_space(owner)
    address = reverse("spaces:embed", args=[space.pk])
    assert 'lang="en"' in client.get(address, {"language": "en"}).content.decode()
    assert 'lang="zh-hans"' in client.get(address, {"language": "xx"}).content.decode()
    close_space(space=space, actor=owner, reason="装修")
    text = client.get(address).content.decode()
    assert ("已关闭" in text, "此刻空闲" in text) == (True, False)


def test_of_what_has_closed_only_that_is_left(client, owner):
    space = make_space(owner, hours="工作日9:00—17:00")
    address = reverse("spaces:embed", args=[space.pk])
    assert "演示路1号" in client.get(address).content.decode()
    close_space(space=space, actor=owner, reason="停业")
    page = client.get(address).content.decode()
    assert "该空间已关闭" in page
    assert "演示路1号" not in page
    assert "工作日" not in page


def test_its_operator_copies_a_piece_of_a_page(client, owner):
    space = make_space(owner, '演示·"引号"<b>空间')
    page = reverse("spaces:space", args=[space.pk])
    assert "&lt;iframe" not in client.get(page).content.decode()
    factories.sign_in(client, owner)
    text = client.get(page).content.decode()
    snippet = unescape(re.search(r"<textarea[^>]*>(.*?)</textarea>", text, re.DOTALL).group(1))
    assert f'src="http://testserver{reverse("spaces:embed", args=[space.pk])}"' in snippet
    assert 'title="演示·&quot;引号&quot;&lt;b&gt;空间"' in snippet
    assert snippet.count("<") == 2


def test_it_asks_a_fixed_number_of_questions(client, owner, django_assert_num_queries):
    space = make_space(owner)
    for n in range(3):
        make_room(owner, space.sites.get().venue, name=f"工位{n}", kind="fixed_desk")
        client.get(reverse("spaces:embed", args=[space.pk]))
        with django_assert_num_queries(8):
            client.get(reverse("spaces:embed", args=[space.pk]))
