"""What a region pack says, as plain frozen records: facts, code lists, regions, documents, measures.

A pack (地区包) is the seed and the exchange format of a province's rules. Nothing here decides anything.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from chuangbao.rules.grants import Grant
from chuangbao.rules.tree import Like, Str, walk

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from chuangbao.rules.interview import Interview
    from chuangbao.rules.offices import OfficeList
    from chuangbao.rules.regions import RegionTree
    from chuangbao.rules.tree import Node

__all__ = [
    "PERIODS",
    "Audience",
    "Benefit",
    "Check",
    "Clause",
    "Code",
    "CodeList",
    "Condition",
    "Document",
    "Example",
    "Explanation",
    "Fact",
    "FactType",
    "Group",
    "Line",
    "Measure",
    "Pack",
    "Parameter",
    "ParameterValue",
    "Relation",
    "RowKind",
    "Text",
    "Version",
    "Window",
]


@dataclass(frozen=True, slots=True)
class Text:
    """A label in both languages of the interface."""

    zh: str
    en: str = ""

    def get(self, language: str) -> str:
        """The text in ``language`` (any code that starts with ``en`` is English), Chinese where English lacks."""
        return (self.en or self.zh) if language.lower().startswith("en") else self.zh

    def __str__(self) -> str:
        """Chinese first."""
        return self.zh


NOTHING = Text("")


def tree_of(text: str) -> Node:
    """The tree of an expression that the loader has checked."""
    from chuangbao.rules.parse import parse  # late: a start from the cache never reads an expression

    return on_record(parse(text)) if "awards" in text else parse(text)


@lru_cache(maxsize=1 << 12)
def on_record(node: Node) -> Node:
    """An expression whose aggregates over awards leave nothing out that may not be on record."""
    from chuangbao.rules.awards import completed  # late: it reads this module

    return completed(node)


class FactType(StrEnum):
    """The types of the language; units are declared beside them."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    DECIMAL = "decimal"
    MONEY = "money"
    RATIO = "ratio"
    AREA = "area"
    TEXT = "text"
    CODE = "code"
    DATE = "date"
    CODES = "codes"

    @property
    def numeric(self) -> bool:
        """Whether values of this type can be added and compared as numbers."""
        return self in NUMERIC


ONE = Fraction(1)
PERIODS = {"CNY": "once", "CNY/month": "month", "CNY/quarter": "quarter", "CNY/year": "year"}
"""The units of money by how often it comes."""
NUMERIC = frozenset({FactType.INTEGER, FactType.DECIMAL, FactType.MONEY, FactType.RATIO, FactType.AREA})


@dataclass(frozen=True, slots=True)
class Code:
    """One entry of a code list (代码)."""

    code: str
    label: Text
    icon: str = ""
    group: str = ""


@dataclass(frozen=True)
class CodeList:
    """A named list of codes, such as 行业 or 人群; a long one is in ``groups``, each code in one of them."""

    name: str
    title: Text
    codes: tuple[Code, ...]
    source: str = ""
    groups: tuple[Code, ...] = ()

    @cached_property
    def by_code(self) -> Mapping[str, Code]:
        """Entries by their code."""
        return {entry.code: entry for entry in self.codes}

    @cached_property
    def by_label(self) -> Mapping[str, Code]:
        """Entries by either label, for matching text at the door."""
        return {label: entry for entry in self.codes for label in (entry.label.zh, entry.label.en) if label}

    @cached_property
    def spellings(self) -> Mapping[str, str]:
        """The code meant by each code and each label; a text that is both is the code."""
        return {label: entry.code for label, entry in self.by_label.items()} | {code: code for code in self.by_code}


@dataclass(frozen=True, slots=True)
class Choice:
    """One way a plain person can answer a question."""

    value: object
    label: Text
    icon: str = ""


@dataclass(frozen=True, slots=True)
class ParameterValue:
    """One dated value of a parameter, for one region or for all."""

    start: date
    value: object
    region: str = ""
    source: str = ""


