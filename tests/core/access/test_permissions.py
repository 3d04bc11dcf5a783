"""Who may open a page: nobody in particular is sent to sign in, whoever may not is refused, old proofs are renewed."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import override_settings
from django.urls import path
from django.utils import timezone

import factories
from chuangbao.accounts.models import Person
from chuangbao.accounts.permissions import acts_for, may_manage_members, may_see_own_data, may_verify_organisation
from chuangbao.core.access.actors import ANONYMOUS
from chuangbao.core.access.permissions import access_of, anyone, page, permit, public, signed_in

pytestmark = pytest.mark.usefixtures("regions")


@page(permission=anyone)
def open_page(request):
    return HttpResponse("open")


@page(permission=signed_in)
def own_page(request):
    return HttpResponse(request.actor.acting)


@page(permission=may_verify_organisation)
def officers_page(request):
    return HttpResponse("officers")


@page(permission=signed_in, fresh=True)
def sensitive_page(request):
    return HttpResponse("sensitive")


@public
def elsewhere(request):
    return HttpResponse("elsewhere")


urlpatterns = [
    path("open/", open_page),
    path("own/", own_page),
    path("officers/", officers_page),
    path("sensitive/", sensitive_page),
    path("login/", elsewhere, name="account_login"),
    path("again/", elsewhere, name="account_reauthenticate"),
]


@pytest.fixture(autouse=True)
def planted_addresses():
    with override_settings(ROOT_URLCONF=__name__):
        yield


def test_a_page_names_its_permission():
    assert (access_of(open_page), access_of(elsewhere), access_of(object())) == ("anyone", "public", None)


def test_nobody_in_particular_is_sent_to_sign_in_and_comes_back(client):
    assert client.get("/open/").content == b"open"
    response = client.get("/own/?a=1")
    assert (response.status_code, response["Location"]) == (302, "/login/?next=%2Fown%2F%3Fa%3D1")


def test_a_signed_in_person_acts_as_the_session_says(client):
    membership = factories.member()
    factories.sign_in(client, membership)
    assert client.get("/own/").content.decode() == membership.acting


def test_a_role_taken_away_in_mid_session_is_gone_at_once(client):
    from chuangbao.accounts.models import Membership

    actor = factories.member()
    factories.sign_in(client, actor)
    Membership.objects.filter(pk=actor.holder_id).update(ended_at=timezone.now())
    assert client.get("/own/").content == b"self"


def test_whoever_may_not_is_refused(client):
    factories.sign_in(client, factories.member())
    with pytest.raises(PermissionDenied):
        officers_page(asking(factories.member()))
    assert officers_page(asking(factories.officer("register"))).content == b"officers"


def asking(actor, **session):
    """A request of an actor, as the middleware makes it."""
    from django.test import RequestFactory

    request = RequestFactory().get("/officers/")
    request.actor, request.session = actor, session
    request.user = Person.objects.filter(pk=actor.person_id).first() or AnonymousUser()
    return request


def test_a_sensitive_page_asks_again_for_an_old_proof():
    founder, now = factories.as_self(factories.person(password=factories.PASSWORD)), timezone.now().timestamp()
    assert sensitive_page(asking(founder))["Location"] == "/again/?next=%2Fofficers%2F"
    old = [{"method": "password", "at": now - 3600}]
    assert sensitive_page(asking(founder, account_authentication_methods=old)).status_code == 302
    new = [{"method": "password", "at": now - 60}]
    assert sensitive_page(asking(founder, account_authentication_methods=new)).content == b"sensitive"


def test_permit_asks_about_the_row():
    organisation = factories.organisation()
    owner = factories.member(organisation)
    permit(may_manage_members, actor=owner, row=organisation)
    with pytest.raises(PermissionDenied):
        permit(may_manage_members, actor=owner, row=factories.organisation())
    with pytest.raises(PermissionDenied):
        permit(may_manage_members, actor=factories.member(organisation, "clerk"), row=organisation)
    assert acts_for.test(owner, organisation)


def test_a_person_sees_their_own_data_only():
    someone = factories.person()
    assert may_see_own_data.test(factories.as_self(someone), someone)
    assert not may_see_own_data.test(factories.founder(), someone)
    assert not may_see_own_data.test(ANONYMOUS, someone)
