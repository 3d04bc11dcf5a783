"""Warnings of addresses: counted by dated limits, shown to host and office, and never a refusal."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

import factories
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.models import History, Notice
from chuangbao.premises.domain.applicants import erase_applicants
from chuangbao.premises.domain.letters import replace_letter
from chuangbao.premises.domain.limits import read_limit
from chuangbao.premises.domain.premises import open_premise
from chuangbao.premises.domain.warnings import list_warnings
from chuangbao.premises.models import ConsentLetter
from premises.samples import lose_contact, make_letter, make_premise

pytestmark = pytest.mark.usefixtures("regions")
AGENT = "某某代理"


def count_many():
    """From so many firms on one applicant is warned of."""
    return read_limit("mass_letters", timezone.localdate())


@pytest.fixture
def host():
    return factories.member()


@pytest.fixture
def officer():
    return factories.officer("spaces")


def letters():
    return unscoped(ConsentLetter, because="a test")


def kinds(actor):
    return [(row.kind, row.count) for row in list_warnings(actor)]


def test_many_firms_by_one_applicant_are_counted_once_each_and_told_once(host, officer):
    premise = make_premise(host)
    made = [
        make_letter(premise, host, f"第{n}科技有限公司", applicant=f" 某某 代理{'　' * n}")
        for n in range(count_many() - 1)
    ]
    until = made[0].valid_until
    replace_letter(letter=made[0], actor=host, licensee=made[0].licensee, valid_until=until, applicant=AGENT)
    assert kinds(host) == [], "a letter that replaces another is of the same firm"
    make_letter(premise, host, "别的科技有限公司", applicant="别人")
    make_letter(premise, host, "没写经办人有限公司")
    assert kinds(officer) == []
    for n in (count_many(), count_many() + 1):
        make_letter(premise, host, f"第{n}科技有限公司", applicant=AGENT)
    assert kinds(host) == kinds(officer) == [("mass", count_many() + 1)]
    assert AGENT in list_warnings(host)[0].words
    assert AGENT not in list_warnings(officer)[0].words
    told = Notice.objects.filter(event="letters.many").values_list("person", flat=True)
    assert sorted(told) == sorted([host.person_id, officer.person_id])
    assert kinds(factories.member()) == kinds(factories.officer("spaces", region=factories.NEIGHBOUR)) == []


def test_letters_of_before_the_period_are_not_counted(host):
    premise = make_premise(host)
    for n in range(count_many()):
        make_letter(premise, host, f"第{n}科技有限公司", applicant=AGENT)
    days = read_limit("mass_days", timezone.localdate())
    letters().update(issued_on=timezone.localdate() - timedelta(days=days))
    assert kinds(host) == [("mass", count_many())]
    letters().update(issued_on=timezone.localdate() - timedelta(days=days + 1))
    assert kinds(host) == []


def test_lost_firms_and_ceilings_are_counted_at_their_premise(host, officer):
    premise = make_premise(host, ceiling=5)
    made = [make_letter(premise, host, f"第{n}科技有限公司") for n in range(3)]
    assert kinds(officer) == []
    lose_contact(made[0].file, host)
    make_letter(premise, host, "第四科技有限公司")
    assert kinds(officer) == kinds(host) == [("lost", 1), ("ceiling", 4)]
    assert [row.words for row in list_warnings(host)] == ["登记的 4 户中有 1 户失联。", "上限 5 照，已有 4 照。"]


def test_the_applicant_is_sealed_and_erased_when_the_firm_has_left(host):
    letter = make_letter(make_premise(host), host, applicant=AGENT)
    assert AGENT.encode() not in bytes(letters().values_list("applicant", flat=True).get())
    assert letters().get().applicant == AGENT
    last = letter.valid_until + timedelta(days=read_limit("contact_kept_days", timezone.localdate()))
    assert erase_applicants(last) == 0
    assert erase_applicants(last + timedelta(days=1)) == 1
    row = letters().get()
    assert (row.applicant, row.applicant_key) == (None, "")


def test_the_page_asks_a_fixed_number_of_questions_and_leads_to_the_letters(client, host, django_assert_num_queries):
    premise = make_premise(host, ceiling=count_many())
    made = [make_letter(premise, host, f"第{n}科技有限公司", applicant=AGENT) for n in range(count_many())]
    make_letter(open_premise(site=premise.site, room="302", actor=host), host, "别人的科技有限公司", applicant="别人")
    lose_contact(made[0].file, host)
    factories.sign_in(client, host)
    client.get(reverse("premises:warnings"))
    with django_assert_num_queries(10):
        page = client.get(reverse("premises:warnings")).content.decode()
    link = f"{reverse('premises:letters')}?by={made[-1].pk}"
    assert link in page
    assert page.count("cb-result-title") == 3
    found = client.get(link).content.decode()
    assert (found.count("科技有限公司"), "别人的" in found) == (count_many(), False)
    assert "没有符合的证明" in client.get(reverse("premises:letters"), {"by": "9" * 40}).content.decode()
    assert (
        f"此地同名经办另有 {count_many() - 1} 份"
        in client.get(reverse("premises:letter", args=[made[0].pk])).content.decode()
    )
    assert client.get(reverse("premises:warnings"), {"kind": "lost"}).content.decode().count("cb-result-title") == 1
    book = load_workbook(BytesIO(client.get(reverse("premises:warnings_workbook")).content))
    assert [row[3].value for row in book.active.iter_rows(min_row=2)] == [count_many(), 1, count_many()]


def test_an_office_that_reads_who_applied_is_on_record(client, host, officer):
    letter = make_letter(make_premise(host), host, applicant=AGENT)
    bare = make_letter(letter.premise, host, "没写经办人有限公司")
    for actor in (host, officer):
        factories.sign_in(client, actor)
        assert AGENT in client.get(reverse("premises:letter", args=[letter.pk])).content.decode()
        client.get(reverse("premises:letter", args=[bare.pk]))
    rows = History.objects.filter(verb="read_sensitive")
    assert [(row.person_id, row.object_id, row.data["facts"]) for row in rows] == [
        (officer.person_id, letter.pk, ["applicant"])
    ]
