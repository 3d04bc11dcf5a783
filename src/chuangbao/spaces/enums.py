"""Kinds and states of spaces, as the document names them."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from chuangbao.core.workflow.transitions import State

__all__ = [
    "ChainStage",
    "EndReason",
    "MemberStage",
    "NewTag",
    "OfferKind",
    "ProjectKind",
    "ProjectStage",
    "RecognitionAct",
    "RecognitionLevel",
    "SpaceKind",
    "SpaceStage",
    "TransferStage",
]


class SpaceKind(TextChoices):
    """What kind of space it is (类型, clauses 2.1.8 and 2.3.3); the document's list is open."""

    MAKER = "maker", _("Maker space")  # 创客空间
    CAFE = "cafe", _("Start-up café")  # 创业咖啡
    FACTORY = "factory", _("Innovation works")  # 创新工场
    INCUBATOR = "incubator", _("Comprehensive incubator")  # 综合孵化器
    PROFESSIONAL = "professional", _("Specialised incubator")  # 专业孵化器
    ACCELERATOR = "accelerator", _("Accelerator")  # 加速器
    PARK = "park", _("University science park")  # 大学科技园
    NURSERY = "nursery", _("Nursery")  # 苗圃
    WORKSHOP = "workshop", _("Innovation house of a school")  # 创新屋
    OTHER = "other", _("Another kind of space")  # 其他


class ChainStage(TextChoices):
    """Where it is in the chain 苗圃—孵化器—加速器."""

    NURSERY = "nursery", _("Nursery: before a firm is founded")  # 苗圃
    INCUBATOR = "incubator", _("Incubator: young firms")  # 孵化器
    ACCELERATOR = "accelerator", _("Accelerator: firms that grow")  # 加速器


class SpaceStage(State):
    """Whether a space (众创空间) goes on; a transferred one goes on under its new operator."""

    OPEN = "open", _("In operation")  # 运营中
    CLOSED = "closed", _("Closed down")  # 已关闭
    MERGED = "merged", _("Merged into another space")  # 已并入


class TransferStage(State):
    """How far handing a space to another operator is (移交)."""

    OFFERED = "offered", _("Waiting for the other organisation")  # 待对方接受
    ACCEPTED = "accepted", _("Transfer accepted")  # 已接受
    DECLINED = "declined", _("Transfer declined")  # 对方未接受
    WITHDRAWN = "withdrawn", _("Transfer withdrawn")  # 已撤回


class OfferKind(TextChoices):
    """The four kinds of space and the two tiers of service of clause 1.2.9."""

    WORK = "work", _("Work space")  # 工作空间
    NETWORK = "network", _("Network space")  # 网络空间
    EXCHANGE = "exchange", _("Space to meet")  # 交流空间
    SHARING = "sharing", _("Shared resources")  # 资源共享空间
    BASIC = "basic", _("Basic service")  # 基本生存服务
    DEEP = "deep", _("Specialised service")  # 深度特色服务


class NewTag(TextChoices):
    """The six new things (六新) of clause 2.1.11."""

    SERVICE = "service", _("New service")  # 新服务
    ECOLOGY = "ecology", _("New ecology")  # 新生态
    TREND = "trend", _("New trend")  # 新潮流
    CONCEPT = "concept", _("New concept")  # 新概念
    MODEL = "model", _("New model")  # 新模式
    CULTURE = "culture", _("New culture")  # 新文化


class RecognitionAct(TextChoices):
    """What an authority did: filed (备案) or recognised (认定); registering (登记) is the operator's own act."""

    FILING = "filing", _("Filed")  # 备案
    RECOGNITION = "recognition", _("Recognised")  # 认定


class RecognitionLevel(TextChoices):
    """At which level (级别)."""

    NATIONAL = "national", _("National level")  # 国家级
    STANDARD = "standard", _("Standard grade")  # 标准级 (2025)
    EXCELLENT = "excellent", _("Excellent grade")  # 卓越级 (2025)
    PROVINCE = "province", _("Provincial level")  # 省级
    CITY = "city", _("City level")  # 市级
    COUNTY = "county", _("County level")  # 县级


class EndReason(TextChoices):
    """Why a filing or a recognition ended."""

    CANCELLED = "cancelled", _("Cancelled after evaluation")  # 评价不合格取消
    GIVEN_UP = "given_up", _("Given up by the operator")  # 主动放弃
    REPLACED = "replaced", _("Replaced by another scheme")  # 转入新制度
    REVOKED = "revoked", _("Revoked for false statements")  # 弄虚作假撤销
    CLOSED = "closed", _("The space closed or merged")  # 空间关闭或并入
    MISTAKE = "mistake", _("Entered by mistake")  # 录入有误


class ProjectKind(TextChoices):
    """What a region builds (3.2.1, 3.2.2)."""

    STREET = "street", _("Start-up street")  # 创业孵化一条街
    PARK = "park", _("Specialised incubator park")  # 专业型孵化园区


class ProjectStage(State):
    """How far a project of a region is."""

    PLANNED = "planned", _("In preparation")  # 筹建中
    RUNNING = "running", _("Running")  # 运行中
    ENDED = "ended", _("Project ended")  # 已结束


class MemberStage(State):
    """Whether a space belongs to a project."""

    ASKED = "asked", _("Waiting for the office")  # 待主管部门确认
    MEMBER = "member", _("Member of the project")  # 已确认成员
    DECLINED = "declined", _("Not confirmed by the office")  # 未确认
    LEFT = "left", _("Left the project")  # 已退出
