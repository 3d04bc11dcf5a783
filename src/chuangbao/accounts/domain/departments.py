"""Which department (主管部门) an agency is, read from its name; an administrator has the last word."""

from __future__ import annotations

import re

from chuangbao.core.engine.current import current_pack

__all__ = ["department_of"]

CALLED = {
    "tax": ("税务",), "finance": ("财政",), "science": ("科学技术", "科技"),
    "labour": ("人力资源和社会保障", "人力资源社会保障", "人社"), "education": ("教育",),
    "industry": ("工业和信息化", "工信"), "bank": ("人民银行",), "market": ("市场监督管理", "市场监管"),
    "general_office": ("人民政府办公厅", "人民政府办公室", "政府办公厅", "政府办公室", "政府办"),
}  # fmt: skip
END = r"(?:部门|委员会|局|厅|委|办)?$"
ASIDE = re.compile(r"[\s（(].*$")


def department_of(name: str) -> str:
    """The code of the department that the name of an agency ends in; empty where it says none of the pack's list."""
    listed = current_pack().codes.get("department")
    called = ASIDE.sub("", name.strip())
    found = [
        (len(word), code)
        for code in (listed.by_code if listed else ())
        for word in CALLED.get(code, ())
        if re.search(word + END, called)
    ]
    return max(found)[1] if found else ""