@dataclass(frozen=True)
class Fact:
    """Something that can be known of a subject (事实): type, unit, range, and how a plain person answers it.

    ``by`` says how it can change: by ``time`` alone, by a ``deed`` of the subject, or by ``nothing``; ``since`` names
    the day (a fact) from which a counter of months or years counts. ``award`` names
    the measure of a generated question: whether it was had before.
    ``where`` says where the answer is found (在哪里找), ``example`` how one looks; ``aliases`` are names by which the
    fact was known before. ``figures`` are dated values by place that the pack knows by itself, such as the LPR:
    no one is asked for them, and a value given directly wins. What is ``sensitive`` stays behind when a check-up is
    shared, unless it is ``shareable``: stored sealed, yet a plain step of working life that a copy may tell.
    """

    name: str
    subject: str
    type: FactType
    label: Text
    unit: str = ""
    codes: str = ""
    minimum: Fraction | None = None
    maximum: Fraction | None = None
    earliest: date | None = None
    latest: date | None = None
    per: str = ""
    use: str = "last_closed"
    may_be_absent: bool = False
    sensitive: bool = False
    shareable: bool = False
    help: Text = NOTHING
    question: Text = NOTHING
    choices: tuple[Choice, ...] = ()
    value_text: str = ""
    source: str = ""
    group: str = ""
    by: str = "nothing"
    since: str = ""
    award: str = ""
    where: Text = NOTHING
    example: Text = NOTHING
    aliases: tuple[str, ...] = ()
    figures: tuple[ParameterValue, ...] = ()

    @property
    def value(self) -> Node | None:
        """How it is worked out from other facts."""
        return tree_of(self.value_text) if self.value_text else None

    @property
    def private(self) -> bool:
        """Whether it stays behind when a check-up is shared."""
        return self.sensitive and not self.shareable

    @property
    def derived(self) -> bool:
        """Whether it is worked out from other facts when no one answers it directly."""
        return bool(self.value_text)


@dataclass(frozen=True, slots=True)
class Relation:
    """A to-one relation between subject kinds, such as enterprise → founder."""

    name: str
    source: str
    target: str


@dataclass(frozen=True)
class RowKind:
    """The to-many side of a subject, such as the people it hired (招用人员)."""

    name: str
    subject: str
    label: Text
    columns: Mapping[str, Fact]


@dataclass(frozen=True)
class Parameter:
    """A figure of a rule that an officer may move (参数): dated, and by region where it differs."""

    name: str
    type: FactType
    unit: str
    label: Text
    values: tuple[ParameterValue, ...]
    codes: str = ""


@dataclass(frozen=True)
class Condition:
    """One named condition (条件): what it says, its article (条), and how sure its reading is (A, B or C)."""

    id: str
    label: Text
    text: str
    clause: str = ""
    article: str = ""
    confidence: str = ""
    note: Text = NOTHING

    @property
    def when(self) -> Node:
        """What has to hold."""
        return tree_of(self.text)


@dataclass(frozen=True, slots=True)
class Check:
    """What only a person can judge (人工核对): it is shown beside the verdict and never decides it."""

    label: Text
    id: str = ""
    article: str = ""
    confidence: str = ""
    note: Text = NOTHING


@dataclass(frozen=True)
class Line:
    """One line of the working of an amount."""

    id: str
    label: Text
    text: str

    @property
    def value(self) -> Node:
        """Its expression."""
        return tree_of(self.text)


@dataclass(frozen=True)
class Benefit:
    """What is owed (待遇): kind, unit and formula; unit ``none`` means that it is not money.

    ``tax`` names the group whose ceiling is the tax that exists without relief; ``whose`` says whose the money is where
    it is not one person's (全体贡献人员合计), or that it is paid later; ``in_words`` says how much it is, or can be at
    most, for lists and where the sum is not known.
    """

    kind: str
    unit: str
    text: str
    lines: tuple[Line, ...] = ()
    note: Text = NOTHING
    tax: str = ""
    whose: Text = NOTHING
    in_words: Text = NOTHING

    @property
    def per(self) -> str:
        """How often it comes: once, month or year; empty where it is no money."""
        return PERIODS.get(self.unit, "")

    @property
    def amount(self) -> Node | None:
        """The formula."""
        return tree_of(self.text) if self.text else None


