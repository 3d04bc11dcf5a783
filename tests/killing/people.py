"""A founder and an officer of one's own for each writer: printed as JSON, with their sessions."""

from __future__ import annotations

import json
import sys


def people(number: int) -> dict[str, list[tuple[object, ...]]]:
    """Sessions with the subject whose facts are stated, and with the draft that is written."""
    from django.test import Client

    import factories
    from chuangbao.authoring.domain.drafts import begin_draft
    from chuangbao.core.engine.regions import load_regions
    from chuangbao.facts.domain.subjects import subject_of
    from chuangbao.policies.models import MeasureVersion, RegisteredMeasure
    from measuretext import text_of

    def session(actor) -> str:
        return factories.sign_in(Client(), actor).session.session_key

    load_regions()
    founders = [factories.member() for _ in range(number)]
    editors = [factories.officer("policy_editor") for _ in range(number)]
    drafts: list[MeasureVersion] = []
    for n, editor in enumerate(editors):
        ref = f"2.2.4-x{n}"
        measure = RegisteredMeasure.objects.create(ref=ref, region_id=factories.COUNTY, department="科技")
        drafts.append(begin_draft(measure=measure, content=text_of(ref=ref), actor=editor))
    return {
        "founders": [(session(founder), subject_of(founder).pk) for founder in founders],
        "editors": [
            (session(editor), draft.pk, draft.measure.ref) for editor, draft in zip(editors, drafts, strict=True)
        ],
    }


if __name__ == "__main__":
    import django

    django.setup()
    sys.stdout.write(json.dumps(people(int(sys.argv[1]))))
