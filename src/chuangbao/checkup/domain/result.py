"""The result of a check-up, computed from its answers each time it is shown."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

from chuangbao.accounts.directory import Directory
from chuangbao.checkup.domain.apart import words_apart, words_instead
from chuangbao.checkup.domain.assumptions import list_assumptions
from chuangbao.checkup.domain.checkups import read_answers
from chuangbao.checkup.domain.life import find_pending, is_life, life_of
from chuangbao.checkup.domain.sharing import list_possible, list_unclear, list_withheld
from chuangbao.checkup.domain.turned import list_turned
from chuangbao.core.engine.current import current_engine, current_pack
from chuangbao.core.engine.verdicts import count_grants, first_words, opening_words
from chuangbao.core.localization.formatting import day_words, text
from chuangbao.rules.answers import Status
from chuangbao.rules.bundle import best_bundle
from chuangbao.rules.forecast import NotYet
from chuangbao.rules.grants import Grant
from chuangbao.rules.interview import judge_life
from chuangbao.rules.kinds import Sort, sort_of
from chuangbao.rules.model import PERIODS, FactType
from chuangbao.rules.questions import WANTED, next_question, useful_order, worth_of
from chuangbao.rules.runtime import add_months

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from chuangbao.accounts.directory import Place
    from chuangbao.checkup.domain.own import Answers
    from chuangbao.checkup.domain.turned import Turned
    from chuangbao.checkup.models import CheckUp, CheckUpAnswer
    from chuangbao.rules.answers import ConditionAnswer
    from chuangbao.rules.bundle import Bundle, Left, Sum
    from chuangbao.rules.interview import LifePage, Lived
    from chuangbao.rules.judgement import Answer
    from chuangbao.rules.model import Measure, Pack, Text, Version
    from chuangbao.rules.profile import Profile
    from chuangbao.rules.questions import Question

__all__ = ["Found", "Result", "result_of"]

ENOUGH, ZERO = 10, Decimal(0)
ENDED = 24
"""For how many months what has ended is still listed as ended."""
SOON = timedelta(days=60)
"""Within which a last day to apply puts a row before the others of its section."""
FAMILY = ("first", "highest")
"""The rules of a family, of which one member is had: the others are folded into its row."""
RIVALRY = (*FAMILY, "excludes")
DUE, OPEN_TO = {Grant.RIGHT, Grant.CLAIM}, {Grant.APPLY, Grant.COMPETE}


@dataclass(frozen=True, slots=True)
class Found:
    """One measure with its answer."""

    measure: Measure
    version: Version
    answer: Answer
    directory: Directory
    beside: str = ""
    """What it cannot be had together with, where it cannot; of one left out, what it is worth beside the other."""
    instead: tuple[Found, ...] = ()
    """What may be had in its place and is left out of the best combination (或者): less, or not as sure."""
    turn: Turned | None = None
    """What the person has to become first (毕业以后), where it is judged for that day."""
    assumed: tuple[str, ...] = ()
    """Every fact that is only assumed for this visitor; ``assumptions`` are those that this measure hangs on."""

    said: tuple[str, ...] = ()
    """Every figure that the visitor gave; ``figures`` are those that this measure hangs on."""

    unknown: frozenset[str] = frozenset()
    """Every fact of which the visitor said that they do not know it."""

    @property
    def unsure(self) -> tuple[str, ...]:
        """What it waits for and the visitor did not know (不知道): to be found out, at the office if need be."""
        return tuple(name for name in self.open_facts if name in self.unknown)

    @property
    def assumptions(self) -> tuple[str, ...]:
        """The facts that the visitor did not say and that its conditions or its sum hang on."""
        return list_assumptions(current_pack(), self.version, self.assumed)

    @property
    def brings_money(self) -> bool:
        """Whether what comes later brings money of a known sum for sure."""
        return bool(self.amount_then) and self.version.grant.sure and sort_of(self.answer.kind) is Sort.MONEY

    @property
    def figures(self) -> tuple[str, ...]:
        """The figures of the visitor that its conditions or its sum hang on, to be changed where they are used."""
        return list_assumptions(current_pack(), self.version, self.said)

    @property
    def is_had(self) -> bool:
        """Whether its conditions are met today, and one may apply today."""
        return self.answer.status == "eligible" and self.turn is None and not is_shut(self.answer)

    @property
    def is_missed(self) -> bool:
        """Whether its conditions are met and one may no longer apply."""
        return is_shut(self.answer) and self.opens_on is None

    @property
    def opens_on(self) -> date | None:
        """From which day one may apply, where its conditions are met and one may not yet."""
        opening = self.answer.opening if is_shut(self.answer) else None
        return opening.opens if opening is not None and opening.state == "opens" else None

    @property
    def closes_on(self) -> date | None:
        """The last day to apply, where applications are open; None where it can only be had after that day."""
        opening, not_yet = self.answer.opening, self.not_yet
        if opening is None or opening.state != "open" or opening.closes is None:
            return None
        return None if not_yet is not None and not_yet.day > opening.closes else opening.closes

    @property
    def over_words(self) -> str:
        """What is over: the rule, or the time to apply; of a window that comes again, that it has passed."""
        opening, ends = self.answer.opening, self.version.valid_to
        if ends is not None and ends < self.answer.board.profile.as_of:
            return gettext("Ended on %(day)s") % {"day": day_words(ends)}
        if self.opens_on is not None and opening is not None and opening.passed is not None:
            return gettext("This year's applications closed on %(day)s") % {"day": day_words(opening.passed)}
        return opening_words(opening) if self.is_missed else ""

    @property
    def not_yet(self) -> NotYet | None:
        """The first day on which it may be had, and what has to be done for it."""
        days = [day for day in (self.turn.day if self.turn else None, self.opens_on) if day]
        if days and self.answer.status == "eligible":
            return NotYet(max(days))
        return self.answer.not_yet

    @property
    def amount_then(self) -> Decimal | None:
        """What it brings on that day."""
        waits = self.turn is not None or self.opens_on is not None
        return self.answer.amount if waits and self.answer.amount else self.answer.amount_then

    @property
    def turn_words(self) -> str:
        """What the person has to become first, and when; empty where nothing."""
        if self.turn is None:
            return ""
        return gettext("After %(turn)s on %(day)s") % {"turn": text(self.turn.label), "day": day_words(self.turn.day)}

    @property
    def first(self) -> str:
        """What has to be got before it, and what may be done then (先办执照，再申报); empty where nothing has to be."""
        return first_words(self.answer.first_steps or self.answer.steps_then, self.version.grant)

    @property
    def failing(self) -> list[ConditionAnswer]:
        """The conditions that stand in the way."""
        return [condition for condition in self.answer.conditions if condition.verdict is False]

    @property
    def is_close(self) -> bool:
        """Whether one figure is in the way, by a distance that can be said (差一点); what one is has no distance."""
        return self.answer.near and self.failing[0].distance is not None

    @property
    def is_short(self) -> bool:
        """Whether a figure that was said falls short (还差5家): no answer that is still open can turn it today.

        What only follows from having no business yet (0 months of it) comes with the business, and is no shortfall.
        """
        short = {condition.fact for condition in self.failing if condition.distance is not None}
        return bool(self.answer.awaited) and not short.isdisjoint(self.said)

    @property
    def is_errand(self) -> bool:
        """Whether it is a service (办事便利) that no office decides on."""
        return self.answer.kind == "process"

    @property
    def has_next_step(self) -> bool:
        """Whether something can be done about it at an office: now, later, or by asking there."""
        is_due = self.is_had or self.not_yet is not None
        return is_due or bool(self.version.manual or self.unsure)

    @property
    def until(self) -> str:
        """Until when: by the window, else by the end of the rule, else that no last day is known."""
        if self.answer.opening is not None and (words := opening_words(self.answer.opening)):
            return words
        ends = self.version.valid_to
        if ends:
            return gettext("until %(day)s") % {"day": day_words(ends)}
        return gettext("no last day is known")

    @property
    def papers(self) -> tuple[Text, ...]:
        """The papers to bring, but those that are for others (企业：… for a person)."""
        person = self.answer.board.value("is_person")
        others = {True: "企业：", False: "个人："}.get(person) if isinstance(person, bool) else None
        labels = (paper.label for paper in self.version.documents)
        return tuple(label for label in labels if not (others and label.zh.startswith(others)))

    @property
    def place(self) -> Place:
        """Where it is done: the nearest office, and the hot line that knows about it."""
        return self.directory.place_of(self.measure)

    @property
    def open_facts(self) -> tuple[str, ...]:
        """The facts that its verdict waits for, or, of a refusal, the word on whether it turns."""
        return self.answer.missing or self.answer.awaited

    @property
    def decider(self) -> str:
        """The one fact that would decide it, where a single one would."""
        return self.open_facts[0] if len(self.open_facts) == 1 else ""


@dataclass(frozen=True, slots=True)
class Coming:
    """A refusal that will turn, as the search for the best combination reads it on that day."""

    version: str
    status: Status
    amount: Decimal | None
    unit: str
    kind: str

    @classmethod
    def of(cls, found: Found) -> Coming:
        """What a refusal will be."""
        answer = found.answer
        return cls(answer.version, Status.ELIGIBLE, found.amount_then, answer.unit, answer.kind)


@dataclass(frozen=True)
class Result:
    """Everything a result page shows."""

    profile: Profile
    lived: Lived
    spoken: tuple[CheckUpAnswer, ...]
    pending: LifePage | None
    answers: list[Answer]
    given: list[CheckUpAnswer]
    presets: frozenset[str]
    eligible: list[Found]
    rows: list[Found]
    later: list[Found]
    awaited: list[Found]
    near: list[Found]
    undecided: list[Found]
    manual: list[Found]
    refused: list[Found]
    ended: list[Found]
    """What was in force within the last two years, and is no more."""
    aside: list[Found]
    unclear: list[Found]
    """What a copy does not decide because an answer that it was made without may set it aside."""
    bundle: Bundle
    at_once: tuple[Sum, ...]
    """The sums of what nothing has to be got for first; like ``after`` and ``ahead`` without what rests on a wish."""
    after: tuple[Sum, ...]
    """What a licence or a certificate that is still to be got adds to them."""
    ahead: tuple[Sum, ...]
    """What comes on top of the sums later: each kind and period by itself, what excludes each other once."""
    ahead_taken: frozenset[str]
    """The measures whose sums those are: of several that exclude each other the one that is taken."""
    question: Question | None
    wished: str
    """The sum of the loan that the visitor came for, while it is only assumed; empty where it is not."""

    @property
    def assumptions(self) -> list[str]:
        """What is assumed and what a row shown as had, now or later, hangs on; what no row needs is no assumption."""
        needed = {name for found in (*self.eligible, *self.later) for name in found.assumptions}
        return [name for name in self.lived.assumed if name in needed]

    @property
    def due(self) -> list[Found]:
        """What is due or claimed without an examination (可享受、可申领)."""
        return [found for found in self.rows if found.version.grant in DUE and not found.first]

    @property
    def open_to(self) -> list[Found]:
        """What one may apply or compete for (可申报、可参评)."""
        return [found for found in self.rows if found.version.grant in OPEN_TO and not found.first]

    @property
    def after_first(self) -> list[Found]:
        """What one may have or apply for once something else is got (先办再申报): a licence, a certificate."""
        return [found for found in self.rows if found.first and found.version.grant is not Grant.DISCRETION]

    @property
    def by_office(self) -> list[Found]:
        """What a department decides (由部门决定), whether its conditions are met or only a person can judge them."""
        chosen = [found for found in self.rows if found.version.grant is Grant.DISCRETION]
        return chosen + [found for found in self.manual if not found.is_errand]

    @property
    def errands(self) -> list[Found]:
        """How to get things done (办事时用得上): what is a way to an office, and nothing to be had."""
        return [found for found in self.manual if found.is_errand and not found.answer.missing]

    @property
    def open(self) -> list[Found]:
        """What waits for answers (待定): the verdict does, or the word on whether a refusal turns."""
        return [*self.undecided, *self.awaited]

    @property
    def with_days(self) -> list[Found]:
        """What has days to keep: what may be had now or later, and what waits for answers or for a department."""
        return [*self.eligible, *self.later, *self.open, *(found for found in self.manual if not found.is_errand)]

    @property
    def one_away(self) -> list[Found]:
        """What one answer would decide."""
        return [found for found in self.open if found.decider]

    @property
    def unsure(self) -> list[Found]:
        """What waits for several answers, one of which the visitor did not know."""
        return [found for found in self.open if found.unsure and not found.decider]

    @property
    def closes_next(self) -> Found | None:
        """What is open or waits for an answer and closes within two months, the nearest last day first."""
        last = self.profile.as_of + SOON
        rows = (*self.due, *self.open_to, *self.after_first, *self.open)
        return min(
            (found for found in rows if found.closes_on is not None and found.closes_on <= last),
            key=lambda found: found.closes_on or date.max,
            default=None,
        )

    @property
    def more_away(self) -> list[Found]:
        """What several answers would decide that were not asked."""
        return [found for found in self.open if not found.decider and not found.unsure]

    @property
    def unclear_count(self) -> int:
        """How many measures a copy does not decide for want of an answer that may set them aside."""
        return len(self.unclear)

    @property
    def unfit(self) -> list[Found]:
        """What does not fit: what is refused for good, what is over, and what the visitor neither does nor wants."""
        return [*self.refused, *self.ended, *self.aside]

    @property
    def left(self) -> list[dict[str, object]]:
        """What cannot be had beside the rest: the measure, why, and where that was read."""
        found = {f.measure.id: f for f in self.eligible}
        return [
            {"title": found[left.measure].measure.title, "because": left.because, "source": source_of(found, left)}
            for left in self.bundle.left
        ]

    @property
    def counts(self) -> list[tuple[str, int]]:
        """How many measures one may have, by the word that is true of each: 可享受 2, 可申报 1."""
        return count_grants(found.version.grant for found in self.rows if found not in self.after_first)

    @property
    def sums(self) -> list[dict[str, Any]]:
        """What can be added up: each kind and each period by itself, and whose it is where it is a team's."""
        units = {per: unit for unit, per in PERIODS.items()}
        whose = {
            (f.answer.kind, f.answer.per): f.version.benefit.whose for f in self.rows if f.version.benefit.whose.zh
        }
        return [
            {
                "kind": s.kind,
                "unit": units[s.per],
                "amount": s.amount,
                "sure": s.sure,
                "whose": whose.get((s.kind, s.per)),
            }
            for s in self.bundle.sums
        ]

    @property
    def rights(self) -> int:
        """How many rights without a price are in the best combination."""
        return self.bundle.counts.get("right", 0)

    @property
    def asked(self) -> int:
        """How many questions were answered after the first page; what that page says was not asked."""
        return len(self.spoken) + sum(answer.fact not in self.presets for answer in self.given)

    @property
    def has_list(self) -> bool:
        """Whether anything is there to be had, now or later."""
        return bool(self.due or self.open_to or self.after_first or self.by_office or self.later)

    @property
    def enough(self) -> int:
        """How many questions are asked at most unless more are wished: ten, or those of the pages and of the wish."""
        return max(ENOUGH, sum(len(page.questions) for page in self.lived.pages) + bool(self.wished))

    def is_over(self, most: int = ENOUGH) -> bool:
        """Whether as many questions were answered as a person wished to answer."""
        return self.asked >= max(most, self.enough)


