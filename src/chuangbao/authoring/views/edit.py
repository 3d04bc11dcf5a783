"""Writing a version: rows on one side, the text on the other, both always saying the same."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from chuangbao.authoring.basics import SPANS, basics_of, put_basics, tidy_days
from chuangbao.authoring.building import (
    Card,
    cards_of,
    conditions_of,
    dropped,
    posted_cards,
    shown_cards,
    with_line,
    without_sign,
)
from chuangbao.authoring.cases import CaseForm, case_values, with_case, without_case
from chuangbao.authoring.domain.drafts import keep_copy, save_draft
from chuangbao.authoring.domain.returned import returned_of
from chuangbao.authoring.forms import words
from chuangbao.authoring.models import WorkingCopy
from chuangbao.authoring.permissions import may_draft
from chuangbao.authoring.remarks import by_condition, remarks_of
from chuangbao.core.access.permissions import page, permit
from chuangbao.core.access.row_access import visible
from chuangbao.core.engine.current import current_pack
from chuangbao.core.engine.verdicts import grant_words
from chuangbao.core.http.idempotency import once
from chuangbao.core.http.post_only import post_only
from chuangbao.core.http.requests import read_number
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.words import benefit_words
from chuangbao.policies.domain.texts import LONGEST, doubts_about, read_text, worked_cases
from chuangbao.policies.enums import Stage
from chuangbao.policies.findings import listed, shown_findings, subject_words
from chuangbao.policies.models import MeasureVersion
from chuangbao.rules.grants import Grant
from chuangbao.rules.measures import KINDS
from chuangbao.rules.model import FactType
from chuangbao.rules.writing import items_of, put_items

if TYPE_CHECKING:
    from django.http import HttpResponse

    from chuangbao.core.http.requests import Request

__all__ = ["edit", "keep"]

ACTIONS = {"add-row", "drop-row", "drop-card", "add-card"}
BEFORE_THE_PUBLIC = {Stage.DRAFT, Stage.IN_REVIEW}
UNITS = ("CNY", "CNY/month", "CNY/quarter", "CNY/year", "ratio", "person", "none")


@dataclass
class Sheet:
    """What is on the page: the text, the rows beside it, and what is wrong with either."""

    content: str
    base: str
    cards: tuple[Card, ...] = ()
    basics: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    said: list[str] = field(default_factory=list)
    left: list[dict[str, str]] = field(default_factory=list)
    """Where both sides were changed: what the other side said, line by line against what is kept."""
    editable: bool = True


def found_draft(request: Request, pk: int) -> MeasureVersion:
    """The draft within the officer's sight, if it is theirs to write."""
    rows = visible(MeasureVersion, to=request.actor).select_related("measure", "based_on")
    draft = get_object_or_404(rows, pk=pk)
    permit(may_draft, actor=request.actor, row=draft)
    return draft


@page(permission=may_draft)
@once
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: Request, pk: int) -> HttpResponse:
    """The page of one draft."""
    draft = found_draft(request, pk)
    if draft.stage != Stage.DRAFT and request.method != "POST":
        return redirect("authoring:version", pk)
    if request.method != "POST":
        copy = visible(WorkingCopy, to=request.actor).filter(version=draft).first()
        use = copy is not None and "copy" in request.GET
        content = copy.content if copy is not None and use else draft.content
        sheet = opened(content, content)
        revision = copy.revision if copy is not None and use else draft.revision
        return shown(request, draft, sheet, revision=revision, copy=None if use else copy)
    return posted(request, draft)


def opened(content: str, base: str) -> Sheet:
    """The page of a text, its rows made from it; one that is too long is shown as text alone."""
    if len(content) > LONGEST:
        return Sheet(content, base, editable=False)
    try:
        cards = cards_of(items_of(content, "conditions"), current_pack())
        return Sheet(content, base, cards, basics_of(content))
    except ValueError:
        return Sheet(content, base, editable=False)


def posted(request: Request, draft: MeasureVersion) -> HttpResponse:
    """What was typed on either side, brought into step; then what the button asks for."""
    sheet = in_step(request)
    revision = read_number(request.POST.get("revision", ""), draft.revision)
    do = request.POST.get("do", "check")
    case = CaseForm(request.POST, content=sheet.content, prefix="case") if do == "add-case" else None
    if case is not None and case.is_valid():
        sheet = opened(with_case(sheet.content, case.example()), sheet.base)
        case = None
    if do.partition(":")[0] in {"drop-case", "change-case"}:
        sheet, case = take_out_case(sheet, do)
    if do in {"save", "save-text"} and not sheet.errors and not sheet.left:
        return saved(request, draft, sheet, revision)
    if draft.stage == Stage.DRAFT:
        keep_copy(draft=draft, content=sheet.content, revision=revision, actor=request.actor)
    failed = bool(sheet.errors) or (case is not None and case.is_bound)
    status = 409 if sheet.left else 422 if failed else 200
    return shown(request, draft, sheet, revision=revision, case=case, status=status)


