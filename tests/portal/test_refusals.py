"""The pages of refusals say the true reason, and the demonstration's mail can be read."""

from __future__ import annotations

import pytest
from django.core.mail import EmailMessage, get_connection
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils.translation import gettext_lazy

import factories
from chuangbao.accounts.domain.acting import actor_for
from chuangbao.accounts.models import Person
from chuangbao.authoring.permissions import may_draft, may_review
from chuangbao.core.access.permissions import Forbidden, permit
from chuangbao.core.contexts import CONTEXTS
from chuangbao.core.workflow.refusals import Refused
from chuangbao.portal.denied import explain_refusal, list_ways_out

pytestmark = pytest.mark.usefixtures("regions")
LATE = "表单可能打开太久"


def test_the_403_page_says_who_the_page_is_for_and_never_blames_the_form(client):
    said = {}
    for actor in (factories.founder(), factories.member(), factories.officer(), factories.admin("system_admin")):
        factories.sign_in(client, actor)
        for address in ("authoring:desk", "matching:entitled", "accounts:record", "accounts:area", "facts:import"):
            answer = client.get(reverse(address))
            if answer.status_code == 403:
                page = answer.content.decode()
                assert LATE not in page
                said[address] = page
    assert "主管部门工作人员" in said["authoring:desk"]
    assert "政策起草" in said["authoring:desk"]
    assert "审计管理员" in said["accounts:record"]
    assert "信息核验" in said["facts:import"]


def test_whoever_may_in_another_capacity_goes_on_with_one_press(client):
    post = factories.post(duties=("policy_editor",))
    factories.sign_in(client, actor_for(post.person, "self"))
    page = client.get(reverse("authoring:desk"))
    assert page.status_code == 403
    assert f'value="officer:{post.pk}"' in page.content.decode()
    sent = {"acting": f"officer:{post.pk}", "next": reverse("authoring:desk")}
    assert client.post(reverse("accounts:acting"), sent, follow=True).status_code == 200


class Row:
    region_id, department, writers = factories.NEIGHBOUR, "别的部门", []

    def persons_concerned(self):
        """Who wrote it is party to it."""
        return frozenset(self.writers)


@pytest.mark.parametrize(
    ("changes", "words"),
    [({}, "地区"), ({"region_id": factories.COUNTY}, "部门"),
     ({"region_id": factories.COUNTY, "department": "科技", "writers": "mine"}, "您")],
)  # fmt: skip
def test_a_thing_that_is_not_ones_own_is_named(changes, words):
    actor = factories.officer("policy_editor", "policy_reviewer")
    row = type("Row", (Row,), changes)()
    row.writers = [actor.person_id] if row.writers else []
    with pytest.raises(Forbidden) as denied:
        permit(may_review if row.writers else may_draft, actor=actor, row=row)
    assert words in explain_refusal(denied.value)


def test_a_refusal_without_a_permission_has_words_and_no_way_out(rf):
    assert "权限" in explain_refusal(None)
    assert list_ways_out(rf.get("/"), None) == []


@pytest.mark.parametrize(
    ("spoil", "words"), [("cookie", "Cookie"), ("token", "登录或退出"), ("missing", "标记"), ("origin", "其他网址")]
)
def test_a_form_that_is_not_accepted_says_why(spoil, words):
    client = Client(enforce_csrf_checks=True)
    person = factories.person()
    client.force_login(Person.objects.get(pk=person.pk))
    client.get(reverse("accounts:me"))
    token = client.cookies["csrftoken"].value
    headers = {"HTTP_ORIGIN": "https://elsewhere.example"} if spoil == "origin" else {}
    sent = {"csrfmiddlewaretoken": {"token": "x" * 32}.get(spoil, token)} if spoil != "missing" else {}
    if spoil == "cookie":
        del client.cookies["csrftoken"]
    page = client.post(reverse("accounts:me"), {"name": "x", **sent}, **headers)
    assert page.status_code == 403
    assert words in page.content.decode()


def test_the_letters_of_the_demonstration_can_be_read(client, settings, tmp_path):
    settings.DEMO, settings.EMAIL_FILE_PATH = True, str(tmp_path)
    server = get_connection("django.core.mail.backends.filebased.EmailBackend", file_path=str(tmp_path))
    EmailMessage(
        "您被邀请加入“晨光”", "邀请您办理：\n演示 – 😀\n", "a@example.org", ["b@example.org"], connection=server
    ).send()
    EmailMessage("第二封", "两封", "a@example.org", ["b@example.org"], connection=server).send()
    page = client.get(reverse("portal:demo_mail")).content.decode()
    assert "\\u" not in page
    for words in ("您被邀请加入“晨光”", "邀请您办理：", "😀", "第二封", "两封"):
        assert words in page


def test_the_footer_speaks_of_demonstration_data_only_where_there_are_any(client, settings, library):
    for demo in (True, False):
        settings.DEMO = demo
        assert (
            "案例和人物均为虚构" in client.get("/", headers={"accept-language": "zh-hans"}).content.decode()
        ) is demo
    assert "填写的内容不会给别人看到" in client.get("/offline/").content.decode()
    factories.sign_in(client, factories.officer())
    page = client.get(reverse("portal:desk")).content.decode()
    assert "填写的内容不会给别人看到" not in page
    assert "创宝网 dev" not in page


def list_patterns(resolver, names=""):
    """All pages of a resolver: the room they belong to, and the pattern."""
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from list_patterns(pattern, pattern.namespace or names)
        elif pattern.pattern.converters == {} and names:
            yield names, pattern


@pytest.fixture
def refusing(monkeypatch):
    """One page of each room, whose view lets a refusal through."""

    def refuse(request):
        raise Refused("taken", gettext_lazy("The venue is closed."))

    found = {}
    for room, pattern in list_patterns(get_resolver()):
        if room in CONTEXTS and room not in found and pattern.name:
            monkeypatch.setattr(pattern, "callback", refuse)
            found[room] = reverse(f"{room}:{pattern.name}")
    return found


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_refusal_that_no_page_shows_is_a_page_of_its_own_in_every_room(client, refusing, language):
    factories.sign_in(client, factories.founder())
    assert len(refusing) >= 12
    for address in refusing.values():
        answer = client.post(address, headers={"accept-language": language, "referer": "http://testserver/from/here/"})
        page = answer.content.decode()
        assert answer.status_code == 409, address
        assert ("场所已关闭" if language == "zh-hans" else "The venue is closed.") in page
        assert 'href="http://testserver/from/here/"' in page
        assert 'class="cb-header' in page or "<nav" in page


def test_the_way_back_from_a_refusal_leads_to_no_other_site(client, refusing):
    address = refusing["booking"]
    for elsewhere in ("https://elsewhere.example/", "javascript:alert(1)", ""):
        page = client.post(address, headers={"referer": elsewhere}).content.decode()
        assert f'<a class="btn btn-primary" href="{address}">' in page
        assert "elsewhere" not in page


def test_a_refusal_without_words_shows_no_code(client, monkeypatch, refusing):
    monkeypatch.setattr(Refused, "__str__", lambda self: self.code)
    page = client.get(refusing["booking"]).content.decode()
    assert ">taken<" not in page
    assert "情况有变" in page
