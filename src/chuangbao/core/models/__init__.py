"""Rows that every context may point to."""

from chuangbao.core.models.files import FileStage, StoredFile
from chuangbao.core.models.history import History, Seal
from chuangbao.core.models.jobs import Answered, Hit, Job, JobStage
from chuangbao.core.models.notices import MOST_ATTEMPTS, Channel, Letter, Mobile, Notice, NoticePreference, ShortMessage
from chuangbao.core.models.proposals import Proposal, ProposalStage
from chuangbao.core.models.regions import Region, RegionPeriod

__all__ = [
    "MOST_ATTEMPTS",
    "Answered",
    "Channel",
    "FileStage",
    "History",
    "Hit",
    "Job",
    "JobStage",
    "Letter",
    "Mobile",
    "Notice",
    "NoticePreference",
    "Proposal",
    "ProposalStage",
    "Region",
    "RegionPeriod",
    "Seal",
    "ShortMessage",
    "StoredFile",
]
