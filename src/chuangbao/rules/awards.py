"""What a subject already got (已获得的待遇): rows ``awards`` of every subject, and the one question where no one knows.

The record is complete for a measure or it is not; what is not complete stands in the rows as a row of which nothing
but the measure is known, so that every engine says "unknown" where such an award would count. Only what was granted
before the day that is asked about is there, and never the case that is being judged.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any

from chuangbao.rules import tree
from chuangbao.rules.model import Fact, FactType, RowKind, Text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from chuangbao.rules.model import Measure, Pack

__all__ = [
    "COLUMNS",
    "END",
    "FORM",
    "RESERVED",
    "ROWS",
    "UNTIL",
    "Record",
    "award_rows",
    "completed",
    "day_of",
    "literals",
    "question_of",
    "read_answer",
    "reads_awards",
    "row_kind",
    "with_measures",
    "with_questions",
]

ROWS = "awards"
RECORDED, UNTIL = "is_recorded", "off_record_until"
OTHERS = "*"
END = date.max
ONE = timedelta(days=1)
COLUMNS = {
    "measure": (FactType.TEXT, "", "事项", "Measure"),
    "kind": (FactType.TEXT, "", "种类", "Kind"),
    "level": (FactType.TEXT, "", "级次", "Level"),
    "region": (FactType.TEXT, "", "地区", "Region"),
    "granted_on": (FactType.DATE, "", "批准日期", "Granted on"),
    "period": (FactType.TEXT, "", "所属期", "Period"),
    "amount": (FactType.MONEY, "CNY", "金额", "Amount"),
    "months": (FactType.INTEGER, "month", "月数", "Months"),
}
RESERVED = frozenset({ROWS, RECORDED, UNTIL, *COLUMNS} - {"region"})  # a pack may have a fact of the region
PREFIX = "award_"
TEN_THOUSAND = 10_000
DAY = r"(?P<year>\d{4})[-/.年](?P<month>\d{1,2})(?:[-/.月](?P<day>\d{1,2})日?|月?)"
ENTRY = re.compile(
    DAY + r"(?:[\s,，、]+(?P<amount>\d[\d,]*(?:\.\d{1,2})?)\s*(?P<unit>万元|万|元)?(?!\s*个?月))?"
    r"(?:[\s,，、]+(?P<months>\d{1,3})\s*(?:个月|月|months?))?"
)
SINCE = re.compile(rf"(?:自\s*|(?:complete )?since )(?:{DAY})\s*(?:起|以来)?(?:完整|齐全|没有)?", re.IGNORECASE)
FORM = "2023-05-01 5000元 12个月"


@dataclass(frozen=True, slots=True)
class Record:
    """What is on record of one measure: rows, complete from a day on, or altogether where there is no day."""

    rows: Sequence[Mapping[str, object]] = ()
    since: date | None = None


def column(name: str, kind: FactType, unit: str, zh: str, en: str) -> Fact:
    """One column."""
    return Fact(name, "", kind, Text(zh, en), unit)


@cache
def row_kind() -> RowKind:
    """The rows as every pack has them; the last two columns are the engine's own."""
    columns = {name: column(name, *said) for name, said in COLUMNS.items()}
    columns[RECORDED] = column(RECORDED, FactType.BOOLEAN, "", "有记录", "On record")
    columns[UNTIL] = column(UNTIL, FactType.DATE, "", "无记录至", "Not on record until")
    return RowKind(ROWS, "", Text("已获得的待遇", "Awards"), columns)


# ---- expressions


def completed(node: tree.Node) -> tree.Node:
    """The same expression, whose aggregates over awards leave nothing out that may not be on record."""
    if isinstance(node, tree.Aggregate) and node.rows == ROWS:
        return replace(node, where=on_record(node.where))
    parts = {name: inside(getattr(node, name)) for name in tree.operands(type(node))}  # type: ignore[arg-type] # a class is hashable
    return replace(node, **parts) if parts else node


def inside(part: Any) -> Any:
    """The same for what a field holds."""
    if isinstance(part, tree.Node):
        return completed(part)
    return tuple(inside(p) for p in part) if isinstance(part, tuple) else part


def on_record(where: tree.Node | None) -> tree.Node:
    """A WHERE that is unknown of what may not be on record; that lies before the day on which the record begins."""
    recorded = tree.Name(RECORDED)
    if where is None:
        return recorded
    if any(isinstance(part, tree.Name) and part.name == RECORDED for part in tree.walk(where)):
        return where
    return tree.And((dated(where), recorded))


