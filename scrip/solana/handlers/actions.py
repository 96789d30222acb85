"""Corporate actions: announced, scheduled and cancelled under their code and reference."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from solders.instruction import Instruction as Call
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.instructions.subjects import reference_text
from scrip.ledger import ActionState, ActionStatus, Receipt
from scrip.solana.addresses import code_word, document_hash, reference_word
from scrip.solana.encoding.program import Listing
from scrip.solana.handlers.client import Client

STOCK_OF_ACTION = 8
"""Where an action's record names its stock; other accounts of the stock's have it there, too."""
STATUS: dict[str, ActionStatus] = {
    "Announced": "announced",
    "Scheduled": "scheduled",
    "Cancelled": "cancelled",
}

Order = ins.Announce | ins.Schedule | ins.Cancel


class Calendar:
    """What the ledger asks of a stock's calendar."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def apply(self, order: Order) -> Receipt:
        """Announce, schedule or cancel an action."""
        if order.stock not in self.client.stocks:
            return self._unknown(order)
        return self.client.send([self.call(order)], [order.by])

    def call(self, order: Order) -> Call:
        """The program's instruction for a known stock."""
        client = self.client
        listing, reference = client.listing(order.stock), reference_word(order.reference)
        accounts = {"action": client.program.at.action(listing.stock, order.code, reference)}
        head = (list(code_word(order.code)), list(reference))
        match order:
            case ins.Announce():
                terms = self.terms(order)
                return client.signed("announce_action", order.by, *head, terms, accounts=accounts, listing=listing)
            case ins.Schedule(price=price):
                return client.signed("schedule_action", order.by, *head, price, accounts=accounts, listing=listing)
            case ins.Cancel(reason=reason, document=document):
                grounds = (reason, list(document_hash(document)))
                return client.signed("cancel_action", order.by, *head, *grounds, accounts=accounts, listing=listing)

    def terms(self, order: ins.Announce) -> object:
        """The terms as the program takes them; what does not fit its integers is refused as it would be elsewhere."""
        fits = max(order.num, order.den) < 2**64 and order.gross < 2**128 and max(order.pay, order.effective_at) < 2**63
        if not fits:
            raise Refusal("actions: bad terms", str(order))
        return {
            "ex": order.ex.year * 10_000 + order.ex.month * 100 + order.ex.day,
            "pay": order.pay,
            "effective_at": order.effective_at,
            "num": order.num,
            "den": order.den,
            "gross": order.gross,
        }

    def read(self, stock: str, code: str, reference: str) -> ActionState:
        """An action by what names it; of status "unknown" where it was never announced."""
        client, listing = self.client, self.client.listing(stock)
        data = client.chain.account(client.program.at.action(listing.stock, code, reference_word(reference)))
        if data is None:
            return ActionState(b"", stock, code, reference)
        return self._shown(client.program.decode(data), stock, reference)

    def read_all(self, stock: str) -> Iterator[ActionState]:
        """Every action that was ever announced for a stock, by its account: the program closes none."""
        for _, record in self.records(self.client.listing(stock)):
            yield self._shown(record, stock, reference_text(bytes(record.reference)))

    def records(self, listing: Listing) -> list[tuple[Pubkey, Any]]:
        """Account and record of every action that was ever announced for a stock, by account."""
        program = self.client.program
        found = self.client.chain.owned(program.id, STOCK_OF_ACTION, bytes(listing.stock))
        mine = [(address, data) for address, data in found if data.startswith(program.discriminator("Action"))]
        return [(address, program.decode(data)) for address, data in sorted(mine, key=lambda one: bytes(one[0]))]

    def _shown(self, record: Any, stock: str, reference: str) -> ActionState:
        status = STATUS[type(record.status).__name__]
        if status == "scheduled" and self.client.now() >= record.effective_at:
            status = "effective"
        return ActionState(
            id=bytes(record.id),
            stock=stock,
            code=bytes(record.code).rstrip(b"\0").decode("ascii", "replace"),
            reference=reference,
            status=status,
            ex=record.ex,
            pay=record.pay,
            effective_at=record.effective_at,
            num=record.num,
            den=record.den,
            gross=record.gross,
            withheld=record.withheld,
            net=record.net,
            price=record.price,
        )

    def _unknown(self, order: Order) -> Receipt:
        """The refusal of a stock that has no accounts to name in a transaction."""
        if order.by != ins.ISSUER:
            raise Refusal("roles: not authorised", order.by)
        match order:
            case ins.Announce():
                raise Refusal("actions: unknown stock", order.stock)
            case ins.Schedule():
                raise Refusal("actions: not announced", order.stock)
            case ins.Cancel():
                blank = order.reason == 0 or not order.document
                raise Refusal("actions: reason and document" if blank else "actions: not cancellable", order.stock)
