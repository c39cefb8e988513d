"""The reference page names everything that is read and everything that is refused."""

import re
from pathlib import Path

from engine.kernel.lint.support import ATTRIBUTES, EXTENSIONS, REFUSED

PAGE = (Path(__file__).parents[4] / "docs" / "reference" / "bpmn.md").read_text()
# Listed in the allow-list only so that they are reported once.
REPORTED = {
    "zeebe:executionListeners",
    "zeebe:taskListeners",
    "zeebe:linkedResources",
    "zeebe:userTaskForm",
    "zeebe:agentDefinition",
    "zeebe:jobPriorityDefinition",
}


class TestReferencePage:
    def test_lists_what_is_refused(self) -> None:
        assert set(re.findall(r"`(unsupported\.[a-z_]+)`", PAGE)) == set(REFUSED)

    def test_lists_the_extensions(self) -> None:
        chapter = PAGE.partition("## Extension elements")[2].partition("## Not executed")[0]
        named = set(re.findall(r"((?:zeebe|shenling):\w+)", chapter))

        templates = {name for name in ATTRIBUTES if "modelerTemplate" in name}
        assert named == (set(EXTENSIONS) - REPORTED) | (set(ATTRIBUTES) - templates)
