"""In a real Chromium: a page that cannot be reached is answered by the page that was kept."""

from __future__ import annotations

from browser.window import IN_A_BROWSER, PATIENCE

pytestmark = IN_A_BROWSER


def test_without_a_network_the_kept_page_says_so(browser, site):
    page = browser.new_context(locale="zh-CN").new_page()
    page.set_default_timeout(PATIENCE)
    page.goto(f"{site}/")
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.reload()  # from here on the worker answers for this window
    page.context.set_offline(True)
    page.goto(f"{site}/policies/")
    assert "连不上" in page.locator("main").inner_text()
    page.context.set_offline(False)
    page.goto(f"{site}/policies/")
    assert page.locator("h1").inner_text() == "政策库"
