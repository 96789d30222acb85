"""Where Ape was loaded an address without code said 0 to every question: eth-abi's shared decoder filled up with zeros.

The commands run under Ape, so a coin that is none had 0 decimals, and a node that answered nothing no holder of a role.
"""

from pathlib import Path

import ape.utils.abi  # noqa: F401 - what changes the decoder that all share
import eth_abi
import pytest
from eth_abi.exceptions import DecodingError
from support.network_world import NetworkWorld, empty_world

from scrip.evm.chain import Contract
from scrip.evm.encoding.words import decode, encode

NOWHERE = "0x" + "c0" * 20
KINDS = [
    "uint8",
    "uint256",
    "address",
    "bool",
    "bytes32",
    "int256",
    "string",
    "(uint8,uint256)",
    "uint256[]",
    "uint8[2]",
]


def test_the_decoder_that_all_share_is_the_one_that_was_changed() -> None:
    """Else the tests below would pass for want of a fault."""
    assert eth_abi.decode(["uint8"], b"") == (0,)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bytes_short", [32, 1])
def test_too_few_bytes_are_no_value(kind: str, bytes_short: int) -> None:
    with pytest.raises(DecodingError):
        decode([kind], b"\0" * (32 - bytes_short))


def test_what_is_whole_is_read_as_the_library_reads_it() -> None:
    types, values = ["uint8", "address", "bytes", "int8", "uint256[]"], (255, NOWHERE, b"abc", -1, (1, 2**256 - 1))
    assert encode(types, values) == eth_abi.encode(types, values)
    assert decode(types, encode(types, values)) == values


@pytest.fixture
def world(tmp_path: Path):
    with empty_world(tmp_path) as found:
        yield found


@pytest.mark.parametrize(
    ("contract", "view", "args"),
    [
        ("IStablecoin", "decimals", ()),
        ("StockToken", "totalSupply", ()),
        ("Roles", "hasRole", (b"\0" * 32, NOWHERE)),
        ("ReserveFeed", "attestation", (NOWHERE,)),
    ],
)
def test_an_address_without_code_answers_nothing(
    world: NetworkWorld, contract: str, view: str, args: tuple[object, ...]
) -> None:
    chain = world.open().chain
    with pytest.raises(DecodingError):
        chain.call(Contract(contract, NOWHERE), view, *args)
