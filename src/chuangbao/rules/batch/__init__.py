"""Conditions over columns (批量判定): the checked tree as expressions over a whole population."""

from chuangbao.rules.batch.columns import Columns, NotColumnarError

__all__ = ["Columns", "NotColumnarError"]
