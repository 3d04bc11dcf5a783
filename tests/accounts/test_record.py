"""The record, read in words: who did what to which thing and when, searched and taken along."""

from __future__ import annotations

import ast
import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

import chuangbao
import factories
from chuangbao.accounts.domain.acting import capacity_words
from chuangbao.accounts.domain.organisations import settle_standing
from chuangbao.accounts.domain.posts import end_post
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.audit.log import KINDS, VERBS, record
from chuangbao.core.contexts import list_workflows
from chuangbao.core.models import History
from chuangbao.core.workflow.transitions import Life
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import subject_of

pytestmark = pytest.mark.usefixtures("regions")
SOURCE = Path(chuangbao.__file__).parent


@pytest.fixture
def audit(client):
    """The client of the audit administrator, after some days of work."""
    there = factories.organisation("春城软件", stage="unverified")
    officer = factories.officer()
    settle_standing(organisation=there, actor=officer, verb="verify")
    owner = factories.member(there)
    state(subject=subject_of(owner), name="expand_hires", value=3, actor=owner)
    end_post(post=factories.post(factories.person("孙文")), actor=factories.admin("security_admin"), reason="调离")
    record(SYSTEM, "load", kind="policies.pack")
    factories.sign_in(client, factories.admin("audit_admin"))
    return client


def rows(client, **asked):
    page = client.get(reverse("accounts:record"), asked).content.decode()
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in body.split("</tr>") if "<td" in row]


def test_every_row_is_in_words(audit):
    found = rows(audit)
    assert len(found) == History.objects.count()
    text = " ".join(found)
    assert "核验机构 机构 “春城软件”" in text
    assert "终止岗位" in text
    assert "孙文" in text
    assert re.findall(r"[a-z]+[:_.][a-z0-9_]+", text) == []


@pytest.mark.parametrize(
    ("asked", "words", "count"),
    [({"act": "核验"}, "春城软件", 1), ({"act": "终止"}, "孙文", 1), ({"person": "孙文"}, "调离", 1), ({"about": "春城"}, "核验机构", 2),
     ({"kind": "policies.pack"}, "系统", 1), ({"kind": "facts.fact", "about": "春城软件"}, "填报", 1),
     ({"act": "post.end"}, "孙文", 1)],
)  # fmt: skip
def test_it_is_searched_by_person_act_and_thing_in_words(audit, asked, words, count):
    found = rows(audit, **asked)
    assert len(found) == count
    assert words in found[0] + found[-1]


def test_it_is_searched_by_day_of_the_province(audit):
    today = timezone.localdate()
    first = History.objects.order_by("pk").first()
    day = timedelta(days=1)
    assert len(rows(audit, start=today, end=today)) == History.objects.count()
    assert rows(audit, start=today + day) == []
    assert rows(audit, end=today - day) == []
    assert str(timezone.localtime(first.at).year) in rows(audit, end=today)[-1]
    answer = audit.get(reverse("accounts:record"), {"start": "gestern"})
    assert answer.status_code == 422
    assert audit.get(reverse("accounts:record_workbook"), {"start": "gestern"}).status_code == 200


def test_it_is_taken_along_as_a_workbook_and_that_is_on_the_record(audit):
    answer = audit.get(reverse("accounts:record_workbook"), {"act": "终止"})
    sheet = load_workbook(BytesIO(answer.content)).active
    cells = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert cells[0][:4] == ["时间", "姓名", "身份", "操作"]
    assert len(cells) == 2
    assert "孙文" in cells[1]
    assert History.objects.latest("pk").kind == "core.history"


def test_a_capacity_that_is_no_more_is_said_to_be_so(audit):
    History.objects.create(acting="officer:999999", verb="person.sign_in", kind="accounts.person", object_id=999999)
    assert "已不存在的身份" in rows(audit, act="登录")[0]
    assert capacity_words(["self", "officer", "system"]) == {
        "self": "本人名义",
        "officer": "主管部门工作人员",
        "system": "系统",
    }


def literal_verbs():
    """Every verb that the program writes on the record, by the texts of its calls."""
    for path in SOURCE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            named = isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"record", "keep_record", "saved"}
            if named and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
                yield str(node.args[1].value), path.name


def test_every_verb_and_every_kind_of_row_has_words():
    known = {name.rpartition(" ")[2] for name in VERBS}
    assert {f"{verb} in {place}" for verb, place in literal_verbs() if verb not in known} == set()
    lives = [(model, model.life) for model in apps.get_models() if isinstance(getattr(model, "life", None), Life)]
    assert {id(life) for _model, life in lives} == {id(life) for _heading, life in list_workflows()}
    for model, life in lives:
        kind = model._meta.label_lower
        assert kind in KINDS
        for verb in life.by_verb:
            assert f"{kind} {verb}" in VERBS or verb in VERBS, f"{kind} {verb}"
    for name, kind in KINDS.items():
        for field in kind.fields:
            apps.get_model(name)._base_manager.values_list(field).first()


def test_nobody_else_reads_it(client):
    factories.sign_in(client, factories.admin("system_admin"))
    for name in ("record", "record_workbook"):
        assert client.get(reverse(f"accounts:{name}")).status_code == 403
