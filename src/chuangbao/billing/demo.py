"""Accounts of the demonstration (演示数据)."""

from __future__ import annotations

__all__ = ["load_demo_billing"]


def load_demo_billing() -> int:
    """Make what is missing."""
    return 0
