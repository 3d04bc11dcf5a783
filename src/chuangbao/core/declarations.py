"""What contexts declare, looked at as a whole: workflows, the words of verbs, and modules that nothing imports.

``core.completeness`` runs these at every start beside its own.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.core.checks import CheckMessage, Error

from chuangbao.core.audit.log import KINDS, VERBS, VERBS_AGAIN, record_kind
from chuangbao.core.contexts import CONTEXTS, LONGEST_DUTY, PACKAGE, list_duties, list_workflows

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["look_at_declarations"]

DECLARES = re.compile(
    r"^(@work\(|@scope\(|@todo\(|@mine\(|@lead_onward\(|@add_steps\(|@search_by_name\(|holds_personal\("
    r"|keep_as_number\(|name_verbs\(|name_kinds\(|declare_deed\()",
    re.MULTILINE,
)
"""The beginnings of lines by which a module declares something to the house as it is imported."""


def look_at_declarations() -> Iterator[CheckMessage]:
    """Name what is declared wrongly or not at all: workflows, words of acts, duties, modules that nothing imports."""
    yield from look_at_workflows()
    yield from look_at_duties()
    yield from look_at_verbs()
    yield from look_for_forgotten_modules()


def models_with_a_life() -> list[Any]:
    """Return the models whose states change by a table of moves."""
    return [model for model in apps.get_models() if hasattr(model, "life")]


def look_at_workflows() -> Iterator[CheckMessage]:
    """Name the workflows that no context declares: docs/states.md would not show them."""
    declared = [life for _heading, life in list_workflows()]
    for model in models_with_a_life():
        if not any(model.life is life for life in declared):
            yield Error(
                f"{record_kind(model)} has a workflow that no context declares.",
                hint="Name it in `workflows` of the Context, and write docs/states.md with `chuangbao docs states`.",
                id="chuangbao.E025",
            )


def look_at_duties() -> Iterator[CheckMessage]:
    """Name the duties that no post can hold, since their names are cut where posts keep them."""
    for duty in list_duties():
        if len(duty) > LONGEST_DUTY:
            hint = f"Shorten it to {LONGEST_DUTY} letters."
            yield Error(f"{duty} is too long a name for a duty.", hint=hint, id="chuangbao.E029")


def look_at_verbs() -> Iterator[CheckMessage]:
    """Name the moves and the kinds of rows without words, and the verbs that are declared twice with other words."""
    for model in models_with_a_life():
        kind = record_kind(model)
        if kind not in KINDS:
            yield Error(f"{kind} has no words.", hint="Declare them with name_kinds.", id="chuangbao.E026")
        for verb in model.life.by_verb:
            if f"{kind} {verb}" not in VERBS and verb not in VERBS:
                yield Error(f"{kind} {verb} has no words.", hint="Declare them with name_verbs.", id="chuangbao.E026")
    for name, first, second in VERBS_AGAIN:
        if str(first) != str(second):
            yield Error(
                f"{name} is declared twice: {first}, {second}.",
                hint="Say of which kind of row the verb is: name_verbs(kind, …).",
                id="chuangbao.E027",
            )


def look_for_forgotten_modules() -> Iterator[CheckMessage]:
    """Name the modules of contexts that declare something and that nothing imports: it would not exist."""
    for config in apps.get_app_configs():
        if config.name.removeprefix(PACKAGE) not in CONTEXTS:
            continue
        for path in sorted(Path(config.path).rglob("*.py")):
            module = ".".join([config.name, *path.relative_to(config.path).with_suffix("").parts])
            if module not in sys.modules and DECLARES.search(path.read_text(encoding="utf-8")):
                yield Error(
                    f"{module} declares something, and nothing imports it.",
                    hint="Name it in `registers` of the Context.",
                    id="chuangbao.E028",
                )
