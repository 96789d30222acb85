"""A chain behind a node: views, and plain sends for networks that keep no records (tests, demonstrations).

What an issuer sends goes through scrip.executor, which writes down what it is about to send.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from scrip.errors import InputError, Refusal, ScripError
from scrip.evm.chain import Call, Contract, Log
from scrip.evm.compiled.artifacts import abi, artifact
from scrip.evm.compiled.codec import CodecChain
from scrip.evm.encoding.abi import encode_arguments
from scrip.evm.encoding.blueprint import blueprint_initcode
from scrip.evm.encoding.refusals import refusal
from scrip.evm.rpc.logs import in_spans
from scrip.evm.rpc.node import GAS_CAP, Node, Receipt, Reverted, call_fields, returned
from scrip.evm.rpc.signers import Impersonated, LocalSigner, Signer, transaction_hash
from scrip.ledger import Receipt as Cost


class RpcChain(CodecChain):
    """The chain behind a node. Accounts are those of `signers`, and names that were learnt.

    With `derive`, for local chains alone, any other name is a local account that signs here.
    """

    def __init__(self, node: Node, signers: Mapping[str, Signer] | None = None, derive: bool = False) -> None:
        super().__init__(derive)
        self.node = node
        self._derives = derive
        self._signers: dict[str, Signer] = {}
        self._chain_id = node.chain_id()
        for name, signer in (signers or {}).items():
            self.add_signer(name, signer)

    def add_signer(self, name: str, signer: Signer) -> None:
        """Let a name sign here."""
        self._signers[name] = signer
        self.names.learn(name, signer.address)

    def signs(self, name: str) -> bool:
        """Whether a key of this machine signs for an account."""
        return name in self._signers

    def signer(self, name: str) -> Signer:
        """Who signs for a name; InputError when nobody here does."""
        if name not in self._signers:
            if not self._derives:
                raise InputError("nobody here signs for it", field="sender", value=name)
            self._signers[name] = LocalSigner(name)
        return self._signers[name]

    # --- the chain ---

    def _load_abi(self, contract: str) -> Sequence[Mapping[str, Any]]:
        return abi(contract)

    def chain_id(self) -> int:
        """The chain's id as EIP-155 has it."""
        return self._chain_id

    def now(self) -> int:
        """The latest block's second: a transaction's may be later."""
        return self.node.block().timestamp

    def advance_to(self, t: int) -> None:
        """Move a local anvil's clock; ValueError when `t` has passed, or the clock is a live chain's."""
        now = self.now()
        if t < now:
            raise ValueError(f"the clock stands at {now}, {t} has passed")
        if t > now:
            if not self.node.is_anvil:
                raise ValueError(f"the clock stands at {now} and cannot be moved to {t}")
            self.node.rpc("evm_mine", {"timestamp": t})

    def initcode(self, contract: str, args: Sequence[object]) -> bytes:
        """The code that a deployment runs: creation code and the constructor's arguments."""
        return artifact(contract).initcode + encode_arguments(contract, self.abi(contract).constructor, args)

    def deploy(self, contract: str, *args: object, sender: str) -> Contract:
        """Deploy a contract of the project."""
        receipt = self.transact(sender, None, self.initcode(contract, args))
        return Contract(contract, receipt["contractAddress"].lower())

    def blueprint(self, contract: str, sender: str) -> str:
        """Deploy a contract's ERC-5202 blueprint; its address."""
        receipt = self.transact(sender, None, blueprint_initcode(artifact(contract).initcode))
        return str(receipt["contractAddress"]).lower()

    def send(self, contract: Contract, function: str, *args: object, sender: str) -> Cost:
        """Send a transaction of a named account; Refusal, decoded, when it reverts."""
        entry = self.abi(contract.name).function(function, len(args))
        receipt = self.transact(sender, contract.address, entry.calldata(args))
        return Cost(tx=receipt["transactionHash"], gas=int(receipt["gasUsed"], 16))

    def fields(self, sender: str, to: str | None, data: bytes, nonce: int) -> dict[str, Any]:
        """The fields of a transaction of an address, ready to be signed; Refusal, decoded, when it would fail."""
        try:
            gas = self.node.estimate(sender, to, data)
        except Reverted as error:
            raise refusal(error.data, self.name) from None
        fees = self.node.fees()
        fields: dict[str, Any] = {
            "chainId": self._chain_id,
            "nonce": nonce,
            "gas": gas,
            "maxFeePerGas": fees.maximum,
            "maxPriorityFeePerGas": fees.priority,
            "value": 0,
            "data": data,
        }
        return fields | ({"to": to} if to else {})

    def transact(self, sender: str, to: str | None, data: bytes) -> Receipt:
        """Prepare, sign and send a transaction; its receipt. Refusal, decoded, when it would fail or did."""
        signer = self.signer(sender)
        fields = self.fields(signer.address, to, data, self.node.nonce(signer.address, "pending"))
        receipt = self.node.wait(self._given(signer, fields))
        if int(receipt["status"], 16) != 1:
            raise self.failure(signer.address, to, data, int(receipt["blockNumber"], 16))
        return receipt

    def _given(self, signer: Signer, fields: Mapping[str, Any]) -> str:
        """Give a transaction to the node; its hash. On a fork an impersonated account needs no signature."""
        if isinstance(signer, Impersonated):
            return signer.transmit(self.node, fields)
        signed = signer.sign_transaction(fields)
        self.node.send_raw(signed)
        return transaction_hash(signed)

    def failure(self, sender: str, to: str | None, data: bytes, block: int) -> Refusal:
        """Why a mined transaction failed, told by the same call on the state before its block."""
        call = call_fields(sender, to, data) | {"gas": hex(GAS_CAP)}
        try:
            returned(self.node.ask("eth_call", call, hex(block - 1)))
        except Reverted as error:
            return refusal(error.data, self.name)
        except ScripError as error:
            return Refusal("failed", f"and the chain does not say why: {error}")
        return Refusal("failed", "for a reason that came up in its own block, or for lack of gas")

    def _query(self, to: str, data: bytes) -> bytes:
        try:
            return self.node.call(to, data)
        except Reverted as error:
            raise refusal(error.data, self.name) from None

    def word(self, contract: Contract, slot: int) -> int:
        """The storage word of a contract at a slot, as of the latest block."""
        return int.from_bytes(self.node.storage(contract.address, slot))

    def logs(self, contract: Contract, topics: Sequence[bytes | None], first: int = 0) -> Iterator[Log]:
        """Events of a contract since block `first`, asked for in spans that the node accepts."""
        asked = [None if topic is None else "0x" + topic.hex() for topic in topics]
        for event in in_spans(self.node, contract.address, asked, first, self.node.block().number):
            found = tuple(_bytes(topic) for topic in event["topics"])
            yield Log(found, _bytes(event["data"]))

    def call_many(self, calls: Sequence[Call]) -> list[Any]:
        """Several views in one request, all of the latest block."""
        entries = [self.abi(one.contract.name).function(one.function, len(one.args)) for one in calls]
        answers = self.node.batch(
            ("eth_call", [call_fields(None, one.contract.address, entry.calldata(one.args)), "latest"])
            for one, entry in zip(calls, entries, strict=True)
        )
        try:
            return [entry.result(returned(answer)) for entry, answer in zip(entries, answers, strict=True)]
        except Reverted as error:
            raise refusal(error.data, self.name) from None

    def sign(self, account: str, typed: Mapping[str, Any]) -> bytes:
        """An EIP-712 signature by whoever signs for the account."""
        return self.signer(account).sign_typed(typed)


def _bytes(text: object) -> bytes:
    return bytes.fromhex(str(text).removeprefix("0x"))


class AnvilChain(RpcChain):
    """A local anvil: names are keys, and its clock stands until it is moved."""

    def __init__(self, node: Node, signers: Mapping[str, Signer] | None = None) -> None:
        super().__init__(node, signers, derive=True)
        self._now = node.block().timestamp
        node.rpc("anvil_setLoggingEnabled", False)
        # Transactions happen in the second that the clock stands at, not when this machine gets to them.
        node.rpc("anvil_setBlockTimestampInterval", 0)

    def now(self) -> int:
        """The latest block's second, which is the next one's too."""
        return self._now

    def advance_to(self, t: int) -> None:
        """Mine an empty block of that second, so that views and transactions see it."""
        super().advance_to(t)
        self._now = t
