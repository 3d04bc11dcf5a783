"""What waits about facts, and who is told of what others did to theirs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

import factories
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.messaging.notifications import body_of, title_of
from chuangbao.core.models import Notice
from chuangbao.core.workbench import mine_of, todos_of
from chuangbao.facts.domain.stating import dispute, doubt, state, verify, withdraw
from chuangbao.facts.domain.subjects import open_to, subject_of
from chuangbao.facts.models import Source
from chuangbao.facts.tasks import take_registers

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def owner():
    return factories.member(factories.organisation("长春乙科技有限公司"))


def waits(actor):
    return [todo.title for label, todos in todos_of(actor) for todo in todos if label == "企业和个人信息"]


def test_a_dispute_waits_for_the_office_of_the_place(owner):
    firm = subject_of(owner)
    said = state(subject=firm, name="expand_hires", value=4, actor=SYSTEM, source=Source.REGISTER, register="社保")
    dispute(fact=said, reason="三人", actor=owner)
    assert waits(factories.officer("register")) == ["长春乙科技有限公司 对“招用青年人数”提出异议"]
    for actor in (
        factories.officer("register", region=factories.NEIGHBOUR),
        factories.officer("supervisor"),
        owner,
        factories.admin("audit_admin"),
    ):
        assert waits(actor) == []


def test_a_verification_that_ends_soon_waits_for_whom_it_concerns(owner):
    firm, officer = subject_of(owner), factories.officer("register")
    verify(
        fact=state(subject=firm, name="expand_hires", value=4, actor=owner),
        until=timezone.localdate() + timedelta(days=9),
        actor=officer,
    )
    verify(
        fact=state(subject=firm, name="revenue", value=4, actor=owner),
        until=timezone.localdate() + timedelta(days=99),
        actor=officer,
    )
    assert waits(owner) == ["长春乙科技有限公司：“招用青年人数”的核验即将到期"]


def test_everybody_finds_the_way_to_what_is_theirs(owner):
    assert "/facts/" in [way.url for _heading, ways in mine_of(owner) for way in ways]
    assert "/facts/subjects/" in [way.url for _heading, ways in mine_of(factories.officer("register")) for way in ways]
    assert not [way for _heading, ways in mine_of(factories.admin("audit_admin")) for way in ways if "facts" in way.url]


def test_whom_it_concerns_is_told_what_an_officer_did_and_never_the_value(owner):
    firm, officer = subject_of(owner), factories.officer("register")
    said = state(subject=firm, name="equity_spread", value=1234567, actor=owner)
    verify(fact=said, until=timezone.localdate() + timedelta(days=9), actor=officer)
    doubt(fact=said, reason="看错了", actor=officer)
    withdraw(fact=said, reason="重复", actor=officer)
    notices = list(Notice.objects.order_by("pk"))
    assert [(n.person_id, n.event) for n in notices] == [
        (owner.person_id, f"facts.{verb}") for verb in ("verify", "doubt", "withdraw")
    ]
    told = "".join(title_of(n) + body_of(n) for n in notices)
    assert "取得时股权的差价" in told
    assert "1234567" not in told


def test_what_one_does_oneself_or_a_colleague_does_is_no_news(owner):
    firm = subject_of(owner)
    colleague = factories.member(firm.organisation, role="clerk")
    withdraw(fact=state(subject=firm, name="expand_hires", value=4, actor=owner), reason="错", actor=owner)
    withdraw(fact=state(subject=firm, name="expand_hires", value=5, actor=owner), reason="错", actor=colleague)
    assert not Notice.objects.exists()


def test_a_person_is_told_as_well():
    from chuangbao.core.models import Region

    alone, officer = factories.founder(), factories.officer("register")
    mine = subject_of(alone)
    open_to(subject=mine, place=Region.objects.get(pk=factories.COUNTY), actor=alone)
    verify(
        fact=state(subject=mine, name="expand_hires", value=4, actor=alone),
        until=timezone.localdate() + timedelta(days=9),
        actor=officer,
    )
    assert Notice.objects.get().person_id == alone.person_id


def test_the_worker_asks_every_register(settings, tmp_path):
    settings.REGISTERS = tmp_path
    firm = factories.organisation()
    (tmp_path / "社保").mkdir()
    (tmp_path / "社保" / "a.csv").write_text(f"code,fact,value\n{firm.code},expand_hires,3\n", "utf-8")
    (tmp_path / "社保" / "b.csv").write_text("x\n1\n", "utf-8")
    assert take_registers(timestamp=0) == 2


def test_a_dispute_is_settled_in_one_step_where_the_to_do_leads(client, owner):
    firm = subject_of(owner)
    said = state(subject=firm, name="expand_hires", value=4, actor=SYSTEM, source=Source.REGISTER, register="社保")
    mine = state(subject=firm, name="expand_hires", value=3, actor=owner)
    dispute(fact=said, reason="三人", actor=owner)
    officer = factories.officer("register")
    (address,) = [todo.url for _label, todos in todos_of(officer) for todo in todos]
    office = factories.sign_in(client, officer)
    page = office.get(address).content.decode()
    assert "两个来源不一致" in page
    choice = f"/facts/statements/{mine.pk}/resolve/"
    assert choice in page
    done = office.post(choice, {"reason": "看过名册", "until": f"{timezone.localdate() + timedelta(9)}"}, follow=True)
    assert "已处理" in done.content.decode()
    assert waits(officer) == []