def source_of(found: Mapping[str, Found], left: Left) -> Text | None:
    """Where it says that two measures exclude each other: at the one, or at the other."""
    versions = [found[name].version for name in (left.measure, *left.by) if name in found]
    return next((v.exclusion_source for v in versions if v.exclusion_source.zh), None)


def is_shut(answer: Answer) -> bool:
    """Whether the conditions of a measure are met and one may not apply on the day: not yet, or no more."""
    return answer.status == "eligible" and answer.opening is not None and answer.opening.is_shut


def months_before(day: date, months: int) -> date:
    """The same day some months ago; the first day of the calendar where there is none."""
    found = add_months(day, -months)
    return found if isinstance(found, date) else date.min


def list_opened(pack: Pack, want: str) -> frozenset[str]:
    """The measures that are not set aside for who came to do what they are for, though it is not done yet."""
    if not any(one.id == want and one.opens for one in pack.wants):
        return frozenset()
    return frozenset(measure.id for measure in pack.measures.values() if want in measure.wants)


def concerns(measure: Measure, audiences: frozenset[str]) -> bool:
    """Whether a measure is for one of those whom the visitor is; models of other provinces never are."""
    return not measure.model and (not audiences or not measure.audience or not audiences.isdisjoint(measure.audience))


def result_of(checkup: CheckUp, by: Answers | None = None) -> Result:
    """Judge every measure that concerns the visitor."""
    engine = current_engine()
    pack = engine.pack
    rows = [] if by else list(checkup.answers.all())
    given = by.given if by else [row for row in rows if not is_life(row)]
    spoken = by.life if by else tuple(row for row in rows if is_life(row))
    raw, life = by.raw if by else read_answers(pack, given), life_of(checkup, spoken)
    marks = (by.marks if by else {row.fact for row in rows}) if checkup.shared else frozenset[str]()
    withheld = list_withheld(pack, marks) if checkup.shared else ()
    possible = list_possible(pack, marks)
    life = {name: said for name, said in life.items() if name != "who"} if possible else life  # not none: not told
    lived = judge_life(engine, raw, life, as_of=checkup.as_of, region=checkup.region, withheld=withheld)
    unclear, quiet = list_unclear(pack, lived, life, withheld) if withheld else set(), lived.aside
    audiences = lived.audiences | possible
    lived = replace(lived, aside=(lived.aside - list_opened(pack, checkup.want)) | unclear, audiences=audiences)
    profile = lived.profile
    every, offices = engine.judge_all(profile), Directory(checkup.region)
    answers = useful_order(a for a in every if concerns(a.plan.measure, lived.audiences))
    open_answers = [a for a in answers if not is_aside(a, lived) and (a.measure not in quiet or a.status == "eligible")]
    said = tuple(name for name, value in raw.items() if value is not None and pack.facts[name].type.numeric)
    said += tuple(name for name, repeats in lived.worked_out.items() if not repeats)
    unknown = frozenset(row.fact for row in given if row.state == row.State.UNKNOWN)
    of_all: dict[str, Any] = {"assumed": lived.suppositions, "said": said, "unknown": unknown}
    found = sorted(
        (Found(*pack.versions[a.version], a, offices, **of_all) for a in answers),
        key=lambda f: (-worth_to(f, checkup), not wanted(f, checkup)),
    )
    on_offer = [answer for answer in answers if not is_shut(answer)]
    bundle = best_bundle(pack, on_offer)
    loan_sums = list_loan_sums(found)
    wishes = {f.measure.id for f in found if not loan_sums.isdisjoint(f.assumptions)}
    sure = [answer for answer in on_offer if answer.measure not in wishes]
    sure_bundle = best_bundle(pack, sure) if wishes else bundle
    at_once = sums_at_once(pack, sure, sure_bundle)
    apart = words_apart({f.measure.id: text(f.measure.title) for f in found}, bundle)
    viewed = [f for f in found if not is_aside(f.answer, lived)]
    later = [f for f in viewed if f.not_yet is not None]
    awaited = [f for f in viewed if f.answer.awaited and f.answer.not_yet is None and not f.is_short]
    turned = list_turned(engine, raw, life, lived, region=checkup.region, withheld=withheld)
    held = {f.measure.id for f in viewed if f.answer.status != "not_eligible" or f in later or f in awaited} | unclear
    later += list_found_then(turned, offices, held)
    later.sort(key=not_yet_key)
    found, later, awaited = (put_closing_first(rows, checkup.as_of) for rows in (found, later, awaited))
    viewed = [f for f in found if not is_aside(f.answer, lived)]
    waiting = {f.measure.id for f in (*later, *awaited)}
    refused = [f for f in viewed if (f.answer.status == "not_eligible" or f.is_missed) and f.measure.id not in waiting]
    ahead = bundle_ahead(pack, on_offer, bundle, later)
    then = words_apart({f.measure.id: text(f.measure.title) for f in (*found, *later)}, ahead)
    loan_sums |= list_loan_sums(later)
    sure_later = [f for f in later if loan_sums.isdisjoint(f.assumptions)]
    sure_ahead = ahead if not wishes and sure_later == later else bundle_ahead(pack, sure, sure_bundle, sure_later)
    prefer = {f.measure.id for f in found if checkup.want and wanted(f, checkup)}
    eligible = [replace(f, beside=apart.get(f.measure.id, "")) for f in found if f.is_had]
    return Result(
        profile=profile,
        lived=lived,
        spoken=spoken,
        pending=find_pending(lived, [*given, *spoken]),
        answers=answers,
        given=given,
        presets=frozenset(f for a in pack.audiences if a.id == checkup.who for f in a.facts),
        eligible=eligible,
        rows=fold_rivals(eligible, bundle),
        later=fold_rivals((replace(f, beside=then.get(f.measure.id, "")) for f in later), ahead, FAMILY),
        awaited=awaited,
        near=[f for f in refused if f.is_close or f.is_short],
        undecided=[f for f in viewed if f.answer.status == "undetermined" and not f.version.manual],
        manual=[f for f in viewed if f.version.manual and f.answer.status == "undetermined"],
        refused=[f for f in refused if not (f.is_close or f.is_short)],
        ended=[
            Found(*pack.versions[a.version], a, offices, **of_all)
            for a in engine.judge_ended(profile, since=months_before(checkup.as_of, ENDED))
            if concerns(a.plan.measure, lived.audiences) and a.measure not in lived.aside
        ],
        aside=[f for f in found if is_aside(f.answer, lived) and f.measure.id not in waiting | unclear],
        unclear=[f for f in found if is_aside(f.answer, lived) and f.measure.id in unclear],
        bundle=bundle,
        at_once=at_once,
        after=subtract_sums(sure_bundle.sums, at_once),
        ahead=subtract_sums(sure_ahead.sums, sure_bundle.sums),
        ahead_taken=frozenset(f.measure.id for f in sure_later if f.brings_money and f.measure.id in sure_ahead.taken),
        question=next_question(engine, profile, open_answers, skip={a.fact for a in given}, prefer=prefer),
        wished=find_wished(
            [f for f in eligible if f.measure.id in prefer or not checkup.want], {a.fact for a in given}
        ),
    )