def take_out_case(sheet: Sheet, do: str) -> tuple[Sheet, CaseForm | None]:
    """The sheet without a worked case; with the form that holds the case again where it is to be changed."""
    name, _sep, where = do.partition(":")
    content, example = without_case(sheet.content, read_number(where, -1)) if sheet.editable else (sheet.content, None)
    if example is None:
        return sheet, None
    after = opened(content, sheet.base)
    if name == "drop-case":
        return after, None
    return after, CaseForm(content=content, prefix="case", initial=case_values(example))


def saved(request: Request, draft: MeasureVersion, sheet: Sheet, revision: int) -> HttpResponse:
    """Keep it, or say who was faster and show both."""
    try:
        save_draft(draft=draft, content=sheet.content, revision=revision, actor=request.actor)
    except Refused as refused:
        draft.refresh_from_db()
        clash = listed(draft.content, sheet.content) if refused.code == "conflict" else []
        sheet.said.append(str(refused))
        status = 409 if clash else 422
        return shown(request, draft, sheet, revision=draft.revision, clash=clash, status=status)
    return redirect(f"{reverse('authoring:text', args=[draft.pk])}?saved=1")


def in_step(request: Request) -> Sheet:
    """Whichever side was changed changes the other; where both were, the button's own side wins and says so."""
    data = request.POST
    content, base = typed(data.get("content", "")), typed(data.get("base", ""))
    do = data.get("do", "check")
    before, after = opened(base, base), opened(content, base)
    if "cards" not in data or not after.editable:
        return after
    cards = posted_cards(data)
    stood = after.basics | before.basics  # a field that the form does not have stays as it was
    basics = tidy_days({key: data.get(f"b-{key}", stood[key]).strip() for key in after.basics})
    if cards == before.cards and basics == before.basics:
        cards, basics, before = after.cards, after.basics, after  # only the text was touched
    cards, acted = acted_on(cards, data)
    rows_changed = acted or cards != before.cards or basics != before.basics
    text_changed = after.cards != before.cards or after.basics != before.basics
    if not rows_changed:
        return after
    sheet = written(content, base, cards, basics)
    if text_changed and do == "save-text":
        after.said.append(gettext("Both sides were changed. The text was kept; what the rows said is marked below."))
        after.left = listed(after.content, sheet.content)
        return after
    if do.partition(":")[0] in ACTIONS:
        sheet.errors = {}  # a row that was only just added has nothing to say yet
    if text_changed:
        sheet.said.append(gettext("Both sides were changed. The rows were kept; what the text said is marked below."))
        sheet.left = listed(sheet.content, content)
    return sheet


def written(content: str, base: str, cards: tuple[Card, ...], basics: dict[str, str]) -> Sheet:
    """The rows put into the text; a row with a mistake stays as typed and the text as it was."""
    pack = current_pack()
    conditions, errors = conditions_of(cards, pack, items_of(content, "conditions"))
    basics, wrong = put_basics(content, basics)
    errors |= wrong
    if errors:
        return Sheet(content, base, cards, basics if wrong else basics_of(content) | basics, errors)
    text = put_items(basics["content"], "conditions", conditions)
    found = opened(text, base)
    return Sheet(text, base, named(cards, conditions), found.basics)


def named(cards: tuple[Card, ...], conditions: list[dict[str, Any]]) -> tuple[Card, ...]:
    """The same cards, each with the id it was given; the sign of a percentage is beside its box alone."""
    signed = (replace(card, lines=tuple(without_sign(line, current_pack()) for line in card.lines)) for card in cards)
    return tuple(replace(card, id=str(c["id"])) for card, c in zip(signed, conditions, strict=True))


