"""The rows of plans."""

from chuangbao.plans.models.floors import Floor
from chuangbao.plans.models.shapes import Shape

__all__ = ["Floor", "Shape"]
