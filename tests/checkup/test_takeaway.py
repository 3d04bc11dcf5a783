"""What is taken along: the sheet as a PDF and as a page, the days for a calendar, and what a change moved."""

from __future__ import annotations

import io
import re
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pypdf
import pytest
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import override

from chuangbao.checkup.domain import checkups
from chuangbao.checkup.domain.moves import gaps_of
from chuangbao.checkup.domain.result import result_of
from chuangbao.checkup.models import CheckUp
from chuangbao.checkup.sheet import days_of
from chuangbao.core.access.tokens import hash_token
from chuangbao.core.engine.current import current_pack
from chuangbao.core.exports.calendar import Event, to_calendar
from chuangbao.core.exports.pdf import Paper, to_pdf
from chuangbao.rules.forecast import NotYet
from chuangbao.rules.windows import Opening

COMPANY = {
    "is_resident_enterprise": True, "taxable_income": 200000, "employees_avg": 50, "assets_avg": 5000000,
    "industry_kind": "other", "restricted_industry": False,
}  # fmt: skip
MOMENT = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)


@pytest.fixture
def begun(client, library):
    address = client.post("/checkup/", {"who": "company", "want": "", "region": "222403"})["Location"]
    for name, value in COMPANY.items():
        checkups.keep_answer(checkup=at(address), fact=current_pack().facts[name], value=value)
    return address


def at(address):
    return CheckUp.objects.get(token_hash=hash_token(address.strip("/").split("/")[-1]))


def text_of(content):
    return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages).replace("\n", "")


def words_of(page):
    return re.sub(r"\s+", "", strip_tags(page))


def test_the_sheet_says_whose_it_is_what_it_comes_to_and_until_when(client, begun):
    said = text_of(client.get(f"{begun}result.pdf").content).replace(" ", "")
    page = words_of(client.get(f"{begun}print/").content.decode())
    until = timezone.localdate() + timedelta(days=30)
    for words in (
        "吉林省延边朝鲜族自治州敦化市", "判定日期", "打印日期", f"{until.year}年{until.month}月{until.day}日",
        "每年少缴税4万元", "节省税款：每年4万元", "下一步：预缴和汇算清缴", "12366", "从业人数、资产总额季度平均值计算表", "不是审批决定",
        "由创宝网生成。自己做一次：http://testserver/checkup/",
    ):  # fmt: skip
        assert words in said, words
        assert words in page, words
    assert "办理人" not in said + page, "nobody is named"
    assert "扫码" not in said + page, "nothing was shared: no code leads back"


def test_the_sheet_says_whom_it_was_judged_as(client, begun):
    for address in (
        f"{begun}print/",
        client.post(f"{begun}share/").url.split("?")[0].replace("shared/", "") + "print/",
    ):
        assert "判定身份企业" in words_of(client.get(address).content.decode())


def test_a_figure_in_words_does_not_squeeze_its_title():
    paper = Paper("结果")
    said = "资源税、城建税、房产税、城镇土地使用税、印花税、耕地占用税和两项教育附加减半"
    paper.row("六税两费减半 (待确认)", said, [], ["一份写得很长很长的材料名称，占得满一行还要多出来几个字才停下来"])
    pages = pypdf.PdfReader(io.BytesIO(to_pdf(paper))).pages
    lines = [line.replace(" ", "") for page in pages for line in page.extract_text().splitlines()]
    assert "六税两费减半(待确认)" in lines
    assert said in lines


def test_a_page_on_paper_says_where_it_came_from_and_never_who_may_open_a_check_up(client, begun):
    page = client.get("/policies/?q=贷款").content.decode()
    line = page.partition('class="cb-on-paper"')[2].partition("</p>")[0]
    assert "http://testserver/policies/?q=" in line
    assert "打印" in line
    assert "cb-on-paper" not in client.get(begun).content.decode()


def test_the_sheet_leads_back_to_a_copy_where_one_was_shared(client, begun):
    address = client.post(f"{begun}share/")["Location"].split("?")[0]
    assert f"http://testserver{address}" in text_of(client.get(f"{begun}result.pdf").content).replace(" ", "")
    assert f'src="{address}code.svg"' in client.get(f"{begun}print/").content.decode()
    assert f"http://testserver{address}" in text_of(client.get(f"{address.replace('shared/', '')}result.pdf").content)


