"""A space on the site of others (嵌入): a page without the frame of the house, which any site may show in a frame.

It says what everybody may see, to everybody alike: no session, cookie or script is a part of it.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import get_language, override
from django.views.decorators.http import require_safe

from chuangbao.booking.domain.free_now import count_free
from chuangbao.core.access.actors import ANONYMOUS
from chuangbao.core.access.permissions import public
from chuangbao.core.access.row_access import visible
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.spaces.comparison import say_free
from chuangbao.spaces.models import Space
from chuangbao.spaces.opening import say_hours
from chuangbao.spaces.queries import with_card

if TYPE_CHECKING:
    from chuangbao.core.http.requests import Request

__all__ = ["show_card", "write_snippet"]

LANGUAGES = ("zh-hans", "en")
KEPT_SECONDS = 300
OPEN_TO_FRAMES = {"xframe_options_exempt": True, "_csp_replace": {"frame-ancestors": ["*"]}}
"""What the decorators of Django and django-csp write on an answer; theirs do not take a view of our requests."""
SNIPPET = (
    '<iframe src="{}" title="{}" width="100%" height="520" loading="lazy" '
    'sandbox="allow-popups allow-popups-to-escape-sandbox" referrerpolicy="no-referrer"></iframe>'
)


def write_snippet(address: str, name: str) -> str:
    """Return what an operator copies into its own page, in HTML; ``address`` is the whole one of ``show_card``."""
    return SNIPPET.format(escape(address), escape(name))


@public
@rate_limit("spaces-embed", rate="1200/10m", per="ip", methods=("GET", "HEAD"))
@require_safe
def show_card(request: Request, pk: int) -> HttpResponse:
    """A space and what is free in it now; ``language`` in the address says in which language."""
    row: Any = get_object_or_404(with_card(visible(Space, to=ANONYMOUS), ANONYMOUS), pk=pk)
    venues = [site.venue_id for site in row.in_use if site.venue_id] if row.is_open else []
    counts = count_free(ANONYMOUS, venues, timezone.now())
    asked = request.GET.get("language", "")
    with override(asked if asked in LANGUAGES else get_language()):
        context = {
            "space": row,
            "hours": say_hours([row])[row.pk] if row.is_open else [],
            "venues": [(site, list(say_free(counts[site.venue_id]))) for site in row.in_use if site.venue_id in counts],
            "now": timezone.localtime(),
            "language": get_language(),
        }
        answer = HttpResponse(render_to_string("spaces/embed.html", context))
    vars(answer).update(OPEN_TO_FRAMES)
    answer["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return answer
