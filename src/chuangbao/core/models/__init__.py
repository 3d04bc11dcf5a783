"""Rows that every context may point to."""

from chuangbao.core.models.history import History, Seal
from chuangbao.core.models.regions import Region, RegionPeriod

__all__ = ["History", "Region", "RegionPeriod", "Seal"]
