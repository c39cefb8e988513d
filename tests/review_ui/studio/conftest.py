from tests.review_ui.payer.conftest import _addresses, now, people

__all__ = ["_addresses", "now", "people"]
