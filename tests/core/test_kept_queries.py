"""Queries that Django words once: the same rows as without, whatever the values, and no row is kept."""

from __future__ import annotations

import threading
import time
from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.postgres.fields import DateTimeRangeField
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import F, Func, Value

import factories
from chuangbao.accounts.models import Membership, Person, Post
from chuangbao.core import kept_queries
from chuangbao.core.access.actors import Capacity
from chuangbao.core.http.paging import kept_page_of, page_of
from chuangbao.core.kept_queries import NOTHING, KeptQuery, Question, ask_together, bare_actor, is_one_of
from together import at_once

pytestmark = pytest.mark.django_db
MOMENT = datetime(2026, 11, 28, 8, tzinfo=UTC)


def find_named(name):
    return Person.objects.filter(name=name).order_by("pk").values_list("pk", "email")


def find_some(pks, names):
    return Person.objects.filter(is_one_of("pk", pks), is_one_of("name", names)).order_by("pk").values_list("name")


def test_it_gives_what_the_query_gives_and_asks_each_time(django_assert_num_queries):
    kept = KeptQuery(find_named)
    for name in ("王五", "赵六"):
        row = factories.person(name)
        with django_assert_num_queries(1):
            assert kept.rows(name=name) == [(row.pk, row.email)]
    Person.objects.filter(name="王五").update(email="new@example.org")
    assert [email for _pk, email in kept.rows(name="王五")] == ["new@example.org"]
    assert kept.rows(name="'; DROP TABLE accounts_person; --") == []
    assert len(kept.kept) == 1


def test_lists_may_be_of_any_length():
    kept, made = KeptQuery(find_some), [factories.person(name) for name in ("王五", "赵六", "孙七")]
    pks = [row.pk for row in made]
    assert kept.rows(pks=pks, names=["王五", "孙七", "没有"]) == [("王五",), ("孙七",)]
    assert kept.rows(pks=pks[:1], names=["王五", "孙七"]) == [("王五",)]
    assert kept.rows(pks=[], names=["王五"]) == []
    assert len(kept.kept) == 1


def test_days_moments_and_spans_find_their_places(regions):
    post = factories.post(factories.person(), duties=("register",))
    on_day = KeptQuery(lambda day: Post.objects.filter(term__contains=day).order_by("pk").values_list("pk"))
    assert on_day.rows(day=date(2026, 11, 28)) == [(post.pk,)]
    assert on_day.rows(day=date(1999, 11, 28)) == []
    Session.objects.create(session_key="a" * 32, session_data="x", expire_date=MOMENT)

    def meets(span, since):
        own = Func(
            F("expire_date"), F("expire_date"), Value("[]"), function="tstzrange", output_field=DateTimeRangeField()
        )
        rows = Session.objects.filter(expire_date__gte=since).annotate(own=own)
        return rows.filter(own__overlap=span).order_by("pk").values_list("session_data")

    meeting, hour = KeptQuery(meets), timedelta(hours=1)
    assert meeting.rows(span=DateTimeTZRange(MOMENT - hour, MOMENT + hour), since=MOMENT) == [("x",)]
    assert meeting.rows(span=DateTimeTZRange(MOMENT + hour, MOMENT + 2 * hour), since=MOMENT) == []
    assert meeting.rows(span=DateTimeTZRange(MOMENT - hour, MOMENT + hour), since=MOMENT + hour) == []


def test_related_rows_are_read_with_it(regions, django_assert_num_queries):
    membership = factories.membership(factories.person("王五"))
    kept = KeptQuery(lambda pk: Membership.objects.filter(pk=pk).select_related("organisation").defer("since"))
    with django_assert_num_queries(1):
        (found,) = kept.models(pk=membership.pk)
        assert found == membership
        assert found.organisation.name == membership.organisation.name
    assert found.since == membership.since
    assert kept.models(pk=0) == []


def test_the_shape_and_which_values_there_are_decide_the_wording():
    def write(order, **asked):
        rows = Person.objects.filter(**asked) if asked else Person.objects.none()
        return rows.order_by(order).values_list("name")

    kept = KeptQuery(write)
    for name in ("王五", "赵六"):
        factories.person(name, language="en")
    assert kept.rows("pk", language="en") == [("王五",), ("赵六",)]
    assert kept.rows("-pk", language="en") == [("赵六",), ("王五",)]
    assert kept.rows("pk", language="en", name="赵六") == [("赵六",)]
    assert kept.rows("pk") == []
    assert kept.models("pk") == []


