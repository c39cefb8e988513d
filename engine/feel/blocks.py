"""The parts of the grammar that start with a word or a bracket of their own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from decimal import Decimal

from engine.feel import syntax
from engine.feel.cursor import Cursor
from engine.feel.literals import parse_at_literal
from engine.feel.signatures import Type
from engine.feel.syntax import Node
from engine.feel.tokens import error, unquote
from engine.feel.values import DECIMAL, FeelValue

_CONSTANTS = {"true": True, "false": False, "null": None}


class Blocks(Cursor, ABC):
    closes_interval = False

    @abstractmethod
    def expression(self) -> Node: ...

    @abstractmethod
    def sum(self) -> Node: ...

    # -- values ------------------------------------------------------------------------------

    def primary(self) -> Node:
        kind = self.token.kind
        if self.at_symbol("-") and self.ahead().kind == "number":
            return self._negative_number()
        if kind == "symbol":
            return self._bracketed()
        return self._literal() if kind in ("number", "string", "at") else self._word()

    def _negative_number(self) -> Node:
        at = self.step().start
        number = self._number(self.step().text)
        value = None if number is None else DECIMAL.minus(number)
        return self.node(syntax.Literal(at, value))

    def _literal(self) -> Node:
        token = self.step()
        value: FeelValue
        if token.kind == "number":
            value = self._number(token.text)
        else:
            value = unquote(self.source, token)
            if token.kind == "at":
                value = parse_at_literal(value)
        return self.node(syntax.Literal(token.start, value))

    def _number(self, text: str) -> Decimal | None:
        try:
            return DECIMAL.create_decimal(text)
        except ArithmeticError:
            return None

    def _word(self) -> Node:
        at = self.token.start
        known = self.known_name()
        if known is not None:
            return self.node(syntax.Name(at, known))
        if self.at_word(*_CONSTANTS):
            return self.node(syntax.Literal(at, _CONSTANTS[self.step().text]))
        rules = {
            "if": self._if,
            "for": self._for,
            "some": self._quantified,
            "every": self._quantified,
            "function": self._lambda,
        }
        if self.at_word(*rules):
            return rules[self.token.text]()
        return self.node(syntax.Name(at, self.joined_words()))

    def _bracketed(self) -> Node:
        if self.at_symbol("{"):
            return self._context()
        if self.at_symbol("["):
            return self._list()
        if self.at_symbol("("):
            return self._parentheses()
        if self.at_symbol("]"):
            at = self.step().start
            return self.interval(at, self.inside(self.expression), low_closed=False)
        return self.fail("a value")

    def _parentheses(self) -> Node:
        at = self.expect("(").start
        inner = self.inside(self.expression)
        if self.at_symbol(".."):
            return self.interval(at, inner, low_closed=False)
        self.expect(")")
        return inner

    def _list(self) -> Node:
        at = self.expect("[").start
        items: list[Node] = []
        while not self.at_symbol("]"):
            items.append(self.inside(self.expression))
            if len(items) == 1 and self.at_symbol(".."):
                return self.interval(at, items[0], low_closed=True)
            if not self.accept(","):
                break
        self.expect("]")
        return self.node(syntax.ListOf(at, tuple(items)))

    def interval(self, at: int, low: Node, *, low_closed: bool) -> Node:
        self.expect("..")
        outer, self.closes_interval = self.closes_interval, True
        high = self.expression()
        self.closes_interval = outer
        if not self.at_symbol("]", ")", "["):
            self.fail("] or )")
        high_closed = self.step().text == "]"
        return self.node(syntax.Interval(at, low, high, low_closed, high_closed))

    def inside(self, rule: Callable[[], Node]) -> Node:
        """The rule inside brackets, where a `[` is a filter again."""
        outer, self.closes_interval = self.closes_interval, False
        node = rule()
        self.closes_interval = outer
        return node

    def _context(self) -> Node:
        at = self.expect("{").start
        entries: list[tuple[str, Node]] = []
        self.scope.push(())
        while not self.at_symbol("}"):
            key = self._key()
            self.expect(":")
            entries.append((key, self.inside(self.expression)))
            self.scope.add(key)
            if not self.accept(","):
                break
        self.scope.pop()
        self.expect("}")
        self.scope.remember(key for key, _ in entries)
        return self.node(syntax.ContextOf(at, tuple(entries)))

    def _key(self) -> str:
        if self.token.kind == "string":
            return unquote(self.source, self.step())
        if self.token.kind == "backtick":
            return self.joined_words()
        key = self.name_before(":")
        if key is None:
            self.fail("a key")
        return key

    # -- if, for, some, every, function ------------------------------------------------------

    def _if(self) -> Node:
        at = self.step().start
        condition = self.expression()
        self.expect_word("then")
        then = self.expression()
        self.expect_word("else")
        return self.node(syntax.If(at, condition, then, self.expression()))

    def _for(self) -> Node:
        at = self.step().start
        iterators = self._iterators()
        self.expect_word("return")
        self.scope.push(["partial"])
        body = self.expression()
        self._forget(len(iterators) + 1)
        return self.node(syntax.For(at, iterators, body))

    def _quantified(self) -> Node:
        word = self.step()
        iterators = self._iterators()
        self.expect_word("satisfies")
        body = self.expression()
        self._forget(len(iterators))
        return self.node(syntax.Quantified(word.start, word.text == "some", iterators, body))

    def _iterators(self) -> tuple[syntax.Iterator, ...]:
        """`name in source, …`; each name is in scope for what follows it."""
        iterators: list[syntax.Iterator] = []
        while True:
            name = self.name_before("in")
            self.expect_word("in")
            if name is None:
                self.fail("a name")
            source = self.expression()
            end = self.expression() if self.accept("..") else None
            iterators.append(syntax.Iterator(name, source, end))
            self.scope.push([name])
            if not self.accept(","):
                return tuple(iterators)

    def _forget(self, levels: int) -> None:
        for _ in range(levels):
            self.scope.pop()

    def _lambda(self) -> Node:
        at = self.step().start
        self.expect("(")
        parameters: list[str] = []
        types: list[Type | None] = []
        while not self.at_symbol(")"):
            parameters.append(self._parameter())
            types.append(self.type() if self.accept(":") else None)
            if not self.accept(","):
                break
        self.expect(")")
        if self.at_word("external"):
            raise error(self.source, at, "external", "external functions are not executed")
        self.scope.push(parameters)
        body = self.expression()
        self.scope.pop()
        return self.node(syntax.Lambda(at, tuple(parameters), tuple(types), body))

    def _parameter(self) -> str:
        name = self.name_before(":") or self.name_before(",") or self.name_before(")")
        return self.joined_words() if name is None else name

    def operator(self) -> Node:
        """`< endpoint`: a unary test, or a range when it stands for a value."""
        sign = self.step()
        return self.node(syntax.Operator(sign.start, sign.text, self.inside(self.sum)))

    # -- types -------------------------------------------------------------------------------

    def type(self) -> Type:
        return self.nested(self._type)

    def _type(self) -> Type:
        name = self._type_name()
        parameters: list[Type] = []
        names: list[str] = []
        if self.accept("<"):
            while not self.at_symbol(">"):
                if name == "context":
                    names.append(self.name_before(":") or self.fail("a name"))
                    self.expect(":")
                parameters.append(self.type())
                if not self.accept(","):
                    break
            self.expect(">")
        result = self.type() if name == "function" and self.accept("->") else None
        return Type(name, tuple(parameters), tuple(names), result)

    def _type_name(self) -> str:
        words: list[str] = []
        while self.token.kind == "name" and (self._is_type_word(words) or not self.is_keyword()):
            words.append(self.step().text)
            if self.at_symbol(".") and self.ahead().kind == "name":
                self.step()
                words[-1] += "." + self.step().text
        return " ".join(words) or self.fail("a type")

    def _is_type_word(self, before: list[str]) -> bool:
        """`and` inside "date and time", `function` and `null` at the start."""
        if self.at_word("function", "null"):
            return not before
        pairs = (("date", "time"), ("days", "time"), ("years", "months"))
        return (
            self.at_word("and")
            and (before[-1:] or [""])[0] != ""
            and (before[-1], self.ahead().text) in pairs
        )
