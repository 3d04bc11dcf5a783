"""The smallest text of a measure that can be published."""

from __future__ import annotations

REF = "2.2.4-x"


def text_of(name="V1", figure=10, ref=REF, region="220102"):
    """One condition, one amount, one worked case."""
    return f"""\
id: {ref}
title: {{zh: 小奖励, en: Small reward}}
subject: enterprise
region: "{region}"
clauses: [2.2.4]
themes: [subsidy]
versions:
- version: {name}
  title: {{zh: 小奖励{name}, en: Small reward}}
  valid: {{from: 2026-01-01, to: null}}
  clause: 2.2.4
  conditions:
  - id: staff
    zh: 从业人数不超过{figure}人
    en: Few people
    when: employees_avg <= {figure}
  benefit: {{kind: subsidy, unit: CNY, amount: "1000"}}
  examples:
  - name: 例1
    facts: {{employees_avg: {figure}}}
    expect: {{status: eligible, amount: 1000}}
"""
