"""Read families of measures (同类政策): declared once in ``groups.yaml`` with a name, or inside a version."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from chuangbao.rules import check, tree
from chuangbao.rules.catalogue import checked, expression, one_of, text
from chuangbao.rules.diagnostics import nearest
from chuangbao.rules.model import FactType, Group
from chuangbao.rules.parameters import read_parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

    from chuangbao.rules.diagnostics import Finding
    from chuangbao.rules.model import Parameter
    from chuangbao.rules.yamlfile import Map

__all__ = ["read_declared", "read_group", "read_tax"]

RULES = ("highest", "first", "cap", "tax")
Findings = list["Finding"]


def read_declared(entry: Map, scope: check.Scope, findings: Findings) -> Group:
    """A group of ``groups.yaml``: rule, ceiling, the order in which its members take of it, its own figures."""
    parameters = read_parameters(entry, findings)
    scope = scope.with_names({name: check.kind_of_fact(p) for name, p in parameters.items()})
    rule = one_of(entry, "rule", RULES, findings)
    cap, limit = read_limit(entry, scope, findings)
    if rule in {"cap", "tax"} and cap is None and not limit:
        findings.append(entry.finding("cap", "group_cap", "a group with a joint ceiling needs its sum", "cap: 300000"))
    return Group(entry.text("name"), rule, cap, limit, text(entry), entry.texts("order"), parameters)


def read_group(
    entry: Map,
    scope: check.Scope,
    declared: Mapping[str, Group],
    parameters: Mapping[str, Parameter],
    findings: Findings,
) -> Group | None:
    """The family of a version: the name of a declared one, or one said here, which reads the version's figures."""
    value = entry.get("group")
    if value is None or value == {}:
        return None
    here = entry.map("group")
    if not here:
        return named(entry, "group", declared, findings)
    if here.text("name") in declared:
        message = f"the group '{here.text('name')}' is declared in groups.yaml already"
        findings.append(here.finding("name", "group_twice", message, f"group: {here.text('name')}"))
    rule = one_of(here, "rule", RULES[:3], findings)
    cap, limit = read_limit(here, scope, findings)
    group = Group(here.text("name"), rule, cap, limit)
    read = set() if group.limit is None else set(tree.outer_names(group.limit, scope.rows))
    return replace(group, parameters={name: p for name, p in parameters.items() if name in read})


def read_tax(entry: Map, declared: Mapping[str, Group], findings: Findings) -> str:
    """The tax that a relief is taken from: a declared group whose ceiling is the tax without relief."""
    if entry.get("tax") is None:
        return ""
    group = named(entry, "tax", declared, findings)
    if group is not None and group.rule != "tax":
        message = f"the group '{group.name}' is no tax"
        findings.append(entry.finding("tax", "group_rule", message, "declare it in groups.yaml with rule: tax"))
    return group.name if group is not None else ""


def named(entry: Map, key: str, declared: Mapping[str, Group], findings: Findings) -> Group | None:
    """A declared group by its name; otherwise the error names the nearest right one."""
    name = entry.text(key)
    if name not in declared:
        guess = nearest(name, declared)
        hint = f"did you mean {guess}?" if guess else "declare it in groups.yaml"
        findings.append(entry.finding(key, "unknown_group", f"there is no group '{name}'", hint))
    return declared.get(name)


def read_limit(entry: Map, scope: check.Scope, findings: Findings) -> tuple[Fraction | None, str]:
    """A ceiling as a sum or as an expression that gives money."""
    value = entry.get("cap")
    if value is None:
        return None, ""
    if isinstance(value, int | Fraction) and not isinstance(value, bool):
        return Fraction(value), ""
    node = expression(entry, "cap", findings)
    kind = checked(entry, "cap", node, scope, findings, FactType.DECIMAL)
    if kind is not None and (kind.absent or kind.unit not in {"", "CNY"}):
        message = "a ceiling is a sum of money that is always there"
        findings.append(entry.finding("cap", "group_cap", message, "cap: COALESCE(paid, 0)"))
    return None, entry.expression("cap") if node is not None else ""
