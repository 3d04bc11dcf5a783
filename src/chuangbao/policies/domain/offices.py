"""What an office may decide, read from the text itself: its area, its department, and no one else's measures.

The row of a draft has an area, the text has another, and the text is what the engine goes by.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from chuangbao.core.engine.current import current_pack
from chuangbao.core.engine.regions import covered_regions, region_line, region_name, tree
from chuangbao.core.workflow.refusals import Refused
from chuangbao.policies.domain.departments import aliases, is_named_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from chuangbao.policies.models import MeasureVersion, RegisteredDocument
    from chuangbao.rules.model import Measure, Pack, Version

__all__ = ["list_issuers_beyond", "refuse_outside"]

SHORT = re.compile(r"(..+)[省市县区州旗]$")
"""A place of three letters and more is also called without its last (长春); 朝阳区 and 朝阳 are one, 辽 is none."""


def refuse_outside(row: MeasureVersion | Any, measure: Measure) -> None:
    """Refuse a text that reaches beyond the office (属地、部门权限) of its row.

    Raises Refused: outside_area, outside_department, outside_exclusion or outside_group (all on ``content``).
    """
    if measure.region not in covered_regions(row.region_id):
        raise Refused(
            "outside_area",
            _("The text is in force in %(there)s; this office decides for %(here)s only. Mend “region”.")
            % {"there": region_name(measure.region) or measure.region, "here": region_name(row.region_id)},
            field="content",
        )
    if measure.departments and not aliases(row.department).intersection(measure.departments):
        raise Refused(
            "outside_department",
            _("The text names other departments only; it must name the one that writes it. Mend “departments”."),
            field="content",
        )
    refuse_others_measures(row, measure)


def refuse_others_measures(row: MeasureVersion | Any, measure: Measure) -> None:
    """Check that no exclusion or common rule takes from a measure of another office without its word.

    Raises Refused: outside_exclusion, outside_group (field ``content``).
    """
    pack, version = current_pack(), measure.versions[0]
    known = pack.measures.get(measure.id)
    before = known.versions if known is not None else ()
    for name in version.excludes:
        if not (
            of_office(pack, row, name) or any(name in v.excludes for v in before) or names_back(pack, name, measure)
        ):
            raise Refused(
                "outside_exclusion",
                _("It excludes “%(name)s”, which another office decides on and which does not exclude this one.")
                % {"name": name},
                field="content",
            )
    group = version.group.name if version.group is not None else ""
    if group and not any(in_group(v, group) for v in before):
        members = [
            m.id for m in pack.measures.values() if m.id != measure.id and any(in_group(v, group) for v in m.versions)
        ]
        if not all(of_office(pack, row, name) for name in members):
            raise Refused(
                "outside_group",
                _("It joins the group “%(name)s”, whose measures another office decides on.") % {"name": group},
                field="content",
            )


def in_group(version: Version, group: str) -> bool:
    """Whether a version belongs to a group of measures."""
    return version.group is not None and version.group.name == group


def of_office(pack: Pack, row: MeasureVersion | Any, name: str) -> bool:
    """Whether a measure, named by its id or by that of a version, is of the office's area and department."""
    found = pack.measures.get(name) or next((m for m, _v in [pack.versions.get(name, (None, None))] if m), None)
    if found is None:
        return True
    own = not found.departments or is_named_in(row.department, found.departments)
    return own and found.region in covered_regions(row.region_id)


def names_back(pack: Pack, name: str, measure: Measure) -> bool:
    """Whether the other measure excludes this one, or one of its versions, as well."""
    own = {measure.id, *(version.version for version in measure.versions)}
    other = pack.measures.get(name) or pack.versions.get(name, (None, None))[0]
    return other is not None and any(own.intersection(version.excludes) for version in other.versions)


def list_issuers_beyond(row: RegisteredDocument | Any) -> list[str]:
    """List the issuers (发文机关) of a document that are not of its office's area, such as 国务院 in a county's.

    An issuer is of the area where it begins with a place of it, the places above left out (长春市南关区科学技术局), or
    is the office's own department.
    """
    above = with_short_names(full_names(region_line(row.region_id)[1:]))
    here, own = full_names(covered_regions(row.region_id)), aliases(row.department)
    near = with_short_names(here)

    def is_of_the_area(name: str) -> bool:
        return name in own or name.startswith(tuple(here)) or without(above, name).startswith(near)

    return [name for name in row.issuers if not is_of_the_area(name)]


def full_names(codes: Iterable[str]) -> set[str]:
    """The full names (长春市) of regions."""
    return {unit.name.zh for code in codes if (unit := tree().latest(code)) is not None}


def with_short_names(names: set[str]) -> tuple[str, ...]:
    """Names of places and their short names (长春市, 长春), the longest first."""
    short = {found[1] for name in names if (found := SHORT.match(name))}
    return tuple(sorted(names | short, key=len, reverse=True))


def without(above: tuple[str, ...], name: str) -> str:
    """A name without the places above that it begins with."""
    while (found := next((place for place in above if name.startswith(place)), "")) and found != name:
        name = name.removeprefix(found)
    return name
