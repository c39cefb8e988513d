from tests.review_ui.payer.conftest import _static, now, people

__all__ = ["_static", "now", "people"]
