"""Django's own commands (makemigrations, makemessages) for people who develop the system."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuangbao.config.settings")
    execute_from_command_line(sys.argv)
