"""Addresses that are keys: a dump of the database opens nothing, and addresses in use survive the change."""

from __future__ import annotations

from importlib import import_module

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.urls import reverse
from django.utils import timezone

import factories
from chuangbao.accounts.domain import members
from chuangbao.accounts.domain.acting import as_self
from chuangbao.checkup.domain import checkups, sharing
from chuangbao.checkup.models import CheckUp
from chuangbao.core.access.tokens import derive_token, hash_token, hash_tokens_of, new_token
from chuangbao.core.engine.current import current_pack

pytestmark = pytest.mark.usefixtures("regions")


def dump() -> str:
    """Every row of every table as text, as a backup holds it."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        rows = []
        for table in tables:
            cursor.execute(f"SELECT string_agg(t::text, chr(10)) FROM {connection.ops.quote_name(table)} t")  # noqa: S608
            rows.append(cursor.fetchone()[0] or "")
    return "\n".join(rows)


def test_a_dump_holds_no_address_that_opens_something(client, library):
    checkup = checkups.begin_checkup(pack=current_pack(), who="student", want="", day=timezone.localdate())
    assert client.post(reverse("checkup:share", args=[checkup.token])).status_code == 302
    (copy,) = sharing.list_shared_copies(checkups.find_checkup(checkup.token))
    there = factories.organisation()
    invitation = members.invite(
        organisation=there, actor=factories.member(there, "owner"), email="x@example.org", role="clerk"
    )
    held = dump()
    tokens = [checkup.token, copy.token, invitation.token]
    assert len(set(tokens)) == 3
    assert all(len(token) >= 43 for token in tokens)
    assert not [token for token in tokens if token in held]
    assert all(hash_token(token) in held for token in tokens)
    for token in tokens:  # what the database holds is no key itself
        assert client.get(reverse("checkup:step", args=[hash_token(token)])).status_code == 404
        assert client.get(reverse("checkup:shared", args=[hash_token(token)])).status_code == 404
        assert members.invitation_by_token(hash_token(token)) is None
    assert client.get(reverse("checkup:shared", args=[copy.token])).status_code == 200


def test_addresses_of_before_keep_working(client, library):
    checkup = checkups.begin_checkup(pack=current_pack(), who="student", want="", day=timezone.localdate())
    copy = sharing.share_copy(checkup=checkup, pack=current_pack(), given=[])
    there = factories.organisation()
    sent = members.invite(
        organisation=there, actor=factories.member(there, "owner"), email="x@example.org", role="clerk"
    )
    old = {"portal_checkup": [(checkup.pk, new_token()), (copy.pk, new_token())],
           "accounts_invitation": [(sent.pk, new_token())]}  # fmt: skip
    whole = [CheckUp.objects.get(pk=pk) for pk, _token in old["portal_checkup"]]
    assert [row.who for row in whole] == ["student", "student"]
    with connection.schema_editor() as editor:
        for table, rows in old.items():
            for pk, token in rows:
                editor.execute(f"UPDATE {table} SET token_hash = %s WHERE id = %s", [token, pk])  # noqa: S608
            hash_tokens_of(table)(None, editor)
    for row, (_pk, token) in zip(whole, old["portal_checkup"], strict=True):
        row.give_token(token)
        row.save()  # who one is was not sealed for its address yet
    (_, own), (_, shared) = old["portal_checkup"]
    page = client.get(reverse("checkup:step", args=[own])).content.decode()
    assert "/checkup/shared/" not in page  # only who was given it knows the address of an older copy
    assert client.get(reverse("checkup:shared", args=[shared])).status_code == 200
    client.post(reverse("checkup:unshare", args=[own, copy.pk]))
    assert client.get(reverse("checkup:shared", args=[shared])).status_code == 404
    assert members.invitation_by_token(old["accounts_invitation"][0][1]).pk == sent.pk


def test_a_derived_token_is_one_for_each_purpose():
    token = new_token()
    assert len({derive_token(token, "copy:1"), derive_token(token, "copy:2"), derive_token(new_token(), "copy:1")}) == 3
    assert derive_token(token, "copy:1") == derive_token(token, "copy:1")


@pytest.fixture
def invited():
    there = factories.organisation(name="吉林晨光科技有限公司", stage="verified")
    owner = factories.member(there, "owner")
    return members.invite(organisation=there, actor=owner, email="colleague@example.org", role="clerk")


def test_an_invitation_says_little_before_signing_in_and_leads_there_and_back(client, invited):
    address = reverse("accounts:invitation", args=[invited.token])
    page = client.get(address, headers={"accept-language": "zh-hans"})
    html = page.content.decode()
    assert page.status_code == 200
    assert "吉林晨光科技有限公司邀请使用邮箱c…@example.org的人" in html
    assert "colleague" not in html
    assert str(invited.invited_by) not in html
    assert f"{reverse('account_login')}?next=" in html
    assert f"{reverse('account_signup')}?next=" in html
    assert "no-store" in page["Cache-Control"]
    signup = client.get(reverse("account_signup"), {"next": address}).content.decode()
    assert f'value="{address}"' in signup
    person = factories.person("李四", email="colleague@example.org", password=factories.PASSWORD)
    EmailAddress.objects.create(user=person, email=person.email, verified=True, primary=True)
    back = client.post(
        f"{reverse('account_login')}?next={address}",
        {"login": person.email, "password": factories.PASSWORD, "next": address},
    )
    assert back["Location"] == address
    assert str(invited.invited_by) in client.get(address).content.decode()


def test_an_unverified_organisations_name_is_free_text_and_not_shown_before_signing_in(client):
    there = factories.organisation(name="【财政厅】您的补贴", stage="unverified")
    row = members.invite(
        organisation=there, actor=factories.member(there, "owner"), email="x@example.org", role="clerk"
    )
    html = client.get(reverse("accounts:invitation", args=[row.token])).content.decode()
    assert "财政厅" not in html
    assert client.get(reverse("accounts:invitation", args=["nothing"])).status_code == 404
    assert len(mail.outbox) == 1


def test_the_workbench_leads_to_ones_own_invitation_alone(client, invited):
    person = factories.person("李四", email="colleague@example.org")
    mine = reverse("accounts:own_invitation", args=[invited.pk])
    client.force_login(person)
    assert mine in client.get("/desk/").content.decode()
    assert client.get(mine).status_code == 200
    stranger = factories.person("王五")
    client.force_login(stranger)
    assert client.get(mine).status_code == 404
    client.force_login(person)
    assert client.post(mine).url == reverse("accounts:organisation", args=[invited.organisation_id])
    assert as_self(person).signed_in


def test_the_migrations_hash_what_they_find():
    for name in ("checkup.migrations.0006_hash_tokens", "accounts.migrations.0009_hash_tokens_bind_factors"):
        assert import_module(f"chuangbao.{name}").Migration.operations[0].new_name == "token_hash"
    (leaf,) = MigrationExecutor(connection).loader.graph.leaf_nodes("portal")
    assert ("portal", "0006_hash_tokens") in MigrationExecutor(connection).loader.graph.forwards_plan(leaf)
