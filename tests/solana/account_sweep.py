"""Every account of every instruction, replaced by each kind of wrong one, in the history that `compute_units` plays.

Just before the first transaction that carries an instruction, that transaction is simulated with one account bent at a
time, so that nothing changes and the next one is bent out of the same state. Which accounts there are is told by the
interface: a new instruction that the history does not have, or a new account, is without a case, and that is a failure.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from compute_units import play
from solana_world import LATER, World, fresh
from solders.account import Account
from solders.instruction import AccountMeta, Instruction
from solders.keypair import Keypair
from solders.message import Message
from solders.pubkey import Pubkey
from solders.transaction_metadata import FailedTransactionMetadata

from scrip import instructions as ins
from scrip.solana.addresses import SYSTEM, TOKEN, TOKEN_2022, local_address, local_keypair
from scrip.solana.chain import Sent, failure
from scrip.solana.deploy.suite import deploy_suite
from scrip.solana.encoding.program import AT_VERSION, StockProgram
from scrip.solana.local.litesvm import LiteSvmChain
from scrip.solana.signing import signed

NAMED = 2_000
"""The least number of an error that says what was wrong: Anchor's constraints, then ours."""
STRANGER = "mallory"
"""Pays for every attempt, and signs where somebody else has to."""
FORGED = local_address("a copy that another program owns")
NOTHING = Account(0, b"", SYSTEM, False, 0)
RENT = 890_880
KINDS = (
    "wrong owner",
    "wrong PDA",
    "wrong mint",
    "missing signer",
    "wrong signer",
    "duplicate",
    "closed",
    "empty",
    "another layout",
)
"""What an account is replaced by. `empty` has lamports and no data; of `another layout` is a record of the program's
whose version this build does not know; the others say what they are."""


@dataclass(frozen=True)
class Bent:
    """One account of an instruction, and how it is bent."""

    instruction: str
    account: str
    kind: str


@dataclass
class Sweep:
    """What the sweep has met so far."""

    interface: dict[str, list[str]]
    met: dict[Bent, int] = field(default_factory=dict)
    """The number by which each was refused: 0 where it was carried out, −1 where no program said why."""
    texts: dict[Bent, str] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)

    def listen(self, chain: LiteSvmChain, program: StockProgram) -> None:
        """Bend the first good transaction of each instruction that the chain carries, before it is carried out."""
        send = chain.send
        chain.rich(local_keypair(STRANGER))

        def bending(calls: Sequence[Instruction], signers: Sequence[Keypair]) -> Sent:
            for place, call in enumerate(calls):
                name = program.name_of(call)
                if name and name not in self.seen and Attempt(chain, calls, signers).code(calls)[0] == 0:
                    self.seen.add(name)
                    self._bend(Attempt(chain, calls, signers), program, name, place)
            return send(calls, signers)

        chain.send = bending  # type: ignore[method-assign]

    def _bend(self, attempt: Attempt, program: StockProgram, name: str, place: int) -> None:
        for index, account in enumerate(self.interface[name]):
            for kind, meta, put in attempt.wrong(program, place, index):
                one = Bent(name, account, kind)
                code, text = attempt.with_account(place, index, meta, put)
                if self.met.get(one, NAMED) >= NAMED:
                    self.met[one], self.texts[one] = code, text

    # --- what came of it

    def uncovered(self) -> list[str]:
        """Instructions that nothing met, and accounts without a case."""
        covered = {(one.instruction, one.account) for one in self.met}
        every = {(name, account) for name, accounts in self.interface.items() for account in accounts}
        return sorted(f"{name}.{account}" for name, account in every - covered)

    def unnamed(self) -> dict[str, str]:
        """What was carried out, or refused without a name, and is no exception."""
        return {
            f"{one.instruction}.{one.account}: {one.kind}": "carried out" if code == 0 else self.texts[one]
            for one, code in self.met.items()
            if code < NAMED and reason_of(one) is None
        }

    def needless(self) -> list[tuple[str, str]]:
        """Exceptions that excuse nothing."""
        excused = {key for one, code in self.met.items() if code < NAMED for key in keys_of(one)}
        return sorted(set(EXCEPTIONS) - excused)

    def report(self) -> dict[str, object]:
        """What `build/sweep.json` says."""
        excused = [one for one, code in self.met.items() if code < NAMED and reason_of(one) is not None]
        places = sorted({(one.instruction, one.account, reason_of(one) or "") for one in excused})
        kinds = {
            place: sorted({one.kind for one in excused if (one.instruction, one.account) == place[:2]})
            for place in places
        }
        return {
            "cases": len(self.met),
            "unnamed": len(self.unnamed()),
            "uncovered": len(self.uncovered()),
            "exceptions": [
                {"instruction": name, "account": account, "kinds": kinds[name, account, why], "reason": why}
                for name, account, why in places
            ],
            "instructions": len(self.seen),
            "kinds": {kind: sum(one.kind == kind for one in self.met) for kind in KINDS},
        }


