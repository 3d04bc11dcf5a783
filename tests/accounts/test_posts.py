"""Appointing: nothing is chosen for one, no area beyond the agency's, two persons for a province, a reason to end."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

import factories
from chuangbao.accounts.domain.acting import actor_for, choices
from chuangbao.accounts.domain.departments import department_of
from chuangbao.accounts.domain.posts import (
    Appointment,
    appoint_administrator,
    appoint_officer,
    confirm_post,
    end_duty,
    end_post,
    propose_administrator,
    set_department,
)
from chuangbao.accounts.forms import DutyForm, PostForm
from chuangbao.accounts.models import AdminDuty, Organisation, Person, Post
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.audit.log import history_of
from chuangbao.core.messaging.notifications import title_of
from chuangbao.core.models import Notice
from chuangbao.core.workflow.proposals import confirm, decline, propose
from chuangbao.core.workflow.refusals import Refused

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def system():
    return factories.admin("system_admin")


@pytest.fixture
def security():
    return factories.admin("security_admin")


@pytest.fixture
def county_agency():
    return factories.organisation("南关区科技局", kind="agency", region=factories.COUNTY)


@pytest.fixture
def province_agency():
    return factories.organisation("吉林省科技厅", kind="agency", region=factories.PROVINCE)


def appointed(actor, agency, region, *, who=None, end=date(2098, 12, 31)):
    to = Appointment(agency=agency, department="综合科", region=region, duties=["policy_editor"],
                     start=date(2026, 1, 1), end=end)  # fmt: skip
    return appoint_officer(actor=actor, email=(who or factories.person()).email, to=to)


def refusal(verb, **given):
    with pytest.raises(Refused) as found:
        verb(**given)
    return found.value


def officer_of(post):
    return actor_for(Person.objects.get(pk=post.person_id), f"officer:{post.pk}")


@pytest.mark.parametrize("region", [factories.NEIGHBOUR, factories.CITY, factories.PROVINCE, "100000", "340000"])
def test_the_area_of_a_post_lies_within_the_agencys(system, county_agency, region):
    with pytest.raises(Refused) as found:
        appointed(system, county_agency, region)
    assert (found.value.code, found.value.field) == ("outside_agency", "region")
    assert not Post.objects.exists()


def test_the_form_chooses_nothing_and_offers_areas_of_the_agencies_alone(system, county_agency):
    form = PostForm(actor=system)
    codes = [code for code, _label in form.fields["region"].choices]
    assert codes == ["", factories.COUNTY]
    assert [form[name].value() for name in ("region", "agency", "duties", "department", "email")] == [None] * 5
    assert DutyForm().fields["kind"].choices[0][0] == ""
    labels = [str(field.label) for field in form]
    assert len(set(labels)) == len(labels)


def test_a_post_of_a_county_begins_at_once(system, county_agency):
    post = appointed(system, county_agency, factories.COUNTY)
    assert officer_of(post).acting == f"officer:{post.pk}"


def test_a_post_for_the_province_waits_for_a_second_person(system, security, province_agency):
    post = appointed(system, province_agency, factories.PROVINCE)
    assert officer_of(post).acting == "self"
    assert len(choices(Person.objects.get(pk=post.person_id))) == 1
    assert list(Notice.objects.values_list("person", "event")) == [(security.person_id, "post.waits")]
    with pytest.raises(PermissionDenied):
        confirm_post(post=post, actor=system)
    confirm_post(post=post, actor=security)
    assert officer_of(post).acting == f"officer:{post.pk}"
    assert Notice.objects.filter(person=post.person_id, event="post.appointed").exists()
    assert [h.verb for h in history_of(post)] == ["post.confirm", "post.appoint"]
    assert refusal(confirm_post, post=post, actor=security).code == "confirmed"


def test_who_appointed_or_is_appointed_does_not_confirm(system, security, province_agency):
    post = appointed(system, province_agency, factories.PROVINCE)
    AdminDuty.objects.filter(person=system.person_id).update(ended_at=timezone.now())
    AdminDuty.objects.create(person_id=system.person_id, kind="security_admin")
    changed = actor_for(Person.objects.get(pk=system.person_id), f"security_admin:{AdminDuty.objects.latest('pk').pk}")
    assert refusal(confirm_post, post=post, actor=changed).code == "same_person"
    for person in (post.appointed_by_id, post.person_id):
        with pytest.raises(IntegrityError), transaction.atomic():
            Post.objects.filter(pk=post.pk).update(confirmed_by=person)


def test_an_ended_post_is_not_confirmed(system, security, province_agency):
    post = appointed(system, province_agency, factories.PROVINCE)
    end_post(post=post, actor=security, reason="不同意")
    assert refusal(confirm_post, post=post, actor=security).code == "over"


def test_the_system_itself_appoints_the_first_officer(province_agency):
    post = appointed(SYSTEM, province_agency, factories.PROVINCE)
    assert officer_of(post).acting == f"officer:{post.pk}"


@pytest.mark.parametrize("reason", ["", "  ", "\n"])
def test_ending_asks_for_a_reason(system, security, county_agency, reason):
    post = appointed(system, county_agency, factories.COUNTY)
    assert refusal(end_post, post=post, actor=system, reason=reason).code == "reason_needed"
    factories.admin("audit_admin")
    duty = AdminDuty.objects.get(person=factories.admin("audit_admin").person_id)
    assert refusal(end_duty, duty=duty, actor=security, reason=reason).code == "reason_needed"
    post.refresh_from_db()
    assert post.last_day == date(2098, 12, 31)


def test_the_last_day_is_shown_as_it_was_typed(client, system, county_agency):
    post = appointed(system, county_agency, factories.COUNTY, end=date(2027, 12, 31))
    page = factories.sign_in(client, system).get(reverse("accounts:posts")).content.decode()
    assert "2027-12-31" in page
    assert "2028-01-01" not in page
    assert client.post(reverse("accounts:end_post", args=[post.pk]), {"reason": ""}, follow=True).status_code == 200
    post.refresh_from_db()
    assert post.last_day == date(2027, 12, 31)
    end_post(post=post, actor=system, reason="调离")
    assert post.last_day is not None


def test_a_post_that_never_ran_has_no_last_day(system, county_agency):
    post = appointed(system, county_agency, factories.COUNTY)
    Post.objects.filter(pk=post.pk).update(term="empty")
    post.refresh_from_db()
    assert post.last_day is None


def test_the_pages_confirm_and_set_departments(client, system, security, province_agency):
    post = appointed(system, province_agency, factories.PROVINCE)
    factories.sign_in(client, security)
    page = client.get(reverse("accounts:posts")).content.decode()
    assert "待复核" in page
    address = reverse("accounts:confirm_post", args=[post.pk])
    assert "已复核" in client.post(address, follow=True).content.decode()
    assert "已经复核" in client.post(address, follow=True).content.decode()
    factories.sign_in(client, system)
    assert client.post(address).status_code == 403
    where = reverse("accounts:department", args=[province_agency.pk])
    assert "已保存" in client.post(where, {"code": "science"}, follow=True).content.decode()
    province_agency.refresh_from_db()
    assert province_agency.department == "science"
    client.post(where, {"code": "nothing"})
    province_agency.refresh_from_db()
    assert province_agency.department == "science"


def test_a_section_gives_no_rights_and_the_agency_does(system, county_agency):
    post = appointed(system, county_agency, factories.COUNTY)
    assert officer_of(post).department == "综合科"
    set_department(agency=county_agency, code="science", actor=system)
    assert officer_of(post).department == "science"


def test_only_agencies_are_departments_and_only_of_the_list(system, county_agency):
    firm = factories.organisation()
    assert refusal(set_department, agency=firm, code="science", actor=system).code == "no_agency"
    assert refusal(set_department, agency=county_agency, code="seeds", actor=system).code == "no_department"
    with pytest.raises(PermissionDenied):
        set_department(agency=county_agency, code="science", actor=factories.officer())
    assert set_department(agency=county_agency, code="science", actor=SYSTEM).department == "science"


NAMES = {
    "南关区科技局": "science", "吉林省科学技术厅": "science", "演示·吉林省科技局": "science", "长春市税务局": "tax",
    "国家税务总局吉林省税务局": "tax", "吉林省人力资源和社会保障厅": "labour", "督查室": "", "综合科": "",
    "吉林省人民政府办公厅": "general_office", "吉林省工业和信息化厅": "industry", "财政局（国资局）": "finance",
}  # fmt: skip


@pytest.mark.parametrize(("name", "code"), NAMES.items())
def test_the_migration_reads_the_department_of_an_agency_from_its_name(name, code):
    migration = import_module("chuangbao.accounts.migrations.0006_agencies_and_posts")
    assert migration.department_of(name) == code


@pytest.mark.parametrize(("name", "code"), NAMES.items())
def test_a_new_agency_is_of_the_department_that_its_name_says(name, code):
    assert department_of(name) == code


def test_the_migration_takes_the_section_where_the_name_says_nothing():
    migration = import_module("chuangbao.accounts.migrations.0006_agencies_and_posts")
    silent, several = (factories.organisation(f"机关{n}", kind="agency") for n in (1, 2))
    factories.post(agency=silent, department="科技局")
    for section in ("科技", "税务"):
        factories.post(agency=several, department=section)
    migration.name_departments(apps, None)
    found = {o.name: o.department for o in Organisation.objects.filter(kind="agency")}
    assert (found["机关1"], found["机关2"]) == ("science", "")


def test_the_migration_moves_texts_from_the_section_to_the_department(measure_of_section):
    migration = import_module("chuangbao.policies.migrations.0011_departments_of_agencies")
    author, measure, draft = measure_of_section
    Organisation.objects.filter(pk=author.organisation_id).update(department="science")
    migration.move_rows(apps, None)
    measure.refresh_from_db()
    draft.refresh_from_db()
    assert (measure.department, draft.department) == ("science", "science")


@pytest.fixture
def measure_of_section():
    from chuangbao.authoring.domain.drafts import begin_draft
    from chuangbao.policies.models import RegisteredMeasure
    from measuretext import REF, text_of

    author = factories.officer("policy_editor", department="综合科")
    measure = RegisteredMeasure.objects.create(ref=REF, region_id=factories.COUNTY, department="综合科")
    return author, measure, begin_draft(measure=measure, content=text_of(), actor=author)


def test_whose_post_is_still_to_begin_or_to_be_confirmed_becomes_no_administrator(system, security, province_agency):
    """Else the post would begin beside the duty, and one person would appoint and decide."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    waits = appointed(system, province_agency, factories.PROVINCE)
    later = factories.post(term=(tomorrow, tomorrow + timedelta(days=9)))
    for post in (waits, later):
        found = refusal(propose_administrator, actor=security, reason="x", email=post.person.email, kind="audit_admin")
        assert found.code == "officer"
    over = factories.post(term=(date(2020, 1, 1), timezone.localdate()))
    assert appoint_by_two(security, system, over.person).kind == "audit_admin"


