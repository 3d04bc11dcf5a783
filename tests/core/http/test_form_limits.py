"""Every limit of a column is a limit of the form that fills it: too long is said beside the field, never a fault."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from pathlib import Path

import allauth
import pytest
from django import forms
from django.apps import apps
from django.core.validators import MaxLengthValidator
from django.db import models
from django.urls import reverse

import chuangbao
import factories
from chuangbao.accounts.models import Organisation, Post
from chuangbao.booking.models import Resource, Venue
from chuangbao.facts.forms import NumberField
from chuangbao.policies.models import RegisteredMeasure as Measure

WITHOUT_COLUMN = {
    "password", "password1", "password2", "oldpassword", "login", "code",
}  # fmt: skip
"""Fields that are hashed, compared or read into something else, and kept by no column as they were typed."""
NARROWER = {
    "code": "read into 18 characters, or refused; beside blanks and hyphens 40 may be typed",
    "licensee_code": "the same",
    "industry_code": "read into a code of four digits, or refused; the name of the industry may be typed",
    "reason": "a text without a limit of its own",
    "text": "a text without a limit of its own",
    "document": "chosen from a list", "kind": "chosen from a list", "clause": "chosen from a list",
    "number": "a figure", "title": "per context", "say": "refused by the verb, beside the field",
}  # fmt: skip

OF = {
    "VenueForm": Venue,
    "VenueChangeForm": Venue,
    "ResourceForm": Resource,
    "FoundForm": Organisation,
    "CorrectForm": Organisation,
    "PostForm": Post,
    "NewMeasureForm": Measure,
}
"""Forms that fill one model, where columns of the same name in the context are of another."""


def form_classes():
    """Every form class of ours and of the library's pages."""
    found = set()
    for package in (chuangbao, allauth):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.rpartition(".")[2].endswith("forms") and package is allauth:
                continue
            if package is allauth and not module.name.startswith(("allauth.account", "allauth.mfa")):
                continue
            if any(part in module.name for part in (".cli", ".migrations", ".__main__", ".spark", ".wsgi")):
                continue
            for _name, kind in inspect.getmembers(importlib.import_module(module.name), inspect.isclass):
                if issubclass(kind, forms.BaseForm) and kind.__module__.startswith(package.__name__):
                    found.add(kind)
    return sorted(found, key=lambda kind: f"{kind.__module__}.{kind.__qualname__}")


FORMS = form_classes()


def columns(context):
    """The narrowest column of each name in a context."""
    found = {}
    for model in apps.get_models():
        if model._meta.app_label in context:
            for field in model._meta.fields:
                if isinstance(field, models.CharField) and field.max_length:
                    found[field.name] = min(field.max_length, found.get(field.name, field.max_length))
    return found


def limit_of(field):
    """The most characters that a field takes."""
    limits = [v.limit_value for v in field.validators if isinstance(v, MaxLengthValidator)]
    return min(limits, default=None)


def test_there_are_forms_to_look_at():
    assert len(FORMS) > 40
    assert Path(chuangbao.__file__).exists()


@pytest.mark.parametrize("form", FORMS, ids=lambda kind: kind.__qualname__)
def test_every_text_field_has_a_limit_within_its_column(form):
    ours = form.__module__.startswith("chuangbao")
    context = {form.__module__.split(".")[1]} if ours else {"account", "accounts", "mfa"}
    narrow = columns(context) | (
        {f.name: f.max_length for f in OF[form.__name__]._meta.fields if isinstance(f, models.CharField)}
        if form.__name__ in OF
        else {}
    )
    wrong = {}
    for name, field in form.base_fields.items():
        if not isinstance(field, forms.CharField) or isinstance(field, NumberField) or name in WITHOUT_COLUMN:
            continue
        limit = limit_of(field)
        if limit is None and ours:
            wrong[name] = "no limit"
        elif name in narrow and name not in NARROWER and limit is not None and limit > narrow[name]:
            wrong[name] = f"{limit} > {narrow[name]}"
    if not ours:
        wrong.pop("email", None)  # the adapter holds it to the column: the test below
    assert wrong == {}


def test_a_figure_is_read_within_bounds():
    with pytest.raises(forms.ValidationError, match="60"):
        NumberField().clean("1" * 61)


LONG = "a" * 60 + "@" + ".".join(["b" * 60] * 4) + ".example.org"


@pytest.mark.parametrize("page", ["account_signup", "account_login", "account_reset_password", "account_email"])
@pytest.mark.usefixtures("regions")
def test_an_address_longer_than_its_column_is_refused_in_words(client, page):
    assert 254 < len(LONG) <= 320
    if page == "account_email":
        factories.sign_in(client, factories.founder())
    sent = {"email": LONG, "login": LONG, "name": "张", "password": "x", "password1": factories.PASSWORD,
            "password2": factories.PASSWORD, "action_add": ""}  # fmt: skip
    answer = client.post(reverse(page), sent)
    assert answer.status_code < 500
    if page in {"account_signup", "account_email"}:
        assert "254" in answer.content.decode()


@pytest.mark.usefixtures("regions")
def test_the_forms_of_members_and_posts_refuse_it_too(client):
    there = factories.organisation()
    factories.sign_in(client, factories.member(there))
    answer = client.post(reverse("accounts:invite", args=[there.pk]), {"email": LONG, "role": "clerk"})
    assert answer.status_code == 422
    assert "254" in answer.content.decode()
