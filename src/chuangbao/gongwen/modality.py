"""How strong a sentence is (语气): a duty, a permission, an encouragement, a ban, a relief, a target, a definition."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from chuangbao.gongwen.model import Modality, Quantity

__all__ = ["modality_of"]

_LONGER_YAO: Final = (
    r"主要|重要|需要|必要|只要|要素|(?<!不再)(?<!不)要求|要点|纪要|摘要|概要|简要|要件|扼要|首要|紧要|要害|次要|要道(?!路)|要地(?![方区级])"
    r"|要领(?![取导先会])|要闻|要塞|择要|索要|要约|要旨|要案|要么|想要|所要|提要|刚要|将要|就要|若要"
    r"|要义(?!务)|要职(?![能工业责])|要目(?!标)|要务(?!必|实)|要紧"
)
"""Longer words in which 要 orders nothing; where the same two characters are 要 and a verb (要领取) they do."""
_LONGER_YING: Final = (
    r"(?:响|对|相|供|适|反|效|回|顺|感|呼|照|策)应(?![当该])|因应(?=对|措施|气候|变化)|一应(?=俱)"
    r"|应用|应急|应届|应邀(?!请)|应聘(?![请用任])|应变(?![更为成卖现])|应征(?![求收得询集])|应考(?![虑核察评])|应答(?!复)"
    r"|应试(?![点行用])|应诉|应激|应允(?!许)|应战(?!略)|应酬|应时(?!刻)|应景|应力(?![求争戒])|应声|应运|应城|应县(?![级区市域])"
    r"|应休(?=未|假|年|的|天)"
    r"|应有(?=的|之|作用|价值|贡献|责任|水平|地位|尽有)"
    r"|应(?:退|缴|交|纳|收|付|得|发|补|计|扣|抵|享|保|减|免|投|报|办)"
    r"(?=税|款|额|账|帐|费(?!用?由)|金额|利息|利润|工资|薪|所得|保费|职工|未|而|尽|人数|部分|增值|收入|票据|股利|的)"
    r"|应对(?![^，。;]{0,40}(?:进行|予以|给予|作出|做出|开展|提出|组织|负责|加以|实施|实行|加强))"
)
"""Longer words in which 应 orders nothing: 应缴税款 and 应急 do not, 应缴纳 and 申报应当 do."""
_LONGER_KE: Final = (
    r"许可|可行(?!使)|可持续|可再生|可能|可靠|可见|可追溯|可视(?![情为作同])|可控|可比(?!照)|认可(?!以)|可操作|可复制|可推广|可量化"
    r"|可得(?=利益|收入|性)|可供(?!给)|可支配|可穿戴|可回收(?=物|垃圾|的|利用)|可观(?![察看摩])|可信|可溯|可编程|可燃|可降解|可贵"
    r"|可循环|可分配(?=利润|收入|的|资金)|可抵扣(?=暂时|亏损|的|进项)|可用(?=性|资金|资源|面积|土地|财力|额度|的)|宁可|可知|尚可"
    r"|可变(?![更为])|可转[债换]|可利用(?=的|资源|空间|土地|面积)|可替代|可感|可学|可核(?![实销减查])|可口|可爱|可谓"
)
_SET_PHRASES: Final = (
    r"不得不|不应求|供不应求|不可或缺|不可抗力|必不可少|不可分割|不可分|不可逆|不可预见|不可避免|不可替代|不可移动|不可再生|不可忽视"
    r"|不可撤销|不可持续|不可能|缺一不可|不可多得|不可行|不可控|不可估量|不可推卸|不可比|不可更新"
    r"|(?:非|未|不)(?:禁止|限制|严禁)|禁止(?=类|性|开发区|建设区|名单|目录)"
    r"|须知|必须品|胡须|最大允许|允许(?=误差|偏差|值|范围|浓度|总质量)"
    r"|技术支持(?= ?:|电话|单位)|鼓励类|引导基金|引导资金|引导性|支持政策|支持力度|支持资金|支撑"
)
_FALSE: Final = re.compile(f"{_SET_PHRASES}|{_LONGER_YING}|{_LONGER_YAO}|{_LONGER_KE}")
_NAMED: Final = re.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》")
_DOUBLE: Final = re.compile(r"不可以?不|不能不|不应不")
_NO_MORE_BENEFIT: Final = (
    r"不再(?:重复)?(?:给予|享受|补|发|支付|资助|受理|支持|奖|安排|纳入|予以|兑|拨|认定"
    r"|推荐|延长?|接受|新增|办理申报|具有|重复|重新)"
)
_NO_MORE_BURDEN: Final = (
    r"不再(?:另行|单独|重复)?(?:对[^，。;]{1,12})?(?:征|收|缴|交|提交|提供|报送|要求|需|审批|审核|核准|扣|设|填|进行|保留|执行|实行|实施"
    r"|作为|限制|列为|核发|受[^理])"
)
_BURDEN: Final = r"(?:行政)?(?:处罚|追究|追责|问责|收取|征收|征税|追缴|追回|加收|计收|罚款)"
_NOT_BURDENED: Final = rf"不予{_BURDEN}(?![^，。;]{{0,6}}决定)"
_NOT_GIVEN: Final = rf"(?<!可)(?<!可以)不予(?!{_BURDEN})(?![^，。;]{{1,8}}?(?:决定|通知书|情形))"
"""A benefit refused (不予受理); the decision that refuses it (不予受理决定) orders nothing."""
_MAY_LEAVE: Final = r"可以?不(?:再)?(?![予断低高少多超同限]|得不|一定)"
"""What need not be done (可不提供, 可以不再提交), unlike a benefit that may be refused (可不予支持)."""
_ASKED: Final = (
    r"(?:^|(?<=[，。;: ]))请(?:你?[各贵][^，。;]{1,16}?|你[^，。;]{1,10}?|申[请报][^，。;]{0,8}?)?"
    r"(?:于(?= ?\d)|在(?= ?\d)|务必|按时|及时|尽快|抓紧)"
)
_MANDATE: Final = re.compile(
    rf"(?P<MUST_NOT>不得|禁止|严禁|不准|不许|不应|不可以|不可|不要(?!求)|不能|杜绝|{_NOT_GIVEN}|{_NO_MORE_BENEFIT})"
    rf"|(?P<EXEMPT>{_MAY_LEAVE}|{_NOT_BURDENED}|不要求|免除|{_NO_MORE_BURDEN}|免征|免收|免缴|免交|免于|免予|豁免|免税|停征|无需|无须|不需|不必|毋需|毋须|不收取)"
    rf"|(?P<MUST>{_ASKED}|有义务|必须|应当|应该|务必|务须|须|应|要|(?<![必急所按军内])需(?![求]))"
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
_HANDED_IN: Final = re.compile(
    r"提交|报送|申报|申请|上传|领取|提供|填报|补正|缴纳|缴清|登记|备案|办结|办理|审核|公示|拨付|兑付|反馈|答复|汇总|上报|送达"
)
"""What an applicant or an office does by a day; such a day is a deadline and no target."""
_QUESTION: Final = re.compile(r"\?[”’)]?$")
_CASE: Final = re.compile(r"(?:^|(?<=[，。;:]))[^。;:]{0,120}?的[，,](?=[^。;]{2})")
"""The case for which a sentence is said (不能按期完成的，…); what the sentence says follows behind it."""
_CASE_ITEM: Final = re.compile(r"的[，。;]?$")
_ATTRIBUTE: Final = re.compile(
    r"(?:应当?|必须|须|需|可以?)(?:依法|予以|按规定)?(?:追究责任的(?=情形|[^，。;])"
    r"|(?:提交|提供|具备|享受|缴纳|承担|履行|遵守|追究|支付|退还|公开|报送|准备|申请|填写|满足|符合)的(?=[^，。;]))"
)
"""A duty that only tells which thing is meant (应当提交的材料): its verb has no object before 的."""
_MISSED: Final = re.compile(r"(?:未|不|没有|没)(?:能|曾|得)?(?:达到?|突破|超过|实现)")
_ON_A_DAY: Final = re.compile(r"\d{1,2} ?月 ?\d{1,2} ?日")
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


def _ordered(masked: str) -> Modality | None:
    """Return what the sentence orders, the case in front of it and attributes (应当提交的材料) left aside.

    Where nothing follows the case that orders, the clauses before its last (应当公开，涉密的，从其规定) are looked at.
    """
    plain = _ATTRIBUTE.sub("□", masked)
    cases = list(_CASE.finditer(plain))
    if not cases:
        return _mandate(plain)
    stop = cases[-1].end()
    return _mandate(plain[stop:]) or _mandate("，".join(re.split("[，,]", plain[: stop - 1])[:-1]))


def _measured(quantities: tuple[Quantity, ...]) -> bool:
    """Whether a target has a number that is no date and no duration."""
    return any(q.kind not in {"date", "duration"} for q in quantities)


def _is_deadline(masked: str, mandate: Modality | None) -> bool:
    """Return whether the sentence orders an act by a day (需在7月30日前提交) rather than setting a goal."""
    word = _MANDATE.search(masked)
    if mandate != "MUST" or not word or not _ON_A_DAY.search(masked):
        return False
    return word[0] != "要" or bool(_HANDED_IN.search(masked))


def modality_of(folded: str, quantities: tuple[Quantity, ...]) -> Modality | None:
    """Return the force of one sentence; what documents are called (《…》) gives it none.

    A question (是否应当…？) has none either.
    Order: definition; a goal with its year; the first of ban, relief, duty, permission; 鼓励/引导/支持;
    a measured goal without a year; 推动/加快 and the like; else nothing.
    """
    if _QUESTION.search(folded):
        return None
    if _is_definition(folded):
        return "DEF"
    said = _NAMED.sub(lambda m: "□" * len(m[0]), folded)
    said = _DOUBLE.sub(lambda m: "必须".ljust(len(m[0]), "□"), said)
    masked = _FALSE.sub(lambda m: "必须" if _FORCED.match(m[0]) else "□" * len(m[0]), said)
    deadline = _DEADLINE.search(said)
    mandate = _ordered(masked)
    goal = deadline and _GOAL.search(said) and mandate not in {"MUST_NOT", "MAY", "EXEMPT"}
    if goal and not _is_deadline(masked, mandate):
        return "TARGET"
    if mandate:
        return mandate
    if _ENCOURAGE.search(masked):
        return "ENC"
    if _AIM.search(_MISSED.sub("", said)) and _measured(quantities) and not _CASE_ITEM.search(folded):
        return "TARGET"
    return "ENC" if _PROMOTE.search(masked) else None
