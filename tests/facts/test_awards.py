"""Past grants: loaded by offices and by people themselves, once, undone, and read by the rules."""

from __future__ import annotations

import io
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from django.utils.translation import override
from openpyxl import Workbook, load_workbook

import factories
from chuangbao.authoring.domain.drafts import begin_draft, submit_draft
from chuangbao.authoring.domain.publish import publish_version
from chuangbao.core.access.row_access import visible
from chuangbao.core.engine.current import current_engine, current_pack, use_newest_engine
from chuangbao.core.models import History, Notice
from chuangbao.core.privacy import HOLDINGS
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.domain.awarding import (
    confirm_awards,
    read_awards,
    record_award,
    undo_awards,
    withdraw_award,
)
from chuangbao.facts.domain.awardlines import COLUMNS
from chuangbao.facts.domain.granted import award_facts, profile_of
from chuangbao.facts.domain.sensitive import telling_measures
from chuangbao.facts.domain.snapshot import write_snapshot
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import subject_of, subject_of_organisation
from chuangbao.facts.models import Award, AwardRecord, Intake
from chuangbao.facts.scopes import is_withheld
from chuangbao.facts.views.awards import column_words
from chuangbao.policies.models import RegisteredMeasure
from chuangbao.rules.batch import totals
from measuretext import REF, text_of

pytestmark = pytest.mark.usefixtures("regions")
MEASURE = "2.3.5-jl-init"
HEAD = (
    "事项",
    "统一社会信用代码或编号",
    "种类",
    "级次",
    "地区",
    "批准日期",
    "所属期",
    "金额",
    "月数",
    "记录完整起始日",
)
ONCE = "(SELECT COUNT(*) FROM awards WHERE measure = '2.2.4-x') = 0"


def book(*lines, head=HEAD):
    """A workbook as a person saves it."""
    made = Workbook()
    made.active.append(head)
    for line in lines:
        made.active.append(line)
    out = io.BytesIO()
    made.save(out)
    return SimpleUploadedFile("以往补贴.xlsx", out.getvalue())


def line(code="", day="2024-05-01", **cells):
    """One line of a workbook."""
    found = {"measure": MEASURE, "amount": "5000", **cells, "subject": code, "granted_on": day}
    return [found.get(column, "") for column in COLUMNS]


@contextmanager
def refuses(code):
    """What is done inside is refused with this code."""
    with pytest.raises(Refused) as raised:
        yield
    assert raised.value.code == code


def put(cells, actor):
    """Put one grant on record, under what is published by now."""
    with use_newest_engine():
        return record_award(cells=cells, actor=actor)


def problems(intake):
    """What is wrong, by line."""
    return dict(intake.rows.exclude(problem="").values_list("line", "problem"))


@pytest.fixture
def firm():
    return factories.organisation("长春乙科技有限公司")


@pytest.fixture
def owner(firm):
    return factories.member(firm)


@pytest.fixture
def clerk():
    return factories.officer("register")


@pytest.fixture
def once_per_person(regions):
    """A measure that nobody gets twice, published at the desk by two people."""
    author, reviewer = factories.officer("policy_editor"), factories.officer("policy_reviewer")
    measure = RegisteredMeasure.objects.create(ref=REF, region_id=factories.COUNTY, department="科技")
    text = text_of().replace("employees_avg <= 10", ONCE).replace("{employees_avg: 10}", "{award_2_2_4_x: null}")
    draft = begin_draft(measure=measure, content=text, actor=author)
    publish_version(version=submit_draft(draft=draft, actor=author), valid_from=date(2026, 1, 1), actor=reviewer)


def verdict(actor, day=None):
    """What the measure of this test says of the actor's own subject, and the facts it waits for."""
    with use_newest_engine():
        profile = profile_of(subject_of(actor), day=day or timezone.localdate(), actor=actor, region=factories.COUNTY)
        answer = current_engine().judge(profile, "V1")
    return str(answer.status), list(answer.missing)


