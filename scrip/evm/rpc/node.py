"""A node of an EVM network: the questions and the one order that Scrip has for it, over JSON-RPC."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from scrip.errors import InputError, ScripError
from scrip.evm.rpc.connect import connect
from scrip.evm.rpc.logs import Address, Topic
from scrip.evm.rpc.wire import RpcError, Wire

GAS_CAP = 2**24 - 1
"""Most gas that a transaction may be given: EIP-7825 refuses 2^24."""
GAS_MARGIN = 5
CODES_AT_ONCE = 200
"""A fifth is added to an estimate: storage that another transaction warms or clears in between."""
REVERTED = 3
"""The JSON-RPC error code of a call that reverted."""
KNOWN = ("already known", "already imported", "known transaction", "alreadyknown")
"""What nodes say to a transaction that they have already."""
POLL = 0.005
"""Seconds to the first look for a receipt; the pause doubles up to POLL_MAX."""
POLL_MAX = 2.0
PATIENCE = 300.0
"""Seconds that a transaction may take into a block, and a block to become final, unless told otherwise."""

Receipt = Mapping[str, Any]
"""A receipt as the node gives it: hex strings."""


class Reverted(ScripError):
    """A call reverted, with this data; decode.refusal names it."""

    def __init__(self, data: bytes) -> None:
        super().__init__(f"reverted with 0x{data.hex()}")
        self.data = data


class NotMined(ScripError):
    """A transaction that was sent is in no block yet; it may still come into one."""


class Hopeless(ScripError):
    """A transaction is in no block, and who waited for it knows that it never will be."""


@dataclass(frozen=True, slots=True)
class Block:
    """A block's number, hash, UTC second and base fee in wei."""

    number: int
    hash: str
    timestamp: int
    base_fee: int


@dataclass(frozen=True, slots=True)
class Fees:
    """What a transaction offers under EIP-1559, in wei per gas."""

    maximum: int
    priority: int


def call_fields(sender: str | None, to: str | None, data: bytes) -> dict[str, str]:
    """A call or transaction as JSON-RPC takes it; `to` None creates a contract."""
    fields = {"data": "0x" + data.hex()}
    return fields | {key: value for key, value in (("from", sender), ("to", to)) if value}