@dataclass
class Attempt:
    """A transaction that is right, to be bent."""

    chain: LiteSvmChain
    calls: Sequence[Instruction]
    signers: Sequence[Keypair]

    def code(self, calls: Sequence[Instruction]) -> tuple[int, str]:
        """The number by which it is refused, 0 where it would be carried out, and the text."""
        payer = local_keypair(STRANGER)
        message = Message.new_with_blockhash(list(calls), payer.pubkey(), self.chain.svm.latest_blockhash())
        needed = set(message.account_keys[: message.header.num_required_signatures])
        keys = {one.pubkey(): one for one in (payer, self.chain.payer, *self.signers) if one.pubkey() in needed}
        result = self.chain.svm.simulate_transaction(signed(message, list(keys.values())))
        if isinstance(result, FailedTransactionMetadata):
            failed = failure(result.err(), result.meta().logs())
            return failed.custom or -1, failed.error
        return 0, ""

    def with_account(
        self, place: int, index: int, meta: AccountMeta, put: tuple[Pubkey, Account] | None
    ) -> tuple[int, str]:
        """The same with another account at an index of one call, and with an account put somewhere meanwhile."""
        right = self.calls[place]
        metas = list(right.accounts)
        signs = metas[index].is_signer
        metas[index] = meta
        bent = Instruction(right.program_id, bytes(right.data), metas)
        calls = [*self.calls[:place], bent, *self.calls[place + 1 :]]
        if signs or put is not None:
            # What else is in the transaction could sign for the account, or make it again; a signature's paper stays.
            calls = [one for one in calls if one is bent or not one.accounts]
        if put is None:
            return self.code(calls)
        address, account = put
        before = self.chain.svm.get_account(address) or NOTHING
        self.chain.svm.set_account(address, account)
        try:
            return self.code(calls)
        finally:
            self.chain.svm.set_account(address, before)

    def wrong(
        self, program: StockProgram, place: int, index: int
    ) -> Iterator[tuple[str, AccountMeta, tuple[Pubkey, Account] | None]]:
        """Each kind of wrong account that may stand at an index, and what has to be put on the chain for it."""
        metas = self.calls[place].accounts
        right = metas[index]

        def other(address: Pubkey) -> AccountMeta:
            return AccountMeta(address, False, right.is_writable)

        found = self.chain.svm.get_account(right.pubkey)
        there = found is not None and found.lamports > 0 and not found.executable
        data = bytes(found.data) if there and found is not None else b""
        lamports = found.lamports if there and found is not None else RENT
        owner = found.owner if found is not None else SYSTEM
        elsewhere = program.id if owner != program.id else local_address("another program")
        if data or right.pubkey.is_on_curve():
            yield "wrong owner", other(FORGED), (FORGED, Account(lamports, data or bytes(8), elsewhere, False, 0))
        else:
            yield "wrong owner", other(self.chain.payer.pubkey()), None
        yield "wrong PDA", other(program.at.key(b"\x0f" * 32)), None
        for same in self.alike(right.pubkey, data, owner):
            yield ("wrong PDA" if owner == program.id else "wrong mint"), other(same), None
        if right.is_signer:
            yield "missing signer", other(right.pubkey), None
            yield "wrong signer", AccountMeta(local_address(STRANGER), True, right.is_writable), None
        around = [meta.pubkey for meta in metas if meta.pubkey != right.pubkey]
        for same in dict.fromkeys([around[(index - 1) % len(around)], around[index % len(around)]] if around else []):
            yield "duplicate", other(same), None
        if data and owner == program.id:
            other_version = data[:AT_VERSION] + bytes([program.version + 1]) + data[AT_VERSION + 1 :]
            yield "another layout", right, (right.pubkey, Account(lamports, other_version, owner, False, 0))
        if data:
            yield "closed", right, (right.pubkey, NOTHING)
            yield "empty", right, (right.pubkey, Account(RENT, b"", SYSTEM, False, 0))

    def alike(self, address: Pubkey, data: bytes, owner: Pubkey) -> list[Pubkey]:
        """Another account of the same owner and kind, as the chain has it: of another stock, mint, investor or key."""
        if not data or owner == SYSTEM:
            return []
        # Records of ours say what they are; mints and token accounts are told by their size.
        head = data[:8] if owner != TOKEN and owner != TOKEN_2022 else b""
        found = self.chain.owned(owner, 0, head)
        return [one for one, held in found if one != address and abs(len(held) - len(data)) <= NEAR][:2]