@dataclass(frozen=True)
class Group:
    """A family of measures that share one rule: the highest, the first, a common ceiling, or the tax that exists.

    A ceiling is a sum (``cap``) or an expression (``text``) over facts and the group's own figures; of its members,
    first those of ``order``, the last is cut.
    """

    name: str
    rule: str
    cap: Fraction | None = None
    text: str = ""
    title: Text = NOTHING
    order: tuple[str, ...] = ()
    parameters: Mapping[str, Parameter] = field(default_factory=dict)

    @property
    def limit(self) -> Node | None:
        """The ceiling as an expression."""
        return tree_of(self.text or str(self.cap)) if self.text or self.cap is not None else None


@dataclass(frozen=True, slots=True)
class Window:
    """When one may apply (申报期): by month and day of each year, or ``count`` units from the day of a fact on."""

    start: tuple[int, int] | None
    end: tuple[int, int] | None
    count: int = 0
    unit: str = ""
    of: str = ""


@dataclass(frozen=True, slots=True)
class FirstStep:
    """What has to be got before one applies (先办): a licence, a registration, a certificate.

    ``lacking`` is an expression that holds while one has not got it; empty where nobody is asked whether one has.
    """

    label: Text
    lacking: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper to bring (申报材料)."""

    label: Text
    from_fact: str = ""


@dataclass(frozen=True)
class Example:
    """A worked case (算例) that the pack check runs."""

    name: str
    as_of: date | None
    facts: Mapping[str, object]
    status: str
    amount: Fraction | None = None
    has_amount: bool = False
    region: str = ""


@dataclass(frozen=True)
class Version:
    """One version of a measure (版本), immutable and known by its hash.

    ``basis`` names the legal bases (依据) by article; ``unconfirmed`` says which figure waits for a look at the
    printed text, and why (待确认); ``aliases`` are ids by which this version was known before.
    """

    version: str
    title: Text
    valid_from: date | None
    valid_to: date | None
    benefit: Benefit
    number: str = ""
    issuer: str = ""
    date_text: str = ""
    decree_period: str = ""
    document_refs: tuple[str, ...] = ()
    confidence: str = ""
    confirmed: bool = False
    unconfirmed: Text = NOTHING
    source: str = ""
    basis: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    notes: Text = NOTHING
    channel: Text = NOTHING
    mode: str = ""
    grant: Grant = Grant.RIGHT
    decidable: bool = True
    clause: str = ""
    manual: Text | None = None
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    conditions: tuple[Condition, ...] = ()
    checks: tuple[Check, ...] = ()
    excludes: tuple[str, ...] = ()
    exclusion_source: Text = NOTHING
    group: Group | None = None
    deadline: Text = NOTHING
    first_steps: tuple[FirstStep, ...] = ()
    window: Window | None = None
    documents: tuple[Paper, ...] = ()
    examples: tuple[Example, ...] = ()
    hash: str = ""
    file: str = ""

    @cached_property
    def best_example(self) -> Decimal:
        """The largest amount of a worked case: what may be at stake while the amount is unknown."""
        best = max((e.amount for e in self.examples if e.amount is not None), default=Fraction(0))
        return Decimal(best.numerator) / best.denominator

    def in_force(self, day: date) -> bool:
        """Whether this version is the rule on ``day`` (both ends included)."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a finding of the analysis is as the text has it: ``about`` and ``versions`` narrow what is meant."""

    code: str
    reason: Text
    about: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    clause: str = ""


