"""What a device asks for without a person: manifest, service worker, offline page, robots."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from chuangbao.core.access.permissions import public

__all__ = ["manifest", "offline", "robots", "service_worker"]


@public
@require_safe
def manifest(_request: HttpRequest) -> JsonResponse:
    """The portal as an app on a phone's first screen."""
    return JsonResponse(
        {
            "name": gettext("Chuangbao"),
            "short_name": gettext("Chuangbao"),
            "start_url": "/",
            "display": "standalone",
            "background_color": "#f5f8f7",
            "theme_color": "#0a6a68",
            "icons": [{"src": static("ui/favicon.svg"), "sizes": "any", "type": "image/svg+xml"}],
        },
        content_type="application/manifest+json",
    )


@public
@require_safe
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker that shows the offline page; served from the root, so that it sees every page."""
    response = render(request, "portal/service_worker.js", content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


@public
@require_safe
def offline(request: HttpRequest) -> HttpResponse:
    """What the service worker shows while there is no network."""
    return render(request, "portal/offline.html")


@public
@require_safe
def robots(_request: HttpRequest) -> HttpResponse:
    """Search engines may read everything but answers and shared results."""
    lines = ["User-agent: *", "Disallow: /checkup/", "Disallow: /preferences/", "Allow: /", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
