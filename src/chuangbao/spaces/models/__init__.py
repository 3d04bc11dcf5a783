"""The rows of spaces."""

from chuangbao.spaces.models.catalogue import NewTagEvidence, Offer
from chuangbao.spaces.models.pictures import SpacePicture
from chuangbao.spaces.models.projects import Project, ProjectMember, ProjectMilestone
from chuangbao.spaces.models.recognitions import Recognition
from chuangbao.spaces.models.sites import Site
from chuangbao.spaces.models.spaces import Following, Operatorship, Space, Transfer

__all__ = [
    "Following",
    "NewTagEvidence",
    "Offer",
    "Operatorship",
    "Project",
    "ProjectMember",
    "ProjectMilestone",
    "Recognition",
    "Site",
    "Space",
    "SpacePicture",
    "Transfer",
]