def acted_on(cards: tuple[Card, ...], data: Any) -> tuple[tuple[Card, ...], bool]:
    """Add or drop a row or a condition where the button says so."""
    do, _sep, where = data.get("do", "").partition(":")
    places = [read_number(part) for part in where.split(":") if part.isdecimal()]
    if do == "add-card":
        return (*cards, Card(zh="")), True
    if do not in ACTIONS or not places or places[0] >= len(cards):
        return cards, False
    if do == "drop-card":
        return dropped(cards, places[0]), True
    if do == "drop-row":
        return dropped(cards, places[0], places[-1]), True
    fact = current_pack().facts.get(data.get(f"c{places[0]}-add", ""))
    return (with_line(cards, places[0], fact), True) if fact else (cards, False)


def typed(text: str) -> str:
    """A text as it was typed: browsers send other line ends, and no keyboard sends a null character."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")


def shown(request: Request, draft: MeasureVersion, sheet: Sheet, *, status: int = 200, **more: Any) -> HttpResponse:
    """The page."""
    pack = current_pack()
    case = more.pop("case", None)
    if sheet.editable and case is None:
        case = CaseForm(content=sheet.content, prefix="case")
    remarks = remarks_of(draft, read_text(draft.content).version)
    context = {
        "draft": draft, "sheet": sheet, "returned": returned_of(draft), "remarks_by": by_condition(remarks),
        "remarks": [remark for remark in remarks if remark.condition and not remark.is_settled],
        "cards": shown_cards(sheet.cards, pack, sheet.errors), "case": case,
        "facts": fact_choices(sheet.content), "parameters": parameters_of(sheet.content),
        "saved": "saved" in request.GET,
        "kinds": [(kind, benefit_words(kind)) for kind in KINDS], "units": [(u, unit_words(u)) for u in UNITS],
        "grants": [(grant, grant_words(grant)) for grant in Grant], "spans": [(s, span_words(s)) for s in SPANS],
        "days": day_choices(sheet.content),
        "copy": None, "clash": [], "may_change_cases": sheet.editable, **checked(sheet.content, draft), **more,
    }  # fmt: skip
    return render(request, "authoring/edit.html", context, status=status)


def unit_words(unit: str) -> str:
    """What an amount is counted in."""
    return {
        "CNY": gettext("yuan, once"), "CNY/month": gettext("yuan a month"), "CNY/quarter": gettext("yuan a quarter"),
        "CNY/year": gettext("yuan a year"), "ratio": gettext("a share"),
        "person": gettext("people"), "none": gettext("no amount"),
    }[unit]  # fmt: skip


def span_words(unit: str) -> str:
    """What a span is counted in."""
    return {"day": gettext("days"), "month": gettext("months"), "year": gettext("years")}[unit]


def day_choices(content: str) -> list[tuple[str, str]]:
    """The days of the measure's kind of subject, from which a window can be counted."""
    facts = current_pack().facts
    found = [pair for _, pairs in fact_choices(content) for pair in pairs]
    return [(name, label) for name, label in found if facts[name].type is FactType.DATE]


def checked(content: str, draft: MeasureVersion) -> dict[str, Any]:
    """Every error at its line, or every worked case with its outcome and what speaks against the text."""
    reading = read_text(content)
    measure = reading.measure
    return {
        "findings": shown_findings(content, reading.findings), "reading": reading,
        "cases": (cases := worked_cases(measure) if measure else []), "wrong_cases": sum(not c.right for c in cases),
        "doubts": doubts_about(draft, measure, content) if measure and draft.stage in BEFORE_THE_PUBLIC else [],
    }  # fmt: skip


def fact_choices(content: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The facts that can be asked of the measure's kind of subject, by their plain names; all while it says none."""
    measure = read_text(content).measure
    found: dict[str, list[tuple[str, str]]] = {}
    for fact in current_pack().facts.values():
        if measure is None or fact.subject == measure.subject:
            found.setdefault(fact.subject, []).append((fact.name, words(fact.label)))
    return [(subject_words(s), sorted(names, key=lambda pair: pair[1])) for s, names in found.items()]


def parameters_of(content: str) -> list[str]:
    """The names of the version's own figures."""
    version = read_text(content).version
    return list(version.parameters) if version else []


@page(permission=may_draft)
@post_only("authoring:text", "pk")
def keep(request: Request, pk: int) -> HttpResponse:
    """Keep the text while a person types, for them alone, and answer with what is right and wrong in it."""
    draft = found_draft(request, pk)
    content = typed(request.POST.get("content", ""))
    revision = read_number(request.POST.get("revision", ""), draft.revision)
    copy = keep_copy(draft=draft, content=content, revision=revision, actor=request.actor)
    return render(
        request, "authoring/checked.html", {"kept": copy, "may_change_cases": True, **checked(content, draft)}
    )
