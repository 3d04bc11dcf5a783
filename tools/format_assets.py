"""Write the style sheets and scripts of the house in one layout; with ``--check`` only name those that are not.

``python tools/format_assets.py [--check]``: CSS a declaration a line, JavaScript indented by two blanks. Both
formatters come with the linter of templates (beautifier.io, MIT).
"""

from __future__ import annotations

import sys
from pathlib import Path

import cssbeautifier
import jsbeautifier

ROOT = Path(__file__).parents[1]


def format_style(text: str) -> str:
    """Return a style sheet in the layout of the house."""
    options = cssbeautifier.default_options()
    options.indent_size, options.end_with_newline = 2, True
    options.newline_between_rules, options.space_around_combinator = False, True
    return str(cssbeautifier.beautify(text, options))


def format_script(text: str) -> str:
    """Return a script in the layout of the house."""
    options = jsbeautifier.default_options()
    options.indent_size, options.end_with_newline = 2, True
    options.brace_style = "collapse,preserve-inline"
    return str(jsbeautifier.beautify(text, options))


FORMATS = {".css": format_style, ".js": format_script}


def list_assets() -> list[Path]:
    """Return the style sheets and scripts that are the house's own."""
    return sorted(path for path in (ROOT / "src").rglob("static/**/*") if path.suffix in FORMATS)


def find_others(*, rewrite: bool) -> list[Path]:
    """Return the files whose layout is another; ``rewrite`` gives them that of the house."""
    found = []
    for path in list_assets():
        text = path.read_text(encoding="utf-8")
        if text != (formatted := FORMATS[path.suffix](text)):
            found.append(path)
            if rewrite:
                path.write_text(formatted, encoding="utf-8")
    return found


def main() -> int:
    """Format, or check; return the exit status."""
    is_check = "--check" in sys.argv[1:]
    for path in (found := find_others(rewrite=not is_check)):
        print(f"{path.relative_to(ROOT)}: {'another layout; run tools/format_assets.py' if is_check else 'formatted'}")
    return 1 if is_check and found else 0


if __name__ == "__main__":
    sys.exit(main())
