"""Files that import each other: names, types, merging, circles, inputs."""

from decimal import Decimal

import pytest

from engine.decisions import DecisionFile, DecisionsInvalid, evaluate, read_decisions
from tests.engine.decisions.dmn import NAMESPACE, decision, input_data, literal, requires, text
from tests.engine.feel.run import AT


def model(name: str, *elements: str, space: str = NAMESPACE) -> bytes:
    """A file in the namespace urn:NAME."""
    body = "".join(elements)
    attributes = f'xmlns="{space}" name="{name}" namespace="urn:{name}"'
    return f"<definitions {attributes}>{body}</definitions>".encode()


def imports(other: str, name: str = "") -> str:
    return f'<import name="{name}" namespace="urn:{other}" importType="{NAMESPACE}"/>'


def of(other: str, key: str, kind: str = "Decision") -> str:
    return requires(key, kind=kind).replace("#", f"urn:{other}#")


def read(root: bytes, **others: bytes) -> DecisionFile:
    return read_decisions(root, imports={f"{name}.dmn": raw for name, raw in others.items()})


def answer(file: DecisionFile, key: str = "d", /, **given: object) -> object:
    return evaluate(file, key, given, at=AT).value


RATES = model(
    "rates",
    input_data("base", "base amount", "number"),
    '<itemDefinition name="t Rate"><typeRef>number</typeRef>'
    + text("allowedValues", "[0..10]")
    + "</itemDefinition>",
    decision("yearly sum", literal("base amount * 12"), required=requires("base", kind="Input")),
    '<businessKnowledgeModel id="twice" name="two times"><encapsulatedLogic>'
    f'<formalParameter name="n" typeRef="t Rate"/>{literal("n * 2")}'
    "</encapsulatedLogic></businessKnowledgeModel>",
    '<decisionService id="svc" name="year of"><outputDecision href="#yearly sum"/>'
    '<inputData href="#base"/></decisionService>',
    # Another version of the standard than that of the files which import it.
    space="https://www.omg.org/spec/DMN/20230324/MODEL/",
)


class TestNamed:
    @pytest.mark.parametrize(
        ("required", "feel", "expected"),
        [
            (of("rates", "yearly sum"), "r.yearly sum + 1", 61),
            (of("rates", "base", "Input"), "r.base amount", 5),
            (of("rates", "twice", "Knowledge"), "r.two times(3)", 6),
            (of("rates", "twice", "Knowledge"), "r.two times(n: 3)", 6),
            (of("rates", "twice", "Knowledge"), "r.two times(30)", None),
            (of("rates", "svc", "Knowledge"), "r.year of(2)", 24),
        ],
    )
    def test_elements_stand_behind_the_name(
        self, required: str, feel: str, expected: int | None
    ) -> None:
        root = model("a", imports("rates", "r"), decision("d", literal(feel), required=required))

        assert answer(read(root, rates=RATES), **{"base amount": 5}) == expected

    def test_types_stand_behind_the_name(self) -> None:
        low = decision("d", literal("7"), type_ref="r.t Rate")
        high = decision("e", literal("70"), type_ref="r.t Rate")

        file = read(model("a", imports("rates", "r"), low, high), rates=RATES)

        assert (answer(file), answer(file, "e")) == (Decimal(7), None)

    def test_same_ids_in_several_files_are_told_apart(self) -> None:
        root = model(
            "a",
            imports("b", "b"),
            imports("c", "c"),
            decision("d", literal("b.d + c.d"), required=of("b", "d") + of("c", "d")),
        )
        others = {name: model(name, decision("d", literal(f'"{name}"'))) for name in "bc"}

        assert answer(read(root, **others)) == "bc"

    def test_imports_may_be_nested(self) -> None:
        middle = model(
            "b", imports("c", "inner"), decision("m", literal("inner.x"), required=of("c", "x"))
        )
        root = model(
            "a", imports("b", "b"), decision("d", literal("b.m + 1"), required=of("b", "m"))
        )

        file = read(root, b=middle, c=model("c", decision("x", literal("41"))))

        assert answer(file) == Decimal(42)

    def test_imported_decision_is_evaluated_by_its_name(self) -> None:
        file = read(model("a", imports("rates", "r")), rates=RATES)

        assert answer(file, "r.yearly sum", **{"base amount": 1}) == Decimal(12)
        assert list(file.decisions) == []

    @pytest.mark.parametrize("circle", ["a", "b"])
    def test_circles_are_read_and_remarked(self, circle: str) -> None:
        root = model("a", imports("b", "b"), imports("a", "me"), decision("d", literal("1")))
        other = model("b", imports(circle, "x"), decision("m", literal("2")))

        file = read(root, b=other)

        assert [remark.code for remark in file.remarks] == ["import-cycle"]
        assert answer(file) == Decimal(1)

    def test_missing_file_is_a_problem_with_its_namespace(self) -> None:
        with pytest.raises(DecisionsInvalid) as caught:
            read(model("a", imports("nowhere", "x"), decision("d", literal("1"))))

        (problem,) = caught.value.findings
        assert (problem.code, problem.args) == ("import", ("urn:nowhere",))

    def test_file_is_found_by_its_place_too(self) -> None:
        place = '<import name="b" namespace="urn:old" locationURI="lib/b.dmn" importType=""/>'
        root = model("a", place, decision("d", literal("b.m"), required=of("b", "m")))

        assert answer(read(root, b=model("b", decision("m", literal("2"))))) == Decimal(2)

    def test_problem_in_an_imported_file_says_where(self) -> None:
        with pytest.raises(DecisionsInvalid) as caught:
            read(model("a", imports("b", "b")), b=model("b", decision("m", literal("1 +"))))

        assert [problem.namespace for problem in caught.value.findings] == ["urn:b"]


