"""Many commands after one start: Django's start is most of the processor time of a short command.

A program starts once for a database and a data folder, and each command runs in a child of it (``fork``): a process,
connections and memory of its own, as if it had been started. What a start itself does is not seen this way: at least
one test of each command starts the real program.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Self

PROGRAM = """
import json, os, sys
from chuangbao.cli import main
from chuangbao.cli.start import with_django

with_django()
for line in sys.stdin:
    arguments, *places = json.loads(line)
    child = os.fork()
    if not child:
        for number, place in enumerate(places, start=1):
            os.dup2(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        sys.argv[1:] = arguments
        main()
        sys.exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


class Program:
    """`chuangbao` with a database and a data folder, started by its first command and stopped at the end."""

    def __init__(self, database: str, data: Path) -> None:
        unmeasured = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
        self.room = unmeasured | {"DATABASE_URL": database, "CHUANGBAO_DATA": str(data)}
        self.running: subprocess.Popen[str] | None = None
        self.told = tempfile.TemporaryDirectory(prefix="cb-told-")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.running:
            self.running.communicate()  # it ends where it is told nothing more
        self.told.cleanup()

    def __call__(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run a command; what it prints, and its status."""
        words, places = list(map(str, arguments)), [Path(self.told.name, name) for name in ("out", "err")]
        running = self.running = self.running or self.start()
        running.stdin.write(json.dumps([words, *map(str, places)]) + "\n")
        running.stdin.flush()
        status = running.stdout.readline()
        assert status, "the program ended by itself"
        out, err = (place.read_text(encoding="utf-8") for place in places)
        return subprocess.CompletedProcess(words, int(status), out, err)

    def start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-W", "ignore", "-c", PROGRAM]
        return subprocess.Popen(command, env=self.room, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
