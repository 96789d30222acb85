"""What a manifest says of votes and elections: both stand on the book of its dividends, and both are left out by
default."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from support.network_world import MANIFESTS

from scrip.errors import InputError
from scrip.evm.deploy import elections, voting
from scrip.manifest.load import load


def edited(tmp_path: Any, **parts: Any) -> Any:
    """The local network's manifest with these parts, None for one that is left out."""
    content = yaml.safe_load((MANIFESTS / "local.yaml").read_text())
    content = {name: one for name, one in (content | parts).items() if one is not None}
    path = tmp_path / "local.yaml"
    path.write_text(yaml.safe_dump(content))
    for folder in ("presets", "regimes"):
        if (MANIFESTS / folder).is_dir() and not (tmp_path / folder).exists():
            (tmp_path / folder).symlink_to(MANIFESTS / folder)
    return path


@pytest.mark.parametrize("name", ["voting", "elections"])
def test_what_holders_decide_by_a_register_needs_the_book(tmp_path: Any, name: str) -> None:
    with pytest.raises(InputError) as caught:
        load(edited(tmp_path, dividends=None, **{name: {}}))
    assert (caught.value.field, "give dividends, too" in caught.value.message) == (name, True)


def test_an_election_s_default_is_an_option(tmp_path: Any) -> None:
    with pytest.raises(InputError) as caught:
        load(edited(tmp_path, dividends={"tax": "custodian"}, elections={"default": "NOAC"}))
    assert caught.value.field == "elections.default"


def test_a_manifest_without_elections_deploys_as_before(tmp_path: Any) -> None:
    without = load(edited(tmp_path, dividends={"tax": "custodian"}, elections=None))
    assert [*elections.wanted_parts(without), *voting.wanted_parts(without)] == []
    with_ = load(edited(tmp_path, dividends={"tax": "custodian"}, elections={"default": "SECU"}))
    assert (with_.elections.default, len([*elections.wanted_parts(with_)])) == ("SECU", 1)
