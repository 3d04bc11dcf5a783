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
from chuangbao.policies.models.runs import (
    Entitlement,
    Offer,
    PopulationRun,
    Reason,
    RunFound,
    RunPart,
    RunTotal,
    RunWorth,
)
from chuangbao.policies.models.simulation import MOST_VARIANTS, Simulation, SimulationVariant, Turn
from chuangbao.policies.models.synonyms import Synonym

__all__ = [
    "MOST_VARIANTS",
    "ClauseKind",
    "Entitlement",
    "Entry",
    "Interpretation",
    "Kind",
    "LoadedPack",
    "MeasureVersion",
    "Offer",
    "Origin",
    "PopulationRun",
    "Reason",
    "RegisterStamp",
    "RegisteredClause",
    "RegisteredDocument",
    "RegisteredMeasure",
    "ReviewComment",
    "RunFound",
    "RunPart",
    "RunTotal",
    "RunWorth",
    "Simulation",
    "SimulationVariant",
    "Subscription",
    "Synonym",
    "Turn",
    "WorkingCopy",
]
