"""Every address that only takes a form says what it refuses, whatever state its row is in by then.

A form that was drawn before the row moved on is answered by a page that has no such form any more.
"""

from __future__ import annotations

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
    """Put every row that may be in a state there."""
    for row in model._base_manager.all():
        try:
            with transaction.atomic():
                model._base_manager.filter(pk=row.pk).update(**{field: state})
        except IntegrityError:
            continue


@pytest.fixture
def every_form_is_refused(monkeypatch):
    """Let every form that is sent be refused with the same words, for the whole of it."""
    check = forms.BaseForm.full_clean

    def refuse(form):
        check(form)
        if form.is_bound:
            form.add_error(None, WORDS)

    monkeypatch.setattr(forms.BaseForm, "full_clean", refuse)


def post_undone(client, address, move):
    """What a form is answered after a move; both are undone."""
    answer = None
    try:
        with transaction.atomic():
            move()
            answer = client.post(address, {"once": ""})
            raise Undo  # noqa: TRY301 - the way to leave the block undone
    except Undo:
        return answer


def is_said(answer, name):
    """Whether the words of the refusal are in an alert of the page."""
    if answer.status_code == HTTPStatus.CONFLICT and "没有办成" in answer.content.decode():
        return True  # a page of the refusal alone
    _before, alert, after = answer.content.decode().partition('role="alert"')
    return bool(alert) and (WORDS in after or name in WITHOUT_FORM)


def test_what_a_form_is_refused_is_on_the_page_whatever_state_its_row_is_in(
    regions, library, settings, every_form_is_refused
):
    settings.RATE_LIMITS, settings.ACCOUNT_RATE_LIMITS = False, False
    world = build()
    asked, silent = 0, set()
    for row in read_tables():
        name = row["address"]
        roles = [role for role in world.actors if row.get(role) == "open"]
        if name not in SAMPLES or not getattr(ADDRESSES[name].callback, POST_ONLY, False) or not roles:
            continue
        assert access_of(ADDRESSES[name].callback)
        client, address = client_of(world.actors[roles[0]]), reverse(name, kwargs=sample_of(name, world))
        for move in list_moved(name.split(":", maxsplit=1)[0]):
            answer = post_undone(client, address, move)
            if answer.status_code in REFUSED:
                asked += 1
                silent |= set() if is_said(answer, name) else {name}
    assert not silent, " ".join(sorted(silent))
    assert asked > 100
