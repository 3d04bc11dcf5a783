"""The components of the design system: every page is put together from these.

Each is shown in all its states on the design page (/design/). Components never carry meaning by colour
alone: there is always a word, and mostly an icon, beside it.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django import template
from django.core.exceptions import DisallowedHost
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from chuangbao.core.audit.log import act_words
from chuangbao.core.contexts import sign_in_reason
from chuangbao.core.engine.citations import clause_words
from chuangbao.core.engine.current import current_pack
from chuangbao.core.engine.regions import full_address
from chuangbao.core.engine.verdicts import (
    first_words,
    gain_words,
    grant_words,
    kind_words,
    opening_words,
    verdict_words,
)
from chuangbao.core.http.idempotency import FIELD
from chuangbao.core.localization import formatting
from chuangbao.rules.grants import Grant
from chuangbao.ui.fragments import parse_kept
from chuangbao.ui.icons import icon_svg
from chuangbao.ui.presentation.conditions import describe, fact_label, gap_words, outlook_words
from chuangbao.ui.presentation.formula import amount_words, line_words
from chuangbao.ui.refused import parse_refused

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import date

    from django.core.paginator import Page
    from django.forms import BaseForm, BoundField
    from django.http import HttpRequest

    from chuangbao.core.models import History
    from chuangbao.rules.answers import ConditionAnswer
    from chuangbao.rules.forecast import NotYet
    from chuangbao.rules.judgement import Answer
    from chuangbao.rules.model import Document, Text, Version
    from chuangbao.rules.windows import Opening

register = template.Library()
register.tag("kept", parse_kept)
register.tag("refused", parse_refused)
register.simple_tag(gap_words)

STATUS_ICONS = {
    "eligible": "circle-check",
    "not_eligible": "circle-minus",
    "undetermined": "help-circle",
    "manual": "user-check",
    "near": "target-arrow",
    "not_yet": "calendar-time",
    "first": "list-check",
}
NOTICE_ICONS = {"info": "info-circle", "warn": "alert-triangle", "error": "alert-circle", "success": "circle-check"}
MARK = (mark_safe("<mark>"), mark_safe("</mark>"))
ASKED_AS_GROUP = {"radioselect", "checkboxselectmultiple", "checkbox"}
"""Kinds of fields whose label is not before them."""
CONDITION_ICONS = {"met": "check", "unmet": "x", "unknown": "question-mark"}


@register.simple_tag
def once() -> SafeString:
    """The token that lets a form act once, however often it is sent; see core.http.idempotency."""
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, uuid4())


@register.simple_tag
def verb_words(row: History) -> str:
    """An act on the record as people call it."""
    return act_words(row)


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """An outline icon by its Tabler name."""
    return icon_svg(name, css)


@register.filter
def text(content: object) -> str:
    """A bilingual content text in the reader's language."""
    return formatting.text(content)


@register.simple_tag
def amount(value: object, unit: str = "CNY", *, plain: bool = False) -> SafeString | str:
    """An amount of money or of what a right is counted in; a dash while it is unknown."""
    figure = as_decimal(value)
    if figure is None:
        return format_html('<span class="cb-amount is-unknown">{}</span>', gettext("the sum follows"))
    if unit == "none":
        return ""
    if plain and unit.startswith("CNY"):
        words = formatting.plain_money(figure)
        words = formatting.money_a(unit.removeprefix("CNY/"), words) if unit != "CNY" else words
    else:
        words = formatting.quantity(figure, unit)
    return format_html('<data class="cb-amount" value="{}">{}</data>', f"{figure:f}", words)


def as_decimal(value: object) -> Decimal | None:
    """A figure as an exact decimal; None when there is none."""
    try:
        return None if value in {None, ""} else Decimal(str(value))
    except InvalidOperation:
        return None


@register.inclusion_tag("ui/status_badge.html")
def status_badge(status: object, grant: object = Grant.RIGHT, steps: Iterable[Text] = ()) -> dict[str, object]:
    """A verdict with icon and words (可享受 and its likes by ``grant`` · 暂不符合 · 待定 · 人工判断 · 差一点).

    ``steps`` are what has to be got before who meets the conditions applies (先办执照，再申报).
    """
    if status == "eligible" and (words := first_words(steps, str(grant))):
        return {"status": "first", "label": words, "icon_name": STATUS_ICONS["first"]}
    icon_name = STATUS_ICONS["manual" if (status, grant) == ("eligible", Grant.DISCRETION) else str(status)]
    return {"status": str(status), "label": verdict_words(str(status), str(grant)), "icon_name": icon_name}


