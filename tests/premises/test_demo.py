"""The demonstration of every context is made together, once; it has a letter that holds and one that was revoked."""

from __future__ import annotations

import pytest
from django.utils import timezone

from chuangbao.booking.models import Venue
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.contexts import load_demonstration
from chuangbao.portal.demo import load_demo
from chuangbao.premises.demo import load_demo_letters
from chuangbao.premises.models import ConsentLetter, HostFile, MailItem
from chuangbao.spaces.models import Site
from chuangbao.tenants.models import Talk, Tenancy

pytestmark = pytest.mark.usefixtures("regions")
WHY = "a test"


def test_the_demonstration_is_made_once():
    assert load_demo_letters() == 0
    load_demo()
    for _ in range(2):
        load_demonstration()
    assert sorted(unscoped(ConsentLetter, because=WHY).values_list("stage", flat=True)) == ["revoked"] + 4 * ["valid"]
    assert sorted(unscoped(MailItem, because=WHY).values_list("stage", flat=True)) == ["handed", "waiting", "waiting"]
    assert sorted(unscoped(HostFile, because=WHY).values_list("reach", flat=True)) == ["lost"] + 4 * ["reachable"]
    venue = unscoped(Venue, because=WHY).get(name="演示·春城众创空间")
    site = unscoped(Site, because=WHY).get(venue=venue)
    assert (site.space.name, site.address, site.region) == (venue.name, venue.address, venue.region)
    talk = unscoped(Talk, because=WHY).get()
    assert talk.place.startswith(site.address), "a space has one address"
    assert f"{timezone.localtime(talk.at):%H:%M}" == "14:00"
    assert venue.resources.count() == 7
    tenancies = unscoped(Tenancy, because=WHY)
    assert 200 < tenancies.filter(is_demo=True).count() < 400
    assert tenancies.filter(agreements__stage="signed").count() == 1
    assert not tenancies.filter(is_demo=False).exists()