def list_found_then(
    turned: Iterable[tuple[Turned, Lived, list[Answer]]], offices: Directory, held: Collection[str]
) -> list[Found]:
    """What comes with what the person becomes, and is neither had nor open nor ahead today (``held``)."""
    pack, found = current_pack(), dict[str, Found]()
    for turn, lived, answers in turned:
        for answer in answers:
            if answer.measure in held or not concerns(answer.plan.measure, lived.audiences) or is_aside(answer, lived):
                continue
            one = Found(*pack.versions[answer.version], answer, offices, turn=turn, assumed=lived.suppositions)
            if one.not_yet is not None and not one.version.manual:
                found.setdefault(answer.measure, one)
    return list(found.values())


def list_loan_sums(rows: Iterable[Found]) -> set[str]:
    """The sums of loans that nobody asked for and that are only reckoned with: what rests on them is not promised."""
    facts = current_pack().facts
    named = (name for found in rows if found.answer.kind == "loan" for name in found.assumptions)
    return {name for name in named if facts[name].type is FactType.MONEY}


def find_wished(wanted: Iterable[Found], said: Collection[str]) -> str:
    """The sum of a loan among what is wanted that was assumed and never asked; empty where there is none."""
    return next((name for name in sorted(list_loan_sums(wanted)) if name not in said), "")


