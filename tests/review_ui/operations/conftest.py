import pytest
from django.test import Client

from tests import make
from tests.review_ui.payer.conftest import _static, as_, now, people

__all__ = ["_static", "now", "people"]


@pytest.fixture
def operator(people: make.Cast) -> Client:
    """Somebody who repairs, with the Chinese pages."""
    del people
    return as_(make.officer("ops", "operator", place=None))
