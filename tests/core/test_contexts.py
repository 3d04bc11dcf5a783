"""What a context declares reaches the pages and commands that show it; nothing else names the context."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse
from prometheus_client.core import GaugeMetricFamily

import factories
from chuangbao.core import contexts
from chuangbao.core.access.actors import ANONYMOUS
from chuangbao.core.access.permissions import signed_in
from chuangbao.core.contexts import CONTEXTS, Context, MapFigure, NavItem
from chuangbao.core.http.metrics import exposition


@pytest.fixture
def declare(monkeypatch):
    """Add a context for the time of a test."""
    return lambda **given: monkeypatch.setitem(CONTEXTS, "surveys", Context(**given))


def test_every_context_of_the_house_is_found():
    assert {"core", "ui", "accounts", "facts", "policies", "checkup", "portal"} <= set(CONTEXTS)
    assert [item.url_name for item in contexts.list_navigation(ANONYMOUS)][:2] == ["portal:home", "checkup:start"]


def test_an_entry_of_the_navigation_is_shown_in_its_place_to_whom_it_is_for(db, declare):
    declare(navigation=(NavItem("问卷", "portal:desk", "forms", place=25, permission=signed_in),))
    names = [str(item.label) for item in contexts.list_navigation(factories.founder())]
    assert names.index("问卷") == 2
    assert "问卷" not in [str(item.label) for item in contexts.list_navigation(ANONYMOUS)]


def test_a_duty_and_a_group_of_notices_are_offered(declare):
    declare(duties={"surveyor": "管理问卷"}, notice_groups={"surveys": "问卷"})
    assert contexts.list_duties()["surveyor"] == "管理问卷"
    assert list(contexts.list_notice_groups())[-2:] == ["surveys", "tasks"]


def test_the_demonstration_is_made_of_every_context_that_has_one(monkeypatch):
    made = []
    monkeypatch.setattr(contexts, "CONTEXTS", {"a": Context(load_demo=lambda: made.append("a")), "b": Context()})
    contexts.load_demonstration()
    assert made == ["a"]


def test_a_figure_of_a_context_is_a_column_of_the_map(client, library, declare):
    asked = []
    declare(map_figures=(MapFigure("问卷数", lambda day: asked.append(day) or {"220100": 4321}),))
    page = client.get(reverse("portal:map")).content.decode()
    assert page.count("问卷数") == 1
    assert page.count("<td>4321</td>") == 1
    assert isinstance(asked[0], date)


def test_a_metric_of_a_context_is_among_the_figures(db, declare):
    gauge = GaugeMetricFamily("chuangbao_surveys_open", "Surveys that are open", value=7)
    declare(measure=lambda: [gauge])
    assert b"chuangbao_surveys_open 7.0" in exposition()
