"""A population on a cluster (批量判定, Spark): the same trees as Spark SQL, the same verdicts and cents.

``totals`` and ``hits`` in ``run`` take what the engine of one machine takes, and a Spark session; they need the extra
``cluster`` (pyspark) and Java. ``sql`` words trees and needs neither.
"""