NEAR = 40
"""Bytes by which accounts of one kind differ: by what the names in their metadata are long."""


def prepared() -> World:
    """A world with another stock, whose investor has an account of it to be mistaken for the one that is meant."""
    world = World()
    world.apply(ins.CreateStock("OTHER", "Other", "US0378331005"))
    world.apply(ins.Onboard("olga", "olga", 840, "retail", LATER))
    world.ledger.investors.prepare(world.ledger.listing("OTHER"), "olga")
    return world


def swept() -> Sweep:
    """The whole sweep."""
    chain, program = fresh()
    sweep = Sweep({one["name"]: [each["name"] for each in one["accounts"]] for one in program.idl["instructions"]})
    sweep.listen(chain, program)
    deploy_suite(chain, program)
    world = prepared()
    sweep.listen(world.chain, world.program)
    play(world)
    return sweep


def write(sweep: Sweep, path: Path) -> None:
    """Write what came of it, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(sweep.report(), indent=2) + "\n")
    partial.replace(path)


def keys_of(one: Bent) -> list[tuple[str, str]]:
    """Under which keys an exception for this one may stand."""
    return [(one.instruction, one.account), (one.instruction, f"{one.account}: {one.kind}"), ("*", one.account)]


def reason_of(one: Bent) -> str | None:
    """Why this one may be carried out, or be refused without a name; None where it may not."""
    return next((EXCEPTIONS[key] for key in keys_of(one) if key in EXCEPTIONS), None)


UNREAD = "one of the accounts that instructions share, which this one does not read"
NOT_ORDERED = "nothing is ordered, so it is read by none"
UNLINKED = (
    "an empty record is a wallet that nobody linked, which may do the same; a record that names one is never closed"
)
NOT_MADE_AGAIN = "the record is never closed; were it, the system program would not make its vault a second time"
EXCEPTIONS: dict[tuple[str, str], str] = {
    ("*", "program"): "Anchor's own, for events: the program calls itself by its own address, whatever is named there",
    ("initialise", "payer: wrong signer"): "anyone may pay",
    ("initialise", "payer: duplicate"): "the upgrade authority may pay; the system program says that it has too little",
    ("list_asset", "treasury"): "ADMIN answers for the choice: the desk of another who lets the program spend is one",
    ("set_custodian", "account: wrong mint"): "another account of the same coin: ADMIN answers for the choice",
    (
        "mint",
        "account_settlement: wrong mint",
    ): "another's account of the same coin: the token program asks whose it is",
    ("mint", "account_settlement: duplicate"): "the treasury: the token program asks whose it is",
    (
        "redeem",
        "account_settlement: wrong mint",
    ): "another's account of the same coin: whoever redeems says who is paid",
    ("redeem", "account_settlement: duplicate"): "the treasury: whoever redeems says who is paid",
    **{
        (name, f"wallet: {kind}"): UNLINKED
        for name in ("redeem", "freeze", "release_ended")
        for kind in ("closed", "empty")
    },
    **{
        (name, f"wallet: {kind}"): "no wallet is concerned"
        for name in ("set_investor", "block_investor")
        for kind in ("closed", "empty", "another layout")
    },
    ("freeze", "hold"): "read where the wallet may hold: here it may not",
    ("close_quote", "used_quote: wrong PDA"): "another expired one of the same payer's is as good",
    **{
        (name, account): "units are given to nobody"
        for name in ("hold_account", "release_account", "forced_burn")
        for account in ("to", "wallet", "investor", "to_hold", "to_account")
    },
    **{
        (name, account): "units are given to nobody; the vault stands in the receiver's account's place"
        for name in ("freeze_tokens", "lock", "release_locks")
        for account in ("to", "wallet", "investor", "to_hold")
    },
    **{(name, f"hold: {kind}"): NOT_MADE_AGAIN for name in ("lock", "release_locks") for kind in ("closed", "empty")},
    **{("cancel_attestation", account): "nobody enters" for account in ("provider", "investor", "wallet")},
    **{
        (name, account): "nobody enters, and no nonce is concerned"
        for name in ("set_provider", "drop_provider")
        for account in ("investor", "wallet", "used_nonce")
    },
    **{
        (name, account): "nobody is looked up"
        for name in ("set_sanctions_oracle", "suspend_sanctions_oracle", "publish_list")
        for account in ("investor", "wallet", "used_nonce")
    },
    ("publish_list", "signer: wrong signer"): "anyone may: the oracle's signature stands in the transaction",
    ("screen", "signer: wrong signer"): "anyone may; whoever it is pays for the record",
    ("screen", "investor"): "the first who is looked up has no investor: test_sanctions_on_solana has one who has",
    ("screen", "used_nonce"): "the first who is looked up is listed: test_sanctions_on_solana has one who is not",
    **{
        (name, f"token_account: {kind}"): "a wallet is held before it has an account of the stock"
        for name in ("hold_account", "release_account")
        for kind in ("closed", "empty")
    },
    ("release_account", "hold: closed"): "nobody holds the wallet then: it is released",
    ("release_account", "hold: empty"): "nobody holds the wallet then: it is released",
    ("seize", "hold"): UNREAD,
    ("forced_burn", "hold"): UNREAD,
    ("confirm_basis", "signer: wrong signer"): "anyone may",
    ("apply_multiplier", "signer: wrong signer"): "anyone may",
    ("attest_reserve", "signer: wrong signer"): "anyone may: the attestor's signature stands in the transaction",
    ("execute_operation", "signer: wrong signer"): "anyone may",
    (
        "recover_in",
        "signer: wrong signer",
    ): "anyone may; whoever it is pays for a hold's record and has that of the old one",
    ("recover_in", "investor"): NOT_ORDERED,
    ("recover_in", "used_key"): NOT_ORDERED,
    (
        "recover_locks",
        "signer: wrong signer",
    ): "anyone may; whoever it is pays for the successor's record and vault",
    ("recover_locks", "investor"): NOT_ORDERED,
    ("recover_locks", "used_key"): NOT_ORDERED,
    ("execute_operation", "timelock: closed"): "asked when an operation is scheduled; the record is never closed",
    ("execute_operation", "timelock: empty"): "asked when an operation is scheduled; the record is never closed",
    ("execute_operation", "timelock: another layout"): "asked when an operation is scheduled",
    ("set_timelock", "operation"): "no operation is concerned",
    ("set_timelock", "payer"): "no operation ends",
    ("schedule_operation", "payer"): "no operation ends; the signer pays",
}
"""Accounts, or one kind of them, of an instruction that may be wrong, and why. `*` stands for every instruction."""