class Node:
    """An Ethereum-family node. Addresses and hashes are hex strings; RpcError when it does not answer or refuses."""

    def __init__(self, wire: Wire, patience: float = PATIENCE) -> None:
        self.wire = wire
        self.patience = patience

    @classmethod
    def at(cls, url: str) -> Node:
        """The node at a URL."""
        return cls(connect(url))

    # --- the wire ---

    def ask(self, method: str, *params: object) -> Mapping[str, Any]:
        """The whole answer to a request: "result" or "error"."""
        answer = self.wire.make_request(method, list(params))
        if not isinstance(answer, Mapping) or not ({"result", "error"} & set(answer)):
            raise RpcError(f"{method}: the node's answer is no JSON-RPC")
        return answer

    def rpc(self, method: str, *params: object) -> Any:
        """The result of a request; RpcError when the node refuses it."""
        return result(method, self.ask(method, *params))

    def batch(self, requests: Iterable[tuple[str, Sequence[object]]]) -> list[Mapping[str, Any]]:
        """The whole answers to several requests, in the order asked."""
        asked = [(method, list(params)) for method, params in requests]
        answers = self.wire.make_batch_request(asked) if asked else []
        if not isinstance(answers, list) or len(answers) != len(asked):
            raise RpcError(f"{asked[0][0]}: the node refuses a batch of {len(asked)}: {answers}")
        return answers

    # --- what stands ---

    def chain_id(self) -> int:
        """The chain's id as EIP-155 has it."""
        return int(self.rpc("eth_chainId"), 16)

    def genesis(self, known: str = "") -> str:
        """The hash of block 0.

        `known` is what the manifest says: it must agree, and it stands in where the node has dropped block 0 (a pruned
        node, or a fork of one). InputError where the two differ, or neither says.
        """
        answer = self.ask("eth_getBlockByNumber", "0x0", False)
        found = (answer.get("result") or {}).get("hash", "")
        if found and known and found.lower() != known.lower():
            raise InputError(f"the node's genesis is {found}: another network", field="chain.genesis", value=known)
        if not found and not known:
            raise InputError("the node has no block 0: say its hash", field="chain.genesis")
        return (found or known).lower()

    def block(self, which: str | int = "latest") -> Block:
        """A block by number or tag; RpcError when the node has none."""
        found = self.rpc("eth_getBlockByNumber", hex(which) if isinstance(which, int) else which, False)
        if found is None:
            raise RpcError(f"the node has no block {which}")
        number, stamp, fee = (int(found.get(key, "0x0"), 16) for key in ("number", "timestamp", "baseFeePerGas"))
        return Block(number, found["hash"], stamp, fee)

    def nonce(self, address: str, which: str = "latest") -> int:
        """How many transactions of an address are in blocks ("latest"), or waiting too ("pending")."""
        return int(self.rpc("eth_getTransactionCount", address, which), 16)

    def balance(self, address: str) -> int:
        """The balance of an address, in wei."""
        return int(self.rpc("eth_getBalance", address, "latest"), 16)

    def code(self, address: str, which: str = "latest") -> bytes:
        """The code at an address; empty where there is none."""
        return bytes.fromhex(self.rpc("eth_getCode", address, which)[2:])

    def codes(self, addresses: Sequence[str]) -> list[bytes]:
        """The code at each address, asked for in requests of a size that nodes take."""
        answers: list[Mapping[str, Any]] = []
        for start in range(0, len(addresses), CODES_AT_ONCE):
            answers += self.batch(("eth_getCode", [one, "latest"]) for one in addresses[start : start + CODES_AT_ONCE])
        return [bytes.fromhex(result("eth_getCode", one)[2:]) for one in answers]

    def storage(self, address: str, slot: int, which: str = "latest") -> bytes:
        """A storage word of a contract, 32 bytes."""
        return bytes.fromhex(self.rpc("eth_getStorageAt", address, hex(slot), which)[2:]).rjust(32, b"\0")

    def call(self, to: str | None, data: bytes, sender: str | None = None, which: str = "latest") -> bytes:
        """What a call returns; Reverted with its data when it does."""
        return returned(self.ask("eth_call", call_fields(sender, to, data), which))

    def logs(self, address: Address, topics: Sequence[Topic], first: int = 0, last: str | int = "latest") -> list[Any]:
        """Logs of contracts, of all there are for no address; some nodes refuse a long range (RpcError)."""
        to = hex(last) if isinstance(last, int) else last
        query: dict[str, Any] = {"topics": list(topics), "fromBlock": hex(first), "toBlock": to}
        if address:
            query["address"] = address
        found: list[Any] = self.rpc("eth_getLogs", query)
        return found

    def transaction(self, identity: str) -> Mapping[str, Any] | None:
        """A transaction by hash, waiting or mined; None when the node does not know it."""
        found: Mapping[str, Any] | None = self.rpc("eth_getTransactionByHash", identity)
        return found

    def receipt(self, identity: str) -> Receipt | None:
        """A mined transaction's receipt; None when it is in no block."""
        found: Receipt | None = self.rpc("eth_getTransactionReceipt", identity)
        return found

    # --- what is sent ---

    @cached_property
    def is_anvil(self) -> bool:
        """Whether it is a local anvil, which may give gas away. It names a price all the same."""
        return str(self.ask("web3_clientVersion").get("result", "")).lower().startswith("anvil/")

    def fees(self) -> Fees:
        """Fees that stay valid while the base fee doubles; nothing on an anvil whose base fee is zero."""
        base = self.block().base_fee
        if base == 0 and self.is_anvil:
            return Fees(0, 0)
        priority = int(self.rpc("eth_maxPriorityFeePerGas"), 16)
        return Fees(2 * base + priority, priority)

    def estimate(self, sender: str, to: str | None, data: bytes) -> int:
        """How much gas to give: the node's estimate and a fifth, at most the cap. Reverted when it would fail.

        ScripError when it needs more than a transaction may be given.
        """
        answer = self.ask("eth_estimateGas", call_fields(sender, to, data))
        if "error" in answer:
            returned(answer, "eth_estimateGas")
        needed = int(answer["result"], 16)
        if needed > GAS_CAP:
            raise ScripError(f"needs {needed:,} gas, and a transaction is given {GAS_CAP:,} at most")
        return min(needed + needed // GAS_MARGIN, GAS_CAP)

    def send_raw(self, signed: bytes) -> None:
        """Give a signed transaction to the network; again is no error while the network has it."""
        answer = self.ask("eth_sendRawTransaction", "0x" + signed.hex())
        error = answer.get("error")
        if error and not any(word in str(error.get("message", "")).lower() for word in KNOWN):
            result("eth_sendRawTransaction", answer)

    def next_nonce(self, address: str, known: int = 0) -> int:
        """The nonce of an address's next transaction, at least `known`: of many nodes behind one URL some lag.

        ScripError while transactions of the address wait: one of them would be overtaken, or would overtake ours.
        """
        deadline = time.monotonic() + self.patience
        while (mined := self.nonce(address)) < known:
            if time.monotonic() > deadline:
                raise ScripError(f"the node says that {address} has sent {mined} transactions, and it sent {known}")
            time.sleep(POLL_MAX)
        if (waiting := self.nonce(address, "pending")) > mined:
            raise ScripError(f"{waiting - mined} transactions of {address} wait to be mined: wait for them first")
        return mined

    def wait(self, identity: str, is_hopeless: Callable[[], bool] = lambda: False) -> Receipt:
        """Wait for a transaction's receipt; NotMined when this node's patience ends before it is in a block.

        Hopeless where who waits says that it never will be.
        """
        deadline, pause = time.monotonic() + self.patience, POLL
        while (receipt := self.receipt(identity)) is None:
            if is_hopeless():
                raise Hopeless(f"{identity} is in no block and never will be")
            if time.monotonic() > deadline:
                raise NotMined(f"{identity} is in no block after {self.patience:.0f} s")
            time.sleep(pause)
            pause = min(2 * pause, POLL_MAX)
        return receipt

    def wait_final(self, number: int, finality: int) -> None:
        """Wait until `finality` blocks stand on block `number`; NotMined when that takes longer than its patience."""
        deadline, pause = time.monotonic() + self.patience * max(1, finality), POLL
        while finality and self.block().number < number + finality:
            if time.monotonic() > deadline:
                raise NotMined(f"block {number} does not become final")
            time.sleep(pause)
            pause = min(2 * pause, POLL_MAX)


def result(method: str, answer: Mapping[str, Any]) -> Any:
    """The result in a whole answer; RpcError when it is an error."""
    if "error" in answer:
        raise _error(method, answer["error"])
    return answer["result"]


def _error(method: str, error: Any) -> RpcError:
    if not isinstance(error, Mapping):
        return RpcError(f"{method}: {error}")
    return RpcError(f"{method}: {error.get('message', error)}", error.get("code", 0))


def returned(answer: Mapping[str, Any], method: str = "eth_call") -> bytes:
    """Return data of an answer to eth_call; Reverted or RpcError."""
    if "error" not in answer:
        return bytes.fromhex(answer["result"][2:])
    error = answer["error"]
    data = error.get("data")
    # Nodes differ: code 3 with data, or another code and the data in an object.
    data = data.get("data") if isinstance(data, Mapping) else data
    if error.get("code") == REVERTED or (isinstance(data, str) and data.startswith("0x")):
        raise Reverted(bytes.fromhex((data or "0x")[2:]))
    raise _error(method, error)
