"""Fill a database with the program of whatever commit is on the path: what people would have left in it.

``tools/upgrade_rounds.py`` runs this file under an older program, so that the upgrade meets rows in every table that
program had. What the older program does not have yet is left out; any other failure is one.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

import django

django.setup()

from django.apps import apps  # noqa: E402 - models exist from here on
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

MOVED = {
    "chuangbao.core.actors": "chuangbao.core.access.actors",
    "chuangbao.core.files": "chuangbao.core.storage.files",
    "chuangbao.core.mail": "chuangbao.core.messaging.outbox",
    "chuangbao.core.notices": "chuangbao.core.messaging.notifications",
    "chuangbao.core.regions": "chuangbao.core.engine.regions",
    "chuangbao.core.registry": "chuangbao.core.engine.current",
    "chuangbao.portal.models": "chuangbao.checkup.models",
}
"""Where modules are today, by the names that this file says, which older programs know."""
for old, new in MOVED.items():
    with suppress(ImportError):
        sys.modules.setdefault(old, import_module(new))

YEAR = timedelta(days=365)
SEED = "jilin-2015-31"
MEASURE, VERSION = "2.6.3-small-profit", "CIT-SLP-2015A"
PAPER = """关于支持创业的若干措施

长政发〔2026〕3号

各县（市、区）：

第一条 对首次创办企业的，给予5000元补贴。

第二条 本措施自2026年1月1日起施行。
"""

MEASURE_TEXT = """\
id: 2.2.4-{name}
title: {{zh: 小奖励, en: Small reward}}
subject: enterprise
region: "220102"
clauses: [2.2.4]
themes: [subsidy]
versions:
- version: V-{name}
  title: {{zh: 小奖励{name}, en: Small reward}}
  valid: {{from: 2026-01-01, to: null}}
  clause: 2.2.4
  conditions:
  - id: staff
    zh: 从业人数不超过10人
    en: Few people
    when: employees_avg <= 10
  benefit: {{kind: subsidy, unit: CNY, amount: "1000"}}
  examples:
  - name: 例1
    facts: {{employees_avg: 10}}
    expect: {{status: eligible, amount: 1000}}
"""


def migrate() -> None:
    """Everything that stands before the first visitor."""
    from chuangbao.policies.domain.load import load_library

    try:
        from chuangbao.core.registry import current_pack
    except ImportError:
        from chuangbao.policies.domain.registry import current_pack
    call_command("migrate", verbosity=0)
    with suppress(ImportError):
        from chuangbao.core.regions import load_regions

        load_regions()
    load_library(pack=current_pack())


def demonstrate() -> None:
    """The people, organisations and facts of the demonstration, and what else the contexts declare."""
    try:
        from chuangbao.core.contexts import load_demonstration
    except ImportError:  # an older program names its two here
        with suppress(ImportError):
            from chuangbao.portal.demo import load_demo

            load_demo()
        with suppress(ImportError):
            from chuangbao.facts.demo import load_demo_facts

            load_demo_facts()
    else:
        load_demonstration()


def found_organisations() -> None:
    """A firm registered, verified and claimed by a second person, who is told; a colleague invited."""
    import factories
    from chuangbao.accounts.models import Invitation, OrganisationClaim

    owner, other = factories.member(), factories.person("王五")
    firm = owner.organisation_id
    Invitation.objects.create(organisation_id=firm, email="a@example.org", role="clerk", invited_by_id=owner.person_id)
    OrganisationClaim.objects.create(organisation_id=firm, person=other, reason="演示数据")
    factories.admin("system_admin")
    with suppress(ImportError):
        from chuangbao.accounts.domain.organisations import settle_standing
        from chuangbao.accounts.models import Organisation

        found = Organisation.objects.get(pk=firm)
        if found.stage != "verified":  # later programs' people belong to a verified one
            settle_standing(organisation=found, actor=factories.officer("register"), verb="verify")


def state_facts() -> None:
    """Facts of a firm and of a person: verified, disputed, sealed; a file that is read in, a check-up."""
    from chuangbao.core.actors import SYSTEM
    from chuangbao.portal.models import CheckUp, CheckUpAnswer

    import factories
    from chuangbao.accounts.models import Organisation
    from chuangbao.facts.domain.stating import dispute, state, verify
    from chuangbao.facts.domain.subjects import subject_of, subject_of_organisation
    from chuangbao.facts.models import Intake, IntakeRow, Source

    owner, officer, alone = factories.member(), factories.officer("register"), factories.founder()
    subject = subject_of_organisation(Organisation.objects.get(pk=owner.organisation_id))
    staff = state(subject=subject, name="employees_avg", value=18, actor=owner)
    verify(fact=staff, until=timezone.localdate() + YEAR, actor=officer)
    hires = first_known("expand_hires", "hires")
    told = state(subject=subject, name=hires, value=3, actor=SYSTEM, source=Source.REGISTER, register="演示·社保登记")
    dispute(fact=told, reason="演示数据", actor=owner)
    if first_known("was_employed"):
        state(subject=subject_of(alone), name="was_employed", value=True, actor=alone)
    file = Intake.objects.create(filename="演示.xlsx", digest="0" * 64, person_id=owner.person_id, holder=owner.acting)
    IntakeRow.objects.create(intake=file, line=2, code="", name="从业人数", value="18", fact=staff)
    checkup = CheckUp.objects.create(subject=subject, as_of=timezone.localdate(), region=factories.COUNTY)
    CheckUpAnswer.objects.create(checkup=checkup, fact="employees_avg", state="known", value="18")
    with suppress(ImportError):
        from chuangbao.portal.models import CheckUpVerdict

        CheckUpVerdict.objects.create(checkup=checkup, measure=MEASURE, version=VERSION, status="eligible", amount=10)


def first_known(*names: str) -> str:
    """The first of some names of a fact that the program's pack has; nothing where it has none."""
    from chuangbao.core.registry import current_pack

    return next((name for name in names if name in current_pack().facts), "")


