"""An unscoped read inside a request is refused; a scoped one shows what is the actor's to see and nothing else."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path

import factories
from chuangbao.accounts.models import Membership, Organisation
from chuangbao.core.access.actors import ANONYMOUS
from chuangbao.core.access.permissions import public
from chuangbao.core.access.row_access import (
    SCOPES,
    ScopedManager,
    UnscopedQueryError,
    forbid_unscoped_reads,
    unscoped,
    visible,
)

pytestmark = pytest.mark.usefixtures("regions")

READS = {
    "iterate": list,
    "iterator": lambda rows: list(rows.iterator()),
    "get": lambda rows: rows.get(pk=1),
    "first": lambda rows: rows.first(),
    "values": lambda rows: list(rows.filter(name="x").values("pk")),
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "aggregate": lambda rows: rows.aggregate(),
    "update": lambda rows: rows.update(name="x"),
    "delete": lambda rows: rows.delete(),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_an_unscoped_read_is_refused_inside_a_request(read):
    with forbid_unscoped_reads(), pytest.raises(UnscopedQueryError, match="visible"):
        read(Organisation.objects.all())


@pytest.mark.parametrize("name", ["iterate", "iterator", "first", "values", "count", "exists"])
def test_a_scoped_read_runs(name):
    organisation = factories.organisation()
    with forbid_unscoped_reads():
        READS[name](visible(Organisation, to=factories.member(organisation)))
        READS[name](unscoped(Organisation, because="a test").filter(pk__gt=0))


def test_rows_reached_from_a_row_in_sight_are_in_sight():
    membership = factories.membership()
    with forbid_unscoped_reads():
        assert list(membership.organisation.memberships.all()) == [membership]


@public
def planted(request):
    """A page whose author forgot the scope."""
    return HttpResponse(str(Organisation.objects.count()))


urlpatterns = [path("planted/", planted)]


@override_settings(ROOT_URLCONF=__name__)
def test_a_page_that_forgets_the_scope_fails(client):
    with pytest.raises(UnscopedQueryError):
        client.get("/planted/")


def test_every_scoped_model_says_what_an_actor_may_see():
    scoped = {m for m in apps.get_models() if isinstance(m._default_manager, ScopedManager)}
    assert scoped == set(SCOPES)


def test_what_each_actor_sees_of_organisations():
    here, there = factories.organisation(), factories.organisation(region=factories.NEIGHBOUR)
    mine = factories.membership(where=here)
    from chuangbao.accounts.domain.acting import as_member, as_self

    seen = {
        "nobody": visible(Organisation, to=ANONYMOUS),
        "themselves": visible(Organisation, to=as_self(mine.person)),
        "member": visible(Organisation, to=as_member(mine)),
        "stranger": visible(Organisation, to=factories.founder()),
        "county": visible(Organisation, to=factories.officer("register")).filter(kind="enterprise"),
        "city": visible(Organisation, to=factories.officer("register", region=factories.CITY)).filter(
            kind="enterprise"
        ),
        "elsewhere": visible(Organisation, to=factories.officer("register", region=factories.OTHER_CITY)),
        "audit": visible(Organisation, to=factories.admin("audit_admin")),
    }
    assert {name: set(rows) - {r for r in rows if r.kind == "agency"} for name, rows in seen.items()} == {
        "nobody": set(), "themselves": {here}, "member": {here}, "stranger": set(), "county": {here},
        "city": {here, there}, "elsewhere": set(), "audit": set(),
    }  # fmt: skip
    assert list(visible(Membership, to=factories.founder())) == []


def test_a_row_in_sight_may_be_changed_by_its_own_query():
    organisation = factories.organisation()
    with forbid_unscoped_reads():
        assert unscoped(Organisation, because="a test").filter(pk=organisation.pk).update(name="新名") == 1
        assert unscoped(Organisation, because="a test").filter(pk=organisation.pk).delete()[0] == 1
        assert unscoped(Organisation, because="a test").aggregate(n=models.Count("pk")) == {"n": 0}
