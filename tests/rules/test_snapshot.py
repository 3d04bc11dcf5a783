"""A snapshot is checked column by column; what is wrong is counted and told, and nothing is judged in silence."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

import polars as pl
import population
import pyarrow as pa
import pytest
import world

from chuangbao.rules.batch import SnapshotError, totals
from chuangbao.rules.batch.snapshot import Snapshot

if TYPE_CHECKING:
    from pathlib import Path

ENGINE = world.engine(
    world.version("A", "staff >= 3", "colour IN ('red', 'blue')", amount="income * 0.15"),
    world.version("B", "CONTAINS(colours, 'red')", "COALESCE(debt, 0) <= 5", "founded < AS_OF", "trade LIKE '65%'"),
    world.version("C", "(SELECT COUNT(*) FROM hires WHERE hours > 2) > 0", "share >= 0.5", "open"),
)
PACK = ENGINE.pack
SOUND = {
    "subject": ["a", "b", "c"],
    "staff": [2, 3, None],
    "colour": ["red", "blue", None],
    "income": [100.1, 33.37, 5.0],
    "colours": [["red"], [], None],
    "debt": [5, None, None],
    "debt__absent": [False, True, False],
    "founded": [date(2012, 2, 29), None, date(2016, 2, 29)],
    "trade": ["6510", "", None],
    "share": [0.5, 0.0, 1.0],
    "open": [True, False, None],
    "hires": [[{"hours": 3, "full": True}], [], None],
}


def same(frame: pl.DataFrame) -> pl.DataFrame:
    return frame


def told(columns: dict, folder: Path, **more: object) -> list[str]:
    path = folder / "facts.parquet"
    pl.DataFrame(SOUND | columns, strict=False, **more).write_parquet(path)
    return problems(path)


def problems(source: object, size: int = 2) -> list[str]:
    try:
        snapshot = Snapshot(source, PACK, size=size)
        for frame in snapshot.partitions(same, known=snapshot.doubles()):
            assert frame.height <= size
    except SnapshotError as error:
        return str(error).splitlines()
    return []


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"staff": ["2", "3", "x"]}, "staff: a column of whole number, double or decimal is expected for integer, not String"),
        ({"staff": pl.Series([1, 2, 3], dtype=pl.Float32)}, "staff: a column of whole number, double or decimal is expected for integer, not Float32 (a single-precision number is not the decimal that was meant)"),
        ({"colour": [1, 2, 3]}, "colour: a column of text is expected for code, not Int64"),
        ({"founded": ["2012-02-29", "", ""]}, "founded: a column of date is expected for date, not String"),
        ({"open": [1, 0, 1]}, "open: a column of boolean is expected for boolean, not Int64"),
        ({"colours": ["red", "", ""]}, "colours: a column of list of text is expected for codes, not String"),
        ({"colours": [[1], [], []]}, "colours: a column of list of text is expected for codes, not List(Int64)"),
        ({"staf": [1, 2, 3]}, "staf: no such fact (did you mean staff?)"),
        ({"qqqqq": [1, 2, 3]}, "qqqqq: no such fact"),
        ({"staff__absent": [True, False, False]}, "staff__absent: staff is never absent (a null already means unknown)"),
        ({"debt__absent": [1, 0, 0]}, "debt__absent: a column of boolean is expected, not Int64"),
        ({"hires": [1, 2, 3]}, "hires: a column of lists of structs is expected for rows, not Int64"),
        ({"hires": [[{"hour": 3}], [], []]}, "hires.hour: no such column (did you mean hours?)"),
        ({"hires": [[{"zzz": 3}], [], []]}, "hires.zzz: no such column"),
        ({"hires": [[{"full": 3}], [], []]}, "hires.full: a column of boolean is expected for boolean, not Int64"),
        ({"subject": [0.5, 1.5, 2.5]}, "subject: an id is a text or a whole number, not Float64"),
        ({"staff": [1.5, 2.5, 3.0]}, "staff: 2 rows: a whole number is expected"),
        ({"income": [float("nan"), float("inf"), 1.0]}, "income: 2 rows: not a number, or infinite"),
        ({"share": [1.01, 0.5, -0.01]}, "share: 1 row: above the most possible 1"),
        ({"share": [1.0, 0.5, -0.01]}, "share: 1 row: below the least possible 0"),
        ({"colour": ["red", "mauve", "pink"]}, "colour: 2 rows: the code is not in the list colour"),
        ({"colours": [["red", "mauve"], ["x"], None]}, "colours: 2 rows: the code is not in the list colour"),
        ({"colours": [["red", None], [], None]}, "colours: 1 row: a code of the set is null"),
        ({"debt": [5, 6, None]}, "debt__absent: 1 row: a value is given and marked as absent"),
        ({"subject": ["a", None, "c"]}, "subject: 1 row: the id is missing"),
        ({"subject": ["a", "b", "a"]}, "subject: 2 rows: an id comes more than once: a (rows 1, 3)"),
        ({"subject": [3, 3, 3]}, "subject: 3 rows: an id comes more than once: 3 (rows 1, 2, 3)"),
        ({"hires": [[{"hours": 2.5}], [None], None]}, "hires: 1 row: a row of the list is null"),
        ({"hires": [[{"hours": 2.5}], [{"hours": 1.0}], None]}, "hires.hours: 1 row: a whole number is expected"),
        ({"founded": pl.Series([4_000_000, 0, 0], dtype=pl.Int32).cast(pl.Date)}, "founded: 1 row: the day lies outside the calendar (years 1 to 9999)"),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_its_column_and_its_count(columns: dict, message: str, tmp_path: Path) -> None:
    assert message in told(columns, tmp_path)


@pytest.mark.parametrize(
    "ids",
    [("A1", "b", "A1 "), ("A1", "b", "Ａ１"), ("A 1", "b", "A1"), ("a", "A1\u3000", "A1"), ("A1", "A\u00a01", "b")],
)
def test_ids_that_differ_by_blanks_or_width_are_one_subject(ids: tuple[str, ...], tmp_path: Path) -> None:
    found = told({"subject": list(ids)}, tmp_path)
    lines = ", ".join(str(n) for n, one in enumerate(ids, 1) if one.strip() not in {"a", "b"})
    assert found == [f"subject: 2 rows: an id comes more than once: A1 (rows {lines})"]


def test_the_lines_of_a_text_are_counted_below_its_head_and_over_partitions(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_text("subject,staff\n" + "".join(f"{one},1\n" for one in ("a", "Ｂ", "c", "d", "B ", "a", "B")), "utf-8")
    assert problems(path) == [
        "subject: 5 rows: an id comes more than once: B (lines 3, 6, 8), a (lines 2, 7)",
    ]
    many = {"subject": ["x"] * 5}
    assert problems(pl.DataFrame(many)) == ["subject: 5 rows: an id comes more than once: x (rows 1, 2, 3 …)"]


def test_ids_beyond_ascii_that_differ_are_taken(tmp_path: Path) -> None:
    assert told({"subject": ["甲", "乙", "丙"]}, tmp_path) == []
    assert told({"subject": ["a", "Ｂ", "c"]}, tmp_path) == []


def test_faults_of_all_columns_are_counted_over_all_partitions(tmp_path: Path) -> None:
    found = told({"colour": ["mauve", "red", "mauve"], "share": [2.0, 0.5, 2.0], "subject": ["a", "b", "b"]}, tmp_path)
    assert found == [
        "subject: 2 rows: an id comes more than once: b (rows 2, 3)",
        "colour: 2 rows: the code is not in the list colour",
        "share: 2 rows: above the most possible 1",
    ]


def test_a_file_that_is_none_and_a_missing_id_are_told(tmp_path: Path) -> None:
    broken = tmp_path / "facts.parquet"
    broken.write_bytes(b"PAR1 this is no table")
    (message,) = problems(broken)
    assert message.startswith("file: cannot be read: ")
    assert message.endswith("(a Parquet file, or UTF-8 text named .csv)")
    assert problems(pl.DataFrame({"staff": [1]})) == ["subject: the column with the id of each subject is missing"]
    lone = pl.DataFrame({"subject": ["a"], "debt__absent": [True]})
    assert problems(lone) == ["debt__absent: the column debt beside it is missing"]
    with pytest.raises(FileNotFoundError):
        Snapshot(tmp_path / "nowhere.parquet", PACK)


def test_a_sound_snapshot_is_read_whole_in_partitions_also_out_of_the_order_of_its_ids(tmp_path: Path) -> None:
    assert told({}, tmp_path) == []
    assert told({"subject": ["b", "c", "a"]}, tmp_path) == []
    path = tmp_path / "facts.parquet"
    assert [f.height for f in Snapshot(path, PACK, size=2).partitions(same)] == [2, 1]
    assert len(Snapshot(path, PACK).digest) == 64
    assert Snapshot(pl.DataFrame(SOUND), PACK).digest == ""


def test_every_type_a_column_may_have_gives_the_same_totals(tmp_path: Path) -> None:
    plain = totals(pl.DataFrame(SOUND), PACK, world.DAY)
    assert {m.version: (m.eligible, m.not_eligible, m.undetermined, m.amount) for m in plain.measures} == {
        "A": (1, 1, 1, Decimal("5.01")),
        "B": (1, 2, 0, Decimal(0)),
        "C": (1, 1, 1, Decimal(0)),
    }
    frame = pl.DataFrame(SOUND)
    other = frame.with_columns(
        pl.col("staff").cast(pl.Decimal(38, 4)),
        pl.col("income").cast(pl.Decimal(12, 2)),
        pl.col("colour").cast(pl.Categorical),
        pl.col("debt").cast(pl.Float64),
    )
    for source in (other, other.to_arrow(), frame.with_columns(pl.col("colour").cast(pl.Enum(["blue", "red"])))):
        assert totals(source, ENGINE, world.DAY).measures == plain.measures
    rows = pl.Series([[{"full": None}], [], None], dtype=pl.List(pl.Struct({"full": pl.Null})))
    nothing = totals(frame.with_columns(colour=pl.lit(None), hires=rows), ENGINE, world.DAY)
    assert [(m.eligible, m.not_eligible, m.undetermined) for m in nothing.measures] == [(0, 1, 2), (1, 2, 0), (0, 1, 2)]


def test_a_decimal_that_64_bits_do_not_hold_is_judged_exactly() -> None:
    wide = [Decimal("99999999999999999999999999.99"), Decimal(-4611686018427387905), Decimal("0.01")]
    frame = pl.DataFrame({"income": wide}, schema={"income": pl.Decimal(38, 2)})
    engine = world.engine(world.version("A", "income > 0", amount="income"))
    found = totals(frame, engine, world.DAY)
    assert found.measures == totals(frame, engine, world.DAY, engine="exact").measures[:0] + found.measures
    assert (found.measures[0].amount, found.rejudged) == (Decimal("100000000000000000000000000.00"), 2)


def csv(folder: Path, text: str) -> Path:
    path = folder / "facts.CSV"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_csv_file_says_the_same_as_its_frame(tmp_path: Path) -> None:
    lines = ["subject,staff,colour,income,colours,debt,debt__absent,founded,trade,share,open"]
    lines += [
        "a,2,red,100.1,red;blue,5,false,2012-02-29,6510,0.5,1",
        "b,3,blue,33.37,,,true,,,0,否",
        "c,,,5,,,,2016-02-29,,1,",
    ]
    path = csv(tmp_path, "\n".join(lines) + "\n")
    assert problems(path) == []
    assert [f["subject"].to_list() for f in Snapshot(path, PACK, size=2).partitions(same)] == [["a", "b"], ["c"]]
    assert [f["subject"].to_list() for f in Snapshot(path, PACK, size=2).partitions(same, 1)] == [["c"]]
    assert [f["subject"].to_list() for f in Snapshot(path, PACK, size=3).partitions(same)] == [["a", "b", "c"]]
    (frame,) = Snapshot(path, PACK).partitions(same)
    one = totals(path, PACK, world.DAY)
    assert one.measures == totals(frame, PACK, world.DAY).measures
    assert one.measures[0].amount == Decimal("5.01")


def test_cells_of_a_csv_file_that_are_no_values_are_counted(tmp_path: Path) -> None:
    lines = [
        "subject,staff,income,founded,open",
        "a,2.5,1234567890123456,2012-02-30,maybe",
        "b,x,1e5,30/01/2012,YES",
        "c,3,1,2012-01-01,true",
    ]
    assert problems(csv(tmp_path, "\n".join(lines))) == [
        "staff: 2 rows: not a whole number",
        "income: 2 rows: not a number of up to 15 digits",
        "founded: 2 rows: no day such as 2015-06-08",
        "open: 2 rows: neither true nor false",
    ]
    assert problems(csv(tmp_path, "subject,hires\na,1\n")) == [
        "hires: a column of lists of structs is expected for rows, not String"
    ]


def test_labels_stand_for_their_codes_and_rows_for_what_they_have() -> None:
    assert population.frame(PACK, [{}]).height == 1
    table = pa.table({"colour": pa.array(["red"]).dictionary_encode()})
    assert totals(table, PACK, world.DAY, measures=["A"]).subjects == 1
