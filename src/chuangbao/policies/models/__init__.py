"""The library, and the register that officers write."""

from chuangbao.policies.models.documents import (
    ClauseKind,
    Interpretation,
    RegisteredClause,
    RegisteredDocument,
    Subscription,
)
from chuangbao.policies.models.library import Entry, Kind, LoadedPack
from chuangbao.policies.models.register import (
    MeasureVersion,
    Origin,
    RegisteredMeasure,
    RegisterStamp,
    ReviewComment,
    WorkingCopy,
)
from chuangbao.policies.models.simulation import MOST_VARIANTS, Simulation, SimulationVariant, Turn

__all__ = [
    "MOST_VARIANTS",
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
    "ReviewComment",
    "Simulation",
    "SimulationVariant",
    "Subscription",
    "Turn",
    "WorkingCopy",
]
