"""Work that takes longer than a page (后台任务)."""