def dated(node: tree.Node) -> tree.Node:
    """A condition in which a grant that is not on record was made by the last day without a record."""
    match node:
        case tree.Compare(op=op, left=tree.Name(name="granted_on"), right=bound):
            return told(op, node, bound)
        case tree.Compare(op=op, left=bound, right=tree.Name(name="granted_on")):
            return told({"<": ">", "<=": ">=", ">": "<", ">=": "<="}.get(op, op), node, bound)
        case tree.Between(operand=tree.Name(name="granted_on") as day, low=low, high=high):
            return tree.And((dated(tree.Compare(">=", day, low)), dated(tree.Compare("<=", day, high))))
        case tree.And(items=items):
            return tree.And(tuple(dated(item) for item in items))
        case tree.Or(items=items):
            return tree.Or(tuple(dated(item) for item in items))
        case tree.Not(operand=operand):
            return tree.Not(dated(operand))
    return node


def told(op: str, node: tree.Node, bound: tree.Node) -> tree.Node:
    """A comparison of the day of a grant, of which only the last day is known where it is not on record."""
    last = tree.Compare({"=": ">=", "<>": "<"}.get(op, op), tree.Name(UNTIL), bound)
    return tree.And((last, node)) if op in {">", ">=", "="} else tree.Or((last, node))


def literals(node: tree.Aggregate) -> tuple[str, ...]:
    """The measures that an aggregate over awards asks for; none where it asks for all."""
    found: dict[str, None] = {}
    for part in conjuncts(node.where):
        match part:
            case tree.Compare(op="=", left=tree.Name(name="measure"), right=tree.Str(value=value)):
                found[value] = None
            case tree.Compare(op="=", left=tree.Str(value=value), right=tree.Name(name="measure")):
                found[value] = None
            case tree.In(operand=tree.Name(name="measure"), items=items):
                found |= dict.fromkeys(item.value for item in items if isinstance(item, tree.Str))
    return tuple(found)


def conjuncts(node: tree.Node | None) -> Iterator[tree.Node]:
    """The parts that must all hold."""
    if isinstance(node, tree.And):
        for item in node.items:
            yield from conjuncts(item)
    elif node is not None:
        yield node


# ---- questions


def question_of(measure: str) -> str:
    """The name of the question whether a measure was had before."""
    return PREFIX + re.sub(r"[^a-z0-9]+", "_", measure.lower()).strip("_")


def with_questions(pack: Pack) -> Pack:
    """The pack with one question for each measure that its expressions ask the record for."""
    facts = {name: fact for name, fact in pack.facts.items() if not fact.award}
    subjects: dict[str, str] = {}
    for subject, text in texts_of(pack):
        for part in tree.walk(parsed(text)) if ROWS in text else ():
            if isinstance(part, tree.Aggregate) and part.rows == ROWS:
                subjects = dict.fromkeys(literals(part), subject) | subjects
    made = {question_of(name): question(pack, name, subject) for name, subject in subjects.items()}
    return replace(pack, facts=facts | made) if made or len(facts) < len(pack.facts) else pack


def with_measures(pack: Pack, measures: Mapping[str, Measure], **changes: Any) -> Pack:
    """The pack with other measures, and with the questions that they ask beside its own."""
    made = with_questions(replace(pack, measures=measures, **changes))
    added = {name: fact for name, fact in made.facts.items() if name not in pack.facts}
    return replace(made, facts={**pack.facts, **added})


def reads_awards(pack: Pack) -> bool:
    """Whether an expression of the pack asks what was had before."""
    return bool(pack.asked_awards) or any(ROWS in text for _subject, text in texts_of(pack))


def parsed(text: str) -> tree.Node:
    """An expression as it is written."""
    from chuangbao.rules.parse import parse  # late: a start from the cache never reads an expression

    return parse(text)


def texts_of(pack: Pack) -> Iterator[tuple[str, str]]:
    """Every expression with the kind of subject that it is about."""
    for fact in pack.facts.values():
        yield fact.subject, fact.value_text
    for measure, version in pack.versions.values():
        texts = [c.text for c in version.conditions] + [line.text for line in version.benefit.lines]
        groups = [g for g in (version.group, pack.groups.get(version.benefit.tax)) if g is not None]
        for text in (*texts, version.benefit.text, *(g.text for g in groups)):
            yield measure.subject, text


