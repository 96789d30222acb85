"""What stands on an action: votes, elections, roots, offers, ends, notices; and what a change of name leaves to do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from eth_utils import keccak

from scrip.action_codes import BOOK_CODES
from scrip.evm.encoding.words import decode, encode
from scrip.evm.handlers.dividends import read_parts as read_roots
from scrip.evm.handlers.elections import read_parts as read_elections
from scrip.evm.handlers.elections import read_state, read_totals
from scrip.evm.handlers.offers import read_offer
from scrip.evm.handlers.offers import read_parts as read_offers
from scrip.evm.handlers.voting import OPENED, PUBLISHED, read_parts, read_poll, read_sums
from scrip.evm.handlers.wind_up import STATUS, read_end
from scrip.evm.views import EvmViews
from scrip.model.laws.offers import OFFER_CODES
from scrip.model.state.elections import ELECTION_CODES
from scrip.model.state.voting import MEETING_CODE
from scrip.preview import moment
from scrip.units import EVM_DECIMALS, format_fixed

CHANGED = keccak(text="ChangeRecorded(bytes32,address,string,string,string)")
VOTE, ELECTION, ROOT, OFFER, END, NOTICE = "vote", "election", "root", "offer", "end", "notice"


@dataclass(frozen=True, slots=True)
class Link:
    """Something that stands on an action: its kind, what it is called on the chain, and how it stands.

    `ends` is whether a cancellation of the action makes it void.
    """

    kind: str
    name: str
    stands: str
    ends: bool = False

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


def identity_of(views: EvmViews, stock: str, code: str, reference: str) -> bytes:
    """An action's id; one whose reference nobody knows is called by its id."""
    if reference.startswith("0x") and len(reference) == 66:
        return bytes.fromhex(reference[2:])
    return views.ledger.action_id(stock, code, reference)


def standing_on(views: EvmViews, stock: str, code: str, reference: str) -> Iterator[Link]:
    """What stands on an action, oldest first of each kind; nothing where the network has no contract of a kind."""
    identity, suite, chain = identity_of(views, stock, code, reference), views.ledger.suite, views.network.chain
    if code == MEETING_CODE and suite.ballot is not None:
        for vote in read_parts(chain, suite.ballot, identity):
            poll = read_poll(chain, suite.ballot, vote) or {}
            if poll.get("status") != OPENED:
                yield Link(VOTE, vote, "voided")
                continue
            sums = read_sums(chain, suite.ballot, vote, poll["resolutions"], "proposalVotes")
            most = format_fixed(max(one.total for one in sums), EVM_DECIMALS)
            reported = f", reported {poll['reports']} times" if poll["reports"] else ""
            yield Link(VOTE, vote, f"{most} units have voted{reported}", ends=True)
    if code in ELECTION_CODES and suite.elections is not None:
        for election in read_elections(chain, suite.elections, identity):
            if (state := read_state(chain, suite.elections, election)) == "void":
                yield Link(ELECTION, election, state)
                continue
            chosen = read_totals(chain, suite.elections, election)
            units = (format_fixed(one, EVM_DECIMALS) for one in (chosen.cash, chosen.secu))
            told = "{}, {} units for cash and {} for stock".format(state, *units)
            yield Link(ELECTION, election, told, ends=True)
    if code in BOOK_CODES and BOOK_CODES[code].legs and suite.distributor is not None:
        for root in read_roots(chain, suite.distributor, identity):
            yield Link(ROOT, root, "posted")
    if code in OFFER_CODES and suite.offers is not None:
        for offer in read_offers(chain, suite.offers, identity):
            if (shown := read_offer(chain, suite.offers, offer)) is not None:
                offered = (format_fixed(one, EVM_DECIMALS) for one in (shown.total, shown.more))
                told = "{}, {} units and {} more were chosen".format(shown.status.lower(), *offered)
                # Who chose has all back: nobody can fund it any more.
                yield Link(OFFER, offer, told, ends=shown.status == "OPEN")
    if suite.wind_up is not None and code in BOOK_CODES:
        found = read_end(chain, suite.wind_up, views.ledger.token(stock))
        if found is not None and bytes(found["action"]) == identity:
            status = STATUS[found["status"]].lower()
            yield Link(END, stock, f"{status}, no mints from {moment(found['end_at'])} on", ends=status == "opened")
    if suite.ballot is not None:
        token = bytes.fromhex(views.ledger.token(stock).address[2:]).rjust(32, b"\0")
        for event in chain.logs(suite.ballot, [PUBLISHED, token, identity], views.ledger.since):
            uri, _ = decode(("string", "address"), event.data)
            yield Link(NOTICE, "0x" + bytes(event.topics[3]).hex(), str(uri))


def renaming(views: EvmViews, stock: str, reference: str, change: str) -> Iterator[tuple[str, str, str]]:
    """What a change of name, ticker or ISIN leaves to be done: what, how it stands, and exactly what to do.

    `change` is the hash that the book keeps of it: what the events say is held to it.
    """
    suite, chain = views.ledger.suite, views.network.chain
    assert suite.book is not None  # noqa: S101 - the caller asked it
    identity, token = views.ledger.action_id(stock, "CHAN", reference), views.ledger.token(stock)
    name, ticker, isin = "", "", ""
    for event in chain.logs(suite.book, [CHANGED, identity], views.ledger.since):
        said = tuple(str(one) for one in decode(("string",) * 3, event.data))
        if "0x" + keccak(encode(["string"] * 3, said)).hex() == change:
            name, ticker, isin = said
    if not any((name, ticker, isin)):
        yield "the new name", "not found in the events", f"see the notice of {stock} CHAN {reference}"
        return
    if isin:
        carried = str(chain.call(suite.factory, "tokenOf", isin)).lower() == token.address.lower()
        known = views.manifest.stocks[stock]
        ours = f"`stocks.{stock}`: isin {isin}, birth_isin {known.born}; then "
        todo = f"ape run stock change-isin {stock} {known.isin if known.isin != isin else 'OLD-ISIN'} --apply"
        yield "ISIN", "carried" if carried else known.isin, isin if carried else ours * (known.isin != isin) + todo
    for what, said_so in (("name", name), ("ticker", ticker)):
        if said_so:
            kept = str(chain.call(token, {"name": "name", "ticker": "symbol"}[what]))
            way = f"{said_so}: the token keeps {kept} for ever, as holders' signatures rest on it; say the new one in "
            yield what, kept, way + f"`ape run action publish {stock} CHAN {reference}`"
