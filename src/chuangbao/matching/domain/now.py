"""One subject judged at once (即时判定): what the rules give it by what is known now; nothing of it is kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chuangbao.core.access.permissions import permit
from chuangbao.core.engine.current import current_engine, current_pack
from chuangbao.facts.domain.effects import concerns
from chuangbao.facts.domain.granted import award_facts
from chuangbao.facts.domain.standing import holdings, raw_of
from chuangbao.facts.domain.subjects import audiences_of
from chuangbao.facts.permissions import is_concerned
from chuangbao.rules.answers import Status
from chuangbao.rules.questions import useful_order

if TYPE_CHECKING:
    from datetime import date

    from chuangbao.core.access.actors import Actor
    from chuangbao.facts.models import Subject
    from chuangbao.rules.judgement import Answer

__all__ = ["judge_now"]


def judge_now(*, subject: Subject, day: date, actor: Actor) -> list[Answer]:
    """What a subject is entitled to on a day by everything known of it, the most useful first.

    Raises PermissionDenied for everybody but whom it concerns.
    """
    permit(is_concerned, actor=actor, row=subject)
    raw = raw_of(holdings(subject, day=day, actor=actor, why="own page"))
    granted = award_facts(subject, day=day, actor=actor, why="own page")
    engine, region = current_engine(), subject.region_id or current_pack().region
    answers = engine.judge_all(engine.profile({**raw, **granted}, as_of=day, region=region))
    audiences = audiences_of(subject, raw)
    return [
        answer
        for answer in useful_order(answers)
        if answer.status is Status.ELIGIBLE
        and not answer.plan.measure.model
        and concerns(answer.plan.measure, audiences)
    ]