@register.inclusion_tag("ui/confirmed_badge.html")
def confirmed_badge(confirmed: object) -> dict[str, object]:
    """待确认 for content that no one has checked against the printed source; nothing when it is confirmed."""
    return {"confirmed": bool(confirmed)}


@register.filter("of_row")
def pick_row(found: Mapping[int, Any], pk: int) -> Any:
    """What of a table by ids belongs to a row; nothing where it has none."""
    return found.get(pk, ())


@register.filter("address_within")
def say_address(place: Any, region: str) -> str:
    """The address of a site or venue for who looks at a region: what of province, city and county that says not."""
    return full_address(place.region_id, place.address, within=region)


@register.filter("marked")
def mark_words(content: object, words: Iterable[str]) -> SafeString:
    """A text with the words that were searched for marked in it."""
    said = str(content)
    found = [re.escape(word) for word in words if word]
    if not found:
        return format_html("{}", said)
    parts = re.split(f"({'|'.join(found)})", said, flags=re.IGNORECASE)
    return format_html_join(
        "", "{}{}{}", ((MARK[0], p, MARK[1]) if i % 2 else ("", p, "") for i, p in enumerate(parts))
    )


@register.simple_tag
def formula(version: Version) -> str:
    """How much, in words (算法)."""
    return amount_words(version)


@register.simple_tag(name="working")
def list_working(version: Version) -> list[dict[str, str]]:
    """The lines of the working, in words."""
    return line_words(version)


@register.simple_tag
def day(value: date | None) -> SafeString | str:
    """A date in words; a dash when there is none."""
    if value is None:
        return formatting.DASH
    return format_html('<time datetime="{}">{}</time>', value.isoformat(), formatting.day_words(value))


@register.simple_tag(name="days")
def days_tag(first: date | None, last: date | None) -> SafeString | str:
    """The days something holds, both included: 2016年1月1日起, 2016年1月1日至2018年12月31日."""
    if last is None:
        return format_html(gettext("from {}"), day(first)) if first else formatting.DASH
    return (
        format_html(gettext("{} to {}"), day(first), day(last))
        if first
        else format_html(gettext("until {}"), day(last))
    )


@register.filter("cited")
def cite_clause(clause: str) -> str:
    """A clause as it is cited, by document and printed mark."""
    return clause_words(clause)


@register.filter
def document_words(ref: str) -> str:
    """A document by its title and number; its id never reaches a page."""
    found = current_pack().documents.get(ref)
    return (
        " ".join(filter(None, (formatting.text(found.title), found.number))) if found else gettext("Not in the library")
    )


@register.inclusion_tag("ui/clause_link.html")
def clause_link(clause: str | None, version: Version | None = None, *, basis: bool = False) -> dict[str, object]:
    """The clause that is meant, linked to its place: 依据 where it is the legal basis, else 对应 with its document.

    A clause of the library only corresponds to a measure, unless the ``version`` rests on that document or the page
    is about the document itself (``basis``).
    """
    try:
        url = reverse("policies:clause", args=[clause]) if clause else ""
    except NoReverseMatch:
        # An article of another document (第十二条) is named, but has no page of its own.
        url = ""
    document = seed_of(clause) if clause and not basis else None
    if document is not None and version is not None and rests_on(version, document):
        document = None
    said = clause_words(clause, alone=document is not None) if clause else ""
    return {"clause": said, "url": url, "document": document}


def seed_of(clause: str) -> Document | None:
    """The founding document of the pack, where a clause is one of its own."""
    pack = current_pack()
    document = pack.documents.get(pack.seed)
    return document if document and any(c.id == clause for c in document.clauses) else None


def rests_on(version: Version, document: Document) -> bool:
    """Whether a document is the legal basis of a version."""
    return document.id in version.document_refs or bool(document.number and document.number in version.number)


@register.inclusion_tag("ui/grant_badge.html")
def grant_badge(grant: object) -> dict[str, object]:
    """How a measure is granted, apart from any verdict."""
    return {"label": grant_words(str(grant))}


@register.simple_tag(name="opening_words")
def opening_tag(opening: Opening | None) -> str:
    """When one may apply."""
    return opening_words(opening)


@register.simple_tag(name="outlook_words")
def outlook_tag(not_yet: NotYet, *, named: bool = True) -> str:
    """When a refusal would turn, and what has to be done for it."""
    return outlook_words(not_yet, named=named)


