"""What must not be forgotten: a column that leads to a person, and a model without a scope, stop the start."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import EmailMessage

import factories
from chuangbao.cli import start
from chuangbao.core.access.row_access import SCOPES
from chuangbao.core.audit.log import KINDS, VERBS, VERBS_AGAIN, name_verbs
from chuangbao.core.completeness import columns_about_people, look_for_gaps, require_completeness
from chuangbao.core.contexts import CONTEXTS, load_contexts
from chuangbao.core.messaging.notifications import EVENTS, Event, name_people, title_of
from chuangbao.core.messaging.outbox import forget_letters, letters_to, queue_letters, unname_letters
from chuangbao.core.models import Letter, Notice, StoredFile
from chuangbao.core.privacy import HOLDINGS, KEPT_AS_NUMBER, holds_personal, keep_as_number
from chuangbao.core.storage.files import forget_unused, keep
from chuangbao.facts import context as facts_context
from chuangbao.facts.models import Fact


def gaps():
    return {(message.id, message.msg.split(" ")[0]) for message in look_for_gaps()}


def test_the_map_of_this_house_is_complete():
    assert look_for_gaps() == []
    assert len(columns_about_people()) >= 44  # a walk that finds nothing would find no gap either
    require_completeness()


@pytest.mark.parametrize("column", ["accounts.Membership.person", "portal.CheckUp.subject", "accounts.Invitation.email",
                                    "usersessions.UserSession.ip", "core.Letter.recipient"])  # fmt: skip
def test_a_column_that_nobody_accounts_for_is_named_and_nothing_starts(monkeypatch, column):
    for name, holding in HOLDINGS.items():
        left = tuple(c for c in holding.covers if c != column)
        monkeypatch.setitem(HOLDINGS, name, replace(holding, covers=left))
    assert gaps() == {("chuangbao.E020", column)}
    assert column in [message.msg.split(" ")[0] for message in run_checks(tags=["personal_data"])]
    with pytest.raises(ImproperlyConfigured, match=column):
        start.with_django()


def test_a_column_kept_without_a_reason_any_more_is_named(monkeypatch):
    monkeypatch.delitem(KEPT_AS_NUMBER, "policies.Simulation.author")
    assert gaps() == {("chuangbao.E020", "policies.Simulation.author")}


def test_a_column_accounted_for_twice_or_that_does_not_exist_is_named(monkeypatch):
    monkeypatch.setitem(KEPT_AS_NUMBER, "core.Job.person", "x")
    for wrong in ("core.Job.nobody", "core.Nothing.person", "nonsense"):
        monkeypatch.setitem(KEPT_AS_NUMBER, wrong, "x")
    assert gaps() == {
        ("chuangbao.E021", "core.Job.person"), ("chuangbao.E022", "core.Job.nobody"),
        ("chuangbao.E022", "core.Nothing.person"), ("chuangbao.E022", "nonsense"),
    }  # fmt: skip


def test_a_model_that_lost_its_scope_is_named(monkeypatch):
    monkeypatch.delitem(SCOPES, Notice)
    assert gaps() == {("chuangbao.E023", "core.Notice")}


def test_an_event_of_a_group_that_no_context_declares_is_named(monkeypatch):
    monkeypatch.setitem(EVENTS, "test.lost", Event("test.lost", "x", "y", "nowhere"))
    assert gaps() == {("chuangbao.E024", "test.lost")}


def test_a_workflow_that_no_context_declares_is_named(monkeypatch):
    context = CONTEXTS["facts"]
    left = {heading: life for heading, life in context.workflows.items() if life is not Fact.life}
    monkeypatch.setitem(CONTEXTS, "facts", replace(context, workflows=left))
    assert gaps() == {("chuangbao.E025", "facts.fact")}


def test_a_verb_and_a_kind_of_row_without_words_are_named(monkeypatch):
    monkeypatch.delitem(VERBS, "dispute")
    monkeypatch.delitem(KINDS, "facts.award")
    assert {(message.id, message.msg) for message in look_for_gaps()} == {
        ("chuangbao.E026", "facts.fact dispute has no words."),
        ("chuangbao.E026", "facts.award has no words."),
    }


def test_a_verb_that_is_declared_twice_with_other_words_is_named(monkeypatch):
    monkeypatch.setattr("chuangbao.core.audit.log.VERBS", dict(VERBS))
    again = list(VERBS_AGAIN)
    name_verbs("facts.fact", verify=VERBS["facts.fact verify"])
    assert gaps() == set()
    name_verbs("facts.fact", verify="Something else")
    assert gaps() == {("chuangbao.E027", "facts.fact")}
    VERBS_AGAIN[:] = again


def test_a_module_with_a_job_that_nothing_imports_is_named(monkeypatch):
    monkeypatch.delitem(sys.modules, "chuangbao.authoring.domain.bringing")
    assert gaps() == {("chuangbao.E028", "chuangbao.authoring.domain.bringing")}


@pytest.mark.parametrize("module", ["plans.desk", "simulations.desk", "booking.searching"])
def test_a_module_with_a_link_or_a_name_that_nothing_imports_is_named(monkeypatch, module):
    monkeypatch.delitem(sys.modules, f"chuangbao.{module}")
    assert gaps() == {("chuangbao.E028", f"chuangbao.{module}")}


def test_a_duty_that_no_post_can_hold_is_named(monkeypatch):
    duties = {"d" * 20: "刚好", "d" * 21: "太长"}
    monkeypatch.setitem(CONTEXTS, "facts", replace(CONTEXTS["facts"], duties=duties))
    assert gaps() == {("chuangbao.E029", "d" * 21)}


def test_a_module_that_cannot_be_imported_stops_the_start(monkeypatch):
    monkeypatch.setattr(facts_context, "CONTEXT", replace(CONTEXTS["facts"], registers=("nothing",)))
    before = dict(CONTEXTS)
    with pytest.raises(ModuleNotFoundError, match=r"chuangbao\.facts\.nothing"):
        load_contexts()
    CONTEXTS.update(before)


def test_declaring_adds_to_the_map(monkeypatch):
    monkeypatch.setattr("chuangbao.core.privacy.HOLDINGS", {})
    monkeypatch.setattr("chuangbao.core.privacy.KEPT_AS_NUMBER", {})
    from chuangbao.core import privacy

    holds_personal(HOLDINGS["account"])
    keep_as_number("x", "a.B.c")
    assert (list(privacy.HOLDINGS), privacy.KEPT_AS_NUMBER) == (["account"], {"a.B.c": "x"})


def test_a_file_that_something_points_to_is_not_forgotten(regions):
    from chuangbao.facts.domain.stating import state
    from chuangbao.facts.domain.subjects import subject_of

    actor = factories.founder()
    used, loose = (keep(upload=factories.upload(), actor=actor, purpose="x") for _ in range(2))
    state(subject=subject_of(actor), name="expand_hires", value=1, actor=actor, evidence=used)
    assert forget_unused([used.pk, loose.pk]) == 1
    assert list(StoredFile.objects.all()) == [used]


@pytest.mark.django_db
def test_letters_are_found_by_address_and_lose_a_name(settings, tmp_path):
    settings.EMAIL_FILE_PATH = str(tmp_path / "none")
    queue_letters([EmailMessage("王小明已加入", "内容", None, ["B@example.org"]), EmailMessage("x", "王小明", None, ["a@example.org"]),
             EmailMessage("x", "y", None, ["c@example.org"])])  # fmt: skip
    assert [row.recipient for row in letters_to({"b@example.org"})] == ["B@example.org"]
    assert unname_letters("王小明", "某人") == 2
    assert sorted((row.subject, row.body) for row in Letter.objects.all()) == [
        ("x", "y"), ("x", "某人"), ("某人已加入", "内容"),
    ]  # fmt: skip
    assert forget_letters({"b@example.org", "c@example.org"}) == 2
    assert [row.recipient for row in Letter.objects.all()] == ["a@example.org"]


@pytest.mark.django_db
def test_letters_in_the_mail_folder_go_and_those_to_others_stay(settings, tmp_path):
    from django.core.mail import get_connection

    settings.EMAIL_FILE_PATH = str(tmp_path)
    one, other = (EmailMessage("x", "y", None, [f"王 <{to}@example.org>"]) for to in ("one", "other"))
    for letters in ([one], [other], [one, other]):
        get_connection("django.core.mail.backends.filebased.EmailBackend").send_messages(letters)
    assert forget_letters({"one@example.org"}) == 2
    left = [file.read_text(encoding="utf-8") for file in tmp_path.iterdir()]
    assert "".join(left).count("other@example.org") == 2
    assert "one@example.org" not in "".join(left)


@pytest.mark.django_db
def test_a_notice_takes_the_name_when_it_is_shown(django_assert_num_queries):
    who, reader = factories.person("王小明"), factories.person()
    rows = [Notice(person=reader, event="member.joined", data={"person": who.pk}) for _ in range(3)]
    with django_assert_num_queries(1):
        name_people(rows)
        assert {title_of(row) for row in rows} == {"王小明 已加入"}
    with django_assert_num_queries(0):
        name_people([Notice(person=reader, event="x")])
    nobody = Notice(person=reader, event="member.joined", data={"person": 0})
    assert title_of(nobody) == " 已加入"


@pytest.mark.django_db
def test_an_erased_account_is_told_nothing():
    from chuangbao.core.messaging.notifications import tell

    gone, there = factories.person(is_active=False), factories.person()
    assert tell("member.joined", to=[gone.pk, there.pk], data={"person": there.pk}) == 1
    assert [row.person_id for row in Notice.objects.all()] == [there.pk]
