"""A measure in plain words: who, what, how much, how, since when; with a calculator, a code and a handout."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from chuangbao.accounts.directory import Directory, place_words
from chuangbao.core.access.permissions import public
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.engine.current import current_engine
from chuangbao.core.engine.regions import local_places
from chuangbao.core.engine.verdicts import grant_words, opening_words
from chuangbao.core.exports import pdf
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.localization.formatting import figure_words, unit_words, value_words
from chuangbao.policies.domain import calculator
from chuangbao.policies.forms import FactsForm, words, write_value
from chuangbao.policies.models import MeasureVersion
from chuangbao.policies.standing import standing_kind, standing_words
from chuangbao.policies.states import Stage
from chuangbao.policies.views.documents import follows
from chuangbao.rules import tree
from chuangbao.rules.units import unit_in
from chuangbao.rules.windows import opening_of

if TYPE_CHECKING:
    from decimal import Decimal

    from chuangbao.core.http.requests import Request
    from chuangbao.rules.model import Fact, Measure, Parameter, Version

__all__ = ["code", "curve_json", "handout", "measure"]


def find(request: HttpRequest, ref: str) -> tuple[Measure, Version]:
    """Return the measure and the wanted version: named in the address, else in force today, else the newest.

    Raises Http404 where the pack has no such measure.
    """
    pack = current_engine().pack
    found = pack.measures.get(ref)
    if found is None:
        raise Http404
    wanted = request.GET.get("version", "")
    chosen = next((v for v in found.versions if v.version == wanted), None)
    return found, chosen or found.version_at(timezone.localdate()) or found.versions[-1]


def tried(request: HttpRequest, found: Measure, version: Version) -> tuple[FactsForm, dict[str, object]]:
    """The calculator's form and the facts in it: what was sent, else the first worked case."""
    engine = current_engine()
    day = calculator.sample_day(version, timezone.localdate())
    names = calculator.facts_of(engine, found, version, day)
    if "try" in request.GET:
        form = FactsForm(request.GET, engine=engine, names=names, as_of=day)
        return form, form.facts() if form.is_valid() else {}
    start = {n: v for n, v in calculator.starting_facts(found, version).items() if n in names}
    initial = {
        n: list(v) if isinstance(v, list | tuple | set | frozenset) else write_value(v) for n, v in start.items()
    }
    return FactsForm(engine=engine, names=names, as_of=day, initial=initial), start


@public
@rate_limit("calculator", rate="600/10m", per="ip", methods=("GET", "HEAD"), asks="try")
@require_safe
def measure(request: Request, ref: str) -> HttpResponse:
    """政策事项."""
    engine = current_engine()
    found, version = find(request, ref)
    form, facts = tried(request, found, version)
    day = calculator.sample_day(version, timezone.localdate())
    numeric = calculator.numeric_facts(engine, list(form.fields))
    over = over_of(request, version, numeric)
    profile = engine.profile(facts, as_of=day, region=engine.pack.home(found, day))
    place = found.versions.index(version)
    context = {
        "measure": found, "version": version, "form": form, "answer": engine.judge(profile, version.version),
        "numeric": [engine.pack.facts[name] for name in numeric], "over": over, "day": day,
        "curve": points(found, version, facts, over) if over and not version.manual else [],
        "changes": differences(found.versions[place - 1], version) if place else [],
        "documents": [engine.pack.documents[d] for d in version.document_refs if d in engine.pack.documents],
        "query": request.GET.urlencode(), "topic": "measure", "value": found.id,
        "followed": follows(request, "measure", found.id), "standing": standing_of(version),
        "opening": opening_of(version, timezone.localdate(), None), **where_of(request, found),
    }  # fmt: skip
    return render(request, "policies/measure.html", context)


def where_of(request: HttpRequest, found: Measure) -> dict[str, object]:
    """Where the measure is done, for the place that was chosen (``place``), else for the whole province."""
    places = {unit.code: unit for unit in local_places()}
    chosen = request.GET.get("place", "")
    region = chosen if chosen in places else current_engine().pack.region
    return {
        "place": Directory(region).place_of(found),
        "chosen_place": chosen if chosen in places else "",
        "place_choices": [(code, words(unit.name)) for code, unit in places.items()],
    }


def standing_of(version: Version) -> tuple[str, str]:
    """Whether the version holds today (时效), by kind and in words; only one with a last day may have been retired."""
    stage = str(Stage.IN_FORCE)
    if version.valid_to is not None:
        rows = unscoped(MeasureVersion, because="what is published is public")
        named = rows.filter(name=version.version, stage__in=[Stage.IN_FORCE, Stage.RETIRED])
        stage = named.values_list("stage", flat=True).first() or stage
    given = stage, version.valid_from, version.valid_to, timezone.localdate()
    return standing_kind(*given), standing_words(*given)


def over_of(request: HttpRequest, version: Version, numeric: list[str]) -> str:
    """The fact to draw over: the one asked for, else one that the amount is worked out from, else any number."""
    wanted = request.GET.get("over", "")
    if wanted in numeric:
        return wanted
    benefit = version.benefit
    nodes = [*(line.value for line in benefit.lines), *([benefit.amount] if benefit.amount is not None else [])]
    read = [name for node in nodes for name in tree.names(node) if name in numeric]
    return next(iter([*read, *numeric]), "")


