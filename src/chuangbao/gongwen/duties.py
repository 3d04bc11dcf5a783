"""Who has to act (责任主体): the subject before 要/应当/负责, and the units named in （…牵头，…配合）."""

from __future__ import annotations

import re
from typing import Final, Literal

from chuangbao.gongwen.model import Duty

__all__ = ["duties_of"]

Role = Literal["subject", "lead", "support", "responsible"]
_BRACKET: Final = re.compile(r"[(〔]((?:[^()〔〕]|\([^()〔〕]{1,20}\)){2,300})[)〕]")
_LABEL: Final = re.compile(r"(牵头|责任|配合|参加|参与|负责|实施|主办|协办|协同)(?:单位|部门|处室|领导)? ?[::]")
_VERB: Final = re.compile(r"(?:共同|分别|等)?按?(?:各自)?(?:职责)?(?:分工)?(牵头负责|牵头|负责|配合|参与|协同|落实)")
_ROLES: Final[dict[str, Role]] = {
    "牵头": "lead",
    "主办": "lead",
    "牵头负责": "lead",
    "配合": "support",
    "参加": "support",
    "参与": "support",
    "协办": "support",
    "协同": "support",
}
_ORG_END: Final = (
    r"(?:各地|各级|各市|各县|各区|部门|政府|厅|局|委|委员会|办公室|办|单位|机构|企业|公司|高校|高等学校|院所|院校|学校|银行|法院|检察院"
    r"|申请人|申报人|纳税人|单位负责人|协会|组织|中心|平台|基地|各方|管委会|人员|负责人|经营者|用人单位|个人|税务机关|机关|社区|园区|开发区|高新区|盟市"
    r"|部|院|所|府|会|空间|孵化器|团队|银保监会|人民银行|地区|市\(州\)|州\)|厅\(局\)|企业\(单位\)|省|县\(市\)|长春新区|专员办)"
)
_OTHERS: Final = rf"(?:、[^，,;。:“”、]{{1,24}}?{_ORG_END}){{0,12}}"
"""The offices that a list goes on with, all of which act."""
_SUBJECT: Final = re.compile(
    rf"(?:^|[，,;。:])\s*(?P<who>(?![应须需可不]|经[^营济])[^，,;。:“”]{{1,60}}?{_ORG_END}{_OTHERS})(?:、[^，,;。:“”]{{0,20}})?"
    r"(?:负责|牵头|会同|要(?!求|素|点)|应当|应(?!用|急|届|收|付|税|纳)|必须|须|不得(?![超高低少多大小早晚迟])|可以|可(?!行|能|持)|主动|切实|根据|按照)"
)
_BY: Final = re.compile(
    rf"(?<![自理经事缘])由(?P<who>[^，,;。:“”由]{{1,40}}?{_ORG_END}{_OTHERS})(?:、[^，,;。:“”]{{0,20}})?"
    r"(?=负责|牵头|会同|另行|制定|规定|审[核批定查]|组织|统一|给予|承担|解释|依[法职]|责令|予以|处|发[放布给]|办理|认定|确定|公布|拨付|实施|统筹|启动)"
)
_ASIDE: Final = 3
_DROP: Final = re.compile(r"^(?:由|对|经|向|并|其中|同时|请|凡|将|原则上|具体|若|如|当|以|为|在)")


def _names(text: str) -> list[str]:
    """省科技厅、省财政厅等 as single names."""
    parts = re.split(r"[、，;](?![^()]{0,40}\))|和(?=[省市各国])|会同|及(?=[各省])", text)
    cleaned = (_DROP.sub("", re.sub(r"等$|^等|分别$|按$|按职责.*$|共同$|各自$", "", p.strip())) for p in parts)
    return [name for name in cleaned if name and name != "按职责分工"]


def _labelled(inner: str) -> list[Duty]:
    """牵头单位：省科技厅；配合单位：省财政厅."""
    marks = list(_LABEL.finditer(inner))
    duties: list[Duty] = []
    for i, mark in enumerate(marks):
        stop = marks[i + 1].start() if i + 1 < len(marks) else len(inner)
        role = _ROLES.get(mark[1], "responsible")
        duties += [Duty(name, role) for name in _names(inner[mark.end() : stop].rstrip("。; "))]
    return duties


def _phrased(inner: str) -> list[Duty]:
    """省科技厅牵头，省财政厅、省税务局配合."""
    duties: list[Duty] = []
    at = 0
    for verb in _VERB.finditer(inner):
        role = _ROLES.get(verb[1], "responsible")
        duties += [Duty(name, role) for name in _names(inner[at : verb.start()])]
        at = verb.end()
    return duties


def _short_aside(bracket: re.Match[str]) -> str:
    """各市（州） stays, a bracket that shares out the work goes."""
    return bracket[0] if len(bracket[1]) <= _ASIDE else ""


def duties_of(folded: str) -> tuple[Duty, ...]:
    """Duty holders of one sentence, each once, in reading order."""
    duties: list[Duty] = []
    plain = _BRACKET.sub(_short_aside, folded)
    subject = _SUBJECT.search(plain)
    if subject and not re.search("由.{2,}", subject["who"]):
        duties += [Duty(name, "subject") for name in _names(subject["who"])]
    duties += [Duty(name, "subject") for by in _BY.finditer(plain) for name in _names(by["who"])]
    for bracket in _BRACKET.finditer(folded):
        duties += _labelled(bracket[1]) if _LABEL.search(bracket[1]) else _phrased(bracket[1])
    return tuple(dict.fromkeys(duties))
