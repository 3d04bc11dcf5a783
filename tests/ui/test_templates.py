"""Templates obey the layers: a page builds on ui/, on its own context, and on tags of what is below it."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import chuangbao

SOURCE = Path(chuangbao.__file__).parent
ROOT = SOURCE.parents[1]
APPS = sorted({path.relative_to(SOURCE).parts[0] for path in SOURCE.glob("*/templates")})
SHELLS = re.compile(r"ui/base\.html|(?:allauth/layouts|account)/\w+\.html|account/email/base_\w+\.txt")
"""What a page may extend: ours, or the layouts of allauth, which extend ours."""
LIBRARIES = {path.stem: path.relative_to(SOURCE).parts[0] for path in SOURCE.glob("*/templatetags/[!_]*.py")}


def read_layers() -> list[str]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contract = next(c for c in settings["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    return [name for layer in contract["layers"] for name in re.findall(r"chuangbao\.(\w+)", layer)]


def list_templates(app: str) -> dict[str, str]:
    folder = SOURCE / app / "templates"
    return {p.relative_to(folder).as_posix(): p.read_text(encoding="utf-8") for p in folder.rglob("*") if p.is_file()}


def list_faults(app: str, templates: dict[str, str]) -> list[str]:
    layers = read_layers()
    faults = []
    for name, text in templates.items():
        faults += [f"{name} extends {x}" for x in re.findall(r'{% extends "([^"]+)"', text) if not SHELLS.fullmatch(x)]
        for part in re.findall(r'{% include "([^"]+)"', text):
            if part not in templates and any(part in list_templates(other) for other in APPS if other != "ui"):
                faults.append(f"{name} includes {part}")
        for file in re.findall(r'{% static "([^"]+)"', text):
            if file.split("/")[0] not in {"ui", "vendor"} and not (SOURCE / app / "static" / file).is_file():
                faults.append(f"{name} takes {file}")
        for library in {word for words in re.findall(r"{% load ([^%]+) %}", text) for word in words.split()}:
            home = LIBRARIES.get(library)
            if home and layers.index(home) < layers.index(app):
                faults.append(f"{name} loads the tags of {home}")
    return faults


def test_each_template_builds_on_what_is_below_it():
    assert [fault for app in APPS for fault in list_faults(app, list_templates(app))] == []


def test_a_template_that_reaches_up_is_found():
    page = '{% extends "portal/error.html" %}{% load versions %}{% include "policies/notes.html" %}{% static "portal/home.css" %}'
    assert len(list_faults("facts", {"facts/planted.html": page})) == 4


def test_the_house_has_pages_to_look_at():
    assert {"accounts", "facts", "policies", "portal", "ui"} <= set(APPS)
    assert {"ui", "versions", "facts"} <= set(LIBRARIES)
