"""What is wrong with a package is said at once, all of it, by file and place."""

from collections.abc import Callable
from pathlib import Path

import pytest

from workflows.programmes import PackageInvalid, load

Spoil = Callable[[Path], None]
HEAD = "programme.toml"


def replace(name: str, old: str, new: str) -> Spoil:
    def spoil(folder: Path) -> None:
        path = folder / name
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    return spoil


def prepend(name: str, text: str) -> Spoil:
    return replace(name, "", text)


def remove(name: str) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / name).unlink()

    return spoil


def write(name: str, text: str) -> Spoil:
    def spoil(folder: Path) -> None:
        (folder / name).write_text(text, encoding="utf-8")

    return spoil


def both(*spoils: Spoil) -> Spoil:
    def spoil(folder: Path) -> None:
        for part in spoils:
            part(folder)

    return spoil


def no_version(folder: Path) -> None:
    path = folder / HEAD
    head, _, rest = path.read_text(encoding="utf-8").partition("[[version]]")
    path.write_text(head + "[processes]" + rest.partition("[processes]")[2], encoding="utf-8")


def no_notice(folder: Path) -> None:
    for path in (folder / "notices").iterdir():
        path.unlink()


CASES: dict[str, tuple[Spoil, str]] = {
    "unknown key": (replace(HEAD, "attempts = 3", "attempts = 3\nfoo = 1"), "foo unknown_key"),
    "unknown key at the top": (prepend(HEAD, "foo = 1\n"), "foo unknown_key"),
    "missing setting": (replace(HEAD, "attempts = 3", ""), "correction.attempts missing"),
    "wrong type": (replace(HEAD, "attempts = 3", 'attempts = "3"'), "wrong_type str"),
    "true is no number": (replace(HEAD, "attempts = 3", "attempts = true"), "wrong_type bool"),
    "schema": (replace(HEAD, "schema = 1", "schema = 2"), "schema unknown"),
    "unknown fact": (replace(HEAD, '"employed"', '"wealthy"'), "inputs.employed unknown wealthy"),
    "window reversed": (replace(HEAD, "to = 2020-12-31", "to = 2020-01-31"), "window_reversed"),
    "number twice": (replace(HEAD, "number = 2", "number = 1"), "version twice"),
    "no version": (no_version, "version missing"),
    "not toml": (prepend("reasons.toml", "= ="), "reasons.toml not_toml"),
    "file missing": (remove("home.toml"), "home.toml file_missing"),
    "language missing": (
        replace("reasons.toml", ', "en" = "Required file missing"', ""),
        "A01.officer.en missing",
    ),
    "language empty": (
        replace("reasons.toml", '"en" = "Required file missing"', '"en" = ""'),
        "A01.officer.en empty",
    ),
    "third language": (
        replace("reasons.toml", '"en" = "Required file missing"', '"en" = "x", "fr" = "y"'),
        "A01.officer.fr unknown_key",
    ),
    "bad code": (replace("reasons.toml", "[A01]", "[missing]"), "missing bad_code"),
    "severity": (replace("reasons.toml", '"fix"', '"bad"'), "A01.severity unknown bad"),
    "file of a reason": (
        replace("reasons.toml", '"file:id_front"', '"file:diploma"'),
        "A05.field unknown file:diploma",
    ),
    "placeholders differ": (
        replace("reasons.toml", "{file} is missing", "It is missing"),
        "A01.citizen placeholders_differ",
    ),
    "placeholder reads on": (
        replace("reasons.toml", "缺少{file}", "缺少{file.name}"),
        "A01.citizen bad_placeholder",
    ),
    "placeholder nobody fills": (
        both(
            replace("reasons.toml", "缺少{file}", "缺少{salary}"),
            replace("reasons.toml", "{file} is missing", "{salary} is missing"),
        ),
        "A01.citizen unknown_placeholder salary",
    ),
    "unbalanced brace": (replace("reasons.toml", "缺少{file}", "缺少{file"), "bad_placeholder"),
    "status": (replace("milestones.toml", '"returned"', '"lost"'), "returned.status unknown lost"),
    "milestone code": (replace("milestones.toml", "[returned]", '["re-turned"]'), "bad_code"),
    "account kind": (replace("attachments.toml", '["passbook"]', '["cash"]'), "unknown cash"),
    "attachment twice": (replace("attachments.toml", '"id_back"', '"id_front"'), "id_front twice"),
    "figure": (replace("policy.toml", '"1000.00"', '"many"'), "value not_a_number many"),
    "figure infinite": (replace("policy.toml", '"1000.00"', '"Infinity"'), "not_a_number"),
    "figure twice": (replace("policy.toml", '"flat"', '"rate"'), "rate  2020-01-01 twice"),
    "office columns": (replace("offices.csv", "region_en", "region"), "wrong_columns"),
    "office twice": (replace("offices.csv", "JL-CC-02", "JL-CC-01"), "JL-CC-01 twice"),
    "office date": (replace("offices.csv", "2020-01-01", "soon"), "line 2.valid_from wrong_type"),
    "office phone": (replace("offices.csv", "0431-85821827", ""), "line 2 missing phone"),
    "notice language": (remove("notices/notice.en.md"), "notice.en.md language_missing"),
    "notice title": (write("notices/notice.en.md", "hello"), "title_or_text_missing"),
    "notice file": (write("notices/notice.fr.md", "# a\n\nb"), "notice.fr.md unknown_file"),
    "no notice": (no_notice, "notices/ file_missing"),
    "form json": (write("forms/look_into.json", "{"), "look_into.json not_json"),
    "form id": (
        replace("forms/look_into.json", '"id": "look_into"', '"id": "other"'),
        "id not_the_file_name",
    ),
    "form key": (replace("forms/look_into.json", '"fields"', '"feilds"'), "feilds unknown_key"),
    "form tone": (replace("forms/look_into.json", '"good"', '"great"'), "tone unknown great"),
    "form requires": (replace("forms/look_into.json", '"reasons"', '"luck"'), "unknown luck"),
    "form field": (
        replace(
            "forms/look_into.json",
            '"fields": []',
            '"fields": [{"name": "a", "type": "choice",'
            ' "label": {"zh-hans": "a", "en": "a"}, "help": {"zh-hans": "a", "en": "a"}}]',
        ),
        "fields.1 choices_do_not_fit_type",
    ),
    "calendar": (write("calendar.json", "[]"), "calendar.json not_a_calendar"),
    "stray file": (write("reason.toml", ""), "reason.toml unknown_file"),
    "stray form": (write("forms/a.jsn", ""), "forms/a.jsn unknown_file"),
    "sentence without languages": (
        replace("home.toml", "title = {", 'title = "x"\nlead_ = {'),
        "title wrong_type str",
    ),
    "no calendar": (remove("calendar.json"), "calendar.json file_missing"),
}


@pytest.mark.parametrize("case", CASES)
def test_problem_is_named(case: str, folder: Path) -> None:
    spoil, expected = CASES[case]
    spoil(folder)

    with pytest.raises(PackageInvalid) as refused:
        load(folder)

    found = [str(problem) for problem in refused.value.problems]
    assert any(expected in problem for problem in found), found


def test_all_problems_come_together(folder: Path) -> None:
    for case in ("unknown key", "language missing", "figure", "form tone"):
        CASES[case][0](folder)

    with pytest.raises(PackageInvalid) as refused:
        load(folder)

    assert {problem.file for problem in refused.value.problems} == {
        HEAD,
        "reasons.toml",
        "policy.toml",
        "forms/look_into.json",
    }
