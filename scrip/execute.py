"""Carrying a plan out so that nothing happens twice and nothing is lost, whenever the process stops.

Each step: resolved, signed, its intent on disk, sent, mined, recorded. A run that finds an intent sends the same bytes
again or records what came of them; it signs anew only what was never signed, or what a record says has failed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol

from eth_utils import keccak

from scrip.errors import Drift, InputError, Refusal, ScripError
from scrip.evm.chain import Contract
from scrip.evm.desk import Desk
from scrip.evm.node import NotMined, Receipt
from scrip.evm.release import HALVES
from scrip.evm.replacement import use_up
from scrip.evm.rpc import RpcError
from scrip.evm.signers import Impersonated, Signer, sender_of, transaction_hash
from scrip.evm.steps import Once, Prepared, identity, is_used, layout_text, once, prepare, used_in, with_address
from scrip.plan import Plan, Step
from scrip.records import Intent, Record
from scrip.records.book import made_by
from scrip.records.verify import disagreement

Event = Literal["already", "resumed", "signed", "sent", "mined", "done", "failed"]


class Watcher(Protocol):
    """Told of what happens, as it happens. `record` comes with the last word on a step."""

    def __call__(self, event: Event, step: Step, record: Record | None = None) -> None:
        """One event."""


def silent(event: Event, step: Step, record: Record | None = None) -> None:
    """Nobody watches."""


class StepFailed(ScripError):
    """A step's transaction was refused, before it was sent (`record` None) or by the chain, and the plan stopped there.

    What was done before stands. The next run signs the step anew.
    """

    def __init__(self, step: Step, reason: Refusal, record: Record | None = None) -> None:
        where = f"failed on the chain in {record.tx}" if record else "would fail and was not sent"
        super().__init__(f"{step.title}: {where}: {reason}")
        self.step = step
        self.reason = reason
        self.record = record


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a step: "done" now, or "already" done. A step found done by its key alone has no record."""

    step: Step
    status: Literal["done", "already"]
    record: Record | None


@dataclass(frozen=True, slots=True)
class Result:
    """A plan that was carried out, step by step in order."""

    plan: Plan
    outcomes: tuple[Outcome, ...]

    @property
    def changed(self) -> bool:
        """Whether this run did anything."""
        return any(one.status == "done" for one in self.outcomes)


@dataclass
class _Flight:
    """A transaction in a block that is not recorded yet."""

    step: Step
    intent: Intent
    receipt: Receipt


