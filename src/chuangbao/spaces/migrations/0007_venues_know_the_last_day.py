"""The venues of spaces whose last day was announced before venues had one."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def name_last_days(apps: Any, _editor: Any) -> None:
    """Write the announced last day of a space on the venues of its sites."""
    sites = apps.get_model("spaces", "Site").objects.filter(until=None, venue__isnull=False)
    for site in sites.filter(space__stage="open", space__closes_on__isnull=False).select_related("space", "venue"):
        site.venue.last_day = site.space.closes_on
        site.venue.save(update_fields=["last_day"])


class Migration(migrations.Migration):
    """Changes rows alone."""

    dependencies = [("spaces", "0006_announced_closing"), ("booking", "0013_last_day_of_a_venue")]

    operations = [migrations.RunPython(name_last_days, migrations.RunPython.noop)]
