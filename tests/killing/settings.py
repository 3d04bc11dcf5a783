"""The settings of the program, and the addresses of the writers beside its own."""

from __future__ import annotations

from chuangbao.config import settings as theirs

globals().update({name: value for name, value in vars(theirs).items() if name.isupper()})
ROOT_URLCONF = "killing.addresses"
PROCRASTINATE_IMPORT_PATHS = ["killing.work"]
RATE_LIMITS = False  # the writers are two people who never rest
