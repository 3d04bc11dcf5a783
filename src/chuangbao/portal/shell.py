"""What the shell of every page knows: the ways through the portal, the visitor's look, the version."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from django.conf import settings
from django.db.models import Count
from django.urls import get_script_prefix, reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language

from chuangbao.accounts.domain.acting import name_choices
from chuangbao.accounts.legal import operator
from chuangbao.core.access.actors import ANONYMOUS, Actor
from chuangbao.core.access.row_access import visible
from chuangbao.core.contexts import list_navigation
from chuangbao.core.kept_queries import KeptQuery, bare_actor
from chuangbao.core.models import Notice
from chuangbao.portal.demo import PEOPLE
from chuangbao.portal.preferences import look_of

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from chuangbao.accounts.models import Person
    from chuangbao.core.access.actors import Capacity
    from chuangbao.portal.demo import DemoPerson

__all__ = ["shell"]


OTHER_LANGUAGE = {"zh-hans": ("en", "English"), "en": ("zh-hans", "中文")}


class MenuEntry(NamedTuple):
    """One entry of the main navigation, and whether the page is under it."""

    label: str
    url: str
    icon: str
    here: bool


def shell(request: HttpRequest) -> dict[str, object]:
    """The context of every page; see ui/base.html."""
    code, label = OTHER_LANGUAGE["en" if (get_language() or "").startswith("en") else "zh-hans"]
    home = find_address("portal:home", get_script_prefix())
    who = Who(request)
    ways = [(item, find_address(item.url_name, get_script_prefix())) for item in list_navigation(who.actor)]
    under = [url for _item, url in ways if is_here(request.path, url, home)]
    here = max(under, key=len, default="")
    entries = tuple(MenuEntry(str(item.label), url, item.icon, here=url == here) for item, url in ways)
    return {
        "shell": {
            "ways": entries,
            "look": look_of(request),
            "other_language": {"code": code, "label": label},
            "here": request.get_full_path(),
            "query": request.GET.get("q", ""),
            "next": request.GET.get("next", ""),
            "version": installed_version(),
            "demo": settings.DEMO,
            "operator": operator(),
            "who": who,
        }
    }


def count_unread(capacity: Capacity, person: int) -> QuerySet[Any, tuple[Any, ...]]:
    """Write the query that counts the unread notices of a person in sight of a capacity."""
    rows = visible(Notice, to=bare_actor(capacity, person)).filter(read_at=None).order_by()
    return rows.values("person").annotate(unread=Count("pk")).values_list("unread")


UNREAD = KeptQuery(count_unread)


class Who:
    """Who reads the page, for whom they act, and what is new for them; asked of the database only where shown."""

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def actor(self) -> Actor:
        """An anonymous actor on pages of errors, which ask nothing of the database."""
        return getattr(self.request, "actor", ANONYMOUS)

    @cached_property
    def choices(self) -> list[tuple[str, str]]:
        """Every capacity the person can choose: its key and what it is called."""
        return name_choices(cast("Person", self.request.user))

    @cached_property
    def acting(self) -> str:
        """The chosen one, in words."""
        return dict(self.choices).get(self.actor.acting, self.actor.name)

    @cached_property
    def unread(self) -> int:
        """How many notices are unread."""
        found = UNREAD.rows(self.actor.capacity, person=self.actor.person) if self.actor.signed_in else []
        return int(found[0][0]) if found else 0

    @cached_property
    def demo_people(self) -> list[DemoPerson]:
        """The people one can sign in as, in demo mode only."""
        return list(PEOPLE) if settings.DEMO else []


def is_here(path: str, url: str, home: str) -> bool:
    """Tell whether a page is under a navigation entry; the home page only under itself."""
    return path == url if url == home else path.startswith(url)


@lru_cache(maxsize=64)
def find_address(name: str, _prefix: str) -> str:
    """Return the address of a page; ``_prefix`` is what all addresses of the installation begin with."""
    return reverse(name)


@cache
def installed_version() -> str:
    """The version of the installed package; nothing for a checkout that is not installed."""
    try:
        return version("chuangbao")
    except PackageNotFoundError:
        return ""
