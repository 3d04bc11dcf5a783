"""An address that declares nothing and a page that reads without a scope are both found."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import override_settings
from django.urls import get_resolver, path

import factories
from chuangbao.accounts.models import Organisation
from chuangbao.config.urls import urlpatterns as real
from chuangbao.core.access.permissions import access_of, page, signed_in
from chuangbao.core.access.row_access import UnscopedQueryError
from permissions.test_table import named


def undeclared(_request):
    return HttpResponse("open to all the world")


@page(permission=signed_in)
def unscoped(_request):
    return HttpResponse(", ".join(row.name for row in Organisation.objects.order_by("pk")))


urlpatterns = [
    *real,
    path("planted/open/", undeclared, name="planted_open"),
    path("planted/leak/", unscoped, name="leak"),
]


@override_settings(ROOT_URLCONF=__name__)
def test_an_address_that_declares_nothing_is_found():
    found = [name for name, entry in named(get_resolver()) if access_of(entry.callback) is None]
    assert found == ["planted_open"]


@override_settings(ROOT_URLCONF=__name__)
def test_a_page_that_reads_without_a_scope_breaks_instead_of_leaking(client, regions):
    factories.organisation("别人的企业")
    factories.sign_in(client, factories.founder())
    with pytest.raises(UnscopedQueryError, match="Organisation"):
        client.get("/planted/leak/")
