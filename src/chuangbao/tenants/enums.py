"""The states and kinds of tenancies."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from chuangbao.core.workflow.transitions import State

__all__ = [
    "BEGUN",
    "FINAL",
    "NOT_BEGUN",
    "OPEN",
    "AgreementStage",
    "EndCause",
    "Entry",
    "Finding",
    "FounderOrigin",
    "Ground",
    "HandoverItem",
    "Industry",
    "MilestoneKind",
    "Round",
    "ServiceLine",
    "ServiceStage",
    "TeamKind",
    "TenancyStage",
]


class TenancyStage(State):
    """How far a tenancy is, from the application to its end."""

    APPLIED = "applied", _("Applied")  # 已申请
    TALKING = "talking", _("In talks")  # 洽谈中
    ADMITTED = "admitted", _("Admitted, agreement to be signed")  # 待签协议
    INCUBATING = "incubating", _("Incubating")  # 在孵
    GRADUATED = "graduated", _("Graduated")  # 已毕业
    LEFT = "left", _("Left by own decision")  # 已自愿退出
    ENDED = "ended", _("Term ended")  # 已期满或终止
    DECLINED = "declined", _("Not admitted")  # 未接收
    WITHDRAWN = "withdrawn", _("Application withdrawn")  # 已撤回


OPEN = (TenancyStage.APPLIED, TenancyStage.TALKING, TenancyStage.ADMITTED, TenancyStage.INCUBATING)
"""One of these per space and party at a time."""
NOT_BEGUN = OPEN[:3]
"""An application that is not answered, withdrawn or begun."""
FINAL = (
    TenancyStage.GRADUATED,
    TenancyStage.LEFT,
    TenancyStage.ENDED,
    TenancyStage.DECLINED,
    TenancyStage.WITHDRAWN,
)
BEGUN = (TenancyStage.INCUBATING, TenancyStage.GRADUATED)
"""These have a first day for certain; who left or whose term ended may have had one."""


class Entry(TextChoices):
    """How a tenancy came into the register: by the tenant, or by the operator for one that was there before."""

    APPLIED = "applied", _("By its own application")  # 自行申请
    STATED = "stated", _("Entered by the operator, not confirmed yet")  # 运营方录入，待确认
    CONFIRMED = "confirmed", _("Entered by the operator, confirmed by the tenant")  # 运营方录入，入驻方已确认


class TeamKind(TextChoices):
    """What a party without a licence is."""

    TEAM = "team", _("Start-up team")  # 创业团队
    SHOP = "shop", _("Shop on social media or on line")  # 微商、网店
    STUDIO = "studio", _("Studio or workshop")  # 工作室
    OTHER = "other", _("Another team")  # 其他


class FounderOrigin(TextChoices):
    """Where the founders come from: I15 to I17 and M80 to M84 of the Torch statistics."""

    STUDENT = "student", _("Student or recent graduate")  # 大学生创业
    RETURNEE = "returnee", _("Returned from studies abroad")  # 留学归国
    RESEARCHER = "researcher", _("Researcher or engineer")  # 科技人员
    EXECUTIVE = "executive", _("Left a large firm")  # 大企业高管离职
    FOREIGNER = "foreigner", _("From abroad")  # 外籍
    HOMECOMER = "homecomer", _("Came home to start up")  # 返乡
    OTHER = "other", _("Another origin")  # 其他


class EndCause(TextChoices):
    """Why a tenancy ended that its tenant did not leave."""

    TERM = "term", _("The term is over")  # 期满
    AGREED = "agreed", _("Ended by agreement")  # 协商终止
    BREACH = "breach", _("Ended for breach of the agreement")  # 违约终止
    SPACE = "space", _("The space closed or merged")  # 空间关闭或并入


class AgreementStage(State):
    """Whether an agreement waits for the tenant, holds, or was taken back."""

    OFFERED = "offered", _("Waits for the tenant")  # 待入驻方确认
    SIGNED = "signed", _("Confirmed by both sides")  # 双方已确认
    VOID = "void", _("Agreement taken back")  # 已作废


class ServiceLine(TextChoices):
    """The ten services of clause 2.4.4, and what else a space gives."""

    POLICY = "policy", _("Guidance on policies")  # 政策指导
    CONSULTING = "consulting", _("Management consulting")  # 管理咨询
    TRAINING = "training", _("Training")  # 人才培训
    COACHING = "coaching", _("Start-up coaching")  # 创业辅导
    TECHNOLOGY = "technology", _("Technical support")  # 技术支持
    MARKET = "market", _("Opening up markets")  # 市场开拓
    FINANCE = "finance", _("Finance and guarantees")  # 融资担保
    LAW = "law", _("Legal help")  # 法律维权
    COMMERCE = "commerce", _("Electronic commerce")  # 电子商务
    AGENCY = "agency", _("Errands at offices")  # 事务代理
    OTHER = "other", _("Another service")  # 其他


class ServiceStage(State):
    """Whether the tenant agrees that a service was given."""

    LOGGED = "logged", _("Waits for the tenant's word")  # 待入驻方确认
    CONFIRMED = "confirmed", _("Confirmed by the tenant")  # 入驻方已确认
    DISPUTED = "disputed", _("Disputed by the tenant")  # 入驻方有异议
    WITHDRAWN = "withdrawn", _("Taken out by the operator")  # 运营方已撤销


class MilestoneKind(TextChoices):
    """What a tenant reaches on its way."""

    REGISTERED = "registered", _("Firm registered")  # 完成注册
    PRODUCT = "product", _("First product")  # 产品上线
    INCOME = "income", _("First income")  # 首笔收入
    RIGHTS = "rights", _("Intellectual property")  # 取得知识产权
    FINANCE = "finance", _("Financing received")  # 获得融资
    HIRED = "hired", _("First employees")  # 招用员工
    OTHER = "other", _("Another milestone")  # 其他


class Industry(TextChoices):
    """Industries whose tenants may incubate longer."""

    GENERAL = "", _("Any other industry")  # 其他行业
    BIOMEDICINE = "biomedicine", _("Biomedicine")  # 生物医药
    AGRICULTURE = "agriculture", _("Modern agriculture")  # 现代农业
    CIRCUITS = "circuits", _("Integrated circuits")  # 集成电路


class Ground(TextChoices):
    """What shows that a tenant graduates (毕业依据): at least one."""

    HIGH_TECH = "a", _("Certificate as a high-tech enterprise")  # 取得高新技术企业证书
    INVESTMENT = "b", _("Angel or venture investment above the limit")  # 累计获得投资超过限额
    REVENUE = "c", _("Revenue of two years in a row above the limit")  # 连续两年营业收入累计超过限额
    MERGED = "d", _("Merged, acquired, listed or quoted")  # 被兼并、收购或上市（挂牌）


class Finding(TextChoices):
    """What the facts say of a ground: shown, never forced."""

    SUPPORTED = "supported", _("Facts support it")  # 与已有数据一致
    UNKNOWN = "unknown", _("No facts yet")  # 暂无数据
    AGAINST = "against", _("Facts say otherwise")  # 与已有数据不一致


class HandoverItem(TextChoices):
    """What is handed over at the end (交接清单)."""

    KEYS = "keys", _("Keys and cards given back")  # 归还钥匙和门禁
    DESK = "desk", _("Desks and rooms cleared")  # 腾退工位和房间
    FEES = "fees", _("Fees settled")  # 结清费用
    DEPOSIT = "deposit", _("Deposit given back")  # 退还押金
    ADDRESS = "address", _("Registered address moved")  # 迁出注册地址
    BOOKINGS = "bookings", _("Bookings to come called off")  # 处理未到期的预约
    DATA = "data", _("Own data taken along")  # 带走自己的数据


class Round(TextChoices):
    """A round of financing (融资轮次), as investors count them."""

    SEED = "seed", _("Seed round")
    ANGEL = "angel", _("Angel round")
    PRE_A = "pre_a", _("Before round A")
    A = "a", _("Round A")
    B = "b", _("Round B")
    LATER = "later", _("Round C or later")
    OTHER = "other", _("Not counted as a round")
