"""A cluster over JSON-RPC: solana-py's AsyncClient, asked one question at a time and again where it does not answer."""

from __future__ import annotations

import asyncio
from base64 import b64decode
from collections.abc import Callable, Coroutine, Sequence
from copy import copy
from dataclasses import dataclass
from functools import partial
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit

import httpx
from base58 import b58encode
from solana.exceptions import SolanaRpcException
from solana.rpc.async_api import AsyncClient
from solana.rpc.commitment import Commitment, Confirmed, Finalized
from solana.rpc.core import RPCException
from solana.rpc.providers.async_http import AsyncHTTPProvider
from solana.rpc.types import MemcmpOpts, TxOpts
from solders.account import Account
from solders.hash import Hash
from solders.message import Message, MessageV0
from solders.pubkey import Pubkey
from solders.signature import Signature
from solders.transaction import VersionedTransaction

from scrip.errors import InputError, NodeError

TIMEOUT = 30.0
"""Seconds that one request may take."""
ATTEMPTS = 4
"""How often a question is asked of a node that does not answer."""
PAUSE = 0.25
"""Seconds to the second attempt; each further pause is twice as long."""
AT_ONCE = 100
"""Accounts that a node is asked for in one request."""
PAGE = 1_000
"""Transactions of an address that a node lists in one answer."""
STATUSES_AT_ONCE = 256
"""Transactions whose status a node is asked for in one request."""
SKIPPED_SLOT = (-32007, -32009)
"""What a node says of a slot without a block, or of one that it lacks in what it keeps for long."""
OWNER_AND_AMOUNT = slice(32, 72)
"""Where a token account has its owner, 32 bytes, and its amount, 8."""
ACCOUNT_SIZE = 165
"""Bytes of a token account, at least."""
_CLOCK = Pubkey.from_string("SysvarC1ock11111111111111111111111111111111")

T = TypeVar("T")


class Unreachable(NodeError):
    """The node does not answer. What was sent to it may have arrived."""


class NodeRefused(NodeError):
    """The node answers with an error of its own, such as a parameter that it does not take."""


@dataclass(frozen=True, slots=True)
class Recent:
    """A blockhash, and the last block height at which a transaction that names it can land."""

    blockhash: Hash
    last_height: int


@dataclass(frozen=True, slots=True)
class Final:
    """A block that stays: its height, and its slot."""

    height: int
    slot: int


@dataclass(frozen=True, slots=True)
class Made:
    """A block as it was made: its slot, its hash, and its UTC second."""

    slot: int
    hash: str
    time: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A transaction in the list of those that named an address: its slot, and whether it failed."""

    signature: Signature
    slot: int
    failed: bool


@dataclass(frozen=True, slots=True)
class Landed:
    """A transaction in a block, as solders has it: its message, and the meta that says what it did."""

    signature: Signature
    slot: int
    message: Any
    meta: Any

    @property
    def keys(self) -> list[Pubkey]:
        """The accounts that its instructions name by their places: its message's, then those of lookup tables."""
        loaded = self.meta.loaded_addresses
        return [*self.message.account_keys, *(loaded.writable if loaded else ()), *(loaded.readonly if loaded else ())]


def shown(url: str) -> str:
    """A URL without what may be a key in it: user, path and query."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}" + (f":{parts.port}" if parts.port else "")


class _Provider(AsyncHTTPProvider):
    """solana-py's provider over a session that is given.

    Its own would read the machine's certificates, for plain HTTP too.
    """

    def __init__(self, url: str, session: httpx.AsyncClient) -> None:
        super(AsyncHTTPProvider, self).__init__(url)
        self.session = session


class _Client(AsyncClient):
    """solana-py's client over a session that is given."""

    def __init__(self, url: str, session: httpx.AsyncClient, commitment: Commitment = Confirmed) -> None:
        super(AsyncClient, self).__init__(commitment)
        self._provider = _Provider(url, session)