def test_what_excludes_each_other_is_named_on_both(client, begun):
    for name in ("is_hnte", "audit_collection", "hnte_still_meets"):
        checkups.keep_answer(checkup=at(begun), fact=current_pack().facts[name], value=True)
    left = result_of(at(begun)).bundle.left
    assert [one.measure for one in left] == ["1.3.7-cit-hnte"]
    screen = words_of(client.get(begun).content.decode())
    assert screen.count("不能与以下事项同时享受") == 1, "the screen says it, at the one that is the row"
    assert "或者改选：高新技术企业15%、少一些" in screen.replace(" ", "")
    assert "不能与以下事项同时享受：高新技术企业15%。合计中只计一项。" in screen
    page = words_of(client.get(f"{begun}print/").content.decode())
    assert page.count("不能与以下事项同时享受") == 1
    assert "不能与以下事项同时享受：高新技术企业15%。合计中只计一项。" in page
    assert "高新技术企业15%：同类政策只能选最高的一项" in page
    said = text_of(client.get(f"{begun}result.pdf").content).replace(" ", "")
    assert said.count("不能与以下事项同时享受") == 1


def test_a_sheet_of_another_day_says_so_and_names_no_end(client, begun):
    checkups.set_day(checkup=at(begun), day=date(2015, 6, 30), region="222403")
    page = words_of(client.get(f"{begun}print/").content.decode())
    assert "2015年6月30日（不是打印当天）" in page
    assert "有效至" not in page


def test_a_calendar_folds_by_octets_and_cuts_no_character():
    title = "小型微利企业所得税优惠，减按25%计入；逗号,分号;和\\反斜线" * 3
    event = Event("a@b", date(2026, 12, 31), title, "第一行\n第二行", "http://testserver/x/")
    content = to_calendar("日子", [event], written_at=MOMENT)
    lines = content.split(b"\r\n")
    assert content.endswith(b"END:VCALENDAR\r\n")
    assert all(len(line) <= 75 for line in lines)
    assert all(line.decode() is not None for line in lines), "each piece is whole characters"
    unfolded = content.replace(b"\r\n ", b"").decode().split("\r\n")
    assert "DTSTART;VALUE=DATE:20261231" in unfolded
    assert "DTEND;VALUE=DATE:20270101" in unfolded
    assert "DTSTAMP:20261127T030000Z" in unfolded
    assert "DESCRIPTION:第一行\\n第二行" in unfolded
    summary = next(line for line in unfolded if line.startswith("SUMMARY:"))
    assert "逗号\\,分号\\;和\\\\反斜线" in summary
    with pytest.raises(ValueError, match="time zone"):
        to_calendar("日子", [], written_at=datetime(2026, 11, 27))  # noqa: DTZ001 - the fault


def test_the_days_ahead_keep_their_names_when_taken_again(client, begun):
    first = client.get(f"{begun}days.ics")
    assert first["Content-Type"] == "text/calendar; charset=utf-8"
    unfolded = first.content.replace(b"\r\n ", b"").decode()
    assert "SUMMARY:政策有效期最后一天：小型微利企业所得税优惠" in unfolded
    assert "DTSTART;VALUE=DATE:20271231" in unfolded
    names = re.findall(r"UID:(\S+)", unfolded)
    assert names
    assert len(set(names)) == len(names)
    again = client.get(f"{begun}days.ics").content.replace(b"\r\n ", b"").decode()
    assert re.findall(r"UID:(\S+)", again) == names
    other = client.post("/checkup/", {"who": "company", "want": ""})["Location"]
    for name, value in COMPANY.items():
        checkups.keep_answer(checkup=at(other), fact=current_pack().facts[name], value=value)
    rival = client.get(f"{other}days.ics").content.replace(b"\r\n ", b"").decode()
    assert set(re.findall(r"UID:(\S+)", rival)).isdisjoint(names), "another person's days are other days"


