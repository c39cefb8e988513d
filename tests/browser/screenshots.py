"""`python -m tests.browser.screenshots [folder]`: every page as a picture.

Also renews the two pictures of the README (docs/pictures).
"""

import sys
from pathlib import Path

from tests.browser.chromium import browser, demo_office
from tests.browser.stops import STOPS
from tests.browser.tour import DESKTOP, LANGUAGES, PHONE, Visitor, walk

README_PICTURES = Path(__file__).resolve().parents[2] / "docs" / "pictures"


def main(folder: Path) -> None:
    """Fill a demo, walk through it at two widths and in both languages."""
    folder.mkdir(parents=True, exist_ok=True)
    README_PICTURES.mkdir(parents=True, exist_ok=True)
    with demo_office(claims=60, scenes=True) as office, browser() as chromium:
        for language in LANGUAGES:
            for width in (DESKTOP, PHONE):
                visitor = Visitor(chromium, office.url, width=width, language=language)
                for stop, status in walk(visitor, office.places):
                    target = folder / f"{stop.name}-{language}-{width}.png"
                    visitor.page.screenshot(path=target, full_page=True)
                    print(status, target)  # noqa: T201 - the command's output
                visitor.close()
    # The scenes move the clock, which would show a queue that is late.
    with demo_office(claims=60) as office, browser() as chromium:
        _readme(Visitor(chromium, office.url, width=DESKTOP, language="zh-hans"))


def _readme(visitor: Visitor) -> None:
    stops = {stop.name: stop for stop in STOPS}
    visitor.become("shenhe")
    visitor.visit(stops["desk"])
    visitor.page.screenshot(path=README_PICTURES / "desk.png")
    visitor.page.goto(
        str(visitor.page.locator("a[href*='diagram']").first.evaluate("a => a.href"))
    )
    visitor.page.wait_for_load_state("networkidle")
    visitor.page.wait_for_timeout(500)
    visitor.page.screenshot(path=README_PICTURES / "diagram.png")
    visitor.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path("var/screenshots"))