def test_no_administrator_is_made_or_ended_unseen(system, security):
    """One security administrator with a second account could else take the auditor's place and end the auditor."""
    auditor, other = factories.admin("audit_admin"), factories.person("李某", email="other@example.org")
    made = appoint_by_two(security, system, other)
    told = Notice.objects.filter(event="duty.appointed")
    assert {row.person_id for row in told} == {security.person_id, auditor.person_id, other.pk}
    assert title_of(told[0]) == "李某 已被任命为审计管理员"
    row = AdminDuty.objects.get(pk=auditor.holder_id)
    confirm(propose(row, "duty.end", actor=security, reason="调岗"), actor=system)
    told = set(Notice.objects.filter(event="duty.ended").values_list("person_id", flat=True))
    assert told == {security.person_id, auditor.person_id, made.person_id}


def appoint_by_two(first, second, person, kind="audit_admin"):
    confirm(propose_administrator(actor=first, email=person.email, kind=kind, reason="x"), actor=second)
    return AdminDuty.objects.get(person=person, ended_at=None)


def test_one_administrator_alone_makes_and_ends_no_other(system, security):
    other, auditor = factories.person(), factories.admin("audit_admin")
    factories.admin("audit_admin")
    found = refusal(appoint_administrator, actor=security, email=other.email, kind="security_admin")
    assert found.code == "proposal_needed"
    ending = {"duty": AdminDuty.objects.get(pk=auditor.holder_id), "actor": security, "reason": "x"}
    assert refusal(end_duty, **ending).code == "proposal_needed"
    proposal = propose_administrator(actor=security, email=other.email, kind="security_admin", reason="x")
    assert refusal(confirm, proposal=proposal, actor=security).code == "same_person"
    for stranger in (auditor, factories.officer()):
        with pytest.raises(PermissionDenied):
            confirm(proposal, actor=stranger)
    assert not AdminDuty.objects.filter(person=other).exists()
    confirm(proposal, actor=system)
    assert AdminDuty.objects.get(person=other).kind == "security_admin"


