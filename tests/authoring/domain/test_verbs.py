"""The verbs of the desk: each says no where it must, and then nothing has changed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

import factories
from chuangbao.authoring.domain import documents, telling
from chuangbao.authoring.domain.authored import move_on, publish_text, retire_text
from chuangbao.authoring.domain.comments import add_comment
from chuangbao.authoring.domain.drafts import (
    begin_draft,
    discard_draft,
    keep_copy,
    register_measure,
    return_draft,
    save_draft,
    submit_draft,
    withdraw_draft,
)
from chuangbao.authoring.domain.interpretations import begin_interpretation, revise_interpretation, save_interpretation
from chuangbao.authoring.domain.listing import list_measure
from chuangbao.authoring.domain.openings import openings
from chuangbao.authoring.domain.publish import publish_version, retire_version
from chuangbao.authoring.domain.skeleton import begin_measure, begin_revision
from chuangbao.authoring.domain.telling import Watched
from chuangbao.authoring.models import WorkingCopy
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.access.row_access import visible
from chuangbao.core.engine import current
from chuangbao.core.engine.current import current_engine, current_pack, use_newest_engine
from chuangbao.core.jobs.jobs import carry_out
from chuangbao.core.models import Job, Notice
from chuangbao.core.workflow.proposals import propose
from chuangbao.core.workflow.refusals import Refused
from chuangbao.policies.domain import samples
from chuangbao.policies.domain.departments import aliases, department_name, is_named_in
from chuangbao.policies.domain.overlay import Register, measure_of, move_stamp
from chuangbao.policies.domain.reading import read_text
from chuangbao.policies.domain.subscribe import subscribe, unsubscribe
from chuangbao.policies.models import (
    Entry,
    Interpretation,
    MeasureVersion,
    RegisteredDocument,
    RegisterStamp,
    Subscription,
)
from chuangbao.rules.trial import Sample
from measuretext import REF, text_of

pytestmark = pytest.mark.usefixtures("regions")
DAY = date(2026, 1, 1)
SEED = "jilin-2015-31"
TEXT = "关于软件的通知\n\n一、补贴\n\n（一）软件。对软件给予适当补贴。由科技局负责。\n\n（二）人才。引进人才。\n"


@pytest.fixture
def document(author):
    text, parsed = read_text(TEXT)
    return documents.bring_document(ref="cc-1", text=text, parsed=parsed, actor=author)


def published(draft, author, reviewer, day=DAY):
    return publish_version(version=submit_draft(draft=draft, actor=author), valid_from=day, actor=reviewer)


def retired(row, reviewer):
    proposal = factories.proposed(row, "retire", reviewer, valid_to=timezone.localdate())
    return retire_version(version=row, proposal=proposal, actor=reviewer)


def refusal(call, /, **given):
    with pytest.raises(Refused) as found:
        call(**given)
    return found.value


# drafts


def test_a_measure_enters_the_register_once_and_by_its_own_office(author):
    given = {"ref": "a-1", "region": factories.COUNTY, "department": "科技"}
    first = register_measure(**given, actor=author)
    assert register_measure(**given, actor=author) == first
    with pytest.raises(PermissionDenied):
        register_measure(**given, actor=factories.officer("policy_editor", department="税务"))


def test_a_text_that_cannot_be_read_keeps_the_title_it_had(draft, author):
    assert save_draft(draft=draft, content="a: [", revision=1, actor=author).title == "小奖励V1"


def test_a_text_longer_than_a_version_is_refused(draft, author):
    assert refusal(save_draft, draft=draft, content="x" * 200_001, revision=1, actor=author).code == "too_long"


def test_a_copy_is_ones_own_and_goes_when_the_draft_is_saved(draft, author):
    assert keep_copy(draft=draft, content=draft.content, revision=1, actor=author) is None
    keep_copy(draft=draft, content="x", revision=1, actor=author)
    assert visible(WorkingCopy, to=author).count() == 1
    assert visible(WorkingCopy, to=factories.officer("policy_editor")).count() == 0
    assert visible(WorkingCopy, to=replace(author, person_id=None)).count() == 0
    save_draft(draft=draft, content="x", revision=1, actor=author)
    assert WorkingCopy.objects.count() == 0


@pytest.mark.parametrize(
    ("content", "code"),
    [
        ("a: [", "not_readable"),
        (text_of(ref="other"), "other_measure"),
        (text_of().replace("amount: 1000}", "amount: 1001}"), "example_fails"),
    ],
)
def test_what_does_not_hold_is_not_submitted(measure, author, content, code):
    draft = begin_draft(measure=measure, content=content, actor=author)
    assert refusal(submit_draft, draft=draft, actor=author).code == code
    draft.refresh_from_db()
    assert draft.stage == "draft"


def test_an_author_takes_back_and_discards(draft, author):
    waiting = submit_draft(draft=draft, actor=author)
    assert withdraw_draft(version=waiting, actor=author).stage == "draft"
    assert refusal(discard_draft, version=draft, reason="", actor=author).field == "reason"
    assert discard_draft(version=draft, reason="重复", actor=author).stage == "discarded"


def test_a_comment_is_for_colleagues_and_not_empty(draft, author):
    assert add_comment(row=draft, text="好", condition="staff", actor=author).condition == "staff"
    assert refusal(add_comment, row=draft, text=" ", actor=author).field == "text"
    with pytest.raises(PermissionDenied):
        add_comment(row=draft, text="x", actor=factories.officer("policy_editor", region=factories.NEIGHBOUR))


def test_a_name_that_is_published_is_not_taken_twice(measure, author, reviewer, draft):
    published(draft, author, reviewer)
    second = submit_draft(draft=begin_draft(measure=measure, content=text_of(figure=20), actor=author), actor=author)
    later = date(2026, 6, 1)
    with pytest.raises((Refused, IntegrityError)), transaction.atomic():
        publish_version(version=second, valid_from=later, actor=reviewer)
    other = begin_draft(measure=measure, content=text_of("REWARD-50"), actor=author)
    waiting = submit_draft(draft=other, actor=author)
    assert refusal(publish_version, version=waiting, valid_from=later, actor=reviewer).code == "name_taken"
    waiting.refresh_from_db()
    assert waiting.stage == "in_review"


# the engine


def test_a_publication_is_in_the_engine_from_its_day_and_outside_of_requests_the_files_stand(draft, author, reviewer):
    published(draft, author, reviewer)
    assert REF not in current_pack().measures
    with use_newest_engine():
        found = current_pack().measures[REF]
        assert current_engine() is current_engine()
        profile = current_engine().profile({"employees_avg": 5}, as_of=DAY, region=factories.COUNTY)
        assert str(current_engine().judge(profile, REF).status) == "eligible"
    assert found.version_at(date(2025, 12, 31)) is None
    with use_newest_engine():
        assert current_engine().pack.measures[REF] is found


def test_only_the_two_newest_engines_are_kept(draft, author, reviewer):
    published(draft, author, reviewer)
    for _round in range(3):
        move_stamp()
        with use_newest_engine():
            current_engine()
    assert len(current.laid) <= current.KEPT


def test_an_empty_register_costs_no_engine():
    assert Register().stamp() == ""
    with use_newest_engine():
        assert current_engine() is current.engine_of(current.Path(current.settings.PACK_DIR))
    assert RegisterStamp.objects.count() == 0


def test_a_version_that_cannot_be_read_any_more_is_left_out(draft, author, reviewer):
    row = published(draft, author, reviewer)
    row.content = "a: ["
    assert measure_of(current_pack(), REF, [row]) is None


def test_two_lines_of_versions_are_one(measure, draft, author, reviewer):
    published(draft, author, reviewer)
    second = begin_draft(measure=measure, content=text_of("V2", 20), actor=author)
    published(second, author, reviewer, date(2026, 7, 1))
    with use_newest_engine():
        found = current_pack().measures[REF]
    assert [(v.version, v.valid_to) for v in found.versions] == [("V1", date(2026, 6, 30)), ("V2", None)]


# beginning


def values(**more):
    return {"ref": "n-1", "title": "新", "clause": "2.5.5", "subject": "enterprise", "kind": "subsidy", **more}


def test_a_new_measure_has_a_name_of_its_own(author):
    draft = begin_measure(values=values(), valid_from=DAY, actor=author)
    assert draft.name == "n-1-2026"
    assert "themes:\n- subsidy\ndepartments:\n- science\n" in draft.content
    assert refusal(begin_measure, values=values(), valid_from=DAY, actor=author).field == "ref"
    assert refusal(begin_measure, values=values(ref="2.2.4-reward-50"), valid_from=DAY, actor=author).field == "ref"


def test_a_revision_needs_a_version_in_force_and_the_right_office(draft, author, reviewer):
    row = published(draft, author, reviewer)
    with use_newest_engine():
        again = begin_revision(ref=REF, day=DAY, actor=author)
        assert (again.based_on, again.name) == (row, "V1-20260101")
        retired(row, reviewer)
        assert refusal(begin_revision, ref=REF, day=timezone.localdate(), actor=author).code == "no_version"
    assert refusal(begin_revision, ref="nothing", day=DAY, actor=author).code == "no_measure"
    province = factories.officer("policy_editor", region=factories.PROVINCE, department="税务")
    assert refusal(begin_revision, ref="2.3.6-seed-nursery", day=DAY, actor=province).code == "other_department"


def test_a_measure_on_which_files_and_register_differ_is_not_revised(measure, monkeypatch):
    from chuangbao.authoring.domain import skeleton
    from chuangbao.authoring.domain.exchange import Conflict, Loaded

    monkeypatch.setattr(skeleton, "load_measure", lambda **_: Loaded(conflicts=[Conflict("x", "y")]))
    province = factories.officer("policy_editor", region=factories.PROVINCE)
    assert refusal(begin_revision, ref="2.3.6-seed-nursery", day=DAY, actor=province).code == "conflict"


# departments


def test_a_department_is_known_by_each_of_its_names():
    for name in ("science", "科技", "科技部门", "科技局", "省科技厅"):
        assert {"science", "科技", "科技部门", "市科技局"} <= aliases(name)
    assert "县种子站" in aliases("种子站")
    assert "science" not in aliases("种子站")
    assert aliases("") == aliases("")
    assert department_name("science") == "科技"
    assert department_name("seeds") == "seeds"
    assert is_named_in("科技部门", ["tax", "science"])
    assert not is_named_in("税务", ["science"])


# documents


def test_a_short_name_is_taken_once(document, author):
    text, parsed = read_text(TEXT)
    assert refusal(documents.bring_document, ref="cc-1", text=text, parsed=parsed, actor=author).field == "ref"
    assert refusal(documents.bring_document, ref=SEED, text=text, parsed=parsed, actor=author).field == "ref"


def test_clauses_are_guessed_and_corrected(document, author):
    kinds = dict(document.clauses.values_list("number", "kind"))
    assert (kinds["1.1"], kinds["1.2"]) == ("open", "")
    assert documents.guessed_kind("给予补贴") == "measure"
    clause = document.clauses.get(number="1.2")
    documents.edit_clause(clause=clause, values={"number": "1.9", "kind": "duty"}, revision=1, actor=author)
    assert document.clauses.get(number="1.9").kind == "duty"
    taken = {"clause": clause, "values": {"number": "1.1"}, "revision": 2, "actor": author}
    assert refusal(documents.edit_clause, **taken).field == "number"
    assert refusal(documents.edit_clause, **{**taken, "revision": 1}).code == "conflict"
    edited = documents.edit_document(document=document, values={"title": "新名"}, revision=2, actor=author)
    assert (edited.title, edited.number) == ("新名", document.number)


def test_the_tree_grows_and_shrinks(document, author):
    clause = document.clauses.get(number="1.1")
    assert refusal(documents.split_clause, clause=clause, sentence=9, revision=1, actor=author).field == "sentence"
    second = documents.split_clause(clause=clause, sentence=1, revision=1, actor=author)
    assert (clause.text, second.number) == (documents.sentences(clause.text)[0], "1.3")
    documents.merge_clause(clause=second, revision=2, actor=author)
    assert document.clauses.get(number="1.1").text.endswith("负责。")
    first = document.clauses.first()
    assert refusal(documents.merge_clause, clause=first, revision=3, actor=author).code == "no_clause_before"
    last = documents.add_clause(document=document, after=None, revision=3, actor=author)
    assert document.clauses.last() == last
    for row in list(document.clauses.all()):
        document.refresh_from_db()
        documents.remove_clause(clause=row, revision=document.revision, actor=author)
    document.refresh_from_db()
    assert refusal(move_on, row=document, verb="submit", actor=author).code == "no_clauses"
    only = documents.add_clause(document=document, after=None, revision=document.revision, actor=author)
    assert (only.number, only.level) == ("1", 1)
    only.number = "附"
    only.save()
    document.refresh_from_db()
    assert documents.add_clause(document=document, after=only, revision=document.revision, actor=author).number == "1"


def test_what_was_published_stays_and_ends_on_a_day(document, author, reviewer):
    move_on(row=document, verb="submit", actor=author)
    with pytest.raises(Refused):
        publish_text(row=document, valid_from=DAY, actor=author)
    row = publish_text(row=document, valid_from=DAY, actor=reviewer)
    assert refusal(documents.edit_document, document=row, values={}, revision=1, actor=author).code == "not_in_draft"
    for statement in ("UPDATE policies_registereddocument SET title = 'x'", "DELETE FROM policies_registeredclause"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    early = {"row": row, "verb": "retire", "valid_to": date(2025, 1, 1), "reason": "x", "actor": reviewer}
    assert refusal(propose, **early).code == "before_it_began"
    proposal = factories.proposed(row, "retire", reviewer, valid_to=timezone.localdate())
    assert retire_text(row=row, proposal=proposal, actor=reviewer).stage == "retired"


def test_a_move_that_needs_a_day_is_no_plain_move(document, author):
    with pytest.raises(ValueError, match="publish"):
        move_on(row=document, verb="publish", actor=author)


# explanations


def explained(author, **more):
    given = {"sort": "explanation", "document": SEED, "clause": "2.2.4", "title": "说明", "body": "正文", **more}
    return begin_interpretation(values=given, actor=author)


def test_an_explanation_hangs_on_something(author):
    assert refusal(explained, author=author, document="nothing").field == "document"
    assert refusal(explained, author=author, clause="9.9").field == "clause"
    row = explained(author, clause="")
    assert save_interpretation(row=row, values={"body": "新"}, revision=1, actor=author).revision == 2
    assert refusal(save_interpretation, row=row, values={}, revision=1, actor=author).code == "conflict"
    assert refusal(revise_interpretation, row=row, actor=author).code == "not_in_in_force"


def test_a_revision_ends_what_it_revises(author, reviewer):
    first = move_on(row=explained(author), verb="submit", actor=author)
    first = publish_text(row=first, valid_from=DAY, actor=reviewer)
    second = move_on(row=revise_interpretation(row=first, actor=author), verb="submit", actor=author)
    publish_text(row=second, valid_from=DAY, actor=reviewer)
    first.refresh_from_db()
    assert (first.stage, first.valid_to) == ("retired", DAY)
    third = move_on(row=explained(author), verb="submit", actor=author)
    Interpretation.objects.filter(pk=third.pk).update(based_on=first)
    third.refresh_from_db()
    assert publish_text(row=third, valid_from=DAY, actor=reviewer).stage == "in_force"


# subscriptions and telling


def told(who):
    return [n.event for n in Notice.objects.filter(person=who.person_id).order_by("pk")]


@pytest.mark.parametrize(
    ("topic", "value"),
    [("theme", "subsidy"), ("clause", "2.2.4"), ("document", SEED)],
)
def test_who_follows_is_told_of_a_publication_and_of_its_end(draft, author, reviewer, topic, value):
    who, other = factories.founder(), factories.founder()
    assert subscribe(topic=topic, value=value, actor=who) == subscribe(topic=topic, value=value, actor=who)
    row = published(draft, author, reviewer)
    retired(row, reviewer)
    assert told(who) == ["policies.published", "policies.ended"]
    assert told(other) == []
    unsubscribe(topic=topic, value=value, actor=who)
    assert Subscription.objects.count() == 0


def test_only_what_there_is_can_be_followed(author):
    for topic in ("department", "measure", "nonsense"):
        assert refusal(subscribe, topic=topic, value="nothing", actor=author).field == "value"
    stranger = replace(author, person_id=None)
    for verb in (subscribe, unsubscribe):
        with pytest.raises(PermissionDenied):
            verb(topic="theme", value="tax", actor=stranger)


def test_a_pack_without_themes_has_none_to_follow(author, monkeypatch):
    from chuangbao.policies.domain import subscribe as module

    monkeypatch.setattr(module, "current_pack", lambda: replace(current_pack(), codes={}))
    assert refusal(subscribe, topic="theme", value="tax", actor=author).code == "unknown_topic"


def test_followers_of_a_document_are_told_of_it_and_of_its_explanations(document, author, reviewer):
    who = factories.founder()
    subscribe(topic="document", value=SEED, actor=who)
    subscribe(topic="clause", value="2.2.4", actor=who)
    for clause in ("", "2.2.4"):
        row = move_on(row=explained(author, clause=clause), verb="submit", actor=author)
        publish_text(row=row, valid_from=DAY, actor=reviewer)
    assert told(who) == ["policies.explained", "policies.explained"]
    subscribe(topic="theme", value="tax", actor=who)
    RegisteredDocument.objects.update(themes=["tax"])
    publish_text(row=move_on(row=document, verb="submit", actor=author), valid_from=DAY, actor=reviewer)
    assert told(who)[-1] == "policies.document"


def test_reviewers_are_told_that_it_waits_and_the_author_why_it_came_back(draft, author, reviewer):
    elsewhere = factories.officer("policy_reviewer", region=factories.NEIGHBOUR)
    above = factories.officer("policy_reviewer", region=factories.CITY)
    waiting = submit_draft(draft=draft, actor=author)
    assert [told(who) for who in (reviewer, above, elsewhere, author)] == [
        ["policies.review"], ["policies.review"], [], [],
    ]  # fmt: skip
    return_draft(version=waiting, reason="看第二条", actor=reviewer)
    assert told(author) == ["policies.returned"]
    telling.on_return(MeasureVersion(author=None), reviewer, {})
    telling.on_version(MeasureVersion(content="a: ["), event="policies.ended", day=DAY, actor=reviewer)


@pytest.fixture
def people(monkeypatch):
    """Founders whose facts are known, as the context of facts knows them."""
    found = {name: factories.founder() for name in ("few", "many", "silent", "odd")}
    facts = {"few": {"employees_avg": 15}, "many": {"employees_avg": 99}, "silent": {}, "odd": {"nothing": 1}}
    known = [Watched(found[name].person_id, facts[name], factories.COUNTY) for name in found]
    monkeypatch.setattr(telling, "watchers", [lambda subject, _day: known if subject == "enterprise" else []])
    return found


def test_a_founder_whose_answer_a_new_version_changes_is_told_once(measure, draft, author, reviewer, people):
    published(draft, author, reviewer)
    first = Job.objects.get()
    carry_out(first.pk)
    assert {name: told(who) for name, who in people.items()} == {
        "few": [], "many": [], "silent": ["policies.undetermined"], "odd": [],
    }  # fmt: skip
    second = begin_draft(measure=measure, content=text_of("V2", 20), actor=author)
    published(second, author, reviewer, date(2026, 7, 1))
    job = Job.objects.exclude(pk=first.pk).get()
    carry_out(job.pk)
    job.refresh_from_db()
    assert (job.stage, job.result) == ("done", {"told": 1})
    assert told(people["few"]) == ["policies.eligible.apply"]
    Job.objects.filter(pk=job.pk).update(stage="running")
    carry_out(job.pk)
    assert told(people["few"]) == ["policies.eligible.apply"]


def test_a_version_that_cannot_be_read_tells_nobody(draft, author, reviewer, people, monkeypatch):
    published(draft, author, reviewer)
    monkeypatch.setattr(telling, "read_text", lambda _content: type("Nothing", (), {"measure": None}))
    carry_out(Job.objects.get().pk)
    assert Job.objects.get().result == {"told": 0}


def test_what_cannot_be_read_is_in_no_list(measure, author, reviewer):
    list_measure(measure)
    assert not Entry.objects.exists()
    MeasureVersion.objects.create(
        measure=measure, region_id=factories.COUNTY, department="科技", stage="in_force", content="a: [",
        valid_from=DAY, author_id=author.person_id, writers=[author.person_id], reviewer_id=reviewer.person_id,
    )  # fmt: skip
    assert Register().over(current_pack(), "x").measures == current_pack().measures
    assert visible(MeasureVersion, to=SYSTEM).count() == 1


# samples and openings


def test_a_sample_comes_from_who_knows_profiles_else_from_worked_cases(monkeypatch):
    assert len(samples.sample_profiles("enterprise", DAY)) > 100
    assert samples.sample_profiles("agency", DAY) == []
    mine = [Sample("1", {}, DAY)]
    monkeypatch.setattr(samples, "providers", [lambda _subject, _day: mine])
    assert samples.sample_profiles("enterprise", DAY) == mine


def test_an_opening_is_settled_when_a_rule_decides_it():
    found = {opening.clause.id: opening for opening in openings()}
    assert {ref: opening.settled for ref, opening in found.items()} == {"2.3.6": False, "2.5.5": False, "2.1.10": True}
    decided = [
        replace(measure, versions=tuple(replace(version, manual=None) for version in measure.versions))
        for measure in found["2.3.6"].measures
    ]
    assert replace(found["2.3.6"], measures=tuple(decided)).settled