def question(pack: Pack, measure: str, subject: str) -> Fact:
    """Had it before? When, and how much; or never."""
    held = pack.measures.get(measure)
    title = held.title if held is not None else Text(measure, measure)
    return Fact(
        question_of(measure),
        subject,
        FactType.TEXT,
        Text(f"以前获得过“{title.zh}”吗", f"“{title.get('en')}” had before"),
        may_be_absent=True,
        award=measure,
        question=Text(
            f"以前获得过“{title.zh}”吗？什么时候、多少钱？", f"Have you had “{title.get('en')}” before? When, how much?"
        ),
        help=Text(
            f"没有获得过就选“没有”；获得过的写日期、金额、月数，多次用分号隔开，例如：{FORM}",
            f"If never, say that there is none; else the day, the amount and the months, several with ;: {FORM}",
        ),
    )


def read_answer(text: str) -> Record:
    """What was said of former awards: several parted by ;, and first, if need be, since when that is all of them.

    Raises ValueError with the part that cannot be read.
    """
    parts = [piece for piece in (part.strip() for part in re.split(r"[;；\n]", text)) if piece]
    since = SINCE.fullmatch(parts[0]) if parts else None
    rows = [one_award(part) for part in parts[bool(since) :]]
    if not rows and since is None:
        raise ValueError(text)
    return Record(rows, day_in(since) if since is not None else None)


def one_award(part: str) -> dict[str, object]:
    """The day, the amount and the months of one award."""
    found = ENTRY.fullmatch(part)
    if found is None:
        raise ValueError(part)
    row: dict[str, object] = {"granted_on": day_in(found)}
    if found["amount"]:
        times = TEN_THOUSAND if "万" in (found["unit"] or "") else 1
        row["amount"] = Decimal(found["amount"].replace(",", "")) * times
    if found["months"]:
        row["months"] = int(found["months"])
    return row


def day_in(found: re.Match[str]) -> date:
    """The day of a match; without one the first of its month."""
    return date(int(found["year"]), int(found["month"]), int(found["day"] or 1))


# ---- rows


def award_rows(
    asked: Iterable[str], given: object, answers: Mapping[str, str | None], as_of: date
) -> list[dict[str, object]]:
    """The rows that the engines read.

    ``given`` is the record: a list of rows, complete for every measure, or by measure what is on record (a list, or a
    ``Record`` complete from a day on). ``answers`` are what the subject said of measures that are not complete: a text
    or None for never. What may be missing is a row with nothing known but its measure.
    """
    if isinstance(given, Sequence) and not isinstance(given, str):
        return [own(row) for row in given if is_before(row, as_of)]
    records = {n: held if isinstance(held, Record) else Record(list(held)) for n, held in dict(given or {}).items()}  # type: ignore[call-overload] # a mapping
    rows: list[dict[str, object]] = []
    for measure in dict.fromkeys([*asked, *records, *answers]):
        record = records.get(measure)
        held = record.rows if record is not None else ()
        rows += [own({"measure": measure} | dict(row)) for row in held if is_before(row, as_of)]
        if record is not None and record.since is None:
            continue
        since = record.since if record is not None and record.since is not None else END
        said = answer_of(measure, answers)
        if said is not None:
            days = {day_of(row.get("granted_on")) for row in held}  # one grant is on record and told: it counts once
            told = [{"measure": measure} | dict(row) for row in said.rows if row["granted_on"] not in days]
            rows += [own(row) for row in told if is_before(row, min(as_of, since))]
            since = min(since, said.since) if said.since is not None else date.min
        if since > date.min:
            rows.append({"measure": measure, UNTIL: since - ONE if since < END else END})
    return [*rows, {"measure": OTHERS, UNTIL: END}]


def answer_of(measure: str, answers: Mapping[str, str | None]) -> Record | None:
    """What was said of one measure: rows, never, or nothing at all."""
    if measure not in answers:
        return None
    text = answers[measure]
    return Record() if text is None else read_answer(text)


def own(row: Mapping[str, object]) -> dict[str, object]:
    """A row that is on record."""
    return {**row, RECORDED: True, UNTIL: END}


def is_before(row: Mapping[str, object], as_of: date) -> bool:
    """Whether a row was granted before the day; one whose day no one knows may have been."""
    day = day_of(row.get("granted_on"))
    return day is None or day < as_of


def day_of(value: object) -> date | None:
    """A day, given as a date or as ISO text; None where there is none."""
    return date.fromisoformat(value) if isinstance(value, str) else value if isinstance(value, date) else None
