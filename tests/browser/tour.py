"""A walk through every page of the demo, role by role."""

from collections.abc import Iterator, Mapping

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from review_ui.demo.cast import PASSWORD
from tests.browser.stops import STOPS, Stop

PHONE, DESKTOP = 390, 1280
LANGUAGES = ("zh-hans", "en")
# Drawn by a script after the page has come.
DRAWN = "[data-bpmn-viewer], [data-bpmn-modeler], [data-dmn-viewer]"


def is_error(message: ConsoleMessage) -> bool:
    """Whether a script or a resource failed; a page that refuses is no such failure."""
    url, page = message.location["url"], message.page
    return message.type == "error" and not (page is not None and url == page.url)


class Visitor:
    """A browser at one width and in one language, who can become anybody of the demo."""

    def __init__(self, browser: Browser, base: str, *, width: int, language: str) -> None:
        self.base = base
        self.context: BrowserContext = browser.new_context(
            viewport={"width": width, "height": 900}
        )
        self.context.add_cookies([{"name": "django_language", "value": language, "url": base}])
        self.page: Page = self.context.new_page()
        self.errors: list[str] = []
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on(
            "console",
            lambda message: self.errors.append(message.text) if is_error(message) else None,
        )

    def become(self, user: str) -> None:
        """Switch roles with the banner; "applicant" is the first of the demo's applicants.

        Whom the banner does not list logs in.
        """
        self.page.goto(self.base + "/")
        choice = self.page.locator("#demo-role")
        values = choice.locator("option").evaluate_all("all => all.map(o => o.value)")
        if user == "applicant":
            user = next(value for value in values if value.startswith("demo"))
        if user not in values:
            self.log_in(user)
            return
        choice.select_option(user)
        with self.page.expect_navigation():
            self.page.locator("form[action$='/demo/role/'] button").click()

    def log_in(self, user: str) -> None:
        """The login page, with the one password of the demo."""
        self.page.goto(self.base + "/login/")
        self.page.locator("#id_username").fill(user)
        self.page.locator("#id_password").fill(PASSWORD)
        with self.page.expect_navigation():
            self.page.locator("#id_password").press("Enter")
        assert "/login/" not in self.page.url, user

    def visit(self, stop: Stop, places: Mapping[str, str] | None = None) -> int:
        """Open a stop; the HTTP status of the page that is then shown."""
        answer = self.page.goto(self.base + stop.path.format_map(places or {}))
        if stop.follow:
            target = self.page.locator(stop.follow).first.get_attribute("href")
            answer = self.page.goto(self.base + str(target))
        if stop.press:
            return self.press(stop.press)
        if self.page.locator(DRAWN).count():
            self.page.wait_for_load_state("networkidle")
        assert answer is not None
        return answer.status

    def press(self, button: str) -> int:
        """Send a form as it stands, unchecked by the browser; the status of what comes back."""
        pressed = self.page.locator(button).first
        pressed.evaluate("button => { button.form.noValidate = true }")
        with self.page.expect_navigation() as coming:
            pressed.click()
        answer = coming.value
        assert answer is not None
        return answer.status

    def close(self) -> None:
        self.context.close()


def walk(visitor: Visitor, places: Mapping[str, str]) -> Iterator[tuple[Stop, int]]:
    """Visit every stop in order; the page is open while the caller looks."""
    user = ""
    for stop in STOPS:
        wanted = stop.user.format_map(places)
        if wanted and wanted != user:
            visitor.become(wanted)
            user = wanted
        visitor.errors.clear()
        yield stop, visitor.visit(stop, places)