def test_what_would_be_asked_wrongly_is_an_error_at_once():
    with pytest.raises(ValueError, match="changes the SQL"):
        KeptQuery(lambda n: Person.objects.order_by("pk").values_list("pk")[:n]).rows(n=3)
    with pytest.raises(ValueError, match="none of its values"):
        KeptQuery(lambda n: Person.objects.filter(pk=n + 1).order_by("pk").values_list("pk")).rows(n=3)


def test_no_more_wordings_are_kept_than_pages_have(monkeypatch):
    monkeypatch.setattr(kept_queries, "MOST_SHAPES", 2)
    kept = KeptQuery(lambda column, pk: Person.objects.filter(pk=pk).order_by("pk").values_list(column))
    row = factories.person("王五")
    for column in ("name", "email", "language"):
        assert kept.rows(column, pk=row.pk) == [(getattr(row, column),)]
    assert len(kept.kept) == 1


def test_pages_of_a_query_that_is_worded_once_are_those_of_the_query(django_assert_num_queries):
    for n in range(5):
        factories.person(f"王{n}", language="en")

    def write(span, language):
        return Person.objects.filter(language=language).order_by("pk")[span[0] : span[1]]

    kept, rows = KeptQuery(write), Person.objects.filter(language="en").order_by("pk")
    for asked in (None, "1", "2", "3", "99", "x", "-1"):
        with django_assert_num_queries(2):
            found = kept_page_of(kept, asked=asked, each=2, language="en")
        own = page_of(rows, asked, each=2)
        assert (list(found), found.number, found.paginator.num_pages) == (
            list(own),
            own.number,
            own.paginator.num_pages,
        )
    empty = kept_page_of(kept, asked="4", each=2, language="zh-hans")
    assert (list(empty), empty.number, empty.paginator.count) == ([], 1, 0)


def test_a_scope_that_reads_more_of_an_actor_refuses_to_be_kept():
    actor = bare_actor(Capacity.OFFICER, 1, 2)
    assert (actor.capacity, actor.person, actor.organisation_id, actor.signed_in) == (Capacity.OFFICER, 1, 2, True)
    for look in (lambda: actor.region, lambda: actor.holds("owner"), lambda: actor.covers("220102")):
        with pytest.raises(TypeError, match="a kept query knows no"):
            look()


def test_several_are_asked_at_once_and_each_has_its_own_answer(django_assert_num_queries):
    kept, rows = KeptQuery(find_named), KeptQuery(lambda name: Person.objects.filter(name=name).order_by("pk"))
    never = KeptQuery(lambda name: Person.objects.filter(pk__in=[], name=name).values_list("pk"))
    made = [factories.person(name) for name in ("王五", "赵六")]
    for _round in range(2):
        with django_assert_num_queries(1):
            found = ask_together(
                kept.want_rows(name="赵六"),
                never.want_models(name="赵六"),
                NOTHING,
                Question("SELECT %s::int + %s", [40, 2]),
                rows.want_models(name="王五"),
                kept.want_rows(name="没有这个人"),
            )
        assert found == [[(made[1].pk, made[1].email)], [], [], [(42,)], [made[0]], []]
    with django_assert_num_queries(0):
        assert ask_together(NOTHING, never.want_rows(name="王五")) == [[], []]


@pytest.mark.django_db(transaction=True)
def test_what_is_asked_after_a_lock_sees_what_its_holder_did():
    row, kept = factories.person("王五"), KeptQuery(find_named)
    kept.rows(name="王五")
    lock, holds, is_asked = Question("SELECT pg_advisory_xact_lock(4711)"), threading.Event(), threading.Event()

    def change():
        with transaction.atomic():
            ask_together(lock)
            holds.set()
            is_asked.wait(timeout=20)
            wait_for_lock()
            Person.objects.filter(pk=row.pk).update(email="after@example.org")
        return "changed"

    def read():
        holds.wait(timeout=20)
        is_asked.set()
        with transaction.atomic():
            return ask_together(lock, kept.want_rows(name="王五"))[1][0][1]

    assert at_once(change, read) == ["changed", "after@example.org"]


def wait_for_lock():
    """Wait until somebody else waits for a lock."""
    for _turn in range(400):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.02)
    raise AssertionError("nobody waits")