class TestInputs:
    SHOUT = decision("say", literal('word + "!"'), required=requires("w", kind="Input"))
    INNER = model("c", input_data("w", "word"), SHOUT)
    MIDDLE = model(
        "b",
        imports("c", "i"),
        input_data("w", "word"),
        decision(
            "say",
            literal("word + i.say"),
            required=requires("w", kind="Input") + of("c", "say"),
        ),
    )
    ROOT = model(
        "a",
        imports("b", "i"),
        imports("c", "x"),
        input_data("w", "word"),
        decision(
            "d",
            literal("word + i.say + x.say"),
            required=requires("w", kind="Input") + of("b", "say") + of("c", "say"),
        ),
    )

    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ({"word": "a"}, "aaa!a!"),
            ({"word": "a", "i.word": "b", "i.i.word": "c", "x.word": "d"}, "abc!d!"),
            ({"word": "a", "{urn:b}word": "b", "urn:c#word": "c"}, "abc!c!"),
            ({"word": "a", "i": {"word": "b", "i": {"word": "c"}}, "x": {"word": "d"}}, "abc!d!"),
        ],
    )
    def test_are_given_by_name_import_or_namespace(
        self, given: dict[str, object], expected: str
    ) -> None:
        file = read(self.ROOT, b=self.MIDDLE, c=self.INNER)

        assert evaluate(file, "d", given, at=AT).value == expected


class TestUnnamed:
    USES = decision("d", literal("e"), required=requires("e"))

    @staticmethod
    def e(of_file: str, *others: str) -> bytes:
        own = decision("e", literal(f'"{of_file}"'))
        return model(of_file, *(imports(other) for other in others), own)

    def test_elements_are_as_if_they_were_own(self) -> None:
        root = model("a", imports("b"), self.USES)

        assert answer(read(root, b=self.e("b"))) == "b"

    def test_empty_file_hands_on_what_it_imports(self) -> None:
        file = read(model("a", imports("b")), b=self.e("b"))

        assert answer(file, "e") == "b"

    @pytest.mark.parametrize(
        ("files", "expected"),
        [
            ((("b", "c"), {"b": (), "c": ()}), "b"),
            ((("b", "c"), {"b": None, "c": ()}), "c"),
            ((("b", "x"), {"b": None, "c": (), "x": ()}), "c"),
        ],
    )
    def test_first_file_with_the_name_has_it_in_depth(
        self, files: tuple[tuple[str, ...], dict[str, tuple[str, ...] | None]], expected: str
    ) -> None:
        direct, contents = files
        root = model("a", *map(imports, direct), self.USES)
        others = {
            name: model(name, imports("c")) if given is None else self.e(name, *given)
            for name, given in contents.items()
        }

        assert answer(read(root, **others)) == expected

    @pytest.mark.parametrize("href", ["#f", "urn:b#f"])
    def test_own_element_takes_the_place_of_the_imported_one(self, href: str) -> None:
        needs = requires("f").replace("#f", href)
        other = model(
            "b", decision("e", literal("f"), required=needs), decision("f", literal('"theirs"'))
        )
        root = model("a", imports("b"), self.USES, decision("f", literal('"own"')))

        assert answer(read(root, b=other)) == "own"

    def test_types_are_merged(self) -> None:
        other = model("b", '<itemDefinition name="t"><typeRef>string</typeRef></itemDefinition>')
        root = model("a", imports("b"), decision("d", literal("1"), type_ref="t"))

        assert answer(read(root, b=other)) is None

    def test_circles_end(self) -> None:
        root = model("a", imports("b"), imports("a"), self.USES)

        assert answer(read(root, b=self.e("b", "a", "b"))) == "b"
