"""The check-up never ends while one answer would decide something in view, and it does end."""

from __future__ import annotations

import importlib
from pathlib import Path

import pytest

from chuangbao.rules import Engine
from chuangbao.rules.questions import next_question
from keptpack import load_house_pack

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
MOST = 150


@pytest.fixture(scope="module")
def interview():
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        yield importlib.import_module("interview")


@pytest.fixture(scope="module")
def engine(interview):
    return Engine(load_house_pack())


def ask_until_nothing_is_left(interview, engine, made):
    """Answer every question, each third with 不知道; the last verdicts, what was not known, and how many were asked."""
    known, skipped = dict(interview.start_facts(engine, made.who)), set()
    for count in range(MOST):
        here = interview.stand(engine, known, made.life, lifelike=True)
        answers = here.answers
        question = next_question(engine, here.profile, answers, skip=skipped)
        if question is None:
            return answers, skipped, count
        if count % 3 == 2 or question.fact not in made.facts:
            skipped.add(question.fact)
        else:
            known[question.fact] = made.facts[question.fact]
    return answers, skipped, MOST


@pytest.mark.parametrize("who", ["student", "company", "individual_business"])
def test_nothing_is_left_that_one_answer_would_decide(interview, engine, who):
    made = interview.make_life(engine, who, interview.throw_dice("end"))
    answers, skipped, count = ask_until_nothing_is_left(interview, engine, made)
    left = {a.measure: a.missing for a in answers if len(a.missing) == 1 and not skipped.issuperset(a.missing)}
    assert left == {}, made.life
    assert count < MOST, "it ends"