def test_a_workbook_of_an_office_is_checked_confirmed_counted_and_undone(firm, owner, clerk):
    upload = book(
        line(firm.code, months="6", period="2024-01", amount="1.2万"),
        line(firm.code, "2024/6/1"),
        line(firm.code, "2024-06-01"),  # twice in the file
        line(firm.code, "2099-01-01"),
        line("91220101000000000X"),
        line(firm.code, measure="没有的事项"),
        line(firm.code, amount="-5"),
        line(firm.code, amount="5.001"),
        line(firm.code, months="1.5"),
        line(firm.code, region="吉林市"),
        line(firm.code, ""),
        line("", "", amount="", since="2023-01-01"),
        line("", "", amount="", since="全部"),
        line(firm.code, "", amount="", since="2023-01-01"),
    )
    intake = read_awards(upload=upload, actor=clerk)
    assert not Award.objects.exists()
    assert sorted(problems(intake)) == [4, 5, 6, 7, 8, 9, 10, 11, 12, 14, 15]
    assert problems(intake)[4] == "第3行是同一笔。"
    assert confirm_awards(intake=intake, actor=clerk) == 3
    rows = list(Award.objects.order_by("granted_on"))
    assert [(r.granted_on, r.amount, r.months, r.period, r.kind) for r in rows] == [
        (date(2024, 5, 1), Decimal(12000), 6, "2024-01", "subsidy"),
        (date(2024, 6, 1), Decimal(5000), None, "", "subsidy"),
    ]
    assert {(r.source, r.place_id, r.recorded_by_id) for r in rows} == {("officer", firm.region_id, clerk.person_id)}
    record = AwardRecord.objects.get()
    assert (record.measure, record.region_id, record.since) == (MEASURE, clerk.region, date(2023, 1, 1))

    again = read_awards(upload=book(line(firm.code, period="2024-01"), line(firm.code, "2024-06-01")), actor=clerk)
    assert sorted(problems(again)) == [2, 3]  # both are on record
    with refuses("settled"):
        confirm_awards(intake=intake, actor=clerk)
    with pytest.raises(PermissionDenied):
        undo_awards(intake=intake, actor=factories.officer("register"))
    assert undo_awards(intake=intake, actor=clerk) == 2
    assert set(Award.objects.values_list("stage", flat=True)) == {"withdrawn"}
    assert not AwardRecord.objects.exists()
    assert History.objects.filter(verb="undo", object_id=intake.pk).count() == 1
    assert Notice.objects.filter(person=owner.person_id, event="facts.award_withdrawn").count() == 2
    with refuses("settled"):
        undo_awards(intake=intake, actor=clerk)


def test_what_was_put_on_record_since_the_check_is_refused_and_says_so(firm, clerk):
    first, second = (read_awards(upload=book(line(firm.code)), actor=clerk) for _ in range(2))
    assert confirm_awards(intake=first, actor=clerk) == 1
    assert confirm_awards(intake=second, actor=clerk) == 0
    assert problems(second) == {2: "这一笔已经有记录：同一事项、日期和所属期。"}
    assert Award.objects.count() == 1


def test_own_grants_are_marked_as_stated_by_themselves_and_nobody_elses(owner, firm):
    other = factories.organisation()
    put({"measure": MEASURE, "granted_on": "2024-05-01", "amount": "5000"}, owner)
    row = Award.objects.get()
    assert (row.source, row.subject.organisation_id) == ("self", firm.pk)
    with refuses("nobody"):
        put({"measure": MEASURE, "subject": other.code, "granted_on": "2024-05-01"}, owner)
    with refuses("on_record"):
        put({"measure": MEASURE, "granted_on": "2024-05-01"}, owner)
    with refuses("day_needed"):
        put({"measure": MEASURE, "amount": "1"}, owner)
    with pytest.raises(PermissionDenied):
        put({"measure": MEASURE, "granted_on": "2024-05-01"}, factories.officer("supervisor"))
    assert Award.objects.count() == 1


def test_an_officer_of_another_county_neither_loads_nor_sees_nor_withdraws(firm, owner, clerk):
    neighbour = factories.officer("register", region=factories.NEIGHBOUR)
    with refuses("nobody"):
        put({"measure": MEASURE, "subject": firm.code, "granted_on": "2024-05-01"}, neighbour)
    put({"measure": MEASURE, "subject": firm.code, "granted_on": "2024-05-01"}, clerk)
    award = Award.objects.get()
    assert visible(Award, to=clerk).count() == visible(Award, to=owner).count() == 1
    assert visible(Award, to=neighbour).count() == 0
    for actor in (neighbour, owner):  # what an office says is not the firm's to take back
        with refuses("not_permitted"):
            withdraw_award(award=award, reason="x", actor=actor)
    assert withdraw_award(award=award, reason="录错", actor=clerk).stage == "withdrawn"


def test_members_of_a_firm_that_nobody_verified_see_only_what_they_said():
    firm = factories.organisation(stage="claimed")
    owner, clerk = factories.member(firm), factories.officer("register")
    put({"measure": MEASURE, "subject": firm.code, "granted_on": "2024-05-01"}, clerk)
    put({"measure": MEASURE, "granted_on": "2024-06-01"}, owner)
    assert is_withheld(owner, subject_of(owner))
    assert [row.source for row in visible(Award, to=owner)] == ["self"]


