"""Reading a document, by a visitor and at the desk: with warnings, tables and long duties, at both widths, printed, without
JavaScript."""

from __future__ import annotations

import io
import zipfile

import pytest
from playwright.sync_api import expect

import factories
from browser.window import IN_A_BROWSER, VIEWS, button, opened, press, put_view, seen, violations
from chuangbao.core.jobs.jobs import carry_out
from chuangbao.core.models import Job
from fuzz import files

pytestmark = IN_A_BROWSER
OFFICES = "、".join(f"区第{n}科技创新和中小企业发展服务局" for n in "一二三四五六")
NOTICE = (
    "<w:p><w:r><w:t>某市关于做好创业补贴申报工作的通知</w:t></w:r></w:p><w:p><w:r><w:t>某发〔2024〕1号</w:t></w:r></w:p>"
    "<w:p><w:r><w:t>各区人民政府，市有关部门：</w:t></w:r></w:p>"
    "<w:p><w:r><w:t>根据《某市促进中小企业高质量发展若干措施》（某政发〔2023〕12号），现将有关事项通知如下：</w:t></w:r></w:p>"
    f"<w:p><w:r><w:t>一、组织领导</w:t></w:r></w:p><w:p><w:r><w:t>（一）职责分工</w:t></w:r></w:p>"
    f"<w:p><w:r><w:t>1.{OFFICES}应当在每季度结束后10个工作日内报送项目进展，最高给予不超过50万元的补助。（{OFFICES}按职责分工负责）</w:t></w:r></w:p>"
    "<w:p><w:r><w:t>（1）不得重复申报。</w:t></w:r></w:p>"
    "<w:p><w:r><w:t>二、补贴标准</w:t></w:r></w:p><w:p><w:del><w:r><w:delText>旧的规定</w:delText></w:r></w:del></w:p>"
    "<w:tbl>"
    + "".join(
        "<w:tr>" + "".join(f"<w:tc><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>" for cell in row) + "</w:tr>"
        for row in [
            ("序号", "类别", "补贴标准", "最长期限", "负责的部门和联系电话"),
            ("1", "初创企业", "不超过10万元", "不超过3年", OFFICES),
        ]
    )
    + "</w:tbl><w:p><w:r><w:t>某市人民政府办公室</w:t></w:r></w:p><w:p><w:r><w:t>2024年5月1日</w:t></w:r></w:p>"
)


def look(page, name):
    """Return what axe finds in each view; a picture of each is kept, and one as printed."""
    found = {}
    for width, scheme in VIEWS:
        put_view(page, width, scheme)
        found |= violations(page, f"{name} {width}")
        seen(page, f"{name}-{width}")
    page.emulate_media(media="print", color_scheme="light")
    seen(page, f"{name}-print")
    page.emulate_media(media="screen")
    return found


def choose(page, field, *given):
    page.locator(field).set_input_files(
        [{"name": n, "mimeType": "application/octet-stream", "buffer": c} for n, c in given]
    )


@pytest.mark.parametrize("js", [True, False])
def test_a_visitor_reads_a_document(browser, site, js):
    looked, found = opened(browser, site=site, js=js), {}
    looked.goto(f"{site}/policies/import/")
    choose(looked, "input[type=file]", ("关于做好创业补贴申报工作的通知.docx", files.docx(NOTICE)))
    press(
        looked, button(looked, "开始解读") if button(looked, "开始解读").count() else looked.locator("main form button")
    )
    expect(looked.locator("#left-out")).to_be_visible()
    assert looked.locator(".cb-read table td").count() == 10
    if js:
        found |= look(looked, "visitor")
    else:
        seen(looked, "visitor-nojs")
    looked.goto(f"{site}/policies/import/")
    looked.locator("textarea").fill("你好，我想开一家小店。" * 3)
    press(looked, looked.locator("main form button"))
    expect(looked.get_by_role("heading", name="这段文字不像一份公文")).to_be_visible()
    if js:
        found |= look(looked, "no-document")
    assert found == {}


def test_the_desk_brings_one_and_many(browser, site):
    actor = factories.officer("policy_editor", region=factories.PROVINCE)
    page, found = opened(browser, actor=actor, site=site, js=False), {}
    page.goto(f"{site}/policies/desk/documents/new/")
    page.locator("#id_ref").fill("one")
    choose(page, "input[type=file]", ("通知.docx", files.docx(NOTICE)))
    press(page, page.locator("main form button"))
    expect(page.get_by_role("link", name="原件")).to_be_visible()
    seen(page, "desk-paper")
    page = opened(browser, actor=actor, site=site)
    page.goto(f"{site}/policies/desk/documents/many/")
    found |= look(page, "many")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as box:
        box.writestr("2024年/关于做好创业补贴申报工作的通知.docx", files.docx(NOTICE))
        box.writestr("扫描件.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 60)
        box.writestr("便条.txt", "你好，我想开一家小店。")
    page.locator("#id_ref").fill("many")
    choose(page, "input[type=file]", ("2024年度文件汇编.zip", packed.getvalue()))
    press(page, page.locator("main form button"))
    job = Job.objects.get(task="policies.bring_many")
    carry_out(job.pk)
    page.goto(f"{site}/desk/jobs/{job.key}/")
    press(page, page.get_by_role("link", name="查看结果"))
    assert page.locator(".cb-report li.cb-card").count() == 3
    found |= look(page, "report")
    assert found == {}
