"""The forms of simulations: plain fields for what can be changed in a version, compared with what it is now."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from chuangbao.core.engine.regions import region_name
from chuangbao.core.localization.formatting import text
from chuangbao.facts.domain.values import share_scale, share_text
from chuangbao.policies.figures import figure_from
from chuangbao.policies.findings import finding_words
from chuangbao.rules.model import FactType
from chuangbao.rules.variants import ADDED, Wanted, as_text, live_values
from chuangbao.simulations.models import Simulation
from chuangbao.ui.fields import SELECT, area, day_field, line

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import date

    from chuangbao.rules.diagnostics import Finding
    from chuangbao.rules.model import Measure, Pack, Parameter, ParameterValue, Version

__all__ = ["NewSimulationForm", "SettingsForm", "VariantForm"]


class NewSimulationForm(forms.Form):
    """What it is about: a version of a measure, a name, a day."""

    version = forms.ChoiceField(label=_("Version to start from"), widget=forms.Select(attrs=SELECT))
    title = line(_("Name of the simulation"), max_length=120)
    day = day_field(_("Day that is asked about"))

    def __init__(self, *args: Any, measure: Measure, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version"].choices = version_choices(measure)  # type: ignore[attr-defined] # a choice field


def version_choices(measure: Measure) -> list[tuple[str, str]]:
    """The versions, the newest first, with their days."""
    return [(v.version, f"{text(v.title)} · {days_of(v)} · {v.version}") for v in reversed(measure.versions)]


def days_of(version: Version) -> str:
    """From when to when."""
    start, end = (d.isoformat() if d else "…" for d in (version.valid_from, version.valid_to))
    return f"{start} – {end}"


class SettingsForm(forms.ModelForm):
    """Name, day and budget of a simulation."""

    class Meta:  # noqa: D106 - Django's way
        model = Simulation
        fields = ("title", "day", "budget", "turn")
        widgets = {  # noqa: RUF012 - Django's way
            "title": forms.TextInput(attrs={"class": "form-control"}),
            "day": forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"}),
            "budget": forms.NumberInput(attrs={"class": "form-control", "min": "0", "step": "0.01"}),
            "turn": forms.Select(attrs=SELECT),
        }
        help_texts = {  # noqa: RUF012 - the same
            "budget": _("Left empty, no budget is looked at."),
            "turn": _("Each is paid in full until the next cannot be."),
        }


class VariantForm(forms.Form):
    """Everything of a version that a variant may change; what is left unchanged is not kept."""

    name = line(_("Name of the variant"), max_length=60)
    day = day_field(
        _("Day that is asked about"), required=False,
        help_text=_("Left empty: the day of the simulation. It decides the year that is asked about."),
    )  # fmt: skip

    def __init__(self, *args: Any, measure: Measure, version: Version, on: date, pack: Pack, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.measure, self.version, self.pack = measure, version, pack
        self.live = list(live_values(version, on))
        for parameter, value in self.live:
            self.fields[f"p-{parameter.name}-{value.region}"] = parameter_field(parameter, value)
        for condition in version.conditions:
            self.fields[f"c-{condition.id}"] = expression_field(text(condition.label), condition.text)
        self.fields[f"c-{ADDED}"] = expression_field(gettext("One more condition"), "")
        if version.benefit.text:
            self.fields["amount"] = expression_field(gettext("How much"), version.benefit.text, required=True)
        self.fields["valid_from"] = day_field(_("Valid from"), required=False, initial=version.valid_from)
        self.fields["valid_to"] = day_field(_("Valid to (empty: open)"), required=False, initial=version.valid_to)
        self.fields["region"] = region_field(measure, pack)

    @property
    def first(self) -> list[forms.BoundField]:
        """Name and day."""
        return [self["name"], self["day"]]

    @property
    def figures(self) -> list[forms.BoundField]:
        """The parameters."""
        return [self[name] for name in self.fields if name.startswith("p-")]

    @property
    def expressions(self) -> list[forms.BoundField]:
        """Conditions and formula."""
        return [self[name] for name in self.fields if name.startswith("c-") or name == "amount"]

    @property
    def reach(self) -> list[forms.BoundField]:
        """Period and area."""
        return [self[name] for name in ("valid_from", "valid_to", "region")]

    def clean(self) -> dict[str, Any]:
        """Figures as they are written: 20万 is 200000."""
        cleaned = super().clean() or {}
        for parameter, value in self.live:
            name = f"p-{parameter.name}-{value.region}"
            if parameter.type.numeric and name in cleaned:
                try:
                    cleaned[name] = figure_from(cleaned[name], "", share_scale(parameter))
                except ValueError:
                    self.add_error(name, figure_wanted(parameter))
        for bound in self.expressions:
            cleaned[bound.name] = cleaned.get(bound.name, "").replace("\r\n", "\n")
        return cleaned

    def changes(self) -> dict[str, Any]:
        """What differs from the version."""
        cleaned, version = self.cleaned_data, self.version
        figures: dict[str, dict[str, str]] = {}
        for parameter, value in self.live:
            given = cleaned[f"p-{parameter.name}-{value.region}"]
            if given != as_text(value.value):
                figures.setdefault(parameter.name, {})[value.region] = given
        conditions = {c.id: cleaned[f"c-{c.id}"] for c in version.conditions if cleaned[f"c-{c.id}"] != c.text}
        amount = cleaned.get("amount", "")
        return Wanted(
            parameters=figures, conditions=conditions, added=cleaned[f"c-{ADDED}"],
            amount="" if amount == version.benefit.text else amount,
            valid_from=day_text(cleaned["valid_from"], version.valid_from),
            valid_to=day_text(cleaned["valid_to"], version.valid_to),
            region="" if cleaned["region"] == self.measure.region else cleaned["region"],
        ).kept()  # fmt: skip

    def show(self, findings: Mapping[str, Finding]) -> None:
        """Put what does not hold together beside its field."""
        for place, finding in findings.items():
            self.add_error(place, finding_words(finding))

    @staticmethod
    def initial_of(kept: Mapping[str, Any], version: Version | None = None) -> dict[str, Any]:
        """What a variant changed, as the fields have it."""
        wanted = Wanted.of(kept)
        found: dict[str, Any] = {
            f"p-{name}-{region}": typed_again(value, version.parameters.get(name) if version else None)
            for name, by in wanted.parameters.items()
            for region, value in by.items()
        }
        found |= {f"c-{name}": expression for name, expression in wanted.conditions.items()}
        found |= {name: getattr(wanted, name) for name in ("amount", "region") if getattr(wanted, name)}
        days = {name: getattr(wanted, name) for name in ("valid_from", "valid_to")}
        return {**found, f"c-{ADDED}": wanted.added, **{n: day or None for n, day in days.items() if day is not None}}


def typed_again(value: str, parameter: Parameter | None) -> str:
    """A figure that a variant keeps, as it is typed."""
    percent = share_scale(parameter) if parameter is not None else None
    return value if percent is None else share_text(Decimal(value), percent)


def day_text(given: date | None, stands: date | None) -> str | None:
    """A day that was changed, empty where its end was opened; nothing where it is unchanged."""
    return None if given == stands else given.isoformat() if given else ""


def parameter_field(parameter: Parameter, value: ParameterValue) -> forms.Field:
    """A figure with what it is now."""
    label = text(parameter.label) or parameter.name
    label = f"{label} · {region_name(value.region)}" if value.region else label
    percent = share_scale(parameter)
    now = as_text(value.value) if percent is None else share_text(value.value, percent)
    if parameter.type is FactType.BOOLEAN:
        choices = [("true", _("Yes")), ("false", _("No"))]
        return forms.ChoiceField(label=label, choices=choices, initial=now, widget=forms.Select(attrs=SELECT))
    told = gettext("Now: %(value)s %(unit)s") % {"value": now, "unit": unit_words(parameter)}
    return line(label, max_length=80, initial=now, help_text=told.strip())


def unit_words(parameter: Parameter) -> str:
    """The unit of a figure."""
    if share_scale(parameter) is not None:
        return "%"
    return gettext("yuan") if parameter.type is FactType.MONEY else ""


def figure_wanted(parameter: Parameter) -> str:
    """What can be written for a figure."""
    if share_scale(parameter) is not None:
        return gettext("Write a percentage, such as 3 or 3%.")
    return gettext("Write a figure, such as 200000 or 200k.")


def expression_field(label: str, stands: str, *, required: bool = False) -> forms.Field:
    """An expression of the rule language."""
    found = area(label, 2, required=required, initial=stands, max_length=2000)
    found.widget.attrs |= {"class": "form-control cb-code", "spellcheck": "false"}
    return found


def region_field(measure: Measure, pack: Pack) -> forms.Field:
    """Whom it reaches: the version's area, or any of the pack."""
    codes = [measure.region, *(code for code in region_codes(pack) if code != measure.region)]
    choices = [(code, region_name(code) if code else gettext("Everywhere")) for code in codes]
    return forms.ChoiceField(
        label=_("Area"), choices=choices, initial=measure.region, widget=forms.Select(attrs=SELECT)
    )


def region_codes(pack: Pack) -> Iterator[str]:
    """The region of the pack and all within it, as they are now."""
    for code, periods in pack.regions.periods.items():
        last = periods[-1]
        if (last.valid_to is None and pack.region in (code, last.parent)) or last.level == "county":
            yield code
