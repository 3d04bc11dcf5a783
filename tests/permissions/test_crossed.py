"""An address that names two things: what is another's is not found within one's own, nor one's own within another's."""

from __future__ import annotations

import pytest
from django.urls import reverse

from chuangbao.spaces.models import Project
from permissions import world
from permissions.test_table import ADDRESSES, POST_ONLY, client_of, outcome, sample_of

pytestmark = pytest.mark.unmeasured
NOT_THERE = {"no", "hidden", "only post"}
OF_SPACES = ("booking", "spaces", "premises", "tenants", "billing", "plans", "inspections")
"""The contexts whose addresses name a thing within another."""


def cross(own, other):
    """Yield the parts of an address with one id of another's world in the place of one's own."""
    ids = [part for part in own if own[part] != other.get(part) and isinstance(own[part], int)]
    for part in ids if len(ids) > 1 else []:
        yield own | {part: other[part]}


def test_what_is_another_s_is_not_found_within_one_s_own(regions, library, settings, monkeypatch):
    settings.RATE_LIMITS = False
    monkeypatch.setattr(world, "SAMPLE_FILES", {name: world.SAMPLE_FILES[name] for name in OF_SPACES})
    here = world.build()
    Project._base_manager.update(name="演示·另一条街")  # a region has a name once
    there = world.build()
    clients = [client_of(here.actors[role]) for role in ("owner", "inspector", "registrar")]
    crossed, found = 0, []
    for name in ADDRESSES:
        if name.split(":")[0] not in OF_SPACES or len(ADDRESSES[name].pattern.regex.groupindex) == 1:
            continue
        for parts in cross(sample_of(name, here), sample_of(name, there)):
            crossed += 1
            address = reverse(name, kwargs=parts)
            methods = ("post",) if getattr(ADDRESSES[name].callback, POST_ONLY, False) else ("get", "post")
            said = {outcome(client, method, address) for method in methods for client in clients}
            if not said <= NOT_THERE:
                found.append((name, parts, said))
    assert found == []
    assert crossed > 30
