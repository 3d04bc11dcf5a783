"""One version on its way: what it says, what it changes and for whom, what colleagues say, and the next step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from chuangbao.authoring.domain.comments import add_comment
from chuangbao.authoring.domain.drafts import discard_draft, return_draft, submit_draft, withdraw_draft
from chuangbao.authoring.domain.publish import corrected_by, publish_version
from chuangbao.authoring.domain.returned import find_reason, returned_of
from chuangbao.authoring.domain.skeleton import begin_correction
from chuangbao.authoring.forms import CommentForm, PublishForm, ReasonForm, RetireForm, SubmitForm, words
from chuangbao.authoring.permissions import may_author, may_draft
from chuangbao.authoring.views.comments import describe_form, place_threads
from chuangbao.authoring.views.edit import checked
from chuangbao.core.access.permissions import page, permit
from chuangbao.core.access.row_access import visible
from chuangbao.core.audit.log import history_of
from chuangbao.core.engine.current import current_pack
from chuangbao.core.http.forms import attempt_filled
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.post_only import post_only
from chuangbao.core.workflow.proposals import proposals_about, propose
from chuangbao.core.workflow.refusals import Refused
from chuangbao.policies.domain.doubts import Weight
from chuangbao.policies.domain.samples import sample_profiles
from chuangbao.policies.domain.texts import dated_text, period_of, read_text
from chuangbao.policies.enums import Stage
from chuangbao.policies.models import MeasureVersion
from chuangbao.rules.changes import changes
from chuangbao.rules.trial import effect_of
from chuangbao.rules.writing import read_measure_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from django import forms
    from django.http import HttpResponse

    from chuangbao.core.access.actors import Actor
    from chuangbao.core.http.requests import Request
    from chuangbao.rules.model import Measure

__all__ = ["comment", "correct", "move", "version"]


def propose_retirement(*, version: MeasureVersion, actor: Actor, reason: str, valid_to: date) -> MeasureVersion:
    """Put forward that a version ends, and return the version as it is until a colleague confirms it."""
    propose(version, "retire", actor=actor, reason=reason, valid_to=valid_to)
    return version


FORMS: dict[str, Callable[..., forms.Form]] = {
    "publish": PublishForm, "retire": RetireForm, "return": ReasonForm, "discard": ReasonForm, "submit": SubmitForm,
}  # fmt: skip
VERBS: dict[str, Callable[..., MeasureVersion]] = {
    "publish": publish_version, "return": return_draft, "discard": discard_draft,
    "withdraw": withdraw_draft, "submit": submit_draft, "retire": propose_retirement,
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
    check = checked(row.content, row)
    measure = check["reading"].measure
    before = standing(row) if measure else None
    proposals = proposals_about(row, request.actor)
    asks = any(doubt.weight is Weight.REASON for doubt in check["doubts"])
    moves = [
        {"move": m, "form": given.get(m.verb) or (form_of(m.verb, row) if m.verb != "submit" or asks else None)}
        for m in row.life.open_to(row, request.actor)
        if m.verb in VERBS and not any(one.row.verb == m.verb for one in proposals)
    ]
    history = list(history_of(row)[:30])
    context = {
        **check, "row": row, "period": (row.valid_from, row.valid_to) if row.valid_from else period_of(row.content),
        "text": dated_text(row), "measure": measure, "moves": moves,
        "proposals": proposals, "refusal": given.get("refusal"),
        "version": measure.versions[0] if measure else None, "before": before,
        "changes": changes(before.versions[-1], measure.versions[0]) if before else [],
        "effect": effect(before, measure) if measure else None,
        "may_correct": row.stage in {Stage.IN_FORCE, Stage.RETIRED} and may_draft.test(request.actor, row),
        "corrects": corrected_by(row),
        "may_edit": row.stage == Stage.DRAFT and may_draft.test(request.actor, row),
        "wrote": request.actor.person_id in row.writers and row.stage == Stage.IN_REVIEW,
        "returned": returned_of(row), "history": history,
        "said_why": find_reason(history),
        **place_threads(request, row, measure.versions[0] if measure else None),
        **describe_form(given.get("comment") or comment_form(measure, about=request.GET.get("about", ""))),
    }  # fmt: skip
    return render(request, "authoring/version.html", context, status=status)


def form_of(verb: str, row: MeasureVersion, data: Any = None) -> forms.Form | None:
    """What a step asks for; publishing shows the days that the text says."""
    if verb not in FORMS:
        return None
    if verb != "publish":
        return FORMS[verb](data, prefix=verb)
    corrects = corrected_by(row) is not None
    return PublishForm(data, prefix=verb, period=period_of(row.content), seen=row.revision, corrects=corrects)


def comment_form(measure: Measure | None, data: Any = None, *, about: str = "") -> CommentForm:
    """The form for a comment on the whole or on one condition, that of ``about`` chosen beforehand."""
    parts = [(c.id, words(c.label)) for c in measure.versions[0].conditions] if measure else []
    whole, chosen = _("The whole version"), {"condition": about}
    return CommentForm(data, prefix="comment", place="condition", whole=whole, parts=parts, initial=chosen)


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
@post_only("authoring:version", "pk")
def comment(request: Request, pk: int) -> HttpResponse:
    """Write a comment, or answer one."""
    row = found(request, pk)
    form = comment_form(read_text(row.content).measure, request.POST)
    done = attempt_filled(form, add_comment, row=row, actor=request.actor)
    if done:
        return redirect(f"{reverse('authoring:version', args=[pk])}#r-{done.row.answers_id or done.row.pk}")
    return shown(request, row, {"comment": form}, 422)


@page(permission=may_draft)
@once
@post_only("authoring:version", "pk")
def correct(request: Request, pk: int) -> HttpResponse:
    """A draft that corrects a published version in place."""
    row = found(request, pk)
    permit(may_draft, actor=request.actor, row=row)
    try:
        draft = begin_correction(version=row, actor=request.actor)
    except Refused as refused:
        return render(request, "authoring/refused.html", {"refused": refused}, status=409)
    return redirect("authoring:text", draft.pk)


@page(permission=may_author)
@once
@post_only("authoring:version", "pk")
def move(request: Request, pk: int, verb: str) -> HttpResponse:
    """One step of its life; what is refused is said beside the field or above the buttons.

    Raises Http404 for a step that no page has.
    """
    row = found(request, pk)
    if verb not in VERBS:
        raise Http404
    permit(row.life.by_verb[verb].who, actor=request.actor, row=row)  # type: ignore[arg-type] # the same
    form = form_of(verb, row, request.POST)
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
    return redirect("authoring:version", pk)
