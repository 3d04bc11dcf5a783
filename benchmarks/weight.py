"""What a first visit weighs and how long it takes on a thin line: bytes as sent, requests, and seconds at 1 Mbit/s.

Start a demonstration (``chuangbao up --port 8000``), then ``python benchmarks/weight.py http://127.0.0.1:8000``. Each
page is opened in a browser of its own that has nothing kept, 360 pixels wide; Chromium thins the line (1 Mbit/s each
way, 40 ms). ``PLAYWRIGHT_CHROMIUM`` names another browser.
"""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from playwright.sync_api import Browser, Page, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable

MEGABIT, DELAY = 1_000_000 / 8, 40
PHONE = {"width": 360, "height": 780}
AIM_BYTES, AIM_SECONDS, AIM_HEADER = 300_000, 2.0, 120
LOCALES = {"zh": "zh-CN", "en": "en-GB"}


@dataclass
class Weight:
    """What one page took: bytes by kind of file, requests, milliseconds until it could be read and was there."""

    kinds: dict[str, int] = field(default_factory=dict)
    requests: int = 0
    readable: float = 0
    loaded: float = 0

    @property
    def total(self) -> int:
        """Bytes as they came over the line, heads included."""
        return sum(self.kinds.values())


def main() -> None:
    """Print the table."""
    base = sys.argv[1].rstrip("/")
    with sync_playwright() as play:
        path = os.environ.get("PLAYWRIGHT_CHROMIUM", "/usr/bin/chromium-headless-shell")
        browser = play.chromium.launch(executable_path=path, args=["--no-sandbox"])
        print("| page | kB | of it styles | scripts | requests | readable after | loaded after | header zh / en |")
        print("|---|---:|---:|---:|---:|---:|---:|---:|")
        for name, find in PAGES.items():
            address = find(browser, base)
            print(row_of(name, weigh(browser, address), [header_of(browser, address, code) for code in LOCALES]))
        browser.close()


def row_of(name: str, weight: Weight, headers: list[int]) -> str:
    """One row; what is over its aim is bold."""
    kilobytes = mark(weight.total / 1000, over=weight.total > AIM_BYTES, places=0)
    seconds = mark(weight.loaded / 1000, over=weight.loaded / 1000 > AIM_SECONDS, places=1)
    styles, scripts = (f"{weight.kinds.get(kind, 0) / 1000:.0f}" for kind in ("Stylesheet", "Script"))
    heights = " / ".join(mark(height, over=height > AIM_HEADER, places=0) for height in headers)
    readable = f"{weight.readable / 1000:.1f} s"
    return f"| {name} | {kilobytes} | {styles} | {scripts} | {weight.requests} | {readable} | {seconds} s | {heights} |"


def mark(figure: float, *, over: bool, places: int) -> str:
    """A figure, bold where it is over its aim."""
    return f"**{figure:.{places}f}**" if over else f"{figure:.{places}f}"


def weigh(browser: Browser, address: str) -> Weight:
    """Open a page as a first visitor does, on a thin line, and add up what came."""
    context = browser.new_context(viewport=PHONE, locale=LOCALES["zh"])
    page = context.new_page()
    line, weight = context.new_cdp_session(page), Weight()
    kinds: dict[str, str] = {}
    line.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))

    def add(event: dict[str, object]) -> None:
        kind = kinds.get(str(event["requestId"]), "Other")
        weight.kinds[kind] = weight.kinds.get(kind, 0) + int(str(event["encodedDataLength"]).split(".")[0])
        weight.requests += 1

    line.on("Network.loadingFinished", add)
    line.send("Network.enable")
    thin = {"offline": False, "latency": DELAY, "downloadThroughput": MEGABIT, "uploadThroughput": MEGABIT}
    line.send("Network.emulateNetworkConditions", thin)
    page.goto(address, wait_until="load")
    page.wait_for_load_state("networkidle")
    times = page.evaluate("performance.getEntriesByType('navigation')[0].toJSON()")
    paint = page.evaluate("(performance.getEntriesByName('first-contentful-paint')[0] || {}).startTime || 0")
    weight.readable, weight.loaded = float(paint), float(times["loadEventEnd"])
    context.close()
    return weight


def header_of(browser: Browser, address: str, code: str) -> int:
    """The height of the header on a phone, in pixels."""
    context = browser.new_context(viewport=PHONE, locale=LOCALES[code])
    page = context.new_page()
    page.goto(address)
    height = page.evaluate("document.querySelector('header').getBoundingClientRect().height")
    context.close()
    return round(height)


# ---- the pages


def at(path: str) -> Callable[[Browser, str], str]:
    """A page with an address of its own."""
    return lambda _browser, base: base + path


def after(path: str, *steps: Callable[[Page], None]) -> Callable[[Browser, str], str]:
    """A page that is reached by some steps, opened again by a first visitor at its address."""

    def find(browser: Browser, base: str) -> str:
        page = browser.new_context(locale=LOCALES["zh"]).new_page()
        page.goto(base + path)
        for step in steps:
            step(page)
        return page.url

    return find


def begin(page: Page) -> None:
    """Begin a check-up as the owner of a company."""
    page.check("input[name=who][value=company]")
    page.check("input[name=want][value=none]")
    page.locator("form:has([name=who]) button[type=submit]").last.click()


def answer_pages(page: Page) -> None:
    """Answer the pages of life with what is not known, as far as the result."""
    life = page.locator("form:has(input[name=page])")
    while life.count():
        for name in {box.get_attribute("name") for box in life.locator("input[type=radio]").all()}:
            life.locator(f"input[type=radio][name={name}]").last.check()
        for box in life.locator("input[type=checkbox][value=none]").all():
            box.check()
        for box in life.locator("input[type=text]").all():
            box.fill("8")
        for box in life.locator("input[type=date]").all():
            box.fill("2023-09-01")
        life.locator("button[type=submit]").first.click()


def follow(pattern: str) -> Callable[[Page], None]:
    """Open the first link whose address fits."""

    def step(page: Page) -> None:
        links = [link.get_attribute("href") or "" for link in page.locator("main a").all()]
        page.goto(page.evaluate("location.origin") + next(link for link in links if re.fullmatch(pattern, link)))

    return step


PAGES = {
    "home": at("/"),
    "check-up, first page": at("/checkup/"),
    "check-up, a question": after("/checkup/", begin),
    "check-up, the result": after("/checkup/", begin, answer_pages),
    "a measure": at("/policies/measures/2.6.3-small-profit/"),
    "policy library": at("/policies/"),
    "a document": after("/policies/?kind=document", follow(r"/policies/documents/[^/]+/")),
    "map of the province": at("/map/"),
    "spaces, with their map": at("/spaces/"),
    "booking search": at("/booking/"),
}

if __name__ == "__main__":
    main()
