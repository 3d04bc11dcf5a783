"""A whole province of the demonstration (演示数据): so many made-up enterprises, the same every time."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
from django.db import connection, transaction
from django.utils import timezone
from stdnum.cn import uscc

from chuangbao.accounts.models import Organisation
from chuangbao.core.engine.current import current_pack
from chuangbao.core.models import Region

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.random import Generator
    from numpy.typing import NDArray

    from chuangbao.rules.model import Pack

__all__ = ["load_demo_population"]

SEED, CHUNK = 20150720, 25_000
FIRST_NUMBER = 100_000_000
"""Codes from here on are this population's; the handful of ``portal.demo`` is below."""
REGISTER = "演示·登记系统"
KNOWN = 0.9  # of ten enterprises nine have told each fact
WORDS = ("晨光", "启明", "长白", "松江", "北国", "净月", "春城", "伊通", "雾凇", "柳河", "金谷", "天池")
TRADES = ("智能", "生物", "光电", "农业", "软件", "新材料", "文化", "医药", "装备", "电商", "物流", "环保")
ORGANISATIONS = ("code", "name", "kind", "region_id", "department", "stage", "is_demo", "created_at")
FACTS = ("subject_id", "name", "as_of", "number", "text", "day_value", "flag", "absent", "source", "register", "stage",
         "recorded_at")  # fmt: skip
SUBJECTS = """
INSERT INTO facts_subject (organisation_id, created_at)
SELECT o.id, now() FROM accounts_organisation o LEFT JOIN facts_subject s ON s.organisation_id = o.id
WHERE s.id IS NULL AND o.code = ANY (%s) ORDER BY o.code RETURNING id
"""


@transaction.atomic
def load_demo_population(*, subjects: int, pack: Pack | None = None) -> int:
    """Make what is missing of so many enterprises in all counties; return how many. No person belongs to them."""
    there = Organisation.objects.filter(is_demo=True, code__gte=code_of(0), code__startswith="91229999").count()
    counties = list(Region.objects.filter(level="county", code__startswith="22").order_by("code"))
    for start in range(there, subjects, CHUNK):
        stop = min(start + CHUNK, subjects)
        codes = [code_of(number) for number in range(start, stop)]
        dice = np.random.default_rng([SEED, start])
        put("accounts_organisation", ORGANISATIONS, organisations(dice, codes, counties))
        with connection.cursor() as cursor:
            cursor.execute(SUBJECTS, [codes])
            ids = np.array(sorted(one for (one,) in cursor.fetchall()))
        for frame in facts(dice, ids, pack or current_pack()):
            put("facts_fact", FACTS, frame)
    return max(0, subjects - there)


def code_of(number: int) -> str:
    """A code of the right form with a made-up body (9122 9999 …: no such region is registered)."""
    body = f"91229999{FIRST_NUMBER + number:09d}"
    return body + str(uscc.calc_check_digit(body))


def organisations(dice: Generator, codes: list[str], counties: list[Region]) -> pl.DataFrame:
    """Enterprises spread over the counties, a third of them in the first few."""
    weights = 1 / np.arange(1, len(counties) + 1) + 0.1
    places = [counties[i] for i in dice.choice(len(counties), len(codes), p=weights / weights.sum())]
    words, trades = dice.choice(WORDS, len(codes)), dice.choice(TRADES, len(codes))
    names = [
        f"演示·{place.name_zh}{word}{trade}有限公司{code[9:17]}号"
        for place, word, trade, code in zip(places, words, trades, codes, strict=True)
    ]
    return pl.DataFrame({"code": codes, "name": names, "region_id": [place.pk for place in places]}).with_columns(
        kind=pl.lit("enterprise"), department=pl.lit(""), stage=pl.lit("verified"), is_demo=True,
        created_at=pl.lit(timezone.now().isoformat()),
    )  # fmt: skip


def facts(dice: Generator, ids: NDArray[Any], pack: Pack) -> Iterator[pl.DataFrame]:
    """What a register knows of each: figures that go together, some of them missing."""
    today = timezone.localdate()
    for name, (column, values) in make_values(dice, len(ids), pack).items():
        known = dice.random(len(ids)) < KNOWN
        yield pl.DataFrame({"subject_id": ids[known], column: values[known]}).with_columns(
            *(pl.lit(None).alias(c) for c in ("number", "text", "day_value", "flag") if c != column),
            name=pl.lit(name), as_of=pl.lit((today - timedelta(days=30)).isoformat()), absent=False,
            source=pl.lit("register"), register=pl.lit(REGISTER), stage=pl.lit("stated"),
            recorded_at=pl.lit(timezone.now().isoformat()),
        )  # fmt: skip


def make_values(dice: Generator, size: int, pack: Pack) -> dict[str, tuple[str, NDArray[Any]]]:
    """Values by fact, with the column that they stand in."""
    staff = np.ceil(dice.lognormal(2.2, 1.2, size))
    turnover = np.round(staff * dice.lognormal(12.2, 0.9, size), 2)
    codes = [code.code for code in pack.codes["industry"].codes if code.group not in {"S", "T"}]
    days = dice.integers(0, 365 * 14, size).astype("timedelta64[D]")
    figures = {
        "employees_avg": staff,
        "assets_avg": np.round(turnover * dice.lognormal(-0.3, 0.8, size), 2),
        "taxable_income": np.round(turnover * np.maximum(0, dice.normal(0.06, 0.08, size)), 2),
        "month_sales": np.round(turnover / 12, 2),
        "rd_expense": np.round(turnover * dice.beta(1, 20, size), 2),
        "expand_hires": dice.poisson(0.6, size),
    }
    shares = {
        "restricted_industry": 0.03, "is_resident_enterprise": 0.98, "audit_collection": 0.85, "is_hnte": 0.04,
        "is_tsme": 0.08,
    }  # fmt: skip
    return {
        **{name: ("number", values) for name, values in figures.items()},
        **{name: ("flag", dice.random(size) < share) for name, share in shares.items()},
        "is_small_scale": ("flag", turnover < 5_000_000),  # noqa: PLR2004 - the limit of a small-scale taxpayer
        "industry": ("text", dice.choice(codes, size)),
        "registered_on": ("day_value", np.datetime64("2012-01-01") + days),
    }


def put(table: str, columns: tuple[str, ...], frame: pl.DataFrame) -> None:
    """Rows by COPY."""
    names = ", ".join(columns)
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({names}) FROM STDIN (FORMAT csv)") as copy,
    ):
        copy.write(frame.select(columns).write_csv(include_header=False).encode())
