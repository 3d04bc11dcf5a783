"""What the library finds, and the register in which officers write the rules."""

from chuangbao.policies.models.library import Entry, Kind, LoadedPack
from chuangbao.policies.models.register import MeasureVersion, RegisteredMeasure, ReviewComment

__all__ = ["Entry", "Kind", "LoadedPack", "MeasureVersion", "RegisteredMeasure", "ReviewComment"]
