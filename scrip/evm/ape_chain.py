"""Ape over RPC: its accounts sign, its provider carries, a local anvil decides.

Transactions are prepared, signed and sent step by step, one to a block, each at the second that the clock stands at. A
transaction that fails is mined as failed, and its reason is asked of the chain at the block before it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ape
from ape.api.accounts import TestAccountAPI
from ape.api.providers import ProviderAPI
from ape.logging import LogLevel, logger
from eth_account.messages import encode_typed_data

from scrip.errors import ScripError
from scrip.evm.abi import encode_arguments
from scrip.evm.accounts import local_account
from scrip.evm.blueprint import blueprint_initcode
from scrip.evm.chain import Call, CodecChain, Contract
from scrip.evm.decode import refusal
from scrip.evm.loopback import Loopback, RpcError
from scrip.ledger import Receipt

GAS_LIMIT = 16_000_000
"""Under 2^24, the cap of a transaction on a live chain."""
REVERTED = 3
"""The JSON-RPC error code of a call that reverted."""
RECEIPT_TIMEOUT = 30.0


@contextmanager
def connected(url: str) -> Iterator[ProviderAPI]:
    """Ape's provider for the anvil at `url`."""
    settings = {"host": url, "manage_process": False}
    with ape.networks.ethereum.local.use_provider("foundry", provider_settings=settings) as provider:
        provider.web3.provider = Loopback(url)
        yield provider


def is_compiled(project: Any, stamp: Path) -> bool:
    """Whether `stamp`, which make keeps too, is newer than every source.

    Ape itself does not see that a module which a contract imports has changed.
    """
    if not stamp.is_file() or not (project.path / ".build" / "__local__.json").is_file():
        return False
    folder = project.contracts_folder
    sources = (path for path in folder.rglob("*") if path.suffix in (".vy", ".vyi"))
    return max(path.stat().st_mtime for path in sources) <= stamp.stat().st_mtime


def compile_contracts(project: Any, stamp: Path) -> None:
    """Compile everything with Ape, and say so in `stamp`."""
    with logger.at_level(LogLevel.WARNING):
        project.load_contracts(use_cache=False)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.touch()


