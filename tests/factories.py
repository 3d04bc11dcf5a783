"""People and organisations for tests: only what a test must not care about is made up here."""

from __future__ import annotations

from datetime import date
from itertools import count

from chuangbao.accounts.domain.acting import as_admin, as_member, as_officer, as_self
from chuangbao.accounts.legal import current_agreement
from chuangbao.accounts.models import AdminDuty, Membership, Organisation, Person, Post

NUMBERS = count(1)
PASSWORD = "长春-Changchun-2015"
COUNTY, NEIGHBOUR, CITY, OTHER_CITY, PROVINCE = "220102", "220103", "220100", "220200", "220000"
TERM = (date(2020, 1, 1), date(2099, 1, 1))
CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def credit_code(body: str | None = None) -> str:
    """A valid 统一社会信用代码 (GB 32100-2015) that belongs to nobody in particular."""
    from stdnum.cn import uscc

    start = body or f"91220101{next(NUMBERS):09d}"
    return start + uscc.calc_check_digit(start)


def person(name="张三", *, email="", password=None, **fields) -> Person:
    """A person who has agreed; with a password only where a test signs in with it (hashing is slow)."""
    fields.setdefault("agreed", current_agreement())
    address = email or f"person-{next(NUMBERS)}@example.org"
    return Person.objects.create_user(address, password, name=name, **fields)


def organisation(name="", *, kind="enterprise", region=COUNTY, **fields) -> Organisation:
    """An organisation with a code of its own, verified by an officer."""
    fields.setdefault("code", credit_code())
    fields.setdefault("stage", "verified")
    return Organisation.objects.create(name=name or f"企业{next(NUMBERS)}", kind=kind, region_id=region, **fields)


def membership(who=None, where=None, role="owner") -> Membership:
    """Somebody belongs to an organisation."""
    return Membership.objects.create(person=who or person(), organisation=where or organisation(), role=role)


def post(who=None, *, duties=("register",), region=COUNTY, department="科技", agency=None, term=TERM) -> Post:
    """An officer's post."""
    where = agency or organisation(kind="agency", region=region)
    return Post.objects.create(
        person=who or person("李科"),
        agency=where,
        department=department,
        region_id=region,
        duties=list(duties),
        term=term,
    )


def founder():
    """The actor of somebody for themselves."""
    return as_self(person())


def member(where=None, role="owner"):
    """The actor of a member of an organisation."""
    return as_member(membership(where=where, role=role))


def officer(*duties, region=COUNTY, department="科技"):
    """The actor of an officer in a post."""
    return as_officer(post(duties=duties or ("register",), region=region, department=department))


def admin(kind):
    """The actor of one of the three administrators."""
    return as_admin(AdminDuty.objects.create(person=person("管理员"), kind=kind))


def sign_in(client, actor):
    """Let the test client be this actor."""
    client.force_login(Person.objects.get(pk=actor.person_id))
    session = client.session
    session["acting"] = actor.acting
    session.save()
    return client


def colleague_of(actor):
    """The actor of another officer with the same duties, area and department."""
    return officer(*actor.rights, region=actor.region, department=actor.department)


def proposed(row, verb, actor, *, reason="x", **given):
    """A proposal that a colleague of the actor has put forward, for the actor to confirm."""
    from chuangbao.core.workflow.proposals import propose

    return propose(row, verb, actor=colleague_of(actor), reason=reason, **given)


def close(organisation, actor, reason="注销"):
    """An organisation closed by two officers, the actor as the second."""
    from chuangbao.core.workflow.proposals import confirm

    confirm(proposed(organisation, "close", actor, reason=reason), actor=actor)


def upload(content=b"%PDF-1.4\n%%EOF\n", name="营业执照.pdf"):
    """A file as a browser sends it."""
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, content, "application/octet-stream")
