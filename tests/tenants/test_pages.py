"""The pages of tenants: a fixed number of questions, what the operator, the tenant and a stranger see."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from urllib.parse import urlencode
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

import factories
from chuangbao.tenants.domain.placing import add_cohort
from tenants.scene import all_tenancies, apply_as, begin, host_and_space

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def scene(client):
    host, space = host_and_space()
    factories.sign_in(client, host)
    return host, space


def words(answer):
    return answer.content.decode()


def test_a_founder_applies_on_the_page_of_a_space_and_takes_it_back(client):
    _host, space = host_and_space()
    page = words(client.get(reverse("spaces:space", args=[space.pk])))
    apply = reverse("tenants:apply", args=[space.pk])
    assert apply in page
    founder = factories.founder()
    factories.sign_in(client, founder)
    assert "还没有入驻任何空间" in words(client.get(reverse("tenants:mine")))
    sent = {"team_name": "演示团队", "team_kind": "shop", "members": "3", "project": "", "origin": "homecomer"}
    wrong = client.post(apply, sent)
    assert (wrong.status_code, all_tenancies().count()) == (422, 0)
    sent |= {"project": "在网上卖人参", "is_virtual": "on", "phone": "0431-1234567", "once": str(uuid4())}
    own = [client.post(apply, sent).url for _again in range(2)]
    row = all_tenancies().get()
    assert own == [reverse("tenants:own", args=[row.pk])] * 2
    text = words(client.get(own[0]))
    assert all(said in text for said in ("虚拟入驻", "微商、网店", "3人", "在网上卖人参", "返乡创业"))
    assert "演示·孵化空间" in words(client.get(reverse("tenants:mine")))
    assert client.post(reverse("tenants:withdraw", args=[row.pk])).url == own[0]
    assert "已撤回申请" in words(client.get(own[0]))
    late = client.post(reverse("tenants:withdraw", args=[row.pk]))
    assert late.status_code == 422
    alert = words(late).partition('role="alert"')[2]
    assert "其他人已办理此事" in alert[:600], "the form is gone; what was refused is said all the same"
    again = client.post(apply, sent | {"once": str(uuid4())})
    assert again.status_code == 302


def test_a_firm_applies_without_a_team_and_a_closed_space_says_so(client):
    _host, space = host_and_space()
    factories.sign_in(client, factories.member())
    apply = reverse("tenants:apply", args=[space.pk])
    assert "team_name" not in words(client.get(apply))
    nothing_chosen = client.post(apply, {"project": "软件", "origin": ""})
    assert (nothing_chosen.status_code, "软件" in words(nothing_chosen)) == (422, True)
    assert client.post(apply, {"project": "软件", "origin": "student"}).status_code == 302
    assert all_tenancies().get().is_firm
    twice = client.post(apply, {"project": "软件", "origin": "student"})
    assert "您已申请或已入驻这个空间" in words(twice)
    type(space)._base_manager.filter(pk=space.pk).update(stage="closed", ended_on=timezone.localdate())
    assert "已不再运营" in words(client.get(apply))


def test_a_tenant_is_led_to_bookings_and_sees_what_its_business_may_touch(client, scene):
    host, space = scene
    founder = factories.founder()
    row = begin(founder, space, host)
    all_tenancies().filter(pk=row.pk).update(project="直播电商")
    tenant = factories.sign_in(Client(), founder)
    own = words(tenant.get(reverse("tenants:own", args=[row.pk])))
    assert reverse("booking:venue", args=[space.sites.get().venue_id]) in own
    scope = f"{reverse('premises:scope')}?{urlencode({'q': '直播电商'})}"
    for page in (own, words(client.get(reverse("tenants:tenancy", args=[row.pk])))):
        assert scope in page
    assert "互联网零售" in words(tenant.get(scope))
    assert reverse("premises:scope") in words(tenant.get(reverse("tenants:apply", args=[space.pk])))


def test_who_has_left_is_led_to_the_own_data_and_the_list_first(client, scene):
    host, space = scene
    founder = factories.founder()
    row = begin(founder, space, host)
    client = factories.sign_in(Client(), founder)
    client.post(reverse("tenants:leave", args=[row.pk]))
    page = words(client.get(reverse("tenants:own", args=[row.pk])))
    next_step = page[page.index("下一步") : page.index("申请日期")]
    assert reverse("tenants:data", args=[row.pk]) in next_step
    assert "#handover" in next_step


def test_milestones_speak_to_each_side_in_its_own_words(client, scene):
    host, space = scene
    founder = factories.founder()
    row = begin(founder, space, host)
    hosted = words(client.get(reverse("tenants:tenancy", args=[row.pk])))
    own = words(factories.sign_in(Client(), founder).get(reverse("tenants:own", args=[row.pk])))
    assert "请与入驻方商定接下来的目标" in hosted
    assert "写下您接下来想达成的目标" not in hosted
    assert "写下您接下来想达成的目标" in own


def test_the_board_asks_a_fixed_number_of_questions(client, scene, django_assert_num_queries):
    _host, space = scene
    assert "没有符合条件的入驻方" in words(client.get(reverse("tenants:board")))
    for n in range(25):
        apply_as(factories.founder(), space, team_name=f"第{n}团队")
    client.get(reverse("tenants:board"))
    with django_assert_num_queries(10):
        page = words(client.get(reverse("tenants:board")))
    assert page.count("团队</a>") == 20
    with django_assert_num_queries(15):
        client.get(reverse("tenants:tenancy", args=[all_tenancies().first().pk]))


def test_the_board_is_searched_and_filtered_and_taken_as_excel(client, scene):
    host, space = scene
    cohort = add_cohort(space=space, actor=host, name="春季")
    firm = begin(factories.member(factories.organisation("演示科技有限公司")), space, host)
    all_tenancies().filter(pk=firm.pk).update(cohort=cohort)
    apply_as(factories.founder(), space, team_name="云上团队", is_virtual=True)
    board = reverse("tenants:board")

    def list_found(**asked):
        page = words(client.get(board, asked))
        return [name for name in ("演示科技有限公司", "云上团队") if name in page]

    assert list_found() == ["演示科技有限公司", "云上团队"]
    assert list_found(q="云上") == list_found(kind="virtual") == list_found(kind="team") == ["云上团队"]
    assert (
        list_found(stage="incubating")
        == list_found(kind="firm")
        == list_found(cohort=cohort.pk)
        == ["演示科技有限公司"]
    )
    assert list_found(stage="left") == []
    assert list_found(stage="x", cohort="²", sort="term", space=space.pk) == ["演示科技有限公司", "云上团队"]
    answer = client.get(reverse("tenants:workbook"), {"kind": "virtual"})
    sheet = load_workbook(BytesIO(answer.content)).active
    assert [row[1] for row in sheet.iter_rows(min_row=2, values_only=True)] == ["云上团队"]


def test_the_operator_talks_places_and_admits(client, scene):
    _host, space = scene
    row = apply_as(factories.founder(), space)
    at = reverse("tenants:tenancy", args=[row.pk])
    past = {"at": "2020-01-01T10:00", "place": "演示路1号"}
    refused = client.post(reverse("tenants:arrange", args=[row.pk]), past)
    assert (refused.status_code, row.talks.count()) == (422, 0)
    soon = timezone.localtime() + timedelta(days=2)
    sent = {"at": f"{soon:%Y-%m-%dT10:00}", "place": "演示路1号"}
    assert client.post(reverse("tenants:arrange", args=[row.pk]), sent).url == at
    talk = row.talks.get()
    note = reverse("tenants:note", args=[row.pk, talk.pk])
    assert client.post(note, {"note": "很有想法"}).url == at
    assert client.post(note, {"note": "x" * 2001}).status_code == 422
    assert "很有想法" in words(client.get(at))
    cohort = {"name": "春季", "starts_on": "2026-03-01", "ends_on": "2026-02-01"}
    cohorts = reverse("tenants:cohorts", args=[space.pk])
    assert client.post(cohorts, cohort).status_code == 422
    assert client.post(cohorts, cohort | {"ends_on": ""}).url == cohorts
    assert client.post(cohorts, cohort | {"ends_on": ""}).status_code == 422
    assert "春季" in words(client.get(cohorts))
    place = reverse("tenants:place", args=[row.pk])
    seat = {"seen": all_tenancies().get().revision, "desks": "2", "area": "12.5", "cohort": space.cohorts.get().pk}
    assert client.post(place, seat | {"is_virtual": "on"}).status_code == 422
    assert client.post(place, seat).url == at
    stale = client.post(place, seat | {"desks": "3"})
    assert "同事已作修改" in words(stale)
    assert (all_tenancies().get().desks, all_tenancies().get().cohort.name) == (2, "春季")
    assert client.post(reverse("tenants:decline", args=[row.pk]), {"reason": ""}).status_code == 422
    assert client.post(reverse("tenants:admit", args=[row.pk])).url == at
    assert client.post(reverse("tenants:admit", args=[row.pk])).status_code == 422
    assert "待签协议" in words(client.get(at))
    assert client.post(reverse("tenants:decline", args=[row.pk]), {"reason": "没有空位"}).url == at
    assert client.post(place, seat).status_code == 422


def test_an_application_waits_on_the_desk_of_the_operator(client, scene):
    _host, space = scene
    apply_as(factories.founder(), space)
    assert "待答复" in words(client.get(reverse("portal:desk")))


def test_a_stranger_finds_neither_side(client, scene):
    _host, space = scene
    row = apply_as(factories.founder(), space)
    factories.sign_in(client, factories.member())
    for name in ("tenancy", "own"):
        assert client.get(reverse(f"tenants:{name}", args=[row.pk])).status_code == 404
    assert client.get(reverse("tenants:cohorts", args=[space.pk])).status_code == 403
