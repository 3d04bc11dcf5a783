"""Subscriptions (订阅): the person's list, and the button on every page it concerns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from chuangbao.core.access.permissions import page
from chuangbao.core.access.row_access import visible
from chuangbao.core.engine.citations import clause_words
from chuangbao.core.engine.current import current_pack
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.requests import safe_place
from chuangbao.core.workflow.refusals import Refused
from chuangbao.policies.domain.subscribe import subscribe, unsubscribe
from chuangbao.policies.forms import words
from chuangbao.policies.models import Subscription
from chuangbao.policies.permissions import may_subscribe

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request
    from chuangbao.rules.model import Pack

__all__ = ["follow", "subscriptions", "topic_words"]


@page(permission=may_subscribe)
@require_safe
def subscriptions(request: Request) -> HttpResponse:
    """My subscriptions, and themes and departments to choose from."""
    pack = current_pack()
    mine = list(visible(Subscription, to=request.actor))
    taken = {(s.topic, s.value) for s in mine}
    offers = [
        {"topic": topic, "value": code.code, "label": words(code.label)}
        for topic in ("theme", "department")
        if topic in pack.codes
        for code in pack.codes[topic].codes
        if (topic, code.code) not in taken
    ]
    rows = [{"row": row, "label": topic_words(pack, row.topic, row.value)} for row in mine]
    return render(request, "policies/subscriptions.html", {"rows": rows, "offers": offers})


def topic_words(pack: Pack, topic: str, value: str) -> str:
    """What a subscription is about, by its plain name."""
    if topic in {"theme", "department"}:
        code = pack.codes[topic].by_code.get(value) if topic in pack.codes else None
        return words(code.label) if code else value
    thing = pack.documents.get(value) if topic == "document" else pack.measures.get(value)
    if topic == "clause":
        return clause_words(value)
    return words(thing.title) if thing else value


@page(permission=may_subscribe)
@post_only("policies:subscriptions")
def follow(request: Request) -> HttpResponse:
    """Subscribe, or end a subscription.

    Raises Http404 for a topic or a value that there is not.
    """
    given: dict[str, Any] = {
        "topic": request.POST.get("topic", ""),
        "value": request.POST.get("value", ""),
        "actor": request.actor,
    }
    try:
        unsubscribe(**given) if request.POST.get("do") == "stop" else subscribe(**given)
    except Refused as refused:
        raise Http404(str(refused)) from refused
    return redirect(safe_place(request, request.POST.get("next", "")) or "policies:subscriptions")
