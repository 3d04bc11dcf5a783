"""Why a foreign file is not taken, as a code; ``core.storage.filetypes`` puts it into words."""

from __future__ import annotations

__all__ = ["UnfitError"]


class UnfitError(Exception):
    """A file that is not taken; ``code`` says why: kind, bomb, path, macros, active, disguised, broken, long."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code
