"""Every form of every page, filled with what does harm: never a fault of ours, nothing reflected, nothing typed lost.

Pages are found by the resolver and asked as everybody; a form is tried once for each of its shapes. The quick run is
a slice, the same every time: each form, every third address. ``HYPOTHESIS_PROFILE=explore`` tries all of them, and
further (``FUZZ_EXAMPLES`` for each).
"""

from __future__ import annotations

import copy
import os
import re
import traceback
from collections import Counter, defaultdict
from urllib.parse import urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from fuzz.hostile import SCRIPT, SVG, Control, Form, encoded, filled, forms_in, lost
from permissions.tables import read_tables
from permissions.test_table import ADDRESSES, Undo, client_of, sample_of
from permissions.world import EVERY_ROLE, build

pytestmark = pytest.mark.unmeasured
EXPLORE = os.environ.get("HYPOTHESIS_PROFILE") == "explore"
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "100" if EXPLORE else "2"))
URLENCODED = "application/x-www-form-urlencoded"
NOT_FUZZED = {"account_logout", "portal:service_worker", "metrics", "healthz", "readyz", "core:read_all"}
LOOSE = (
    "do",
    "content",
    "revision",
    "topic",
    "value",
    "next",
    "fact",
    "acting",
    "reason",
    "role",
    "end",
    "theme",
    "text",
)
"""Fields to try at addresses that no form of a page leads to."""
ASKED = ("q", "page", "kind", "stage", "state", "sort", "fact", "code", "clause", "place", "next", "who", "verb",
         "person", "object", "copy", "all", "new", "theme", "department", "day", "region", "as_of", "measure")  # fmt: skip

rules = settings(
    max_examples=EXAMPLES,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    database=None,
    derandomize=not EXPLORE,
    deadline=None,
)


@pytest.fixture
def everybody(regions, library, settings):
    """A world, and a client for each of its people."""
    settings.RATE_LIMITS, settings.ACCOUNT_RATE_LIMITS, settings.DEMO = False, False, True
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # what is tried is not the hash
    world = build()
    return world, {role: client_of(world.actors[role]) for role in EVERY_ROLE}


def openings():
    """Who opens which address, and which addresses only take a POST, by the table on file."""
    rows = {row["address"]: row for row in read_tables()}
    for name in ADDRESSES:
        row = rows[name]
        roles = ("anonymous",) if row["permission"] == "public" else EVERY_ROLE
        if name not in NOT_FUZZED:
            yield name, row["method"], [role for role in roles if row[role] in {"open", "hidden"}]


def answered(client, method, address, **sent):
    """The answer; whatever it did is undone, also to the client's cookies."""
    cookies, result = copy.deepcopy(client.cookies), None
    try:
        with transaction.atomic():
            result = getattr(client, method)(address, **sent)
            if result.streaming:
                b"".join(result.streaming_content)
            raise Undo  # noqa: TRY301 - the way to leave the block undone
    except Undo:
        return result
    finally:
        client.cookies = cookies


def page_of(response):
    """The text of a page; nothing for what is none."""
    is_page = not response.streaming and response.headers.get("Content-Type", "").startswith("text/html")
    return response.content.decode() if is_page else ""


def judged(response, what):
    """Whatever is wrong with an answer."""
    assert response.status_code < 500, f"{what}: {response.status_code}"
    content = page_of(response)
    for harm in (SCRIPT, SVG):
        assert harm not in content, f"{what}: {harm} came back as it was"
    if response.status_code in {301, 302, 303, 307}:
        assert urlsplit(response["Location"]).netloc in {"", "testserver"}, f"{what}: leads to {response['Location']}"
    return content


