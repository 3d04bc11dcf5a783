"""Who may write, review and publish texts; region and department set the limits."""

from __future__ import annotations

from chuangbao.core.access.permissions import holds, in_scope, not_in_own_cause
from chuangbao.policies.permissions import is_officer, of_department

__all__ = ["may_author", "may_comment", "may_draft", "may_replace", "may_review"]

may_draft = is_officer & holds("policy_editor") & in_scope & of_department
may_review = is_officer & holds("policy_reviewer") & in_scope & of_department & not_in_own_cause  # two persons (双人)
may_replace = is_officer & holds("policy_reviewer") & in_scope & of_department  # its correction has its own two persons
may_author = is_officer & holds("policy_editor", "policy_reviewer")
may_comment = may_author & in_scope & of_department
