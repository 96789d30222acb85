"""An agenda: the resolutions of a meeting, in their order, as a YAML file whose hash stands on the chain.

    title: Annual general meeting 2027
    uri: https://example.com/agm-2027
    resolutions:
      - label: "1"
        title: Approve the accounts

A resolution's label is the issuer's; its number, which commands take, is its place, counted from 1.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from eth_utils import keccak
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scrip.errors import InputError
from scrip.manifest.document import read
from scrip.parameters import MAX_RESOLUTIONS


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Resolution(_Part):
    """One resolution, as the issuer calls it."""

    label: str = Field(min_length=1, max_length=16)
    title: str = Field(min_length=1, max_length=500)


class Agenda(_Part):
    """What is voted on, and where it is read."""

    title: str
    uri: str = Field(min_length=1, max_length=256)
    resolutions: tuple[Resolution, ...] = Field(min_length=1, max_length=MAX_RESOLUTIONS.value)


@dataclass(frozen=True, slots=True)
class Read:
    """An agenda, and the hash of its file's bytes as 0x-prefixed hex, by which the chain knows it."""

    agenda: Agenda
    hash: str


def read_agenda(path: Path) -> Read:
    """Read an agenda's file; InputError that names the field, and for two resolutions of one label."""
    document = read(path)
    try:
        found = Agenda.model_validate(document.value)
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(map(str, first["loc"]))
        raise InputError(first["msg"], file=str(path), field=field, value=first.get("input")) from None
    labels = [one.label for one in found.resolutions]
    for label in labels:
        if labels.count(label) > 1:
            raise InputError("is the label of two resolutions", file=str(path), field="label", value=label)
    return Read(found, "0x" + keccak(path.read_bytes()).hex())
