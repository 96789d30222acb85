"""Corporate actions: announced, scheduled and cancelled under their code and reference."""

from __future__ import annotations

from solders.instruction import Instruction as Call

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.ledger import Receipt
from scrip.solana.addresses import code_word, document_hash, reference_word
from scrip.solana.handlers.client import Client

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
