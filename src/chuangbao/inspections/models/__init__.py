"""The rows of guidance and inspections."""

from chuangbao.inspections.models.notes import GuidanceNote, GuidanceReply

__all__ = ["GuidanceNote", "GuidanceReply"]
