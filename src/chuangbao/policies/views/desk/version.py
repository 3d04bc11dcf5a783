"""One version on its way: what it says, what it changes and for whom, what colleagues say, and the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from chuangbao.core.access import page, permit
from chuangbao.core.forms import attempt_filled
from chuangbao.core.history import history_of
from chuangbao.core.idempotency import once
from chuangbao.core.refusals import Refused
from chuangbao.core.scope import visible
from chuangbao.policies.deskforms import CommentForm, PublishForm, ReasonForm, RetireForm, words
from chuangbao.policies.domain.drafts import add_comment, discard_draft, return_draft, submit_draft, withdraw_draft
from chuangbao.policies.domain.publish import publish_version, retire_version
from chuangbao.policies.domain.registry import current_pack
from chuangbao.policies.domain.samples import sample_profiles
from chuangbao.policies.models import MeasureVersion
from chuangbao.policies.permissions import may_author, may_draft
from chuangbao.policies.states import Stage
from chuangbao.policies.views.desk.edit import checked
from chuangbao.rules.changes import changes
from chuangbao.rules.trial import effect_of
from chuangbao.rules.writing import read_measure_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from django import forms
    from django.http import HttpResponse

    from chuangbao.core.requests import Request
    from chuangbao.rules.model import Measure

__all__ = ["comment", "move", "version"]

FORMS: dict[str, Callable[..., forms.Form]] = {
    "publish": PublishForm, "retire": RetireForm, "return": ReasonForm, "discard": ReasonForm,
}  # fmt: skip
VERBS: dict[str, Callable[..., MeasureVersion]] = {
    "publish": publish_version, "retire": retire_version, "return": return_draft, "discard": discard_draft,
    "withdraw": withdraw_draft, "submit": submit_draft,
}  # fmt: skip


def found(request: Request, pk: int) -> MeasureVersion:
    """The version within the officer's sight."""
    rows = visible(MeasureVersion, to=request.actor).select_related("measure", "author", "reviewer")
    return get_object_or_404(rows, pk=pk)


@page(permission=may_author)
@require_safe
def version(request: Request, pk: int) -> HttpResponse:
    """The page of a version."""
    return shown(request, found(request, pk))


def shown(
    request: Request, row: MeasureVersion, forms: dict[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    """The page, with forms as they were posted."""
    given = forms or {}
    check = checked(row.content)
    measure = check["reading"].measure
    before = standing(row) if measure else None
    moves = [
        {"move": m, "form": given.get(m.verb) or (FORMS[m.verb](prefix=m.verb) if m.verb in FORMS else None)}
        for m in row.life.open_to(row, request.actor)
    ]
    context = {
        **check, "row": row, "measure": measure, "moves": moves, "refusal": given.get("refusal"),
        "version": measure.versions[0] if measure else None, "before": before,
        "changes": changes(before.versions[-1], measure.versions[0]) if before else [],
        "effect": effect(before, measure) if measure else None,
        "may_edit": row.stage == Stage.DRAFT and may_draft.test(request.actor, row),
        "wrote": request.actor.person_id in row.writers and row.stage == Stage.IN_REVIEW,
        "comments": row.comments.select_related("author"), "history": history_of(row)[:30],
        "comment_form": given.get("comment") or comment_form(measure),
    }  # fmt: skip
    return render(request, "policies/desk/version.html", context, status=status)


def comment_form(measure: Measure | None, data: Any = None) -> CommentForm:
    """The form for a remark on the whole or on one condition."""
    conditions = [(c.id, words(c.label)) for c in measure.versions[0].conditions] if measure else []
    return CommentForm(data, conditions=conditions, prefix="comment")


def standing(row: MeasureVersion) -> Measure | None:
    """The measure as it stood before this version: what it is compared with."""
    from dataclasses import replace

    if row.based_on is not None:
        measure = read_measure_text(row.based_on.content, current_pack()).measure
        if measure is not None:
            dated = replace(measure.versions[0], valid_from=row.based_on.valid_from, valid_to=row.based_on.valid_to)
            return replace(measure, versions=(dated,))
    known = current_pack().measures.get(row.measure.ref)
    others = tuple(v for v in known.versions if v.version != row.name) if known else ()
    return replace(known, versions=(others[-1],)) if known and others else None


def effect(before: Measure | None, after: Measure) -> object:
    """What it changes for a sample of subjects, as of the day it would begin."""
    day = after.versions[0].valid_from or timezone.localdate()
    return effect_of(current_pack(), before, after, sample_profiles(after.subject, day))


@page(permission=may_author)
@once
@require_POST
def comment(request: Request, pk: int) -> HttpResponse:
    """Say something."""
    row = found(request, pk)
    form = comment_form(checked(row.content)["reading"].measure, request.POST)
    if attempt_filled(form, add_comment, version=row, actor=request.actor):
        return redirect("policies:desk_version", pk)
    return shown(request, row, {"comment": form}, 422)


@page(permission=may_author)
@once
@require_POST
def move(request: Request, pk: int, verb: str) -> HttpResponse:
    """One step of its life; what is refused is said beside the field or above the buttons."""
    row = found(request, pk)
    permit(row.life.by_verb[verb].who, actor=request.actor, row=row)  # type: ignore[arg-type] # the same
    form = FORMS[verb](request.POST, prefix=verb) if verb in FORMS else None
    if form is not None and not form.is_valid():
        return shown(request, row, {verb: form}, 422)
    name = "draft" if verb == "submit" else "version"
    try:
        VERBS[verb](**{name: row}, actor=request.actor, **(form.cleaned_data if form else {}))
    except Refused as refused:
        row.refresh_from_db()
        if form is not None and refused.field in form.fields:
            form.add_error(refused.field, str(refused))
            return shown(request, row, {verb: form}, 422)
        return shown(request, row, {"refusal": refused}, 409)  # type: ignore[dict-item] # shown, not filled in
    return redirect("policies:desk_version", pk)
