"""The officers' desk in the browser's own terms: forms that work without JavaScript, and lose nothing."""

from __future__ import annotations

import re
from datetime import date

import pytest

import factories
from chuangbao.authoring.domain.drafts import begin_draft, submit_draft
from chuangbao.core.engine.current import current_pack
from chuangbao.policies.models import Interpretation, MeasureVersion, RegisteredDocument
from measuretext import REF, text_of

pytestmark = pytest.mark.usefixtures("regions")
SEED = "jilin-2015-31"


@pytest.fixture
def at(client):
    """The client as somebody."""
    return lambda actor: factories.sign_in(client, actor)


def fields(html):
    """Every field of the page's big form, as a browser would post it."""
    from lxml import html as lxml_html

    form = lxml_html.fromstring(html).xpath("//form[.//textarea[@name='content']]")[0]
    found = {}
    for name, value in form.form_values():
        found.setdefault(name, []).append(value)
    return found


def opened(client, draft):
    return fields(client.get(f"/policies/desk/versions/{draft.pk}/text/").content.decode())


def test_the_desk_lists_what_one_may_see_and_nobody_else_enters(at, draft, author):
    assert "小奖励V1" in at(author).get("/policies/desk/").content.decode()
    assert "小奖励V1" in at(author).get("/policies/desk/?q=奖励&stage=draft").content.decode()
    assert "小奖励V1" not in at(author).get("/policies/desk/?stage=in_force").content.decode()
    neighbour = factories.officer("policy_editor", region=factories.NEIGHBOUR)
    assert "小奖励V1" not in at(neighbour).get("/policies/desk/").content.decode()
    assert at(neighbour).get(f"/policies/desk/versions/{draft.pk}/").status_code == 404
    assert at(factories.founder()).get("/policies/desk/").status_code == 403


def test_one_and_three_versions_take_the_same_number_of_queries(at, draft, author, django_assert_num_queries):
    client = at(author)
    client.get("/policies/desk/")
    counts = []
    for _round in range(2):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            client.get("/policies/desk/")
        counts.append(len(queries))
        begin_draft(measure=draft.measure, content=text_of("V2"), actor=author)
        begin_draft(measure=draft.measure, content=text_of("V3"), actor=author)
    assert counts[0] == counts[1]


def test_a_measure_is_begun_on_a_clause(at, author):
    client = at(author)
    page = client.get("/policies/desk/new/?clause=2.5.5").content.decode()
    assert re.search(r'<option value="2.5.5" selected>', page)
    given = {"ref": "2.5.5-soft", "title": "软件补贴", "clause": "2.5.5", "subject": "enterprise", "kind": "subsidy",
             "valid_from": "2026-01-01"}  # fmt: skip
    answer = client.post("/policies/desk/new/", given)
    draft = MeasureVersion.objects.get(measure__ref="2.5.5-soft")
    assert answer.headers["Location"] == f"/policies/desk/versions/{draft.pk}/text/"
    assert (draft.title, draft.clauses, draft.region_id) == ("软件补贴", ["2.5.5"], factories.COUNTY)
    assert client.get(answer.headers["Location"]).status_code == 200


def test_a_short_name_that_is_taken_is_refused_beside_its_field(at, author):
    given = {"ref": "2.2.4-reward-50", "title": "软件补贴", "clause": "2.5.5", "subject": "enterprise",
             "kind": "subsidy", "valid_from": "2026-01-01"}  # fmt: skip
    answer = at(author).post("/policies/desk/new/", given)
    assert answer.status_code == 422
    assert "软件补贴" in answer.content.decode()
    assert "id_ref" in answer.content.decode()


def test_rows_and_text_say_the_same_after_a_row_was_changed(at, draft, author):
    client = at(author)
    form = opened(client, draft)
    form["c0-r0-value"] = ["25", ""]
    form["c0-zh"] = ["从业人数不超过25人"]
    answer = client.post(f"/policies/desk/versions/{draft.pk}/text/", {**form, "do": "check"})
    again = fields(answer.content.decode())
    assert "when: employees_avg <= 25" in again["content"][0]
    assert "zh: 从业人数不超过25人" in again["content"][0]
    assert again["c0-r0-value"][0] == "25"
    draft.refresh_from_db()
    assert draft.content == text_of()