@register.simple_tag(name="sign_in_reason", takes_context=True)
def sign_in_reason_tag(context: Mapping[str, Any]) -> str:
    """Say why one has to sign in for the page that one comes from; empty where nothing is said of it."""
    request = context["request"]
    return sign_in_reason(request.POST.get("next") or request.GET.get("next") or "")


@register.simple_tag
def fact_words(name: str) -> str:
    """A fact by its plain name."""
    return fact_label(name)


@register.simple_tag
def force_words(modality: str) -> str:
    """The force of a sentence (语气) as people say it."""
    return {
        "MUST": gettext("must"),
        "MAY": gettext("may"),
        "ENC": gettext("encouraged"),
        "MUST_NOT": gettext("must not"),
        "EXEMPT": gettext("exempt"),
        "TARGET": gettext("target"),
        "DEF": gettext("definition"),
    }.get(modality, modality)


@register.simple_tag(name="kind_words")
def kind_tag(kind: str) -> str:
    """What kind of benefit a total is of."""
    return kind_words(kind)


@register.simple_tag
def gain(answer: Answer, *, plain: bool = False) -> SafeString:
    """What an answer brings: its amount in the words of its kind, and what ceilings leave of it."""
    if answer.unit != "none" and answer.amount is None:
        return format_html('<span class="cb-amount is-unknown">{}</span>', gettext("the sum follows"))
    return show_gained(answer.kind, answer.unit, answer.amount, answer.payable, answer.at_most, plain=plain)


@register.simple_tag(name="gained")
def show_gained(
    kind: str,
    unit: str,
    amount: Decimal | None,
    payable: Decimal | None = None,
    at_most: Decimal | None = None,
    *,
    plain: bool = False,
) -> SafeString:
    """The same from figures that were kept; ``plain`` writes money as people say it (30万元)."""
    write = formatting.plain_quantity if plain else formatting.quantity
    words = gain_words(kind, unit, amount, payable, at_most, write=write)
    if amount is None or not words:
        return format_html("{}", "")
    best = amount if payable is None else payable
    return format_html('<data class="cb-amount" value="{}">{}</data>', f"{best:f}", words)


@register.inclusion_tag("ui/condition_row.html")
def condition_row(condition: ConditionAnswer, within: str = "", assumed: Collection[str] = ()) -> dict[str, object]:
    """One judged condition: met, not met or unknown, what was given and required, and how far off.

    Its clause is named unless it is the one of the measure around it (``within``). Of a fact that is only
    ``assumed`` it says so.
    """
    words = describe(condition)
    return {
        "row": words,
        "is_assumed": condition.fact in assumed,
        "icon_name": CONDITION_ICONS[words.state],
        "elsewhere": words.clause != within,
    }


@register.inclusion_tag("ui/timeline.html")
def timeline(items: Iterable[Mapping[str, Any]]) -> dict[str, object]:
    """Dated steps from past to future; each has date, title, body, state and url, all but title optional."""
    blank: dict[str, Any] = {"date": None, "date_text": "", "title": "", "body": "", "state": "past", "url": ""}
    return {"items": [blank | dict(item) for item in items]}


@register.inclusion_tag("ui/empty_state.html")
def empty_state(
    *, title: str, text: str = "", icon: str = "search", url: str = "", action: str = ""
) -> dict[str, object]:
    """Nothing here, why, and what to do instead."""
    return {"title": title, "body": text, "icon_name": icon, "url": url, "action": action}


@register.inclusion_tag("ui/pagination.html", takes_context=True)
def pagination(context: template.RequestContext, page: Page[Any]) -> dict[str, object]:
    """Links to other pages of a list; everything else in the address stays."""
    query = context["request"].GET.copy()

    def link(number: int | str) -> str:
        query["page"] = str(number)
        return f"?{query.urlencode()}"

    elided: Sequence[int | str] = list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1))
    return {
        "page": page,
        "pages": [{"label": n, "url": link(n) if isinstance(n, int) else "", "here": n == page.number} for n in elided],
        "previous_url": link(page.previous_page_number()) if page.has_previous() else "",
        "next_url": link(page.next_page_number()) if page.has_next() else "",
    }


@register.filter("own_address")
def find_own_address(request: HttpRequest) -> str:
    """Return the whole address of the page that is asked for; empty where it was asked for under a foreign name."""
    try:
        return request.build_absolute_uri()
    except DisallowedHost:
        return ""