def points(found: Measure, version: Version, facts: dict[str, object], over: str) -> list[dict[str, object]]:
    """The curve as rows for chart and table."""
    day = calculator.sample_day(version, timezone.localdate())
    pairs = calculator.curve(current_engine(), found, version, facts, over, day)
    fact, unit = current_engine().pack.facts[over], version.benefit.unit
    return [
        {
            "value": scale_figure(value, unit_in(fact)),
            "amount": None if amount is None else scale_figure(amount, unit),
            "value_words": figure_words(fact, value),
            "amount_words": value_words(amount, unit),
        }
        for value, amount in pairs
    ]


def scale_figure(value: Decimal, unit: str) -> Decimal:
    """A figure as the chart draws it: a share in percent."""
    return value * 100 if unit == "ratio" else value


def last_value(parameter: Parameter) -> str:
    """The newest figure of a parameter with its unit; a dash where the pack has none yet."""
    return figure_words(parameter, parameter.values[-1].value) if parameter.values else "—"


def differences(before: Version, after: Version) -> list[dict[str, object]]:
    """What a version changed: conditions by their text, the formula, the period."""
    old = {c.text: c.label for c in before.conditions}
    new = {c.text: c.label for c in after.conditions}
    rows: list[dict[str, object]] = [
        {"kind": "added", "label": label} for text, label in new.items() if text not in old
    ]
    rows += [{"kind": "removed", "label": label} for text, label in old.items() if text not in new]
    if before.benefit.text != after.benefit.text:
        rows += [{"kind": "removed", "formula": before}, {"kind": "added", "formula": after}]
    for name in sorted(before.parameters.keys() & after.parameters.keys()):
        was, now = (last_value(version.parameters[name]) for version in (before, after))
        if was != now:
            label = words(after.parameters[name].label)
            rows.append({"kind": "changed", "label": f"{label}: {was} → {now}"})
    return rows


def axis_label(fact: Fact) -> str:
    """A fact with what it is counted in, beside an axis."""
    unit = "percent" if unit_in(fact) == "ratio" else unit_in(fact)
    label, counted = words(fact.label), unit_words(unit)
    return gettext("%(label)s (%(unit)s)") % {"label": label, "unit": counted} if counted else label


@public
@rate_limit("calculator", rate="600/10m", per="ip", methods=("GET", "HEAD"), asks="try")
@require_safe
def curve_json(request: HttpRequest, ref: str) -> JsonResponse:
    """The amount over one fact, for the chart."""
    found, version = find(request, ref)
    form, facts = tried(request, found, version)
    numeric = calculator.numeric_facts(current_engine(), list(form.fields))
    over = over_of(request, version, numeric)
    rows = points(found, version, facts, over) if over and not version.manual else []
    label = axis_label(current_engine().pack.facts[over]) if over else ""
    return JsonResponse(
        {
            "label": label,
            "unit": version.benefit.unit,
            "points": [[str(r["value"]), None if r["amount"] is None else str(r["amount"])] for r in rows],
        }
    )


@public
@require_safe
def code(request: HttpRequest, ref: str) -> HttpResponse:
    """The QR code of the measure's page."""
    found, _version = find(request, ref)
    address = request.build_absolute_uri(reverse("policies:measure", args=[found.id]))
    return HttpResponse(pdf.qr_svg(address), content_type="image/svg+xml")


@public
@rate_limit("pdf", rate="120/10m", per="ip", methods=("GET", "HEAD"))
@require_safe
def handout(request: HttpRequest, ref: str) -> HttpResponse:
    """One page to print and hand out."""
    found, version = find(request, ref)
    paper = pdf.Paper(words(version.title) or words(found.title))
    paper.paragraph(grant_words(version.grant))
    paper.paragraph(f"{version.number}  {version.issuer}  {version.date_text}  ·  {version.version}")
    if not version.confirmed:
        paper.paragraph(gettext("Unconfirmed: nobody has checked this against the printed source yet."))
    opening = opening_of(version, timezone.localdate(), None)
    sections = (
        (
            gettext("Who it is for"),
            [words(c.label) for c in version.conditions] or [words(version.manual)]
            if version.manual
            else [words(c.label) for c in version.conditions],
        ),
        (gettext("What you get"), [words(version.benefit.note) or words(found.title)]),
        (gettext("What to bring"), [words(p.label) for p in version.documents]),
        (gettext("Where and how"), [words(version.channel), opening_words(opening)]),
        (gettext("Where to go"), [place_words(Directory(current_engine().pack.region).place_of(found))]),
        (gettext("What a person will look at"), [words(c.label) for c in version.checks]),
    )
    for title, lines in sections:
        if any(lines):
            paper.heading(title)
            paper.items(line for line in lines if line)
    response = HttpResponse(pdf.to_pdf(paper), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.id}.pdf"'
    return response
