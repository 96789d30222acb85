"""What the rules of the project find: circles of imports, stems that a layer lacks, lists of changes, figures."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from house import changes, circles, figures, imports, links, stems  # noqa: E402


def tree(root: Path, **files: str) -> imports.Imports:
    """The imports of a package "p" with these files: "a" is p/a.py, "sub__a" is p/sub/a.py, "sub__" its __init__."""
    for name, text in files.items():
        parts = name.split("__")
        path = root.joinpath("p", *parts[:-1], f"{parts[-1] or '__init__'}.py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return imports.read(root, "p")


@pytest.mark.parametrize(
    "back",
    [
        "from p import a",
        "import p.a",
        "from p.a import thing",
        "from p.a import *",
        "from . import a",
        "from .a import thing",
        "def later():\n    from p.a import thing\n    return thing",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from p.a import thing",
        "from importlib import import_module\nimport_module('p.a')",
    ],
)
def test_a_circle_is_found_however_it_is_imported(tmp_path: Path, back: str) -> None:
    found = tree(tmp_path, a="from p.b import other", b=back)
    assert circles.counts(found) == {"modules": 1, "packages": 0}
    (line,) = circles.check(found)
    assert line.startswith("p/a.py: 2 modules import one another: p.a (p/a.py:1) → p.b (p/b.py:")


def test_a_way_without_a_return_is_no_circle(tmp_path: Path) -> None:
    found = tree(tmp_path, a="import p.b, os", b="from p import c", c="from p.d import x", d="import json")
    assert list(circles.check(found)) == []


def test_a_name_that_an_init_hands_on_closes_a_circle(tmp_path: Path) -> None:
    found = tree(tmp_path, sub__="from p.sub.a import thing", sub__a="import p.b", b="from p.sub import thing")
    assert circles.counts(found) == {"modules": 1, "packages": 1}


def test_the_shortest_way_round_is_shown(tmp_path: Path) -> None:
    found = tree(tmp_path, a="import p.b", b="import p.c", c="import p.d\nimport p.b", d="import p.a")
    (circle,) = imports.circles(found.modules)
    assert (circle.size, circle.way) == (4, ("p.b", "p.c", "p.b"))


def test_two_circles_are_two_although_one_leads_to_the_other(tmp_path: Path) -> None:
    found = tree(tmp_path, a="import p.b", b="import p.a\nimport p.c", c="import p.d", d="import p.c")
    assert circles.counts(found)["modules"] == 2


def test_folders_can_be_a_circle_whose_modules_are_none(tmp_path: Path) -> None:
    found = tree(tmp_path, one__a="import p.two.a", two__a="", two__b="import p.one.b", one__b="")
    assert circles.counts(found) == {"modules": 0, "packages": 1}
    (line,) = circles.check(found)
    assert line == "p/one: 2 packages import one another: p.one (p/one/a.py:1) → p.two (p/two/b.py:1) → p.one"


def test_an_init_that_imports_its_own_modules_is_no_circle(tmp_path: Path) -> None:
    found = tree(tmp_path, sub__="from p.sub.a import thing", sub__a="import p.sub.b", sub__b="")
    assert list(circles.check(found)) == []


@pytest.mark.parametrize("name", ['f"{__name__}.{name}"', 'f"p.sub.{name}"'])
def test_a_folder_that_loads_its_own_modules_late_imports_all_of_them(tmp_path: Path, name: str) -> None:
    late = f"from importlib import import_module\ndef __getattr__(name):\n    return import_module({name})"
    found = tree(tmp_path, sub__=late, sub__a="", sub__b="from p import sub")
    assert set(found.modules["p.sub"]) == {"p.sub.a", "p.sub.b"}
    (line,) = circles.check(found)
    assert line.startswith("p/sub/__init__.py: 2 modules import one another")


def test_what_only_running_would_tell_is_named(tmp_path: Path) -> None:
    found = tree(tmp_path, a="from importlib import import_module\nname = 'p.b'\nimport_module(name)", b="")
    assert list(circles.check(found)) == ["p/a.py:3: imports by a computed name, which nobody can follow"]


SHARED = [f"{stems.LAYERS[layer]}/{stem}.py" for layer, stem in stems.SHARED]
GROUPS = [f"scripts/{group}.py" for group in (*stems.GROUPS, *stems.NO_SUBJECT)]


@pytest.fixture
def unlisted(monkeypatch: pytest.MonkeyPatch) -> None:
    """No group of commands has a subject, and no reason is given."""
    monkeypatch.setattr(stems, "GROUPS", dict.fromkeys(stems.GROUPS, ()))
    monkeypatch.setattr(stems, "LACKING", {})


@pytest.mark.usefixtures("unlisted")
def test_a_stem_of_one_layer_is_missed_in_every_other() -> None:
    found = list(stems.check([*SHARED, *GROUPS, "scrip/instructions/repo.py"]))
    lacking = [folder for layer, folder in stems.LAYERS.items() if layer != "instructions"]
    assert [line.partition(":")[0] for line in found] == lacking
    assert all("nothing of repo, which instructions have" in line for line in found)


@pytest.mark.usefixtures("unlisted")
def test_a_stem_that_no_layer_has_is_no_fault_and_names_of_tests_are_none() -> None:
    assert list(stems.check([*SHARED, *GROUPS, "tests/market/test_settlement.py"])) == []


@pytest.mark.usefixtures("unlisted")
def test_a_reason_answers_for_a_layer_and_not_for_what_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    lacking = {(layer, "repo"): "not yet" for layer in stems.LAYERS if layer != "instructions"}
    monkeypatch.setattr(stems, "LACKING", lacking)
    names = [*SHARED, *GROUPS, "scrip/instructions/repo.py"]
    assert list(stems.check(names)) == []
    (line,) = stems.check([*names, "scrip/model/repo.py"])
    assert line.startswith("scrip/model: has repo, of which")


@pytest.mark.parametrize(
    ("layer", "name"),
    [
        ("model", "scrip/model/repo.py"),
        ("flows", "scrip/flows/repo/__init__.py"),
        ("tests", "tests/model/test_model_repo.py"),
        ("tests", "tests/test_repo_of_two.py"),
        ("contracts", "contracts/repo/RepoFacility.vy"),
        ("contracts", "contracts/token/token_repo.vy"),
        ("program", "programs/stock-token/src/accounts/repo.rs"),
        ("program", "programs/stock-token/src/instructions/repo/open.rs"),
    ],
)
def test_how_a_layer_names_a_stem(layer: str, name: str) -> None:
    assert stems.present(layer, [name]) == {"repo"}


@pytest.mark.parametrize(
    ("layer", "name"),
    [
        ("tests", "tests/replay/test_report.py"),
        ("model", "scrip/model/state/repo.py"),
        ("contracts", "contracts/mocks/MockRepo.vy"),
        ("program", "programs/stock-token/src/state/repo.rs"),
    ],
)
def test_what_only_looks_like_a_stem(layer: str, name: str) -> None:
    assert stems.present(layer, [name]) == set()


@pytest.mark.usefixtures("unlisted")
def test_a_file_of_no_subject_and_a_group_of_no_table_are_named() -> None:
    assert [line.partition(":")[0] for line in stems.check([*SHARED, *GROUPS, "scrip/flows/misc.py"])] == [
        "scrip/flows/misc.py"
    ]
    assert [line.partition(":")[0] for line in stems.check([*SHARED, *GROUPS, "scripts/lend.py"])] == [
        "scripts/lend.py"
    ]
    assert len(list(stems.check([*SHARED[1:], *GROUPS[1:]]))) == 2


PAGE = """
### A new role (`role`)

