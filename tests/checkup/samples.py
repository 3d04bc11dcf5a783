"""One of everything of the check-up, for the table of permissions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from chuangbao.checkup.domain import checkups
from chuangbao.core.engine.current import current_pack

if TYPE_CHECKING:
    from permissions.world import World


def make_rows(_world: World) -> dict[str, Any]:
    """A check-up of nobody in particular."""
    return {"checkup": checkups.begin_checkup(pack=current_pack(), who="student", want="", day=date(2026, 11, 25))}


OPEN = {
    "checkup:shared": lambda _w: {"token": "nothing"},
    "checkup:shared_code": lambda _w: {"token": "nothing"},
    "checkup:unshare": lambda w: {"token": w.rows["checkup"].token, "copy": 1},
    **{
        f"checkup:{name}": lambda w: {"token": w.rows["checkup"].token}
        for name in (
            "step",
            "answer",
            "withdraw",
            "day",
            "share",
            "pdf",
            "print_page",
            "calendar",
            "adopt",
            "ask_to_keep",
        )
    },
}
PAGES = ["/checkup/"]
