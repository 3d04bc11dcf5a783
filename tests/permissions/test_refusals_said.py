"""Every address that only takes a form says what it refuses, whatever state its row is in by then.

A form that was drawn before the row moved on is answered by a page that has no such form any more.
"""

from __future__ import annotations

from contextlib import contextmanager, suppress
from copy import deepcopy
from http import HTTPStatus

import pytest
from django import forms
from django.apps import apps
from django.db import IntegrityError, transaction
from django.urls import reverse

from chuangbao.core.access.permissions import access_of
from chuangbao.core.http.post_only import DECLARATION as POST_ONLY
from permissions.tables import read_tables
from permissions.test_table import ADDRESSES, Undo, client_of, sample_of
from permissions.world import SAMPLES, build

pytestmark = pytest.mark.unmeasured

WORDS = "此事已办理，不再受理"
REFUSED = {409, 422}
WITHOUT_FORM = {"authoring:correct", "authoring:note_revise", "spaces:site_end", "spaces:transfer_move"}
"""What is refused here comes from the verb itself, in its own words."""


def list_lives():
    """Every model with a life, its field and its states."""
    for model in apps.get_models():
        if hasattr(model, "life"):
            field = model.life.state_field
            yield model, field, {state for move in model.life.moves for state in (*move.step.sources, move.step.target)}


def list_moved(label):
    """What puts the rows of a context into their states, those of each kind in turn; none of it first."""
    lives = [(model, field, sorted(states)) for model, field, states in list_lives() if model._meta.app_label == label]
    yield lambda: None
    for turn in range(max((len(states) for _model, _field, states in lives), default=0)):
        yield lambda turn=turn: [put(model, field, states[turn % len(states)]) for model, field, states in lives]


def put(model, field, state):
    """Put every row that may be in a state there: all at once, or one by one where they may not all be."""
    try:
        with transaction.atomic():
            model._base_manager.update(**{field: state})
    except IntegrityError:
        for row in model._base_manager.all():
            with suppress(IntegrityError), transaction.atomic():
                model._base_manager.filter(pk=row.pk).update(**{field: state})


@pytest.fixture
def every_form_is_refused(monkeypatch):
    """Let every form that is sent be refused with the same words, for the whole of it."""
    check = forms.BaseForm.full_clean

    def refuse(form):
        check(form)
        if form.is_bound:
            form.add_error(None, WORDS)

    monkeypatch.setattr(forms.BaseForm, "full_clean", refuse)


@contextmanager
def undone():
    """Undo what is done within."""
    with suppress(Undo), transaction.atomic():
        yield
        raise Undo


def post_undone(client, address):
    """What a form is answered; what it did is undone, and who sent it is signed in as before."""
    cookies = deepcopy(client.cookies)
    with undone():
        answer = client.post(address, {"once": ""})
    client.cookies = cookies
    return answer


def is_said(answer, name):
    """Whether the words of the refusal are in an alert of the page."""
    if answer.status_code == HTTPStatus.CONFLICT and "没有办成" in answer.content.decode():
        return True  # a page of the refusal alone
    _before, alert, after = answer.content.decode().partition('role="alert"')
    return bool(alert) and (WORDS in after or name in WITHOUT_FORM)


def list_forms(world):
    """The addresses that take a form and name something, by context: its name, itself, and who may send the form."""
    found = {}
    for row in read_tables():
        name = row["address"]
        roles = [role for role in world.actors if row.get(role) == "open"]
        if name not in SAMPLES or not getattr(ADDRESSES[name].callback, POST_ONLY, False) or not roles:
            continue
        assert access_of(ADDRESSES[name].callback)
        address = reverse(name, kwargs=sample_of(name, world))
        found.setdefault(name.split(":", maxsplit=1)[0], []).append((name, address, roles[0]))
    return found


def test_what_a_form_is_refused_is_on_the_page_whatever_state_its_row_is_in(
    regions, library, settings, every_form_is_refused
):
    settings.RATE_LIMITS, settings.ACCOUNT_RATE_LIMITS = False, False
    world = build()
    asked, silent = 0, set()
    clients = {role: client_of(actor) for role, actor in world.actors.items()}
    for context, sent in list_forms(world).items():
        for move in list_moved(context):
            with undone():
                move()
                for name, address, role in sent:
                    answer = post_undone(clients[role], address)
                    if answer.status_code in REFUSED:
                        asked += 1
                        silent |= set() if is_said(answer, name) else {name}
    assert not silent, " ".join(sorted(silent))
    assert asked > 100