def found_with(*, opening=None, first_day=None, last_day=None, status="eligible"):
    """A measure as far as the calendar looks at it, judged for the 27th of November."""
    board = SimpleNamespace(profile=SimpleNamespace(as_of=date(2026, 11, 27)))
    not_yet = NotYet(first_day) if first_day else None
    answer, version = SimpleNamespace(opening=opening, board=board), SimpleNamespace(valid_to=last_day, version="V1")
    is_open = opening is not None and opening.state == "open"
    closes_on = opening.closes if is_open and (first_day is None or first_day <= opening.closes) else None
    is_had = status == "eligible"
    return SimpleNamespace(
        answer=answer, version=version, not_yet=not_yet, turn=None, is_had=is_had, closes_on=closes_on
    )


def test_windows_first_days_and_ends_are_days_and_what_is_over_is_none():
    window = (date(2027, 3, 1), date(2027, 4, 30))
    every = [
        found_with(opening=Opening("opens", *window)),
        found_with(opening=Opening("open", date(2026, 1, 1), date(2026, 12, 15))),
        found_with(opening=Opening("missed", date(2026, 1, 1), date(2026, 2, 1))),
        found_with(opening=Opening("unknown", fact="recognised_on")),
        found_with(first_day=date(2027, 3, 15), last_day=date(2027, 12, 31), status="not_eligible"),
        found_with(first_day=date(2026, 11, 27), status="not_eligible"),
        found_with(last_day=date(2027, 12, 31)),
    ]
    with override("zh-hans"):
        days = [(kind, words, day) for _found, kind, words, day in days_of(every)]
    assert days == [
        ("opens:2027", "开始受理", window[0]), ("closes:2027", "申报截止", window[1]),
        ("closes:2026", "申报截止", date(2026, 12, 15)), ("not-yet", "其余做到后，今天起可办", date(2027, 3, 15)),
        ("ends:V1", "政策有效期最后一天", date(2027, 12, 31)),
    ]  # fmt: skip


def test_a_last_day_is_called_to_mind_a_week_before():
    day = date(2026, 12, 15)
    calls = [
        to_calendar("日子", [Event("a@b", day, "申报截止", is_last=last)], written_at=MOMENT) for last in (True, False)
    ]
    assert b"BEGIN:VALARM\r\nACTION:DISPLAY\r\n" in calls[0]
    assert b"TRIGGER:-P6DT15H\r\nEND:VALARM\r\nEND:VEVENT" in calls[0]
    assert b"VALARM" not in calls[1]


def test_what_closes_soon_comes_first_and_its_last_day_is_taken_along(client, library):
    address = client.post("/checkup/", {"who": "job_seeker", "want": "find_money", "region": "222403"})["Location"]
    person = {"page": "person", "age": "below_46", "registered": "idea", "groups": ["unemployed", "hard_to_place"]}
    client.post(f"{address}answer/", person)
    checkups.set_day(checkup=at(address), day=date(2026, 11, 28), region="222403")
    result = result_of(at(address))
    closing = {found.measure.id for found in result.with_days if found.closes_on == date(2026, 12, 15)}
    assert "si-flex-hard" in closing
    for section in (result.rows, result.later, result.one_away, result.unsure, result.more_away, result.by_office):
        ids = [found.measure.id in closing for found in section]
        assert ids == sorted(ids, reverse=True), "what closes soon first"
    unfolded = client.get(f"{address}days.ics").content.replace(b"\r\n ", b"").decode()
    assert "申报截止：就业困难人员灵活就业社会保险补贴" in unfolded
    assert "DTSTART;VALUE=DATE:20261215" in unfolded
    assert "2026年12月15日截止" in words_of(client.get(address).content.decode())
    for said in sheets(client, address):
        assert said.count("2026年12月15日截止") >= 1


def test_another_day_is_said_and_left_again(client, begun):
    assert "不是今天" not in client.get(begun).content.decode()
    client.post(f"{begun}day/", {"as_of": "2015-10-20", "region": "222403"})
    page = client.get(begun).content.decode()
    assert "按2015年10月20日判定，不是今天" in words_of(page)
    form = page.partition("回到今天")[0].rpartition("<form")[2]
    assert f'name="as_of" value="{timezone.localdate():%Y-%m-%d}"' in form
    client.post(f"{begun}day/", {"as_of": f"{timezone.localdate():%Y-%m-%d}", "region": "222403"})
    assert "不是今天" not in client.get(begun).content.decode()
    client.post(f"{begun}day/", {"as_of": "2040-01-01", "region": "222403"})
    assert "到那天政策可能已经变化" in client.get(begun).content.decode()


