"""A whole population judged at once (批量判定): columns in, verdicts and exact sums out.

Stable for callers outside this package::

    totals(source, pack, as_of, *, measures=(), region="", kind="", engine="columns") -> Totals

``source`` is a path (Parquet or CSV, read in partitions), a Polars frame, or an Arrow table with a column for each
fact (null: unknown; ``<fact>__absent``: known absence) and, for hits, ``subject``. ``pack`` is a Pack or an Engine made
of one (compile once, ask often); ``measures`` are ids of measures or versions, all in force where empty; ``kind``
keeps only the measures of one subject kind. ``engine="exact"`` asks the interactive engine for every row.

``Totals`` has ``subjects``, ``seconds``, ``rejudged`` (pairs of subject and measure judged again exactly), ``pairs``
(all of them), ``row_by_row`` (versions no plan can express) and ``measures``: per version ``measure``, ``version``,
``eligible``, ``not_eligible``, ``undetermined`` and ``amount``, the exact sum (Decimal) over the eligible.
"""

from chuangbao.rules.batch.run import MeasureTotals, Totals, totals
from chuangbao.rules.batch.schema import Problem, SnapshotError
from chuangbao.rules.batch.values import NotColumnarError

__all__ = ["MeasureTotals", "NotColumnarError", "Problem", "SnapshotError", "Totals", "totals"]
