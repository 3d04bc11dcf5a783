"""The check-up of eight lives, row by row, against the lists of an adviser that were written before it was run."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from django.utils.translation import override

from checkup.expected import DAY, DUNHUA, LIVES
from chuangbao.accounts.directory import place_words
from chuangbao.accounts.domain.offices import load_offices
from chuangbao.checkup.domain import checkups
from chuangbao.checkup.domain.result import result_of
from chuangbao.checkup.models import CheckUpAnswer
from chuangbao.checkup.sense import sense_of
from chuangbao.checkup.sheet import sheet_of, title_of
from chuangbao.core.engine.current import current_pack

if TYPE_CHECKING:
    from chuangbao.rules.model import Version

pytestmark = pytest.mark.usefixtures("library", "regions")
HOTLINES = ("12345", "12333", "12366")


PLAYED = {}
"""What was said in each life that was played in this process, as facts, states and values."""


def play(client, life):
    """Answer as this person does until the check-up stops; return it and its address.

    A life that was played before is answered with the same rows at once.
    """
    checkup = checkups.begin_checkup(pack=current_pack(), who=life.who, want=life.want, day=DAY, region=DUNHUA)
    address, known = f"/checkup/{checkup.token}/", PLAYED.get(repr(life))
    if known:
        checkup.answers.all().delete()  # what follows from who one is stands in the rows as well
        CheckUpAnswer.objects.bulk_create(CheckUpAnswer(checkup=checkup, **row) for row in known)
        return checkup, address
    while page := result_of(checkup).pending:
        said = client.post(f"{address}answer/", {"page": page.id, **life.pages[page.id]})
        assert said.status_code == 302, page.id
    while not (result := result_of(checkup)).is_over() and result.question:
        fact = result.question.fact
        given = {fact: life.knows[fact]} if fact in life.knows else {"unknown": "1"}
        assert client.post(f"{address}answer/", {"fact": fact, **given}).status_code == 302, fact
    PLAYED[repr(life)] = [{"fact": row.fact, "state": row.state, "value": row.value} for row in checkup.answers.all()]
    return checkup, address


def tenses(result):
    """Every measure that concerns the person, with its tense and its money."""
    lists = {
        "now": result.due, "apply": result.open_to, "later": result.later, "office": result.by_office,
        "one": result.one_away, "more": result.more_away, "near": result.near, "errand": result.errands,
        "unfit": result.unfit, "first": result.after_first,
        "instead": [other for row in result.rows for other in row.instead],
    }  # fmt: skip
    found = {}
    for tense, rows in lists.items():
        for row in rows:
            found.setdefault(row.measure.id, []).append((tense, row.answer.amount or row.amount_then))
    return found


@pytest.mark.parametrize("life", LIVES.values(), ids=LIVES)
def test_each_life_has_the_rows_that_an_adviser_expects(client, life):
    result = result_of(play(client, life)[0])
    found = tenses(result)
    twice = {measure: told for measure, told in found.items() if len(told) > 1}
    assert not twice, "one measure has one tense"
    wrong = {}
    for measure, (tense, money) in life.rows().items():
        (told, amount), *_ = found.get(measure, [("-", None)])
        if told != tense or (money != "-" and amount != Decimal(money)):
            wrong[measure] = f"expected {tense} {money}, told {told} {amount}"
    assert not wrong, wrong
    offered = {measure for measure, told in found.items() if told[0][0] in {"now", "apply", "later", "one", "office"}}
    assert offered <= life.rows().keys(), "nothing is offered that the adviser does not expect"
    assert result.asked == life.asked, "answers after the first page"


@pytest.mark.parametrize("life", LIVES.values(), ids=LIVES)
def test_every_step_of_each_life_ends_with_an_office_a_number_and_a_day(client, life):
    load_offices()
    checkup, address = play(client, life)
    result = result_of(checkup)
    for row in [*result.rows, *result.later]:
        place = row.place
        assert place.office is not None or place.elsewhere, row.measure.id
        assert place.hotline is not None, row.measure.id
        assert place.hotline.number in HOTLINES, row.measure.id
        assert place.hotline.number in place_words(place)
        assert row.not_yet is not None or row.until, row.measure.id
    page = client.get(address).content.decode()
    for row in result.due:
        assert row.until in page, "the day is on the row"


def test_a_sheet_says_of_what_a_person_judges_that_a_person_judges_it(client):
    checkup, _ = play(client, LIVES["operator of a makerspace"])
    result = result_of(checkup)
    sheet = sheet_of(checkup, result)
    said = {row.title: row.how for _title, rows in sheet.sections for row in rows}
    manual = {title_of(found) for found in result.by_office if found.version.manual}
    assert manual
    assert {said[title] for title in manual} == {"人工判断"}


@pytest.mark.parametrize("life", LIVES.values(), ids=LIVES)
def test_in_english_no_step_of_a_life_is_in_chinese(client, life):
    checkup, _ = play(client, life)
    with override("en"):
        result = result_of(checkup)
        for row in [*result.rows, *result.later]:
            said = f"{row.until} {row.version.channel.get('en')} {row.version.deadline.get('en')} {row.beside}"
            assert not re.search("[\u4e00-\u9fff]", said), (row.measure.id, said)


def test_of_two_that_exclude_each_other_the_better_is_the_row_and_the_other_folded_under_it(client):
    life = LIVES["returning worker of 45"]
    checkup, address = play(client, life)
    result = result_of(checkup)
    row = next(row for row in result.open_to if row.measure.id == "2.3.1-guaranteed-loan-jilin")
    assert [(other.measure.id, other.beside) for other in row.instead] == [("2.3.1-loan-nat-2020", "一样多")]
    assert "2.3.1-loan-nat-2020" not in {one.measure.id for one in result.rows}
    assert sum(number for _, number in result.counts) + len(result.after_first) == len(result.rows)
    page = client.get(address).content.decode()
    assert "或者改选" in page
    assert page.index("或者改选") < page.index('id="s-errands"')


def test_the_line_of_sense_holds_the_money_of_what_comes_later(client):
    result = result_of(play(client, LIVES["student of 22"])[0])
    assert sense_of(result) == "做到所列条件后还能拿11项，其中1项约补贴5万元。"
    result = result_of(play(client, LIVES["veteran with an idea"])[0])
    assert sense_of(result) == (
        "先办好一步再申报的有2项：办个体工商户或企业的营业执照、参加创业培训并拿到合格证；"
        "办好后可申请最高30万元贷款；做到所列条件后还能拿7项，其中1项约补贴5,000元。"
    )


def test_rows_stand_by_what_they_are_worth_to_the_person_and_a_sum_says_whose_it_is(client):
    checkup, address = play(client, LIVES["researcher who puts a result in for shares"])
    result = result_of(checkup)
    rows = [row.measure.id for row in result.rows]
    assert rows.index("2.2.4-share-law-50") < rows.index("2.2.6-tech-equity-defer")
    assert "patent-fee" not in rows, "whose patents they are is not known, nor the income of last year"
    page = client.get(address).content.decode()
    assert "全体贡献人员合计，不是每人" in page
    assert client.get(f"{address}print/").content.decode().count("（全体贡献人员合计，不是每人）") == 3
    assert [one["whose"].zh for one in result.sums if one["kind"] == "right"] == ["全体贡献人员合计，不是每人"]


def test_tax_that_is_put_off_says_that_it_is_paid_later(client):
    _, address = play(client, LIVES["researcher who puts a result in for shares"])
    for page in (client.get(address), client.get(f"{address}print/")):
        assert "缓缴，将来还要缴；按填的全部股份算，您的只按自己名下的股份" in page.content.decode()
        assert "科技成果转化奖励（按单位规定或约定；都没有的按法定下限）" in page.content.decode()


def test_a_relief_bounded_by_the_tax_says_its_ceiling_where_the_sum_is_not_known(client):
    _, address = play(client, LIVES["veteran with an idea"])
    assert "吉林每户每年最高24,000元，以实际应缴的税费为限" in client.get(address).content.decode()


def test_a_veteran_placed_by_the_government_is_not_taken_for_one_who_found_his_own_work(client):
    life = LIVES["veteran with an idea"]
    told = {}
    for groups in ("none", "veteran_placed"):
        pages = life.pages | {"person": life.pages["person"] | {"groups": groups}}
        told[groups] = tenses(result_of(play(client, replace(life, pages=pages))[0]))
    assert told["none"]["2.3.1-veterans"][0][0] == "later"
    assert told["veteran_placed"].get("2.3.1-veterans", [("unfit", None)])[0][0] == "unfit"
    assert told["veteran_placed"]["2.3.1-guaranteed-loan-jilin"][0][0] == "first"


def test_before_registration_the_steps_begin_with_the_licence_and_with_the_course(client):
    result = result_of(play(client, LIVES["veteran with an idea"])[0])
    rows = {row.measure.id: row.version.channel.zh for row in result.rows}
    assert "还没有营业执照的，先到县级市场监管部门的企业开办窗口" in rows["2.3.1-guaranteed-loan-jilin"]
    assert rows["train-startup"].startswith("先报名参加目录内培训机构的创业培训")


def test_who_may_be_recognised_and_where_is_said_where_it_is_asked(client):
    checkup = checkups.begin_checkup(pack=current_pack(), who="job_seeker", want="find_money", day=DAY, region=DUNHUA)
    page = client.get(f"/checkup/{checkup.token}/").content.decode()
    for words in ("残疾人、零就业家庭或低保家庭的失业人员", "12333", "5000元"):
        assert words in page


def figures_in(words: str) -> set[Decimal]:
    """The sums of money in a line of Chinese, in yuan: 30万、40万或50万元 are three."""
    found = re.findall(r"([\d,.]+)(万?)(?=元|万?、[\d,.]+万|或[\d,.]+万)", words)
    return {Decimal(figure.replace(",", "")) * (10000 if many else 1) for figure, many in found}


def figures_of(version: Version) -> set[Decimal]:
    """What the parameters, the formula and the conditions of a version name."""
    known = {value.value for one in version.parameters.values() for value in one.values if value.value is not None}
    rule = " ".join((version.benefit.text, *(each.text for each in version.conditions)))
    known |= {Decimal(figure) for figure in re.findall(r"\d+(?:\.\d+)?", rule)}
    said = [version.benefit.note, version.title, *(each.label for each in (*version.conditions, *version.checks))]
    return known.union(*(figures_in(each.zh) for each in said))


def test_how_much_in_words_is_the_figure_of_the_rule():
    found = 0
    for measure in current_pack().measures.values():
        for version in measure.versions:
            words = version.benefit.in_words
            said = figures_in(words.zh)
            english = re.findall(r"(?<=¥)[\d,]*\d", words.get("en"))
            assert said == {Decimal(one.replace(",", "")) for one in english}, version.version
            assert said <= figures_of(version), version.version
            found += len(said)
    assert found > 40


def test_what_is_in_force_and_is_money_says_how_much_in_words():
    measures = current_pack().measures.values()
    inside = [(measure.id, measure.version_at(DAY)) for measure in measures if not measure.model]
    silent = [ref for ref, version in inside if version and version.benefit.unit.startswith("CNY")
              and not version.benefit.in_words.zh]  # fmt: skip
    assert silent == []


def test_the_result_so_far_is_at_hand_while_life_is_still_asked(client):
    life = LIVES["owner of an eight-person software firm"]
    checkup = checkups.begin_checkup(pack=current_pack(), who=life.who, want=life.want, day=DAY, region=DUNHUA)
    address = f"/checkup/{checkup.token}/"
    assert 'class="cb-jump"' not in client.get(address).content.decode(), "nothing is there yet"
    for page in ("business", "money", "trade"):
        client.post(f"{address}answer/", {"page": page, **life.pages[page]})
    asked = client.get(address).content.decode().partition("</section>")[0]
    assert 'class="cb-jump"' in asked
    assert sense_of(result_of(checkup)) in asked


def test_at_ten_answers_the_tax_of_an_owner_is_known_before_the_trade_is_asked(client):
    life = LIVES["returning worker of 45"]
    checkup = checkups.begin_checkup(pack=current_pack(), who=life.who, want=life.want, day=DAY, region=DUNHUA)
    for page in ("person", "business", "money"):
        client.post(f"/checkup/{checkup.token}/answer/", {"page": page, **life.pages[page]})
    result = result_of(checkup)
    assert (result.asked + 3, result.pending.id) == (10, "trade")
    assert {row.measure.id for row in result.due} >= {"vat-small-scale", "2.4.2-iit-sole-2023"}


def test_who_was_hired_is_asked_before_their_contracts(client):
    checkup = checkups.begin_checkup(pack=current_pack(), who="company", want="hire", day=DAY, region=DUNHUA)
    address = f"/checkup/{checkup.token}/"
    client.post(f"{address}answer/", {"page": "business", "registered_on": "2023-09-01", "staff_total": "8"})
    client.post(
        f"{address}answer/",
        {"page": "money", "revenue": "96万", "taxable_income": "60万", "assets_avg": "80万", "is_small_scale": "true"},
    )
    client.post(f"{address}answer/", {"page": "trade", "trade": "software"})
    client.post(f"{address}answer/", {"page": "doings", "doings": ["hire"]})
    assert result_of(checkup).pending.id == "hires"
    client.post(f"{address}answer/", {"page": "hires", "hires": ["veterans"]})
    known = result_of(checkup).profile.raw
    assert (known["hires_hard"], known["hires_recent_graduates"], known["hire_person_months"]) == (0, 0, 0)
    assert "vet_person_months" not in known
    client.post(f"{address}answer/", {"page": "hires", "hires": "none"})
    assert "kg-hire-2019" in {found.measure.id for found in result_of(checkup).later}, "hiring is what they came for"


@pytest.mark.parametrize(("level", "tense"), [("other", "office"), ("provincial", "unfit"), ("national", "unfit")])
def test_who_is_recognised_by_the_province_is_not_sent_to_be_recognised_again(client, level, tense):
    life = LIVES["operator of a makerspace"]
    said = {**life.pages, "space": {**life.pages["space"], "org_level": level}}
    found = tenses(result_of(play(client, replace(life, pages=said))[0]))
    assert found["rec-incubator-jilin"][0][0] == tense
