"""Who is at the screen; they prove it again before an act that cannot be taken back."""

from django.contrib.auth import authenticate
from django.http import HttpRequest

from workflows.accounts.models import User
from workflows.errors import NotFound


def is_own_password(request: HttpRequest, password: str) -> bool:
    """Whether this is the password of whoever is signed in; wrong ones count as failed log-ins."""
    user = request.user
    if not password or not user.is_authenticated:
        return False
    found = authenticate(request, username=user.get_username(), password=password)
    return found is not None and found.pk == user.pk


def person(request: HttpRequest) -> User:
    """Whoever is signed in; `roles_required` let nobody else in."""
    if not isinstance(request.user, User):
        raise NotFound
    return request.user
