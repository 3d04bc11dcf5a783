"""The rule language (规则语言): conditions, benefits and their meaning. A library without Django.

``load_pack`` reads a region's rules, ``Engine`` judges one subject under them.
"""

from chuangbao.rules.answers import AmountLine, ConditionAnswer, Status
from chuangbao.rules.diagnostics import FactError, FactProblem, Finding, PackError, RuleError
from chuangbao.rules.engine import Engine
from chuangbao.rules.judgement import Answer
from chuangbao.rules.model import Fact, Measure, Pack, Text, Version
from chuangbao.rules.profile import Profile
from chuangbao.rules.store import load_pack

__all__ = [
    "AmountLine",
    "Answer",
    "ConditionAnswer",
    "Engine",
    "Fact",
    "FactError",
    "FactProblem",
    "Finding",
    "Measure",
    "Pack",
    "PackError",
    "Profile",
    "RuleError",
    "Status",
    "Text",
    "Version",
    "load_pack",
]
