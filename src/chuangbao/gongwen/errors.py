"""What a clerk reads when a file cannot be taken: what happened, why, and what to do."""

from __future__ import annotations

__all__ = ["DocumentError"]


class DocumentError(Exception):
    """A file that is not a readable official document (公文).

    Attributes:
        what: what happened, in one clause.
        why: the cause as far as it is known.
        remedy: what the person can do now.

    """

    def __init__(self, what: str, why: str, remedy: str) -> None:
        """Keep the three parts apart, so that a page can lay them out."""
        super().__init__(f"{what}: {why}. {remedy}.")
        self.what = what
        self.why = why
        self.remedy = remedy
