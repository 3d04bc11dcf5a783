"""The wheel carries what is no code as well; everything else is in ``pyproject.toml``."""

from __future__ import annotations

import sys
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

sys.path.insert(0, str(Path(__file__).parent / "tools"))
from carry import carry


class BuildAll(build_py):
    """Copy the code, then what goes with it; an editable install needs neither."""

    def run(self) -> None:
        """Build."""
        super().run()
        if not self.editable_mode:
            carry(Path(self.build_lib))


setup(cmdclass={"build_py": BuildAll})
