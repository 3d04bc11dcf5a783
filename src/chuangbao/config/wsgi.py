"""The web application: for the server (granian) as ``server``, for anything else that speaks WSGI ``application``."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from chuangbao.config.server import Server
from chuangbao.core.storage.reading import start

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuangbao.config.settings")
application = get_wsgi_application()
server = Server(application)
start()  # the process of readers loads its parsers while the first pages are asked for

from chuangbao.core.completeness import require_completeness  # noqa: E402 - the models must be loaded first

require_completeness()
patterns = get_resolver().url_patterns
"""Asked for here so that the views are loaded now and the first page does not wait for them."""