def test_a_changed_answer_says_what_went_and_what_came(client, begun):
    changed = client.get(begun).content.decode()
    assert "以后的变动" not in changed
    client.post(f"{begun}answer/", {"fact": "employees_avg", "employees_avg": "301"})
    page = words_of(client.get(begun).content.decode())
    moved = page.partition("以后的变动")[2][:200]
    assert "不再符合小型微利企业所得税优惠" in moved
    client.post(f"{begun}answer/", {"fact": "employees_avg", "employees_avg": "50"})
    assert "新增小型微利企业所得税优惠" in words_of(client.get(begun).content.decode())
    client.post(f"{begun}answer/", {"fact": "taxable_income", "taxable_income": "100000"})
    moved = words_of(client.get(begun).content.decode()).partition("以后的变动")[2][:200]
    assert "金额变了小型微利企业所得税优惠可享受：每年4万元→每年2万元" in moved


def test_a_condition_that_is_now_met_or_in_the_way_is_a_change(client, begun):
    for name, value in {"assets_avg": 600_000_000, "employees_avg": 5000, "restricted_industry": True}.items():
        checkups.keep_answer(checkup=at(begun), fact=current_pack().facts[name], value=value)
    before = gaps_of(result_of(at(begun)))
    client.post(f"{begun}answer/", {"fact": "employees_avg", "employees_avg": "50"})
    page = words_of(client.get(begun).content.decode())
    moved = page.partition("以后的变动")[2].partition("您能拿到什么")[0]
    changed = {name for name, gaps in gaps_of(result_of(at(begun))).items() if before.get(name, gaps) != gaps}
    assert changed
    assert "没有变动" not in moved
    assert "条件有变小型微利企业所得税优惠不再差：从业人数" in moved


def test_what_waited_for_answers_is_not_new(client, library):
    address = live(client, "job_seeker", SEEKER)
    before = {found.measure.id: found.measure.title.zh for found in result_of(at(address)).open}
    client.post(f"{address}answer/", {"page": "person", "registered": "idea"} | SEEKER | {"groups": "unemployed"})
    moved = words_of(client.get(address).content.decode()).partition("以后的变动")[2].partition("您能拿到什么")[0]
    assert moved
    assert not any(f"新增{title}" in moved for title in before.values())


def test_saying_what_was_assumed_is_a_change(client, library):
    address = live(client, "job_seeker", SEEKER)
    assert "loan_amount" in result_of(at(address)).assumptions
    client.post(f"{address}answer/", {"fact": "loan_amount", "loan_amount": "200000"})
    assert "以后的变动" in words_of(client.get(address).content.decode())


def test_a_measure_that_comes_later_is_a_change(client, library):
    address = client.post("/checkup/", {"who": "researcher", "want": ""})["Location"]
    client.post(f"{address}answer/", {"page": "unit", "unit": "state", "post": "technical", "result": "equity"})
    client.post(f"{address}answer/", {"page": "reward", "share": "neither", "leave": "stay"})
    terms = {"page": "equity", "owner": "mine", "equity_formed_value": "2000000", "equity_terms": "listed_kind"}
    client.post(f"{address}answer/", terms)
    before = {found.measure.id for found in result_of(at(address)).later}
    client.post(f"{address}answer/", {"page": "reward", "share": "neither", "leave": "leave"})
    came = [found for found in result_of(at(address)).later if found.measure.id not in before]
    assert came
    moved = words_of(client.get(address).content.decode()).partition("以后的变动")[2][:400]
    assert "没有变动" not in moved
    assert "现在有1项可以办，其中100万元（全体贡献人员合计，不是每人）；做到所列条件后还能拿3项。" in words_of(
        client.get(address).content.decode()
    )
    assert all(f"新增{found.measure.title.zh}等您做到就能拿" in moved for found in came)


def test_another_sum_of_what_comes_later_is_a_change(client, library):
    address = client.post("/checkup/", {"who": "job_seeker", "want": ""})["Location"]
    person = {"page": "person", "age": "below_46", "registered": "idea"}
    client.post(f"{address}answer/", person | {"groups": "unemployed"})
    before = result_of(at(address))
    client.post(f"{address}answer/", person | {"groups": ["unemployed", "hard_to_place"]})
    after = result_of(at(address))
    sums = [{found.measure.id: found.amount_then for found in result.later} for result in (before, after)]
    assert sums[0] != sums[1]
    moved = words_of(client.get(address).content.decode()).partition("以后的变动")[2][:400]
    assert "没有变动" not in moved