def test_whose_duty_is_to_end_does_not_decide_about_it(system, security):
    factories.admin("system_admin")
    proposal = propose(AdminDuty.objects.get(pk=system.holder_id), "duty.end", actor=security, reason="x")
    with pytest.raises(PermissionDenied):
        confirm(proposal, actor=system)
    assert refusal(decline, proposal=proposal, actor=system, reason="x").code == "not_permitted"
    assert AdminDuty.objects.get(pk=system.holder_id).ended_at is None


def test_who_could_be_confirmed_by_no_other_acts_alone_and_reads_so(client, security):
    factories.sign_in(client, security)
    assert "没有其他系统管理员或安全管理员" in client.get(reverse("accounts:posts")).content.decode()
    factories.admin("audit_admin")
    other = factories.person()
    assert appoint_administrator(actor=security, email=other.email, kind="system_admin").person == other
    assert "没有其他系统管理员或安全管理员" not in client.get(reverse("accounts:posts")).content.decode()


def test_the_day_after_today_a_post_is_over(system, county_agency):
    post = appointed(system, county_agency, factories.COUNTY, end=timezone.localdate() + timedelta(days=9))
    ended = end_post(post=post, actor=system, reason="调离")
    assert ended.last_day == timezone.localdate() - timedelta(days=1)
