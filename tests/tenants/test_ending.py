"""The end of a tenancy: what facts say is shown, the hand-over list, own data, and a space that goes."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

import factories
from chuangbao.booking.models import AccessPass
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.models import Notice
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.spaces.domain.dependants import describe_consequences
from chuangbao.spaces.domain.ending import answer_transfer, close_space, merge_spaces, transfer_space
from chuangbao.tenants.domain.cards import fill_card
from chuangbao.tenants.domain.ending import graduate_tenant, leave_space
from chuangbao.tenants.domain.grounds import check_ground
from chuangbao.tenants.domain.placing import add_cohort
from chuangbao.tenants.models import GraduationGround, Handover
from tenants.scene import all_tenancies, apply_as, begin, host_and_space, make_space
from together import at_once

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def scene():
    host, space = host_and_space()
    firm = factories.member(factories.organisation("演示科技有限公司"))
    return host, firm, begin(firm, space, host, since=timezone.localdate() - timedelta(days=1000))


def items():
    return set(unscoped(Handover, because="a test").values_list("item", flat=True))


def test_graduation_needs_a_ground_and_the_facts_are_shown_not_forced(scene):
    host, firm, row = scene
    with pytest.raises(Refused) as refusal:
        graduate_tenant(tenancy=row, actor=host, grounds={"a": " ", "b": ""})
    assert (refusal.value.code, refusal.value.field) == ("ground_needed", "a")
    state(subject=subject_of(firm), name="is_hnte", value=False, actor=firm)
    row = graduate_tenant(tenancy=row, actor=host, grounds={"a": "证书GR1", "d": "并购协议"})
    found = unscoped(GraduationGround, because="a test").values_list("ground", "finding")
    assert set(found) == {("a", "against"), ("d", "unknown")}
    assert (row.stage, items()) == ("graduated", {"keys", "desk", "fees", "data"})


def test_each_ground_is_compared_with_the_limit_of_the_day(scene):
    _host, firm, row = scene
    day = timezone.localdate()
    assert {check_ground(row, ground, day) for ground in "abcd"} == {"unknown"}
    subject = subject_of(firm)
    state(subject=subject, name="is_hnte", value=True, actor=firm)
    state(subject=subject, name="is_listed", value=True, actor=firm)
    state(subject=subject, name="revenue", value=Decimal(6_000_000), actor=firm, as_of=date(day.year - 2, 12, 31))
    assert check_ground(row, "c", day) == "unknown"
    fill_card(tenancy=row, actor=firm, year=day.year - 1, revenue=Decimal(4_000_001), financing=Decimal(5_000_000))
    assert [check_ground(row, ground, day) for ground in "abcd"] == ["supported", "against", "supported", "supported"]
    assert check_ground(row, "c", date(2010, 1, 1)) == "unknown"
    team = begin(factories.founder(), row.space, _host)
    assert check_ground(team, "a", day) == "unknown"


@pytest.mark.django_db(transaction=True)
def test_leaving_and_ending_at_once_happen_once():
    host, space = host_and_space()
    firm = factories.member()
    row = begin(firm, space, host)
    said = at_once(
        lambda: leave_space(tenancy=row, actor=firm).stage,
        lambda: graduate_tenant(tenancy=row, actor=host, grounds={"d": "上市"}).stage,
    )
    assert "not_in_incubating" in said
    assert all_tenancies().get().stage in said


@pytest.mark.django_db(transaction=True)
def test_two_managers_admit_at_once_and_one_notice_goes_out():
    from tenants.scene import admit

    host, space = host_and_space()
    founder = factories.founder()
    row = apply_as(founder, space)
    said = at_once(lambda: admit(row, host).stage, lambda: admit(row, host).stage)
    assert sorted(said) == ["admitted", "not_in_applied_or_talking"]
    assert Notice.objects.filter(event="tenancy.admit", person=founder.person_id).count() == 1
    assert unscoped(AccessPass, because="a test").count() == 1


def test_a_founder_leaves_ticks_and_takes_all_data_along(client):
    host, space = host_and_space()
    founder = factories.founder()
    row = begin(founder, space, host, is_virtual=True)
    factories.sign_in(client, founder)
    own = reverse("tenants:own", args=[row.pk])
    assert "今日退出空间" in client.get(own).content.decode()
    assert client.post(reverse("tenants:leave", args=[row.pk]), {"reason": ""}).url == own
    assert client.post(reverse("tenants:leave", args=[row.pk]), {"reason": ""}).status_code == 422
    assert items() == {"fees", "data"}
    line = unscoped(Handover, because="a test").get(item="data")
    tick = reverse("tenants:tick", args=[line.pk])
    assert 'name="done" value="1"' in client.get(own).content.decode()
    for _twice in range(2):
        assert client.post(tick, {"done": "1"}).url == own
    assert "办结于" in client.get(own).content.decode()
    assert 'name="done" value=""' in client.get(own).content.decode()
    assert client.get(tick).url == own
    archive = ZipFile(BytesIO(client.get(reverse("tenants:data", args=[row.pk])).content))
    book = load_workbook(BytesIO(archive.read(next(name for name in archive.namelist() if name.endswith(".xlsx")))))
    assert "交接清单" in book.sheetnames
    said = dict(book.worksheets[0].iter_rows(min_row=2, values_only=True))
    assert (said["众创空间"], said["在做或打算做什么"]) == ("演示·孵化空间", "做一款软件")
    factories.sign_in(client, host)
    assert client.post(tick, {"done": ""}).url == reverse("tenants:tenancy", args=[row.pk])
    assert unscoped(Handover, because="a test").get(item="data").done_on is None
    assert client.get(reverse("tenants:data", args=[row.pk])).status_code == 404


def test_the_operator_graduates_and_ends_on_its_page(client, scene):
    host, _firm, row = scene
    factories.sign_in(client, host)
    at = reverse("tenants:tenancy", args=[row.pk])
    graduate, end = (reverse(f"tenants:{name}", args=[row.pk]) for name in ("graduate", "end"))
    assert client.post(graduate, {}).status_code == 422
    assert client.post(end, {"cause": "space", "reason": "x"}).status_code == 422
    assert client.post(graduate, {"c": "审计报告"}).url == at
    assert "暂无数据" in client.get(at).content.decode()
    assert client.post(end, {"cause": "term", "reason": "期满"}).status_code == 422
    other = begin(factories.founder(), row.space, host)
    ended = client.post(reverse("tenants:end", args=[other.pk]), {"cause": "term", "reason": "期满"})
    assert ended.status_code == 302
    assert all_tenancies().get(pk=other.pk).end_cause == "term"


def test_leaving_before_the_first_day_ends_on_it():
    host, space = host_and_space()
    firm = factories.member()
    row = begin(firm, space, host, since=timezone.localdate() + timedelta(days=9))
    row = leave_space(tenancy=row, actor=firm)
    assert row.ended_on == row.starts_on


def test_a_space_that_closes_ends_its_tenancies_and_answers_applications(scene):
    host, firm, row = scene
    founder = factories.founder()
    apply_as(founder, row.space)
    counted = {str(one.label): one.count for one in describe_consequences(row.space)}
    assert counted["入驻方与入驻申请"] == 2
    close_space(space=row.space, actor=host, reason="到期")
    assert set(all_tenancies().values_list("stage", "end_cause")) == {("ended", "space"), ("declined", "")}
    for event, person in (("tenancy.end", firm.person_id), ("tenancy.decline", founder.person_id)):
        assert Notice.objects.filter(event=event, person=person).exists()


def test_a_merger_carries_tenants_and_cohorts_along(scene):
    host, firm, row = scene
    target = make_space(host, name="演示·并入空间")
    for space in (row.space, target):
        cohort = add_cohort(space=space, actor=host, name="春季")
    both = factories.member()
    first, second = begin(both, row.space, host), begin(both, target, host)
    merge_spaces(space=row.space, into=target, actor=host, reason="合并")
    found = {one.pk: (one.space_id, one.stage) for one in all_tenancies()}
    assert found == {
        row.pk: (target.pk, "incubating"),
        first.pk: (row.space_id, "ended"),
        second.pk: (target.pk, "incubating"),
    }
    assert sorted(target.cohorts.values_list("name", flat=True)) == ["春季", f"春季 ({row.space_id})"]
    assert cohort.space_id == target.pk
    passes = unscoped(AccessPass, because="a test").filter(for_organization=firm.organisation_id)
    assert passes.count() == 2


def test_a_space_that_is_handed_on_keeps_its_tenants(scene):
    host, firm, row = scene
    receiver = factories.organisation(kind="space")
    other = factories.member(receiver)
    offer = transfer_space(space=row.space, actor=host, code=receiver.code)
    answer_transfer(transfer=offer, verb="accept", actor=other)
    assert all_tenancies().get().stage == "incubating"
    assert unscoped(AccessPass, because="a test").filter(for_organization=firm.organisation_id).count() == 1
    assert graduate_tenant(tenancy=all_tenancies().get(), actor=other, grounds={"d": "并购"}).stage == "graduated"
