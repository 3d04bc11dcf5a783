"""Everybody against every measure (政策找企业).

``starting`` queues a run, ``working`` carries it out, ``judging`` counts a part, ``keeping`` compares with the run
before, ``offering`` notifies who is newly entitled.
"""
