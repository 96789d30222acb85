"""The compliance network: investors and their wallets, one by one or from a batch file. Signed by COMPLIANCE."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.errors import InputError, InputErrors
from scrip.inputs.batch import Batch, Link, Newcomer, Renewal
from scrip.plan import Plan, Step
from scrip.solana.addresses import investor_id
from scrip.solana.connection import SolanaConnection
from scrip.solana.operations.common import Draft, sender_of, step

if TYPE_CHECKING:
    from scrip.evm.operations.common import Grounds

COMPLIANCE = "COMPLIANCE"
_Row = TypeVar("_Row")
Order = ins.Onboard | ins.Renew


@dataclass(frozen=True, slots=True)
class Standing:
    """An investor as the directory has it; all empty for one that it does not know."""

    known: bool = False
    blocked: bool = False
    country: int = 0
    investor_class: str = ""
    expiry: int = 0


def standings(network: SolanaConnection, investors: Sequence[str]) -> dict[str, Standing]:
    """What the directory says of investors, by name."""
    found = network.chain.accounts([network.program.at.investor(investor_id(one)) for one in investors])
    return {one: _standing(network, data) for one, data in zip(investors, found, strict=True)}


def _standing(network: SolanaConnection, data: bytes | None) -> Standing:
    if data is None:
        return Standing()
    found: Any = network.program.decode(data)
    kind = type(found.class_).__name__.lower()
    return Standing(True, found.blocked, found.country, kind, found.expiry)


def owners(network: SolanaConnection, wallets: Sequence[str]) -> dict[str, Pubkey | None]:
    """The record of the investor that each wallet belongs to, None for none."""
    found = network.chain.accounts([network.program.at.wallet(network.keys.address(one)) for one in wallets])
    return {one: _owner(network, data) for one, data in zip(wallets, found, strict=True)}


def _owner(network: SolanaConnection, data: bytes | None) -> Pubkey | None:
    return network.program.decode(data).investor if data else None


def together(
    network: SolanaConnection, rows: Sequence[Newcomer | Link]
) -> tuple[dict[str, Standing], dict[str, Pubkey | None]]:
    """Both of a file's rows. A row's investor and wallet are read in one request, AT_ONCE being even: what lands
    meanwhile shows in both or in neither."""
    at = network.program.at
    pairs = [(at.investor(investor_id(row.investor)), at.wallet(network.keys.address(row.wallet))) for row in rows]
    found = iter(network.chain.accounts([address for pair in pairs for address in pair]))
    known: dict[str, Standing] = {}
    held: dict[str, Pubkey | None] = {}
    for row in rows:
        known[row.investor] = _standing(network, next(found))
        held[row.wallet] = _owner(network, next(found))
    return known, held


def record_of(network: SolanaConnection, investor: str) -> Pubkey:
    """The address of an investor's record."""
    return network.program.at.investor(investor_id(investor))


# --- batches ---------------------------------------------------------------------------------------------------------


def onboard(network: SolanaConnection, batch: Batch[Newcomer], sender: str = "") -> Plan:
    """Onboard a file's investors, as many to a transaction as fit; those that stand as the file says are left alone.

    InputErrors, a line each, for an investor or a wallet that is known as something else.
    """
    known, held = together(network, [row for _, row in batch.rows])

    def stands(row: Newcomer) -> bool:
        found, owner = known[row.investor], held[row.wallet]
        if not found.known and owner is None:
            return False
        wished = Standing(True, found.blocked, row.country, row.investor_class, row.expiry)
        if found != wished:
            reason = "is known with another record" if found.known else "belongs to another investor"
            field, value = ("investor", row.investor) if found.known else ("wallet", row.wallet)
            raise InputError(reason, field=field, value=value)
        if owner != record_of(network, row.investor):
            raise InputError("is not this investor's, who is known with others", field="wallet", value=row.wallet)
        return True

    def order(row: Newcomer) -> ins.Onboard:
        return ins.Onboard(row.investor, row.wallet, row.country, row.investor_class, row.expiry)

    return _Packer(Draft(network, "compliance onboard", batch.digest, natural=True), batch, sender).plan(stands, order)


