"""The pages of curves: from tenancies and the register; whole for both sides, protected for everybody."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO

import pytest
from dateutil.relativedelta import relativedelta
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

import factories
from chuangbao.accounts.models import Organisation
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.audit.log import record
from chuangbao.inspections.domain.lives import list_stays, list_survivals
from chuangbao.tenants.models import Team, Tenancy
from spaces.samples import make_space

pytestmark = pytest.mark.usefixtures("regions")


def make_tenancy(space, *, months, stage="incubating", stayed=None, firm=True):
    """A tenancy that began so many months ago, and ended after it stayed some."""
    first = timezone.localdate() - relativedelta(months=months)
    ended = first + relativedelta(months=stayed) if stayed is not None else None
    given = {"organization": factories.organisation(), "firm_since": first} if firm else {}
    if not firm:
        given = {"team": Team.objects.create(name=f"团队{months}{stage}")}
    return Tenancy.objects.create(
        space=space, starts_on=first, ended_on=ended, stage=stage, project="x", end_cause="", **given
    )


def close_firm(tenancy):
    firm = unscoped(Organisation, because="a test").get(pk=tenancy.organization_id)
    Organisation._base_manager.filter(pk=firm.pk).update(stage="closed")
    record(SYSTEM, "close", firm, before="verified", after="closed")


def test_a_closed_firm_ends_and_a_graduate_is_followed_on():
    space = make_space(factories.member())
    gone, done = make_tenancy(space, months=14), make_tenancy(space, months=20, stage="graduated", stayed=10)
    make_tenancy(space, months=5, firm=False)
    make_tenancy(space, months=8, stage="left", stayed=3)
    close_firm(gone)
    lives = {life.tenancy.pk: (life.months, life.ended) for life in list_survivals([space.pk])}
    assert (lives[gone.pk], lives[done.pk], len(lives)) == ((14, True), (20, False), 3)
    assert sorted((life.months, life.ended) for life in list_stays([space.pk])) == [
        (3, False), (5, False), (10, True), (14, False),
    ]  # fmt: skip


def test_who_has_no_tenant_yet_has_no_curve_and_one_of_tomorrow_does_not_count(client):
    host = factories.member()
    space = make_space(host)
    row = make_tenancy(space, months=0)
    Tenancy._base_manager.filter(pk=row.pk).update(
        starts_on=timezone.localdate() + timedelta(days=1), firm_since=timezone.localdate() + timedelta(days=1)
    )
    factories.sign_in(client, host)
    page = client.get(reverse("inspections:curves", args=[space.pk])).content.decode()
    assert "还没有入驻" in page


def test_both_sides_see_each_record_and_everybody_else_protected_shares(client, django_assert_num_queries):
    host = factories.member()
    space = make_space(host)
    rows = [make_tenancy(space, months=13) for _ in range(6)]
    rows.append(make_tenancy(space, months=30, stage="graduated", stayed=24))
    close_firm(rows[0])
    page = reverse("inspections:curves", args=[space.pk])
    assert page in client.get(reverse("spaces:space", args=[space.pk])).content.decode()
    seen = client.get(page).content.decode()
    assert rows[0].name not in seen
    assert "100%" in seen
    assert "<svg" not in seen.split("<main")[1].split("cb-actions")[0]
    assert seen.count("—") >= 6
    factories.sign_in(client, host)
    client.get(page)
    with django_assert_num_queries(10):
        seen = client.get(page).content.decode()
    assert reverse("tenants:tenancy", args=[rows[0].pk]) in seen
    assert "已注销" in seen
    book = load_workbook(BytesIO(client.get(reverse("inspections:curves_workbook", args=[space.pk])).content))
    cells = [[cell.value for cell in row] for row in book.active.iter_rows(min_row=2)]
    assert cells[0][1:] == [13, 7, 1, 5, 85.7]
    factories.sign_in(client, factories.member())
    assert rows[0].name not in client.get(page).content.decode()
    assert client.get(reverse("inspections:curves_workbook", args=[space.pk])).status_code == 404
    factories.sign_in(client, factories.officer("spaces"))
    assert rows[0].name in client.get(page).content.decode()
    pooled = reverse("inspections:area_curves")
    assert "1个空间合计" in client.get(pooled, {"kind": "maker"}).content.decode()
    assert rows[0].name not in client.get(pooled, {"kind": "cafe"}).content.decode()
    assert client.get(reverse("inspections:curves_workbook", args=[space.pk])).status_code == 200