def begin_checkup() -> None:
    """A check-up of a visitor without a name."""
    from chuangbao.portal.models import CheckUp, CheckUpAnswer

    checkup = CheckUp.objects.create(as_of=timezone.localdate(), region="220102")
    CheckUpAnswer.objects.create(checkup=checkup, fact="employees_avg", state="known", value="18")


def draft_measures() -> None:
    """A version in force, one in review, one being written."""
    import factories
    from chuangbao.authoring.domain.drafts import begin_draft, submit_draft
    from chuangbao.authoring.domain.publish import publish_version
    from chuangbao.policies.models import RegisteredMeasure

    author, reviewer = factories.officer("policy_editor"), factories.officer("policy_reviewer")
    for name in ("in-force", "in-review", "draft"):
        measure = RegisteredMeasure(ref=f"2.2.4-{name}", region_id=factories.COUNTY, department="科技")
        measure.file = f"measures/2.2.4-{name}.yaml"  # a field since b9ae83c
        measure.save()
        version = begin_draft(measure=measure, content=MEASURE_TEXT.format(name=name), actor=author)
        if name != "draft":
            version = submit_draft(draft=version, actor=author)
        if name == "in-force":
            publish_version(version=version, valid_from=date(2026, 1, 1), actor=reviewer)


def comment_on_drafts() -> None:
    """A comment on a version in review, and a copy that a person keeps of a draft."""
    import factories
    from chuangbao.authoring.domain.drafts import keep_copy
    from chuangbao.policies.models import MeasureVersion

    author, reviewer = factories.officer("policy_editor"), factories.officer("policy_reviewer")
    waiting = MeasureVersion.objects.get(stage="in_review")
    try:
        from chuangbao.authoring.domain.comments import add_comment

        add_comment(row=waiting, text="演示数据", actor=reviewer)
    except ImportError:
        from chuangbao.authoring.domain import drafts

        drafts.add_comment(version=waiting, text="演示数据", actor=reviewer)
    draft = MeasureVersion.objects.get(stage="draft")
    keep_copy(draft=draft, content=draft.content + "\n# …", revision=draft.revision, actor=author)


def bring_documents() -> None:
    """A document with clauses, an answer beside one, and a person who wants to hear of a theme."""
    import factories
    from chuangbao.authoring.domain.documents import bring_document
    from chuangbao.authoring.domain.interpretations import begin_interpretation
    from chuangbao.policies.domain.reading import read_text
    from chuangbao.policies.domain.subscribe import subscribe

    author = factories.officer("policy_editor", region=factories.CITY)
    text, parsed = read_text(PAPER)
    bring_document(ref="chang-2026-3", text=text, parsed=parsed, actor=author)
    words = {"document": SEED, "clause": "2.2.4", "title": "演示数据", "body": "演示数据", "sort": "answer"}
    begin_interpretation(values=words, actor=author)
    subscribe(topic="theme", value="subsidy", actor=factories.founder())


def judge_everybody() -> None:
    """A run over everybody, and what came of it."""
    import factories
    import runsworld

    firm = runsworld.firm(runsworld.SMALL)
    runsworld.firm(runsworld.OPEN)
    factories.membership(where=firm.organisation)
    runsworld.run()


def simulate() -> None:
    """A simulation with a variant that nobody has run yet."""
    import factories
    from chuangbao.simulations.domain.simulations import begin_ceiling_example

    begin_ceiling_example(actor=factories.officer("policy_editor"))


def keep_files() -> None:
    """A stored file, a letter that waits, a notice."""
    from chuangbao.core.files import keep
    from chuangbao.core.notices import tell
    from django.core.files.uploadedfile import SimpleUploadedFile
    from django.core.mail import EmailMessage

    import factories

    try:
        from chuangbao.core.messaging.outbox import queue_letters
    except ImportError:  # an older program
        from chuangbao.core.mail import put_out as queue_letters

    actor = factories.member()
    keep(upload=SimpleUploadedFile("演示.pdf", b"%PDF-1.4\n%%EOF\n"), actor=actor, purpose="evidence")
    queue_letters([EmailMessage("演示", "演示数据", None, ["b@example.org"])])
    tell("post.appointed", to=[actor.person_id], data={"post": "演示"}, url="/desk/")


STEPS = (
    migrate, demonstrate, found_organisations, begin_checkup, state_facts, draft_measures, comment_on_drafts,
    bring_documents, judge_everybody, simulate, keep_files,
)  # fmt: skip


def main(report: Path) -> None:
    """Run the steps that this program knows, and write how many rows each table holds."""
    missing = {}
    for step in STEPS:
        try:
            step()
        except ImportError as fault:
            missing[step.__name__] = str(fault)
    rows = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            cursor.execute(f'SELECT count(*) FROM "{model._meta.db_table}"')  # noqa: S608 - Django's own names
            rows[model._meta.db_table] = cursor.fetchone()[0]
    report.write_text(json.dumps({"missing": missing, "rows": rows}, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
