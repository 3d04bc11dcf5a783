"""Rows that every context may point to."""

from chuangbao.core.models.files import FileStage, StoredFile
from chuangbao.core.models.history import History, Seal
from chuangbao.core.models.jobs import Answered, Hit, Job, JobStage
from chuangbao.core.models.notices import Channel, Letter, Notice, NoticePreference
from chuangbao.core.models.proposals import Proposal, ProposalStage
from chuangbao.core.models.regions import Region, RegionPeriod

__all__ = [
    "Answered",
    "Channel",
    "FileStage",
    "History",
    "Hit",
    "Job",
    "JobStage",
    "Letter",
    "Notice",
    "NoticePreference",
    "Proposal",
    "ProposalStage",
    "Region",
    "RegionPeriod",
    "Seal",
    "StoredFile",
]
