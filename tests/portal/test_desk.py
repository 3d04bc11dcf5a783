"""The workbench by role, and the demonstration."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.urls import reverse

import factories
from chuangbao.accounts.domain import members, organisations
from chuangbao.accounts.models import Organisation, Person
from chuangbao.core.messaging.notifications import tell
from chuangbao.portal.demo import PEOPLE, load_demo
from permissions.world import SAMPLE_FILES

SHELL = 7
"""What the page itself asks: session, person, post, notices, the record."""
pytestmark = pytest.mark.usefixtures("regions")


def desk(client, actor):
    factories.sign_in(client, actor)
    return client.get(reverse("portal:desk")).content.decode()


def test_a_founder_is_invited_and_told(client):
    actor = factories.founder()
    there = factories.organisation("松江光电")
    address = Person.objects.get(pk=actor.person_id).email
    members.invite(organisation=there, actor=factories.member(there), email=address, role="clerk")
    tell("member.joined", to=[actor.person_id], data={"name": "李四"})
    page = desk(client, actor)
    for words in ("给您的邀请", "松江光电", "李四 已加入", "我的机构"):
        assert words in page


def test_nothing_waits_for_whoever_is_new(client):
    assert "没有待办事项" in desk(client, factories.founder())


def test_what_waits_for_an_officer_is_of_their_area(client):
    new = {"stage": "unverified"}
    here = factories.organisation("本区企业", **new)
    there = factories.organisation("邻区企业", region=factories.NEIGHBOUR, **new)
    for row in (here, there):
        organisations.claim_organisation(actor=factories.founder(), code=row.code, reason="x")
    page = desk(client, factories.officer())
    assert page.count("本区企业") == 2
    assert "邻区企业" not in page
    assert "截至" in page
    assert "本区企业" not in desk(client, factories.officer("policy_editor"))


@pytest.mark.parametrize(
    ("kind", "words"),
    [("system_admin", "岗位与管理员"), ("security_admin", "岗位与管理员"), ("audit_admin", "办理日志")],
)
def test_an_administrator_finds_what_is_theirs(client, kind, words):
    assert words in desk(client, factories.admin(kind))


def test_a_member_finds_the_organisation(client):
    assert "本机构" in desk(client, factories.member())


def test_the_workbench_asks_a_fixed_number_of_questions(client, django_assert_num_queries):
    for n in range(30):
        factories.organisation(f"企业{n}")
    actor = factories.officer()
    factories.sign_in(client, actor)
    client.get(reverse("portal:desk"))
    with django_assert_num_queries(SHELL + sum(getattr(s, "WORKBENCH_QUERIES", 0) for s in SAMPLE_FILES.values())):
        client.get(reverse("portal:desk"))


@pytest.fixture
def demo(settings, regions):
    settings.DEMO = True
    load_demo()


def test_the_demonstration_is_made_once_and_marked(demo):
    before = Organisation.objects.count()
    assert before > 200
    load_demo()
    assert Organisation.objects.count() == before
    assert not Organisation.objects.filter(is_demo=False).exists()
    assert all(name.startswith("演示·") for name in Organisation.objects.values_list("name", flat=True))


@pytest.mark.parametrize("who", PEOPLE, ids=lambda p: p.key)
def test_one_signs_in_as_anybody_of_the_demonstration(client, demo, who):
    assert who.name in client.get(reverse("account_login")).content.decode()
    page = client.post(reverse("portal:demo_sign_in"), {"who": who.key}, follow=True)
    assert page.status_code == 200
    assert page.request["PATH_INFO"] == reverse("portal:desk")


def test_without_demo_mode_there_is_no_list_and_no_way_in(client, demo, settings):
    settings.DEMO = False
    assert "演示·林晓" not in client.get(reverse("account_login")).content.decode()
    assert client.post(reverse("portal:demo_sign_in"), {"who": "student"}).status_code == 404
    assert client.get(reverse("portal:demo_mail")).status_code == 404


def test_nobody_real_is_on_the_list(client, demo):
    factories.person(email="owner2@demo.invalid")
    assert client.post(reverse("portal:demo_sign_in"), {"who": "owner2"}).status_code == 404


def test_letters_of_the_demonstration_can_be_read(client, demo, settings, tmp_path):
    settings.EMAIL_FILE_PATH = tmp_path / "mail"
    assert "还没有邮件" in client.get(reverse("portal:demo_mail")).content.decode()
    backend = "django.core.mail.backends.filebased.EmailBackend"
    with mail.get_connection(backend) as box:
        EmailMessage("邀请", "请打开 http://localhost/invitations/x/", to=["a@example.org"], connection=box).send()
    page = client.get(reverse("portal:demo_mail")).content.decode()
    assert "邀请" in page
    assert 'href="http://localhost/invitations/x/"' in page