def fold_rivals(rows: Iterable[Found], bundle: Bundle, rules: Collection[str] = RIVALRY) -> list[Found]:
    """The rows of what is taken, each with what is left out for its sake; what a ceiling leaves out stays a row."""
    by_name = {found.measure.id: found for found in rows}
    behind = {left.measure: left.by[0] for left in bundle.left if left.by and left.rule in rules}
    behind = {name: by for name, by in behind.items() if name in by_name and by in by_name}
    folded: dict[str, list[Found]] = {}
    for name, by in behind.items():
        other = by_name[name]
        folded.setdefault(by, []).append(replace(other, beside=words_instead(by_name[by].answer, other.answer)))
    kept = [found for name, found in by_name.items() if name not in behind]
    return [replace(found, instead=tuple(folded.get(found.measure.id, ()))) for found in kept]


def sums_at_once(pack: Pack, answers: list[Answer], bundle: Bundle) -> tuple[Sum, ...]:
    """The sums of what may be had without getting a licence or a certificate first."""
    ready = [answer for answer in answers if not answer.first_steps]
    return bundle.sums if len(ready) == len(answers) else best_bundle(pack, ready).sums


def bundle_ahead(pack: Pack, answers: list[Answer], bundle: Bundle, later: list[Found]) -> Bundle:
    """The best combination once days have passed and deeds are done."""
    coming = [Coming.of(found) for found in later if found.amount_then]
    return best_bundle(pack, [*answers, *coming]) if coming else bundle


