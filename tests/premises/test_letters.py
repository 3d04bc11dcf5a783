"""Letters of consent: numbered once, below the ceiling, revoked and superseded; who looks one up hears the truth."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO
from urllib.parse import urlencode

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

import factories
from chuangbao.accounts.models import Organisation
from chuangbao.core.access.permissions import Forbidden
from chuangbao.core.access.row_access import unscoped, visible
from chuangbao.core.localization.formatting import day_words
from chuangbao.core.models import Notice
from chuangbao.core.workbench import todos_of
from chuangbao.core.workflow.refusals import Refused
from chuangbao.premises.domain.letters import issue_letter, note_licence, replace_letter, revoke_letter
from chuangbao.premises.domain.limits import read_limit
from chuangbao.premises.domain.lookups import find_by_number, find_by_token, is_same_name, mask_name
from chuangbao.premises.domain.premises import close_premise, open_premise, put_ceiling
from chuangbao.premises.models import ConsentLetter, Premise
from chuangbao.premises.sheet import paper_of
from chuangbao.spaces.domain.ending import close_space, merge_spaces
from chuangbao.spaces.domain.sites import add_site, end_site, update_site
from premises.samples import make_letter, make_premise
from spaces.samples import make_space
from tenants.scene import admit, apply_as, host_and_space
from together import at_once

pytestmark = pytest.mark.usefixtures("regions")
A_YEAR = timedelta(days=365)


@pytest.fixture
def host():
    return factories.member()


def letters():
    return unscoped(ConsentLetter, because="a test")


def test_letters_are_numbered_by_space_and_year(host):
    premise = make_premise(host)
    first, second = make_letter(premise, host), make_letter(premise, host, "第二科技有限公司")
    year, space = timezone.localdate().year, premise.space.pk
    assert [first.number, second.number] == [f"{year}-{space:05d}-0001", f"{year}-{space:05d}-0002"]


def test_the_ceiling_holds_and_a_revoked_letter_frees_a_place(host):
    premise = make_premise(host, ceiling=1)
    letter = make_letter(premise, host)
    with pytest.raises(Refused) as refusal:
        make_letter(premise, host, "第二科技有限公司")
    assert refusal.value.code == "full"
    assert letters().count() == 1
    revoke_letter(letter=letter, actor=host, reason="联系不上")
    assert make_letter(premise, host, "第二科技有限公司").is_current


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"licensee_code": "123"}, "code-length", "licensee_code"),
        ({"licensee": "演示科技有限公司"}, "letter_before", "licensee"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_changes_nothing(host, given, code, field):
    premise = make_premise(host)
    make_letter(premise, host)
    with pytest.raises(Refused) as refusal:
        make_letter(premise, host, **{"licensee": "第二科技有限公司", **given})
    assert (refusal.value.code, refusal.value.field) == (code, field)
    assert letters().count() == 1


def test_a_letter_is_replaced_and_the_old_one_says_so(host):
    premise = make_premise(host, ceiling=1)
    old = make_letter(premise, host)
    until = timezone.localdate() + 2 * A_YEAR
    new = replace_letter(letter=old, actor=host, licensee=old.licensee, valid_until=until)
    old = find_by_token(old.address_code)
    assert (old.stage, old.is_current, new.replaces) == ("superseded", False, old)
    with pytest.raises(Refused):
        replace_letter(letter=old, actor=host, licensee="x", valid_until=until)
    assert letters().count() == 2


def test_a_letter_ends_on_a_day_to_come_and_a_premise_is_opened_in_a_site_in_use(host):
    premise = make_premise(host)
    given = {"premise": premise, "actor": host, "licensee": "x"}
    with pytest.raises(Refused) as refusal:
        issue_letter(**given, valid_until=timezone.localdate() - timedelta(days=1))
    assert (refusal.value.code, refusal.value.field) == ("past_day", "valid_until")
    put_ceiling(premise=premise, ceiling=None, actor=host)
    close_space(space=premise.space, actor=host, reason="停办")
    with pytest.raises(Refused) as refusal:
        open_premise(site=premise.site, room="302", actor=host)
    assert refusal.value.code == "ended"
    assert not letters().exists()


def test_strangers_issue_and_see_nothing(host):
    letter = make_letter(make_premise(host), host)
    stranger = factories.member()
    with pytest.raises(Forbidden):
        make_letter(letter.premise, stranger, "第二科技有限公司")
    with pytest.raises(Refused):
        revoke_letter(letter=letter, actor=stranger, reason="x")
    assert not visible(ConsentLetter, to=stranger).exists()
    assert visible(ConsentLetter, to=factories.officer("spaces", region=factories.CITY)).exists()
    assert not visible(ConsentLetter, to=factories.officer("spaces", region=factories.NEIGHBOUR)).exists()


def test_the_firm_sees_its_letter_and_hears_that_it_was_revoked(host):
    firm = factories.member()
    code = Organisation._base_manager.get(pk=firm.organisation_id).code
    letter = make_letter(make_premise(host), host, licensee_code=code)
    assert list(visible(ConsentLetter, to=firm)) == [letter]
    revoke_letter(letter=letter, actor=host, reason="联系不上")
    events = Notice.objects.filter(person=firm.person_id).order_by("pk").values_list("event", flat=True)
    assert list(events) == ["letter.issued", "letter.revoked"]


def test_a_space_that_closes_revokes_its_letters_with_its_reason(host):
    premise = make_premise(host)
    letter = make_letter(premise, host)
    close_space(space=premise.space, actor=host, reason="房屋到期")
    assert find_by_token(letter.address_code).stage == "revoked"
    with pytest.raises(Refused) as refusal:
        make_letter(premise, host, "第二科技有限公司")
    assert refusal.value.code == "closed"


def test_a_letter_holds_only_as_long_as_its_premise_is_there(host):
    premise = make_premise(host)
    letter = make_letter(premise, host)
    site = premise.site
    add_site(space=site.space, actor=host, address="演示路2号")
    end_site(site=site, actor=host)
    found = find_by_token(letter.address_code)
    assert (found.stage, found.is_current, found.is_backed) == ("valid", False, False)


def test_a_letter_keeps_its_address_and_its_issuer(host):
    premise = make_premise(host)
    letter = make_letter(premise, host)
    update_site(site=premise.site, actor=host, seen=premise.site.revision, address="另一条路9号")
    found = find_by_token(letter.address_code)
    assert found.address == "吉林省长春市南关区演示路1号301-A1"
    assert "另一条路9号" in str(found.premise)
    assert found.issuer_id == host.organisation_id


def test_a_letter_that_was_issued_with_a_short_address_is_looked_up_with_the_whole_one_beside_it(client, host):
    premise = make_premise(host)
    letter = make_letter(premise, host)
    page = reverse("premises:look_up_code", args=[letter.address_code])
    whole, beside = "吉林省长春市南关区演示路1号301-A1", "登记用的完整地址"
    assert beside not in client.get(page).content.decode(), "it says all"
    unscoped(ConsentLetter, because="issued before").update(address="演示路1号 301-A1")
    text = client.get(page).content.decode()
    assert "<dd>演示路1号 301-A1</dd>" in text, "what was issued is not altered"
    assert text.index(beside) < text.index(whole)
    factories.sign_in(client, host)
    assert whole in client.get(reverse("premises:letter", args=[letter.pk])).content.decode()
    client.logout()
    update_site(site=premise.site, actor=host, seen=premise.site.revision, address="另一条路9号")
    text = client.get(page).content.decode()
    assert (beside in text, "另一条路9号" in text) == (False, False), "another place is not the same address"


def test_letters_of_a_merged_space_end_with_the_space_it_went_into(host):
    letter = make_letter(make_premise(host), host)
    into = make_space(host, name="演示·另一空间")
    merge_spaces(space=letter.space, into=into, actor=host, reason="合并")
    assert find_by_token(letter.address_code).is_current
    close_space(space=into, actor=host, reason="停办")
    assert find_by_token(letter.address_code).stage == "revoked"


def test_a_premise_with_valid_letters_stays_open(host):
    premise = make_premise(host)
    letter = make_letter(premise, host)
    with pytest.raises(Refused) as refusal:
        close_premise(premise=premise, actor=host)
    assert refusal.value.code == "has_letters"
    revoke_letter(letter=letter, actor=host, reason="搬走")
    assert close_premise(premise=premise, actor=host).stage == "closed"
    assert open_premise(site=premise.site, room=premise.room, actor=host).stage == "open"
    with pytest.raises(Refused):
        open_premise(site=premise.site, room=premise.room, actor=host)


def test_the_ceiling_and_the_licence_are_kept(host):
    premise = make_premise(host)
    assert put_ceiling(premise=premise, ceiling=3, actor=host).ceiling == 3
    letter = make_letter(premise, host)
    today = timezone.localdate()
    done = note_licence(letter=letter, actor=host, licensed_on=today, licensee_code=factories.credit_code())
    assert done.licensed_on == today
    for wrong, code in (({"licensed_on": today + A_YEAR}, "future_day"), ({"licensee_code": " "}, "code_needed")):
        with pytest.raises(Refused) as refusal:
            note_licence(
                letter=letter, actor=host, **{"licensed_on": today, "licensee_code": done.licensee_code, **wrong}
            )
        assert refusal.value.code == code


def test_a_letter_is_found_by_what_is_printed_on_it(host):
    letter = make_letter(make_premise(host), host)
    typed = f" {letter.check_code[:4].lower()}-{letter.check_code[4:]} "
    assert find_by_number(number=letter.number.replace("-", "－"), check=typed) == letter
    for number, check in ((letter.number, "AAAAAAAA"), ("2026-99999-0001", letter.check_code), ("", "")):
        with pytest.raises(Refused) as refusal:
            find_by_number(number=number, check=check)
        assert refusal.value.field == "number"
    assert find_by_token("x") is None


@pytest.mark.parametrize(
    ("name", "masked"),
    [("长春创宝科技有限公司", "长春****有限公司"), ("老王饭店", "老***"), ("王", "王")],
)
def test_the_middle_of_a_name_is_hidden(name, masked):
    assert mask_name(name) == masked


def test_a_name_is_the_same_whatever_its_brackets(host):
    letter = make_letter(make_premise(host), host, "创宝（长春）科技有限公司")
    assert is_same_name(letter, "创宝(长春) 科技有限公司")
    assert not is_same_name(letter, "创宝（吉林）科技有限公司")


@pytest.mark.django_db(transaction=True)
def test_two_at_once_neither_share_a_number_nor_pass_the_ceiling(regions):
    host = factories.member()
    premise = make_premise(host, ceiling=3)
    outcomes = at_once(*[lambda n=n: make_letter(premise, host, f"第{n}科技有限公司") for n in range(6)])
    assert outcomes.count("full") == 3
    assert sorted(letters().values_list("place_in_year", flat=True)) == [1, 2, 3]
    assert Premise.objects.count() == 1


def test_a_letter_whose_last_day_is_over_stops_no_new_one_and_says_so(host):
    premise = make_premise(host)
    old = make_letter(premise, host)
    letters().update(issued_on=timezone.localdate() - A_YEAR, valid_until=timezone.localdate() - timedelta(days=1))
    new = make_letter(premise, host)
    old = letters().get(pk=old.pk)
    assert (old.stage, old.end_reason, old.replaced_by) == ("superseded", "有效期已过", new)
    assert new.is_current


def test_a_letter_of_a_site_that_was_given_up_waits_on_the_desk_of_its_host(host):
    premise = make_premise(host)
    letter = make_letter(premise, host)
    add_site(space=premise.space, actor=host, address="演示路9号")

    def list_waiting():
        return [todo.title for _group, todos in todos_of(host) for todo in todos if letter.number in todo.title]

    assert not any("场地已停用" in title for title in list_waiting())
    end_site(site=premise.site, actor=host)
    assert any("场地已停用" in title for title in list_waiting())
    revoke_letter(letter=letter, actor=host, reason="场地停用")
    assert list_waiting() == []


CONTACTS = ["请访问 http://a.b", "加微信领取", "138 0013-8000", "１３８００１３８０００", "a@b.c", "WWW.x", "见xx.com"]


@pytest.mark.parametrize("text", CONTACTS)
def test_an_unverified_organisation_leads_nobody_to_itself_by_a_letter(host, text):
    premise = make_premise(host)
    letter = make_letter(premise, host, business="软件开发，301-A12，2026年")
    Organisation.objects.filter(pk=host.organisation_id).update(stage="draft")
    premise.refresh_from_db()
    for given in ({"licensee": text}, {"licensee": "第二科技有限公司", "business": text}):
        with pytest.raises(Refused) as refusal:
            make_letter(premise, host, **given)
        assert refusal.value.code == "contacts"
    with pytest.raises(Refused):
        open_premise(site=premise.site, room=text, actor=host)
    with pytest.raises(Refused):
        revoke_letter(letter=letters().get(pk=letter.pk), actor=host, reason=text)
    assert [row.stage for row in letters()] == ["valid"]
    Organisation.objects.filter(pk=host.organisation_id).update(stage="verified")
    premise = Premise._base_manager.get(pk=premise.pk)
    assert make_letter(premise, host, "第三科技有限公司", business=text).business == text


def test_the_page_of_a_tenant_leads_its_host_to_its_letters(client):
    host, space = host_and_space()
    firm = factories.member()
    row = apply_as(firm, space)
    page = reverse("tenants:tenancy", args=[row.pk])
    factories.sign_in(client, host)
    assert "出具住所使用证明" not in client.get(page).content.decode(), "an applicant has no address here"
    admit(row, host)
    organisation = Organisation.objects.get(pk=firm.organisation_id)
    known = urlencode({"licensee": organisation.name, "licensee_code": organisation.code})
    none = f"{reverse('premises:new')}?{known}&{urlencode({'space': space.pk, 'for': organisation.name})}"
    assert none.replace("&", "&amp;") in client.get(page).content.decode()
    asked = client.get(none).content.decode()
    assert f"{space.name}还没有可登记的住所" in asked
    assert f"接着为{organisation.name}出具住所使用证明" in asked
    done = client.post(none, {"site": space.sites.get().pk, "room": "301"})
    premise = Premise._base_manager.get()
    assert done.url == f"{reverse('premises:letter_new', args=[premise.pk])}?{known}", "the firm is carried along"
    open_premise(site=space.sites.get(), room="302", actor=host)
    many = f"{reverse('premises:list')}?{known}"
    assert many.replace("&", "&amp;") in client.get(page).content.decode()
    way = f"{reverse('premises:letter_new', args=[premise.pk])}?{known}"
    assert way.replace("&", "&amp;") in client.get(many).content.decode()
    form = client.get(way).content.decode()
    assert f'value="{organisation.name}"' in form
    assert f'value="{organisation.code}"' in form
    letter = make_letter(premise, host, organisation.name, licensee_code=organisation.code)
    shown = client.get(page).content.decode()
    assert reverse("premises:letter", args=[letter.pk]) in shown
    assert f"住所使用证明 {letter.number}" in shown
    assert "出具住所使用证明" not in shown


@pytest.mark.parametrize(
    "street",
    ["演示路1号", "南关区演示路1号", "长春市演示路1号", "长春市南关区演示路1号", "吉林省长春市南关区演示路1号"],
)
def test_a_letter_names_province_city_and_district_once_whatever_the_street_begins_with(client, host, street):
    premise = make_premise(host)
    site = premise.site
    update_site(site=site, actor=host, seen=site.revision, address=street)
    premise = Premise._base_manager.get()
    letter = make_letter(premise, host)
    whole = "吉林省长春市南关区演示路1号301-A1"
    assert letter.address == str(premise) == whole
    assert whole in "".join(paper_of(letter, "", "").parts).replace("\\", "")
    assert whole in client.get(reverse("premises:look_up_code", args=[letter.address_code])).content.decode()
    factories.sign_in(client, host)
    for page in (reverse("premises:premise", args=[premise.pk]), reverse("premises:letter", args=[letter.pk])):
        assert whole in client.get(page).content.decode()
    sheet = load_workbook(BytesIO(client.get(reverse("premises:workbook")).content)).active
    assert whole in [cell.value for cell in sheet[2]]


def test_a_letter_holds_no_longer_than_the_dated_limit(client, host):
    premise, today = make_premise(host), timezone.localdate()
    latest = today + timedelta(days=read_limit("letter_days", today))
    with pytest.raises(Refused) as refusal:
        issue_letter(premise=premise, actor=host, licensee="演示科技", valid_until=date(2199, 12, 31))
    assert (refusal.value.code, refusal.value.field) == ("too_long", "valid_until")
    factories.sign_in(client, host)
    page = client.get(reverse("premises:letter_new", args=[premise.pk])).content.decode()
    assert f"最晚至{day_words(latest)}" in page
    assert issue_letter(premise=premise, actor=host, licensee="演示科技", valid_until=latest).valid_until == latest
