"""From an empty database to the first administrators and agencies, by commands alone."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

import factories
from chuangbao.accounts.models import AdminDuty, Organisation, Person
from chuangbao.cli import app, database
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.messaging.notifications import title_of
from chuangbao.core.models import History, Letter, Notice

pytestmark = pytest.mark.usefixtures("regions")
RUN = CliRunner()


@pytest.fixture(autouse=True)
def this_database(monkeypatch, tmp_path):
    """The commands work on the test's own database."""
    for name in ("admin", "agency", "alarm"):
        monkeypatch.setattr(f"chuangbao.cli.{name}.connect_database", lambda _stack: None)
    monkeypatch.setattr(database, "DATA_DIR", tmp_path)
    monkeypatch.setattr(database, "LOCK", tmp_path / "postgres.lock")


def out(*words, status=0):
    outcome = RUN.invoke(app, list(words))
    assert outcome.exit_code == status, outcome.output
    return outcome.output


def test_the_first_administrator_chooses_a_password_by_a_link_and_signs_in(client):
    said = out("admin", "create", "Sun@Example.org", "--kind", "system", "--name", "孙 管")
    assert "✓ 孙 管 <sun@example.org>: 系统管理员" in said
    path = re.search(r"http://localhost:8000(/\S+)", said)[1]
    page = client.get(path, follow=True)
    words = {"password1": factories.PASSWORD, "password2": factories.PASSWORD}
    assert client.post(page.redirect_chain[-1][0], words).status_code == 302
    assert client.get(path, follow=True).context["token_fail"]  # once
    client.logout()
    client.post("/accounts/login/", {"login": "sun@example.org", "password": factories.PASSWORD})
    assert client.post("/me/consent/", {"agree": "on"}).status_code == 302
    assert client.get("/administration/posts/new/").status_code == 403  # in one's own name at first
    client.post("/acting/", {"acting": f"system_admin:{unscoped(AdminDuty, because='a test').get().pk}"})
    assert client.get("/administration/posts/new/").status_code == 200
    row = History.objects.get(verb="duty.appoint_by_command")
    assert (row.acting, row.after, row.person_id) == ("system", "system_admin", None)


def test_one_more_of_a_kind_needs_a_reason_and_one_person_is_one_of_them():
    out("admin", "create", "a@example.org", "--kind", "security", "--name", "甲")
    refused = out("admin", "create", "b@example.org", "--kind", "security", "--name", "乙", status=1)
    assert "✗ 已有这类管理员" in refused
    assert not Person.objects.filter(email="b@example.org").exists()
    out("admin", "create", "b@example.org", "--kind", "security", "--name", "乙", "--reason", "甲已离任")
    assert History.objects.filter(verb="duty.appoint_by_command", reason="甲已离任").exists()
    assert "✗ " in out("admin", "create", "a@example.org", "--kind", "audit", status=1)
    assert out("admin", "list").count("安全管理员") == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("nobody", "--name", "甲"), "不是电子邮箱地址"), (("a@example.org",), "需要本人姓名")],
)
def test_what_is_missing_is_told_in_words_and_nothing_is_made(arguments, words):
    assert words in out("admin", "create", *arguments, "--kind", "system", status=1)
    assert not Person.objects.exists()


def test_somebody_with_an_account_keeps_the_password_and_needs_no_link():
    who = factories.person(email="known@example.org", password=factories.PASSWORD)
    assert "http" not in out("admin", "create", who.email, "--kind", "audit")


def test_a_lost_password_of_an_administrator_is_mended_by_a_new_link():
    out("admin", "create", "a@example.org", "--kind", "audit", "--name", "甲")
    assert re.match(r"http://localhost:8000/accounts/password/reset/key/\S+/$", out("admin", "link", "a@example.org"))
    assert "✗ " in out("admin", "link", factories.person().email, status=1)


def test_an_agency_is_entered_by_the_name_of_its_area_and_once():
    assert "✓ 长春市南关区科学技术局 (南关区 220102)" in out(
        "agency", "create", "长春市南关区科学技术局", "--region", "南关区"
    )
    row = unscoped(Organisation, because="a test").get()
    assert (row.kind, row.stage, row.code, row.region_id) == ("agency", "verified", None, "220102")
    assert "✗ " in out("agency", "create", " 长春市南关区科学技术局", "--region", "220102", status=1)
    out("agency", "create", "吉林省科学技术厅", "--region", "220000", "--code", factories.credit_code())
    assert out("agency", "list").splitlines()[1] == "220102  长春市南关区科学技术局"


@pytest.mark.parametrize(
    ("name", "region", "words"),
    [("局", "火星区", "没有名为"), ("", "220102", "主管部门需要"), ("局", "公主岭市", "请改用代码：220184, 220381")],
)
def test_an_agency_that_cannot_be_is_told_in_words(name, region, words):
    said = RUN.invoke(app, ["agency", "create", name, "--region", region])
    assert said.exit_code == 1, said.output
    assert words in said.output


def test_an_alarm_reaches_every_administrator_and_fails_where_there_is_none():
    out("alarm", "chuangbao-verify.service", status=1)
    for kind, email in (("system", "a@example.org"), ("audit", "b@example.org")):
        out("admin", "create", email, "--kind", kind, "--name", "甲")
    before = Letter.objects.count()
    assert "2 administrators are told" in out("alarm", "chuangbao-verify.service")
    told = unscoped(Notice, because="a test").filter(event="operation.failed")
    assert {title_of(row) for row in told} == {"运行维护：chuangbao-verify.service 失败"}
    assert Letter.objects.count() == before + 2
    assert History.objects.filter(verb="operation.failed").count() == 2