def found_forms(world, clients):
    """Every form of every page, with who is to send it; and for each address that only takes a POST a loose one.

    The quick run looks at a page as the first or as the last of those who may open it, in turn: to draw the pages takes
    longer than to attack their forms.
    """
    found, posts = {}, {}
    for number, (name, method, roles) in enumerate(openings()):
        address = reverse(name, kwargs=sample_of(name, world))
        looking = roles if EXPLORE else roles[:1] if number % 2 else roles[-1:]
        for role in looking:
            if method == "post":
                posts.setdefault(address, role)
                continue
            response = answered(clients[role], "get", address)
            for form in forms_in(page_of(response) or "<p>", address):
                found.setdefault(form.key, (form, role))
    led_to = {form.action for form, _role in found.values()}
    loose = tuple(Control(name, "loose") for name in LOOSE)
    for address, role in posts.items():
        if address not in led_to:
            found["loose", address] = (Form("post", address, loose), role)
    return [pair for pair in found.values() if pair[0].action.startswith("/") and "logout" not in pair[0].action]


def parts(form, pairs):
    """The pairs as the test client takes them where a file can be sent."""
    names = {control.name for control in form.controls if control.kind == "file"}
    sent = defaultdict(list)
    for name, value in pairs:
        sent[name].append(SimpleUploadedFile("x.csv", value) if name in names else value)
    return dict(sent)


def post(client, form, pairs):
    """Send it."""
    if form.method == "get":
        return answered(client, "get", f"{form.action}?{encoded(pairs)}")
    if form.has_file:
        return answered(client, "post", form.action, data=parts(form, pairs))
    return answered(client, "post", form.action, data=encoded(pairs), content_type=URLENCODED)


def tried(form, attack):
    """Try one form as often as the profile says; every fault under the line of ours where it came up."""
    faults = {}

    @rules
    @given(st.data())
    def attacked(data):
        pairs = data.draw(filled(form))
        try:
            attack(pairs)
        except Exception as fault:  # noqa: BLE001 - whatever it is, it is reported
            lines = [
                f"{f.filename.partition('/src/')[2]}:{f.lineno}" for f in traceback.extract_tb(fault.__traceback__)
            ]
            ours = next((line for line in reversed(lines) if line.startswith("chuangbao")), "")
            words = f"{type(fault).__name__} {str(fault)[:300]} {ours}"
            faults.setdefault((form.action, type(fault).__name__, ours), f"{words} with {shortened(pairs)}")

    attacked()
    return faults


def test_no_form_breaks_reflects_or_forgets(everybody):
    world, clients = everybody
    forms = found_forms(world, clients)
    seen, faults = Counter(), {}
    for form, role in forms:

        def attack(pairs, form=form, role=role):
            response = post(clients[role], form, pairs)
            content = judged(response, f"{form.method} {form.action} as {role}")
            seen[response.status_code] += 1
            if response.status_code == 422 and content:
                assert lost(pairs, form, content) == {}, f"{form.action} as {role}: typed text is gone"

        faults |= tried(form, attack)
    print(f"{len(forms)} forms × {EXAMPLES} examples: {dict(seen)}")  # noqa: T201 - the figure of the run
    assert len(forms) > 80
    assert faults == {}, "\n".join(faults.values())


def test_no_address_breaks_or_reflects_what_is_asked_in_it(everybody):
    world, clients = everybody
    pages = [row for row in openings() if row[1] == "get"]
    faults = {}
    for name, _method, roles in pages if EXPLORE else pages[::3]:
        address = reverse(name, kwargs=sample_of(name, world))
        form = Form("get", address, tuple(Control(asked, "text") for asked in ASKED))

        def attack(pairs, form=form, role=roles[0] if roles else "anonymous"):
            judged(post(clients[role], form, pairs), f"{form.action} as {role}")

        faults |= tried(form, attack)
    assert len(pages) > 60
    assert faults == {}, "\n".join(faults.values())


def shortened(pairs):
    """The pairs, short enough to be read in a report."""
    return re.sub(r"(.)\1{40,}", r"\1…", repr([(name, value[:60], len(value)) for name, value in pairs]))
