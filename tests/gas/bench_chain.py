"""A free-gas anvil on which anyone may send: whole transactions, and what each of them cost."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scrip.errors import ScripError
from scrip.evm.accounts import sign_typed
from scrip.evm.chain import Contract
from scrip.evm.compiled.artifacts import abi, artifact
from scrip.evm.compiled.codec import CodecChain
from scrip.evm.encoding.abi import encode_arguments
from scrip.evm.encoding.blueprint import blueprint_initcode
from scrip.evm.encoding.refusals import refusal
from scrip.evm.rpc.loopback import Loopback
from scrip.evm.rpc.wire import RpcError
from scrip.ledger import Receipt

NODE_MODULES = Path(__file__).resolve().parents[2] / "node_modules"
GAS_LIMIT = 16_777_216
"""2^24: what EIP-7825 lets a transaction use."""
RECEIPT_TIMEOUT = 30.0


class BenchChain(CodecChain):
    """The anvil at `url`. Senders need no keys; contracts of npm packages are learnt from their artifacts."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._node = Loopback(url)
        self._foreign: dict[str, Mapping[str, Any]] = {}
        self._rpc("anvil_autoImpersonateAccount", True)
        self._rpc("anvil_setBlockTimestampInterval", 0)

    def _ask(self, method: str, *params: object) -> dict[str, Any]:
        return self._node.make_request(method, list(params))

    def _rpc(self, method: str, *params: object) -> Any:
        answer = self._ask(method, *params)
        if "error" in answer:
            raise RpcError(f"{method}: {answer['error'].get('message', answer['error'])}")
        return answer["result"]

    # --- contracts that are not ours ---

    def learn_foreign(self, name: str, artifact: Path | Mapping[str, Any]) -> None:
        """Let `deploy` and `call` know a contract by the `abi` and `bytecode` of an artifact."""
        self._foreign[name] = artifact if isinstance(artifact, Mapping) else json.loads(artifact.read_text())

    def _load_abi(self, contract: str) -> Sequence[Mapping]:
        known = self._foreign.get(contract)
        return known["abi"] if known else abi(contract)

    def _initcode(self, contract: str) -> bytes:
        known = self._foreign.get(contract)
        return bytes.fromhex(known["bytecode"].removeprefix("0x")) if known else artifact(contract).initcode

    # --- the chain ---

    def chain_id(self) -> int:
        """EIP-155."""
        return int(self._rpc("eth_chainId"), 16)

    def now(self) -> int:
        """The latest block's second."""
        return int(self._rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16)

    def latest_block(self) -> tuple[int, bytes]:
        """The latest block's number and hash."""
        found = self._rpc("eth_getBlockByNumber", "latest", False)
        return int(found["number"], 16), bytes.fromhex(found["hash"][2:])

    def advance_to(self, t: int) -> None:
        """Mine a block of that second."""
        self._rpc("evm_mine", {"timestamp": t})

    def _transact(self, sender: str, data: bytes, to: str | None) -> Mapping[str, Any]:
        fields = {"from": sender, "data": "0x" + data.hex(), "gas": hex(GAS_LIMIT), "gasPrice": "0x0"}
        identity = self._rpc("eth_sendTransaction", fields | ({"to": to} if to else {}))
        receipt = self._receipt(identity)
        if int(receipt["status"], 16) != 1:
            self._query(to or "", data, sender)
            raise ScripError(f"{identity} failed, and the chain does not say why")
        return receipt

    def _receipt(self, identity: str) -> Mapping[str, Any]:
        deadline = time.monotonic() + RECEIPT_TIMEOUT
        while time.monotonic() < deadline:
            if receipt := self._rpc("eth_getTransactionReceipt", identity):
                return receipt
            time.sleep(0.001)
        raise RpcError(f"no receipt of {identity} within {RECEIPT_TIMEOUT:.0f} s")

    def deploy(self, contract: str, *args: object, sender: str) -> Contract:
        """Deploy a contract of ours or of an npm package."""
        code = self._initcode(contract) + encode_arguments(contract, self.abi(contract).constructor, args)
        return Contract(contract, self._transact(self.address(sender), code, None)["contractAddress"].lower())

    def blueprint(self, contract: str, sender: str) -> str:
        """Deploy a blueprint."""
        code = blueprint_initcode(self._initcode(contract))
        return self._transact(self.address(sender), code, None)["contractAddress"].lower()

    def send(self, contract: Contract, function: str, *args: object, sender: str) -> Receipt:
        """A transaction; its receipt tells the gas of the whole of it."""
        entry = self.abi(contract.name).function(function, len(args))
        receipt = self._transact(self.address(sender), entry.calldata(args), contract.address)
        return Receipt(tx=receipt["transactionHash"], gas=int(receipt["gasUsed"], 16))

    def gas(self, contract: Contract, function: str, *args: object, sender: str) -> int:
        """The gas of a transaction that is carried out."""
        return self.send(contract, function, *args, sender=sender).gas or 0

    def _query(self, to: str, data: bytes, sender: str | None = None) -> bytes:
        call = {"data": "0x" + data.hex()} | ({"to": to} if to else {}) | ({"from": sender} if sender else {})
        answer = self._ask("eth_call", call, "latest")
        if "error" in answer:
            raise refusal(bytes.fromhex((answer["error"].get("data") or "0x")[2:]), self.name)
        return bytes.fromhex(answer["result"][2:])

    def sign(self, account: str, typed: Mapping[str, Any]) -> bytes:
        """An EIP-712 signature by the key of a name."""
        return sign_typed(account, typed)

    # --- what only a bench asks ---

    def frame_gas(self, tx: str, callee: Contract, function: str, count: int) -> int:
        """Gas used inside the transaction's call of that function, with so many arguments."""
        selector = "0x" + self.abi(callee.name).function(function, count).selector.hex()
        found = _find(self._rpc("debug_traceTransaction", tx, {"tracer": "callTracer"}), callee.address, selector)
        if found is None:
            raise LookupError(f"{tx} does not call {function} of {callee.name}")
        return int(found["gasUsed"], 16)

    def word(self, contract: Contract, slot: int) -> int:
        """The storage word of a contract at a slot."""
        return int(self._rpc("eth_getStorageAt", contract.address, hex(slot), "latest"), 16)

    def code(self, address: str) -> str:
        """Runtime code, as hex."""
        return self._rpc("eth_getCode", address, "latest")

    def batch(self, requests: Sequence[tuple[str, object]]) -> list[dict[str, Any]]:
        """Several requests at once; the answers in their order."""
        return self._node.make_batch_request(requests)

    def needed(self, contract: Contract, function: str, *args: object, sender: str) -> int:
        """The least gas with which a transaction would be carried out now; it is not sent."""
        data = self.abi(contract.name).function(function, len(args)).calldata(args)
        call = {"from": self.address(sender), "to": contract.address, "data": "0x" + data.hex()}
        return int(self._rpc("eth_estimateGas", call | {"gas": hex(GAS_LIMIT)}, "latest"), 16)

    def set_code(self, address: str, code: str) -> None:
        """Put code at an address."""
        self._rpc("anvil_setCode", address, code)


def _find(frame: Mapping[str, Any], callee: str, selector: str) -> Mapping[str, Any] | None:
    if frame.get("to", "").lower() == callee and frame.get("input", "").startswith(selector):
        return frame
    return next((found for call in frame.get("calls", ()) if (found := _find(call, callee, selector))), None)
