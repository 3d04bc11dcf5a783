"""Registers outside (外部登记系统): how facts come in from them; one class per way, all held to one contract.

A connector hands over what waits and hears what became of it. It knows nothing of facts; ``domain.intake``
reads, checks and takes in. Real exchanges of data (数据共享) are added here, beside the drop folder.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Connector", "Delivery", "UnreachableError"]


class UnreachableError(Exception):
    """The register does not answer now; nothing is lost, and it is asked again later."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file as a register handed it over."""

    name: str
    content: bytes
    problem: str = ""
    """Why it could not be handed over as a whole; its content is then only what tells it from others."""

    @property
    def digest(self) -> str:
        """By which it is known again: the same content is taken in once."""
        return sha256(self.content).hexdigest()


class Connector(Protocol):
    """A way to one register."""

    @property
    def register(self) -> str:
        """How the register is called; it is named beside every fact that comes from it."""

    def list_deliveries(self) -> Iterator[Delivery]:
        """What has not been settled yet, the oldest name first. Raises UnreachableError."""

    def settle(self, delivery: Delivery, *, taken: bool, report: str) -> None:
        """Never hand this over again; ``report`` says line by line what was wrong. Raises UnreachableError."""