def test_the_text_changes_the_rows(at, draft, author):
    client = at(author)
    form = opened(client, draft)
    form["content"] = [form["content"][0].replace("employees_avg <= 10", "employees_avg BETWEEN 3 AND 10")]
    again = fields(client.post(f"/policies/desk/versions/{draft.pk}/text/", {**form, "do": "check"}).content.decode())
    assert (again["c0-r0-op"], again["c0-r0-value"]) == (["between"], ["3", "10"])


def test_a_row_and_a_condition_are_added_without_javascript_and_saved(at, draft, author):
    client = at(author)
    address = f"/policies/desk/versions/{draft.pk}/text/"
    form = fields(client.post(address, {**opened(client, draft), "do": "add-card"}).content.decode())
    form = fields(
        client.post(
            address, {**form, "c1-zh": "月收入不低", "c1-add": "taxable_income", "do": "add-row:1"}
        ).content.decode()
    )
    assert form["c1-r0-fact"] == ["taxable_income"]
    form |= {"c1-r0-op": "<=", "c1-r0-value": ["20", ""], "c1-r0-unit": "10000", "do": "save"}
    assert client.post(address, form).status_code == 302
    draft.refresh_from_db()
    assert "when: taxable_income <= 200000" in draft.content
    assert draft.revision == 2


def test_a_wrong_figure_is_told_at_its_row_and_nothing_is_lost(at, draft, author):
    client = at(author)
    form = opened(client, draft) | {"c0-r0-value": ["many", ""], "c0-r0-op": "<=", "do": "save"}
    form["c0-r0-value"] = ["很多", ""]
    answer = client.post(f"/policies/desk/versions/{draft.pk}/text/", form)
    assert answer.status_code == 422
    assert 'value="很多"' in answer.content.decode()
    draft.refresh_from_db()
    assert draft.revision == 1


def test_rows_are_dropped(at, draft, author):
    client = at(author)
    address = f"/policies/desk/versions/{draft.pk}/text/"
    form = fields(client.post(address, {**opened(client, draft), "do": "drop-row:0:0"}).content.decode())
    assert form["c0-rows"] == ["0"]
    assert "when: 'TRUE'" in form["content"][0]
    form = fields(client.post(address, {**opened(client, draft), "do": "drop-card:0"}).content.decode())
    assert form["cards"] == ["0"]
    assert "conditions: []" in form["content"][0]


def test_what_is_nested_stays_as_written_by_hand(at, draft, author):
    client = at(author)
    when = "employees_avg <= 10 AND (taxable_income <= 5 OR taxable_income >= 9)"
    form = opened(client, draft)
    form["content"] = [form["content"][0].replace("when: employees_avg <= 10", f"when: {when}")]
    page = client.post(f"/policies/desk/versions/{draft.pk}/text/", {**form, "do": "check"}).content.decode()
    form = fields(page)
    assert form["c0-r1-hand"] == ["(taxable_income <= 5) OR (taxable_income >= 9)"]
    form["c0-r0-value"] = ["12", ""]
    form = fields(client.post(f"/policies/desk/versions/{draft.pk}/text/", {**form, "do": "check"}).content.decode())
    when = "(employees_avg <= 12) AND ((taxable_income <= 5) OR (taxable_income >= 9))"
    assert f"when: {when}" in form["content"][0]


def test_a_broken_text_keeps_what_was_typed_and_shows_its_lines(at, draft, author):
    client = at(author)
    form = opened(client, draft)
    broken = form["content"][0].replace("employees_avg <= 10", "employes_avg <= ")
    answer = client.post(f"/policies/desk/versions/{draft.pk}/text/", {**form, "content": broken, "do": "save-text"})
    assert answer.status_code == 302
    page = client.get(f"/policies/desk/versions/{draft.pk}/text/").content.decode()
    assert "employes_avg &lt;= " in page
    assert "is-here" in page
    unreadable = client.post(
        f"/policies/desk/versions/{draft.pk}/text/",
        {"content": "a: [", "base": broken, "revision": "2", "do": "check"},
    )
    assert "a: [" in unreadable.content.decode()


