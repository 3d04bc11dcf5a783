"""Where things lie; read before Django's settings, because the database must run first."""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["DATA_DIR", "NODE_MODULES", "PACK_DIR", "ROOT"]

ROOT = Path(__file__).resolve().parents[3]
DATA_DIR = Path(os.environ.get("CHUANGBAO_DATA", ROOT / "var"))
PACK_DIR = Path(os.environ.get("CHUANGBAO_PACK", ROOT / "packs" / "jilin"))
NODE_MODULES = Path(os.environ.get("CHUANGBAO_NODE_MODULES", ROOT / "node_modules"))
