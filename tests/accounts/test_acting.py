"""For whom somebody may act, and what they then see."""

from __future__ import annotations

from datetime import date

import pytest
from django.utils import timezone

import factories
from chuangbao.accounts.domain.acting import actor_for, choices, name_choices
from chuangbao.accounts.models import AdminDuty, Invitation, Membership, Organisation, OrganisationClaim, Person, Post
from chuangbao.core.access.actors import ANONYMOUS, SYSTEM, Capacity
from chuangbao.core.access.row_access import visible

pytestmark = pytest.mark.usefixtures("regions")


@pytest.fixture
def busy(regions):
    """Somebody with an organisation, a post and a duty."""
    who = factories.person("王五")
    membership = factories.membership(who)
    post = factories.post(who, duties=("register", "supervisor"))
    duty = AdminDuty.objects.create(person=who, kind="audit_admin")
    return who, membership, post, duty


def test_every_capacity_can_be_chosen_and_is_found_again(busy, django_assert_num_queries):
    who, membership, post, duty = busy
    with django_assert_num_queries(3):
        found = choices(who)
    keys = [f"member:{membership.pk}", f"officer:{post.pk}", f"audit_admin:{duty.pk}"]
    assert [choice.key for choice in found] == ["self", *keys]
    assert found[0].label == "王五"
    assert [actor_for(who, choice.key) for choice in found] == [choice.actor for choice in found]


def test_one_query_tells_who_acts(busy, django_assert_num_queries):
    who, membership, _post, _duty = busy
    with django_assert_num_queries(1):
        actor = actor_for(who, f"member:{membership.pk}")
    assert (actor.capacity, actor.organisation_id, actor.holds("owner")) == (
        Capacity.MEMBER,
        membership.organisation_id,
        True,
    )


def test_what_is_not_ones_own_leaves_one_as_oneself(busy):
    stranger, (_who, membership, post, duty) = factories.person(), busy
    for key in (f"member:{membership.pk}", f"officer:{post.pk}", f"audit_admin:{duty.pk}", "member:x", "nonsense", ""):
        assert actor_for(stranger, key).acting == "self"
    assert actor_for(None, "self") is ANONYMOUS


def test_a_post_outside_its_term_gives_nothing(busy):
    who, _membership, post, _duty = busy
    Post.objects.filter(pk=post.pk).update(term=(date(2000, 1, 1), date(2001, 1, 1)))
    assert actor_for(who, f"officer:{post.pk}").acting == "self"


def test_what_each_capacity_sees(busy):
    who, membership, post, duty = busy
    place = membership.organisation
    invitation = Invitation.objects.create(organisation=place, email="a@example.org", role="clerk", invited_by=who)
    claim = OrganisationClaim.objects.create(organisation=place, person=factories.person(), reason="我是法定代表人")
    acting = {choice.actor.capacity: choice.actor for choice in choices(who)}
    rows = {
        Membership: membership,
        Invitation: invitation,
        OrganisationClaim: claim,
        Post: post,
        AdminDuty: duty,
        Organisation: place,
    }
    sees = {
        capacity: {model.__name__ for model, row in rows.items() if visible(model, to=actor).filter(pk=row.pk).exists()}
        for capacity, actor in {**acting, Capacity.SYSTEM: SYSTEM, Capacity.ANONYMOUS: ANONYMOUS}.items()
    }
    assert sees == {
        Capacity.SELF: {"Membership", "Post", "AdminDuty", "Organisation"},
        Capacity.MEMBER: {"Membership", "Post", "AdminDuty", "Organisation", "Invitation"},
        Capacity.OFFICER: {"Membership", "Post", "AdminDuty", "Organisation", "OrganisationClaim"},
        Capacity.AUDIT_ADMIN: {"Membership", "Post", "AdminDuty"},
        Capacity.SYSTEM: {"Membership", "Post", "AdminDuty", "Organisation"},
        Capacity.ANONYMOUS: set(),
    }
    security = factories.admin("security_admin")
    assert visible(AdminDuty, to=security).filter(pk=duty.pk).exists()
    assert claim.region_id == factories.COUNTY


def test_people_are_found_by_e_mail_however_it_is_written():
    made = Person.objects.create_superuser("Somebody@Example.ORG", factories.PASSWORD, name="赵六")
    assert made.email == "somebody@example.org"
    assert Person.objects.get_by_natural_key("SOMEBODY@example.org") == made
    assert (made.get_full_name(), made.get_short_name(), str(made)) == ("赵六", "赵六", "赵六")
    assert made.check_password(factories.PASSWORD)


def test_rows_say_what_they_are(busy):
    who, membership, post, duty = busy
    place = membership.organisation
    invitation = Invitation.objects.create(organisation=place, email="a@example.org", role="clerk", invited_by=who)
    claim = OrganisationClaim.objects.create(organisation=place, person=who, reason="x")
    assert str(place) == place.name
    assert str(membership) == f"{who.pk} owner {place.pk}"
    assert str(post) == "科技 220102"
    assert str(duty) == f"{who.pk} audit_admin"
    assert str(invitation) == f"{place.pk} clerk"
    assert invitation.expires_at > timezone.now()
    assert str(claim) == f"{place.pk} open"


def test_the_head_of_every_page_names_the_same_capacities_with_one_query(busy, django_assert_num_queries):
    who, *_capacities = busy
    factories.membership(who, factories.organisation("一家"))
    factories.post(who)
    with django_assert_num_queries(1):
        named = name_choices(who)
    assert named == [(choice.key, choice.label) for choice in choices(who)]
    Membership.objects.filter(person=who).update(ended_at=timezone.now())
    AdminDuty.objects.filter(person=who).update(ended_at=timezone.now())
    assert [key.partition(":")[0] for key, _label in name_choices(who)] == ["self", "officer", "officer"]
