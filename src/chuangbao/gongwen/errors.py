"""What a clerk reads when a file cannot be taken: what happened, why, and what to do."""

from __future__ import annotations

from typing import Final

__all__ = ["MAX_CHARACTERS", "DocumentError", "too_long"]

MAX_CHARACTERS: Final = 400_000
"""Characters of one document: three times the longest code of law in force."""


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


def too_long(name: str) -> DocumentError:
    """The refusal of a text that is longer than any document."""
    return DocumentError(
        f"{name or 'the text'} was not read",
        f"it has more than {MAX_CHARACTERS} characters",
        "Split it, or give the document without its annexes",
    )
