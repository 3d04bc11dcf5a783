"""The duties of a host: contact, mail, tries and loss of contact, and what is left when a firm or the space goes."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

import factories
from chuangbao.accounts.models import Organisation
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.core.audit.readings import readings_of_organisation
from chuangbao.core.models import Notice
from chuangbao.core.workbench import todos_of
from chuangbao.core.workflow.refusals import Refused
from chuangbao.premises.domain.files import erase_contacts, erase_receipts, keep_contact
from chuangbao.premises.domain.letters import replace_letter, revoke_letter
from chuangbao.premises.domain.limits import read_limit
from chuangbao.premises.domain.mail import hand_over_mail, send_mail_back
from chuangbao.premises.domain.reaching import answer_lost, note_try, state_lost
from chuangbao.premises.models import ConsentLetter, HostFile, MailItem
from chuangbao.spaces.domain.dependants import describe_consequences
from chuangbao.spaces.domain.ending import close_space
from premises.samples import lose_contact, make_letter, make_mail, make_premise

pytestmark = pytest.mark.usefixtures("regions")
WHY = "a test"
TODAY = timezone.localdate


@pytest.fixture
def host():
    return factories.member()


@pytest.fixture
def firm():
    return factories.member()


@pytest.fixture
def file(host, firm):
    code = Organisation._base_manager.get(pk=firm.organisation_id).code
    return make_letter(make_premise(host), host, licensee_code=code).file


def events_of(actor):
    return list(Notice.objects.filter(person=actor.person_id).order_by("pk").values_list("event", flat=True))


def titles_of(actor):
    return [todo.title for _group, todos in todos_of(actor) for todo in todos]


def code_of(call, **given):
    with pytest.raises(Refused) as refusal:
        call(**given)
    return refusal.value.code, refusal.value.field


def test_the_contact_is_sealed_and_kept_by_host_and_firm_alone(host, firm, file):
    for actor in (host, firm):
        keep_contact(file=file, contact=" 张三 ", phone="１３８ 0013 8000", actor=actor)
    row = unscoped(HostFile, because=WHY).get()
    assert (row.contact, row.phone, row.has_contact) == ("张三", "138 0013 8000", True)
    held = unscoped(HostFile, because=WHY).values_list("contact", "phone").get()
    assert "张三".encode() not in bytes(held[0])
    assert b"138" not in bytes(held[1])[14:]
    with pytest.raises(Forbidden):
        keep_contact(file=file, contact="李四", phone="13800138000", actor=factories.member())
    assert code_of(keep_contact, file=file, contact="李四", phone="没有", actor=host) == ("phone_shape", "phone")
    assert code_of(keep_contact, file=file, contact=" ", phone="13800138000", actor=host)[1] == "contact"
    assert unscoped(HostFile, because=WHY).get().contact == "张三"


def test_mail_is_told_to_the_firm_and_waits_on_both_desks(host, firm, file):
    make_mail(file, host, days=read_limit("mail_days", TODAY()))
    assert titles_of(host) == []
    assert any("普通邮件" in title for title in titles_of(firm))
    late = make_mail(file, host, days=read_limit("official_mail_days", TODAY()) + 1, mail_kind="official")
    assert ["行政或司法文书" in title for title in titles_of(host)] == [True]
    assert events_of(firm) == ["letter.issued", "mail.received", "mail.official"]
    done = hand_over_mail(item=late, left_on=TODAY(), handed_to="王五", actor=host)
    assert (done.stage, unscoped(MailItem, because=WHY).get(pk=done.pk).handed_to) == ("handed", "王五")
    assert titles_of(host) == []
    assert code_of(send_mail_back, item=late, left_on=TODAY(), actor=host)[0] == "not_in_waiting"


def test_what_is_wrong_with_mail_is_said_beside_it_and_changes_nothing(host, firm, file):
    item = make_mail(file, host, days=3)
    tomorrow, before = TODAY() + timedelta(days=1), TODAY() - timedelta(days=4)
    hand = {"item": item, "handed_to": "王五", "actor": host}
    assert code_of(hand_over_mail, **hand, left_on=tomorrow) == ("future_day", "left_on")
    assert code_of(hand_over_mail, **hand, left_on=before) == ("before_it_came", "left_on")
    assert code_of(hand_over_mail, **{**hand, "handed_to": " "}, left_on=TODAY()) == ("taker_needed", "handed_to")
    assert code_of(hand_over_mail, **{**hand, "actor": firm}, left_on=TODAY())[0] == "not_permitted"
    assert code_of(make_mail, file=file, actor=host, days=-1) == ("future_day", "received_on")
    row = unscoped(MailItem, because=WHY).get()
    assert (row.stage, row.left_on, row.handed_to) == ("waiting", None, None)


def test_a_firm_is_stated_as_lost_only_after_enough_tries_and_found_when_it_answers(host, firm, file):
    officer = factories.officer("spaces")
    assert code_of(state_lost, file=file, actor=host)[0] == "too_few_tries"
    for days in (5, 4, 3):
        note_try(file=file, tried_on=TODAY() - timedelta(days=days), means="phone", is_reached=False, actor=host)
    assert code_of(state_lost, file=file, actor=host)[0] == "too_few_tries", "one means alone"
    note_try(file=file, tried_on=TODAY(), means="visit", is_reached=False, actor=host)
    row = state_lost(file=file, actor=host, lost_note="工位已空")
    assert (row.reach, row.lost_on, events_of(firm)[-1]) == ("lost", TODAY(), "firm.lost")
    assert events_of(officer) == ["firm.lost_office"]
    assert any(row.letter.licensee in title for title in titles_of(officer))
    note_try(file=file, tried_on=TODAY(), means="phone", is_reached=True, actor=host)
    assert unscoped(HostFile, because=WHY).get().reach == "reachable"
    assert events_of(officer)[-1] == "firm.found"
    assert titles_of(officer) == []
    assert code_of(state_lost, file=file, actor=host)[0] == "too_few_tries", "what was tried before it answered is over"


def test_the_office_reads_the_contact_of_a_lost_firm_on_record_and_answers(client, host, firm, file):
    officer = factories.officer("spaces")
    keep_contact(file=file, contact="张三", phone="13800138000", actor=host)
    factories.sign_in(client, officer)
    page = reverse("premises:file", args=[file.pk])
    assert "张三" not in client.get(page).content.decode()
    with pytest.raises(Forbidden):
        answer_lost(file=file, office_note="x", actor=officer)
    lose_contact(file, host)
    assert "张三" in client.get(page).content.decode()
    assert readings_of_organisation(firm.organisation_id).count() == 1
    assert client.post(reverse("premises:file_office", args=[file.pk]), {"office_note": ""}).status_code == 422
    sent = client.post(reverse("premises:file_office", args=[file.pk]), {"office_note": "已列入经营异常名录"})
    assert sent.url == page
    assert "已列入经营异常名录" in client.get(page).content.decode()
    assert (titles_of(officer), events_of(host)[-1], events_of(firm)[-1]) == ([], "firm.answered", "firm.answered")
    assert not visible(MailItem, to=officer).exists()
    assert not visible(HostFile, to=factories.officer("spaces", region=factories.NEIGHBOUR)).exists()


def test_the_file_goes_on_with_the_letter_that_replaces_its_letter(host, file):
    keep_contact(file=file, contact="张三", phone="13800138000", actor=host)
    letter = file.letter
    until = letter.valid_until + timedelta(days=1)
    newer = replace_letter(letter=letter, actor=host, licensee=letter.licensee, valid_until=until)
    row = unscoped(HostFile, because=WHY).get()
    assert (row.letter_id, row.contact) == (newer.pk, "张三")


def test_when_the_space_closes_mail_is_named_first_and_can_still_be_handed_over(host, firm, file):
    keep_contact(file=file, contact="张三", phone="13800138000", actor=host)
    item = make_mail(file, host)
    space = file.space
    said = {str(one.label): one.count for one in describe_consequences(space)}
    assert said["尚未转交的邮件"] == 1
    close_space(space=space, actor=host, reason="房屋到期")
    assert "mail.closing" in events_of(firm)
    row = unscoped(HostFile, because=WHY).get()
    assert code_of(keep_contact, file=row, contact="x", phone="13800138000", actor=host)[0] == "left"
    assert code_of(note_try, file=row, tried_on=TODAY(), means="phone", is_reached=False, actor=host)[0] == "left"
    late = TODAY() + timedelta(days=read_limit("contact_kept_days", TODAY()) + 1)
    assert erase_contacts(late) == 0, "its mail waits"
    hand_over_mail(item=item, left_on=TODAY(), handed_to="王五", actor=host)
    assert erase_contacts(late - timedelta(days=1)) == 0
    assert erase_contacts(late) == 1
    row = unscoped(HostFile, because=WHY).get()
    assert (row.contact, row.phone, row.has_contact) == (None, None, False)
    assert erase_receipts(TODAY() + timedelta(days=read_limit("receipt_kept_days", TODAY()))) == 0
    assert erase_receipts(TODAY() + timedelta(days=read_limit("receipt_kept_days", TODAY()) + 1)) == 1


def test_a_letter_whose_last_day_is_over_has_left_too(host, file):
    keep_contact(file=file, contact="张三", phone="13800138000", actor=host)
    letters = unscoped(ConsentLetter, because=WHY)
    letters.update(issued_on=TODAY() - timedelta(days=400), valid_until=TODAY() - timedelta(days=100))
    assert erase_contacts(TODAY()) == 1


def test_no_limit_is_made_up_for_days_before_the_first():
    with pytest.raises(LookupError):
        read_limit("mail_days", TODAY().replace(year=2000))


def test_the_pages_keep_what_was_typed_and_lead_from_the_letter_to_the_mail(client, host, file):
    factories.sign_in(client, host)
    page = reverse("premises:file", args=[file.pk])
    assert page in client.get(reverse("premises:letter", args=[file.letter_id])).content.decode()
    wrong = client.post(reverse("premises:file_contact", args=[file.pk]), {"contact": "张三", "phone": "电话"})
    assert (wrong.status_code, "张三" in wrong.content.decode(), "电话号码只有数字" in wrong.content.decode()) == (
        422,
        True,
        True,
    )
    sent = {"mail_kind": "official", "received_on": "2099-01-01", "sender": "某区人民法院"}
    wrong = client.post(reverse("premises:file_mail", args=[file.pk]), sent)
    assert (wrong.status_code, "某区人民法院" in wrong.content.decode()) == (422, True)
    assert client.post(reverse("premises:file_mail", args=[file.pk]), sent | {"received_on": "2026-01-05"}).url == page
    item = unscoped(MailItem, because=WHY).get()
    own = reverse("premises:mail_item", args=[item.pk])
    assert "超期未领" in client.get(own).content.decode()
    wrong = client.post(reverse("premises:mail_hand_over", args=[item.pk]), {"left_on": "2026-01-06", "handed_to": ""})
    assert (wrong.status_code, "2026-01-06" in wrong.content.decode()) == (422, True)
    assert client.post(reverse("premises:mail_send_back", args=[item.pk]), {"back-left_on": "2026-01-06"}).url == own
    assert "已退回" in client.get(own).content.decode()
    assert client.post(reverse("premises:file_lost", args=[file.pk]), {"lost_note": "工位已空"}).status_code == 422
    for means in ("phone", "visit", "post"):
        tried = {"tried_on": "2026-02-01", "means": means, "try_note": "无人"}
        assert client.post(reverse("premises:file_try", args=[file.pk]), tried).url == page
    assert client.post(reverse("premises:file_lost", args=[file.pk]), {"lost_note": "工位已空"}).url == page
    assert "失联" in client.get(page).content.decode()


def test_the_lists_ask_a_fixed_number_of_questions(client, host, django_assert_num_queries):
    premise = make_premise(host)
    files = [make_letter(premise, host, f"第{n}科技有限公司").file for n in range(25)]
    for n, one in enumerate(files):
        make_mail(one, host, days=n)
    revoke_letter(letter=files[0].letter, actor=host, reason="搬走")
    factories.sign_in(client, host)
    client.get(reverse("premises:mail"))
    with django_assert_num_queries(7):
        page = client.get(reverse("premises:mail")).content.decode()
    assert page.count("科技有限公司") == 20
    with django_assert_num_queries(7):
        client.get(reverse("premises:files"))
    assert "第24科技" in client.get(reverse("premises:mail"), {"stage": "late"}).content.decode()
    assert "没有符合的邮件" in client.get(reverse("premises:mail"), {"kind": "official"}).content.decode()
    book = load_workbook(BytesIO(client.get(reverse("premises:mail_workbook"), {"q": "第7"}).content))
    assert [row[1].value for row in book.active.iter_rows(min_row=2)] == ["第7科技有限公司"]
    book = load_workbook(BytesIO(client.get(reverse("premises:files_workbook"), {"q": "第7"}).content))
    assert [row[0].value for row in book.active.iter_rows(min_row=2)] == ["第7科技有限公司"]