@dataclass
class Executor:
    """Carries plans out on a desk. `signers` by name of the manifest; the desk's own local accounts need no mention.

    A step's sender that nobody signs for is an InputError before anything is sent.
    """

    desk: Desk
    signers: Mapping[str, Signer] = field(default_factory=dict)
    watch: Watcher = silent
    _flying: list[_Flight] = field(default_factory=list, init=False)
    _outcomes: dict[str, Outcome] = field(default_factory=dict, init=False)
    _next: dict[str, int] = field(default_factory=dict, init=False)

    def run(self, plan: Plan) -> Result:
        """Carry out what is not done yet, in order, and record it.

        Drift when the records and the chain disagree, or when a transaction of an unfinished step lost its nonce to
        another; StepFailed when a step is refused; Locked when another operator works on the network. Whatever is
        raised, what was done is on disk, and running the plan again goes on from there.
        """
        names = [step.name for step in plan.steps]
        if len(set(names)) < len(names):
            raise InputError("has two steps of the same name", field="plan", value=plan.name)
        for step in plan.steps:
            self._signer(step.sender)
        with self.desk.records.locked(plan.name):
            self._flying.clear()
            self._outcomes.clear()
            self._next.clear()
            self._finish_others(plan)
            for step in plan.steps:
                self._carry_out(plan, step)
            self._land_all()
        return Result(plan, tuple(self._outcomes[step.name] for step in plan.steps))

    def abandon(self, step: str, reason: str) -> Record:
        """Give up an intent, by its step id; the record of what became of it. The next run signs the step anew.

        While its nonce is free, its bytes could still be mined: its sender first uses the nonce up by sending nothing
        to itself, at a higher fee. Should the intent's own transaction be mined all the same, the record says done.
        InputError for a step without an open intent.
        """
        with self.desk.records.locked(f"abandon {step}"):
            intent = next((one for one in self.desk.records.open_intents() if one.action.step_id == step), None)
            if intent is None:
                raise InputError("has no open intent", field="step", value=step)
            if self.desk.node.receipt(intent.tx) is None and self._is_free(intent):
                use_up(self.desk, self._signer(intent.action.sender_name), intent)
            receipt = self.desk.node.receipt(intent.tx)
            if receipt is None:
                return self.desk.records.append("abandoned", intent.action, intent.tx, reason=reason)
            self.desk.node.wait_final(int(receipt["blockNumber"], 16), self._finality)
            return self._record(intent, receipt)

    # --- before the first step ---

    def _signer(self, name: str) -> Signer:
        if name in self.signers:
            return self.signers[name]
        return self.desk.chain.signer(name)

    def _finish_others(self, plan: Plan) -> None:
        """Record what other operations left mined and unrecorded; refuse to overtake what they left unmined."""
        ours = {identity(self.desk, plan, step) for step in plan.steps}
        for intent in self.desk.records.open_intents():
            if intent.action.step_id in ours:
                continue
            action = intent.action
            receipt = self.desk.node.receipt(intent.tx)
            if receipt is not None:
                self.desk.node.wait_final(int(receipt["blockNumber"], 16), self._finality)
                self._learn(action.label, self._record(intent, receipt))
            elif self._is_free(intent):
                raise ScripError(
                    f"{action.operation!r} ({action.reference}) stopped at step {action.step!r}, which was signed and "
                    "is not mined: run it again first"
                )
            else:
                raise self._overtaken(intent)

    # --- one step ---

    def _carry_out(self, plan: Plan, step: Step) -> None:
        records, identifier = self.desk.records, identity(self.desk, plan, step)
        latest, intent = records.latest(identifier), records.intent(identifier)
        if latest is not None and latest.done:
            if problem := disagreement(latest, self.desk.node):
                raise Drift(f"record {latest.number}, {step.title}: {problem}")
            self._end(step, "already", latest)
        elif intent is not None and not records.settled(intent):
            self.watch("resumed", step)
            self._resume(plan, step, intent)
        else:
            self._begin(plan, step)
        self._land()

    def _begin(self, plan: Plan, step: Step) -> None:
        prepared = prepare(self.desk, plan, step)
        if self._is_carried_out(step, prepared):
            return
        signer = self._signer(step.sender)
        if signer.address != prepared.action.sender:
            raise InputError("signs for another address than the manifest's", field="sender", value=step.sender)
        if step.contract in HALVES and prepared.action.layout_hash:
            self.desk.records.keep_layout(prepared.action.layout_hash, layout_text(step))
        nonce = self.desk.node.next_nonce(signer.address, self._next.get(signer.address, 0))
        prepared = with_address(self.desk, prepared, nonce)
        try:
            fields = self.desk.chain.fields(signer.address, prepared.to, prepared.data, nonce)
        except Refusal as reason:
            raise StepFailed(step, reason) from reason
        if isinstance(signer, Impersonated):
            # A fork is thrown away: nothing is signed, so there is nothing to resume.
            tx = signer.transmit(self.desk.node, fields)
            self._take_off(step, Intent(prepared.action, tx, nonce, ""))
            return
        signed = signer.sign_transaction(fields)
        if sender_of(signed) != signer.address:
            raise ScripError(f"{step.sender} signed as {sender_of(signed)}")
        intent = Intent(prepared.action, transaction_hash(signed), nonce, "0x" + signed.hex())
        self.desk.records.write_intent(intent)
        self.watch("signed", step)
        self._send(intent)
        self.watch("sent", step)
        self._take_off(step, intent)

    def _is_carried_out(self, step: Step, prepared: Prepared) -> bool:
        """Whether the contract says that it carried a step out, in a transaction that no record holds."""
        how = once(self.desk, step, prepared)
        if how is None or not is_used(self.desk, prepared, how):
            return False
        self._end(step, "already", self._find(prepared, how))
        return True

    def _find(self, prepared: Prepared, how: Once) -> Record | None:
        """Record such a transaction; None when no log is to be had."""
        try:
            tx = used_in(self.desk, prepared, how)
            receipt = self.desk.node.receipt(tx) if tx else None
        except RpcError:
            return None  # nodes bound the blocks that a search of logs may span
        if receipt is None:
            return None
        sender = receipt["from"].lower()
        action = replace(prepared.action, sender=sender, sender_name=self.desk.chain.name(sender), data_hash="")
        return self._record(Intent(action, tx, 0, ""), receipt, found=True)

    # --- sending ---

    def _send(self, intent: Intent) -> None:
        self.desk.node.send_raw(bytes.fromhex(intent.signed[2:]))

    def _is_free(self, intent: Intent) -> bool:
        """Whether an intent's nonce is still to be used, so that its bytes are valid."""
        return self.desk.node.nonce(intent.action.sender) <= intent.nonce

    def _overtaken(self, intent: Intent) -> Drift:
        action = intent.action
        return Drift(
            f"{action.operation!r}, step {action.step!r}: nonce {intent.nonce} of {action.sender_name} was used by "
            f"another transaction than {intent.tx}, which was not mined (step id {action.step_id})"
        )

    def _resume(self, plan: Plan, step: Step, intent: Intent) -> None:
        """The same bytes again, unless they are mined."""
        if self.desk.node.receipt(intent.tx) is None:
            if self._is_free(intent):
                self._send_again(intent)
            # Its own transaction may have used the nonce just now.
            elif self.desk.node.receipt(intent.tx) is None:
                prepared = prepare(self.desk, plan, step)
                if (how := once(self.desk, step, prepared)) is None or not is_used(self.desk, prepared, how):
                    raise self._overtaken(intent)
                self.desk.records.append("abandoned", intent.action, intent.tx, reason="another transaction did it")
                self._end(step, "already", self._find(prepared, how))
                return
        self._take_off(step, intent)

    def _send_again(self, intent: Intent) -> None:
        try:
            self._send(intent)
        except RpcError:
            # It may have been mined between the question and the sending.
            if self.desk.node.receipt(intent.tx) is None:
                raise

    def _take_off(self, step: Step, intent: Intent) -> None:
        """Wait for a block; labels of what was made are known from then on."""
        receipt = self.desk.node.wait(intent.tx)
        self.watch("mined", step)
        self._next[intent.action.sender] = intent.nonce + 1
        self._flying.append(_Flight(step, intent, receipt))
        if int(receipt["status"], 16) != 1:
            self._land_all()
        self._learn(intent.action.label, Record(0, "", "done", intent.action, intent.tx))

    # --- recording ---

    @property
    def _finality(self) -> int:
        return self.desk.manifest.chain.finality

    def _land(self) -> None:
        """Record, in order, what is final by now."""
        head = self.desk.node.block().number if self._finality else None
        while self._flying:
            flight = self._flying[0]
            if head is not None and head < int(flight.receipt["blockNumber"], 16) + self._finality:
                return
            if not self._stands(flight):
                continue
            self._flying.pop(0)
            self._conclude(flight)

    def _land_all(self) -> None:
        while self._flying:
            self.desk.node.wait_final(int(self._flying[-1].receipt["blockNumber"], 16), self._finality)
            self._land()

    def _stands(self, flight: _Flight) -> bool:
        """Whether a transaction is still where it was; sent again and awaited where the chain was reorganised."""
        if not self._finality:
            return True
        receipt = self.desk.node.receipt(flight.intent.tx)
        if receipt is not None and receipt["blockHash"] == flight.receipt["blockHash"]:
            return True
        if receipt is None:
            if not self._is_free(flight.intent):
                raise self._overtaken(flight.intent)
            self._send_again(flight.intent)
        flight.receipt = self.desk.node.wait(flight.intent.tx)
        self.desk.node.wait_final(int(flight.receipt["blockNumber"], 16), self._finality)
        return False

    def _conclude(self, flight: _Flight) -> None:
        record = self._record(flight.intent, flight.receipt)
        if record.done:
            self._end(flight.step, "done", record)
            return
        self.watch("failed", flight.step, record)
        raise StepFailed(flight.step, Refusal(record.reason), record)

    def _record(self, intent: Intent, receipt: Receipt, found: bool = False) -> Record:
        action, block = intent.action, int(receipt["blockNumber"], 16)
        succeeded = int(receipt["status"], 16) == 1
        if succeeded:
            self._check_made(intent, receipt)
        return self.desk.records.append(
            "done" if succeeded else "failed",
            action,
            intent.tx,
            block=block,
            block_hash=receipt["blockHash"],
            gas=int(receipt["gasUsed"], 16),
            code_hash=self._code_hash(action.address or action.to),
            reason="" if succeeded else self._reason(intent, block),
            found=found,
        )

    def _check_made(self, intent: Intent, receipt: Receipt) -> None:
        """A deployment's address is the one foreseen, and there is code."""
        action = intent.action
        if not action.address:
            return
        made = (receipt.get("contractAddress") or "").lower()
        if not action.function and made != action.address:
            raise Drift(f"{action.title}: the chain says it created {made}, not {action.address}")
        if not self.desk.node.code(action.address):
            raise Drift(f"{action.title}: there is no code at {action.address}")

    def _code_hash(self, address: str) -> str:
        code = self.desk.node.code(address)
        return "0x" + keccak(code).hex() if code else ""

    def _reason(self, intent: Intent, block: int) -> str:
        mined = self.desk.node.transaction(intent.tx)
        if mined is None:
            return "failed, and the node does not have the transaction"
        data = bytes.fromhex(mined["input"][2:])
        return str(self.desk.chain.failure(intent.action.sender, intent.action.to or None, data, block))

    def _end(self, step: Step, status: Literal["done", "already"], record: Record | None) -> None:
        if record is not None:
            self._learn(step.label, record)
        self._outcomes[step.name] = Outcome(step, status, record)
        self.watch(status, step, record)

    def _learn(self, label: str, record: Record) -> None:
        if label and record.done and record.action.address:
            contract: Contract = made_by(record)
            self.desk.learn(label, contract)


__all__ = ["Executor", "NotMined", "Outcome", "Result", "StepFailed"]