- `scrip/roles.py` — its name
- `tests/model/test_model_roles.py` — the same
- not an item

### Something else

- `scrip/units.py` — no list's
"""


def test_lists_are_read_and_counted_without_tests() -> None:
    found = changes.lists(PAGE)
    assert found == {"role": ["scrip/roles.py", "tests/model/test_model_roles.py"]}
    assert changes.counts(found) == dict.fromkeys(changes.KINDS, 0) | {"role": 1}
    assert len(list(changes.check(found))) == len(changes.KINDS) - 1


def test_a_list_of_another_kind_and_a_file_named_twice_are_faults() -> None:
    whole = {kind: ["a"] for kind in changes.KINDS}
    assert list(changes.check(whole)) == []
    assert len(list(changes.check(whole | {"role": ["a", "a"]}))) == 1
    assert len(list(changes.check(whole | {"colour": ["a"]}))) == 1


def test_the_figures_have_these_keys_in_this_form(tmp_path: Path) -> None:
    cycles, counted = {"modules": 2, "packages": 1}, dict.fromkeys(changes.KINDS, 3)
    figures.note_type_errors(tmp_path, 7)
    figures.write(tmp_path, cycles, counted, {"scripts": 4, "scrip": 5})
    text = (tmp_path / "build" / "house.json").read_text()
    expected = {"changes": counted, "cycles": cycles, "lines": {"scrip": 5, "scripts": 4}, "mypy": 7}
    assert json.loads(text) == expected
    assert text == json.dumps(expected, indent=2, sort_keys=True) + "\n"


def test_lines_are_counted_by_folder(tmp_path: Path) -> None:
    files = [
        tmp_path / "scrip" / "a.py",
        tmp_path / "scrip" / "a.yaml",
        tmp_path / "scripts" / "b.py",
        tmp_path / "c.py",
    ]
    for path in files:
        path.parent.mkdir(exist_ok=True)
        path.write_text("one\ntwo\n")
    assert figures.lines_of(files, tmp_path) == {"scrip": 2, "scripts": 2}


def test_a_link_leads_to_a_file_a_folder_or_a_heading_that_is_there() -> None:
    page = """# First `code` & more
## Twice
## Twice
[a](other.md), [b](../top.md#a-heading), ![c](pictures/c.png), [`d`](#twice-1), [e](sub/), [f](https://nowhere.example),
`[g](missing.md)`
```
[h](missing.md)
```
[i](missing.md)
[j](other.md#nothing) and [k](#first-code--more)
[l](../../outside.md)
"""
    names = {"docs/page.md", "docs/other.md", "top.md", "docs/pictures/c.png", "docs/sub/x.py"}
    pages = {"docs/page.md": page, "docs/other.md": "# Other\n", "top.md": "text\n\n## A heading\n"}
    assert list(links.check(pages, names)) == [
        "docs/page.md:9: leads nowhere: missing.md",
        "docs/page.md:10: docs/other.md has no heading #nothing",
        "docs/page.md:11: leads nowhere: ../../outside.md",
    ]


def test_references_say_what_natspec_idl_and_schema_say() -> None:
    import docs_reference

    pages = docs_reference.pages()
    assert "### announce\n" in pages["contracts"]
    assert "- `gross`: dividend per share of the split basis" in pages["contracts"]
    assert "| `sanctions_oracle` | text |" in pages["manifest"]
    assert "`sanctions_oracle` is whom the registry asks" in pages["manifest"]
    if docs_reference.IDL.is_file():
        assert "\n## announce_action\n\nRecord an action's terms. Actions role.\n" in pages["program"]