def test_what_a_new_answer_decides_is_no_change(client, begun):
    client.post(f"{begun}answer/", {"fact": "employees_avg", "employees_avg": "49"})
    assert at(begun).moved_from
    assert "没有变动" in client.get(begun).content.decode()
    question = result_of(at(begun)).question
    client.post(f"{begun}answer/", {"fact": question.fact, "unknown": "1"})
    assert at(begun).moved_from is None


def test_another_day_says_what_it_moved(client, begun):
    client.post(f"{begun}day/", {"as_of": "2010-01-01", "region": "222403"})
    moved = words_of(client.get(begun).content.decode()).partition("改了“日期或地区”以后的变动")[2][:300]
    assert "小型微利企业所得税优惠" in moved


def test_an_answer_taken_back_says_what_went(client, begun):
    client.post(f"{begun}withdraw/", {"fact": "employees_avg"})
    moved = words_of(client.get(begun).content.decode()).partition("以后的变动")[2][:200]
    assert "换了位置小型微利企业所得税优惠可享受：每年4万元→差一个答案" in moved


def test_the_printed_page_asks_the_database_seven_times(client, begun, django_assert_num_queries):
    asked = 7  # the bound (2), a shared copy, the check-up, its answers, its copies, the offices
    with django_assert_num_queries(asked):
        client.get(f"{begun}print/")


def test_the_road_of_a_sheet_says_what_is_to_be_done_and_what_it_brings(client, library):
    address = client.post("/checkup/", {"who": "job_seeker", "want": "start"})["Location"]
    person = {"page": "person", "age": "below_46", "registered": "idea", "groups": ["unemployed", "hard_to_place"]}
    client.post(f"{address}answer/", person)
    client.post(f"{address}answer/", {"page": "plans", "plans": "none"})
    result = result_of(at(address))
    deeds = [deed for found in result.later for deed in found.not_yet.deeds]
    summed = [found for found in result.later if found.amount_then]
    assert summed
    assert len(summed) < len(result.later)
    for said in (
        text_of(client.get(f"{address}result.pdf").content),
        words_of(client.get(f"{address}print/").content.decode()),
    ):
        road = re.sub(r"\s+", "", said).partition("等到时候或您做到就能有")[2]
        assert "要做到：" in road
        assert not any(f"{current_pack().facts[deed.fact].label.zh}：是" in road for deed in deeds)
        assert any(deed.value is True for deed in deeds) == ("（现在还不是）" in road)
        assert all(f"{found.measure.title.zh}" in road for found in summed)
        assert "元" in road
    assert f"其中{len(result.ahead_taken)}项约" in words_of(client.get(address).content.decode())


def live(client, who, person, want="start", region="220100"):
    address = client.post("/checkup/", {"who": who, "want": want, "region": region})["Location"]
    client.post(f"{address}answer/", {"page": "person", "registered": "idea"} | person)
    client.post(f"{address}answer/", {"page": "plans", "plans": "none"})
    return address


def sheets(client, address):
    page = client.get(f"{address}print/").content.decode()
    return re.sub(r"\s+", "", text_of(client.get(f"{address}result.pdf").content)), words_of(page)


def test_paper_names_what_else_is_to_be_done(client, library):
    address = client.post("/checkup/", {"who": "individual_business", "want": "start", "region": "220100"})["Location"]
    person = {"page": "person", "age": "below_46", "registered": "sole", "groups": "none"}
    client.post(f"{address}answer/", person)
    client.post(f"{address}answer/", {"page": "trade", "trade": "catering"})
    client.post(f"{address}answer/", {"fact": "sells_food", "sells_food": "true"})
    errands = result_of(at(address)).errands
    assert errands
    for said in sheets(client, address):
        below = said.partition("还要办的手续")[2]
        assert all(re.sub(r"\s+", "", found.measure.title.zh) in below for found in errands)


