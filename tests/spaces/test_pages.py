"""The pages of spaces: the directory and its data, the operator's forms, the officer's list."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

import factories
from booking.scene import make_room
from chuangbao.booking.domain.hours import add_exception, set_hours
from chuangbao.core.localization.formatting import day_words
from chuangbao.spaces.domain.catalogue import keep_offer
from chuangbao.spaces.domain.projects import claim_membership
from chuangbao.spaces.domain.sites import add_site
from chuangbao.spaces.models import ProjectMember, Recognition, Site, Space, Transfer
from spaces.samples import make_project, make_space

pytestmark = pytest.mark.usefixtures("regions")
FORM = {"name": "演示·晨光空间", "kind": "maker", "region": factories.COUNTY, "address": "演示路1号"}
AREAS = {"total_area": "1000", "office_area": "100", "tenant_area": "700", "service_area": "150", "other_area": "50"}


@pytest.fixture
def owner(client):
    actor = factories.member(factories.organisation("演示运营公司", kind="space"))
    factories.sign_in(client, actor)
    return actor


def words(client, url, status=200, **data):
    answer = client.get(url, data)
    assert answer.status_code == status
    return answer.content.decode()


def test_a_space_is_registered_by_a_short_form_that_loses_nothing_and_acts_once(client, owner):
    refused = client.post(reverse("spaces:register"), FORM | {"phone": "不是号码", "once": str(uuid4())})
    assert refused.status_code == 422
    assert "演示·晨光空间" in refused.content.decode()
    once = str(uuid4())
    for _ in range(2):
        answer = client.post(reverse("spaces:register"), FORM | {"once": once})
    space = Space.objects.get()
    assert answer.url == reverse("spaces:space", args=[space.pk])
    client.logout()
    page = words(client, answer.url)
    assert "演示·晨光空间" in page
    assert "未备案，未认定" in page
    assert "修改登记信息" not in page
    assert "演示·晨光空间" in words(client, reverse("spaces:list"), q="cgkj")
    assert "没有符合条件" in words(client, reverse("spaces:list"), q="cgkj", kind="cafe")


def test_areas_that_do_not_add_up_are_refused_beside_the_field(client, owner):
    space = make_space(owner)
    site = space.sites.get()
    url = reverse("spaces:site", args=[space.pk, site.pk])
    sent = {"seen": 1, "region": factories.COUNTY, "address": "演示路9号", **AREAS, "total_area": "1001"}
    refused = client.post(url, sent).content.decode()
    assert "合计1000平方米，此处填写1001平方米" in refused
    assert "演示路9号" in refused
    assert client.post(url, sent | AREAS).status_code == 302
    assert Site.objects.get().address == "演示路9号"
    refused = client.post(reverse("spaces:site_end", args=[space.pk, site.pk]))
    assert (refused.status_code, "唯一的场地" in refused.content.decode()) == (422, True)


def test_the_form_of_a_site_has_figures_without_useless_zeros(client, owner):
    space = make_space(owner)
    site = space.sites.get()
    Site.objects.update(latitude="43.88600", longitude="125.32450")
    page = words(client, reverse("spaces:site", args=[space.pk, site.pk]))
    assert all(f'value="{figure}"' in page for figure in ("1000", "43.886", "125.3245"))
    assert not re.search(r'value="[0-9]+\.[0-9]*0"', page)


def test_a_pasted_pair_is_the_point_and_one_elsewhere_is_refused_beside_its_field_and_kept(client, owner):
    space = make_space(owner)
    url = reverse("spaces:site", args=[space.pk, space.sites.get().pk])
    page = words(client, url)
    assert "单位是度，例如43.88680" in page
    assert 'id="point-map"' in page
    sent = {"seen": 1, "region": factories.COUNTY, "address": "演示路9号", "longitude": "", **AREAS}
    refused = client.post(url, sent | {"latitude": "121.47, 31.23"})
    assert refused.status_code == 422
    page = refused.content.decode()
    assert 'id="id_latitude-wrong">这个点不在本省任何一个县（市、区）内' in page
    assert all(f'value="{typed}"' in page for typed in ("31.23", "121.47", "演示路9号"))
    assert Site.objects.get().point == ""
    assert client.post(url, sent | {"latitude": "125.33, 43.87"}).status_code == 302
    assert Site.objects.get().point == "43.87000,125.33000"


def test_the_operator_edits_offers_and_says_what_is_new(client, owner):
    space = make_space(owner)
    edit = reverse("spaces:edit", args=[space.pk])
    given = {"seen": 1, "name": "新名", "kind": "cafe", "region": factories.COUNTY, "website": "example.org"}
    assert client.post(edit, given).status_code == 302
    assert client.post(edit, given).status_code == 422, "the page was opened before the change"
    offers = reverse("spaces:offers", args=[space.pk])
    client.post(offers, {"kind": "basic", "name": "注册地址", "is_online": "on"})
    client.post(reverse("spaces:new_tags", args=[space.pk]), {"service": "云端预约"})
    page = words(client, reverse("spaces:space", args=[space.pk]))
    for said in ("新名", "创业咖啡", "基本生存服务", "注册地址", "云端预约", "https://example.org"):
        assert said in page
    assert page.count("待数据") == 2, "innovation and investment: nothing is known yet"
    client.post(reverse("spaces:offer_drop", args=[space.pk, space.offers.get().pk]))
    assert "尚未填写" in words(client, offers)
    assert "新名" in words(client, reverse("spaces:mine"))


def test_what_happens_is_said_before_a_space_closes_merges_or_is_handed_on(client, owner):
    space, other = make_space(owner, "甲"), make_space(owner, "乙")
    ways = reverse("spaces:ending", args=[space.pk])
    assert "在用场地" in words(client, ways)
    assert client.post(reverse("spaces:end", args=[space.pk, "close"])).status_code == 422
    client.post(reverse("spaces:end", args=[space.pk, "close"]), {"reason": "租期届满"})
    assert "该空间已关闭" in words(client, reverse("spaces:space", args=[space.pk]))
    assert "恢复运营" in words(client, ways)
    client.post(reverse("spaces:end", args=[space.pk, "reopen"]))
    merge = reverse("spaces:end", args=[space.pk, "merge"])
    assert client.post(merge, {"into": "", "reason": "x"}).status_code == 422
    assert client.post(merge, {"into": str(other.pk), "reason": "合并"}).status_code == 302
    assert "该空间已并入其他空间" in words(client, reverse("spaces:space", args=[space.pk]))
    assert client.post(reverse("spaces:end", args=[space.pk, "nothing"])).status_code == 404
    hand_on = reverse("spaces:hand_on", args=[other.pk])
    assert client.post(hand_on, {"code": "123"}).status_code == 422
    taker = factories.member(factories.organisation("演示接收公司"))
    client.post(hand_on, {"code": factories.Organisation.objects.get(name="演示接收公司").code})
    page = reverse("spaces:transfer", args=[Transfer.objects.get().pk])
    assert "撤回移交" in words(client, page)
    factories.sign_in(client, taker)
    assert "待接受移交" in words(client, reverse("portal:desk"))
    move = reverse("spaces:transfer_move", args=[Transfer.objects.get().pk, "accept"])
    assert client.post(move).url == page
    assert client.post(move).status_code == 422
    assert "乙" in words(client, reverse("spaces:mine"))


def test_an_officer_finds_sorts_exports_and_recognises(client, owner):
    space = make_space(owner, "=甲")
    make_space(owner, "乙", region=factories.NEIGHBOUR)
    factories.sign_in(client, factories.officer("spaces"))
    area = reverse("spaces:area")
    page = words(client, area, sort="area")
    assert ("=甲" in page, "乙</a>" in page) == (True, False)
    sheet = load_workbook(io.BytesIO(client.get(reverse("spaces:area_workbook")).content)).active
    assert [row[1].value for row in sheet] == ["空间名称", "=甲"]
    add = reverse("spaces:recognition_add", args=[space.pk])
    sent = {"scheme": "national-2018", "number": "国科发〔2020〕1号", "since": "2020-01-01"}
    assert client.post(add, sent | {"until": "2019-01-01"}).status_code == 422
    assert client.post(add, sent).status_code == 302
    assert "国家级" in words(client, area, recognised="national")
    end = reverse("spaces:recognition_end", args=[Recognition.objects.get().pk])
    assert client.post(end, {"until": "2024-12-31", "reason": "cancelled"}).status_code == 302
    assert "没有符合条件" in words(client, area, recognised="national")
    far = make_space(owner, "丙", region=factories.OTHER_CITY)
    assert client.get(reverse("spaces:recognition_add", args=[far.pk])).status_code == 403


def test_the_data_are_open_and_say_their_licence(client, owner):
    space = make_space(owner, "=甲")
    Site.objects.update(latitude="43.9", longitude="125.3")
    keep_offer(space=space, actor=owner, kind="work", name="工位")
    rows = list(csv.reader(io.StringIO(client.get(reverse("spaces:csv")).content.decode("utf-8-sig"))))
    assert (rows[1][1], rows[1][10], rows[-1][0]) == ("'=甲", "1000.00", "# CC BY 4.0")
    data = client.get(reverse("spaces:json"), {"offer": "work"}).json()
    assert (data["licence"], data["spaces"][0]["area_m2"]) == ("CC BY 4.0", "1000.00")
    assert client.get(reverse("spaces:points")).json()["points"][0]["at"] == [125.3, 43.9]


def test_lists_and_pages_ask_a_fixed_number_of_questions(client, owner, django_assert_num_queries):
    for n in range(3):
        space = make_space(owner, f"空间{n}")
        set_hours(actor=owner, venue=space.sites.get().venue, week={1: "9:00-17:00"})
    urls = {reverse("spaces:list"): 16, reverse("spaces:mine"): 13, reverse("spaces:space", args=[space.pk]): 26}
    for url, count in urls.items():
        client.get(url)
        with django_assert_num_queries(count):
            client.get(url)


def test_hours_of_the_venue_stand_on_the_page_and_in_the_table(client, owner):
    space = make_space(owner)
    page, table = reverse("spaces:space", args=[space.pk]), f"{reverse('spaces:compare')}?s={space.pk}"
    assert "开放时间" in words(client, page)
    week = dict.fromkeys(range(1, 6), "9:00-12:00, 13:00-18:00") | {6: "10:00-16:00", 9: "9:00-17:00"}
    set_hours(actor=owner, venue=space.sites.get().venue, week=week)
    said = ("星期一至星期五 9:00-12:00, 13:00-18:00", "星期六 10:00-16:00", "星期日 不开放")
    for address in (page, table):
        text = words(client, address)
        assert all(sentence in text for sentence in (*said, "法定节假日 不开放", "调休上班日 9:00-17:00"))
    Space.objects.update(hours="全年无休")
    today = timezone.localdate()
    near, far = today + timedelta(days=3), today + timedelta(days=40)
    venue = space.sites.get().venue
    add_exception(actor=owner, venue=venue, first=today - timedelta(days=2), last=near)
    add_exception(actor=owner, venue=venue, first=near + timedelta(days=1), times="9:00-12:00, 13:00-15:00")
    add_exception(actor=owner, venue=venue, first=far)
    project = make_project(factories.officer("spaces"))
    claim_membership(project=project, space=space, actor=owner)
    ProjectMember.objects.update(stage="member")
    pages = (reverse("spaces:list"), reverse("spaces:mine"), reverse("spaces:project", args=[project.pk]))
    for address in (page, table, reverse("spaces:embed", args=[space.pk]), *pages):
        text = words(client, address)
        assert "星期六 10:00-16:00" in text, address
        assert "全年无休" not in text, "what bookings go by comes first"
        assert f"{day_words(today)}至{day_words(near)} 不开放" in text
        assert f"{day_words(near + timedelta(days=1))} 9:00-12:00, 13:00-15:00" in text
        assert day_words(far) not in text, "days far ahead are left to the calendar"


def test_the_directory_begins_with_the_own_region_and_leads_to_the_whole_province(client, owner):
    make_space(owner, "近处空间", region=factories.COUNTY)
    make_space(owner, "邻区空间", region=factories.NEIGHBOUR)
    make_space(owner, "远处空间", region=factories.OTHER_CITY)
    listed = reverse("spaces:list")

    def names(**asked):
        return re.findall("(近处|邻区|远处)空间</a>", words(client, listed, **asked))

    assert names() == ["近处"]
    page = words(client, listed)
    assert "以下空间在南关区" in page
    assert f'href="?region={factories.CITY}"' in page
    assert 'href="?region="' in page
    assert f'<option value="{factories.COUNTY}" selected>' in page
    assert f"{reverse('spaces:points')}?region={factories.COUNTY}" in page
    assert sorted(names(q="空间")) == ["近处", "远处", "邻区"], "who searches by name is not narrowed"
    assert sorted(names(region=factories.CITY)) == ["近处", "邻区"]
    assert sorted(names()) == ["近处", "邻区"], "what was chosen last comes first"
    assert sorted(names(region="")) == sorted(names()) == ["近处", "远处", "邻区"]
    assert "以下空间在" not in words(client, listed)
    client.logout()
    assert len(names()) == len(names(region=factories.CITY)) + 1 == len(names()) == 3
    assert "sessionid" not in client.cookies or not client.cookies["sessionid"].value, "no session is made for it"


def test_the_directory_begins_with_the_next_region_that_has_a_space(client, owner):
    make_space(owner, "邻区空间", region=factories.NEIGHBOUR)
    assert "以下空间在长春市" in words(client, reverse("spaces:list"))
    factories.sign_in(client, factories.officer("spaces", region=factories.OTHER_CITY))
    assert "邻区空间" in words(client, reverse("spaces:list")), "where there is none, the whole province is shown"


def test_an_address_says_city_and_county_where_these_are_not_looked_at(client, owner):
    space = make_space(owner)
    site, whole = space.sites.get(), "吉林省长春市南关区演示路1号"
    listed = reverse("spaces:list")
    assert "> 长春市南关区演示路1号<" in words(client, listed, region="")
    assert "> 南关区演示路1号<" in words(client, listed, region=factories.CITY)
    assert "> 演示路1号<" in words(client, listed, region=factories.COUNTY)
    room = make_room(owner, site.venue)
    for address in (
        reverse("spaces:mine"),
        f"{reverse('spaces:compare')}?s={space.pk}",
        reverse("booking:venue", args=[site.venue_id]),
        reverse("booking:resource", args=[room.pk]),
    ):
        assert whole in words(client, address), address
    Site.objects.update(address="长春市南关区演示路1号")
    assert "> 长春市南关区演示路1号<" in words(client, listed, region=""), "what was typed with its city is not doubled"


def test_where_two_sites_have_hours_each_is_named(client, owner):
    space = make_space(owner)
    second = add_site(space=space, actor=owner, name="二号楼", address="演示路2号")
    for site, times in ((space.sites.get(is_main=True), "9:00-12:00"), (second, "10:00-18:00")):
        set_hours(actor=owner, venue=site.venue, week={1: times})
    text = words(client, reverse("spaces:embed", args=[space.pk]))
    assert "演示路1号: 星期一 9:00-12:00" in text
    assert "二号楼: 星期一 10:00-18:00" in text


def test_what_most_come_for_is_the_main_button(client, owner):
    page = reverse("spaces:space", args=[make_space(owner).pk])
    main = r'<a class="btn btn-primary" href="([^"]+)"'
    assert re.findall(main, words(client, page))[0].startswith(reverse("tenants:board"))
    factories.sign_in(client, factories.founder())
    assert re.findall(main, words(client, page)) == [reverse("tenants:apply", args=[Space.objects.get().pk])]


def test_one_follows_a_space_and_stops(client, owner):
    space = make_space(owner)
    page, follow = reverse("spaces:space", args=[space.pk]), reverse("spaces:follow", args=[space.pk])
    client.post(follow)
    assert "取消关注" in words(client, page)
    client.post(follow, {"stop": "1"})
    assert "已取消关注" in words(client, page)
    assert "取消关注" not in words(client, page)


def test_a_filter_of_regions_says_all_and_a_form_asks_for_one(client, owner):
    assert "请选择地区" not in words(client, reverse("spaces:list"))
    assert "请选择地区" in words(client, reverse("spaces:register"))