def subtract_sums(every: Iterable[Sum], part: Iterable[Sum]) -> tuple[Sum, ...]:
    """What the one sums hold beyond the others, by kind and period."""
    held = {(s.kind, s.per, s.sure): s.amount for s in part}
    rest = (replace(s, amount=s.amount - held.get((s.kind, s.per, s.sure), ZERO)) for s in every)
    return tuple(s for s in rest if s.amount > 0)


def worth_to(found: Found, checkup: CheckUp) -> Decimal:
    """What a measure is worth to the visitor; what they came for counts three times."""
    return worth_of(found.answer) * (WANTED if checkup.want and wanted(found, checkup) else 1)


def is_aside(answer: Answer, lived: Lived) -> bool:
    """Whether a measure is for what the visitor neither does nor wants; what they may have anyway stays in view."""
    return answer.measure in lived.aside and answer.status != "eligible"


def not_yet_key(found: Found) -> tuple[int, date, int]:
    """A known sum before money without one and before the rest; of each what comes first, and needs the least deeds."""
    rank = 0 if found.amount_then else 1 if text(found.version.benefit.in_words) else 2
    not_yet = found.not_yet
    return (rank, not_yet.day, len(not_yet.deeds)) if not_yet else (rank, date.max, 0)


def put_closing_first(rows: list[Found], today: date) -> list[Found]:
    """Put what closes within two months first, the nearest last day at the top; the rest keeps its order."""
    return sorted(rows, key=lambda found: min(found.closes_on or date.max, today + SOON))


def wanted(found: Found, checkup: CheckUp) -> bool:
    """Whether a measure is what the visitor came for."""
    if not checkup.want or checkup.want in found.measure.wants:
        return True
    themes = next((want.themes for want in current_pack().wants if want.id == checkup.want), ())
    return not set(themes).isdisjoint(found.measure.themes)