def renew(network: SolanaConnection, batch: Batch[Renewal], sender: str = "") -> Plan:
    """New expiries from a file, as many to a transaction as fit. An earlier one is frozen for by whoever cranks."""
    known = standings(network, [row.investor for _, row in batch.rows])

    def stands(row: Renewal) -> bool:
        if not known[row.investor].known:
            raise InputError("is not in the registry", field="investor", value=row.investor)
        return known[row.investor].expiry == row.expiry

    def order(row: Renewal) -> ins.Renew:
        return ins.Renew(row.investor, row.expiry)

    return _Packer(Draft(network, "compliance renew", batch.digest, natural=True), batch, sender).plan(stands, order)


@dataclass
class _Packer:
    """Puts a file's rows into transactions. Each row has a key of its own, however they are packed."""

    draft: Draft
    batch: Batch[Any]
    sender: str

    def plan(self, stands: Callable[[Any], bool], order: Callable[[Any], Order]) -> Plan:
        """A step for each range of rows in which one does not stand yet."""
        draft, rows = self.draft, self.batch.rows
        missing = set(_missing(self.batch, stands))
        by = sender_of(draft.network.manifest, COMPLIANCE, self.sender)
        for first, last in self._ranges(order):
            orders = [
                draft.by_role(order(rows[place][1]), by, f"row {place + 1}")
                for place in range(first, last)
                if place in missing
            ]
            if orders:
                draft.steps.append(self._step(f"rows {first + 1}-{last}", orders))
        if len(missing) < len(rows):
            draft.same.append(f"{len(rows) - len(missing)} rows")
        return draft.plan()

    def _step(self, name: str, orders: Sequence[ins.RoleInstruction]) -> Step:
        verb = self.draft.name.removeprefix("compliance ")
        calls = [call for order in orders for call in self.draft.ledger.calls(order)]
        return step(name, f"{verb} {len(orders)} investors, {name}", orders[0].by, calls, *orders)

    def _ranges(self, order: Callable[[Any], Order]) -> Iterator[tuple[int, int]]:
        """Rows to a transaction, from 0, the end excluded. What a run that was cut short has signed keeps its rows."""
        signed = self._signed()
        size, first = self._size(order), 0
        while first < len(self.batch.rows):
            ahead = min((start for start in signed if start > first), default=len(self.batch.rows))
            last = signed.get(first, min(first + size, ahead))
            yield first, last
            first = last

    def _signed(self) -> dict[int, int]:
        ours = (self.draft.name, self.draft.reference)
        actions = (one.action for one in self.draft.network.records.open_intents())
        names = [one.step.removeprefix("rows ") for one in actions if (one.operation, one.reference) == ours]
        found = (name.partition("-") for name in names)
        return {int(first) - 1: int(last) for first, _, last in found}

    def _size(self, order: Callable[[Any], Order]) -> int:
        """How many fit into a transaction, at most what the manifest allows: all rows are of one length."""
        draft, most = self.draft, self.draft.network.manifest.limits.batch
        orders = [
            draft.by_role(order(row), self.sender, f"row {place}")
            for place, (_, row) in enumerate(self.batch.rows[:most])
        ]
        calls = [call for one in orders for call in draft.ledger.calls(one)]
        payer = draft.network.keys.address(orders[0].by)
        return next((size for size in range(len(calls), 1, -1) if draft.network.chain.fits(calls[:size], payer)), 1)


def _missing(batch: Batch[_Row], stands: Callable[[_Row], bool]) -> Iterator[int]:
    """The places of the rows that do not stand; InputErrors, a line each, for those that cannot."""
    errors: list[InputError] = []
    for place, (line, row) in enumerate(batch.rows):
        try:
            if not stands(row):
                yield place
        except InputError as error:
            errors.append(InputError(error.message, field=error.field, value=error.value, file=batch.file, line=line))
    if errors:
        raise InputErrors(errors)


