"""The examples of docs/rules.md run, in the order in which a reader meets them."""

from __future__ import annotations

import re
from pathlib import Path

from chuangbao.rules.packcheck import check_pack

PAGE = (Path(__file__).parents[2] / "docs" / "rules.md").read_text("utf-8")


def test_the_tutorial_runs(tmp_path):
    for text in re.findall(r"```yaml\n# file: (.*?)```", PAGE, re.DOTALL):
        name, _, content = text.partition("\n")
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, "utf-8")
    names = {"folder": tmp_path}
    blocks = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(blocks) == 5
    for block in blocks:
        exec(block, names)  # noqa: S102 - our own page
    assert check_pack(tmp_path).errors == ()
