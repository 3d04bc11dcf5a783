"""All addresses: those that each context declares (``context.py``), and those for operators."""

from __future__ import annotations

from django.urls import include, path
from django.views.i18n import set_language

from chuangbao.core.access.permissions import public
from chuangbao.core.contexts import CONTEXTS
from chuangbao.ops.health import figures, healthz, readyz

handler400 = "chuangbao.portal.views.errors.bad_request"
handler403 = "chuangbao.portal.views.errors.forbidden"
handler404 = "chuangbao.portal.views.errors.not_found"
handler429 = "chuangbao.core.http.rate_limits.too_many"  # asked for by allauth
handler500 = "chuangbao.portal.views.errors.server_error"

urlpatterns = [
    *(path(prefix, include(module)) for context in CONTEXTS.values() for prefix, module in context.urls.items()),
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", figures, name="metrics"),
    path("i18n/setlang/", public(set_language), name="set_language"),
]
