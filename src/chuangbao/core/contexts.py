"""What the house must know of each context (上下文声明): one ``context.py`` per context, found by its name.

``core/apps.py`` calls ``load_contexts`` at start. A ``context.py`` holds one ``CONTEXT``: its addresses, navigation,
workflows, duties of posts, groups of notices, demonstration rows and figures, and under ``registers`` the modules that
declare the rest by being imported: scopes, personal data, to-dos and shortcuts, events, words of verbs, jobs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING

from django.apps import apps
from django.urls import Resolver404, resolve
from django.utils.module_loading import module_has_submodule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from datetime import date

    from django.utils.functional import _StrPromise
    from prometheus_client import Metric

    from chuangbao.core.access.actors import Actor
    from chuangbao.core.workflow.transitions import Life, Predicate

__all__ = [
    "CONTEXTS",
    "LONGEST_DUTY",
    "Context",
    "MapFigure",
    "NavItem",
    "list_duties",
    "list_map_figures",
    "list_navigation",
    "list_notice_groups",
    "list_workflows",
    "load_contexts",
    "load_demonstration",
    "sign_in_reason",
]

PACKAGE = "chuangbao."
LONGEST_DUTY = 20
"""Letters of the name of a duty, as posts keep it."""


@dataclass(frozen=True, slots=True)
class NavItem:
    """One entry of the main navigation; entries are shown by ``place``, to whom ``permission`` lets through."""

    label: str | _StrPromise
    url_name: str
    icon: str
    place: int
    """Home 10, check-up 20, policies 30, spaces 35, bookings 40, map 50, import 60, workbench 90."""
    permission: Predicate | None = None


@dataclass(frozen=True, slots=True)
class MapFigure:
    """One more column of the map's table: how much of something there is in each prefecture, for everybody to see."""

    label: str | _StrPromise
    count: Callable[[date], Mapping[str, int]]
    """Takes the day; gives the figure by the code of the prefecture, which need not hold all of them."""


@dataclass(frozen=True, slots=True)
class Context:
    """One context, as the rest of the house sees it."""

    urls: Mapping[str, str] = field(default_factory=dict)
    """Modules of addresses by the prefix under which they are mounted: ``{"facts/": "chuangbao.facts.urls"}``."""
    registers: tuple[str, ...] = ()
    """Modules of the context that declare something by being imported, in this order."""
    navigation: tuple[NavItem, ...] = ()
    workflows: Mapping[str, Life] = field(default_factory=dict)
    """Tables of transitions by the heading that they have in docs/states.md."""
    duties: Mapping[str, str | _StrPromise] = field(default_factory=dict)
    """Duties of officers' posts (岗位职责), at most ``LONGEST_DUTY`` letters each, with their words."""
    notice_groups: Mapping[str, str | _StrPromise] = field(default_factory=dict)
    """Groups of notices that people choose a channel for."""
    sign_in_reasons: Mapping[str, str | _StrPromise] = field(default_factory=dict)
    """Why one has to sign in first, by the name of the page that asks for it: said where one signs in."""
    load_demo: Callable[[], object] | None = None
    """Make what is missing of the demonstration (演示数据); running it again changes nothing."""
    map_figures: tuple[MapFigure, ...] = ()
    measure: Callable[[], Iterable[Metric]] | None = None
    """Give the figures that ``/metrics`` shows of the context, asked of the database when somebody looks."""


CONTEXTS: dict[str, Context] = {}


def sign_in_reason(path: str) -> str:
    """Why one has to sign in for the page at a path; empty where nothing is said of it."""
    try:
        name = resolve(path.partition("?")[0]).view_name
    except Resolver404:
        return ""
    reasons = (context.sign_in_reasons.get(name) for context in CONTEXTS.values())
    return next((str(reason) for reason in reasons if reason), "")


"""Every context by the name of its package, in the order of ``INSTALLED_APPS``."""


def load_contexts() -> None:
    """Find the ``context.py`` of every installed context and import what it registers; the models come before."""
    for config in apps.get_app_configs():
        if config.name.startswith(PACKAGE) and module_has_submodule(config.module, "context"):
            CONTEXTS[config.name.removeprefix(PACKAGE)] = import_module(f"{config.name}.context").CONTEXT
    for name, context in CONTEXTS.items():
        for module in context.registers:
            import_module(f"{PACKAGE}{name}.{module}")


def list_navigation(actor: Actor) -> list[NavItem]:
    """Return the entries of the main navigation that an actor is shown, in their order."""
    items = [item for context in CONTEXTS.values() for item in context.navigation]
    shown = [item for item in items if item.permission is None or item.permission.test(actor)]
    return sorted(shown, key=lambda item: item.place)


def list_workflows() -> Iterator[tuple[str, Life]]:
    """Yield every table of transitions with its heading."""
    for context in CONTEXTS.values():
        yield from context.workflows.items()


def list_duties() -> dict[str, str | _StrPromise]:
    """Return every duty of officers' posts with its words."""
    return {name: label for context in CONTEXTS.values() for name, label in context.duties.items()}


def list_map_figures() -> list[MapFigure]:
    """Return every column that contexts add to the map's table."""
    return [figure for context in CONTEXTS.values() for figure in context.map_figures]


def load_demonstration() -> None:
    """Make what is missing of the demonstration of every context, in their order."""
    for context in CONTEXTS.values():
        if context.load_demo is not None:
            context.load_demo()


def list_notice_groups() -> dict[str, str | _StrPromise]:
    """Return every group of notices with its words; what is to be done comes last."""
    groups = [pair for context in CONTEXTS.values() for pair in context.notice_groups.items()]
    return dict(sorted(groups, key=lambda pair: pair[0] == "tasks"))