@register.filter("drawn")
def draw_field(field: BoundField) -> SafeString:
    """A field of a form with its label, help and errors; the usual kinds ask no template, since pages have many."""
    if field.widget_type in ASKED_AS_GROUP:
        return SafeString(get_template("ui/field.html").render({"field": field}))
    label = gettext(str(field.label)) if field.label else ""
    notes = [format_html('<p class="cb-help">{}</p>', field.help_text)] if field.help_text else []
    notes += [format_html('<p class="cb-wrong" id="{}-wrong">{}</p>', field.auto_id, error) for error in field.errors]
    sign = getattr(field.field, "unit_sign", "")
    unit = format_html(' <span class="cb-unit">{}</span>', sign) if sign else ""
    words = (field.id_for_label, label, SafeString("".join(notes)), field, unit, draw_readings(field))
    return format_html('<div class="cb-field"><label for="{}">{}</label>{}{}{}{}</div>', *words)


def draw_readings(field: BoundField) -> SafeString:
    """Buttons that send the form with one of the ways to read a figure; empty where there is no doubt about it.

    Pressing Enter sends the form as it is, and not with the first of them; sent again the figure is taken as typed.
    """
    readings = getattr(field.field, "readings", ())
    if not readings:
        return SafeString("")
    name = field.html_name
    asked = format_html('<input type="hidden" name="asked-{}" value="{}">', name, field.value())
    plain = SafeString('<button class="visually-hidden" type="submit" tabindex="-1" aria-hidden="true"></button>')
    row = '<button class="btn" type="submit" name="{}" value="{}">{}</button>'
    buttons = format_html_join("", row, ((name, typed, words) for typed, words in readings))
    return format_html('{}{}<p class="cb-actions">{}</p>', asked, plain, buttons)


@register.inclusion_tag("ui/breadcrumb.html")
def breadcrumb(items: Iterable[tuple[str, str | None]]) -> dict[str, object]:
    """The way back: (label, address) pairs, the last without an address."""
    return {"items": [{"label": label, "url": url or ""} for label, url in items]}


@register.inclusion_tag("ui/error_summary.html")
def error_summary(form: BaseForm) -> dict[str, object]:
    """Every error of a form at its top, each a link to its field."""
    fields = [
        {"id": form[name].id_for_label, "label": form[name].label, "message": message}
        for name, messages in form.errors.items()
        if name in form.fields
        for message in messages
    ]
    return {"fields": fields, "general": list(form.non_field_errors()), "had_file": bool(form.files)}


@register.inclusion_tag("ui/progress.html")
def progress(*, value: float, max: float, label: str) -> dict[str, object]:  # noqa: A002 - the attribute's own name
    """How far along, as a bar and in words."""
    return {"value": value, "max": max, "label": label}


@register.inclusion_tag("ui/page_head.html")
def page_head(*, title: str, lead: str = "", eyebrow: str = "") -> dict[str, object]:
    """The one h1 of a page, with a sentence on what can be done here."""
    return {"title": title, "lead": lead, "eyebrow": eyebrow}


@register.simple_block_tag
def card(content: str, *, title: str = "", icon: str = "", css: str = "") -> SafeString:
    """A quiet box with a heading."""
    head = ""
    if title:
        head = format_html('<h2 class="cb-card-title">{}{}</h2>', icon_svg(icon) if icon else "", title)
    return format_html('<section class="cb-card {}">{}{}</section>', css, head, content)


@register.simple_block_tag
def notice(content: str, *, kind: str = "info", title: str = "") -> SafeString:
    """A message in the page: what happened, why, what to do now."""
    return format_html(
        '<div class="cb-notice is-{}" role="{}">{}<div><p class="cb-notice-title">{}</p>{}</div></div>',
        kind,
        "alert" if kind == "error" else "note",
        icon_svg(NOTICE_ICONS[kind]),
        title,
        content,
    )


@register.simple_block_tag
def chart_with_table(content: str, *, id: str, label: str, src: str = "", css: str = "") -> SafeString:  # noqa: A002 - the attribute's own name
    """A chart with the same figures in a table beside it; the table alone is left without JavaScript."""
    return format_html(
        '<figure class="cb-figure {}"><div class="cb-chart" id="{}" data-src="{}" role="img" aria-label="{}"></div>'
        '<figcaption class="cb-figure-table">{}</figcaption></figure>',
        css,
        id,
        src,
        label,
        content,
    )
