"""Streets and parks (3.2): entered by officers of the region, members by claim or by place, counted by the order."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

import factories
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.core.models import History, Notice
from chuangbao.core.workbench import todos_of
from chuangbao.core.workflow.refusals import Refused
from chuangbao.spaces.demo_projects import load_demo, load_demo_projects
from chuangbao.spaces.domain.dependants import describe_consequences
from chuangbao.spaces.domain.ending import close_space
from chuangbao.spaces.domain.projects import (
    add_milestone,
    claim_membership,
    enter_member,
    find_candidates,
    move_member,
    move_project,
    reach_milestone,
    read_boundary,
    update_project,
)
from chuangbao.spaces.models import Project, ProjectMember, Site
from chuangbao.spaces.queries import count_ordered
from spaces.samples import make_project, make_space

pytestmark = pytest.mark.usefixtures("regions")
AROUND = "43.8,125.2\n43.8,125.4\n44.0,125.4\n44.0，125.2"


@pytest.fixture
def officer():
    return factories.officer("spaces")


@pytest.fixture
def owner():
    return factories.member(factories.organisation("演示运营公司", kind="space"))


@pytest.fixture
def project(officer):
    return make_project(officer)


def refuse(code, field, act, **given):
    with pytest.raises(Refused) as refusal:
        act(**given)
    assert (refusal.value.code, refusal.value.field) == (code, field)


def events_of(actor):
    rows = unscoped(Notice, because="a test").filter(person=actor.person_id).order_by("pk")
    return [event for event in rows.values_list("event", flat=True) if event.startswith("project.")]


def test_an_officer_enters_a_project_of_the_area_and_nobody_else(officer, owner):
    project = make_project(officer)
    assert visible(Project, to=factories.founder()).get() == project
    for stranger in (owner, factories.officer(), factories.founder()):
        with pytest.raises(Forbidden):
            make_project(stranger)
    refuse("no_place", "region", make_project, actor=officer, name="别处", region=factories.NEIGHBOUR)
    refuse("name_taken", "name", make_project, actor=officer)
    refuse("industry_needed", "industry", make_project, actor=officer, name="园区", kind="park")
    assert Project.objects.count() == 1
    neighbour = factories.officer("spaces", region=factories.NEIGHBOUR)
    with pytest.raises(Forbidden):
        update_project(project=project, actor=neighbour, seen=1, name="他人所改")
    update_project(project=project, actor=officer, seen=1, name="演示·新街")
    refuse("changed", "", update_project, project=project, actor=officer, seen=1, name="又改")
    assert Project.objects.get().name == "演示·新街"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("43.8", "odd_point"),
        ("a,b", "odd_point"),
        ("143.8,125.2\n1,1\n2,2", "odd_point"),
        ("nan,125.2\n1,1\n2,2", "odd_point"),
        ("1,1\n2,2", "few_points"),
        ("\n".join(["1,1"] * 41), "many_points"),
        ("0,0\n1,1\n0,1\n1,0", "crossed"),
    ],
)
def test_a_line_that_is_no_area_is_refused_beside_the_field(text, code):
    refuse(code, "boundary", read_boundary, text=text)


def test_a_line_is_read_as_points():
    assert read_boundary("") == []
    assert read_boundary(AROUND)[3] == (44.0, 125.2)


def test_a_space_asks_and_the_office_answers_with_a_reason_where_it_says_no(officer, owner, project):
    space = make_space(owner)
    member = claim_membership(project=project, space=space, actor=owner, note="就在街口")
    refuse("there_already", "space", claim_membership, project=project, space=space, actor=owner)
    assert events_of(officer) == ["project.asked"]
    assert [row.title for _label, rows in todos_of(officer) for row in rows] == ["演示·空间申请加入演示·一条街"]
    assert not visible(ProjectMember, to=factories.founder()).exists(), "a claim is not public"
    with pytest.raises(Refused):
        move_member(member=member, verb="confirm", actor=owner)
    with pytest.raises(Refused):
        move_member(member=member, verb="confirm", actor=factories.officer("spaces", region=factories.NEIGHBOUR))
    refuse("reason_needed", "reason", move_member, member=member, verb="decline", actor=officer)
    move_member(member=member, verb="decline", actor=officer, reason="不在街上")
    member = claim_membership(project=project, space=space, actor=owner)
    move_member(member=member, verb="confirm", actor=officer)
    assert visible(ProjectMember, to=factories.founder()).get() == member
    assert events_of(owner) == ["project.decline", "project.confirm"]
    move_member(member=member, verb="leave", actor=owner)
    assert events_of(officer) == ["project.asked", "project.asked", "project.left"]
    with pytest.raises(Forbidden):
        claim_membership(project=project, space=space, actor=factories.member())


def test_spaces_that_lie_in_it_are_found_by_the_line_and_by_the_street(officer, owner, project):
    inside, outside, street = (make_space(owner, f"演示·{n}") for n in ("内", "外", "街上"))
    Site.objects.filter(space=inside).update(latitude="43.9", longitude="125.3")
    Site.objects.filter(space=outside).update(latitude="43.7", longitude="125.3")
    Site.objects.filter(space=street).update(address="演示街8号")
    assert find_candidates(project) == []
    update_project(project=project, actor=officer, seen=1, boundary=AROUND, addresses="演示街\n\n")
    project.refresh_from_db()
    assert {row.name for row in find_candidates(project)} == {"演示·内", "演示·街上"}
    enter_member(project=project, space=inside, actor=officer)
    assert events_of(owner) == ["project.entered"]
    assert [row.name for row in find_candidates(project)] == ["演示·街上"]
    counts = {str(line.label): line.count for line in describe_consequences(inside)}
    assert counts["所属一条街或园区"] == 1
    close_space(space=street, actor=owner, reason="装修")
    assert find_candidates(project) == []
    refuse("ended", "space", enter_member, project=project, space=street, actor=officer)


def test_milestones_have_days_and_proof_and_what_is_late_is_a_todo(officer, owner, project):
    today = timezone.localdate()
    late = add_milestone(project=project, title="开街", due_on=today - timedelta(days=1), actor=officer)
    add_milestone(project=project, title="满五家", due_on=today + timedelta(days=300), actor=officer)
    refuse("title_taken", "title", add_milestone, project=project, title="开街 ", due_on=today, actor=officer)
    refuse("title_needed", "title", add_milestone, project=project, title=" ", due_on=today, actor=officer)
    assert late.is_late
    assert len([row for _label, rows in todos_of(officer) for row in rows]) == 1
    given = {"milestone": late, "actor": officer}
    refuse("future_day", "reached_on", reach_milestone, **given, reached_on=today + timedelta(days=1), evidence="x")
    refuse("evidence_needed", "evidence", reach_milestone, **given, reached_on=today, evidence=" ")
    assert not reach_milestone(**given, reached_on=today, evidence="现场可见").is_late
    assert todos_of(officer) == []
    with pytest.raises(Forbidden):
        reach_milestone(milestone=late, actor=owner, reached_on=today, evidence="x")


def test_a_project_starts_and_ends_with_a_reason_and_then_stays_as_it_was(officer, owner, project):
    move_project(project=project, verb="start", actor=officer)
    refuse("reason_needed", "reason", move_project, project=project, verb="end", actor=officer)
    row = move_project(project=project, verb="end", actor=officer, reason="改建")
    assert (row.stage, row.ended_on, row.started_on) == ("ended", timezone.localdate(), timezone.localdate())
    project.refresh_from_db()
    refuse("over", "", update_project, project=project, actor=officer, seen=1, name="新名")
    refuse("over", "", claim_membership, project=project, space=make_space(owner), actor=owner)
    verbs = History.objects.filter(kind="spaces.project", object_id=project.pk).values_list("verb", flat=True)
    assert sorted(verbs) == ["end", "project.enter", "start"]


def test_what_the_document_orders_is_counted_by_region(officer, owner, project):
    enter_member(project=project, space=make_space(owner), actor=officer)
    lines = {(line.name, str(line.kind)): (line.projects, line.members) for line in count_ordered(date(2026, 1, 1))}
    assert len(lines) == 9
    assert lines["长春市", "street"] == (1, 1)
    assert sum(projects for projects, _members in lines.values()) == 1
    move_project(project=project, verb="end", actor=officer, reason="改建")
    assert all(line.projects == 0 for line in count_ordered(date(2026, 1, 1)))


def test_the_register_is_public_with_its_map_and_its_data(client, officer, owner, project, django_assert_num_queries):
    space = make_space(owner)
    Site.objects.filter(space=space).update(latitude="43.9", longitude="125.3")
    enter_member(project=project, space=space, actor=officer)
    update_project(project=project, actor=officer, seen=1, boundary=AROUND, name="=演示·街")
    page = client.get(reverse("spaces:projects"), {"kind": "street"}).content.decode()
    assert "成员空间1个" in page
    assert "请选择地区" not in page, "a filter asks for all where nothing is chosen"
    assert "没有符合条件的一条街或园区" in client.get(reverse("spaces:projects"), {"kind": "park"}).content.decode()
    page = client.get(reverse("spaces:project", args=[project.pk])).content.decode()
    assert "演示·空间" in page
    assert "修改登记信息" not in page
    assert "=演示·街" in client.get(reverse("spaces:space", args=[space.pk])).content.decode()
    found = client.get(reverse("spaces:project_points", args=[project.pk])).json()
    assert (found["points"][0]["at"], found["boundary"][0]) == ([125.3, 43.9], [125.2, 43.8])
    rows = list(csv.reader(io.StringIO(client.get(reverse("spaces:projects_csv")).content.decode("utf-8-sig"))))
    assert (rows[1][1], rows[1][13], rows[-1][0]) == ("'=演示·街", "1", "# CC BY 4.0")
    assert client.get(reverse("spaces:projects_json")).json()["projects"][0]["members"] == 1
    for url, count in ((reverse("spaces:projects"), 5), (reverse("spaces:project", args=[project.pk]), 8)):
        client.get(url)
        with django_assert_num_queries(count):
            client.get(url)


def test_a_member_that_has_closed_is_in_no_number_and_on_no_map(client, officer, owner, project):
    space = make_space(owner)
    Site.objects.filter(space=space).update(latitude="43.9", longitude="125.3")
    enter_member(project=project, space=space, actor=officer)
    close_space(space=space, actor=owner, reason="装修")
    assert client.get(reverse("spaces:projects_json")).json()["projects"][0]["members"] == 0
    assert client.get(reverse("spaces:project_points", args=[project.pk])).json()["points"] == []
    assert "成员空间0个" in client.get(reverse("spaces:projects")).content.decode()


def test_officers_search_sort_and_take_the_projects_as_a_workbook(client, officer, owner, project):
    late = make_project(officer, "演示·二街", addresses="解放大路")
    add_milestone(project=late, title="开街", due_on=timezone.localdate() - timedelta(days=1), actor=officer)
    enter_member(project=project, space=make_space(owner), actor=officer)
    park = make_project(officer, "演示·园区", kind="park", industry="矿泉水", industry_codes="15，1522 15")
    assert park.industry_codes == "15 1522"

    def names(**asked):
        found = client.get(reverse("spaces:projects_workbook"), asked).content
        return [row[2] for row in load_workbook(io.BytesIO(found)).active.iter_rows(min_row=2, values_only=True)]

    assert client.get(reverse("spaces:projects_workbook")).status_code == 302
    factories.sign_in(client, officer)
    assert names(q="解放") == ["演示·二街"]
    assert names(q="矿泉") == ["演示·园区"]
    assert names(sort="late")[0] == "演示·二街"
    assert names(sort="members")[0] == "演示·一条街"
    assert "1个节点逾期" in client.get(reverse("spaces:projects")).content.decode()
    assert reverse("spaces:projects_workbook") in client.get(reverse("spaces:projects")).content.decode()
    factories.sign_in(client, owner)
    assert client.get(reverse("spaces:projects_workbook")).status_code == 403


@pytest.mark.parametrize("text", ["矿泉水", "1", "15222", "00", "15-16", "²²"])
def test_what_is_no_code_of_an_industry_is_refused_beside_the_field(officer, text):
    given = {"actor": officer, "name": "演示·园区", "kind": "park", "industry": "矿泉水", "industry_codes": text}
    refuse("no_code", "industry_codes", make_project, **given)
    assert not Project.objects.exists()


def test_more_codes_than_are_taken_are_refused(officer):
    many = " ".join(f"15{n:02}" for n in range(13))
    refuse("many_codes", "industry_codes", make_project, actor=officer, industry_codes=many)


def test_pages_say_what_is_wrong_beside_the_field_and_keep_what_was_typed(client, officer, owner, project):
    factories.sign_in(client, officer)
    form = {"kind": "park", "name": "演示·园区", "region": factories.COUNTY, "boundary": "x"}
    refused = client.post(reverse("spaces:project_new"), form)
    assert (refused.status_code, "演示·园区" in refused.content.decode()) == (422, True)
    assert "请填写该产业" in refused.content.decode()
    assert client.post(reverse("spaces:project_new"), form | {"industry": "医药", "boundary": ""}).status_code == 302
    edit = reverse("spaces:project_edit", args=[project.pk])
    given = {"seen": 1, "kind": "street", "name": "演示·新街", "region": factories.COUNTY, "addresses": "演示路"}
    assert client.post(edit, given).status_code == 302
    assert client.post(edit, given).status_code == 422
    client.post(reverse("spaces:project_milestone", args=[project.pk]), {"title": "开街", "due_on": "2026-01-01"})
    mark = project.milestones.get()
    reach = reverse("spaces:project_reach", args=[project.pk, mark.pk])
    assert client.post(reach, {"reached_on": "2026-01-01", "evidence": ""}).status_code == 422
    assert client.post(reach, {"reached_on": "2026-01-01", "evidence": "现场可见"}).status_code == 302
    space = make_space(owner)
    page = reverse("spaces:project_candidates", args=[project.pk])
    assert client.post(page, {"space": "999"}).status_code == 422
    assert client.post(page, {"space": space.pk}).status_code == 302
    assert client.post(reverse("spaces:project_start", args=[project.pk])).status_code == 302
    client.post(reverse("spaces:project_start", args=[project.pk]))
    member = ProjectMember.objects.get()
    assert client.get(reverse("spaces:project_member", args=[member.pk, "confirm"])).status_code == 200
    assert client.post(reverse("spaces:project_member", args=[member.pk, "confirm"])).status_code == 422
    assert client.get(reverse("spaces:project_member", args=[member.pk, "explode"])).status_code == 404
    assert client.get(reverse("spaces:project_member", args=[member.pk, "leave"])).status_code == 404
    out = reverse("spaces:project_member", args=[member.pk, "take_out"])
    assert client.post(out, {"reason": ""}).status_code == 422
    assert client.post(out, {"reason": "已搬走"}).status_code == 302
    end = reverse("spaces:project_end", args=[project.pk])
    assert client.post(end, {"reason": ""}).status_code == 422
    assert client.post(end, {"reason": "改建"}).status_code == 302


def test_an_operator_asks_on_a_page_and_leaves_on_another(client, owner, project):
    space, other = make_space(owner), make_space(factories.member(), "别人的")
    factories.sign_in(client, owner)
    claim = reverse("spaces:project_claim", args=[project.pk])
    assert client.post(claim, {"space": other.pk}).status_code == 422
    assert client.post(claim, {"space": space.pk, "note": "就在街口"}).status_code == 302
    refused = client.post(claim, {"space": space.pk, "note": "再来一次"})
    assert (refused.status_code, "再来一次" in refused.content.decode()) == (422, True)
    member = ProjectMember.objects.get()
    page = client.get(reverse("spaces:project", args=[project.pk])).content.decode()
    leave = reverse("spaces:project_member", args=[member.pk, "leave"])
    assert leave in page
    assert client.post(leave).status_code == 302
    assert ProjectMember.objects.get().stage == "left"


def test_the_demonstration_has_most_of_what_is_ordered_and_is_made_once(db, regions):
    load_demo()
    assert load_demo_projects() == 6
    assert Project.objects.filter(is_demo=True, name__startswith="演示·").count() == 6
    assert ProjectMember.objects.count() == 22
    assert [line.projects for line in count_ordered(timezone.localdate())].count(0) == 3