def test_paper_says_every_way_to_meet_a_condition(client, library):
    address = client.post("/checkup/", {"who": "makerspace", "want": "recognition", "region": "220100"})["Location"]
    checkup = at(address)
    figures = {
        "new_firms_year": 2, "financed_year": 1, "area_m2": 2000, "desks": 60, "public_area_share": "0.8", "months_run": 40,
        "teams_and_firms": 30, "typical_cases": 5, "pro_staff": 5, "mentors": 9, "events_year": 30, "service_m2": 1500,
        "org_kind": "makerspace", "is_legal_person": True, "torch_filed": True,
    }  # fmt: skip
    for name, value in figures.items():
        checkups.keep_answer(checkup=checkup, fact=current_pack().facts[name], value=value)
    later = {found.measure.id: found for found in result_of(checkup).later}
    found = later.get("rec-makerspace-national")
    assert found is not None, list(later)
    label = "入驻团队每年新注册企业不低于10家，或每年不低于5家获得融资"
    for said in sheets(client, address):
        assert label in said


SEEKER = {"age": "below_46", "groups": ["unemployed", "hard_to_place"]}
STUDENT = {"graduation_on": "2027-07-01", "degree": "bachelor", "degree_recognised": "true", "groups": "none"}
GRADUATE = {"graduated": "within_2", "groups": "none"}
SHEETS = pytest.mark.parametrize(("who", "person"), [("job_seeker", SEEKER), ("student", STUDENT)])


@SHEETS
def test_paper_says_what_was_only_assumed_with_its_value(client, library, who, person):
    address = live(client, who, person)
    assert "loan_amount" in result_of(at(address)).assumptions
    for said in sheets(client, address):
        line = said.partition("不是您说的：")[2].partition("。")[0]
        assert "申请贷款金额：30万元" in line
        assert line.count("；") == len(result_of(at(address)).assumptions) - 1


@SHEETS
def test_paper_writes_money_one_way_and_a_loan_once(client, library, who, person):
    address = live(client, who, person)
    for said in sheets(client, address):
        assert "¥" not in said
        assert "贷款额度：" not in said
        assert said.count("贷款（要还") <= 1


@pytest.mark.parametrize(("who", "person"), [("job_seeker", SEEKER), ("graduate", GRADUATE)])
def test_paper_lists_what_waits_for_answers_and_whom_to_ask(client, library, who, person):
    address = live(client, who, person)
    found = result_of(at(address)).open
    assert found or who == "job_seeker"
    for said in sheets(client, address):
        waiting = said.partition("还等您的答案")[2]
        for one in found:
            line = waiting.partition(re.sub(r"\s+", "", one.measure.title.zh))[2][:160]
            assert line.partition("还缺：")[2].startswith(current_pack().facts[one.open_facts[0]].label.zh[:4])
            assert one.place.hotline is None or one.place.hotline.number in line


@SHEETS
def test_paper_promises_nothing_from_today_that_is_still_to_be_done(client, library, who, person):
    address = live(client, who, person)
    result = result_of(at(address))
    assert any(found.not_yet.deeds for found in result.later)
    for said in sheets(client, address):
        assert "今天起" not in said
        assert "做到后" in said
        for found in result.later:
            for condition in found.failing:
                deeds = {deed.fact for deed in found.not_yet.deeds}
                if condition.distance is not None and condition.fact not in deeds:
                    assert re.sub(r"\s+", "", condition.label.zh) in said, "what time has to bring"


@SHEETS
def test_paper_keeps_the_words_of_a_sum_that_is_not_known(client, library, who, person):
    address = live(client, who, person)
    result = result_of(at(address))
    worded = [f for f in result.later if not f.amount_then and f.version.benefit.in_words.zh]
    assert worded or who == "job_seeker"
    for said in sheets(client, address):
        for found in worded:
            assert re.sub(r"\s+", "", found.version.benefit.in_words.zh) in said


def test_no_calendar_is_offered_where_no_day_is_known(client, begun):
    assert f"{begun}days.ics" in client.get(begun).content.decode()
    empty = client.post("/checkup/", {"who": "makerspace", "want": ""})["Location"]
    assert "BEGIN:VEVENT" not in client.get(f"{empty}days.ics").content.decode()
    assert f"{empty}days.ics" not in client.get(empty).content.decode()