def test_the_aid_for_a_group_is_seen_by_who_recorded_it_and_by_the_people_alone(firm, owner, clerk):
    telling = min(m for m in telling_measures() if not current_pack().measures[m].model)
    put({"measure": telling, "subject": firm.code, "granted_on": "2024-05-01"}, clerk)
    assert visible(Award, to=clerk).count() == visible(Award, to=owner).count() == 1
    assert visible(Award, to=factories.officer("register")).count() == 0
    assert visible(Award, to=factories.officer("supervisor", region=factories.CITY)).count() == 0


@pytest.mark.usefixtures("once_per_person")
def test_the_one_question_stands_until_a_record_answers_it(owner, firm, clerk):
    assert verdict(owner) == ("undetermined", ["award_2_2_4_x"])
    day = timezone.localdate() - timedelta(days=30)
    put({"measure": REF, "since": "2020-01-01"}, clerk)
    assert verdict(owner) == ("undetermined", ["award_2_2_4_x"])  # what was before 2020 is not on record
    put({"measure": REF, "since": "all"}, owner)
    assert verdict(owner) == ("eligible", [])
    put({"measure": REF, "subject": firm.code, "granted_on": day.isoformat()}, clerk)
    assert verdict(owner)[0] == "not_eligible"
    assert verdict(owner, day)[0] == "eligible"  # only what was granted before the day counts
    assert verdict(owner, day + timedelta(days=1))[0] == "not_eligible"
    withdraw_award(award=Award.objects.get(), reason="录错", actor=clerk)
    assert verdict(owner) == ("eligible", [])


@pytest.mark.usefixtures("once_per_person")
def test_an_office_before_ones_own_word_and_a_grant_told_twice_counts_once(owner, firm, clerk):
    put({"measure": REF, "granted_on": "2024-05-01", "amount": "100"}, owner)
    put({"measure": REF, "granted_on": "2024-07-01", "amount": "7"}, owner)
    put({"measure": REF, "subject": firm.code, "granted_on": "2024-05-01", "amount": "200"}, clerk)

    def amounts():
        with use_newest_engine():
            rows = award_facts(subject_of(owner), day=timezone.localdate(), actor=owner, why="x")["awards"][REF].rows
        return [row["amount"] for row in rows]

    assert amounts() == [200, 7]
    put({"measure": REF, "since": "2024-06-01"}, clerk)
    assert amounts() == [200]  # the office's record is complete since June, and has no grant of July
    with use_newest_engine():
        state(subject=subject_of(owner), name="award_2_2_4_x", value="2024-05-01 100元", actor=owner)
        profile = profile_of(subject_of(owner), day=timezone.localdate(), actor=owner)
    told = [row for row in profile.rows["awards"] if row["granted_on"] is not None]
    assert [row["amount"] for row in told] == [200]  # what the answer says of that day is on record


@pytest.mark.usefixtures("once_per_person")
def test_a_run_over_everybody_judges_as_the_page_of_each(owner, firm, clerk, tmp_path):
    others = [factories.member(factories.organisation()) for _ in range(3)]
    put({"measure": REF, "subject": firm.code, "granted_on": "2024-05-01"}, clerk)
    put({"measure": REF, "since": "all"}, others[0])
    with use_newest_engine():
        state(subject=subject_of(others[1]), name="award_2_2_4_x", value=None, actor=others[1])
        state(subject=subject_of(owner), name="award_2_2_4_x", value="2024-05-01", actor=owner)
        subject_of(others[2])
        write_snapshot(tmp_path / "facts.parquet", pack=current_pack(), day=timezone.localdate())
        found = totals(tmp_path / "facts.parquet", current_engine(), timezone.localdate(), measures=[REF])
    row = found.by_version["V1"]
    assert (row.eligible, row.undetermined, row.not_eligible) == (2, 1, 1)
    assert [verdict(one)[0] for one in (owner, *others)] == ["not_eligible", "eligible", "eligible", "undetermined"]


