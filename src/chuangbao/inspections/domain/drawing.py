"""The draw itself (双随机抽取): which spaces are visited and by whom, from a list and a seed alone.

It reads no database, so that everybody can repeat it: ``docs/draws.md`` tells the steps, and a test works them out a
second time from that text.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

__all__ = ["DrawList", "draw_visits", "hash_text", "make_seed", "read_list", "write_list"]

HEAD = "chuangbao-draw/1"


@dataclass(frozen=True, slots=True)
class DrawList:
    """What is drawn from: numbers of spaces and of inspectors, and pairs with an interest (space, inspector)."""

    region: str
    take: int
    each: int
    spaces: tuple[int, ...]
    inspectors: tuple[int, ...]
    interests: frozenset[tuple[int, int]] = frozenset()


def hash_text(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, in 64 small hexadecimal digits."""
    return sha256(text.encode()).hexdigest()


def write_list(given: DrawList) -> str:
    """Write a list in its one spelling: a line each, by number, ended by line feeds."""
    lines = [
        HEAD,
        f"region {given.region}",
        f"take {given.take}",
        f"each {given.each}",
        *(f"space {number}" for number in sorted(given.spaces)),
        *(f"inspector {number}" for number in sorted(given.inspectors)),
        *(f"interest {space} {inspector}" for space, inspector in sorted(given.interests)),
    ]
    return "".join(f"{line}\n" for line in lines)


def read_list(text: str) -> DrawList:
    """Read a list that ``write_list`` wrote. Raises ValueError for any other text."""
    lines = [line.split(" ") for line in text.splitlines()]
    if not lines or lines[0] != [HEAD]:
        raise ValueError("not a list of a draw")

    def numbers(name: str) -> list[tuple[int, ...]]:
        return [tuple(map(int, line[1:])) for line in lines if line[0] == name]

    return DrawList(
        region=next(line[1] for line in lines if line[0] == "region"),
        take=numbers("take")[0][0],
        each=numbers("each")[0][0],
        spaces=tuple(space for (space,) in numbers("space")),
        inspectors=tuple(inspector for (inspector,) in numbers("inspector")),
        interests=frozenset((space, inspector) for space, inspector in numbers("interest")),
    )


def make_seed(list_hash: str, secret: str, number: str) -> str:
    """Return the seed: the hash of the list's hash, the secret that was drawn with it, and the public number."""
    return hash_text(f"{list_hash}\n{secret}\n{number}\n")


def draw_visits(given: DrawList, seed: str) -> list[tuple[int, tuple[int, ...]]]:
    """Return the spaces that are drawn, in their order, each with its inspectors.

    Spaces go by the hash of the seed and their number. Each takes, among the inspectors without an interest, those
    with the fewest visits so far, and by the hash among equals.
    """
    drawn = sorted(given.spaces, key=lambda space: hash_text(f"{seed} space {space}"))[: given.take]
    visits: dict[int, int] = dict.fromkeys(given.inspectors, 0)
    found = []
    for space in drawn:
        free = [one for one in given.inspectors if (space, one) not in given.interests]
        ranks = sorted((visits[one], hash_text(f"{seed} inspector {space} {one}"), one) for one in free)
        chosen = tuple(one for _visits, _hash, one in ranks[: given.each])
        for one in chosen:
            visits[one] += 1
        found.append((space, chosen))
    return found