@dataclass(frozen=True)
class Measure:
    """A policy measure (政策事项) with its versions, oldest first.

    ``reach`` is a rough share (0 to 1) of its audience that it concerns; it only orders questions.
    """

    id: str
    title: Text
    subject: str
    region: str
    versions: tuple[Version, ...]
    clauses: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    departments: tuple[str, ...] = ()
    reach: Fraction = ONE
    model: bool = False
    file: str = ""
    explained: tuple[Explanation, ...] = ()
    aliases: tuple[str, ...] = ()

    def version_at(self, day: date) -> Version | None:
        """The version in force on ``day``; the newest where two would be."""
        return next((v for v in reversed(self.versions) if v.in_force(day)), None)


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a document (条款), summed up in our own words.

    ``left_open`` names what the text leaves for an office to set (倾斜、适当、加大), empty where it leaves nothing.
    """

    id: str
    modality: str
    summary: Text
    actor: str = ""
    numbers: str = ""
    reading: Text = NOTHING
    anchor: str = ""
    occurrence: int = 1
    left_open: Text = NOTHING
    mark: str = ""
    """How it is cited, by the marks that are printed: 第四条第（三）项, 一、（二）3."""


@dataclass(frozen=True)
class Document:
    """An official document of the library (文件)."""

    id: str
    title: Text
    number: str = ""
    kind: str = ""
    issuers: tuple[str, ...] = ()
    date_text: str = ""
    region: str = ""
    level: str = ""
    departments: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    basis: tuple[str, ...] = ()
    successors: tuple[str, ...] = ()
    repeals: tuple[str, ...] = ()
    source: str = ""
    confidence: str = ""
    confirmed: bool = False
    title_is_summary: bool = False
    text: str = ""
    clauses: tuple[Clause, ...] = ()


@dataclass(frozen=True)
class Audience:
    """A way to begin the check-up: who one is, or what one wants (by the ``themes`` of measures too).

    A ``sensitive`` one, such as being out of work, stays behind when a check-up is shared. A want that ``opens`` is
    itself something to do (招人): what is for it is shown as to be done, and not set aside for not being done yet.
    """

    id: str
    label: Text
    icon: str = ""
    subject: str = ""
    facts: Mapping[str, object] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    sensitive: bool = False
    opens: bool = False


@dataclass(frozen=True)
class Pack:
    """A region's content as data (地区包)."""

    id: str
    title: Text
    region: str
    seed: str
    facts: Mapping[str, Fact]
    codes: Mapping[str, CodeList]
    rows: Mapping[str, RowKind]
    relations: tuple[Relation, ...]
    regions: RegionTree
    documents: Mapping[str, Document]
    measures: Mapping[str, Measure]
    audiences: tuple[Audience, ...] = ()
    wants: tuple[Audience, ...] = ()
    meanings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    hints: Mapping[str, Text] = field(default_factory=dict)
    """What is said to a search for a word of people that nothing of the pack answers."""
    groups: Mapping[str, Group] = field(default_factory=dict)
    interview: Interview | None = None
    offices: OfficeList | None = None
    root: str = ""
    digest: str = ""

    @cached_property
    def asked_awards(self) -> Mapping[str, str]:
        """The measures whose awards the pack asks for, with the question for each."""
        return {fact.award: fact.name for fact in self.facts.values() if fact.award}

    @cached_property
    def columns(self) -> Mapping[str, Collection[str]]:
        """The names of the columns of each kind of rows."""
        return {name: kind.columns for name, kind in self.rows.items()}

    @cached_property
    def texts_derived_from(self) -> tuple[Node, ...]:
        """The texts, and beginnings of texts, in the derivations of facts."""
        nodes = (part for fact in self.facts.values() if fact.value is not None for part in walk(fact.value))
        return tuple(node for node in nodes if isinstance(node, Str | Like))

    @cached_property
    def versions(self) -> Mapping[str, tuple[Measure, Version]]:
        """Every version by its own id, with the measure it belongs to."""
        return {v.version: (m, v) for m in self.measures.values() for v in m.versions}

    @cached_property
    def fact_aliases(self) -> Mapping[str, str]:
        """Names by which a fact was known before, with the name that it has now."""
        return {alias: fact.name for fact in self.facts.values() for alias in fact.aliases}

    @cached_property
    def aliases(self) -> Mapping[str, str]:
        """Ids by which a measure or a version was known before, with the id that it has now."""
        found = {alias: m.id for m in self.measures.values() for alias in m.aliases}
        return found | {alias: v.version for _, v in self.versions.values() for alias in v.aliases}

    def home(self, measure: Measure, day: date) -> str:
        """Where a measure is judged that is named without a place: its own region, or the pack's where that lies in it.

        A national rule has provincial figures, so the province of the pack speaks for it.
        """
        above = measure.region in self.regions.line(self.region, day)
        return self.region if above or not measure.region else measure.region

    def find(self, measure_or_version: str, day: date) -> tuple[Measure, Version | None]:
        """The measure and the version meant by an id; a version id names that version whatever the day.

        Raises KeyError when neither a measure nor a version has this id or had it before.
        """
        name = self.aliases.get(measure_or_version, measure_or_version)
        if name in self.measures:
            measure = self.measures[name]
            return measure, measure.version_at(day)
        return self.versions[name]
