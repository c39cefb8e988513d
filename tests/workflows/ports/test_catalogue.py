import logging
from pathlib import Path

import pytest

from workflows.errors import PortUnknown
from workflows.ports import catalogue
from workflows.ports.notifier import Notification
from workflows.ports.registry import Registry


class TestGet:
    def test_names_what_there_is(self) -> None:
        assert catalogue.names("register") == ("csv", "simulator")
        assert catalogue.names("bank_format") == ("csv_utf8", "gb18030_pipe")
        assert catalogue.names("nothing") == ()

    def test_refuses_an_unknown_name_and_lists_the_known(self) -> None:
        with pytest.raises(PortUnknown) as refused:
            catalogue.get("scanner", "norton")

        assert refused.value.known == ("clamav", "embedded")

    def test_makes_a_bank_with_a_book(self, tmp_path: Path) -> None:
        bank = catalogue.get("bank", "simulator", {"book": str(tmp_path / "book"), "mode": "slow"})

        assert bank.query("SYBZ-2026-004718-3-202608-1") is None


class TestRegistry:
    def test_never_lets_a_name_be_taken_over(self) -> None:
        registry = Registry("word", {"a": lambda _options: "A"})
        registry.add("b", lambda options: options.get("x", "B"))

        assert registry.get("b", {"x": "C"}) == "C"
        with pytest.raises(ValueError, match="a"):
            registry.add("a", lambda _options: "Z")


class TestLogNotifier:
    def test_writes_ids_only(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO)

        catalogue.get("notifier", "log").notify(Notification("k1", "claim_returned", 7, "42"))

        (record,) = caplog.records
        assert record.getMessage() == "notified"
        assert record.__dict__["user_id"] == 7
        assert record.__dict__["template"] == "claim_returned"
