"""The people and organisations of the demonstration (演示数据): none exists, and every row says so (``is_demo``)."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from allauth.account.models import EmailAddress
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from stdnum.cn import uscc

from chuangbao.accounts.models import AdminDuty, Membership, Organisation, Person, Post
from chuangbao.core.models import Region

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

__all__ = ["PEOPLE", "DemoPerson", "address_of", "load_demo"]

SEED = 20150720
"""The day of the seed document."""
ENTERPRISES = 240
NANGUAN, KUANCHENG, CHANGCHUN, JILIN_CITY, PROVINCE = "220102", "220103", "220100", "220200", "220000"
TECH = "科技局"
DEPARTMENTS = {TECH: "science"}
OF_COUNTY = ("register", "guidance", "spaces")
OF_PROVINCE = ("supervisor", "register", "spaces")
TERM = (date(2024, 1, 1), date(2035, 1, 1))
FIRST = ("晨光", "启明", "长白", "松江", "北国", "净月", "春城", "伊通", "雾凇", "柳河", "金谷", "天池")
SECOND = ("智能", "生物", "光电", "农业", "软件", "新材料", "文化", "医药", "装备", "电商", "物流", "环保")


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A person to sign in as: a name that says it is made up, and what they are."""

    key: str
    name: str
    what: _StrPromise
    kind: str
    place: str = ""
    duties: tuple[str, ...] = ()
    department: str = ""


PEOPLE = (
    DemoPerson("student", "演示·林晓", _("Student founder, without an enterprise yet"), "self"),
    DemoPerson("owner", "演示·周明", _("Owner of an enterprise in Nanguan"), "owner"),
    DemoPerson("clerk", "演示·吴静", _("Clerk of the same enterprise"), "clerk"),
    DemoPerson("space", "演示·郑航", _("Runs a makerspace in Changchun"), "space"),
    DemoPerson("nanguan", "演示·赵科", _("Officer of Nanguan: verifies"), "post", NANGUAN, OF_COUNTY, TECH),
    DemoPerson("kuancheng", "演示·钱科", _("Officer of the neighbour"), "post", KUANCHENG, ("register",), TECH),
    DemoPerson("editor", "演示·孙文", _("Drafts policies"), "post", PROVINCE, ("policy_editor",), TECH),
    DemoPerson("reviewer", "演示·李审", _("Reviews and publishes"), "post", PROVINCE, ("policy_reviewer",), TECH),
    DemoPerson("supervisor", "演示·王督", _("Sees all"), "post", PROVINCE, OF_PROVINCE, "督查室"),
    DemoPerson("system", "演示·系统管理员", _("System administrator"), "system_admin"),
    DemoPerson("security", "演示·安全管理员", _("Security administrator"), "security_admin"),
    DemoPerson("audit", "演示·审计管理员", _("Audit administrator"), "audit_admin"),
)


def address_of(key: str) -> str:
    """Return the e-mail of a person of the demonstration; a domain that can receive nothing (RFC 2606)."""
    return f"{key}@demo.invalid"


def demo_code(number: int) -> str:
    """A code of the right form with a made-up body (9122 9999 …: no such region is registered)."""
    body = f"91229999{number:09d}"
    return body + uscc.calc_check_digit(body)


@transaction.atomic
def load_demo() -> int:
    """Make what is missing of the demonstration; how many organisations there are. Running it again changes nothing."""
    people = {p.key: person_of(p) for p in PEOPLE}
    for row in PEOPLE:
        if row.kind == "post":
            appoint(row, people[row.key])
        elif row.kind.endswith("_admin"):
            AdminDuty.objects.get_or_create(person=people[row.key], kind=row.kind, ended_at=None)
    ours = organisation(0, "演示·晨光智能科技有限公司", "enterprise", NANGUAN)
    space = organisation(1, "演示·春城众创空间管理有限公司", "space", CHANGCHUN)
    for key, where, role in (("owner", ours, "owner"), ("clerk", ours, "clerk"), ("space", space, "owner")):
        Membership.objects.get_or_create(person=people[key], organisation=where, ended_at=None, defaults={"role": role})
    return 2 + enterprises()


def person_of(row: DemoPerson) -> Person:
    """The account; its password is unknown, the list is the only way in."""
    found, fresh = Person.objects.get_or_create(
        email=address_of(row.key), defaults={"name": row.name, "is_demo": True, "password": "!"}
    )
    if fresh:
        EmailAddress.objects.create(user=found, email=found.email, verified=True, primary=True)
    return found


def organisation(number: int, name: str, kind: str, region: str) -> Organisation:
    """An organisation that does not exist."""
    found, _fresh = Organisation.objects.get_or_create(
        code=demo_code(number),
        defaults={"name": name, "kind": kind, "region_id": region, "is_demo": True, "stage": "verified"},
    )
    return found


def appoint(row: DemoPerson, person: Person) -> None:
    """The post of an officer of the demonstration."""
    region = Region.objects.get(pk=row.place)
    agency, _fresh = Organisation.objects.get_or_create(
        name=f"演示·{region.name_zh}{row.department}",
        kind="agency",
        region=region,
        defaults={"is_demo": True, "stage": "verified", "department": DEPARTMENTS.get(row.department, "")},
    )
    if not Post.objects.filter(person=person, term__contains=timezone.localdate()).exists():
        before = Post.objects.filter(person=person, term__isempty=False).order_by("term").last()
        begin = before.term.upper if before else TERM[0]  # ended with the demonstration, and taken up with it again
        Post.objects.create(
            person=person, agency=agency, department="综合科", region=region, duties=list(row.duties),
            term=(begin, TERM[1]),
        )  # fmt: skip


def enterprises() -> int:
    """Enterprises of every county, some of them waiting to be verified."""
    if Organisation.objects.filter(is_demo=True, kind="enterprise").count() > 1:
        return Organisation.objects.filter(is_demo=True, kind="enterprise").count()
    dice = random.Random(SEED)  # noqa: S311 - made-up data, the same every time
    counties = list(Region.objects.filter(level="county", code__startswith="22").order_by("code"))
    rows = []
    for number in range(ENTERPRISES):
        place = counties[number % len(counties)] if dice.random() < 0.5 else dice.choice(counties)  # noqa: PLR2004 - half and half
        rows.append(
            Organisation(
                code=demo_code(number + 100),
                name=f"演示·{place.name_zh}{dice.choice(FIRST)}{dice.choice(SECOND)}有限公司{number + 1}号",
                kind="enterprise",
                region=place,
                is_demo=True,
                stage="unverified" if number % 12 == 0 else "verified",
            )
        )
    Organisation.objects.bulk_create(rows)
    return len(rows)
