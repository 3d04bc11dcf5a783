"""Small things every context uses: money, working days, secrets, limits, forms sent twice, what waits."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django import forms
from django.core.exceptions import FieldError, ImproperlyConfigured
from django.db import connection, transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

import factories
from chuangbao.accounts.models import Person
from chuangbao.core import workbench
from chuangbao.core.http import paging, rate_limits
from chuangbao.core.http.forms import Done, attempt, attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.paging import page_of
from chuangbao.core.localization.money import MoneyField, yuan
from chuangbao.core.localization.working_days import (
    MOVING,
    is_provisional,
    is_statutory_holiday,
    is_working_day,
    list_lawful_holidays,
    working_days_after,
    working_days_between,
)
from chuangbao.core.models import Answered, Hit, Letter, Region
from chuangbao.core.storage import encryption
from chuangbao.core.workflow.refusals import Refused


@pytest.mark.parametrize(
    ("given", "kept"), [("0.005", "0.01"), ("-0.005", "-0.01"), (3, "3.00"), (Decimal("1.234"), "1.23")]
)
def test_money_is_rounded_half_away_from_zero(given, kept):
    assert yuan(given) == Decimal(kept)


def test_money_is_never_a_float():
    with pytest.raises(TypeError):
        yuan(0.1)
    assert MoneyField().decimal_places == 2


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4, min_value=-(10**12), max_value=10**12))
def test_money_rounds_by_half_a_cent_at_the_most_and_the_same_both_ways(amount):
    assert abs(yuan(amount) - amount) <= Decimal("0.005")
    assert yuan(-amount) == -yuan(amount)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 10, 1), False),  # 国庆节
        (date(2026, 10, 10), True),  # a Saturday worked in exchange
        (date(2026, 11, 25), True),
        (date(2026, 11, 28), False),
        (date(2040, 10, 8), True),  # not announced yet: weekends, and the days that the law names
        (date(2040, 10, 1), False),
        (date(2027, 1, 1), False),
        (date(2027, 2, 5), False),  # 除夕
        (date(2027, 2, 8), False),  # 初三
        (date(2027, 2, 9), True),
        (date(2027, 4, 5), False),  # 清明
        (date(2027, 6, 9), False),  # 端午
        (date(2027, 9, 15), False),  # 中秋
    ],
)
def test_offices_work_by_the_state_councils_calendar(day, works):
    assert is_working_day(day) is works


def test_days_that_the_law_names_are_off_in_every_plan():
    for year in (2025, 2026):
        days = list_lawful_holidays(year)
        assert len(days) == 13
        assert all(is_statutory_holiday(day) for day in days)
    assert is_statutory_holiday(date(2027, 1, 1))
    assert not is_statutory_holiday(date(2027, 1, 2))
    assert date(2028, *MOVING[2028][3]) == date(2028, 10, 3)  # 中秋 within 国庆


def test_a_period_starts_the_day_after():
    assert working_days_after(date(2026, 9, 30), 0) == date(2026, 9, 30)
    assert working_days_after(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert is_provisional(date(2040, 1, 1))
    with pytest.raises(ValueError, match="negative"):
        working_days_after(date(2026, 1, 1), -1)


@given(st.dates(date(2005, 1, 1), date(2045, 1, 1)), st.integers(0, 60))
def test_counting_back_finds_the_same_number(day, count):
    assert working_days_between(day, working_days_after(day, count)) == count
    assert working_days_between(working_days_after(day, count), day) == -count


@pytest.mark.parametrize("cipher", ["aes", "sm4"])
def test_what_is_sealed_opens_in_its_place_alone(settings, cipher):
    settings.FIELD_CIPHER = cipher
    kept = encryption.encrypt_bytes("身份证".encode(), context="a.b")
    assert "身份证".encode() not in kept
    assert kept.startswith(f"{cipher}:k1:".encode())
    assert encryption.decrypt_bytes(kept, context="a.b").decode() == "身份证"
    for spoiled, place in [
        (kept, "a.c"),
        (kept[:-1] + bytes([kept[-1] ^ 1]), "a.b"),
        (b"aes:k9:x", "a.b"),
        (b"odd", "a.b"),
    ]:
        with pytest.raises(encryption.SealedError):
            encryption.decrypt_bytes(spoiled, context=place)


def test_a_new_key_seals_and_the_old_one_still_opens(settings):
    old, new = "b1d2YWxpZGtleXZhbGlka2V5dmFsaWRrZXkxMjM0NTY=", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI="
    settings.FIELD_KEYS = f"old:{old}"
    before = encryption.encrypt_bytes(b"x", context="c")
    settings.FIELD_KEYS = f"new:{new},old:{old}"
    assert encryption.decrypt_bytes(before, context="c") == b"x"
    assert encryption.encrypt_bytes(b"x", context="c").startswith(b"aes:new:")


def test_an_encrypted_field_is_read_by_its_row_and_never_searched(db):
    Letter.objects.create(recipient="a@example.org", subject="题", body="文")
    row = Letter.objects.get(html__isnull=True)
    assert (row.recipient, row.html) == ("a@example.org", None)
    field = Letter._meta.get_field("body")
    assert field.value_to_string(row) == "文"
    assert field.to_python("文") == "文"
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM core_letter")
        assert "文".encode() not in bytes(cursor.fetchone()[0])
    with pytest.raises(FieldError, match="nsupported lookup"):
        Letter.objects.filter(body="文").exists()


def test_so_many_in_so_long_and_no_more(db):
    assert [rate_limits.hit("sign-in", "ip:1", "2/h") for _ in range(3)] == [True, True, False]
    assert rate_limits.hit("sign-in", "ip:2", "2/h")
    assert str(Hit.objects.get(key="sign-in:3600:ip:1")) == "sign-in:3600:ip:1: 3"
    assert rate_limits.sweep() == 0


def test_what_is_still_counted_is_not_swept(db):
    assert rate_limits.hit("sign-in", "ip:1", "1/d")
    Hit.objects.update(counted_at=timezone.now() - timedelta(days=2))  # first counted long ago, and again now
    rate_limits.hit("sign-in", "ip:1", "1/d")
    assert rate_limits.sweep() == 0
    assert not rate_limits.hit("sign-in", "ip:1", "1/d")


def test_what_is_limited_by_one_name_is_limited_alike():
    rate_limits.rate_limit("of-this-test", rate="2/h")
    rate_limits.rate_limit("of-this-test", rate="2/h")
    with pytest.raises(ImproperlyConfigured, match="name it apart"):
        rate_limits.rate_limit("of-this-test", rate="3/h")


def test_what_cannot_be_counted_is_refused(db):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SAVEPOINT before; ALTER TABLE core_hit RENAME TO gone")
        assert not rate_limits.hit("x", "", "10/m")
        cursor.execute("ROLLBACK TO before")


@pytest.fixture
def asked(rf, regions):
    somebody = factories.founder()

    def ask(method="post", actor=None, **data):
        request = getattr(rf, method)("/somewhere/", data)
        request.actor = actor or somebody
        request.user = Person.objects.filter(pk=request.actor.person_id).first()
        request.session = {}
        return request

    return ask


def test_a_limited_page_says_when_to_return(asked, settings):
    view = rate_limits.rate_limit("test", rate="1/5m")(lambda _request: HttpResponse("done"))
    actor = factories.founder()
    assert view(asked(actor=actor)).status_code == 200
    refused = view(asked(actor=actor))
    assert (refused.status_code, refused["Retry-After"]) == (429, "300")
    assert "5" in refused.content.decode()
    assert view(asked("get", actor=actor)).status_code == 200
    assert view(asked()).status_code == 200
    settings.RATE_LIMITS = False
    assert view(asked(actor=actor)).status_code == 200


def test_strangers_are_counted_by_their_address(asked):
    from chuangbao.core.access.actors import ANONYMOUS

    view = rate_limits.rate_limit("by-address", rate="1/m", per="ip")(lambda _request: HttpResponse("done"))
    assert view(asked(actor=ANONYMOUS)).status_code == 200
    assert view(asked(actor=ANONYMOUS)).status_code == 429


def test_a_form_sent_twice_acts_once(asked):
    done = []

    @once
    def view(request):
        done.append(request.POST["what"])
        return HttpResponseRedirect("/result/")

    token = str(uuid4())
    first, second = view(asked(once=token, what="a")), view(asked(once=token, what="a"))
    assert done == ["a"]
    assert first.url == second.url == "/result/"
    view(asked(once="odd", what="b"))
    assert done == ["a", "b"]
    view(asked(once=token, what="c"))  # somebody went back and wrote something else into the same form
    assert done == ["a", "b", "c"]


def test_a_file_sent_twice_is_kept_once_and_another_one_too(asked):
    done = []

    @once
    def view(request):
        done.append(request.FILES["file"].read())
        return HttpResponseRedirect("/result/")

    token = str(uuid4())
    for content in (b"one", b"one", b"two"):
        view(asked(once=token, file=factories.upload(content)))
    assert done == [b"one", b"two"]


def test_a_form_that_was_refused_may_be_sent_again(asked):
    answers = iter([HttpResponse(status=422), HttpResponseRedirect("/result/")])
    view = once(lambda _request: next(answers))
    token = str(uuid4())
    assert view(asked(once=token)).status_code == 422
    assert not Answered.objects.exists()
    assert view(asked(once=token)).status_code == 302
    assert str(Answered.objects.get()).startswith("/somewhere/")


class NameForm(forms.Form):
    name = forms.CharField()


def test_a_refusal_stands_beside_its_field():
    def verb(field):
        raise Refused("taken", "已被占用", field=field)

    form = NameForm({"name": "x"})
    assert not attempt(form, verb, field="name")
    assert form.errors == {"name": ["已被占用"]}
    general = NameForm({"name": "x"})
    assert not attempt(general, verb, field="other")
    assert general.non_field_errors() == ["已被占用"]
    assert not attempt(NameForm({}), verb, field="name")
    fine = NameForm({"name": "x"})
    assert attempt(fine, lambda n: n + 1, n=1) == Done(2)
    assert attempt_filled(fine, lambda n, name: name * n, n=2) == Done("xx")
    assert attempt_filled(NameForm({}), verb) is None


def test_what_waits_is_shown_by_heading_the_oldest_first(monkeypatch):
    monkeypatch.setattr(workbench, "SOURCES", {})
    monkeypatch.setattr(workbench, "WAYS", {})
    later, sooner = (timezone.make_aware(datetime(2026, 1, day)) for day in (2, 1))  # noqa: DTZ001
    workbench.todo("a", "甲")(
        lambda _: [
            workbench.ToDo("later", "/", later),
            workbench.ToDo("whenever", "/"),
            workbench.ToDo("sooner", "/", sooner),
        ]
    )
    workbench.todo("b", "乙")(lambda _: [])
    own = workbench.mine(workbench.Heading.OWN)
    own(own(lambda _: [workbench.Mine("机构", "/o/")]))
    workbench.mine(workbench.Heading.SPACES)(lambda _: [workbench.Mine("空间", "/s/")])
    workbench.mine(workbench.Heading.POLICIES)(lambda _: [])
    assert [(label, [t.title for t in rows]) for label, rows in workbench.todos_of(None)] == [
        ("甲", ["sooner", "later", "whenever"])
    ]
    ways = [(heading, [m.title for m in rows]) for heading, rows in workbench.mine_of(None)]
    assert ways == [("空间和预约", ["空间"]), ("本人和机构", ["机构"])]


def test_a_list_is_paged_through_up_to_a_point(regions, monkeypatch):
    rows = Region.objects.order_by("code")
    page = page_of(rows, "2", each=3)
    assert (len(page), page.paginator.count, page.paginator.more) == (3, rows.count(), False)
    monkeypatch.setattr(paging, "MOST", 4)
    page = page_of(rows, "9", each=3)
    assert (page.number, len(page), page.paginator.count, page.paginator.more) == (2, 1, 4, True)
