"""Files were refused in the words of the library that reads them: Input should be a valid tuple, greater than 0."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scrip.errors import InputError
from scrip.evm.safe import document
from scrip.flows import attestations
from scrip.inputs.reading.refused import said
from scrip.local.settings import Settings

ADDRESS = "0x" + "11" * 20
ATTESTED = attestations.Attested(
    "inv-1", ADDRESS, 756, "retail", 1_900_000_000, "case-1", 1_800_000_000, ADDRESS, 1, ADDRESS
)


class Every(BaseModel):
    """A field of each kind that files have."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: Annotated[str, Field(min_length=2, max_length=3, pattern="^a")] = "ab"
    number: Annotated[int, Field(ge=0, lt=9)] = 1
    above: Annotated[int, Field(gt=0, le=9)] = 1
    many: Annotated[tuple[int, ...], Field(min_length=1, max_length=2)] = (1,)
    one: Literal["a", "b"] = "a"
    truth: bool = True
    named: dict[str, int] = {}
    inside: Every | None = None


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"text": "a"}, "has fewer than 2 characters"),
        ({"text": ""}, "is empty"),
        ({"text": "abcd"}, "has more than 3 characters"),
        ({"text": "bb"}, "begins with no a"),
        ({"text": 5}, "must be text: put it in quotes"),
        ({"text": None}, "is empty"),
        ({"number": -1}, "is less than 0"),
        ({"number": 9}, "is not less than 9"),
        ({"number": "9"}, "is text: write a whole number, without quotes"),
        ({"number": 1.5}, "is no whole number"),
        ({"above": 0}, "is not more than 0"),
        ({"above": 10}, "is more than 9"),
        ({"many": []}, "has 0 entries, and at least 1 are wanted"),
        ({"many": [1, 2, 3]}, "has more than 2 entries"),
        ({"many": 5}, "is not a list"),
        ({"one": "c"}, "is not 'a' or 'b'"),
        ({"truth": 1}, "is neither true nor false"),
        ({"named": 1}, "is not a mapping of names to values"),
        ({"inside": 1}, "is not a mapping of fields to values"),
        ({"else": 1}, "is no field"),
        (5, "is not a mapping of fields to values"),
        ("{", "is no JSON"),
    ],
)
def test_what_pydantic_refuses_is_said_in_our_words(content: Any, told: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Every.model_validate_json(content if content == "{" else json.dumps(content))
    words = said(refused.value.errors()[0], {"^a": "begins with no a"})
    assert words.startswith(told)
    assert "nput should" not in words


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"wallet": "0xZZ"}, "wallet: is no attestation: is no address: 0x and 40 hexadecimal digits, in lower case"),
        ({"country": 0}, "country: is no attestation: is less than 1 (got '0')"),
        ({"signature": "0y"}, "signature: is no attestation: is not hexadecimal"),
        ({"odd": 1}, "odd: is no attestation: is no field"),
    ],
)
def test_an_attestations_file(tmp_path: Path, changed: dict[str, object], told: str) -> None:
    path = tmp_path / "a.json"
    attestations.write(ATTESTED, path)
    assert attestations.read(path) == ATTESTED
    content = json.loads(path.read_text())
    path.write_text(json.dumps(content | changed))
    with pytest.raises(InputError) as refused:
        attestations.read(path)
    assert str(refused.value).startswith(f"{path}: {told}")
    for wrong, words in (([], "it is no JSON object"), (asdict(ATTESTED), "schema: is missing")):
        path.write_text(json.dumps(wrong))
        with pytest.raises(InputError, match=words):
            attestations.read(path)


def test_a_desks_file(tmp_path: Path) -> None:
    (tmp_path / "desk.json").write_text(json.dumps({"networks": 5}))
    with pytest.raises(InputError, match=r"desk\.json: networks: is not a list; take the file back, or begin anew"):
        Settings.read(tmp_path)


def test_a_proposals_file() -> None:
    with pytest.raises(InputError, match=r"version: is not '1\.0'"):
        document.parsed(json.dumps({"version": 1.0, "scrip": {}}), "p.json")
    one = {"to": "0x", "value": "0", "data": "0x", "contractMethod": {}, "contractInputsValues": {}}
    content = {"version": "1.0", "chainId": "1", "createdAt": 1, "meta": {}, "transactions": [one], "scrip": {}}
    with pytest.raises(ValidationError) as refused:
        document.Document.model_validate(content)
    words = {document.path(one["loc"]): said(one, document.FORMS) for one in refused.value.errors()}
    assert words["transactions[0].to"] == "is no address: 0x and 40 hexadecimal digits"
    assert words["scrip.hash"] == "is missing"
