"""Tokens into a tree: recursive descent, one function per level of precedence.

A chain of one operator becomes one node, so the depth of a tree is the depth of its brackets.
Limits are checked before and while parsing, never afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable

from engine.feel import syntax
from engine.feel.blocks import Blocks
from engine.feel.cursor import COMPARISONS, DEFAULT_LIMIT
from engine.feel.errors import FeelBudgetExceeded
from engine.feel.syntax import Node
from engine.feel.tokens import error

_MAX_CHAIN = 40
# One of these follows the `[` that closes an open interval, none of them the `[` of a filter.
_AFTER_INTERVAL = frozenset(
    ["", ",", ")", "]", "}", "and", "or", "then", "else", "return", "satisfies", "=", "!=", "."]
)


def parse_expression(
    source: str, names: Iterable[str] = (), *, limit: int = DEFAULT_LIMIT
) -> Node:
    parser = Parser(source, names, limit)
    return parser.whole(parser.expression)


def parse_unary_tests(
    source: str, names: Iterable[str] = (), *, limit: int = DEFAULT_LIMIT
) -> syntax.Tests:
    parser = Parser(source, names, limit)
    return parser.whole(parser.unary_tests)


class Parser(Blocks):
    def expression(self) -> Node:
        return self.nested(self.disjunction)

    def disjunction(self) -> Node:
        at, operands = self.token.start, [self.conjunction()]
        while self.at_word("or"):
            self.step()
            operands.append(self.conjunction())
        return self._logic(at, operands, conjunction=False)

    def conjunction(self) -> Node:
        at, operands = self.token.start, [self.comparison()]
        while self.at_word("and"):
            self.step()
            operands.append(self.comparison())
        return self._logic(at, operands, conjunction=True)

    def _logic(self, at: int, operands: list[Node], *, conjunction: bool) -> Node:
        if len(operands) == 1:
            return operands[0]
        return self.node(syntax.Logic(at, conjunction, tuple(operands)))

    def comparison(self) -> Node:
        left = self._operand()
        for _ in range(_MAX_CHAIN):
            if self.at_symbol("=="):
                raise error(self.source, self.token.start, "equality", "write = instead of ==")
            if self.at_symbol(*COMPARISONS):
                sign = self.step()
                left = self.node(syntax.Comparison(sign.start, sign.text, left, self._operand()))
            elif self.at_word("between"):
                left = self._between(left)
            elif self.at_word("in"):
                at = self.step().start
                left = self.node(syntax.In(at, left, self._in_tests()))
            else:
                return left
        raise FeelBudgetExceeded("depth")

    def _operand(self) -> Node:
        """A sum, or a range written as a test: `range("[2..)") = >= 2`."""
        return self.operator() if self.at_symbol(*COMPARISONS) else self.sum()

    def _between(self, value: Node) -> Node:
        at = self.step().start
        low = self.sum()
        self.expect_word("and")
        return self.node(syntax.Between(at, value, low, self.sum()))

    def sum(self) -> Node:
        at, first = self.token.start, self.product()
        rest: list[tuple[str, Node]] = []
        while self.at_symbol("+", "-"):
            rest.append((self.step().text, self.product()))
        return self._arithmetic(at, first, rest)

    def product(self) -> Node:
        at, first = self.token.start, self.power()
        rest: list[tuple[str, Node]] = []
        while self.at_symbol("*", "/"):
            rest.append((self.step().text, self.power()))
        return self._arithmetic(at, first, rest)

    def power(self) -> Node:
        at, first = self.token.start, self.negation()
        rest: list[tuple[str, Node]] = []
        while self.at_symbol("**"):
            rest.append((self.step().text, self.negation()))
        return self._arithmetic(at, first, rest)

    def _arithmetic(self, at: int, first: Node, rest: list[tuple[str, Node]]) -> Node:
        if not rest:
            return first
        self.nodes_left -= len(rest) - 1
        return self.node(syntax.Arithmetic(at, first, tuple(rest)))

    def negation(self) -> Node:
        """Binds tighter than `**`: -3 ** 2 is 9, as the standard's grammar says."""
        if not self.at_symbol("-") or self.ahead().kind == "number":
            return self.instance_of()
        at = self.step().start
        return self.node(syntax.Negation(at, self.nested(self.negation)))

    def instance_of(self) -> Node:
        value = self.postfix()
        if not (self.at_word("instance") and self.ahead().text == "of"):
            return value
        at = self.step().start
        self.step()
        return self.node(syntax.InstanceOf(at, value, self.type()))

    # -- what follows a value ----------------------------------------------------------------

    def postfix(self) -> Node:
        target = self.primary()
        for _ in range(_MAX_CHAIN):
            if self.at_symbol("."):
                at = self.step().start
                target = self.node(syntax.Path(at, target, self._path_name()))
            elif self.at_symbol("[") and not self._is_interval_end():
                at = self.step().start
                target = self.node(syntax.Filter(at, target, self.inside(self.expression)))
                self.expect("]")
            elif self.at_symbol("("):
                target = self._call(target)
            else:
                return target
        raise FeelBudgetExceeded("depth")

    def _path_name(self) -> str:
        known = self.known_name()
        return self.joined_words(any_first=True) if known is None else known

    def _is_interval_end(self) -> bool:
        return self.closes_interval and self.ahead().text in _AFTER_INTERVAL

    def _call(self, callee: Node) -> Node:
        at = self.expect("(").start
        arguments: list[Node] = []
        names: list[str] = []
        while not self.at_symbol(")"):
            name = self.name_before(":")
            if name is not None:
                self.step()
                names.append(name)
            arguments.append(self.inside(self.expression))
            if not self.accept(","):
                break
        self.expect(")")
        if names and len(names) != len(arguments):
            raise error(self.source, at, "arguments", "either all arguments are named or none")
        return self.node(
            syntax.Call(at, callee, tuple(arguments), tuple(names) if names else None)
        )

    # -- tests -------------------------------------------------------------------------------

    def _in_tests(self) -> tuple[Node, ...]:
        """What stands behind `in`: one test, an interval, or tests in parentheses."""
        if not self.at_symbol("("):
            return (self.operator() if self.at_symbol(*COMPARISONS) else self.sum(),)
        at = self.step().start
        first = self._test()
        if self.at_symbol(".."):
            return (self.interval(at, first, low_closed=False),)
        tests = [first]
        while self.accept(","):
            tests.append(self._test())
        self.expect(")")
        return tuple(tests)

    def _test(self) -> Node:
        if self.at_symbol(*COMPARISONS):
            return self.operator()
        return self.inside(self.expression)

    def unary_tests(self) -> syntax.Tests:
        at = self.token.start
        if self.token.kind == "end":
            return syntax.Tests(at, (), negated=False)
        if self.at_symbol("-") and self.ahead().kind == "end":
            self.step()
            return syntax.Tests(at, (), negated=False)
        negated = self._negated_tests()
        return negated or syntax.Tests(at, self._test_list(), negated=False)

    def _test_list(self) -> tuple[Node, ...]:
        tests = [self._test()]
        while self.accept(","):
            tests.append(self._test())
        return tuple(tests)

    def _negated_tests(self) -> syntax.Tests | None:
        """`not(…)` over the whole cell; `not(a) and b` is an expression instead."""
        start = self.index
        if not (self.at_word("not") and self.ahead().text == "("):
            return None
        at = self.step().start
        self.step()
        tests = self._test_list()
        if self.at_symbol(")") and self.ahead().kind == "end":
            self.step()
            return syntax.Tests(at, tests, negated=True)
        self.move(start)
        return None
