"""Walking over tokens: looking, stepping, expecting, and counting what the tree may cost."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import NoReturn, TypeVar

from engine.feel.errors import FeelBudgetExceeded
from engine.feel.names import KEYWORDS, Scope
from engine.feel.syntax import Node
from engine.feel.tokens import Token, error, tokenise

DEFAULT_LIMIT = 2_000
HIGHEST_LIMIT = 20_000
MAX_DEPTH = 30
COMPARISONS = ("=", "!=", "<", "<=", ">", ">=")
_CHARACTERS_PER_NODE = 2_000 / 300
_SIGNS = frozenset(["+", "-", "*", "/", ".", "'", "**"])

N = TypeVar("N", bound=Node)
T = TypeVar("T")


class Cursor:
    """The position in the token list, the names in scope and the budget that is left."""

    def __init__(self, source: str, names: Iterable[str], limit: int) -> None:
        limit = min(limit, HIGHEST_LIMIT)
        if len(source) > limit:
            raise FeelBudgetExceeded("source")
        self.source = source
        self.tokens = tokenise(source)
        self.index = 0
        self.token = self.tokens[0]
        self.scope = Scope(names)
        self.depth = 0
        self.nodes_left = int(limit / _CHARACTERS_PER_NODE)

    def whole(self, rule: Callable[[], T]) -> T:
        tree = rule()
        if self.token.kind != "end":
            self.fail()
        return tree

    def nested(self, rule: Callable[[], T]) -> T:
        """The rule one bracket deeper."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise FeelBudgetExceeded("depth")
        tree = rule()
        self.depth -= 1
        return tree

    def node(self, node: N) -> N:
        self.nodes_left -= 1
        if self.nodes_left < 0:
            raise FeelBudgetExceeded("nodes")
        return node

    def fail(self, expected: str = "") -> NoReturn:
        found = self.token.text or "the end"
        message = f"unexpected {found}" + (f", expected {expected}" if expected else "")
        raise error(self.source, self.token.start, "syntax", message)

    def step(self) -> Token:
        token = self.token
        self.move(self.index + 1)
        return token

    def move(self, index: int) -> None:
        self.index = min(index, len(self.tokens) - 1)
        self.token = self.tokens[self.index]

    def ahead(self, count: int = 1) -> Token:
        return self.tokens[min(self.index + count, len(self.tokens) - 1)]

    def at_symbol(self, *symbols: str) -> bool:
        return self.token.kind == "symbol" and self.token.text in symbols

    def at_word(self, *words: str) -> bool:
        return self.token.kind == "name" and self.token.text in words

    def accept(self, symbol: str) -> bool:
        if self.at_symbol(symbol):
            self.step()
            return True
        return False

    def expect(self, symbol: str) -> Token:
        if not self.at_symbol(symbol):
            self.fail(symbol)
        return self.step()

    def expect_word(self, word: str) -> None:
        if not self.at_word(word):
            self.fail(word)
        self.step()

    # -- names -------------------------------------------------------------------------------

    def known_name(self) -> str | None:
        """Step over the longest name in scope that is more than one identifier."""
        found = self.scope.longest(self.source, self.token.start)
        if found is None:
            return None
        name, end = found
        index = self.index
        while self.tokens[index].start < end:
            index += 1
        # A name that ends inside a token ("a-1" in "a-12") is not the one that stands there.
        if self.tokens[index - 1].end != end:
            return None
        self.move(index)
        return name

    def name(self) -> str:
        """A name to read: the longest known one, else all words up to the next symbol."""
        known = self.known_name()
        return self.joined_words() if known is None else known

    def joined_words(self, *, any_first: bool = False) -> str:
        if self.token.kind == "backtick":
            return " ".join(self.step().text[1:-1].split())
        if self.token.kind != "name" or (self.is_keyword() and not any_first):
            self.fail("a name")
        words = [self.step().text]
        while self.token.kind == "name" and not self.is_keyword():
            words.append(self.step().text)
        return " ".join(words)

    def is_keyword(self) -> bool:
        text = self.token.text
        return text in KEYWORDS or (text == "instance" and self.ahead().text == "of")

    def name_before(self, symbol: str) -> str | None:
        """Step over a name of any words and signs if `symbol` follows it; else stay.

        The keys of contexts and the names of arguments stand before a colon, where nothing else
        can stand: they need not be known.
        """
        index = self.index
        while self._may_name(self.tokens[index]) and (
            index == self.index or self.tokens[index].text != symbol
        ):
            index += 1
        last = self.tokens[index]
        if index == self.index or last.text != symbol:
            return None
        name = self.source[self.token.start : last.start]
        self.move(index)
        return " ".join(name.split())

    @staticmethod
    def _may_name(token: Token) -> bool:
        return token.kind in ("name", "number") or token.text in _SIGNS
