"""A province of spaces for the demonstration (演示数据): none exists, and every name says so.

71 incubators and 60 makerspaces, as many as the province had at the end of 2020.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from hashlib import sha256
from struct import pack
from typing import TYPE_CHECKING
from zlib import compress, crc32

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from shapely.geometry import Point

from chuangbao.accounts.models import Organisation, OrganisationKind
from chuangbao.booking.models import Venue
from chuangbao.core.access.actors import SYSTEM
from chuangbao.core.access.row_access import unscoped
from chuangbao.core.engine.outlines import find_outline
from chuangbao.core.engine.regions import local_places
from chuangbao.core.storage.brought_pictures import shrink_picture
from chuangbao.policies.domain.words import sounds
from chuangbao.spaces.domain.pictures import SIDES, keep_sizes
from chuangbao.spaces.domain.recognising import read_scheme
from chuangbao.spaces.domain.registering import follow_chain
from chuangbao.spaces.enums import OfferKind, SpaceKind
from chuangbao.spaces.models import NewTagEvidence, Offer, Operatorship, Recognition, Site, Space

if TYPE_CHECKING:
    from chuangbao.rules.regions import Region as Unit

__all__ = ["load_demo_spaces"]

WHY = "made-up rows of the demonstration"
NANGUAN = "220102"
OPENED = date(2013, 1, 1)
"""The first day on which one of them may have opened."""
MIDDLE = (43.88, 125.32)
"""Where a point is drawn for a place whose outline is not known: latitude and longitude in degrees."""
TRIES = 40
"""How many points around a county are drawn until one lies in it."""
SIZES = ((50, 400), (500, 6000), (100, 900), (0, 300))
"""From and to how many m² an office, the rooms of tenants, public services and the rest have."""
NAMES = {
    SpaceKind.INCUBATOR: "综合孵化器",
    SpaceKind.PROFESSIONAL: "专业孵化器",
    SpaceKind.ACCELERATOR: "加速器",
    SpaceKind.MAKER: "创客空间",
    SpaceKind.CAFE: "创业咖啡",
    SpaceKind.FACTORY: "创新工场",
    SpaceKind.WORKSHOP: "创新屋",
}
INCUBATORS, MAKERSPACES = 71, 60
NATIONAL = 23
"""How many of each kind are of the national level at the end of 2020."""
KINDS = (
    (INCUBATORS, (SpaceKind.INCUBATOR, SpaceKind.INCUBATOR, SpaceKind.PROFESSIONAL, SpaceKind.ACCELERATOR)),
    (MAKERSPACES, (SpaceKind.MAKER, SpaceKind.MAKER, SpaceKind.CAFE, SpaceKind.FACTORY, SpaceKind.WORKSHOP)),
)
OFFERS = (
    (OfferKind.WORK, "演示·开放工位", "每月300元", False),
    (OfferKind.NETWORK, "演示·千兆网络", "", False),
    (OfferKind.EXCHANGE, "演示·路演厅", "每小时200元", False),
    (OfferKind.SHARING, "演示·三维打印机", "", False),
    (OfferKind.BASIC, "演示·注册地址", "", True),
    (OfferKind.DEEP, "演示·中试辅导", "", False),
)
OWNER = "演示·春城众创空间管理有限公司"
"""The operator that a person of the demonstration belongs to; it runs the first makerspace."""


@transaction.atomic
def load_demo_spaces() -> int:
    """Make the 131 spaces where there are none, and return how many there are; running it again changes nothing."""
    rows = unscoped(Space, because=WHY).filter(is_demo=True)
    if rows.exists():
        return rows.count()
    places = [unit for unit in local_places() if unit.level == "county"]
    made = [space for count, kinds in KINDS for space in draw_spaces(places, count, kinds)]
    Organisation.objects.bulk_create(space.operator for space in made)
    is_adopted = adopt_one(made)
    Space.objects.bulk_create(made)
    write_rows(made)
    if is_adopted:
        show_pictures(made[INCUBATORS])
    return len(made)


def draw(seed: str, low: int, high: int) -> int:
    """Return a number from ``low`` up to, not with, ``high``: the same for the same seed, so that every run agrees."""
    return low + int.from_bytes(sha256(seed.encode()).digest()[:4], "big") % (high - low)


def draw_spaces(places: list[Unit], count: int, kinds: tuple[SpaceKind, ...]) -> list[Space]:
    """Return spaces with their operators, one county after the other, so that every county has some."""
    made = []
    for number in range(count):
        place = places[number % len(places)]
        kind = kinds[number % len(kinds)]
        name = f"演示·{place.name.zh}{NAMES[kind]}{number + 1}号"
        operator = Organisation(
            name=f"{name}运营机构",
            kind=OrganisationKind.SPACE,
            region_id=place.code,
            stage="verified",
            is_demo=True,
        )
        made.append(
            Space(
                name=name,
                kind=kind,
                chain=follow_chain(kind),
                operator=operator,
                region_id=place.code,
                opened_on=OPENED + timedelta(days=draw(name, 0, 2500)),
                introduction="演示数据：并不存在这样的空间。",
                hours="工作日8:30—17:30",
                sounds=sounds(name),
                revision=1,
                is_demo=True,
            )
        )
    return made


def adopt_one(made: list[Space]) -> bool:
    """Give the first makerspace to the operator that a person of the demonstration belongs to, where there is one."""
    operator = unscoped(Organisation, because=WHY).filter(name=OWNER, is_demo=True).first()
    if operator is not None:
        first = made[INCUBATORS]
        first.operator, first.name, first.phone = operator, "演示·春城众创空间", "0431-00000000"
        first.region_id, first.sounds = NANGUAN, sounds(first.name)
    return operator is not None


def show_pictures(space: Space) -> None:
    """Show two pictures of a space, which are drawn: no camera was there."""
    for alt, wall in (("演示·朝南开放工位区（示意图）", 232), ("演示·路演厅（示意图）", 200)):
        drawn = SimpleUploadedFile("演示.png", draw_room(wall), "image/png")
        keep_sizes(space, SYSTEM, shrink_picture(drawn, sides=SIDES), alt)


def draw_room(wall: int) -> bytes:
    """Return a room with rows of desks as a PNG in shades of grey, its wall of a brightness from 0 to 255."""
    wide, high, desk = 960, 640, 120
    empty, row = bytes([wall]) * wide, bytearray([wall]) * wide
    for left in range(desk // 2, wide - desk, desk + desk // 2):
        row[left : left + desk] = bytes([96]) * desk
    lines = [bytes(row) if y > high // 3 and y % desk > desk // 2 else empty for y in range(high)]
    head = pack(">IIBBBBB", wide, high, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", compress(b"\0" + b"\0".join(lines))), (b"IEND", b""))
    chunks = (pack(">I", len(each)) + name + each + pack(">I", crc32(name + each)) for name, each in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def write_rows(made: list[Space]) -> None:
    """Write what hangs on the spaces: operators until now, sites, offers, new things, filings and recognitions."""
    Operatorship.objects.bulk_create(
        Operatorship(space=row, organisation=row.operator, since=row.opened_on or OPENED) for row in made
    )
    sites = [draw_site(row) for row in made]
    share_venues(sites)
    Site.objects.bulk_create(sites)
    Offer.objects.bulk_create(
        Offer(space=row, kind=kind, name=name, price=price, is_online=online)
        for row in made
        for number, (kind, name, price, online) in enumerate(OFFERS)
        if number == 0 or draw(f"{row.name}{number}", 0, 2)
    )
    NewTagEvidence.objects.bulk_create(
        NewTagEvidence(space=row, tag="service", evidence="演示：线上预约") for row in made[::3]
    )
    parts = ((made[:INCUBATORS], "national-2018", NATIONAL), (made[INCUBATORS:], "filed-2017", NATIONAL))
    Recognition.objects.bulk_create(
        draw_recognition(row, scheme if number < national else "province-2019", number)
        for rows, scheme, national in parts
        for number, row in enumerate(rows)
    )


def share_venues(sites: list[Site]) -> None:
    """Write the venues of the sites; one that the demonstration of bookings has made is taken instead."""
    there = {
        (row.organization_id, row.name): row for row in unscoped(Venue, because=WHY).filter(name__startswith="演示·")
    }
    for site in sites:
        site.venue = there.get((site.space.operator_id, site.space.name), site.venue)
        if site.venue is not None and site.venue.pk is not None:
            site.venue.address, site.venue.region_id = site.address, site.region_id
            site.venue.save(update_fields=["address", "region"])
    venues = [site.venue for site in sites if site.venue is not None]
    Venue.objects.bulk_create(venue for venue in venues if venue.pk is None)


def draw_point(seed: str, region: str) -> tuple[float, float]:
    """Return a point in a region as latitude and longitude in degrees, the same for the same seed."""
    outline = find_outline(region)
    if outline is None:
        return MIDDLE
    west, south, east, north = outline.bounds
    for number in range(TRIES):
        at = Point(
            west + (east - west) * draw(f"{seed}{number}east", 100, 900) / 1000,
            south + (north - south) * draw(f"{seed}{number}north", 100, 900) / 1000,
        )
        if not outline.distance(at):
            return at.y, at.x
    at = outline.representative_point()
    return at.y, at.x


def draw_site(space: Space) -> Site:
    """Return a site with areas that add up, somewhere in its county."""
    north, east = draw_point(space.name, space.region_id)
    office, tenants, service, other = (Decimal(draw(f"{space.name}{low}", low, high)) for low, high in SIZES)
    return Site(
        space=space,
        region_id=space.region_id,
        address=f"演示路{space.pk}号",
        latitude=Decimal(f"{north:.5f}"),
        longitude=Decimal(f"{east:.5f}"),
        total_area=office + tenants + service + other,
        office_area=office,
        tenant_area=tenants,
        service_area=service,
        other_area=other,
        is_main=True,
        venue=Venue(
            organization=space.operator, name=space.name, region_id=space.region_id, address=f"演示路{space.pk}号"
        ),
        since=space.opened_on or OPENED,
        revision=1,
    )


def draw_recognition(space: Space, scheme: str, number: int) -> Recognition:
    """Return the filing or recognition of a space, with a number that says that it is made up."""
    act, level = read_scheme(scheme)
    return Recognition(
        space=space, scheme=scheme, act=act, level=level, number=f"演示〔2020〕{number + 1}号", since=date(2020, 1, 1)
    )
