"""The transaction manager of Solana: transactions that are good while their blockhash is, and then never again.

What was signed is sent again while it is good. It is signed anew only when what is final has passed the last block that
could hold it, and no block does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from solders.pubkey import Pubkey
from solders.signature import Signature

from scrip.errors import Drift, InputError, Refusal
from scrip.executor.executor import NeverLands, StepFailed
from scrip.executor.witness import Nodes, demand_confirmed
from scrip.plan import Plan, Step
from scrip.records import Intent, Record, Records
from scrip.solana.chain import Failed
from scrip.solana.handlers.client import refusal
from scrip.solana.rpc.chain import POLL, POLL_MAX, Expired, Prepared, told
from scrip.solana.rpc.cluster import Landed, Unreachable
from scrip.solana.signing import Signer
from scrip.solana.tx.steps import Ready, calls_of, holds, marks, prepare, runs
from scrip.solana.tx.verify import disagreement

if TYPE_CHECKING:
    from scrip.solana.connection import SolanaConnection


@dataclass
class SolanaTransactionManager:
    """Transactions of one network. The step's sender pays for each."""

    network: SolanaConnection
    signers: Mapping[str, Signer] = field(default_factory=dict, repr=False)
    attempts: int = 3
    _urgent: bool = field(default=False, init=False)

    @property
    def records(self) -> Records:
        """The network's records."""
        return self.network.records

    @property
    def genesis(self) -> str:
        """The hash of the network's first block."""
        return self.network.genesis

    def begin(self, journal: Records) -> None:
        """Start a run; nothing is remembered from an earlier one, and no transaction waits for another's place."""
        self._urgent = bool(journal.lane)

    # --- before anything is sent ---

    def demand_signer(self, name: str) -> None:
        """InputError where nobody signs for a sender."""
        self._signer(name)

    def _signer(self, name: str) -> Signer:
        return self.signers[name] if name in self.signers else self.network.keys.signer(name)

    def prepare(self, plan: Plan, step: Step) -> Ready:
        """Resolve a step; InputError for one of another kind of chain."""
        return prepare(self.network, plan, step)

    def is_done(self, step: Step, ready: Ready) -> bool:  # noqa: ARG002
        """Whether the program has marked every key of the step's as used; Misplaced where another account stands."""
        program = self.network.program
        found = program.each(self.network.chain, list(marks(program, ready.calls).items()))
        return bool(found) and None not in found

    def carried_out(self, step: Step, ready: Ready) -> tuple[Intent, Landed] | None:
        """The transaction that used the step's key, by its instructions: anyone may name the key's address in others.

        None where the node does not remember it. Drift where the key was used for other instructions than the step's.
        """
        key, other = next(iter(marks(self.network.program, ready.calls))), ""
        for signature in self.network.cluster.signatures(key):
            landed = self._remembered(signature)
            if landed is None or landed.meta.err is not None:
                continue
            if holds(landed, ready.action.data_hash):
                sender = landed.message.account_keys[0]
                action = replace(ready.action, sender=str(sender), sender_name=self.network.keys.name(sender))
                return Intent(action, str(signature), 0, ""), landed
            if any(key in marks(self.network.program, calls) for calls in runs(landed)):
                other = other or str(signature)
        if other:
            raise Drift(f"{step.title}: its key was used in {other}, for other instructions than these: look at both")
        return None

    def _remembered(self, signature: Signature) -> Landed | None:
        """A transaction; None where the node has lost it, or it is in no confirmed block."""
        try:
            return self.network.chain.landed(signature)
        except Unreachable:
            return None

    def sign(self, step: Step, ready: Ready, attempt: int) -> Intent:
        """Simulate and sign a step; StepFailed when it would fail.

        Each attempt offers more for its place in a block.
        """
        signer = self._signer(step.sender)
        if str(signer.pubkey()) != ready.action.sender:
            raise InputError("signs for another address than the manifest's", field="sender", value=step.sender)
        chain = replace(self.network.chain, payer=self.network.chain.rich(signer))
        try:
            made = chain.prepare(ready.calls, [signer], attempt)
        except Failed as failed:
            reason = self._refusal([call.program_id for call in ready.calls], failed)
            raise StepFailed(step, reason) from reason
        signed = "0x" + made.signed.hex()
        return Intent(ready.action, str(made.signature), 0, signed, made.last_height, made.blockhash)

    def _refusal(self, called: list[Pubkey], failed: Failed) -> Refusal:
        found = refusal(self.network.program, called, failed)
        return found if isinstance(found, Refusal) else Refusal(failed.error, "; ".join(failed.logs[-2:]))

    # --- on its way ---

    def send(self, intent: Intent) -> None:
        """Hand an intent's bytes over.

        A node that does not answer may have them: whoever waits sends them again.
        """
        try:
            self.network.cluster.send(bytes.fromhex(intent.signed[2:]))
        except Unreachable:
            return

    def send_again(self, intent: Intent) -> None:
        """Hand an intent's bytes over once more, though they may have landed: a cluster takes them once."""
        self.send(intent)

    def outbid(self, intent: Intent) -> Intent | None:  # noqa: ARG002
        """None: what is not taken expires within a minute and is signed anew, at a higher offer each time."""
        return None

    def earlier(self, intent: Intent) -> tuple[Intent, Landed] | None:  # noqa: ARG002
        """None: a transaction is given up once it never can land, and not before."""
        return None

    def find(self, intent: Intent) -> Landed | None:
        """Where an intent's transaction landed; None when it is in no confirmed block."""
        return self.network.chain.landed(Signature.from_string(intent.tx))

    def can_land(self, intent: Intent) -> bool:
        """Whether an intent may yet come into a block, or is in one: it is not known to be in none for ever."""
        return not self.network.chain.is_gone(Signature.from_string(intent.tx), intent.last_height)

    def lost(self, intent: Intent) -> str:
        """Why an intent is given up that can never land: it expired."""
        return f"expired: in no block up to {intent.last_height}, its last"

    def give_up(self, intent: Intent) -> None:
        """Wait until an intent has expired, or has landed after all. Nothing is sent."""
        while self.find(intent) is None and self.can_land(intent):
            self.network.cluster.wait(POLL_MAX)

    def wait(self, intent: Intent) -> Landed:
        """Wait until an intent has landed; it is sent again as long as it is good. NeverLands once it is not."""
        prepared = Prepared(
            Signature.from_string(intent.tx), bytes.fromhex(intent.signed[2:]), intent.last_height, intent.blockhash
        )
        try:
            return self.network.chain.land(prepared, sent=True)
        except Expired as never:
            raise NeverLands(f"{intent.action.title}: {never}") from None

    # --- in a block ---

    def is_final(self, landing: Landed) -> bool:
        """Whether a transaction's block is rooted; where the manifest asks for no finality, whether it is in one."""
        return not self.network.manifest.chain.finality or self.network.chain.is_final(landing.signature) is True

    def wait_final(self, intent: Intent, landing: Landed) -> None:
        """Wait until a transaction's block is rooted.

        Drift when its block was not the one that stayed and it is too late to send it again.
        """
        pause = POLL
        while not self.is_final(landing):
            if self.find(intent) is None and not self.can_land(intent) and self.find(intent) is None:
                raise Drift(f"{intent.action.title}: {intent.tx} was confirmed and is in no block: run it again")
            self.network.cluster.wait(pause)
            pause = min(2 * pause, POLL_MAX)

    def recheck(self, intent: Intent, landing: Landed) -> Landed:  # noqa: ARG002
        """Where the transaction is: where it was, for what is final stays."""
        return landing

    def succeeded(self, landing: Landed) -> bool:
        """Whether a transaction's meta names no error."""
        return landing.meta.err is None

    def outcome(self, intent: Intent, landing: Landed) -> dict[str, object]:
        """The further fields of a transaction's record. Drift where a second node says otherwise than the first."""
        self._demand_witness(intent, landing)
        return {
            "block": landing.slot,
            "gas": landing.meta.compute_units_consumed or 0,
            "reason": "" if self.succeeded(landing) else self._reason(landing),
        }

    def _demand_witness(self, intent: Intent, landing: Landed) -> None:
        """Unconfirmed where a second node has the transaction in another slot, ended otherwise, or not at all.

        What an emergency did is recorded as one node says.
        """
        if self.network.witness is None or self._urgent:
            return
        witness = self.network.witness()

        def told(found: Landed | None) -> dict[str, object] | None:
            return {"slot": found.slot, "error": str(found.meta.err)} if found is not None else None

        nodes = Nodes(self.network.manifest.network, self.network.asked, witness.asked)
        said = told(landing) or {}
        ask = partial(witness.chain.landed, landing.signature)
        demand_confirmed(intent.action.title, intent.tx, nodes, said, lambda: told(ask()))

    def _reason(self, landing: Landed) -> str:
        try:
            told(landing)
        except Failed as failed:
            return str(self._refusal([call.program_id for call in calls_of(landing.message, landing.keys)], failed))
        return ""

    # --- records ---

    def disagreement(self, record: Record) -> str:
        """What the chain says otherwise than a record; "" for nothing."""
        return disagreement(record, self.network.chain)

    def learn(self, record: Record) -> None:
        """Learn nothing: addresses follow from the manifest."""
