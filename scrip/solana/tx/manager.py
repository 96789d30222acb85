"""The transaction manager of Solana: transactions that are good while their blockhash is, and then never again.

What was signed is sent again while it is good. It is signed anew only when what is final has passed the last block that
could hold it, and no block does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from solders.keypair import Keypair
from solders.pubkey import Pubkey
from solders.signature import Signature

from scrip.errors import Drift, InputError, Refusal
from scrip.executor.executor import NeverLands, StepFailed
from scrip.plan import Plan, Step
from scrip.records import Intent, Record, Records
from scrip.solana.chain import Failed
from scrip.solana.handlers.client import refusal
from scrip.solana.rpc.chain import POLL, POLL_MAX, Expired, Prepared, told
from scrip.solana.rpc.cluster import Landed, Unreachable
from scrip.solana.tx.steps import Ready, calls_of, marks, prepare
from scrip.solana.tx.verify import disagreement

if TYPE_CHECKING:
    from scrip.solana.connection import SolanaConnection


@dataclass
class SolanaTransactionManager:
    """Transactions of one network. The step's sender pays for each."""

    network: SolanaConnection
    signers: Mapping[str, Keypair] = field(default_factory=dict, repr=False)
    attempts: int = 3

    @property
    def records(self) -> Records:
        """The network's records."""
        return self.network.records

    @property
    def genesis(self) -> str:
        """The hash of the network's first block."""
        return self.network.genesis

    def begin(self) -> None:
        """Start a run; nothing is remembered from an earlier one."""

    # --- before anything is sent ---

    def demand_signer(self, name: str) -> None:
        """InputError where nobody signs for a sender."""
        self._keypair(name)

    def _keypair(self, name: str) -> Keypair:
        return self.signers[name] if name in self.signers else self.network.keys.keypair(name)

    def prepare(self, plan: Plan, step: Step) -> Ready:
        """Resolve a step; InputError for one of another kind of chain."""
        return prepare(self.network, plan, step)

    def is_done(self, step: Step, ready: Ready) -> bool:  # noqa: ARG002
        """Whether the program has marked every key of the step's as used."""
        found = marks(self.network.program, ready.calls)
        return bool(found) and None not in self.network.chain.accounts(found)

    def carried_out(self, step: Step, ready: Ready) -> tuple[Intent, Landed] | None:  # noqa: ARG002
        """The transaction that used the step's key; None where the node does not remember."""
        for signature in self.network.cluster.signatures(marks(self.network.program, ready.calls)[0]):
            landed = self.network.chain.landed(signature)
            if landed is not None and landed.meta.err is None:
                sender = landed.message.account_keys[0]
                action = replace(
                    ready.action, sender=str(sender), sender_name=self.network.keys.name(sender), data_hash=""
                )
                return Intent(action, str(signature), 0, ""), landed
        return None

    def sign(self, step: Step, ready: Ready, attempt: int) -> Intent:
        """Simulate and sign; StepFailed when it would fail. Each attempt offers more for its place in a block."""
        keypair = self._keypair(step.sender)
        if str(keypair.pubkey()) != ready.action.sender:
            raise InputError("signs for another address than the manifest's", field="sender", value=step.sender)
        chain = replace(self.network.chain, payer=self.network.chain.rich(keypair))
        try:
            made = chain.prepare(ready.calls, [keypair], attempt)
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
        """Hand the bytes over. A node that does not answer may have them: whoever waits sends them again."""
        try:
            self.network.cluster.send(bytes.fromhex(intent.signed[2:]))
        except Unreachable:
            return

    def send_again(self, intent: Intent) -> None:
        """Hand bytes over that may have landed: a cluster takes them once."""
        self.send(intent)

    def find(self, intent: Intent) -> Landed | None:
        """Where it landed; None when it is in no confirmed block."""
        return self.network.chain.landed(Signature.from_string(intent.tx))

    def can_land(self, intent: Intent) -> bool:
        """Whether it may yet come into a block, or is in one: it is not known to be in none for ever."""
        return not self.network.chain.is_gone(Signature.from_string(intent.tx), intent.last_height)

    def lost(self, intent: Intent) -> str:
        """That it expired."""
        return f"expired: in no block up to {intent.last_height}, its last"

    def give_up(self, intent: Intent) -> None:
        """Wait until it has expired, or has landed after all. Nothing is sent."""
        while self.find(intent) is None and self.can_land(intent):
            self.network.cluster.wait(POLL_MAX)

    def wait(self, intent: Intent) -> Landed:
        """Where it landed; sent again as long as it is good. NeverLands once it is not."""
        prepared = Prepared(
            Signature.from_string(intent.tx), bytes.fromhex(intent.signed[2:]), intent.last_height, intent.blockhash
        )
        try:
            return self.network.chain.land(prepared, sent=True)
        except Expired as never:
            raise NeverLands(f"{intent.action.title}: {never}") from None

    # --- in a block ---

    def is_final(self, landing: Landed) -> bool:
        """Whether its block is rooted; where the manifest asks for no finality, whether it is in one."""
        return not self.network.manifest.chain.finality or self.network.chain.is_final(landing.signature) is True

    def wait_final(self, intent: Intent, landing: Landed) -> None:
        """Wait for that. Drift when its block was not the one that stayed and it is too late to send it again."""
        pause = POLL
        while not self.is_final(landing):
            if self.find(intent) is None and not self.can_land(intent) and self.find(intent) is None:
                raise Drift(f"{intent.action.title}: {intent.tx} was confirmed and is in no block: run it again")
            self.network.cluster.wait(pause)
            pause = min(2 * pause, POLL_MAX)

    def recheck(self, intent: Intent, landing: Landed) -> Landed:  # noqa: ARG002
        """The same: what is final stays."""
        return landing

    def succeeded(self, landing: Landed) -> bool:
        """Whether its meta names no error."""
        return landing.meta.err is None

    def outcome(self, intent: Intent, landing: Landed) -> dict[str, object]:  # noqa: ARG002
        """Record's further fields."""
        return {
            "block": landing.slot,
            "gas": landing.meta.compute_units_consumed or 0,
            "reason": "" if self.succeeded(landing) else self._reason(landing),
        }

    def _reason(self, landing: Landed) -> str:
        try:
            told(landing)
        except Failed as failed:
            return str(self._refusal([call.program_id for call in calls_of(landing.message)], failed))
        return ""

    # --- records ---

    def disagreement(self, record: Record) -> str:
        """What the chain says otherwise than a record; "" for nothing."""
        return disagreement(record, self.network.chain)

    def learn(self, record: Record) -> None:
        """Nothing: addresses follow from the manifest."""
