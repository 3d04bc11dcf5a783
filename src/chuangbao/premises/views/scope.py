"""What the words of a business may touch, and the industries near them: one page, and a part of a letter's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from chuangbao.core.access.permissions import page, signed_in
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.premises.domain.industries import find_classes, find_industries
from chuangbao.premises.domain.scope import find_edition, find_touched

if TYPE_CHECKING:
    from typing import Any

    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["describe_scope", "look_at_scope"]

MOST_CHARACTERS = 200


@page(permission=signed_in)
@rate_limit("scope", rate="600/h")
@require_safe
def look_at_scope(request: Request) -> HttpResponse:
    """Show what the words that were typed may touch; no word is refused."""
    words = request.GET.get("q", "").strip()[:MOST_CHARACTERS]
    return render(request, "premises/scope.html", {"q": words, "scope": describe_scope(words)})


def describe_scope(words: str) -> dict[str, Any]:
    """What is certain of the words of a business, what is not known, and what is a suggestion."""
    today = timezone.localdate()
    edition = find_edition(today)
    return {
        "words": words,
        "today": today,
        "edition": edition,
        "read": len(edition.entries) if edition else 0,
        "touches": find_touched(words, today) if words else [],
        "nearest": [*find_classes(words), *find_industries(words)],
    }
