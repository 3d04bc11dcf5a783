"""The beginning of a check-up in life words (先说生活): what a person knows of themselves, and the facts that follow.

A pack declares it in ``interview.yaml``: pages of plain questions, and fillings that turn their answers into facts
of the catalogue. A text that begins with ``=`` is an expression of the rule language over the names of the
questions, ``who``, ``want`` (what they came for) and the facts.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Final, cast

from chuangbao.rules import check, tree
from chuangbao.rules.catalogue import expression, one_of, text
from chuangbao.rules.diagnostics import FactError, Finding, RuleError, nearest
from chuangbao.rules.interp import Interp
from chuangbao.rules.model import Code, CodeList, FactType, Text, tree_of
from chuangbao.rules.profile import coerce
from chuangbao.rules.runtime import ABSENT

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from chuangbao.rules.engine import Engine
    from chuangbao.rules.model import Fact, Pack
    from chuangbao.rules.profile import Profile
    from chuangbao.rules.runtime import Value
    from chuangbao.rules.yamlfile import Map

    Life = Mapping[str, str | frozenset[str]]  # the answer of each question by its name

__all__ = [
    "NONE",
    "Filling",
    "Interview",
    "LifeOption",
    "LifePage",
    "LifeQuestion",
    "Lived",
    "Turn",
    "days_of_turns",
    "interp_of",
    "judge_life",
    "read_interview",
]

WHO, WANT, NONE = "who", "want", "none"
KINDS = ("one", "many", "fact")
MARK: Final = "="


@dataclass(frozen=True, slots=True)
class LifeOption:
    """One answer of a question of life: the facts and the audiences that follow from it.

    It is left out for those whose ``who`` says it already (``unless``). A ``sensitive`` one, such as a disability,
    stays behind when a check-up is shared.
    """

    id: str
    label: Text
    facts: Mapping[str, object]
    audiences: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class HelpLine:
    """A line that helps to answer a question; ``when`` says for which visitors."""

    label: Text
    when: str = ""


@dataclass(frozen=True, slots=True)
class LifeQuestion:
    """One question in life words: one of some answers, several of them, or a fact of the catalogue (``fact``).

    ``help`` holds the lines for all visitors; once the question is asked, the lines for this visitor.
    """

    name: str
    kind: str
    label: Text
    help: Text
    example: Text
    unit: Text
    when: str = ""
    options: tuple[LifeOption, ...] = ()
    lines: tuple[HelpLine, ...] = ()

    def asked_of(self, holds: Callable[[str], bool]) -> LifeQuestion:
        """Return the question with the lines of help for one visitor."""
        return replace(self, help=join_lines(line for line in self.lines if not line.when or holds(line.when)))

    def options_for(self, who: str) -> tuple[LifeOption, ...]:
        """The answers that are not said already by who one is."""
        return tuple(option for option in self.options if who not in option.unless)

    @property
    def sensitive_options(self) -> tuple[LifeOption, ...]:
        """The answers that stay behind when a check-up is shared."""
        return tuple(option for option in self.options if option.sensitive)


@dataclass(frozen=True, slots=True)
class LifePage:
    """A small group of questions that are asked together."""

    id: str
    title: Text
    questions: tuple[LifeQuestion, ...]


@dataclass(frozen=True, slots=True)
class Filling:
    """Facts and audiences that follow where ``when`` holds; ``assumed`` are a reckoning, not a statement (按…试算).

    ``aside`` are measures for what the person says they neither do nor want: nothing is asked about them.
    """

    when: str
    facts: Mapping[str, object]
    audiences: tuple[str, ...] = ()
    assumed: bool = False
    aside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Turn:
    """What a person becomes on a day that is known (毕业): from the day ``on``, while ``when`` holds, life ``says`` so.

    ``on`` is a fact, a day; ``says`` are answers of questions of life, ``who`` among them. Where ``yearly``, it counts
    from 1 January of the year of that day on (毕业年度).
    """

    on: str
    when: str
    says: Mapping[str, str]
    label: Text
    yearly: bool = False


@dataclass(frozen=True, slots=True)
class Interview:
    """The pages, what follows from their answers, and what one becomes on a day."""

    pages: tuple[LifePage, ...] = ()
    fillings: tuple[Filling, ...] = ()
    turns: tuple[Turn, ...] = ()

    @property
    def questions(self) -> Iterator[LifeQuestion]:
        """Every question, in order."""
        return (question for page in self.pages for question in page.questions)


# ---- asking and filling


@dataclass(frozen=True)
class Lived:
    """What an interview makes of a person: facts said and following, whom they are, and what concerns them.

    ``filled`` follows from the answers; ``assumed`` is only reckoned with (试算); the measures ``aside`` are for what
    they neither do nor want.
    """

    profile: Profile
    filled: Mapping[str, object]
    assumed: Mapping[str, object]
    audiences: frozenset[str]
    pages: tuple[LifePage, ...]
    aside: frozenset[str] = frozenset()
    turn: Turn | None = None
    """What the person has become by the day of the judgement."""
    worked_out: Mapping[str, bool] = field(default_factory=dict)
    """Which of the assumed facts are worked out from nothing but what was said, and whether they only repeat it."""

    @property
    def suppositions(self) -> tuple[str, ...]:
        """The assumed facts that do not follow from what was said."""
        return tuple(name for name in self.assumed if name not in self.worked_out)


def judge_life(
    engine: Engine,
    raw: Mapping[str, object],
    life: Life,
    *,
    as_of: date,
    region: str,
    withheld: Collection[str] = (),
) -> Lived:
    """Work out the facts of a person from what they stated (``raw``) and what they said of life.

    On a day after a turn one is judged as what one has become; the pages stay those that were asked. What was stated
    goes first. Fillings may hang on one another, so they are gone through again until nothing follows.
    Of the facts ``withheld`` nothing is filled in: the contrary may have been stated.
    Raises FactError with one problem per unusable name or value of ``raw``.
    """
    interview = engine.pack.interview or Interview()
    filled: dict[str, object] = {}
    profile = engine.profile(raw, as_of=as_of, region=region)
    turn, asked = find_turn(interview, profile, engine, life), life
    life = {**life, **turn.says} if turn else life

    def follow(*, assumed: bool = False) -> dict[str, object]:
        found = fill_facts(interview, profile, engine, life, assumed=assumed)
        return {name: value for name, value in found.items() if name not in withheld}

    while more := follow():  # each round knows more facts, so it comes to an end
        filled |= more
        profile = engine.profile({**filled, **raw}, as_of=as_of, region=region)
    audiences = audiences_of(interview, profile, engine, life)
    pages = tuple(list_questions(interview, profile, engine, asked))
    holds = judge_of(engine, profile, life)
    aside = frozenset(name for f in interview.fillings if f.aside and holds(f.when) for name in f.aside)
    assumed = follow(assumed=True)
    worked_out = list_worked_out(interview, engine, profile, life, assumed)
    if assumed:
        profile = engine.profile({**assumed, **filled, **raw}, as_of=as_of, region=region)
    return Lived(profile, filled, assumed, audiences, pages, aside, turn, worked_out)


def list_worked_out(
    interview: Interview, engine: Engine, profile: Profile, life: Life, assumed: Collection[str]
) -> dict[str, bool]:
    """The assumed facts that follow from what is given in a profile alone; True for one that repeats it as it is."""
    interp, found = interp_of(engine, profile, life), dict[str, bool]()
    for facts in list_statements(interview, engine, profile, life, assumed=True):
        for name in facts.keys() & assumed:
            said = facts[name]
            if not isinstance(said, str) or not said.startswith(MARK):
                continue
            node = tree_of(said.removeprefix(MARK))
            read = tree.names(node)
            if read and profile.given.issuperset(read) and interp.value(node) is not None:
                found[name] = isinstance(node, tree.Name)
    return found


def find_turn(interview: Interview, profile: Profile, engine: Engine, life: Life) -> Turn | None:
    """What a person has become by the day of a profile, where that is something else than what was said."""
    holds = judge_of(engine, profile, life)
    for turn in interview.turns:
        day = day_of(turn, engine, profile)
        if day is not None and day <= profile.as_of and holds(turn.when):
            return turn
    return None


def day_of(turn: Turn, engine: Engine, profile: Profile) -> date | None:
    """The day of a turn for one person; None while it is not known."""
    day = profile.values[engine.slots[turn.on]]
    if not isinstance(day, date):
        return None
    return day.replace(month=1, day=1) if turn.yearly else day


def days_of_turns(engine: Engine, profile: Profile) -> list[date]:
    """The days ahead on which a person becomes something else, the first before the others."""
    turns = engine.pack.interview.turns if engine.pack.interview else ()
    days = {day_of(turn, engine, profile) for turn in turns}
    return sorted(day for day in days if day is not None and day > profile.as_of)


def list_questions(interview: Interview, profile: Profile, engine: Engine, life: Life) -> list[LifePage]:
    """The pages with the questions that concern this person; a page without any is left out."""
    holds = judge_of(engine, profile, life)
    pages = (
        LifePage(page.id, page.title, tuple(q.asked_of(holds) for q in page.questions if not q.when or holds(q.when)))
        for page in interview.pages
    )
    return [page for page in pages if page.questions]


def audiences_of(interview: Interview, profile: Profile, engine: Engine, life: Life) -> frozenset[str]:
    """Whom the answers make one: the choice of ``who``, and what further answers add."""
    who = str(life.get(WHO, NONE))
    found = set() if who == NONE else {who}
    for option in list_chosen(interview, life):
        found.update(option.audiences)
    holds = judge_of(engine, profile, life)
    for filling in interview.fillings:
        if filling.audiences and holds(filling.when):
            found.update(filling.audiences)
    return frozenset(found)


def fill_facts(
    interview: Interview, profile: Profile, engine: Engine, life: Life, *, assumed: bool = False
) -> dict[str, object]:
    """The facts that follow from what was said of life, in the shape that the engine takes.

    What is known or worked out already is left as it is; of several fillings of a fact the last one counts. A list
    of groups is filled once every question that can add to it is answered, so that silence is no denial.
    """
    pack, interp = engine.pack, interp_of(engine, profile, life)
    found: dict[str, object] = {}
    groups: dict[str, list[str]] = {}
    for facts in list_statements(interview, engine, profile, life, assumed=assumed):
        for name, said in facts.items():
            if profile.values[engine.slots[name]] is not None:
                continue
            if pack.facts[name].type is FactType.CODES:
                groups.setdefault(name, []).extend(cast("list[str]", said))
            else:
                value = value_of(interp, said)
                if value is not None and fits(pack, pack.facts[name], value):
                    found[name] = None if value is ABSENT else value
    return found if assumed else found | whole_groups(interview, engine, profile, life, groups)


def list_statements(
    interview: Interview, engine: Engine, profile: Profile, life: Life, *, assumed: bool
) -> Iterator[Mapping[str, object]]:
    """What follows from each answer, then from each filling that holds."""
    if not assumed:
        yield from (option.facts for option in list_chosen(interview, life))
    holds = judge_of(engine, profile, life)
    for filling in interview.fillings:
        if filling.facts and filling.assumed is assumed and holds(filling.when):
            yield filling.facts


def whole_groups(
    interview: Interview, engine: Engine, profile: Profile, life: Life, said: Mapping[str, list[str]]
) -> dict[str, object]:
    """The lists of groups of which nothing is left to ask; 都不是 where no answer names one."""
    open_to: set[str] = set()
    answered: set[str] = set()
    for page in list_questions(interview, profile, engine, life):
        for question in page.questions:
            touched = {n for option in question.options for n in option.facts if is_list(engine.pack, n)}
            (answered if question.name in life else open_to).update(touched)
    known = {name for name in answered if profile.values[engine.slots[name]] is None}
    found = {name: list(dict.fromkeys(said.get(name, ()))) for name in sorted(known - open_to)}
    return {name: codes or none_of(engine.pack, name) for name, codes in found.items()}


def is_list(pack: Pack, name: str) -> bool:
    """Whether a fact is a list of groups."""
    return pack.facts[name].type is FactType.CODES


def none_of(pack: Pack, name: str) -> list[str]:
    """How a list says that none of its groups is meant."""
    return [NONE] if NONE in pack.codes[pack.facts[name].codes].by_code else []


def list_chosen(interview: Interview, life: Life) -> Iterator[LifeOption]:
    """The options that were chosen."""
    for question in interview.questions:
        said = life.get(question.name, frozenset())
        names = {said} if isinstance(said, str) else said
        yield from (option for option in question.options if option.id in names)


def interp_of(engine: Engine, profile: Profile, life: Life) -> Interp:
    """The reference engine over answers and facts."""

    def lookup(name: str) -> Value:
        if name == WHO or name not in engine.slots:
            return cast("Value", life.get(name))
        return profile.values[engine.slots[name]]

    return Interp(lookup, profile.as_of, profile.rows.get)


def judge_of(engine: Engine, profile: Profile, life: Life) -> Callable[[str], bool]:
    """Whether an expression holds for the answers so far; what is not known holds not."""
    interp = interp_of(engine, profile, life)
    return lambda when: interp.truth(tree_of(when)) is True


def value_of(interp: Interp, said: object) -> object:
    """A value as it is written, or what its expression comes to; None while that is not known."""
    if isinstance(said, str) and said.startswith(MARK):
        return interp.value(tree_of(said.removeprefix(MARK)))
    return ABSENT if said is None else said


def fits(pack: Pack, fact: Fact, value: object) -> bool:
    """Whether a value that was worked out can be one of the fact."""
    try:
        coerce(pack, fact, None if value is ABSENT else value)
    except FactError:
        return False
    return True


# ---- reading


def read_interview(entry: Map, pack: Pack, findings: list[Finding]) -> Interview:
    """The interview of a pack; every name, value and expression in it is checked."""
    pages = tuple(
        LifePage(page.text("id"), text(page), tuple(read_question(q, pack, findings) for q in page.maps("questions")))
        for page in entry.maps("pages")
    )
    fillings = tuple(read_filling(f) for f in entry.maps("fillings"))
    interview = Interview(pages, fillings, tuple(read_turn(t) for t in entry.maps("turns")))
    Reader(pack, interview, findings).check(entry)
    return interview


def read_question(entry: Map, pack: Pack, findings: list[Finding]) -> LifeQuestion:
    """One question with its answers."""
    lines = read_help(entry)
    return LifeQuestion(
        name=entry.text("name"),
        kind=one_of(entry, "kind", KINDS, findings),
        label=text(entry),
        help=join_lines(line for line in lines if not line.when),
        example=text(entry.get("example")),
        unit=text(entry.get("unit")),
        when=entry.expression("when"),
        options=tuple(read_option(o, pack) for o in entry.maps("options")),
        lines=lines,
    )


def read_help(entry: Map) -> tuple[HelpLine, ...]:
    """The help of a question: one text, or lines of which each may be for some only."""
    lines = tuple(HelpLine(text(line), line.expression("when")) for line in entry.maps("help"))
    return lines or (HelpLine(text(entry.get("help"))),)


def join_lines(lines: Iterable[HelpLine]) -> Text:
    """The lines as one text."""
    labels = [line.label for line in lines]
    return Text("".join(label.zh for label in labels), " ".join(label.en for label in labels if label.en))


def read_option(entry: Map, pack: Pack) -> LifeOption:
    """One answer; where it does not say whether it is sensitive, it is if a fact that follows from it is private."""
    facts, said = dict(entry.map("facts")), entry.get("sensitive")
    private = any(name in pack.facts and pack.facts[name].private for name in facts)
    return LifeOption(
        entry.text("id"),
        text(entry),
        facts,
        entry.texts("audiences"),
        entry.texts("unless"),
        sensitive=said if isinstance(said, bool) else private,
    )


def read_filling(entry: Map) -> Filling:
    """Facts and audiences under one condition."""
    assumed = entry.get("assumed") is True
    facts, audiences = dict(entry.map("facts")), entry.texts("audiences")
    return Filling(entry.expression("when"), facts, audiences, assumed, entry.texts("aside"))


def read_turn(entry: Map) -> Turn:
    """What one becomes on a day."""
    says = {name: str(said) for name, said in entry.map("says").items()}
    return Turn(entry.text("on"), entry.expression("when"), says, text(entry), entry.get("yearly") is True)


class Reader:
    """Checks an interview against the catalogue; findings gather at their places."""

    def __init__(self, pack: Pack, interview: Interview, findings: list[Finding]) -> None:
        """The scope of its expressions: the facts, ``who``, ``want``, and the questions with their lists of answers."""
        self.pack, self.findings = pack, findings
        lists = {q.name: (q.kind, [*(o.id for o in q.options), NONE]) for q in interview.questions if q.kind != "fact"}
        lists[WHO] = ("one", [*(a.id for a in pack.audiences), NONE])
        lists[WANT] = ("one", [*(want.id for want in pack.wants), NONE])
        codes = dict(pack.codes) | {f"life {n}": code_list(f"life {n}", ids) for n, (_, ids) in lists.items()}
        names = {name: check.kind_of_fact(fact) for name, fact in pack.facts.items()}
        for name, (kind, _) in lists.items():
            if name in pack.facts:
                self.note_finding(None, f"the name '{name}' is that of a fact", "choose another name")
            names[name] = check.Kind(FactType.CODE if kind == "one" else FactType.CODES, codes=f"life {name}")
        self.scope = check.Scope(names, codes, {})

    def note_finding(self, entry: Map | None, message: str, hint: str = "", key: str = "name") -> None:
        """Note what is wrong."""
        place = entry.finding(key, "interview", message, hint) if entry is not None else None
        self.findings.append(place or Finding("interview.yaml", 0, 0, "interview", message, hint))

    def check(self, entry: Map) -> None:
        """Everything in the file."""
        for page in entry.maps("pages"):
            for question in page.maps("questions"):
                self.check_question(question)
        for filling in entry.maps("fillings"):
            self.check_when(filling)
            self.check_facts(filling.map("facts"))
            self.check_audiences(filling, "audiences")
            self.check_measures(filling)
        for turn in entry.maps("turns"):
            self.check_when(turn)
            self.check_turn(turn)

    def check_question(self, question: Map) -> None:
        """One question: a fact of the catalogue where it is one, and sound answers where it has any."""
        if question.text("kind") == "fact" and question.text("name") not in self.pack.facts:
            guess = nearest(question.text("name"), self.pack.facts)
            self.note_finding(question, f"no such fact: '{question.text('name')}'", f"did you mean {guess}?")
        if question.get("when") is not None:
            self.check_when(question)
        for line in question.maps("help"):
            if line.get("when") is not None:
                self.check_when(line)
        for option in question.maps("options"):
            self.check_facts(option.map("facts"))
            self.check_audiences(option, "audiences")
            self.check_audiences(option, "unless")

    def check_when(self, entry: Map) -> None:
        """A condition over answers and facts."""
        node = expression(entry, "when", self.findings)
        if node is not None:
            self.check_kind(entry, "when", node, FactType.BOOLEAN)

    def check_kind(self, entry: Map, key: str, node: tree.Node, expected: FactType) -> None:
        """The type of an expression."""
        try:
            check.check(node, self.scope, expected)
        except RuleError as error:
            for one in error.findings:
                self.note_finding(entry, one.message, one.hint, key)

    def check_facts(self, facts: Map) -> None:
        """Names and values that are filled in."""
        for name, value in facts.items():
            if name not in self.pack.facts:
                guess = nearest(name, self.pack.facts)
                self.note_finding(facts, f"no such fact: '{name}'", f"did you mean {guess}?", name)
            elif isinstance(value, str) and value.startswith(MARK):
                self.check_formula(facts, name, value.removeprefix(MARK))
            elif not fits(self.pack, self.pack.facts[name], ABSENT if value is None else value):
                self.note_finding(facts, f"'{value}' is no value of '{name}'", "see its type in the catalogue", name)

    def check_formula(self, facts: Map, name: str, formula: str) -> None:
        """An expression that a fact is filled with."""
        try:
            node = tree_of(formula)
        except RuleError as error:
            self.note_finding(facts, error.findings[0].message, error.findings[0].hint, name)
            return
        kind = self.pack.facts[name].type
        self.check_kind(facts, name, node, FactType.DECIMAL if kind.numeric else kind)

    def check_turn(self, entry: Map) -> None:
        """The day of a turn, and what life says from then on."""
        day = self.pack.facts.get(entry.text("on"))
        if day is None or day.type is not FactType.DATE:
            self.note_finding(
                entry, f"'{entry.text('on')}' is no day of the catalogue", "name a fact of type date", "on"
            )
        says = entry.map("says")
        for name, said in says.items():
            kind = self.scope.names.get(name)
            codes = self.scope.codes[kind.codes].by_code if kind is not None and f"life {name}" == kind.codes else None
            if codes is None:
                self.note_finding(says, f"no such question: '{name}'", "name a question of life or who", name)
            elif said not in codes:
                self.note_finding(says, f"'{said}' is no answer of '{name}'", f"one of {', '.join(codes)}", name)

    def check_measures(self, filling: Map) -> None:
        """Names of measures that are set aside."""
        for name in filling.texts("aside"):
            if name not in self.pack.measures:
                guess = nearest(name, self.pack.measures)
                self.note_finding(filling, f"no such measure: '{name}'", f"did you mean {guess}?", "aside")

    def check_audiences(self, entry: Map, key: str) -> None:
        """Names of audiences."""
        known = {audience.id for audience in self.pack.audiences}
        for name in entry.texts(key):
            if name not in known:
                self.note_finding(entry, f"no such audience: '{name}'", f"one of {', '.join(sorted(known))}", key)


def code_list(name: str, ids: Iterable[str]) -> CodeList:
    """The answers of a question as a list of codes."""
    return CodeList(name, Text(name), tuple(Code(one, Text(one)) for one in ids))
