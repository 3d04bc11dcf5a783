"""What a simulation found, as pages, charts and workbooks show it: figures with their names, never computed again."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from chuangbao.core.engine.current import current_pack
from chuangbao.core.engine.regions import region_name
from chuangbao.core.localization.formatting import text
from chuangbao.facts.domain.population import BELOW

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from chuangbao.simulations.models import Simulation

__all__ = ["charts_of", "dimension_words", "group_words", "shown_result", "table_of"]

MEASURES = (
    "cents",
    "eligible",
    "winners",
    "losers",
    "unchanged",
    "newly",
    "no_longer",
    "gained",
    "lost",
    "open",
    "unpriced",
)
MONEY = ("cents", "gained", "lost")
MOVES = [name for name in MEASURES if name in {"winners", "losers", "unchanged"}]
TABLES = {"county"}  # more groups than a picture can tell apart


def measure_words(name: str) -> str:
    """A figure as people say it."""
    return {
        "cents": gettext("Cost in yuan"),
        "eligible": gettext("Beneficiaries"),
        "winners": gettext("get more"),
        "losers": gettext("get less"),
        "unchanged": gettext("see no change"),
        "newly": gettext("Newly meeting the conditions"),
        "no_longer": gettext("No longer meeting the conditions"),
        "gained": gettext("More money in yuan"),
        "lost": gettext("Less money in yuan"),
        "open": gettext("Undecided, a fact is missing"),
        "unpriced": gettext("Conditions met, amount not known"),
    }[name]


def dimension_words(name: str) -> str:
    """Return the names of the dimensions."""
    return {
        "region": gettext("By area"),
        "county": gettext("By county"),
        "industry": gettext("By industry"),
        "size": gettext("By number of staff"),
        "founder_kind": gettext("By kind of founder"),
    }[name]


def group_words(dimension: str, key: str | None) -> str:
    """One group of a dimension."""
    if key is None:
        return gettext("Not known")
    if dimension == "region":
        return region_name(key)
    if dimension == "county":
        return " · ".join(region_name(code) for code in dict.fromkeys(key.split(BELOW)))
    if dimension == "size":
        return gettext("%(band)s people") % {"band": key.replace("-", "–")}
    if dimension == "industry":
        return industries().get(key, key)
    return next((text(a.label) for a in current_pack().audiences if a.id == key), founders().get(key, key))


def founders() -> dict[str, str]:
    """Kinds of founder that the pack has no name for."""
    return {"other": gettext("Other founders")}


def industries() -> dict[str, str]:
    """The sections of GB/T 4754, and the two kinds that the tax rules know."""
    return {
        "A": gettext("Farming, forestry, fishing"),
        "B": gettext("Mining"),
        "C": gettext("Manufacturing"),
        "D": gettext("Power, heat, gas, water"),
        "E": gettext("Building"),
        "F": gettext("Wholesale and retail"),
        "G": gettext("Transport and post"),
        "H": gettext("Hotels and catering"),
        "I": gettext("Software and information"),
        "J": gettext("Finance"),
        "K": gettext("Real estate"),
        "L": gettext("Leasing and business services"),
        "M": gettext("Research and technical services"),
        "N": gettext("Water and environment"),
        "O": gettext("Household and other services"),
        "P": gettext("Education"),
        "Q": gettext("Health and social work"),
        "R": gettext("Culture, sport, leisure"),
        "industrial": gettext("Industry"),
        "other": gettext("Another trade"),
    }


def yuan_of(cents: int) -> Decimal:
    """Cents as yuan, exact."""
    return Decimal(f"{cents}e-2")


def column_name(column: Mapping[str, Any], place: int) -> str:
    """The base has no name of its own."""
    return column["name"] if place else gettext("As it stands")


def shown_result(simulation: Simulation) -> dict[str, Any]:
    """The result as the page shows it."""
    result: dict[str, Any] = simulation.result or {}
    columns = [
        {**c, "name": column_name(c, place), "day": date.fromisoformat(c["day"]), "cells": cells(c["total"], place),
         "moves": cells(c["total"], place, MOVES), "budget": budget_shown(c["budget"])}
        for place, c in enumerate(result["columns"])
    ]  # fmt: skip
    return {
        **result, "subjects": f"{result['subjects']:,}", "columns": columns,
        "heads": [measure_words(name) for name in MEASURES],
        "move_heads": [measure_words(name) for name in MOVES],
        "groups": [group_table(result, name) for name in result["dimensions"]],
    }  # fmt: skip


def cells(total: Mapping[str, int], place: int, names: Iterable[str] = MEASURES) -> list[dict[str, Any]]:
    """Return one row of the table; the base is not compared with itself."""
    compared = {"winners", "losers", "unchanged", "newly", "no_longer", "gained", "lost"}
    return [
        {"value": None if name in compared and not place else shown_figure(name, total[name]), "name": name}
        for name in names
    ]


def shown_figure(name: str, value: int) -> str:
    """A figure with its thousands, money with its cents."""
    return f"{yuan_of(value):,.2f}" if name in MONEY else f"{value:,}"


def budget_shown(budget: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """How far a budget reaches, as texts."""
    if budget is None:
        return None
    following = budget["next"]
    return {
        "binds": budget["binds"], "served": f"{budget['served']:,}", "entitled": f"{budget['entitled']:,}",
        "spent": f"{yuan_of(budget['spent']):,.2f}", "left": f"{yuan_of(budget['cents'] - budget['spent']):,.2f}",
        "next": None if following is None else f"{yuan_of(following):,.2f}",
    }  # fmt: skip


def group_table(result: Mapping[str, Any], dimension: str) -> dict[str, Any]:
    """Cost and beneficiaries of every variant in each group."""
    by_key: dict[str | None, list[dict[str, str]]] = {}
    blank = {"cents": 0, "eligible": 0, "winners": 0, "losers": 0}
    held = [{g["of"]: g for g in c["groups"].get(dimension, [])} for c in result["columns"]]
    for key in dict.fromkeys(k for groups in held for k in groups):
        found = [groups.get(key, blank) for groups in held]
        by_key[key] = [
            {name: shown_figure(name, figures[name]) for name in ("cents", "eligible", "winners", "losers")}
            for figures in found
        ]
    rows = [{"name": group_words(dimension, key), "cells": row} for key, row in by_key.items()]
    return {"id": dimension, "title": dimension_words(dimension), "rows": rows, "drawn": dimension not in TABLES}


def charts_of(simulation: Simulation) -> dict[str, Any]:
    """The figures of the charts: doubles, since a picture shows no cents; the exact ones stand in the tables."""
    result: dict[str, Any] = simulation.result or {}
    columns = result["columns"]
    names = [column_name(c, place) for place, c in enumerate(columns)]
    total = [c["total"] for c in columns]
    found: dict[str, Any] = {
        "cost": {
            "kind": "cost", "names": names, "bars": [float(yuan_of(t["cents"])) for t in total],
            "line": [t["eligible"] for t in total],
            "words": {"bars": measure_words("cents"), "line": measure_words("eligible")},
        },
        "change": {
            "kind": "stack", "names": names[1:],
            "series": [
                {"name": measure_words(n), "colour": n, "values": [t[n] for t in total[1:]]}
                for n in ("winners", "losers", "unchanged")
            ],
        },
    }  # fmt: skip
    for dimension in result["dimensions"]:
        if dimension not in TABLES:
            found[dimension] = grouped(columns, names, dimension)
    return {"charts": found, "unit": gettext("10 000 yuan"), "hundred": gettext("100 million yuan")}


def grouped(columns: list[dict[str, Any]], names: list[str], dimension: str) -> dict[str, Any]:
    """The cost by group, one series for each variant."""
    held = [{g["of"]: g["cents"] for g in c["groups"].get(dimension, [])} for c in columns]
    keys = list(dict.fromkeys(k for groups in held for k in groups))
    series = [
        {"name": name, "values": [float(yuan_of(groups.get(key, 0))) for key in keys]}
        for name, groups in zip(names, held, strict=True)
    ]
    return {"kind": "groups", "names": [group_words(dimension, key) for key in keys], "series": series,
            "words": {"bars": measure_words("cents")}}  # fmt: skip


def table_of(simulation: Simulation) -> tuple[list[str], Iterator[list[object]]]:
    """Head and rows of the workbook: the whole, and every group of every dimension."""
    head = [
        gettext("Told by"),
        gettext("Variant"),
        gettext("Group"),
        gettext("Version"),
        gettext("Day that is asked about"),
    ]
    return [*head, *(measure_words(name) for name in MEASURES)], rows_of(simulation.result or {})


def rows_of(result: Mapping[str, Any]) -> Iterator[list[object]]:
    """See ``table_of``."""
    for place, column in enumerate(result["columns"]):
        name, day = column_name(column, place), date.fromisoformat(column["day"])
        yield [gettext("All"), name, "", column["version"], day, *plain(column["total"])]
        for dimension, groups in column["groups"].items():
            for group in groups:
                words = group_words(dimension, group["of"])
                yield [dimension_words(dimension), name, words, column["version"], day, *plain(group)]


def plain(figures: Mapping[str, int]) -> Iterator[object]:
    """Figures for a workbook."""
    return (yuan_of(figures[n]) if n in MONEY else figures[n] for n in MEASURES)
