"""Requests that no page can answer are refused at the door, once for all pages."""

from __future__ import annotations

from contextlib import suppress
from ipaddress import IPv6Address, ip_address, ip_network
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import BadRequest, DisallowedHost
from django.http import HttpRequest, QueryDict
from django.http.request import split_domain_port
from django.utils.http import url_has_allowed_host_and_scheme

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.http import HttpResponse

    from chuangbao.core.access.actors import Actor

__all__ = [
    "WATCHED",
    "RefuseNullCharacters",
    "Request",
    "client_address",
    "forbid_caching",
    "network_of",
    "read_number",
    "refuse_loopback_names",
    "safe_place",
]

NULL = "\x00"
WATCHED = {"/healthz", "/readyz", "/metrics"}
"""What a supervisor asks for from this very machine."""
HOUSEHOLD = 64  # bits of an IPv6 address that tell one visitor from another
KEYS = {"token", "key"}
"""The parts of addresses that open something by themselves."""


class Request(HttpRequest):
    """A request of which it is known who acts; ``accounts.middleware`` sees to it for every one."""

    actor: Actor


class RefuseNullCharacters:
    """Middleware: a null character in an address or a form is a mistake or an attack; PostgreSQL cannot hold one."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer as without it; raises BadRequest for an address that holds one."""
        if NULL in request.path or holds_null(request.GET):
            raise BadRequest("the address holds a null character")
        return self.answer(request)

    def process_view(self, request: HttpRequest, *_parts: Any) -> None:
        """Raise BadRequest where a form that was sent holds one."""
        if request.method == "POST" and holds_null(request.POST):
            raise BadRequest("the form holds a null character")


def holds_null(fields: QueryDict) -> bool:
    """Whether a name or a value holds a null character."""
    return any(NULL in text for name, values in fields.lists() for text in (name, *values))


def refuse_loopback_names(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: where the site has a name, the machine's own names answer its supervisor alone.

    They are accepted with any port, so a page would build addresses that a visitor has chosen.
    """

    def answer_known_name(request: HttpRequest) -> HttpResponse:
        """Answer unless a proxy passed on a name of this machine.

        Raises DisallowedHost where it did.
        """
        if settings.PUBLIC_HOSTS and request.path_info not in WATCHED:
            host = split_domain_port(request.META.get("HTTP_HOST", ""))[0]
            if host in settings.LOOPBACK and host not in settings.PUBLIC_HOSTS:
                raise DisallowedHost("this name answers a supervisor alone")
        return answer(request)

    return answer_known_name


def forbid_caching(answer: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: what is shown to one person, or behind an address that is a key, is kept by no browser or proxy."""

    def answer_uncopied(request: HttpRequest) -> HttpResponse:
        response = answer(request)
        match = request.resolver_match
        personal = bool(match and KEYS & match.kwargs.keys()) or any(
            settings.SESSION_COOKIE_NAME in cookies for cookies in (request.COOKIES, response.cookies)
        )
        if personal and not response.has_header("Cache-Control"):
            response["Cache-Control"] = "private, no-store"
        return response

    return answer_uncopied


def client_address(request: HttpRequest) -> str:
    """Return where a request comes from: as the last of our own proxies says, else the peer's address."""
    return address_of(request.META)


def address_of(meta: Mapping[str, Any]) -> str:
    """Where a request comes from, by its headers as WSGI names them."""
    told = meta.get("HTTP_X_FORWARDED_FOR", "").split(",") if settings.PROXIES else []
    if len(told) >= settings.PROXIES > 0:
        with suppress(ValueError):
            return str(ip_address(told[-settings.PROXIES].strip()))
    return str(meta.get("REMOTE_ADDR", ""))


def network_of(meta: Mapping[str, Any]) -> str:
    """Whose address it is: of IPv6 the /64, since every one of its addresses is the same visitor's."""
    address = address_of(meta)
    with suppress(ValueError):
        found = ip_address(address)
        if isinstance(found, IPv6Address):
            return str(found.ipv4_mapped or ip_network((found, HOUSEHOLD), strict=False))
    return address


def safe_place(request: HttpRequest, place: str) -> str:
    """An address of this site as it is; nothing for one that leads elsewhere, or for a word that is no address."""
    fine = url_has_allowed_host_and_scheme(place, {request.get_host()}, require_https=request.is_secure())
    return place if fine and place.startswith(("/", f"{request.scheme}://")) else ""


def read_number(text: str, default: int = 0, *, digits: int = 9) -> int:
    """The whole number that a form brought; the default for anything else, and for more digits than a column holds."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= digits else default
