"""The pages of facts: for whom they open, what they show, what they refuse, and with how many queries."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from openpyxl import Workbook, load_workbook

import factories
from chuangbao.accounts.models import Organisation, Person
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.exports.excel import EXCEL
from chuangbao.core.models import History, Region
from chuangbao.facts import queries
from chuangbao.facts.domain.stating import state
from chuangbao.facts.domain.subjects import open_to, subject_of, subject_of_organisation
from chuangbao.facts.models import Fact, Intake, Source

pytestmark = pytest.mark.usefixtures("regions")
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def owner():
    return factories.member(factories.organisation("长春乙科技有限公司"))


@pytest.fixture
def firm(owner):
    return subject_of(owner)


@pytest.fixture
def own(client, owner):
    return factories.sign_in(client, owner)


@pytest.fixture
def office(client):
    return factories.sign_in(client, factories.officer("register"))


def address(subject, *more):
    return "/".join(["/facts/subjects", str(subject.pk), *more, ""])


def body(response):
    return response.content.decode()


def test_nobody_in_particular_is_sent_to_sign_in(client, firm, regions):
    from django.urls import NoReverseMatch

    try:
        assert client.get("/facts/").status_code == 302
    except NoReverseMatch:
        pytest.skip("the sign-in pages are not there yet")


def test_ones_own_page_groups_what_is_known_and_says_what_is_missing(own, owner, firm):
    state(subject=firm, name="expand_hires", value=3, actor=owner)
    response = own.get("/facts/", follow=True)
    assert response.status_code == 200
    shown = body(response)
    for words in (
        "长春乙科技有限公司",
        "招用青年人数",
        "员工和就业",
        "本人填报",
        "待核验",
        "先补充哪些信息",
        "万元",
    ):
        assert words in shown


def test_a_fact_is_added_corrected_and_its_history_shown(own, firm):
    page = own.get(address(firm, "expand_hires"))
    assert page.status_code == 200
    token = re.search(r'name="once" value="([^"]+)"', body(page))[1]
    for _ in range(2):
        saved = own.post(
            address(firm, "expand_hires"),
            {"expand_hires": "3", "as_of": f"{timezone.localdate() - timedelta(days=3)}", "once": token},
        )
        assert saved["Location"] == f"{address(firm)}#fact-expand_hires"
    own.post(address(firm, "expand_hires"), {"expand_hires": "4", "as_of": f"{timezone.localdate()}"})
    assert [f.number for f in Fact.objects.all()] == [4, 3]
    shown = body(own.get(address(firm, "expand_hires")))
    assert 'value="4"' in shown
    assert shown.count("已填报") == 2


def test_a_fact_that_another_tab_stated_meanwhile_is_saved_only_once_more(own, firm):
    def seen_on_page():
        return re.search(r'name="seen" value="([^"]*)"', body(own.get(address(firm, "expand_hires"))))[1]

    opened = seen_on_page()
    assert opened == ""
    own.post(address(firm, "expand_hires"), {"expand_hires": "3", "as_of": f"{timezone.localdate()}", "seen": opened})
    late = own.post(
        address(firm, "expand_hires"), {"expand_hires": "9", "as_of": f"{timezone.localdate()}", "seen": opened}
    )
    assert late.status_code == 422
    assert "又填过一次" in body(late)
    assert 'value="9"' in body(late)
    assert [f.number for f in Fact.objects.all()] == [3]
    newer = re.search(r'name="seen" value="([^"]*)"', body(late))[1]
    assert newer == seen_on_page() != opened
    own.post(address(firm, "expand_hires"), {"expand_hires": "9", "as_of": f"{timezone.localdate()}", "seen": newer})
    assert {f.number for f in Fact.objects.all()} == {9, 3}


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"expand_hires": "viele", "as_of": "2026-01-01"}, "viele"),
        ({"expand_hires": "1.5", "as_of": "2026-01-01"}, "整数"),
        ({"expand_hires": "", "as_of": "2026-01-01"}, "未填写的信息保持未知"),
        ({"expand_hires": "3", "as_of": "2999-01-01"}, "从 1900 年到今天"),
    ],
)
def test_a_wrong_statement_is_answered_beside_the_field(own, firm, data, words):
    response = own.post(address(firm, "expand_hires"), data)
    assert response.status_code == 422
    assert words in body(response)
    assert not Fact.objects.exists()


def test_a_proof_is_kept_sealed_and_given_to_whoever_sees_the_statement(own, firm, client):
    own.post(
        address(firm, "expand_hires"), {"expand_hires": "3", "as_of": "", "file": SimpleUploadedFile("名册.pdf", PDF)}
    )
    said = Fact.objects.get()
    assert b"".join(own.get(f"/facts/statements/{said.pk}/evidence/").streaming_content) == PDF
    assert "名册.pdf" in body(own.get(address(firm, "expand_hires")))
    neighbour = factories.sign_in(client, factories.officer("register", region=factories.NEIGHBOUR))
    assert neighbour.get(f"/facts/statements/{said.pk}/evidence/").status_code == 404


def test_a_proof_that_is_something_else_is_refused(own, firm):
    response = own.post(
        address(firm, "expand_hires"), {"expand_hires": "3", "file": SimpleUploadedFile("a.pdf", b"<svg onload=x>")}
    )
    assert response.status_code == 422
    assert not Fact.objects.exists()


def test_an_officer_verifies_and_a_neighbour_sees_nothing(client, firm, owner):
    said = state(subject=firm, name="expand_hires", value=3, actor=owner)
    office = factories.sign_in(client, factories.officer("register"))
    until = timezone.localdate() + timedelta(days=99)
    assert "核验" in body(office.get(address(firm, "expand_hires")))
    wrong = office.post(f"/facts/statements/{said.pk}/verify/", {"until": "bald"})
    assert wrong.status_code == 422
    assert "bald" in body(wrong)
    assert office.post(f"/facts/statements/{said.pk}/verify/", {"until": f"{until}"}).status_code == 302
    assert Fact.objects.get().verified_until == until
    assert office.post(f"/facts/statements/{said.pk}/explode/").status_code == 404
    neighbour = factories.sign_in(client, factories.officer("register", region=factories.NEIGHBOUR))
    for path in (address(firm), address(firm, "expand_hires"), address(firm, "facts.xlsx")):
        assert neighbour.get(path).status_code == 404
    assert neighbour.post(f"/facts/statements/{said.pk}/doubt/", {"reason": "x"}).status_code == 404
    assert "长春乙" not in body(neighbour.get("/facts/subjects/"))


def test_a_contradiction_is_shown_and_settled_on_the_page(own, owner, firm):
    state(subject=firm, name="expand_hires", value=3, actor=owner)
    state(subject=firm, name="expand_hires", value=4, actor=SYSTEM, source=Source.REGISTER, register="社保")
    shown = body(own.get(address(firm)))
    assert "两个来源不一致" in shown
    assert "登记系统: 社保" in shown
    mine = Fact.objects.get(source="self")
    assert own.post(f"/facts/statements/{mine.pk}/resolve/", {"reason": ""}).status_code == 422
    assert own.post(f"/facts/statements/{mine.pk}/resolve/", {"reason": "名册三人"}).status_code == 302
    assert Fact.objects.get(source="register").stage == "disputed"


def test_an_officer_settles_with_a_day(client, owner, firm):
    mine = state(subject=firm, name="expand_hires", value=3, actor=owner)
    state(subject=firm, name="expand_hires", value=4, actor=SYSTEM, source=Source.REGISTER, register="社保")
    office = factories.sign_in(client, factories.officer("register"))
    assert office.post(f"/facts/statements/{mine.pk}/resolve/", {"reason": "看过", "until": ""}).status_code == 422
    done = office.post(
        f"/facts/statements/{mine.pk}/resolve/", {"reason": "看过", "until": f"{timezone.localdate() + timedelta(9)}"}
    )
    assert done.status_code == 302
    assert sorted(Fact.objects.values_list("stage", flat=True)) == ["verified", "withdrawn"]


def test_what_is_sealed_opens_for_an_officer_with_a_reason_only(client, owner, firm):
    state(subject=firm, name="equity_spread", value=1234567, actor=owner)
    office = factories.sign_in(client, factories.officer("register"))
    shown = body(office.get(address(firm)))
    assert "已加密" in shown
    assert "1,234,567" not in shown
    assert "1,234,567" not in body(office.get(address(firm, "equity_spread")))
    assert not History.objects.filter(verb="read_sensitive").exists()
    assert office.post(f"{address(firm)}reveal/", {"reason": ""}).status_code == 422
    assert office.post(f"{address(firm)}reveal/", {"reason": "a\x00b"}).status_code == 400
    assert "1,234,567" in body(office.post(f"{address(firm)}reveal/", {"reason": "核对补贴"}))
    assert History.objects.get(verb="read_sensitive").reason == "核对补贴"


def test_a_supervisor_reads_and_cannot_write(client, owner, firm):
    said = state(subject=firm, name="expand_hires", value=3, actor=owner)
    supervisor = factories.sign_in(client, factories.officer("supervisor", region=factories.PROVINCE))
    assert supervisor.get(address(firm)).status_code == 200
    assert supervisor.post(address(firm, "expand_hires"), {"expand_hires": "5"}).status_code == 403
    assert supervisor.post(f"/facts/statements/{said.pk}/withdraw/", {"reason": "x"}).status_code == 422
    assert Fact.objects.get().stage == "stated"


def test_an_editor_of_policies_has_no_business_here(client, firm):
    editor = factories.sign_in(client, factories.officer("policy_editor"))
    assert editor.get("/facts/subjects/").status_code == 403
    assert editor.get(address(firm)).status_code == 403
    assert editor.get("/facts/import/").status_code == 403


def test_an_unknown_fact_has_no_page(own, firm):
    assert own.get(address(firm, "nothing")).status_code == 404


def test_a_person_opens_their_facts_on_the_page(client):
    alone = factories.founder()
    page = factories.sign_in(client, alone)
    mine = subject_of(alone)
    assert "除您本人外" in body(page.get(address(mine)))
    assert page.post(f"{address(mine)}place/", {"place": factories.COUNTY}).status_code == 302
    mine.refresh_from_db()
    assert mine.place_id == factories.COUNTY
    assert page.post(f"{address(mine)}place/", {"place": "nowhere"}).status_code == 422
    assert page.post(f"{address(mine)}place/", {"place": ""}).status_code == 302


@pytest.fixture
def many(regions):
    firms = [factories.organisation(f"企业{n:02d}", kind="enterprise" if n % 2 else "provider") for n in range(25)]
    for n, firm in enumerate(firms):
        mine = subject_of(factories.member(firm))
        state(subject=mine, name="expand_hires", value=n, actor=SYSTEM)
    alone = factories.founder()
    open_to(subject=subject_of(alone), place=factories.Organisation.objects.first().region, actor=alone)
    return firms


def test_the_list_of_an_office_is_searched_narrowed_sorted_paged(client, many, django_assert_max_num_queries):
    office = factories.sign_in(client, factories.officer("register"))
    with django_assert_max_num_queries(11):
        first = office.get("/facts/subjects/")
    assert len(first.context["rows"]) == 20
    assert len(office.get("/facts/subjects/?page=2").context["rows"]) == 6
    assert len(office.get("/facts/subjects/?kind=provider").context["rows"]) == 13
    assert len(office.get("/facts/subjects/?kind=person").context["rows"]) == 1
    assert [str(s) for s, _ in office.get("/facts/subjects/?q=企业07").context["rows"]] == ["企业07"]
    assert [str(s) for s, _ in office.get(f"/facts/subjects/?q={many[3].code}").context["rows"]] == ["企业03"]
    assert len(office.get("/facts/subjects/?state=disputed").context["rows"]) == 0
    assert len(office.get("/facts/subjects/?state=stated&sort=newest").context["rows"]) == 20
    assert "没有匹配" in body(office.get("/facts/subjects/?q=zzz"))
    sheet = load_workbook(io.BytesIO(office.get("/facts/subjects.xlsx?kind=provider").content)).active
    assert sheet.max_row == 14


def test_a_page_of_a_subject_takes_few_queries(own, owner, firm, django_assert_max_num_queries):
    for n, name in enumerate(
        ("expand_hires", "employees_avg", "assets_avg", "taxable_income", "equity_spread", "revenue")
    ):
        state(subject=firm, name=name, value=n, actor=owner)
    own.get(address(firm))
    with django_assert_max_num_queries(12):
        own.get(address(firm))


def test_ones_own_facts_as_a_workbook(own, owner, firm):
    state(subject=firm, name="equity_spread", value=1234567, actor=owner)
    response = own.get(f"{address(firm)}facts.xlsx")
    assert response["Content-Type"] == EXCEL
    rows = list(load_workbook(io.BytesIO(response.content)).active.values)
    assert rows[1][:2] == ("取得时股权的差价", "¥1,234,567.00")


def test_an_organisation_leads_to_its_facts(office, client):
    where = factories.organisation()
    assert office.get(f"/facts/organisations/{where.pk}/")["Location"] == address(where.subject)
    assert (
        office.get(f"/facts/organisations/{factories.organisation(region=factories.NEIGHBOUR).pk}/").status_code == 404
    )
    assert office.get("/facts/")["Location"] == "/facts/subjects/"


def xlsx(*rows):
    book, out = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(out)
    return SimpleUploadedFile("事实.xlsx", out.getvalue())


HEAD = ("统一社会信用代码", "信息项", "内容", "截至日期或所属期")


def test_a_file_is_checked_confirmed_and_taken_in_once(own, firm):
    made = own.post(
        "/facts/import/",
        {
            "file": xlsx(
                HEAD,
                ("", "招用青年人数", 3, "2026-01-05"),
                ("", "expand_hires", "=1+1", ""),
                ("", "行业（工业或其他）", "工业", None),
                ("", "", "", ""),
            )
        },
    )
    assert made.status_code == 302
    shown = body(own.get(made["Location"]))
    assert "公式" in shown
    assert "2 行可以导入" in shown
    assert not Fact.objects.exists()
    own.post(f"{made['Location']}confirm/")
    own.post(f"{made['Location']}confirm/")
    assert sorted(Fact.objects.values_list("name", flat=True)) == ["expand_hires", "industry_kind"]
    assert own.post(f"{made['Location']}discard/")["Location"] == made["Location"]
    assert "已导入" in body(own.get(made["Location"]))


def test_a_file_is_forgotten(own):
    made = own.post("/facts/import/", {"file": xlsx(HEAD, ("", "expand_hires", 3, ""))})
    assert own.post(f"{made['Location']}discard/").status_code == 302
    assert not Intake.objects.exists()


def test_a_file_of_another_person_or_capacity_is_not_there(own, client):
    made = own.post("/facts/import/", {"file": xlsx(HEAD, ("", "expand_hires", 3, ""))})
    other = factories.sign_in(client, factories.member())
    for path in ("", "confirm/", "discard/"):
        address_ = f"{made['Location']}{path}"
        assert (other.post(address_) if path else other.get(address_)).status_code == 404


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (None, "请填写"),
        (SimpleUploadedFile("a.xlsx", b"no"), "xlsx"),
        (SimpleUploadedFile("a.csv", "名称,数\n1,2\n".encode()), "信息项、取值"),
        (SimpleUploadedFile("a.csv", "信息项,内容\nexpand_hires,\n".encode()), "没有任何一行"),
    ],
)
def test_a_file_that_is_no_table_of_facts_is_refused_as_a_whole(own, file, words):
    response = own.post("/facts/import/", {"file": file} if file else {})
    assert response.status_code == 422
    assert words in body(response)


def test_the_template_is_read_again(own, firm):
    book = load_workbook(io.BytesIO(own.get("/facts/import/template.xlsx").content))
    sheet = book.active
    row = next(r for r in range(2, sheet.max_row + 1) if sheet.cell(r, 2).value == "招用青年人数")
    sheet.cell(row, 3).value = 7
    out = io.BytesIO()
    book.save(out)
    made = own.post("/facts/import/", {"file": SimpleUploadedFile("t.xlsx", out.getvalue())})
    own.post(f"{made['Location']}confirm/")
    assert Fact.objects.get().number == 7


def test_every_address_of_facts_says_for_whom(regions):
    from chuangbao.core.access.permissions import access_of
    from chuangbao.facts.urls import urlpatterns

    assert [str(p.pattern) for p in urlpatterns if access_of(p.callback) in {None, "public", "anyone"}] == []


def test_a_subject_is_found_under_its_new_name_and_in_its_new_place(regions):
    firm = factories.organisation("白山甲公司")
    one = subject_of_organisation(firm)
    Organisation.objects.filter(pk=firm.pk).update(name="松原乙公司", region_id=factories.NEIGHBOUR, kind="space")
    here, there = factories.officer("register"), factories.officer("register", region=factories.NEIGHBOUR)
    assert [list(queries.list_subjects(officer, words="松原乙")) for officer in (here, there)] == [[], [one]]
    assert not queries.list_subjects(there, words="白山甲").exists()
    assert [queries.list_subjects(there, kind=kind).exists() for kind in ("enterprise", "space")] == [False, True]
    founder = factories.founder()
    alone = subject_of(founder)
    open_to(subject=alone, place=Region.objects.get(pk=factories.COUNTY), actor=founder)
    Person.objects.filter(pk=founder.person_id).update(name="Wang 小明")
    assert list(queries.list_subjects(here, words="wang")) == [alone]
    assert list(queries.list_subjects(here, words="明", kind="person", sort="name")) == [alone]


def test_a_name_has_the_words_in_their_order(regions):
    there = subject_of_organisation(factories.organisation("甲乙丙·丙甲 Hub"))
    officer = factories.officer("register")
    asked = {
        words: list(queries.list_subjects(officer, words=words))
        for words in ("乙丙甲乙", "甲乙丙·丙", "丙甲", "hub", "乙%")
    }
    assert asked == {"乙丙甲乙": [], "甲乙丙·丙": [there], "丙甲": [there], "hub": [there], "乙%": []}
