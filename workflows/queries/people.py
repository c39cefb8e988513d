"""Names of people for readers."""

from collections.abc import Collection

from workflows.accounts.models import User


def display_name(user_id: int | None) -> str:
    """How a person is called; empty for the system and for unknown ids."""
    return display_names({user_id} if user_id is not None else ()).get(user_id or 0, "")


def display_names(ids: Collection[int]) -> dict[int, str]:
    """Ids with names, in one read."""
    return {user.pk: user.get_full_name() for user in User.objects.filter(pk__in=ids)}
