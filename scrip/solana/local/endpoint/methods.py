"""The JSON-RPC methods: a request's parameters in, its result out."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from hashlib import sha256
from typing import Any

import base58
from solders.account import Account
from solders.hash import Hash
from solders.instruction import AccountMeta, Instruction
from solders.message import Message
from solders.pubkey import Pubkey
from solders.signature import Signature
from solders.transaction import VersionedTransaction

from scrip.solana.chain import returned
from scrip.solana.local.endpoint import shapes
from scrip.solana.local.endpoint.bank import FINALITY, SKIPPED, Bank, slot_of
from scrip.solana.local.endpoint.parsed import Display, amount_json, is_token_account

VERSION = {"solana-core": "3.0.0", "feature-set": 1}
INVALID, UNKNOWN, PREFLIGHT, UNSIGNED, TOO_NEW = -32602, -32601, -32002, -32003, -32015
NOT_THERE, NO_BLOCK = -32004, -32007
MAX_BYTES = 1232
"""Of a transaction."""
MANY = 256
"""Signatures of one getSignatureStatuses; accounts of one getMultipleAccounts are 100."""
LAMPORTS_PER_SIGNATURE = 5_000
WORDS = {
    "BlockhashNotFound": "Blockhash not found",
    "AlreadyProcessed": "This transaction has already been processed",
}


class Refused(Exception):
    """An error answer."""

    def __init__(self, code: int, message: str, data: Any = None) -> None:
        super().__init__(message)
        self.answer = {"code": code, "message": message} | ({"data": data} if data is not None else {})


class Methods:
    """What a client may ask of the bank."""

    def __init__(self, bank: Bank, payer: Pubkey) -> None:
        self.bank = bank
        self.payer = payer
        """Whose name stands on simulations that the endpoint needs for itself."""
        self.display = Display(bank.account, self._ui_amount)
        self.table: Mapping[str, Callable[..., Any]] = {
            name.removeprefix("do_"): getattr(self, name) for name in dir(self) if name.startswith("do_")
        }

    def call(self, method: str, params: Sequence[Any]) -> Any:
        """A method's result; Refused with its error."""
        if method not in self.table:
            raise Refused(UNKNOWN, "Method not found")
        try:
            return self.table[method](*params)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise Refused(INVALID, f"Invalid params: {error}") from error

    def _with_context(self, value: Any) -> dict[str, Any]:
        return {"context": {"slot": self.bank.slot, "apiVersion": VERSION["solana-core"]}, "value": value}

    def _height(self, options: Mapping[str, Any] | None) -> int:
        """The height of a commitment; final unless asked otherwise, as clusters have it."""
        final = (options or {}).get("commitment", "finalized") == "finalized"
        return self.bank.final() if final else self.bank.height

    def _ui_amount(self, program: Pubkey, mint: Pubkey, amount: int) -> str:
        """An amount as the token program itself shows it."""
        call = Instruction(program, bytes([23]) + amount.to_bytes(8, "little"), [AccountMeta(mint, False, False)])
        message = Message.new_with_blockhash([call], self.payer, Hash.default())
        done = self.bank.simulate(VersionedTransaction.populate(message, [Signature.default()]))
        return returned(done.meta).decode()

    # --- the cluster ---

    def do_getGenesisHash(self) -> str:
        return str(self.bank.genesis)

    def do_getHealth(self) -> str:
        return "ok"

    def do_getVersion(self) -> dict[str, Any]:
        return VERSION

    def do_getSlot(self, options: Any = None) -> int:
        return slot_of(self._height(options))

    def do_getBlockHeight(self, options: Any = None) -> int:
        return self._height(options)

    def do_getBlockTime(self, slot: int) -> int:
        return self.bank.time_of(self._made(slot))

    def do_getBlock(self, slot: int, options: Any = None) -> dict[str, Any]:
        if (options or {}).get("transactionDetails") != "none":
            raise Refused(INVALID, "blocks are told without their transactions here: transactionDetails none")
        height = self._made(slot)
        if height > self._height(options):
            raise Refused(NOT_THERE, f"Block not available for slot {slot}")
        hashes = {name: str(Hash(sha256(f"{self.bank.genesis} {at}".encode()).digest()))
                  for name, at in (("blockhash", height), ("previousBlockhash", height - 1))}  # fmt: skip
        return hashes | {"parentSlot": slot - 1, "blockHeight": height, "blockTime": self.bank.time_of(height)}

    def _made(self, slot: int) -> int:
        """The height of a slot's block; Refused for a slot without one."""
        height = slot - SKIPPED
        if height < 0:
            raise Refused(NO_BLOCK, f"Slot {slot} was skipped, or missing due to ledger jump to recent snapshot")
        if height > self.bank.height:
            raise Refused(NOT_THERE, f"Block not available for slot {slot}")
        return height

    def do_getEpochInfo(self, options: Any = None) -> dict[str, int]:
        height = self._height(options)
        found = {"absoluteSlot": slot_of(height), "blockHeight": height, "slotIndex": slot_of(height)}
        return found | {"epoch": 0, "slotsInEpoch": 432_000, "transactionCount": len(self.bank.landed)}

    def do_getLatestBlockhash(self, options: Any = None) -> dict[str, Any]:
        found, last = self.bank.blockhash(self._height(options))
        return self._with_context({"blockhash": str(found), "lastValidBlockHeight": last})

    def do_isBlockhashValid(self, blockhash: str, _options: Any = None) -> dict[str, Any]:
        return self._with_context(self.bank.is_good(Hash.from_string(blockhash)))

    def do_getMinimumBalanceForRentExemption(self, size: int, _options: Any = None) -> int:
        return self.bank.svm.minimum_balance_for_rent_exemption(size)

    def do_getFeeForMessage(self, message: str, _options: Any = None) -> dict[str, Any]:
        read = Message.from_bytes(b64decode(message))
        good = self.bank.is_good(read.recent_blockhash)
        return self._with_context(LAMPORTS_PER_SIGNATURE * read.header.num_required_signatures if good else None)

    def do_getRecentPrioritizationFees(self, addresses: Sequence[str] = ()) -> list[dict[str, int]]:
        found = self.bank.recent_prices([Pubkey.from_string(one) for one in addresses])
        return [{"slot": slot_of(height), "prioritizationFee": micro} for height, micro in found]

    # --- accounts ---

    def _account(self, address: str, options: Mapping[str, Any] | None) -> Any:
        found = self.bank.account(Pubkey.from_string(address))
        return self._shown(found, options or {})

    def _shown(self, account: Account | None, options: Mapping[str, Any]) -> Any:
        return shapes.account_json(account, options.get("encoding") or "base58", options.get("dataSlice"), self.display)

    def do_getAccountInfo(self, address: str, options: Any = None) -> dict[str, Any]:
        return self._with_context(self._account(address, options))

    def do_getMultipleAccounts(self, addresses: Sequence[str], options: Any = None) -> dict[str, Any]:
        if len(addresses) > 100:
            raise Refused(INVALID, "Too many inputs provided; max 100")
        options = {"encoding": "base64"} | (options or {})
        return self._with_context([self._account(one, options) for one in addresses])

    def do_getBalance(self, address: str, _options: Any = None) -> dict[str, Any]:
        found = self.bank.account(Pubkey.from_string(address))
        return self._with_context(found.lamports if found else 0)

    def do_getProgramAccounts(self, program: str, options: Any = None) -> Any:
        options = options or {}
        owned = self.bank.owned(Pubkey.from_string(program))
        kept = [one for one in owned if all(_passes(bytes(one[1].data), test) for test in options.get("filters") or ())]
        found = [{"pubkey": str(address), "account": self._shown(account, options)} for address, account in kept]
        return self._with_context(found) if options.get("withContext") else found

    def do_getTokenAccountBalance(self, address: str, _options: Any = None) -> dict[str, Any]:
        found = self.bank.account(Pubkey.from_string(address))
        if found is None or not is_token_account(data := bytes(found.data)):
            raise Refused(INVALID, "Invalid param: could not find account")
        mint, amount = Pubkey.from_bytes(data[:32]), int.from_bytes(data[64:72], "little")
        return self._with_context(amount_json(found.owner, mint, amount, self.display))

    def do_getTokenSupply(self, mint: str, _options: Any = None) -> dict[str, Any]:
        address = Pubkey.from_string(mint)
        found = self.bank.account(address)
        if found is None:
            raise Refused(INVALID, "Invalid param: could not find mint")
        amount = int.from_bytes(bytes(found.data)[36:44], "little")
        return self._with_context(amount_json(found.owner, address, amount, self.display))

    def do_requestAirdrop(self, address: str, lamports: int, _options: Any = None) -> str:
        key = Pubkey.from_string(address)
        found = self.bank.account(key)
        self.bank.set_account(key, Account((found.lamports if found else 0) + lamports, b"", Pubkey.default()))
        return str(Signature.new_unique())

    # --- transactions ---

    def _read(self, text: str, options: Mapping[str, Any]) -> VersionedTransaction:
        raw = b64decode(text) if options.get("encoding") == "base64" else base58.b58decode(text)
        if len(raw) > MAX_BYTES:
            raise Refused(INVALID, f"base64 encoded transaction too large: {len(raw)} bytes (max: {MAX_BYTES} bytes)")
        return VersionedTransaction.from_bytes(raw)

    def do_sendTransaction(self, text: str, options: Any = None) -> str:
        options = options or {}
        transaction = self._read(text, options)
        if not all(transaction.verify_with_results()):
            raise Refused(UNSIGNED, "Transaction signature verification failure")
        if not options.get("skipPreflight"):
            self._preflight(transaction)
        self.bank.submit(transaction)
        return str(transaction.signatures[0])

    def _preflight(self, transaction: VersionedTransaction) -> None:
        value = self._simulated(transaction, {})
        if value["err"] is not None:
            message = f"Transaction simulation failed: {_error_text(value['err'])}"
            raise Refused(PREFLIGHT, message, value)

    def do_simulateTransaction(self, text: str, options: Any = None) -> dict[str, Any]:
        options = options or {}
        transaction = self._read(text, options)
        if options.get("sigVerify"):
            if options.get("replaceRecentBlockhash"):
                raise Refused(INVALID, "sigVerify may not be used with replaceRecentBlockhash")
            if not all(transaction.verify_with_results()):
                raise Refused(UNSIGNED, "Transaction signature verification failure")
        return self._with_context(self._simulated(transaction, options))

    def _simulated(self, transaction: VersionedTransaction, options: Mapping[str, Any]) -> dict[str, Any]:
        nothing: dict[str, Any] = {
            "accounts": None,
            "logs": [],
            "unitsConsumed": 0,
            "returnData": None,
            "innerInstructions": None,
        }
        if transaction.signatures[0] in self.bank.landed:
            return nothing | {"err": "AlreadyProcessed"}
        replaced = options.get("replaceRecentBlockhash")
        if not replaced and not self.bank.is_good(transaction.message.recent_blockhash):
            return nothing | {"err": "BlockhashNotFound"}
        done = self.bank.simulate(transaction)
        found = {
            "err": done.error,
            "logs": done.meta.logs(),
            "unitsConsumed": done.meta.compute_units_consumed(),
            "returnData": shapes.return_data_json(done.meta),
            "innerInstructions": shapes.inner_json(done.meta) if options.get("innerInstructions") else None,
            "accounts": None,
        }
        if replaced:
            blockhash, last = self.bank.blockhash(self.bank.height)
            found["replacementBlockhash"] = {"blockhash": str(blockhash), "lastValidBlockHeight": last}
        if asked := options.get("accounts"):
            keys = [Pubkey.from_string(one) for one in asked["addresses"]]
            after = [done.accounts.get(key) or self.bank.account(key) for key in keys]
            found["accounts"] = [self._shown(one, {"encoding": asked.get("encoding") or "base64"}) for one in after]
        return found

    def do_getSignatureStatuses(self, signatures: Sequence[str], _options: Any = None) -> dict[str, Any]:
        if len(signatures) > MANY:
            raise Refused(INVALID, f"Too many inputs provided; max {MANY}")
        found = [self.bank.landed.get(Signature.from_string(one)) for one in signatures]
        return self._with_context(
            [one and shapes.status_json(one, self.bank.height, FINALITY) for one in found],
        )

    def do_getTransaction(self, signature: str, options: Any = None) -> Any:
        options = {"encoding": options} if isinstance(options, str) else options or {}
        landed = self.bank.landed.get(Signature.from_string(signature))
        if landed is None or landed.height > self._height(options):
            return None
        shown = shapes.landed_json(landed, options.get("encoding") or "json", self.display)
        allowed = options.get("maxSupportedTransactionVersion")
        if allowed is None and shown["version"] != "legacy":
            raise Refused(TOO_NEW, "Transaction version (0) is not supported by the requesting client")
        if allowed is None:
            del shown["version"]
        return shown

    def do_getSignaturesForAddress(self, address: str, options: Any = None) -> list[dict[str, Any]]:
        key, limit = Pubkey.from_string(address), (options or {}).get("limit", 1_000)
        mine = [one for one in self.bank.landed.values() if key in one.keys]
        named = [str(one.signature) for one in mine]
        before, until = (options or {}).get("before"), (options or {}).get("until")
        mine = mine[named.index(until) + 1 if until in named else 0 : named.index(before) if before in named else None]
        return [
            {
                "signature": str(one.signature),
                "slot": slot_of(one.height),
                "err": one.error,
                "memo": None,
                "blockTime": one.time,
                "confirmationStatus": "finalized" if one.height <= self.bank.final() else "confirmed",
            }
            for one in reversed(mine)
            if one.height <= self._height(options)
        ][:limit]


def _passes(data: bytes, test: Mapping[str, Any]) -> bool:
    """Whether an account's data pass one filter of getProgramAccounts."""
    if "dataSize" in test:
        return bool(len(data) == test["dataSize"])
    sought = test["memcmp"]
    text = sought["bytes"]
    wanted = b64decode(text) if sought.get("encoding") == "base64" else base58.b58decode(text)
    return bool(data[sought["offset"] : sought["offset"] + len(wanted)] == wanted)


def _error_text(error: Any) -> str:
    """An error in a node's words."""
    if isinstance(error, str):
        return WORDS.get(error, error)
    (kind, detail), *_ = error.items()
    if kind != "InstructionError":
        return str(kind)
    index, what = detail
    if isinstance(what, dict) and "Custom" in what:
        return f"Error processing Instruction {index}: custom program error: {hex(what['Custom'])}"
    return f"Error processing Instruction {index}: {what}"
