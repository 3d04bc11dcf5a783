"""A measure in plain words: who, what, how much, how, since when; with a calculator, a code and a handout."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from chuangbao.accounts.directory import Directory
from chuangbao.core.access.permissions import public
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.engine.current import current_engine
from chuangbao.core.engine.regions import local_places
from chuangbao.core.exports import pdf
from chuangbao.core.http.rate_limits import rate_limit
from chuangbao.core.localization.formatting import figure_words, unit_words, value_words
from chuangbao.facts.domain.standing import holdings, raw_of
from chuangbao.facts.domain.subjects import subject_of
from chuangbao.facts.permissions import may_have_facts
from chuangbao.policies.domain import calculator
from chuangbao.policies.enums import Stage
from chuangbao.policies.forms import FactsForm, words, write_value
from chuangbao.policies.handout import leaflet_of
from chuangbao.policies.models import MeasureVersion
from chuangbao.policies.moved import last_value, moved_words
from chuangbao.policies.standing import standing_kind, standing_words
from chuangbao.policies.views.documents import follows
from chuangbao.rules import tree
from chuangbao.rules.units import unit_in
from chuangbao.rules.windows import opening_of

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from chuangbao.core.http.requests import Request
    from chuangbao.rules.model import Fact, Measure, Version

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


@dataclass(frozen=True, slots=True)
class Trial:
    """What the calculator shows: its form, the facts in it, and whose they are.

    ``by`` is ``typed``, ``wrong`` (typed, and something cannot be), ``own`` (what is known of the reader), ``example``
    (a worked case) or ``nothing``.
    """

    form: FactsForm
    facts: dict[str, object]
    by: str


def tried(request: Request, found: Measure, version: Version) -> Trial:
    """The calculator with what was sent, else with a worked case where it was asked for, else with what is known."""
    engine = current_engine()
    day = calculator.sample_day(version, timezone.localdate())
    names = calculator.facts_of(engine, found, version, day)
    if "try" in request.GET:
        form = FactsForm(request.GET, engine=engine, names=names, as_of=day)
        return Trial(form, form.facts(), "typed") if form.is_valid() else Trial(form, {}, "wrong")
    by = "example" if "example" in request.GET else "own"
    known = calculator.starting_facts(found, version) if by == "example" else facts_known(request, day)
    start = {n: v for n, v in known.items() if n in names}
    many = (list, tuple, set, frozenset)
    initial = {name: list(value) if isinstance(value, many) else write_value(value) for name, value in start.items()}
    return Trial(FactsForm(engine=engine, names=names, as_of=day, initial=initial), start, by if start else "nothing")


def facts_known(request: Request, day: date) -> dict[str, object]:
    """What is known of whom the reader acts for; nothing of a visitor, and nothing that has a period."""
    if not may_have_facts.test(request.actor):
        return {}
    subject = subject_of(request.actor)
    raw = raw_of(holdings(subject, day=day, actor=request.actor, why="calculator"))
    return {name: value for name, value in raw.items() if not isinstance(value, dict)}


@public
@rate_limit("calculator", rate="600/10m", per="ip", methods=("GET", "HEAD"), asks="try")
@require_safe
def measure(request: Request, ref: str) -> HttpResponse:
    """政策事项."""
    engine = current_engine()
    found, version = find(request, ref)
    trial = tried(request, found, version)
    form, facts = trial.form, trial.facts
    day = calculator.sample_day(version, timezone.localdate())
    numeric = calculator.numeric_facts(engine, list(form.fields))
    over = over_of(request, version, numeric)
    profile = engine.profile(facts, as_of=day, region=engine.pack.home(found, day))
    place, standing = found.versions.index(version), standing_of(version)
    context = {
        "measure": found, "version": version, "lead": title_of_version(found, version), "form": form, "by": trial.by,
        "answer": engine.judge(profile, version.version),
        "numeric": [engine.pack.facts[name] for name in numeric], "over": over, "day": day,
        "curve": points(found, version, facts, over) if over and facts and not version.manual else [],
        "changes": differences(found.versions[place - 1], version) if place else [],
        "documents": [engine.pack.documents[d] for d in version.document_refs if d in engine.pack.documents],
        "query": request.GET.urlencode(), "topic": "measure", "value": found.id,
        "followed": follows(request, "measure", found.id), "standing": standing, "today": timezone.localdate(),
        "standing_notice": "warn" if standing[0] == "coming" else "error",
        "opening": opening_of(version, timezone.localdate(), None), **where_of(request, found),
    }  # fmt: skip
    return render(request, "policies/measure.html", context)


def title_of_version(found: Measure, version: Version) -> str:
    """The title of a version where it says more than that of its measure."""
    title = words(version.title)
    return "" if title == words(found.title) else title


def where_of(request: HttpRequest, found: Measure) -> dict[str, Any]:
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
        was, now = (version.parameters[name] for version in (before, after))
        if last_value(was) != last_value(now):
            rows.append({"kind": "changed", "label": words(now.label) + moved_words(was, now)})
    return rows


def axis_label(fact: Fact) -> str:
    """A fact with what it is counted in, beside an axis."""
    unit = "percent" if unit_in(fact) == "ratio" else unit_in(fact)
    label, counted = words(fact.label), unit_words(unit)
    return gettext("%(label)s (%(unit)s)") % {"label": label, "unit": counted} if counted else label


@public
@rate_limit("calculator", rate="600/10m", per="ip", methods=("GET", "HEAD"), asks="try")
@require_safe
def curve_json(request: Request, ref: str) -> JsonResponse:
    """The amount over one fact, for the chart."""
    found, version = find(request, ref)
    trial = tried(request, found, version)
    numeric = calculator.numeric_facts(current_engine(), list(trial.form.fields))
    over = over_of(request, version, numeric)
    rows = points(found, version, trial.facts, over) if over and not version.manual else []
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
    address = request.build_absolute_uri(reverse("policies:measure", args=[found.id]))
    place = where_of(request, found)["place"]
    content = pdf.to_leaflet(leaflet_of(found, version, place, pdf.qr_svg(address).decode()))
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{found.id}.pdf"'
    return response