def test_a_person_takes_along_and_erases_what_they_got():
    alone = factories.founder()
    assert list(HOLDINGS["awards"].export(alone.person_id)) == []
    cells = {"measure": MEASURE, "granted_on": "2024-05-01", "amount": "5000", "since": "all"}
    put(cells, alone)
    grant, record = HOLDINGS["awards"].export(alone.person_id)
    assert (grant["granted on"], grant["amount"], grant["source"]) == ("2024-05-01", "5000.00", "self")
    assert record["complete since"] == ""
    assert HOLDINGS["awards"].erase(alone.person_id) == 2
    assert not Award.objects.exists()
    assert HOLDINGS["facts"].erase(alone.person_id) == 1  # nothing points to the subject any more


# ---- pages


def body(response):
    return response.content.decode()


def test_the_pages_of_an_office_from_the_template_to_the_undone_file(client, firm, clerk, django_assert_num_queries):
    office = factories.sign_in(client, clerk)
    assert "还没有以往所得记录" in body(office.get("/facts/awards/"))
    sheets = load_workbook(io.BytesIO(office.get("/facts/awards/import/template.xlsx").content)).worksheets
    head = [cell.value for cell in sheets[0][1]]
    known = {title.lower(): column for column, titles in COLUMNS.items() for title in titles}
    assert [known[title.lower()] for title in head] == list(COLUMNS)
    with override("en"):
        assert [known[title.lower()] for title in column_words().values()] == list(COLUMNS)
    assert MEASURE in {row[1].value for row in sheets[1].iter_rows(min_row=2)}

    wrong = office.post("/facts/awards/import/", {"file": SimpleUploadedFile("a.csv", b"x,y\n1,2\n")})
    assert wrong.status_code == 422
    assert "事项" in body(wrong)

    made = office.post("/facts/awards/import/", {"file": book(line(firm.code), line("不存在"), head=head)})
    assert made.status_code == 302
    checked = body(office.get(made["Location"]))
    assert "您的权限范围内没有该代码对应的机构" in checked
    pk = Intake.objects.get().pk
    office.post(f"/facts/import/{pk}/confirm/")
    found = body(office.get("/facts/awards/", {"q": "乙科技", "year": "2024", "measure": MEASURE}))
    assert "长春乙科技有限公司" in found
    assert "¥5,000.00" in found
    assert "没有匹配的内容" in body(office.get("/facts/awards/", {"q": "丙科技"}))
    for words in ({"q": firm.code}, {"q": str(subject_of_organisation(firm).pk)}, {"year": "二"}, {"page": "x"}):
        assert "长春乙科技有限公司" in body(office.get("/facts/awards/", words))
    with django_assert_num_queries(9):
        office.get("/facts/awards/")
    taken = load_workbook(io.BytesIO(office.get("/facts/awards.xlsx").content)).active
    assert [cell.value for cell in taken[2]][1] == firm.code
    office.post(f"/facts/awards/import/{pk}/undo/")
    assert "乙科技" not in body(office.get("/facts/awards/"))
    assert "乙科技" in body(office.get("/facts/awards/", {"withdrawn": "1"}))
    office.post(f"/facts/awards/import/{pk}/undo/")  # once is enough, and twice says why not
    assert "已撤销" in body(office.get(f"/facts/import/{pk}/"))


def test_a_founder_types_a_grant_sees_it_and_takes_it_back(client, owner):
    own = factories.sign_in(client, owner)
    refused = own.post("/facts/awards/new/", {"measure": MEASURE, "granted_on": "2099-01-01", "amount": "五千"})
    assert refused.status_code == 422
    assert "1900" in body(refused)
    assert not Award.objects.exists()
    sent = {"measure": MEASURE, "granted_on": "2024-05-01", "amount": "五千", "everything": "on"}
    assert own.post("/facts/awards/new/", sent).status_code == 302
    award = Award.objects.get()
    assert (award.amount, award.source) == (5000, "self")
    assert AwardRecord.objects.get().since is None
    page = body(own.get("/facts/awards/"))
    assert "本人填报" in page
    assert "全部" in page
    assert own.post(f"/facts/awards/{award.pk}/", {"reason": ""}).status_code == 422
    assert own.post(f"/facts/awards/{award.pk}/", {"reason": "写错了"}).status_code == 302
    assert Award.objects.get().stage == "withdrawn"
    assert "写错了" in body(own.get(f"/facts/awards/{award.pk}/"))
    stranger = factories.sign_in(client, factories.founder())
    assert stranger.get(f"/facts/awards/{award.pk}/").status_code == 404


def test_a_file_with_grants_is_forgotten_before_it_is_confirmed(client, owner):
    own = factories.sign_in(client, owner)
    made = own.post("/facts/awards/import/", {"file": book(line())})
    assert own.post(f"{made['Location']}discard/")["Location"] == "/facts/awards/import/"
    assert not Intake.objects.exists()