class Cluster:
    """One node of a cluster. Reads are of confirmed blocks, or final ones. Not for use inside a running event loop."""

    def __init__(self, url: str, seconds: float = 0.0, attempts: int | None = None) -> None:
        """`seconds` and `attempts` are how long and how often it is asked, where that is not to be as usual."""
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise InputError("is no http or https URL", field="rpc", value=shown(url))
        self.name = shown(url)
        self._url = url
        self._runner = asyncio.Runner()
        self._http = httpx.AsyncClient(timeout=seconds or TIMEOUT, verify=urlsplit(url).scheme == "https")
        self._client = _Client(url, self._http)
        self._seen = 0
        self._attempts = attempts

    def final_reads(self) -> Self:
        """The same node, over the same connection, whose reads are of final blocks."""
        found = copy(self)
        found._client = _Client(self._url, self._http, Finalized)
        found._seen = 0
        return found

    def close(self) -> None:
        """End the connection."""
        self._run(self._http.aclose())
        self._runner.close()

    # --- asking ---

    def _run(self, question: Coroutine[Any, Any, T]) -> T:
        """Wait for an answer.

        Runner.run would not do: its signal.signal prints the task each time, the whole answer with it.
        """
        return self._runner.get_loop().run_until_complete(question)

    def once(self, question: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Ask once; Unreachable or NodeRefused. No message shows the URL's key."""
        try:
            return self._run(question())
        except RPCException as refused:
            error = refused.args[0] if refused.args else refused
            raise NodeRefused(f"{self.name}: {getattr(error, 'message', error)}") from None
        except (SolanaRpcException, httpx.HTTPError, OSError, ValueError) as error:
            cause = error.__cause__ or error
            raise Unreachable(f"{self.name} does not answer: {type(cause).__name__}") from None

    def ask(self, question: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Ask, and again while the node gives no answer."""
        for attempt in range((self._attempts or ATTEMPTS) - 1):
            try:
                return self.once(question)
            except Unreachable:
                self._run(asyncio.sleep(PAUSE * 2**attempt))
        return self.once(question)

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self._run(asyncio.sleep(seconds))

    # --- what stands ---

    def genesis(self) -> bytes:
        """The genesis block's hash."""
        return bytes(self.ask(self._client.get_genesis_hash).value)

    def time(self) -> int:
        """The clock's UTC second."""
        data = self.account(_CLOCK)
        if data is None:
            raise NodeRefused(f"{self.name} has no clock")
        return int.from_bytes(data[32:40], "little", signed=True)

    def account(self, address: Pubkey) -> bytes | None:
        """An account's data, whoever owns it; None where there is none."""
        (found,) = self.accounts([address])
        return bytes(found.data) if found is not None else None

    def accounts(self, addresses: Sequence[Pubkey]) -> list[Account | None]:
        """Accounts with their owners and lamports; None where there is none.

        What the node does not have it is asked for once more: behind one URL may be one that has not come so far, and
        that nothing is there may end an operation. Unreachable where its answers stay older than those before.
        """
        found = self._accounts(addresses)
        missing = [one for one, account in zip(addresses, found, strict=True) if account is None]
        again = dict(zip(missing, self._accounts(missing), strict=True))
        return [account or again[one] for one, account in zip(addresses, found, strict=True)]

    def _accounts(self, addresses: Sequence[Pubkey]) -> list[Account | None]:
        found: list[Account | None] = []
        for start in range(0, len(addresses), AT_ONCE):
            part = list(addresses[start : start + AT_ONCE])
            found += [one if one is not None and one.lamports else None for one in self._newest(part)]
        return found

    def _newest(self, addresses: list[Pubkey]) -> list[Account | None]:
        """Accounts as of no older a slot than any that was told of before; Unreachable."""
        for attempt in range(ATTEMPTS):
            answer = self.ask(partial(self._client.get_multiple_accounts, addresses))
            if answer.context.slot >= self._seen and len(answer.value) == len(addresses):
                self._seen = answer.context.slot
                return list(answer.value)
            self._run(asyncio.sleep(PAUSE * 2**attempt))
        reason = f"{len(answer.value)} of {len(addresses)} accounts, of slot {answer.context.slot}"
        raise Unreachable(f"{self.name} tells {reason}, and told of slot {self._seen} before")

    def balance(self, address: Pubkey) -> int:
        """The lamports of an account."""
        return self.ask(lambda: self._client.get_balance(address)).value

    def owned(self, program: Pubkey, at: int, data: bytes) -> list[tuple[Pubkey, bytes]]:
        """A program's accounts whose data hold `data` at `at`: address and data of each.

        Asked twice, and what either answer has: no answer says whether it is whole.
        """
        filters = [MemcmpOpts(offset=at, bytes=b58encode(data).decode())]
        found: dict[Pubkey, bytes] = {}
        for _ in range(2):
            answer = self.ask(lambda: self._client.get_program_accounts(program, encoding="base64", filters=filters))
            found |= {one.pubkey: bytes(one.account.data) for one in answer.value}
        return list(found.items())

    def rent(self, size: int) -> int:
        """Lamports that an account of so many bytes must hold."""
        return self.ask(lambda: self._client.get_minimum_balance_for_rent_exemption(size)).value

    def recent(self) -> Recent:
        """A blockhash for a new transaction."""
        found = self.ask(self._client.get_latest_blockhash).value
        return Recent(found.blockhash, found.last_valid_block_height)

    def height(self, commitment: Commitment = Finalized) -> int:
        """The block height; of what is final unless asked otherwise."""
        return self.ask(lambda: self._client.get_block_height(commitment)).value

    def slot(self) -> int:
        """The newest slot of those that are read."""
        return self.ask(self._client.get_slot).value

    def final(self) -> Final:
        """The newest block that is final."""
        found = self.ask(lambda: self._client.get_epoch_info(Finalized)).value
        return Final(found.block_height, found.absolute_slot)

    def prices(self, writes: Sequence[Pubkey]) -> list[int]:
        """Micro-lamports per compute unit that writers of these accounts have paid in recent blocks.

        AsyncClient has no such method.
        """
        found = self._result("getRecentPrioritizationFees", [str(key) for key in writes][:128])
        return [one["prioritizationFee"] for one in found]

    def block(self, slot: int) -> Made | None:
        """The final block of a slot; None for a slot without one.

        AsyncClient takes no answer without transactions.
        """
        options = {"transactionDetails": "none", "rewards": False, "commitment": Finalized, "encoding": "base64"}
        answer = self._whole("getBlock", slot, options | {"maxSupportedTransactionVersion": 0})
        if "error" in answer and answer["error"].get("code") in SKIPPED_SLOT:
            return None
        found = self._result_of(answer)
        return Made(slot, found["blockhash"], found["blockTime"]) if found else None

    def held(self, program: Pubkey, mint: Pubkey) -> tuple[int, list[tuple[Pubkey, int]]]:
        """The slot of an answer, and owner and amount of every account of a token's that is listed in it.

        Asked for the 40 bytes of each that say so: a stock may have a million of them.
        """
        filters = [{"memcmp": {"offset": 0, "bytes": str(mint), "encoding": "base58"}}]
        part = {"offset": OWNER_AND_AMOUNT.start, "length": OWNER_AND_AMOUNT.stop - OWNER_AND_AMOUNT.start}
        options = {"encoding": "base64", "withContext": True, "commitment": Finalized, "filters": filters}
        answer = self._result("getProgramAccounts", str(program), options | {"dataSlice": part})
        found = []
        for one in answer["value"]:
            data = b64decode(one["account"]["data"][0])
            # What is shorter is the mint itself, or an account that was never made one.
            if one["account"]["space"] >= ACCOUNT_SIZE and len(data) == part["length"]:
                found.append((Pubkey.from_bytes(data[:32]), int.from_bytes(data[32:], "little")))
        return answer["context"]["slot"], found

    def supply(self, mint: Pubkey) -> tuple[int, int]:
        """The slot of an answer, and the supply of a mint in it, of final blocks."""
        answer = self._result("getAccountInfo", str(mint), {"encoding": "base64", "commitment": Finalized})
        if answer["value"] is None:
            raise NodeRefused(f"{self.name} has no mint {mint}")
        data = b64decode(answer["value"]["data"][0])
        return answer["context"]["slot"], int.from_bytes(data[36:44], "little")

    def _whole(self, method: str, *params: object) -> dict[str, Any]:
        """The whole answer to a request that AsyncClient has no method for."""
        body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}

        async def post() -> Any:
            return (await self._http.post(self._url, json=body)).json()

        answer: dict[str, Any] = self.ask(post)
        return answer

    def _result(self, method: str, *params: object) -> Any:
        return self._result_of(self._whole(method, *params))

    def _result_of(self, answer: dict[str, Any]) -> Any:
        if "error" in answer:
            raise NodeRefused(f"{self.name}: {answer['error'].get('message', 'error')}")
        return answer["result"]

    # --- transactions ---

    def simulate(self, message: Message | MessageV0) -> Any:
        """What a message's transaction would do now, unsigned: solders' RpcSimulateTransactionResult."""
        blank = [Signature.default()] * message.header.num_required_signatures
        transaction = VersionedTransaction.populate(message, blank)
        return self.ask(lambda: self._client.simulate_transaction(transaction)).value

    def send(self, signed: bytes) -> None:
        """Hand signed bytes over, once. Unreachable says nothing of whether they arrived; again does no harm."""
        options = TxOpts(skip_preflight=True, skip_confirmation=True, max_retries=0)
        self.once(lambda: self._client.send_raw_transaction(signed, options))

    def status(self, signature: Signature) -> Any:
        """A transaction's status, wherever in history; None when it is in no block that the node has seen."""
        return self.look(signature)[0]

    def look(self, signature: Signature) -> tuple[Any, int]:
        """A transaction's status, and the slot up to which the node that answered has seen blocks.

        Behind one URL may be many nodes.
        """
        asked = [signature]
        found = self.ask(lambda: self._client.get_signature_statuses(asked, search_transaction_history=True))
        return found.value[0], found.context.slot

    def statuses(self, signatures: Sequence[Signature]) -> list[Any]:
        """Several transactions' statuses, in order."""
        found: list[Any] = []
        for start in range(0, len(signatures), STATUSES_AT_ONCE):
            part = list(signatures[start : start + STATUSES_AT_ONCE])
            ask = partial(self._client.get_signature_statuses, part, search_transaction_history=True)
            found += self.ask(ask).value
        return found

    def transaction(self, signature: Signature) -> Landed | None:
        """A landed transaction; None when the node does not have it (yet)."""
        found = self.ask(
            lambda: self._client.get_transaction(signature, "base64", Confirmed, max_supported_transaction_version=0)
        ).value
        if found is None:
            return None
        sent: Any = found.transaction.transaction  # asked for as base64: solders' VersionedTransaction
        return Landed(signature, found.slot, sent.message, found.transaction.meta)

    def signatures(self, address: Pubkey) -> list[Signature]:
        """The transactions that named an address, as far as the node remembers, the newest first."""
        found = self.ask(lambda: self._client.get_signatures_for_address(address, commitment=Confirmed)).value
        return [one.signature for one in found]

    def listed(self, address: Pubkey, since: int = 0) -> list[Listed]:
        """Every transaction of a slot from `since` on that named an address, as far back as the node has any, the
        oldest first."""
        found: list[Listed] = []
        before: Signature | None = None
        while True:
            ask = partial(self._client.get_signatures_for_address, address, before, limit=PAGE, commitment=Confirmed)
            part = [Listed(one.signature, one.slot, one.err is not None) for one in self.ask(ask).value]
            found += [one for one in part if one.slot >= since]
            if len(part) < PAGE or part[-1].slot < since:
                return found[::-1]
            before = part[-1].signature

    def airdrop(self, address: Pubkey, lamports: int) -> None:
        """Ask for lamports, on a local or test cluster."""
        self.ask(lambda: self._client.request_airdrop(address, lamports))
