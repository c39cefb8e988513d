"""Who may log in. What somebody may do stands in role assignments, never here."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser
from django.db import models


class Users(BaseUserManager["User"]):
    """Makes accounts with a hashed password."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":  # noqa: ANN401 - columns of the model, as Django's own managers take them
        """An active account; without a password nobody can log in with it."""
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """An account. There is no superuser: nobody is above the rules about people."""

    class Kind(models.TextChoices):
        APPLICANT = "applicant"
        OFFICER = "officer"

    username = models.CharField(max_length=64, unique=True)
    display_name = models.CharField(max_length=70, blank=True)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.APPLICANT)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField(null=True)

    objects: ClassVar[Users] = Users()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = "user"

    def __str__(self) -> str:
        return self.username

    def get_full_name(self) -> str:
        """What colleagues call this person."""
        return self.display_name or self.username

    @property
    def is_officer(self) -> bool:
        return self.kind == self.Kind.OFFICER


# Whoever asks: pages hand on `request.user` as it is.
Visitor = User | AnonymousUser
