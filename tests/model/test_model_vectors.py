import json
import os
import subprocess
import sys
from hashlib import sha256
from pathlib import Path

import pytest
from eth_abi import encode
from eth_utils import keccak

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import shared_vectors as vectors  # noqa: E402

COMMITTED = vectors.FOLDER
NAMES = ["action_id", "dividend", "merkle_sum", "multiplier", "quote", "reserve", "sanctions", "split", "ui_amount"]


def test_the_files_are_these() -> None:
    assert sorted(vectors.generate()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_vectors_are_what_the_model_answers_now(name: str) -> None:
    fresh = vectors.render(vectors.generate()[name])
    assert (COMMITTED / f"{name}.json").read_text(encoding="utf-8") == fresh, "python tools/shared_vectors.py"


@pytest.mark.parametrize("name", NAMES)
def test_no_number_is_beyond_what_json_readers_keep(name: str) -> None:
    def check(number: str) -> int:
        assert abs(int(number)) < vectors.JSON_SAFE
        return int(number)

    def no_float(number: str) -> float:
        raise AssertionError(number)

    json.loads((COMMITTED / f"{name}.json").read_text(encoding="utf-8"), parse_int=check, parse_float=no_float)


def test_the_writer_runs_as_a_program(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "tools/shared_vectors.py", str(tmp_path)], check=True, cwd=ROOT, env=os.environ.copy()
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == [f"{name}.json" for name in NAMES]


def test_action_ids_are_hashes_of_what_names_an_action() -> None:
    cases = json.loads((COMMITTED / "action_id.json").read_text(encoding="utf-8"))["action_id"]
    for case in cases:
        stock = case["isin"].encode() + int(case["series"]).to_bytes(8, "big")
        action = case["code"].encode() + bytes.fromhex(case["reference"][2:])
        assert "0x" + keccak(stock + action).hex() == case["id"]
    assert len({case["id"] for case in cases}) == len(cases) == 32


def test_evm_quotes_are_eip_712_written_out() -> None:
    types = ["bytes32", "address", "uint8", "address", "address", *["uint256"] * 4, "bytes32", *["uint256"] * 3]
    kind = (
        "Quote(address token,uint8 side,address account,address stablecoin,uint256 amount,uint256 settlement,"
        "uint256 fee,uint256 generation,bytes32 ref,uint256 nonce,uint256 epoch,uint256 expiry)"
    )
    domain = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    for case in json.loads((COMMITTED / "quote.json").read_text(encoding="utf-8"))["evm"]:
        terms = [case[name] for name in ("token", "side", "account", "stablecoin")]
        terms += [int(case[name]) for name in ("amount", "settlement", "fee", "generation")]
        terms += [bytes.fromhex(case["ref"][2:]), *(int(case[name]) for name in ("nonce", "epoch", "expiry"))]
        struct = keccak(encode(types, [keccak(text=kind), *terms]))
        place = [keccak(text=domain), keccak(text="Scrip PrimaryMarket"), keccak(text="1")]
        place += [int(case["chain_id"]), case["market"]]
        separator = keccak(encode(["bytes32"] * 3 + ["uint256", "address"], place))
        assert "0x" + keccak(b"\x19\x01" + separator + struct).hex() == case["digest"]


def test_papers_are_eip_712_written_out() -> None:
    numbers = ("reserve", "num", "den", "counter", "asOf", "ceiling", "others", "nonce", "expiry")
    kind = f"Paper(address token,address attestor,{','.join(f'uint256 {name}' for name in numbers)})"
    domain = "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    for case in json.loads((COMMITTED / "quote.json").read_text(encoding="utf-8"))["paper"]:
        terms = [case["token"], case["attestor"], *(int(case[name]) for name in numbers)]
        struct = keccak(encode(["bytes32", "address", "address", *["uint256"] * 9], [keccak(text=kind), *terms]))
        place = [keccak(text=domain), keccak(text="Scrip ReserveFeed"), keccak(text="1")]
        place += [int(case["chain_id"]), case["feed"]]
        separator = keccak(encode(["bytes32"] * 3 + ["uint256", "address"], place))
        assert "0x" + keccak(b"\x19\x01" + separator + struct).hex() == case["digest"]


@pytest.mark.parametrize("name", ["solana", "attestation"])
def test_solana_messages_are_hashed_as_documented(name: str) -> None:
    layouts = {
        "solana": [
            *[(part, 0) for part in ("genesis", "program", "mint")],
            ("side", 1),
            *[(part, 0) for part in ("account", "token_account", "settlement_mint")],
            *[(part, 8) for part in ("amount", "settlement", "generation")],
            ("id", 0),
            ("expiry", 8),
        ],
        "attestation": [
            *[(part, 0) for part in ("genesis", "program", "issuer", "mint")],
            *[(part, 16) for part in ("shares", "ceiling", "others")],
            *[(part, 8) for part in ("num", "den", "counter", "as_of", "nonce", "expiry")],
        ],
    }
    head = {"solana": b"scrip quote v1", "attestation": b"scrip reserve v1"}[name]
    for case in json.loads((COMMITTED / "quote.json").read_text(encoding="utf-8"))[name]:
        message = head
        for part, size in layouts[name]:
            if size == 0:
                message += bytes.fromhex(case[part][2:])
            else:
                message += (int(case[part]) % 2 ** (8 * size)).to_bytes(size, "little")
        assert "0x" + sha256(message).hexdigest() == case["digest"]


def test_every_quote_of_the_vectors_is_another_message() -> None:
    found = json.loads((COMMITTED / "quote.json").read_text(encoding="utf-8"))
    digests = [case["digest"] for name in ("evm", "solana", "attestation", "paper") for case in found[name]]
    assert len(set(digests)) == len(digests) > 30


def test_sanctions_lists_are_hashed_as_documented() -> None:
    cases = json.loads((COMMITTED / "sanctions.json").read_text(encoding="utf-8"))["list"]
    for case in cases:
        places = b"".join(bytes.fromhex(case[part][2:]) for part in ("genesis", "program", "issuer", "root"))
        terms = b"".join(int(case[part]).to_bytes(8, "little") for part in ("serial", "issued", "expiry"))
        assert "0x" + sha256(b"scrip sanctions v1" + places + terms).hexdigest() == case["digest"]
    assert len({case["digest"] for case in cases}) == len(cases) == 7
