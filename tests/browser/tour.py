"""Every page of the demo as somebody walks through it, role by role."""

from collections.abc import Iterator
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Page

PHONE, DESKTOP = 390, 1280
LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True, slots=True)
class Stop:
    """A page: who opens it, where it is; `follow` opens the first link of that kind there."""

    name: str
    path: str
    user: str = ""
    follow: str = ""


STOPS = (
    Stop("home", "/"),
    Stop("offices", "/offices/"),
    Stop("privacy", "/privacy/"),
    Stop("login", "/login/"),
    Stop("register", "/register/"),
    Stop("my-claims", "/claims/", "applicant"),
    Stop("claim", "/claims/", "applicant", "main a[href^='/claims/']"),
    Stop("my-work", "/work/", "hedui"),
    Stop("queue", "/work/queue/", "hedui"),
    Stop("desk", "/work/queue/", "shenhe", "main table tbody a"),
    Stop("search", "/work/search/", "shenhe"),
    Stop("done", "/work/done/", "shenhe"),
    Stop("batches", "/payments/", "zhidan"),
    Stop("batch", "/payments/", "zhidan", "main table tbody a"),
    Stop("studio", "/studio/", "liucheng"),
    Stop("version", "/studio/", "liucheng", "main table tbody a"),
    Stop("incidents", "/operations/", "yunwei"),
    Stop("jobs", "/operations/work/", "yunwei"),
)


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
            lambda message: self.errors.append(message.text) if message.type == "error" else None,
        )

    def become(self, user: str) -> None:
        """Switch roles with the banner; "applicant" is the first of the demo's applicants."""
        self.page.goto(self.base + "/")
        choice = self.page.locator("#demo-role")
        if user == "applicant":
            values = choice.locator("option").evaluate_all("all => all.map(o => o.value)")
            user = next(value for value in values if value.startswith("demo"))
        choice.select_option(user)
        with self.page.expect_navigation():
            self.page.locator("form[action$='/demo/role/'] button").click()
        self.page.wait_for_load_state("networkidle")

    def visit(self, stop: Stop) -> int:
        """Open a stop; the HTTP status of the page that is then shown."""
        answer = self.page.goto(self.base + stop.path)
        if stop.follow:
            target = self.page.locator(stop.follow).first.get_attribute("href")
            answer = self.page.goto(self.base + str(target))
        self.page.wait_for_load_state("networkidle")
        assert answer is not None
        return answer.status

    def close(self) -> None:
        self.context.close()


def walk(visitor: Visitor) -> Iterator[tuple[Stop, int]]:
    """Visit every stop in order; the page is open while the caller looks."""
    user = ""
    for stop in STOPS:
        if stop.user and stop.user != user:
            visitor.become(stop.user)
            user = stop.user
        visitor.errors.clear()
        yield stop, visitor.visit(stop)
