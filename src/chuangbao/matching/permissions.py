"""Who may start a run and see its figures, and who may see by name who is entitled."""

from __future__ import annotations

from chuangbao.core.access.permissions import holds
from chuangbao.policies.permissions import is_officer

__all__ = ["may_run", "may_see_entitled"]

may_run = is_officer & holds("supervisor", "policy_editor", "policy_reviewer")
may_see_entitled = is_officer & holds("supervisor", "register")
