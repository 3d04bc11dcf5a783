"""One's own account: signing up, acting for others, what is held, export and erasure."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.core import mail
from django.urls import reverse

import factories
from chuangbao.accounts.domain import persons
from chuangbao.accounts.domain.posts import Appointment, appoint_officer, end_duty, end_post
from chuangbao.accounts.models import AdminDuty, Membership, Person, Post
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.models import History, Notice, Proposal
from chuangbao.core.workbench import todos_of
from chuangbao.core.workflow.refusals import Refused

pytestmark = pytest.mark.usefixtures("regions")
SIGN_UP = {
    "email": "new@example.org", "name": "张新", "password1": factories.PASSWORD, "password2": factories.PASSWORD,
    "agree": "on",
}  # fmt: skip


def test_somebody_signs_up_with_a_code_from_a_letter(client):
    assert "姓名" in client.get(reverse("account_signup")).content.decode()
    page = client.post(reverse("account_signup"), SIGN_UP, follow=True)
    assert page.status_code == 200
    code = re.search(r"^([A-Z0-9-]{6,9})$", mail.outbox[0].body, re.MULTILINE)[1]
    page = client.post(reverse("account_email_verification_sent"), {"code": code}, follow=True)
    assert page.request["PATH_INFO"] == reverse("checkup:start"), "straight to the check-up"
    assert "张新" in page.content.decode()
    assert Person.objects.get().name == "张新"
    assert History.objects.filter(verb="person.sign_in").count() == 1


def test_the_sign_up_says_nothing_of_who_has_an_account(client):
    factories.person(email="new@example.org")
    fresh = client.post(reverse("account_signup"), SIGN_UP | {"email": "other@example.org"})
    client.logout()
    known = client.post(reverse("account_signup"), SIGN_UP)
    assert (fresh.status_code, fresh.url) == (known.status_code, known.url)


def test_a_wrong_password_says_nothing_of_who_has_an_account(client):
    factories.person(email="known@example.org", password=factories.PASSWORD)
    texts = []
    for email in ("known@example.org", "unknown@example.org"):
        page = client.post(reverse("account_login"), {"login": email, "password": "wrong"})
        texts.append(re.sub(r'value="[^"]*"', "", page.content.decode()))
    assert texts[0] == texts[1]


def test_guessing_passwords_is_slowed_down(client):
    answers = [client.post(reverse("account_login"), {"login": "a@example.org", "password": "x"}) for _ in range(12)]
    assert "登录失败次数过多" in answers[-1].content.decode()


def test_one_chooses_for_whom_one_acts(client):
    actor = factories.member()
    who = Person.objects.get(pk=actor.person_id)
    client.force_login(who)
    page = client.post(reverse("accounts:acting"), {"acting": actor.acting, "next": "/policies/"})
    assert page.url == "/policies/"
    assert Membership.objects.get().organisation.name in client.get(reverse("portal:desk")).content.decode()
    client.post(reverse("accounts:acting"), {"acting": "officer:1", "next": "//evil.example"})
    assert "张三" in client.get(reverse("portal:desk")).content.decode()


def test_a_role_taken_away_in_mid_session_is_gone_with_the_next_page(client):
    there = factories.organisation()
    actor = factories.member(there)
    factories.sign_in(client, actor)
    address = reverse("accounts:organisation", args=[there.pk])
    assert client.get(address).status_code == 200
    Membership.objects.filter(person=actor.person_id).update(ended_at="2026-01-01T00:00Z")
    assert client.get(address).status_code == 404
    assert client.post(reverse("accounts:invite", args=[there.pk]), {}).status_code == 403


def test_one_sees_what_is_held_and_corrects_it(client):
    actor = factories.founder()
    factories.sign_in(client, actor)
    page = client.get(reverse("accounts:me")).content.decode()
    assert "供您登录和接收通知" in page
    assert client.post(reverse("accounts:me"), {"name": "张三丰", "language": "en"}).status_code == 302
    assert Person.objects.get(pk=actor.person_id).name == "张三丰"
    assert client.post(reverse("accounts:me"), {"name": "", "language": "xx"}).status_code == 422
    assert client.get(reverse("accounts:security")).status_code == 200


def fresh(client):
    """The password was given a moment ago."""
    import time

    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()


def test_one_takes_ones_data_along_after_showing_who_one_is(client):
    actor = factories.as_member(factories.membership(factories.person(password=factories.PASSWORD)))
    factories.sign_in(client, actor)
    assert client.get(reverse("accounts:export")).url.startswith(reverse("account_reauthenticate"))
    fresh(client)
    data = client.get(reverse("accounts:export")).json()
    assert data["account"]["rows"][0]["name"] == "张三"
    assert data["memberships"]["rows"][0]["role"] == "owner"
    assert History.objects.filter(verb="person.export").exists()


def test_an_account_is_erased_but_not_the_record(client):
    there = factories.organisation()
    actor = factories.member(there)
    factories.sign_in(client, actor)
    fresh(client)
    address = reverse("accounts:erase")
    assert there.name in client.get(address).content.decode()
    assert client.post(address).status_code == 422
    factories.membership(where=there)
    Notice.objects.create(person_id=actor.person_id, event="x")
    assert client.post(address).url == "/"
    gone = Person.objects.get(pk=actor.person_id)
    assert (gone.name, gone.is_active, gone.email) == ("", False, f"erased-{gone.pk}@invalid")
    assert not Notice.objects.exists()
    assert not there.memberships.filter(person=gone, ended_at=None).exists()
    assert History.objects.filter(verb="person.erase", person=gone).exists()
    assert client.get(reverse("portal:desk")).status_code == 302


def test_a_post_or_a_duty_is_handed_over_before_the_account_goes():
    holder = factories.officer()
    admin = factories.admin("audit_admin")
    assert persons.obstacles(holder.person_id) == ["您担任岗位。"]
    assert persons.obstacles(admin.person_id) == ["您是管理员。"]


def appointment(**changes):
    given = {
        "agency": factories.organisation(kind="agency"), "department": "科技", "region": factories.COUNTY,
        "duties": ["register"], "start": date(2026, 1, 1), "end": date(2099, 12, 31),
    }  # fmt: skip
    return Appointment(**given | changes)


def test_the_system_administrator_appoints_and_ends_posts(client):
    admin = factories.admin("system_admin")
    agency = factories.organisation(kind="agency")
    factories.person(email="officer@example.org")
    factories.sign_in(client, admin)
    address = reverse("accounts:appoint")
    assert client.get(address).status_code == 302
    fresh(client)
    assert client.get(address).status_code == 200
    given = {
        "email": "officer@example.org", "agency": agency.pk, "department": "科技", "region": factories.COUNTY,
        "duties": ["register"], "start": "2026-01-01", "end": "2099-12-31",
    }  # fmt: skip
    assert client.post(address, given | {"end": "2025-01-01"}).status_code == 422
    assert client.post(address, given | {"email": "nobody@example.org"}).status_code == 422
    assert client.post(address, given).status_code == 302
    assert client.post(address, given).status_code == 422
    post = Post.objects.get()
    page = client.get(reverse("accounts:posts")).content.decode()
    assert "信息核验" in page
    end = reverse("accounts:end_post", args=[post.pk])
    assert client.post(end, {"reason": "调离"}).status_code == 302
    post.refresh_from_db()
    assert post.term.upper is not None
    assert "已终止" in client.post(end, {"reason": "调离"}, follow=True).content.decode()
    assert client.post(reverse("accounts:appoint_admin")).status_code == 403


def test_a_post_that_has_not_begun_never_does():
    row = appoint_officer(
        actor=factories.admin("system_admin"), email=factories.person().email,
        to=appointment(start=date(2098, 1, 1)),
    )  # fmt: skip
    ended = end_post(post=row, actor=factories.admin("security_admin"), reason="x")
    assert ended.term.isempty


def settle_as(client, second, first, verb):
    """The second administrator settles, from the to-do and the page, what is proposed; the first signs in again."""
    factories.sign_in(client, second)
    assert any(one.url == reverse("accounts:posts") for _label, rows in todos_of(second) for one in rows)
    address = reverse("core:proposal", args=[Proposal.objects.get(stage="open").pk, verb])
    assert address in client.get(reverse("accounts:posts")).content.decode()
    client.post(address, {"reason": "x"})
    factories.sign_in(client, first)
    fresh(client)


def test_nobody_is_judge_in_their_own_affairs(client):
    system, security = factories.admin("system_admin"), factories.admin("security_admin")
    officer = factories.officer()
    address = Person.objects.get(pk=officer.person_id).email
    factories.sign_in(client, security)
    fresh(client)
    new = reverse("accounts:appoint_admin")
    assert client.get(new).status_code == 200
    assert client.post(new, {"email": address, "kind": "audit_admin"}).status_code == 422
    other = factories.person()
    given = {"email": other.email, "kind": "audit_admin"}
    assert client.post(new, given).status_code == 422, "a reason is needed for the second administrator"
    assert client.post(new, {**given, "reason": "轮换"}).status_code == 302
    assert not AdminDuty.objects.filter(person=other).exists()
    settle_as(client, system, security, "confirm")
    assert client.post(new, {**given, "kind": "system_admin", "reason": "轮换"}).status_code == 422
    with pytest.raises(Refused) as refused:
        appoint_officer(actor=system, email=other.email, to=appointment())
    assert refused.value.code == "admin"
    page = client.get(reverse("accounts:posts")).content.decode()
    assert "审计管理员" in page
    duty = AdminDuty.objects.get(person=other)
    end = reverse("accounts:end_duty", args=[duty.pk])
    assert "须由另一名管理员复核" in client.post(end, {"reason": "轮换"}, follow=True).content.decode()
    settle_as(client, system, security, "confirm")
    duty.refresh_from_db()
    assert duty.ended_at is None, "it is the last of its kind"
    factories.admin("audit_admin")
    settle_as(client, system, security, "confirm")
    duty.refresh_from_db()
    assert duty.ended_at is not None
    with pytest.raises(Refused) as refused:
        end_duty(duty=duty, actor=security, reason="轮换", proposal=Proposal.objects.latest("pk"))
    assert refused.value.code == "decided"


def test_the_last_administrator_of_a_kind_stays():
    security = factories.admin("security_admin")
    with pytest.raises(Refused) as refused:
        end_duty(duty=AdminDuty.objects.get(kind="security_admin"), actor=security, reason="x")
    assert refused.value.code == "last"


def test_the_first_administrators_come_from_the_system():
    from chuangbao.accounts.domain.posts import appoint_administrator

    row = appoint_administrator(actor=SYSTEM, email=factories.person().email, kind="security_admin")
    assert row.kind == "security_admin"
