"""Topics and states of guidance notes, draws and visits."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from chuangbao.core.workflow.transitions import State

__all__ = [
    "CheckItem",
    "DrawStage",
    "FileKind",
    "NoteStage",
    "NoteTopic",
    "Outcome",
    "PlanStage",
    "Side",
    "VisitStage",
]


class NoteTopic(TextChoices):
    """What of a space's record a guidance note is about."""

    ENTRY = "entry", _("Entry in the register")  # 登记信息
    SITES = "sites", _("Sites and areas")  # 场地与面积
    OFFERS = "offers", _("What the space offers")  # 服务与价格
    TENANTS = "tenants", _("Tenants and incubation")  # 入驻与孵化
    ADDRESSES = "addresses", _("Registered addresses")  # 住所托管
    SAFETY = "safety", _("Safety on the site")  # 场地安全
    OTHER = "other", _("Another matter")  # 其他


class NoteStage(State):
    """Whether a guidance note waits for the operator; it obliges to nothing and changes no data (1.2.5)."""

    OPEN = "open", _("Waits for the operator")  # 待运营方回应
    ANSWERED = "answered", _("Answered by the operator")  # 运营方已回复
    DONE = "done", _("Marked as done")  # 已落实
    WITHDRAWN = "withdrawn", _("Guidance withdrawn")  # 已撤回


class Side(TextChoices):
    """Who wrote."""

    OFFICE = "office", _("Office")  # 主管部门
    OPERATOR = "operator", _("Operator")  # 运营方


class DrawStage(State):
    """How far a draw (抽查任务) is: nothing of a frozen one can be changed."""

    PREPARING = "preparing", _("In preparation")  # 准备中
    FROZEN = "frozen", _("List fixed, not drawn yet")  # 名单已锁定
    DRAWN = "drawn", _("Drawn")  # 已抽取
    CANCELLED = "cancelled", _("Draw cancelled")  # 已取消


class VisitStage(State):
    """How far a visit is, and what came of it."""

    PLANNED = "planned", _("Still to be visited")  # 待检查
    CLEAR = "clear", _("No problem found")  # 未发现问题
    MENDING = "mending", _("To be mended")  # 责令整改
    MENDED = "mended", _("Mended, says the operator")  # 已报整改，待核实
    HANDED = "handed", _("Handed on to another office")  # 已移送
    CLOSED = "closed", _("Mended and closed")  # 整改完成
    CALLED_OFF = "called_off", _("Visit called off")  # 未能检查


class CheckItem(TextChoices):
    """What is looked at in a visit."""

    RUNS = "runs", _("The space runs as registered")  # 实际运营
    AREAS = "areas", _("Areas are as registered")  # 面积属实
    TENANTS = "tenants", _("Tenants are there")  # 入驻真实
    SERVICES = "services", _("Services are given")  # 服务属实
    ADDRESSES = "addresses", _("Duties of the host of addresses")  # 住所托管义务
    FIGURES = "figures", _("Figures rest on records")  # 统计有据
    SAFETY = "safety", _("Fire and other safety")  # 消防等安全


class Outcome(TextChoices):
    """What was found of one item."""

    FINE = "fine", _("Fine")  # 正常
    PROBLEM = "problem", _("Problem")  # 有问题
    SKIPPED = "skipped", _("Not looked at")  # 未检查


class FileKind(TextChoices):
    """What a file of a visit is."""

    PHOTO = "photo", _("Photograph of the visit")  # 现场照片
    PROOF = "proof", _("Proof of mending")  # 整改证明


class PlanStage(State):
    """How far an upgrade plan is: the operator begins, reaches and drops it freely."""

    DRAFT = "draft", _("Plan in draft")  # 草稿
    RUNNING = "running", _("Plan goes on")  # 实施中
    REACHED = "reached", _("Plan reached")  # 已完成
    DROPPED = "dropped", _("Plan dropped")  # 已放弃
