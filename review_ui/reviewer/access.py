"""Who comes in here, and how the signed-in person is read."""

from django.http import HttpRequest

from review_ui.pages.office import WORKERS
from workflows.accounts.models import User
from workflows.errors import NotFound

WORK = tuple(sorted(WORKERS))
READ = (*WORK, "auditor")
OFFICERS = (*READ, "operator", "process_author", "process_publisher")


def person(request: HttpRequest) -> User:
    """Whoever is signed in; `roles_required` let nobody else in."""
    if not isinstance(request.user, User):
        raise NotFound
    return request.user
