"""The person at the screen proves again who they are, before an act that cannot be taken back."""

from django.contrib.auth import authenticate
from django.http import HttpRequest


def is_own_password(request: HttpRequest, password: str) -> bool:
    """Whether this is the password of whoever is signed in; wrong ones count as failed log-ins."""
    user = request.user
    if not password or not user.is_authenticated:
        return False
    found = authenticate(request, username=user.get_username(), password=password)
    return found is not None and found.pk == user.pk
