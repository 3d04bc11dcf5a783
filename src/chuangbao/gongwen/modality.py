"""How strong a sentence is (语气): a duty, a permission, an encouragement, a ban, a relief, a target, a definition."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from chuangbao.gongwen.model import Modality, Quantity

__all__ = ["modality_of"]

_FALSE: Final = re.compile(
    r"不得不|不应求|供不应求|不可或缺|不可抗力|必不可少"
    r"|主要|重要|需要|必要|只要|要素|要求|要点|纪要|摘要|概要|简要|要件|扼要|首要|紧要|要害|次要|要义|要职|要道|要地|要领|要闻|要塞|择要|索要|要约|要旨|要目|要务|要案|要紧|要么|想要|所要|提要|刚要|将要|就要|若要|不要求"
    r"|应用|响应|对应|相应|供应|适应|反应|效应|应急|应对|应届|应收|应付|应税|应纳|应得|应邀|应聘|回应|应变|应有|应运|顺应|感应|呼应|应答|应征|应诉|应激|应缴|应交|应发|应退|应补|应计|应考|应试|应允|一应|照应|应享|应扣|应抵|应战|应酬|报应|内应|策应|应时|应景|应力|感应|应声|应城|应县|因应"
    r"|许可|可行|可持续|可再生|可能|可靠|可见|可追溯|可视|可控|可比|认可|可用|可操作|可复制|可推广|可量化|可得|可供|可支配|可穿戴|可回收|可观|可信|可溯|可编程|可燃|可降解|可贵|可循环|可分配|可抵|不可|宁可|可知|可计|尚可|可变|可转债|可转换|可利用|可替代|可感|可学|可核|可比性|可口|可爱|可谓"
    r"|须知|必须品|胡须|允许误差|鼓励类|引导基金|引导资金|引导性|支持政策|支持力度|支持资金|支撑"
)
_MANDATE: Final = re.compile(
    r"(?P<MUST_NOT>不得|禁止|严禁|不准|不许|不应|不可以|不要|不能|杜绝)"
    r"|(?P<EXEMPT>免除|不再|免征|免收|免缴|免交|免于|免予|豁免|免税|停征|无需|无须|不需|不收取)"
    r"|(?P<MUST>必须|应当|应该|务必|务须|须|应|要|(?<![必急所按军内])需(?![求]))"
    r"|(?P<MAY>可以|允许|准许|准予|可|有权)"
)
_FORCED: Final = re.compile(r"不得不")
_DEFINITION: Final = re.compile(
    r"(?:本(?:办法|条例|规定|细则|意见|通知|方案|规则|公告|法|决定|指南|措施|标准)[^。，]{0,8}(?:所称|中的?)|所称|是指|系指|指的是)"
)
_ENCOURAGE: Final = re.compile(r"鼓励|引导|支持|倡导|提倡")
_PROMOTE: Final = re.compile(r"推动|推进|加快|促进|加强|加大|扶持|优先|探索|培育|完善|健全|落实|深化")
_DEADLINE: Final = re.compile(
    r"(?:到|至|在|截至|力争|争取)(?:“[^”]{1,8}”)?\D{0,4}?(?:[12]\d{3}|[一二][〇零一二三四五六七八九]{3})年|\d{4}年(?:\d{1,2}月)?(?:底|末|年底)?(?:以?前)?，|“十[一二三四五六]五”(?:期)?末|(?:[12]\d{3})年底?前"
)
_GOAL: Final = re.compile(
    r"实现|达到|建成|力争|突破|形成|培育|提高到|增长|超过|控制在|完成|打造|建立|建设|基本|新增|降低|覆盖|达"
)
_AIM: Final = re.compile(r"实现|达到|建成|力争|突破|提高到|年均增长|控制在|达")


def _is_definition(folded: str) -> bool:
    """是指 and 本办法所称: only when the sentence says what a word means."""
    match = _DEFINITION.search(folded)
    return bool(match) and ("所称" in folded or "是指" in folded or "系指" in folded or "指的是" in folded)


def _mandate(masked: str) -> Modality | None:
    """The first word of command or permission: what comes first carries the sentence."""
    match = _MANDATE.search(masked)
    if not match:
        return None
    kinds: dict[str, Modality] = {"MUST_NOT": "MUST_NOT", "EXEMPT": "EXEMPT", "MUST": "MUST", "MAY": "MAY"}
    return kinds[match.lastgroup or "MUST"]


def _measured(quantities: tuple[Quantity, ...]) -> bool:
    """Whether a target has a number that is no date and no duration."""
    return any(q.kind not in {"date", "duration"} for q in quantities)


def modality_of(folded: str, quantities: tuple[Quantity, ...]) -> Modality | None:
    """The force of one sentence.

    Order: definition; a goal with its year; the first of ban, relief, duty, permission; 鼓励/引导/支持;
    a measured goal without a year; 推动/加快 and the like; else nothing.
    """
    if _is_definition(folded):
        return "DEF"
    masked = _FALSE.sub(lambda m: "必须" if _FORCED.match(m[0]) else "□" * len(m[0]), folded)
    deadline = _DEADLINE.search(folded)
    mandate = _mandate(masked)
    if deadline and _GOAL.search(folded) and mandate not in {"MUST_NOT", "MAY", "EXEMPT"}:
        return "TARGET"
    if mandate:
        return mandate
    if _ENCOURAGE.search(masked):
        return "ENC"
    if _AIM.search(folded) and _measured(quantities):
        return "TARGET"
    return "ENC" if _PROMOTE.search(masked) else None