class ApeChain(CodecChain):
    """The chain behind a connected provider. Accounts are keys derived from their names."""

    def __init__(self, provider: ProviderAPI, project: Any) -> None:
        super().__init__()
        self.provider = provider
        self.project = project
        self.ecosystem = provider.network.ecosystem
        self._accounts: dict[str, TestAccountAPI] = {}
        self._nonces: dict[str, int] = {}
        self._chain_id = int(self._rpc("eth_chainId"), 16)
        self._now = int(self._rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16)
        self._rpc("anvil_setLoggingEnabled", False)
        # Transactions happen in the second that the clock stands at, not when this machine gets to them.
        self._rpc("anvil_setBlockTimestampInterval", 0)

    # --- RPC ---

    def _ask(self, method: str, *params: object) -> dict[str, Any]:
        """The whole answer; the provider's own request drops what a revert carries."""
        return self.provider.web3.provider.make_request(method, list(params))

    def _rpc(self, method: str, *params: object) -> Any:
        answer = self._ask(method, *params)
        if "error" in answer:
            raise RpcError(f"{method}: {answer['error'].get('message', answer['error'])}")
        return answer["result"]

    def _view(self, answer: Mapping[str, Any]) -> bytes:
        """Return data of an eth_call, or its refusal."""
        if "error" not in answer:
            return bytes.fromhex(answer["result"][2:])
        error = answer["error"]
        if error.get("code") != REVERTED:
            raise RpcError(f"eth_call: {error.get('message', error)}")
        raise refusal(bytes.fromhex((error.get("data") or "0x")[2:]), self.name)

    # --- the chain ---

    def _load_abi(self, contract: str) -> Sequence[Mapping]:
        kind = self.project.contracts[contract]
        return [entry.model_dump(mode="json", by_alias=True) for entry in kind.abi]

    def _initcode(self, contract: str) -> bytes:
        return bytes(self.project.contracts[contract].get_deployment_bytecode())

    def chain_id(self) -> int:
        """EIP-155."""
        return self._chain_id

    def now(self) -> int:
        """The latest block's second, which is the next one's too."""
        return self._now

    def advance_to(self, t: int) -> None:
        """Mine an empty block of that second, so that views and transactions see it."""
        if t < self._now:
            raise ValueError(f"the clock stands at {self._now}, {t} has passed")
        if t > self._now:
            self._rpc("evm_mine", {"timestamp": t})
            self._now = t

    def account(self, name: str) -> TestAccountAPI:
        """Ape's account of a name."""
        if name not in self._accounts:
            key = local_account(name)
            container = ape.accounts.test_accounts
            self._accounts[name] = container.init_test_account(len(self._accounts), key.address, key.key.hex())
        return self._accounts[name]

    def _transact(self, sender: str, data: bytes, to: str | None) -> Mapping[str, Any]:
        """Prepare, sign, send; the receipt. Refusal, decoded, when it failed."""
        account, nonce = self.account(sender), self._nonces.get(sender, 0)
        fields = {"receiver": self.ecosystem.decode_address(to)} if to else {}
        transaction = self.ecosystem.create_transaction(
            sender=account.address,
            data=data,
            nonce=nonce,
            gas_limit=GAS_LIMIT,
            max_fee=0,
            max_priority_fee=0,
            chain_id=self._chain_id,
            value=0,
            **fields,
        )
        signed = account.sign_transaction(transaction)
        if signed is None:
            raise ScripError(f"{sender} did not sign")
        identity = self._rpc("eth_sendRawTransaction", "0x" + signed.serialize_transaction().hex().removeprefix("0x"))
        self._nonces[sender] = nonce + 1
        receipt = self._receipt(identity)
        if int(receipt["status"], 16) != 1:
            raise self._reason(account.address, to, data, int(receipt["blockNumber"], 16))
        return receipt

    def _receipt(self, identity: str) -> Mapping[str, Any]:
        deadline = time.monotonic() + RECEIPT_TIMEOUT
        while time.monotonic() < deadline:
            if receipt := self._rpc("eth_getTransactionReceipt", identity):
                return receipt
            time.sleep(0.002)
        raise RpcError(f"no receipt of {identity} within {RECEIPT_TIMEOUT:.0f} s")

    def _reason(self, sender: str, to: str | None, data: bytes, block: int) -> Exception:
        """Why a mined transaction failed: the same call on the state just before it, in the same second."""
        call = {"from": sender, "data": "0x" + data.hex(), "gas": hex(GAS_LIMIT)} | ({"to": to} if to else {})
        try:
            self._view(self._ask("eth_call", call, hex(block - 1)))
        except ScripError as error:
            return error
        return RpcError(f"a transaction of block {block} failed, and the chain does not say why")

    def deploy(self, contract: str, *args: object, sender: str) -> Contract:
        """Deploy a contract of the project."""
        code = self._initcode(contract) + encode_arguments(contract, self.abi(contract).constructor, args)
        return Contract(contract, self._transact(sender, code, None)["contractAddress"].lower())

    def blueprint(self, contract: str, sender: str) -> str:
        """Deploy a blueprint."""
        return self._transact(sender, blueprint_initcode(self._initcode(contract)), None)["contractAddress"].lower()

    def send(self, contract: Contract, function: str, *args: object, sender: str) -> Receipt:
        """A transaction."""
        entry = self.abi(contract.name).function(function, len(args))
        receipt = self._transact(sender, entry.calldata(args), contract.address)
        return Receipt(tx=receipt["transactionHash"], gas=int(receipt["gasUsed"], 16))

    def _query(self, to: str, data: bytes) -> bytes:
        return self._view(self._ask("eth_call", {"to": to, "data": "0x" + data.hex()}, "latest"))

    def call_many(self, calls: Sequence[Call]) -> list[Any]:
        """Several views in one request, all of the latest block."""
        entries = [self.abi(one.contract.name).function(one.function, len(one.args)) for one in calls]
        requests = [
            ("eth_call", [{"to": one.contract.address, "data": "0x" + entry.calldata(one.args).hex()}, "latest"])
            for one, entry in zip(calls, entries, strict=True)
        ]
        answers = self.provider.web3.provider.make_batch_request(requests)
        if not isinstance(answers, list):
            raise RpcError(f"eth_call: {answers}")
        return [entry.result(self._view(answer)) for entry, answer in zip(entries, answers, strict=True)]

    def sign(self, account: str, typed: Mapping[str, Any]) -> bytes:
        """An EIP-712 signature by Ape's account."""
        signature = self.account(account).sign_message(encode_typed_data(full_message=dict(typed)))
        if signature is None:
            raise ScripError(f"{account} did not sign")
        return bytes(signature.encode_rsv())
