"""The library, and the register that officers write."""

from chuangbao.policies.models.documents import (
    ClauseKind,
    Interpretation,
    RegisteredClause,
    RegisteredDocument,
    Subscription,
)
from chuangbao.policies.models.library import Entry, Kind, LoadedPack
from chuangbao.policies.models.register import MeasureVersion, Origin, RegisteredMeasure, RegisterStamp
from chuangbao.policies.models.synonyms import Synonym

__all__ = [
    "ClauseKind",
    "Entry",
    "Interpretation",
    "Kind",
    "LoadedPack",
    "MeasureVersion",
    "Origin",
    "RegisterStamp",
    "RegisteredClause",
    "RegisteredDocument",
    "RegisteredMeasure",
    "Subscription",
    "Synonym",
]