def link(network: SolanaConnection, batch: Batch[Link], sender: str = "") -> Plan:
    """Further wallets from a file, one transaction each: one may freeze accounts."""
    known, held = together(network, [row for _, row in batch.rows])
    draft = Draft(network, "compliance link", batch.digest, natural=True)

    def stands(row: Link) -> bool:
        if not known[row.investor].known:
            raise InputError("is not in the registry", field="investor", value=row.investor)
        owner = held[row.wallet]
        if owner not in (None, record_of(network, row.investor)):
            raise InputError("belongs to another investor", field="wallet", value=row.wallet)
        return owner is not None

    missing = list(_missing(batch, stands))
    for place in missing:
        line, row = batch.rows[place]
        draft.order(
            f"link {row.investor}, line {line}", ins.LinkWallet(row.investor, row.wallet), sender, f"line {line}"
        )
    if len(missing) < len(batch.rows):
        draft.same.append(f"{len(batch.rows) - len(missing)} rows")
    return draft.plan()


# --- one by one ------------------------------------------------------------------------------------------------------


def block(network: SolanaConnection, investor: str, grounds: Grounds) -> Plan:
    """Stop an investor in every stock: the first accounts in its own transaction, the others in the next ones."""
    order = ins.Block(investor, grounds.reason, grounds.document)
    return _turn(network, "compliance block", order, True, grounds)


def unblock(network: SolanaConnection, investor: str, grounds: Grounds) -> Plan:
    """Lift an investor's block; anyone may thaw its accounts from then on."""
    order = ins.Unblock(investor, grounds.reason, grounds.document)
    return _turn(network, "compliance unblock", order, False, grounds)


def _turn(network: SolanaConnection, name: str, order: ins.Block | ins.Unblock, wished: bool, grounds: Grounds) -> Plan:
    found = standings(network, [order.investor])[order.investor]
    if not found.known:
        raise InputError("is not in the registry", field="investor", value=order.investor)
    draft = Draft(network, name, grounds.told)
    if found.blocked == wished:
        return draft.nothing(f"{order.investor} is {'' if wished else 'not '}blocked")
    draft.order(f"{name.removeprefix('compliance ')} {order.investor}", order, grounds.sender)
    _crank_rest(draft, order)
    return draft.plan()


def unlink(network: SolanaConnection, investor: str, wallet: str, grounds: Grounds) -> Plan:
    """Take a wallet from its investor; its accounts are frozen."""
    draft = Draft(network, "compliance unlink", grounds.told)
    owner = owners(network, [wallet])[wallet]
    if owner is None:
        return draft.nothing(f"{wallet} belongs to nobody")
    if owner != record_of(network, investor):
        raise InputError("belongs to another investor", field="wallet", value=wallet)
    order = ins.UnlinkWallet(investor, wallet, grounds.reason, grounds.document)
    draft.order(f"unlink {wallet} from {investor}", order, grounds.sender)
    _crank_rest(draft, order)
    return draft.plan()


def _crank_rest(draft: Draft, order: ins.Block | ins.Unblock | ins.UnlinkWallet) -> None:
    """Freeze what a transaction had no room to name: anyone may, and whoever signed the change does."""
    ledger, by = draft.ledger, draft.steps[0].sender
    for listing, wallet in list(ledger.network.thawed(ledger.network.touched(order)))[ledger.network.ROOM :]:
        call = ledger.network.crank_call("freeze", listing, wallet, by)
        title = f"freeze {wallet} in {listing.isin}"
        draft.steps.append(step(title, title, by, [call], what="freeze"))


def push(network: SolanaConnection, investor: str, sender: str = "") -> Plan:
    """Freeze what is left thawed of an investor that is in no good standing. Anyone may."""
    draft = Draft(network, "compliance push", investor, natural=True)
    found, by = standings(network, [investor])[investor], sender_of(network.manifest, COMPLIANCE, sender)
    if not found.known:
        raise InputError("is not in the registry", field="investor", value=investor)
    if not found.blocked and network.chain.now() < found.expiry:
        return draft.nothing(f"{investor} is in good standing")
    ledger = draft.ledger
    for listing, wallet in ledger.network.thawed(ledger.network.wallets_of(investor)):
        title = f"freeze {wallet} in {listing.isin}"
        call = ledger.network.crank_call("freeze", listing, wallet, by)
        # What was frozen, thawed and lapsed again is another freeze.
        draft.steps.append(step(f"{title} at {network.chain.now()}", title, by, [call], what="freeze"))
    return draft.plan()
