"""Implementations of one port by name."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final, Generic, TypeVar

from workflows.errors import PortUnknown

Options = Mapping[str, str]
NO_OPTIONS: Final[Options] = MappingProxyType({})
T = TypeVar("T")


class Registry(Generic[T]):
    """Factories of one kind of port; options are text, as settings and packages hold them."""

    def __init__(self, kind: str, factories: Mapping[str, Callable[[Options], T]]) -> None:
        self.kind = kind
        self._factories = dict(factories)

    def names(self) -> tuple[str, ...]:
        """All names, in order; what a settings page offers."""
        return tuple(sorted(self._factories))

    def add(self, name: str, factory: Callable[[Options], T]) -> None:
        """Offer one more implementation; a name is never taken over."""
        if name in self._factories:
            raise ValueError(name)
        self._factories[name] = factory

    def get(self, name: str, options: Options = NO_OPTIONS) -> T:
        """A fresh implementation of that name.

        Raises:
            PortUnknown: nothing has the name.
        """
        factory = self._factories.get(name)
        if factory is None:
            raise PortUnknown(self.kind, name, self._factories)
        return factory(options)


def required(options: Options, name: str, *, kind: str) -> str:
    """The option, which may not be left out."""
    value = options.get(name, "")
    if not value:
        raise PortUnknown(kind, f"option {name} missing", options)
    return value
