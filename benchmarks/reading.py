"""How many ordinary documents are read in a minute on two cores, and how long the first takes with its process.

``PYTHONPATH=src python benchmarks/reading.py [DOCUMENTS]``. The documents are made here from three shapes (a notice
with clauses, measures with articles, a guide with a table) in four formats. Beside the clock the processor's time is
printed, which does not depend on what else the machine does.
"""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import perf_counter, process_time

import django

COUNT = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
CORES = 2
FORMATS = ("docx", "pdf", "html", "txt")


def make_notice(n: int) -> list[str]:
    """A notice with clauses and sums."""
    clauses = [
        f"（{'一二三四五'[i % 5]}）第{n}类第{i}项支持。对符合条件的企业，"
        f"按实际支出的{10 + i}%给予补助，最高不超过{i + 5}万元。"
        for i in range(25)
    ]
    head = [f"某省科技厅关于做好第{n}批申报工作的通知", f"某科发〔2024〕{n}号", "各市（州）科技局，各有关单位："]
    return [
        *head,
        "根据《某省条例》（某发〔2020〕3号），现将有关事项通知如下：",
        "一、支持内容",
        *clauses,
        "某省科技厅",
        "2024年3月1日",
    ]


def make_measures(n: int) -> list[str]:
    """Measures with chapters and articles."""
    articles = [
        f"第{i}条　申请人应当于每年{1 + i % 12}月底前提交材料，不满{i + 1}年的不予受理；"
        f"主管部门应当在{i + 5}个工作日内办结。"
        for i in range(1, 41)
    ]
    return [f"某市第{n}号创业补贴管理办法", "第一章　总则", *articles[:10], "第二章　补贴", *articles[10:]]


def make_guide(n: int) -> list[str]:
    """A guide with a table; its rows have cells parted by tabs."""
    rows = [f"{i}\t第{i}类企业\t{i * 5}万元\t不超过{i}年" for i in range(1, 21)]
    return [
        f"某区第{n}批项目申报指南",
        "一、申报条件",
        "注册满1年、职工不少于5人的企业可以申报。",
        "二、标准",
        *rows,
        "三、时间",
        "申报截止时间为2024年9月30日。",
    ]


def write_document(lines: list[str], kind: str) -> bytes:
    """The lines as a file of a kind."""
    if kind == "txt":
        return "\n".join(lines).encode("gb18030")
    if kind == "html":
        inner = "".join(f"<p>{line}</p>" for line in lines)
        return f"<html><head><meta charset=utf-8></head><body><div>{inner}</div></body></html>".encode()
    if kind == "pdf":
        from chuangbao.core.exports.pdf import typeset

        return typeset('#set text(font: "Noto Sans SC")\n' + "\n\n".join(line.replace("\t", "  ") for line in lines))
    import docx

    document, out = docx.Document(), io.BytesIO()
    for line in lines:
        document.add_paragraph(line)
    document.save(out)
    return out.getvalue()


def make_files() -> list[tuple[str, bytes]]:
    """A few dozen files of every shape and kind; the reader knows nothing of one from another."""
    shapes = (make_notice, make_measures, make_guide)
    return [(kind, write_document(shape(n), kind)) for n in range(1, 6) for shape in shapes for kind in FORMATS]


def measure_alone(files: list[tuple[str, bytes]]) -> None:
    """Print the processor's time for a document of each kind, read in this process."""
    from chuangbao.gongwen.parse import parse_data

    taken: dict[str, list[float]] = defaultdict(list)
    for kind, data in files:
        began = process_time()
        parse_data(data, f"a.{kind}")
        taken[kind].append(process_time() - began)
    for kind, times in taken.items():
        print(f"| {kind} | {1000 * sum(times) / len(times):.0f} ms of processor time |")
    mean = sum(map(sum, taken.values())) / len(files)
    print(f"| all kinds, read in one process | {CORES * 60 / mean:.0f} documents a minute on {CORES} cores |")


def measure_apart(files: list[tuple[str, bytes]]) -> None:
    """Print what is read in a minute apart, two at a time, and how long the first takes with the process' start."""
    from chuangbao.core.storage.reading import IN_JOB, close, read_apart

    def read(n: int) -> None:
        kind, data = files[n % len(files)]
        read_apart("document", data, limits=IN_JOB, name=f"a.{kind}")

    began = perf_counter()
    read(0)
    first = perf_counter() - began
    began = perf_counter()
    read(1)
    print(f"| first document, process start included | {first:.2f} s, the next {perf_counter() - began:.2f} s |")
    began = perf_counter()
    with ThreadPoolExecutor(CORES) as pool:
        list(pool.map(read, range(COUNT)))
    took = perf_counter() - began
    close()
    print(
        f"| {COUNT} documents apart | {took:.0f} s, {60 * COUNT / took:.0f} a minute; load {os.getloadavg()[0]:.1f} |"
    )


def main() -> None:
    """Make the files, read them."""
    with tempfile.TemporaryDirectory(prefix="cb-bench-") as folder:
        Path(folder).chmod(0o755)
        os.environ["CHUANGBAO_DATA"] = folder
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "chuangbao.config.settings")
        django.setup()
        files = make_files()
        measure_alone(files)
        measure_apart(files)


if __name__ == "__main__":
    main()
