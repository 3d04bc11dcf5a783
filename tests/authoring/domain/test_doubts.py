"""Nothing reaches the public unread: what refuses a text, what needs a written reason, what is only shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.utils.translation import override

import factories
from chuangbao.authoring.domain.drafts import begin_draft, return_draft, submit_draft
from chuangbao.authoring.domain.publish import publish_version
from chuangbao.core.audit.log import history_of
from chuangbao.core.engine.current import current_pack
from chuangbao.core.workflow.refusals import Refused
from chuangbao.policies.domain.doubts import document_day, documents_of, doubts_of, too_early
from chuangbao.policies.domain.texts import read_text
from chuangbao.policies.models import MeasureVersion
from measuretext import text_of

pytestmark = pytest.mark.usefixtures("regions")

PLAIN = text_of()
CASE = PLAIN[PLAIN.index("  examples:") :]
CONTRADICTORY = PLAIN.replace("employees_avg <= 10", "employees_avg < 5 AND employees_avg > 10").replace(CASE, "")
APART = PLAIN.replace(
    "    when: employees_avg <= 10\n",
    "    when: employees_avg < 5\n  - id: more\n    zh: 多于十人\n    en: More\n    when: employees_avg > 10\n",
).replace(CASE, "")
EMPTY = "parameters: {most: {unit: person, type: integer, values: []}}"
TEXTS = {
    "never": CONTRADICTORY,
    "end_before_start": PLAIN.replace("from: 2026-01-01, to: null", "from: 2026-06-01, to: 2026-05-31"),
    "wrong_subject": PLAIN.replace("employees_avg <= 10", "graduate_years <= 5").replace(CASE, ""),
    "without_amount": PLAIN.replace(', amount: "1000"', "").replace(", amount: 1000", ""),
    "without_case": PLAIN.replace(CASE, ""),
    "early_start": PLAIN.replace("from: 2026-01-01", "from: 2010-01-01").replace(
        "  - name: 例1\n", "  - name: 例1\n    as_of: 2015-06-01\n"
    ),
    "empty_figure": PLAIN.replace("  conditions:\n", f"  {EMPTY}\n  conditions:\n")
    .replace("employees_avg <= 10", "employees_avg <= most")
    .replace(CASE, ""),
}
REFUSES = ("never", "end_before_start", "wrong_subject", "empty_figure")
REASON = ("without_amount", "without_case", "early_start")


def begun(measure, author, content):
    return begin_draft(measure=measure, content=content, actor=author)


def codes(content, **more):
    measure = read_text(content).measure
    return [(str(doubt.weight), doubt.code) for doubt in doubts_of(content, measure, **more)]


@pytest.mark.parametrize("code", [*REFUSES, *REASON])
def test_each_doubt_is_found_and_only_in_its_text(code):
    weight = "refuses" if code in REFUSES else "reason"
    assert (weight, code) in codes(TEXTS[code])
    assert codes(PLAIN) == []


@pytest.mark.parametrize("code", REFUSES)
@pytest.mark.parametrize("reason", ["", "有意为之"])
def test_what_is_wrong_is_refused_whatever_is_said(measure, author, code, reason):
    draft = begun(measure, author, TEXTS[code])
    with override("zh-hans"), pytest.raises(Refused) as found:
        submit_draft(draft=draft, actor=author, reason=reason)
    assert (found.value.code, found.value.field) == (code, "content")
    assert any("\u4e00" <= letter <= "\u9fff" for letter in str(found.value))
    draft.refresh_from_db()
    assert draft.stage == "draft"


def test_a_figure_that_is_awaited_is_named_and_an_amount_that_waits_needs_a_reason():
    awaited = TEXTS["empty_figure"].replace("  clause:", "  unconfirmed: {zh: 人数标准待公布, en: x}\n  clause:")
    assert not any(code == "empty_figure" for _weight, code in codes(awaited))
    money = PLAIN.replace("  conditions:\n", f"  {EMPTY.replace('person, type: integer', 'CNY')}\n  conditions:\n")
    text = money.replace('amount: "1000"', "amount: most").replace(CASE, "")
    assert ("reason", "empty_figure") in codes(text)


def test_conditions_that_exclude_each_other_are_named(measure, author):
    draft = begun(measure, author, APART)
    with pytest.raises(Refused) as found:
        submit_draft(draft=draft, actor=author, reason="x")
    assert "从业人数不超过10人" in str(found.value)
    assert "多于十人" in str(found.value)


def test_conditions_that_hold_only_outside_the_period_are_refused(measure, author):
    outside = PLAIN.replace("employees_avg <= 10", "registered_on < DATE '2000-01-01' AND AS_OF < DATE '2020-01-01'")
    draft = begun(measure, author, outside.replace(CASE, ""))
    with override("zh-hans"), pytest.raises(Refused, match="施行期间之外"):
        submit_draft(draft=draft, actor=author, reason="x")


@pytest.mark.parametrize("code", REASON)
def test_what_is_doubtful_needs_a_reason_that_is_kept(measure, author, reviewer, code):
    draft = begun(measure, author, TEXTS[code])
    for said in ("", "  \n"):
        with pytest.raises(Refused) as found:
            submit_draft(draft=draft, actor=author, reason=said)
        assert (found.value.code, found.value.field) == ("reason_needed", "reason")
    waiting = submit_draft(draft=draft, actor=author, reason="文件如此规定")
    assert history_of(waiting)[0].reason == "文件如此规定"
    with pytest.raises(Refused) as found:
        publish_version(version=waiting, actor=reviewer)
    assert found.value.field == "reason"
    waiting.refresh_from_db()
    assert (waiting.stage, waiting.valid_from) == ("in_review", None)
    row = publish_version(version=waiting, actor=reviewer, reason="已核对原文")
    assert [h.reason for h in history_of(row) if h.verb == "publish"] == ["已核对原文"]


def test_a_day_that_the_reviewer_makes_early_needs_a_reason_too(measure, author, reviewer):
    waiting = submit_draft(draft=begun(measure, author, PLAIN), actor=author)
    with pytest.raises(Refused) as found:
        publish_version(version=waiting, valid_from=date(2011, 1, 1), actor=reviewer)
    assert found.value.field == "reason"
    assert (
        publish_version(version=waiting, valid_from=date(2011, 1, 1), actor=reviewer, reason="追溯施行").stage
        == "in_force"
    )


def test_what_was_in_review_before_is_looked_at_again(measure, author, reviewer):
    waiting = submit_draft(draft=begun(measure, author, PLAIN), actor=author)
    MeasureVersion.objects.filter(pk=waiting.pk).update(content=CONTRADICTORY)
    with pytest.raises(Refused) as found:
        publish_version(version=waiting, actor=reviewer, reason="x")
    assert found.value.code == "never"


def test_a_revision_may_go_on_reading_what_stood_before():
    before = read_text(TEXTS["wrong_subject"]).measure
    assert ("refuses", "wrong_subject") not in codes(TEXTS["wrong_subject"], before=before)


def test_what_a_person_decides_needs_no_worked_case():
    text = TEXTS["without_case"].replace("  conditions:\n", "  manual: {zh: 由窗口核对, en: By hand}\n  conditions:\n")
    assert ("reason", "without_case") not in codes(text)


def test_what_the_analysis_finds_beside_is_shown_at_its_line(at, measure, author):
    text = PLAIN.replace(
        "    when: employees_avg <= 10\n",
        "    when: employees_avg <= 10\n  - id: again\n    zh: 不超过二十人\n    en: Again\n    when: employees_avg <= 20\n",
    )
    assert codes(text) == [("notice", "implied")]
    draft = begun(measure, author, text)
    page = at(author).get(f"/policies/desk/versions/{draft.pk}/").content.decode()
    assert "其他条件成立时这一条必然成立" in page
    assert submit_draft(draft=draft, actor=author).stage == "in_review"


@pytest.fixture
def at(client):
    return lambda actor: factories.sign_in(client, actor)


def test_the_pages_show_what_refuses_and_ask_for_the_reason(at, measure, author, reviewer):
    draft = begun(measure, author, TEXTS["without_case"])
    client = at(author)
    address = f"/policies/desk/versions/{draft.pk}/"
    for page in (client.get(address), client.get(f"{address}text/")):
        assert "须说明理由：" in page.content.decode()
        assert "没有算例" in page.content.decode()
    assert 'name="submit-reason"' in client.get(address).content.decode()
    assert client.post(f"{address}submit/", {"submit-reason": ""}).status_code == 422
    assert client.post(f"{address}submit/", {"submit-reason": "由人工抽查"}).status_code == 302
    client = at(reviewer)
    page = client.get(address).content.decode()
    assert "由人工抽查" in page
    days = {"publish-valid_from": "2026-01-01"}
    assert client.post(f"{address}publish/", days).status_code == 422
    assert client.post(f"{address}publish/", days | {"publish-reason": "同意"}).status_code == 302
    assert "同意" in client.get(address).content.decode()


def test_a_contradictory_draft_is_refused_in_words_on_its_page(at, measure, author):
    draft = begun(measure, author, CONTRADICTORY)
    answer = at(author).post(f"/policies/desk/versions/{draft.pk}/submit/", {"submit-reason": "x"})
    assert answer.status_code == 409
    assert "不可能同时成立" in answer.content.decode()


def test_the_picker_offers_facts_of_the_measures_own_subject(at, measure, author):
    draft = begun(measure, author, PLAIN)
    page = at(author).get(f"/policies/desk/versions/{draft.pk}/text/").content.decode()
    assert 'value="employees_avg"' in page
    assert 'value="graduate_years"' not in page


def test_a_returned_text_is_asked_again(measure, author, reviewer):
    waiting = submit_draft(draft=begun(measure, author, TEXTS["without_case"]), actor=author, reason="见附件")
    returned = return_draft(version=waiting, reason="补算例", actor=reviewer)
    with pytest.raises(Refused):
        submit_draft(draft=returned, actor=author)


# the day of a document


@pytest.mark.parametrize(
    ("date_text", "valid_from", "day"),
    [("2026-03-01", None, date(2026, 3, 1)), ("2026年3月1日", None, date(2026, 3, 1)), ("2026年", None, None),
     ("2026-13-01", None, None), ("2026-03-01", date(2026, 4, 1), date(2026, 4, 1))],
)  # fmt: skip
def test_a_document_holds_from_its_day(date_text, valid_from, day):
    document = replace(next(iter(current_pack().documents.values())), date_text=date_text, valid_from=valid_from)
    assert document_day(document) == day


def test_a_start_is_early_only_beside_a_document_with_a_day():
    pack, measure = current_pack(), read_text(TEXTS["early_start"]).measure
    documents = {d.id: replace(d, date_text="", valid_from=None) for d in pack.documents.values()}
    assert list(too_early(replace(pack, documents=documents), measure)) == []
    bare = replace(measure, versions=(replace(measure.versions[0], clause=""),))
    assert documents_of(pack, bare) == documents_of(pack, measure)
