"""The hands of somebody who draws: places on the canvas, the palette, the panel, the lint."""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

# Where a point of the drawing is on the screen at this moment.
ON_SCREEN = """([x, y]) => {
  const canvas = window.shenlingStudio.modeler.get('canvas');
  const box = canvas.getContainer().getBoundingClientRect();
  const view = canvas.viewbox();
  return [box.x + (x - view.x) * view.scale, box.y + (y - view.y) * view.scale];
}"""
# The middle of a flow's first stretch.
MIDDLE = """(id) => {
  const [a, b] = window.shenlingStudio.modeler.get('elementRegistry').get(id).waypoints;
  return [(a.x + b.x) / 2, (a.y + b.y) / 2];
}"""
# Bring a place of the large drawing near, as it was drawn.
NEAR = """([x, y]) => {
  const canvas = window.shenlingStudio.modeler.get('canvas');
  canvas.zoom(1);
  const { width, height } = canvas.viewbox();
  canvas.viewbox({ x: x - width / 2, y: y - height / 2, width, height });
}"""


@dataclass(frozen=True, slots=True)
class Canvas:
    """The editor of one diagram, open on a page."""

    page: Page

    def come_near(self, flow: str) -> None:
        """Bring the middle of a flow to the middle of the canvas, as large as it was drawn."""
        self.page.evaluate(NEAR, self.page.evaluate(MIDDLE, flow))

    def make_room(self, flow: str, width: int) -> None:
        """Push everything behind the middle of a flow to the right."""
        x, y = self.middle(flow)
        self.take("space-tool")
        self.page.mouse.move(x, y - 90, steps=4)
        self.page.mouse.down()
        self.page.mouse.move(x + width, y - 90, steps=8)
        self.page.mouse.up()

    def insert_task(self, flow: str) -> None:
        """Take a task from the palette and drop it on a flow."""
        x, y = self.middle(flow)
        self.take("create.task")
        self.page.mouse.move(x - 40, y - 30, steps=4)
        self.page.mouse.move(x, y, steps=8)
        self.page.mouse.down()
        self.page.mouse.up()

    def take(self, tool: str) -> None:
        self.page.locator(f".djs-palette [data-action='{tool}']").click()

    def middle(self, flow: str) -> tuple[float, float]:
        """Where a flow is on the screen."""
        x, y = self.page.evaluate(ON_SCREEN, self.page.evaluate(MIDDLE, flow))
        return x, y

    def cut(self, flow: str) -> None:
        """Click a flow and delete it."""
        self.page.mouse.click(*self.middle(flow))
        self.page.keyboard.press("Delete")

    def write(self, name: str) -> None:
        """Type into the shape that was just drawn."""
        box = self.page.locator(".djs-direct-editing-content")
        expect(box).to_be_focused()
        self.page.keyboard.type(name)
        self.page.keyboard.press("Enter")

    def change_to(self, kind: str) -> None:
        """The change menu of what is selected."""
        self.page.locator(".djs-context-pad [data-action='replace']").click()
        self.page.locator(f".djs-popup [data-id='{kind}']").click()

    def pick(self, element: str) -> None:
        """Click a shape."""
        self.page.locator(f".djs-shape[data-element-id='{element}'] > .djs-hit").first.click()

    def panel(self, entry: str) -> Locator:
        """A line of the panel; its group is opened first."""
        line = self.page.locator(f"[data-entry-id='{entry}']")
        if not line.is_visible():
            group = self.page.locator(".bio-properties-panel-group").filter(has=line)
            group.locator(".bio-properties-panel-group-header").first.click()
        return line

    def fill(self, entry: str, text: str) -> None:
        """Type into a line of the panel and leave it."""
        field = self.panel(entry).locator("input, textarea")
        field.fill(text)
        field.blur()

    def undo(self) -> None:
        self.page.locator("[data-studio-undo]").click()

    def lint_says(self, errors: int) -> None:
        """The server has looked at the drawing as it is, and counts so many errors."""
        summary = self.page.locator("[data-lint-summary]")
        expect(summary).to_have_text(re.compile(rf"^{errors}个错误，\d+个提醒$"), timeout=15_000)

    def finding(self, name: str) -> Locator:
        """What is said about a step."""
        return self.page.locator("[data-lint-list] li").filter(has_text=name)

    def save(self) -> None:
        self.page.locator("[data-studio-save]").click()
        expect(self.page.locator("[data-studio-status]")).to_contain_text("已保存")