def test_two_officers_on_one_draft_the_second_sees_both_and_loses_nothing(at, draft, author):
    colleague = factories.officer("policy_editor")
    mine = opened(at(author), draft)
    theirs = opened(at(colleague), draft)
    theirs["content"] = [theirs["content"][0].replace("zh: 小奖励, en", "zh: 大奖励, en")]
    address = f"/policies/desk/versions/{draft.pk}/text/"
    assert at(colleague).post(address, {**theirs, "do": "save-text"}).status_code == 302
    mine["content"] = [mine["content"][0].replace("Small reward}", "Little reward}")]
    answer = at(author).post(address, {**mine, "do": "save-text"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "大奖励" in page
    assert "Little reward" in fields(page)["content"][0]
    assert at(author).post(address, {**fields(page), "do": "save-text"}).status_code == 302
    draft.refresh_from_db()
    assert "Little reward" in draft.content


def test_what_was_typed_and_not_saved_is_kept_for_its_writer(at, draft, author):
    client = at(author)
    typed = text_of(figure=33)
    answer = client.post(f"/policies/desk/versions/{draft.pk}/keep/", {"content": typed, "revision": "1"})
    assert answer.status_code == 200
    page = client.get(f"/policies/desk/versions/{draft.pk}/text/").content.decode()
    assert "?copy=1" in page
    assert "employees_avg &lt;= 33" in client.get(f"/policies/desk/versions/{draft.pk}/text/?copy=1").content.decode()
    other = at(factories.officer("policy_editor")).get(f"/policies/desk/versions/{draft.pk}/text/").content.decode()
    assert "?copy=1" not in other


def test_a_worked_case_is_added_by_answering(at, draft, author):
    client = at(author)
    form = opened(client, draft) | {
        "case-employees_avg": "11", "case-name_": "例2", "case-day_": "2026-01-01", "case-status_": "not_eligible",
        "case-amount_": "", "do": "add-case",
    }  # fmt: skip
    again = fields(client.post(f"/policies/desk/versions/{draft.pk}/text/", form).content.decode())
    assert "- name: 例2" in again["content"][0]
    assert "employees_avg: 11" in again["content"][0]
    form["case-name_"] = ""
    assert client.post(f"/policies/desk/versions/{draft.pk}/text/", form).status_code == 422


def test_a_worked_case_is_changed_and_taken_out_on_the_page(at, draft, author):
    client = at(author)
    page = f"/policies/desk/versions/{draft.pk}/text/"
    html = client.get(page).content.decode()
    assert "1个算例，全部与预期一致" in html
    assert 'value="change-case:0"' in html
    changed = client.post(page, opened(client, draft) | {"do": "change-case:0"})
    assert changed.status_code == 200
    assert "name: 例1" not in fields(changed.content.decode())["content"][0]
    again = fields(changed.content.decode())
    assert again["case-name_"] == ["例1"]
    wrong = client.post(page, again | {"case-status_": "not_eligible", "case-amount_": "", "do": "add-case"})
    assert wrong.status_code == 200, wrong.context["case"].errors
    assert "1个算例与预期不一致" in wrong.content.decode()
    dropped = client.post(page, fields(wrong.content.decode()) | {"do": "drop-case:0"})
    assert "examples: []" in dropped.content.decode() or "name: 例1" not in dropped.content.decode()
    for nothing in ("drop-case:7", "drop-case:x", "change-case:"):
        assert client.post(page, opened(client, draft) | {"do": nothing}).status_code == 200


def test_a_draft_whose_case_fails_is_not_submitted(at, draft, author):
    client = at(author)
    form = opened(client, draft)
    form["content"] = [form["content"][0].replace("employees_avg <= 10", "employees_avg <= 9")]
    client.post(f"/policies/desk/versions/{draft.pk}/text/", {**form, "do": "save-text"})
    answer = client.post(f"/policies/desk/versions/{draft.pk}/submit/")
    assert answer.status_code == 409
    assert "例1" in answer.content.decode()


def test_the_whole_way_in_the_pages(at, draft, author, reviewer, library):
    page = f"/policies/desk/versions/{draft.pk}/"
    assert at(author).post(f"{page}submit/").status_code == 302
    assert at(author).post(f"{page}publish/", {"publish-valid_from": "2026-01-01"}).status_code == 403
    assert (
        at(reviewer).post(f"{page}comment/", {"comment-text": "看起来可以", "comment-condition": "staff"}).status_code
        == 302
    )
    assert "看起来可以" in at(author).get(page).content.decode()
    assert at(reviewer).post(f"{page}publish/", {"publish-valid_from": "x"}).status_code == 422
    assert at(reviewer).post(f"{page}publish/", {"publish-valid_from": "2026-01-01"}).status_code == 302
    shown = at(factories.founder()).get(f"/policies/measures/{REF}/").content.decode()
    assert "小奖励" in shown
    assert "小奖励" in at(factories.founder()).get("/policies/?q=小奖励").content.decode()


def test_a_revision_of_a_measure_of_the_files_tells_its_differences(at, library):
    author = factories.officer("policy_editor", region=factories.PROVINCE)
    client = at(author)
    answer = client.post("/policies/desk/revise/", {"ref": "2.3.6-seed-nursery"})
    draft = MeasureVersion.objects.get(stage="draft")
    assert answer.headers["Location"] == f"/policies/desk/versions/{draft.pk}/text/"
    form = opened(client, draft)
    text = form["content"][0].replace("专门服务于大学生创业", "只服务大学生")
    assert text != form["content"][0]
    assert (
        client.post(
            f"/policies/desk/versions/{draft.pk}/text/", {**form, "content": text, "do": "save-text"}
        ).status_code
        == 302
    )
    page = client.get(f"/policies/desk/versions/{draft.pk}/").content.decode()
    assert "只服务大学生" in page


def test_somebody_elses_measure_is_not_revised(at, library):
    client = at(factories.officer("policy_editor", region=factories.PROVINCE, department="税务"))
    assert client.post("/policies/desk/revise/", {"ref": "2.3.6-seed-nursery"}).status_code == 409
    assert client.post("/policies/desk/revise/", {"ref": "nothing"}).status_code == 409


def test_open_figures_are_a_list_of_things_to_do(at, author):
    page = at(author).get("/policies/desk/openings/").content.decode()
    clauses = {c.id: c for c in current_pack().documents["jilin-2015-31"].clauses}
    for ref, mark in (("2.3.6", "二、（三）"), ("2.5.5", "二、（五）"), ("2.1.10", "二、（一）")):
        assert f"<strong>吉政办发〔2015〕31号 {mark}</strong> {clauses[ref].left_open.zh}" in page
        assert f">{ref}<" not in page


TEXT = "关于支持软件的通知\n\n各县（市）人民政府：\n\n一、给予补贴\n\n（一）软件补贴。对孵化机构的软件支出给予适当补贴。由科技局负责。\n\n（二）人才。引进人才。\n"


def brought(client):
    answer = client.post("/policies/desk/documents/new/", {"ref": "cc-2026-1", "text": TEXT})
    assert answer.status_code == 302, answer.content.decode()
    return RegisteredDocument.objects.get()


def test_a_document_is_brought_in_corrected_and_published(at, author, reviewer, library):
    client = at(author)
    document = brought(client)
    page = client.get(f"/policies/desk/documents/{document.pk}/").content.decode()
    assert "软件补贴" in page
    clause = document.clauses.get(number="1.1")
    assert clause.kind == "open"
    form = {"number": "1.1", "level": "2", "heading": "软件开发工具补贴", "text": clause.text, "kind": "measure",
            "revision": "1", "do": "save"}  # fmt: skip
    assert client.post(f"/policies/desk/clauses/{clause.pk}/", form).status_code == 302
    stale = client.post(f"/policies/desk/clauses/{clause.pk}/", {**form, "heading": "别的"})
    assert (stale.status_code, "别的" in stale.content.decode()) == (422, True)
    head = {"title": "长春市软件补贴办法", "number": "长府发〔2026〕1号", "issuers": "南关区人民政府、长春市南关区科技局",
            "issued_on": "2026-01-05", "themes": ["subsidy"], "kind": "通知", "revision": "2"}  # fmt: skip
    assert client.post(f"/policies/desk/documents/{document.pk}/head/", head).status_code == 302
    assert client.post(f"/policies/desk/documents/{document.pk}/submit/").status_code == 302
    published = {"publish-valid_from": "2026-01-05"}
    assert client.post(f"/policies/desk/documents/{document.pk}/publish/", published).status_code == 403
    assert at(reviewer).post(f"/policies/desk/documents/{document.pk}/publish/", published).status_code == 302
    shown = at(factories.founder()).get("/policies/documents/cc-2026-1/").content.decode()
    assert "软件开发工具补贴" in shown
    assert "/policies/documents/cc-2026-1/" in client.get("/policies/?q=软件补贴办法").content.decode()
    assert (
        client.get("/policies/clauses/cc-2026-1:1.1/").headers["Location"]
        == "/policies/documents/cc-2026-1/#c-cc-2026-1:1.1"
    )
    assert 'value="cc-2026-1:1.1"' in at(author).get("/policies/desk/new/").content.decode()


@pytest.mark.parametrize(("do", "extra"), [("split", {"sentence": "1"}), ("merge", {}), ("add", {}), ("remove", {})])
def test_the_tree_is_cut_joined_and_grown(at, author, do, extra):
    client = at(author)
    document = brought(client)
    before = document.clauses.count()
    clause = document.clauses.get(number="1.1")
    form = {"revision": "1", "do": do, **extra}
    assert client.post(f"/policies/desk/clauses/{clause.pk}/", form).status_code == 302
    assert document.clauses.count() - before == {"split": 1, "merge": -1, "add": 1, "remove": -1}[do]


def test_a_wrong_file_is_refused_beside_the_field(at, author):
    answer = at(author).post("/policies/desk/documents/new/", {"ref": "x", "text": "  "})
    assert answer.status_code == 422


def test_an_explanation_lives_from_draft_to_revision(at, author, reviewer):
    client = at(author)
    form = {"sort": "answer", "place": f"{SEED} 2.2.4", "title": "奖励多少？", "body": "一半计入收入。"}
    answer = client.post("/policies/desk/notes/new/", form)
    note = Interpretation.objects.get()
    assert answer.headers["Location"] == f"/policies/desk/notes/{note.pk}/"
    assert (
        client.post(f"/policies/desk/notes/{note.pk}/", {**form, "body": "减按一半计入。", "revision": "1"}).status_code
        == 302
    )
    assert client.post(f"/policies/desk/notes/{note.pk}/", {**form, "revision": "1"}).status_code == 422
    client.post(f"/policies/desk/notes/{note.pk}/submit/")
    at(reviewer).post(f"/policies/desk/notes/{note.pk}/publish/", {"publish-valid_from": "2026-01-01"})
    assert "减按一半计入" in at(factories.founder()).get(f"/policies/documents/{SEED}/").content.decode()
    answer = at(author).post(f"/policies/desk/notes/{note.pk}/revise/")
    new = Interpretation.objects.exclude(pk=note.pk).get()
    assert answer.headers["Location"] == f"/policies/desk/notes/{new.pk}/"
    at(author).post(f"/policies/desk/notes/{new.pk}/submit/")
    assert (
        at(reviewer).post(f"/policies/desk/notes/{new.pk}/publish/", {"publish-valid_from": "2026-03-01"}).status_code
        == 302
    )
    note.refresh_from_db()
    assert (note.stage, note.valid_to) == ("retired", date(2026, 2, 28))


def test_one_follows_and_stops_following(at, library):
    who = factories.founder()
    client = at(who)
    given = {"topic": "measure", "value": "2.2.4-reward-50", "next": "/policies/measures/2.2.4-reward-50/"}
    assert client.post("/policies/subscriptions/follow/", given).headers["Location"] == given["next"]
    assert "职务成果转化" in client.get("/policies/subscriptions/").content.decode()
    client.post("/policies/subscriptions/follow/", {**given, "do": "stop", "next": "https://elsewhere.example/"})
    assert "职务成果转化" not in client.get("/policies/subscriptions/").content.decode()
    assert client.post("/policies/subscriptions/follow/", {"topic": "measure", "value": "no"}).status_code == 404


def test_what_waits_is_shown_to_the_reviewer(at, draft, author, reviewer):
    submit_draft(draft=draft, actor=author)
    page = at(reviewer).get(f"/policies/desk/versions/{draft.pk}/").content.decode()
    assert f"/policies/desk/versions/{draft.pk}/publish/" in page
    assert f"/policies/desk/versions/{draft.pk}/return/" in page
    assert (
        f"/policies/desk/versions/{draft.pk}/publish/"
        not in at(author).get(f"/policies/desk/versions/{draft.pk}/").content.decode()
    )


def test_the_workbench_says_what_waits_for_whom(draft, author, reviewer):
    from chuangbao.core.workbench import mine_of, todos_of

    def titles(actor):
        return [todo.title for _label, todos in todos_of(actor) for todo in todos if "小奖励" in todo.title]

    assert (titles(author), titles(reviewer)) == (["继续起草：小奖励V1"], [])
    submit_draft(draft=draft, actor=author)
    assert (titles(author), titles(reviewer)) == ([], ["审核：小奖励V1"])
    assert titles(factories.founder()) == []
    assert "政策起草" in [way.title for _heading, ways in mine_of(author) for way in ways]
    assert "政策起草" not in [way.title for _heading, ways in mine_of(factories.founder()) for way in ways]


def test_every_page_of_the_desk_is_wholly_chinese(at, draft, author, library):
    import re as regex

    client = at(author)
    submit_draft(draft=draft, actor=author)
    document = brought(client)
    pages = ["/policies/desk/", "/policies/desk/new/", f"/policies/desk/versions/{draft.pk}/", "/policies/desk/notes/",
             "/policies/desk/documents/", "/policies/desk/documents/new/", f"/policies/desk/documents/{document.pk}/",
             "/policies/desk/notes/new/", "/policies/desk/openings/", "/policies/subscriptions/"]  # fmt: skip
    for address in pages:
        page = client.get(address).content.decode()
        text = regex.sub(
            r"<(script|style|code|pre|option)[^>]*>.*?</\1>",
            "",
            page[page.index("<main") : page.index("</main>")],
            flags=regex.DOTALL,
        )
        words = regex.findall(r">[^<]*?([A-Za-z]{3,}(?: [A-Za-z]+){2,})", text)
        assert words == [], address


@pytest.mark.parametrize("kind", ["documents", "notes"])
def test_lists_are_narrowed_by_state(at, author, kind):
    client = at(author)
    brought(client)
    client.post("/policies/desk/notes/new/", {"sort": "answer", "place": SEED, "title": "问题", "body": "答"})
    assert "cb-badge is-draft" in client.get(f"/policies/desk/{kind}/?stage=draft").content.decode()
    assert "cb-badge is-draft" not in client.get(f"/policies/desk/{kind}/?stage=in_force").content.decode()


def test_refusals_of_a_document_and_a_note_are_told_on_their_page(at, author, reviewer):
    client = at(author)
    document = brought(client)
    for clause in document.clauses.all():
        document.refresh_from_db()
        form = {"revision": str(document.revision), "do": "remove"}
        assert client.post(f"/policies/desk/clauses/{clause.pk}/", form).status_code == 302
    assert client.post(f"/policies/desk/documents/{document.pk}/submit/").status_code == 409
    stale = {"revision": "1", "do": "add"}
    assert client.post(f"/policies/desk/documents/{document.pk}/head/", stale).status_code == 409
    document.refresh_from_db()
    assert (
        client.post(
            f"/policies/desk/documents/{document.pk}/head/", {"revision": document.revision, "do": "add"}
        ).status_code
        == 302
    )
    assert (
        client.post(f"/policies/desk/documents/{document.pk}/head/", {"title": "", "revision": "9"}).status_code == 422
    )
    clause = document.clauses.get()
    assert client.post(f"/policies/desk/clauses/{clause.pk}/", {"do": "merge", "revision": "1"}).status_code == 422
    assert client.post(f"/policies/desk/clauses/{clause.pk}/", {"do": "save", "revision": "1"}).status_code == 422
    client.post(f"/policies/desk/documents/{document.pk}/submit/")
    client = at(reviewer)
    page = f"/policies/desk/documents/{document.pk}/"
    assert client.post(f"{page}return/", {"return-reason": ""}).status_code == 422
    assert client.post(f"{page}publish/", {"publish-valid_from": "2026-01-05"}).status_code == 302
    early = {"retire-valid_to": "2020-01-01", "retire-reason": "x"}
    assert client.post(f"{page}retire/", early).status_code == 422
    assert client.post(f"{page}retire/", {**early, "retire-valid_to": "2026-02-01"}).status_code == 422
    assert client.post(f"{page}retire/", {**early, "retire-valid_to": "2099-02-01"}).status_code == 302
    client = at(author)
    assert client.post("/policies/desk/notes/new/", {"title": ""}).status_code == 422
    client.post("/policies/desk/notes/new/", {"sort": "answer", "place": SEED, "title": "问题", "body": "答"})
    note = Interpretation.objects.get()
    assert client.post(f"/policies/desk/notes/{note.pk}/revise/").status_code == 409
    assert client.post(f"/policies/desk/notes/{note.pk}/discard/", {"discard-reason": ""}).status_code == 422


def test_a_remark_needs_words_and_a_published_version_is_read_only(at, draft, author, reviewer):
    page = f"/policies/desk/versions/{draft.pk}/"
    assert at(author).post(f"{page}comment/", {"comment-text": ""}).status_code == 422
    at(author).post(f"{page}submit/")
    assert at(author).get(f"{page}text/").status_code == 302
    assert at(reviewer).post(f"{page}publish/", {"publish-valid_from": "2026-01-01"}).status_code == 302
    early = {"retire-valid_to": "2020-01-01", "retire-reason": "x"}
    assert at(reviewer).post(f"{page}retire/", early).status_code == 422
    form = {"content": "x", "base": "x", "revision": "1", "do": "save-text"}
    assert at(author).post(f"{page}text/", form).status_code == 422


def test_themes_and_departments_are_offered_and_followed(at, library):
    client = at(factories.founder())
    assert 'value="theme"' in client.get("/policies/subscriptions/").content.decode()
    client.post("/policies/subscriptions/follow/", {"topic": "theme", "value": "tax"})
    client.post("/policies/subscriptions/follow/", {"topic": "clause", "value": "2.2.4"})
    page = client.get("/policies/subscriptions/").content.decode()
    assert "税收优惠" in page
    assert "2.2.4" in page


def test_when_both_sides_were_changed_the_button_decides_and_says_so(at, draft, author):
    client = at(author)
    form = opened(client, draft)
    form["content"] = [form["content"][0].replace("employees_avg <= 10", "employees_avg <= 11")]
    form["c0-r0-value"] = ["12", ""]
    address = f"/policies/desk/versions/{draft.pk}/text/"
    answer = client.post(address, {**form, "do": "save"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "when: employees_avg <= 12" in fields(page)["content"][0]
    assert "<ins>    when: employees_avg &lt;= 11</ins>" in re.sub(r"<ins\s*>", "<ins>", page)
    answer = client.post(address, {**form, "do": "save-text"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "<ins>    when: employees_avg &lt;= 12</ins>" in re.sub(r"<ins\s*>", "<ins>", page)
    assert client.post(address, {**fields(page), "do": "save-text"}).status_code == 302
    draft.refresh_from_db()
    assert "employees_avg <= 11" in draft.content


def test_title_period_and_benefit_are_fields_too(at, draft, author):
    client = at(author)
    address = f"/policies/desk/versions/{draft.pk}/text/"
    form = opened(client, draft) | {"b-title": "新名", "b-from": "2026-02-01", "b-to": "2026-12-31", "b-unit": "CNY/year",
                                    "b-amount": "employees_avg * 100", "b-kind": "subsidy", "do": "check"}  # fmt: skip
    text = fields(client.post(address, form).content.decode())["content"][0]
    for line in (
        "    zh: 新名\n",
        "    from: 2026-02-01\n",
        "    unit: CNY/year\n",
        "    amount: employees_avg * 100\n",
    ):
        assert line in text
    wrong = form | {"b-title": "", "b-from": "bald", "b-amount": "(", "do": "save"}
    answer = client.post(address, wrong)
    assert answer.status_code == 422
    assert 'value="bald"' in answer.content.decode()


def test_grant_months_and_window_are_fields_too(at, draft, author):
    client = at(author)
    address = f"/policies/desk/versions/{draft.pk}/text/"

    def sent(**changed):
        form = opened(client, draft) | {f"b-{name}": value for name, value in changed.items()}
        return client.post(address, form | {"do": "check"})

    text = fields(sent(grant="compete", unit="CNY/month", window_from="03-01", window_to="04-30").content.decode())
    for line in (
        "  grant: compete\n",
        "    unit: CNY/month\n",
        "  window:\n    from: 03-01\n    to: 04-30\n",
    ):
        assert line in text["content"][0]
    # taken out again, and put as a span; what is wrong stands beside its field
    back = text | {
        "b-grant": "",
        "b-window_from": "",
        "b-window_to": "",
        "b-window_count": "6",
        "b-window_of": "registered_on",
    }
    again = fields(client.post(address, back | {"do": "check"}).content.decode())["content"][0]
    assert "grant:" not in again
    assert "  window:\n    within: 6 months\n    of: registered_on\n" in again
    assert "window:" not in fields(sent(window_count="").content.decode())["content"][0]
    for wrong, words in (
        ({"window_from": "3月"}, "请写月和日"),
        ({"window_from": "02-30", "window_to": "04-30"}, "请写月和日"),
        ({"window_from": "03-01", "window_to": "04-30", "window_count": "6"}, "只填一种"),
        ({"window_count": "0", "window_of": "registered_on"}, "1到999"),
        ({"window_count": "6"}, "从哪一天起算"),
    ):
        answer = sent(**wrong)
        assert answer.status_code == 422
        assert words in answer.content.decode()


def test_a_row_is_added_to_what_was_just_typed_in_the_text(at, draft, author):
    client = at(author)
    form = opened(client, draft) | {"c0-add": "taxable_income", "do": "add-row:0"}
    form["content"] = [form["content"][0].replace("employees_avg <= 10", "employees_avg <= 11")]
    again = fields(client.post(f"/policies/desk/versions/{draft.pk}/text/", form).content.decode())
    assert (again["c0-r0-value"][0], again["c0-r1-fact"]) == ("11", ["taxable_income"])
    assert "employees_avg <= 11" in again["content"][0]


@pytest.mark.parametrize("text", ["{}", "[]", "null", "x", "{a: {}}", "versions: {}", "versions:\n- {}\n", ""])
def test_a_text_that_is_no_measure_is_answered_in_words_however_it_is_sent(at, draft, author, text):
    client = at(author)
    form = opened(client, draft)
    for do in ("save-text", "save", "check", "add-card", "add-case"):
        answer = client.post(f"/policies/desk/versions/{draft.pk}/text/", {**form, "content": text, "do": do})
        assert answer.status_code < 500
    assert client.post(f"/policies/desk/versions/{draft.pk}/keep/", {"content": text}).status_code == 200
    assert client.get(f"/policies/desk/versions/{draft.pk}/text/?copy=1").status_code == 200
