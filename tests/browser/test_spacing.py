"""Radios and checkboxes stand beside their words, with air between and on one line, at both widths."""

from __future__ import annotations

import time

from django.test import Client

import factories
from browser.window import IN_A_BROWSER, VIEWS, come_in, opened, put_view
from chuangbao.facts.domain.subjects import subject_of

pytestmark = IN_A_BROWSER
TOUCHING = """() => [...document.querySelectorAll('main input[type=radio], main input[type=checkbox]')]
  .filter(one => one.offsetParent !== null)
  .map(one => {
    const label = one.closest('label') || document.querySelector(`label[for="${one.id}"]`);
    const range = document.createRange();
    range.selectNodeContents(label.querySelector('span') || label);
    const words = [...range.getClientRects()].filter(r => r.width > 2 && r.left >= one.getBoundingClientRect().right - 1)[0];
    const [box, all] = [one.getBoundingClientRect(), range.getBoundingClientRect()];
    return {
      name: one.name,
      gap: words ? words.left - box.right : null,
      off: Math.abs((all.top + all.bottom) / 2 - (box.top + box.bottom) / 2),
      height: label.getBoundingClientRect().height,
    };
  })"""


def fresh(actor):
    """A client of an actor who has shown who they are a moment ago."""
    client = factories.sign_in(Client(), actor)
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time()}]
    session.save()
    return client


def test_a_choice_does_not_touch_its_words(browser, site):
    there = factories.organisation()
    owner = factories.member(there)
    admin = factories.admin("system_admin")
    looked, wrong = 0, {}
    for actor, address in (
        (None, "/checkup/"),
        (None, "/policies/measures/2.6.3-small-profit/"),
        (owner, f"/facts/subjects/{subject_of(owner).pk}/is_hnte/"),
        (owner, f"/organisations/{there.pk}/dissolve/"),
        (admin, "/administration/posts/new/"),
    ):
        page = opened(browser, site=site)
        if actor:
            come_in(page.context, site, fresh(actor))
        page.goto(site + address)
        for width, scheme in VIEWS:
            put_view(page, width, scheme)
            found = page.evaluate(TOUCHING)
            looked += len(found)
            for one in found:
                if one["gap"] is None or one["gap"] < 6 or one["off"] > 4 or one["height"] < 40:
                    wrong[f"{address} {one['name']} {width}"] = one
        page.context.close()
    assert looked > 40
    assert wrong == {}
