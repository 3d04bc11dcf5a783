"""Addresses of pages that notices lead to; the page of reasons is of a context above."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import date

__all__ = ["reasons_url"]


def reasons_url(subject: int, measure: str, day: date | None = None) -> str:
    """Return the page of a subject's reasons for a measure (为什么), as of a day; the measure's without a subject."""
    if not subject:
        return f"/policies/measures/{measure}/"
    return f"/policies/entitled/{subject}/{measure}/" + (f"?day={day.isoformat()}" if day else "")
