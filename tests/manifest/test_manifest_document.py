"""A file that is not the YAML we take is refused with its line, and what YAML would guess is not guessed."""

import pytest
import yaml

from scrip.errors import InputError
from scrip.manifest.document import MAX_BYTES, read
from scrip.manifest.load import load


def written(tmp_path, content: str | bytes):
    path = tmp_path / "some.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


# the file, the line to be named, the field, words of the message
FAULTS = {
    "a key twice": ("a: 1\nb:\n  c: 1\n  d: 2\n  c: 3\n", 5, "b.c", "stands twice, first in line 3"),
    "an alias": ("a: &x 1\nb: *x\n", 1, "", "anchors and aliases"),
    "an alias alone": ("a: 1\nb: *x\n", 2, "", "anchors and aliases"),
    "a tag": ("a: !!python/object/apply:os.system [ls]\n", 1, "", "tags are not taken"),
    "a tag of YAML's": ("a:\n  !!str 5\n", 2, "", "tags are not taken"),
    "a list for a key": ("a: 1\n[b, c]: 2\n", 2, "", "a key must be text"),
    "an open bracket": ("a: [1, 2\nb: 3\n", 2, "", "is not YAML"),
    "a tab": ("a:\n\tb: 1\n", 2, "", "is not YAML"),
    "two documents": ("a: 1\n---\nb: 2\n", 2, "", "is not YAML"),
    "a control character": ("a: 1\nb: \x07\n", 2, "", "U+0007"),
    "bytes that are no UTF-8": (b"a: 1\nb: \xff\n", 2, "", "is not UTF-8"),
    "nothing": ("", 0, "", "is empty"),
    "only a comment": ("# nothing\n", 0, "", "is empty"),
    "too deep": ("a: " + "[" * 50 + "]" * 50 + "\n", 1, "", "more than 20 levels"),
    "too large": ("a: " + "x" * MAX_BYTES, 0, "", "is larger than"),
}


@pytest.mark.parametrize("case", FAULTS)
def test_a_file_that_is_not_taken(tmp_path, case) -> None:
    content, line, field, message = FAULTS[case]
    path = written(tmp_path, content)
    with pytest.raises(InputError) as refused:
        read(path)
    error = refused.value
    assert message in error.message, error.message
    assert (error.file, error.line, error.field) == (str(path), line, field)


def test_a_file_that_is_not_there(tmp_path) -> None:
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read(tmp_path / "none.yaml")


def test_a_folder_is_no_file(tmp_path) -> None:
    with pytest.raises(InputError, match="cannot be read: Is a directory"):
        read(tmp_path)


@pytest.mark.parametrize("content", ["just text\n", "- a\n- list\n", "5\n"])
def test_a_manifest_is_a_mapping(tmp_path, content) -> None:
    with pytest.raises(InputError, match="not a mapping of fields") as refused:
        load(written(tmp_path, content))
    assert refused.value.line == 1


TEXT = [
    "NO",
    "no",
    "on",
    "y",
    "0x12",
    "0123",
    "1:30",
    "2026-11-23",
    "1e",
    "+5",
    ".5",
    ".inf",
    ".nan",
    "True",
    "NULL",
    "<<",
]


@pytest.mark.parametrize("text", TEXT)
def test_what_yaml_guesses_at_is_text_here(tmp_path, text) -> None:
    path = written(tmp_path, f"key: {text}\n{text}: value\n")
    assert read(path).value == {"key": text, text: "value"}


def test_that_norway_needs_no_quotes_is_our_doing() -> None:
    assert yaml.safe_load("NO") is False


@pytest.mark.parametrize(
    ("text", "value"),
    [("5", 5), ("-5", -5), ("0", 0), ("1_000", "1_000"), ("1_0.5", "1_0.5"),
     ("1.5", 1.5), ("1e3", 1e3), ("true", True), ("false", False),
     ("null", None), ("~", None), ("", None), ('"5"', "5"), ("'true'", "true"), ("9" * 61, "9" * 61)],
)  # fmt: skip
def test_plain_values(tmp_path, text, value) -> None:
    found = read(written(tmp_path, f"key: {text}\n")).value["key"]
    assert (found, type(found)) == (value, type(value))


def test_lines_of_values_lists_and_mappings(tmp_path) -> None:
    document = read(written(tmp_path, "# comment\na:\n  b:\n    - 1\n    - {c: 2,\n       d: 3}\n  e: >\n    folded\n"))
    where = [("a",), ("a", "b"), ("a", "b", 0), ("a", "b", 1, "d"), ("a", "e"), ("a", "b", 7), ("x", "y")]
    assert [document.line(place) for place in where] == [2, 3, 4, 6, 7, 3, 2]
