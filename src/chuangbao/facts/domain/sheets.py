"""Tables out of files (读表): four columns under known headings, in a workbook or a CSV file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from chuangbao.core.storage.errors import UnfitError
from chuangbao.core.storage.filetypes import SHEETS, refusal_of
from chuangbao.core.storage.reading import IN_PAGE, Limits, read_apart
from chuangbao.core.workflow.refusals import Refused
from chuangbao.facts.domain.values import LONGEST

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["COLUMNS", "Line", "lines_of", "table_of"]

COLUMNS = {
    "code": ("统一社会信用代码", "Unified social credit code", "code"),
    "name": ("信息项", "Fact", "fact"),
    "value": ("取值", "内容", "Value", "value"),
    "when": ("截至日期或所属期", "As of, or period", "as_of"),
}
NEEDED = ("name", "value")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table; ``formula`` where the value is worked out by the workbook and not written."""

    number: int
    code: str
    name: str
    value: str
    when: str
    formula: bool = False


def lines_of(name: str, content: bytes, *, most: int, limits: Limits = IN_PAGE) -> list[Line]:
    """The lines that say something, or Refused (field ``file``) where the file is not such a table.

    The file is read apart, within ``limits``.
    """
    return [line_of(*line) for line in table_of(name, content, COLUMNS, NEEDED, most=most, limits=limits)]


def table_of(
    name: str,
    content: bytes,
    columns: Mapping[str, tuple[str, ...]],
    needed: Sequence[str],
    *,
    most: int,
    limits: Limits = IN_PAGE,
) -> list[tuple[int, Mapping[str, tuple[str, bool]]]]:
    """The numbered lines of a table under the headings of ``columns``, whose last ``needed`` column says something.

    Raises Refused(empty, head, long, nothing), field ``file``, or why the file cannot be read.
    """
    if not content:
        raise Refused("empty", _("The file is empty."), field="file")
    heads = {title.lower(): column for column, titles in columns.items() for title in titles}
    asked = {"name": name, "allowed": [kind.ending for kind in SHEETS], "heads": heads, "needed": needed, "most": most}
    try:
        table = read_apart("table", content, limits=limits, **asked)
    except UnfitError as error:
        raise refusal_of(error.code, SHEETS) from error
    if table["lacking"]:
        names = "、".join(columns[column][0] for column in table["lacking"])
        message = _("The first line lacks the headings %(names)s. Use the template.") % {"names": names}
        raise Refused("head", message, field="file")
    if table["long"]:
        raise Refused("long", _("The file has more than %(n)d lines. Divide it.") % {"n": most}, field="file")
    if not table["lines"]:
        raise Refused("nothing", _("No line of this file has a value."), field="file")
    return [(number, cells) for number, cells in table["lines"]]


def line_of(number: int, cells: Mapping[str, tuple[str, bool]]) -> Line:
    """One line out of its cells, each a text and whether it is a formula."""
    code, name, value, when = (cells.get(column, ("", False)) for column in ("code", "name", "value", "when"))
    return Line(number, code[0][:40], name[0][:120], value[0][: LONGEST + 1], when[0][:40], bool(value[1]))
