"""Style sheets and scripts have one layout: a declaration a line, and what the formatter writes is written once."""

from __future__ import annotations

import importlib.util
from pathlib import Path

PATH = Path(__file__).parents[2] / "tools" / "format_assets.py"
SPEC = importlib.util.spec_from_file_location("format_assets", PATH)
format_assets = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(format_assets)


def test_every_style_sheet_and_script_has_the_layout_of_the_house():
    assert len(format_assets.list_assets()) > 20
    assert format_assets.find_others(rewrite=False) == []


def test_another_layout_is_found():
    assert format_assets.format_style("a{b:c;d:e}") == "a {\n  b: c;\n  d: e\n}\n"
    assert format_assets.format_script("if(a){b()}") == "if (a) { b() }\n"
