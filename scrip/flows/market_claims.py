"""Market claims of a cash dividend, as the chain and the desk's own notes tell them: see scrip.dividends.claims."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from eth_utils import keccak

from scrip.chains.evm import EvmNetwork, evm_only
from scrip.chains.network import Network
from scrip.dividends.claims import Deal, Found, Undecided, Way, Window, decided
from scrip.dividends.entitlements import Holder
from scrip.errors import InputError
from scrip.evm.chain import Contract
from scrip.evm.encoding.quotes import ref_of
from scrip.evm.handlers.redemption import controllers_of, read_requests
from scrip.evm.rpc.logs import in_spans
from scrip.flows.dividend_desk import DividendDesk
from scrip.holders.evm import EvmSource
from scrip.holders.instant import At
from scrip.holders.register import VENUE_CLASS, Kind, Owner
from scrip.manifest.countries import country_code
from scrip.model.state.dividends import CASH_CODE
from scrip.parameters import QUOTE_LIFE
from scrip.preview import moment
from scrip.records.quotes import QuoteBook
from scrip.units import EVM_DECIMALS, RawUnits

STRUCK = keccak(text="Struck(bytes32,uint256,uint256,uint256,address)")
VOIDED = keccak(text="StrikeVoided(bytes32,address)")
FILLED = keccak(text="Filled(address,bytes32,uint256,uint256)")
SUBSCRIBED = keccak(text="Subscribed(address,bytes32,uint256,uint256)")


def find(
    network: Network, stock: str, reference: str, signed: Mapping[str, int] | None = None, code: str = CASH_CODE
) -> Found:
    """All that is owed for a dividend beside its register, and what is not known yet.

    `signed` says when quotes were signed of which this desk has no note, by the hash of their references.
    """
    desk = DividendDesk(network, stock, code)
    known = desk.demand(reference)
    if known.status == "CANCELLED":
        raise InputError("is cancelled: nobody is owed it", field="reference", value=reference)
    terms = known.terms
    reading = _Reading(evm_only(network), desk, Window(terms.ex_at, terms.record_at))
    reading.quotes(signed or {})
    reading.subscriptions()
    reading.redemptions()
    left_out = {desk.views.address(one).lower() for one in _excluded(network, stock)}

    def mine(deals: list[Deal]) -> tuple[Deal, ...]:
        return tuple(sorted((one for one in deals if one.account not in left_out), key=lambda one: one.key))

    open_ = tuple(one for one in reading.open if one.deal.account not in left_out)
    return Found(mine(reading.claims), mine(reading.back), open_, tuple(reading.waits))


def _excluded(network: Network, stock: str) -> Iterator[str]:
    wanted = network.manifest.stocks[stock].holders
    yield from wanted.excluded if wanted else ()


def holders(network: Network, deals: Sequence[Deal], registered: Sequence[Holder]) -> list[Holder]:
    """Whose each deal is, with its units: as the register has the account, else as the issuer's registry has it now."""
    known = {one.account: one for one in registered}
    evm = evm_only(network)
    if strangers := [one.account for one in deals if one.account not in known]:
        head = evm.node.block()
        # Whose a wallet is, is the same for every stock.
        owners = EvmSource(evm, next(iter(evm.ledger().stocks))).owners(At(head.number, head.hash, head.timestamp))
        for account in strangers:
            owner = owners.get(account, Owner(""))
            known[account] = Holder(account, 0, owner.investor, owner.investor_class, _country(evm, owner.investor))
    return [replace(known[one.account], units=one.units) for one in deals]


def _country(network: EvmNetwork, investor: str) -> str:
    if not investor.isdigit():
        return ""
    found = network.chain.call(network.suite().registry, "investorRecord", int(investor))
    return country_code(found[2]) if found[0] else ""


def kind_of(holder: Holder) -> Kind:
    """What a claimant's account is in the dividend's table, where the register has it not."""
    return "venue" if holder.investor_class == VENUE_CLASS else "holder"


@dataclass(frozen=True, slots=True)
class Strike:
    """A price as its vault's events tell it: struck when, good until (its expiry, or when it was voided)."""

    name: str
    at: int
    until: int
    is_voided: bool = False

    def stood_at(self, record: int) -> bool:
        """Whether the register counts it: struck before the record, and not over in the last block before it.

        An expiry ends a price from its own second on; a void of the record's own second comes after that block.
        """
        return self.at < record and (self.until > record or (self.is_voided and self.until == record))


@dataclass
class _Reading:
    network: EvmNetwork
    desk: DividendDesk
    window: Window
    claims: list[Deal] = field(default_factory=list)
    back: list[Deal] = field(default_factory=list)
    open: list[Undecided] = field(default_factory=list)
    waits: list[str] = field(default_factory=list)
    _times: dict[int, int] = field(default_factory=dict)
    _begin: int = 0
    _end: int = 0

    def _take(self, deal: Deal, first: int, last: int) -> None:
        match decided(deal, first, last, self.window):
            case "claim":
                self.claims.append(deal)
            case "back":
                self.back.append(deal)
            case "undecided":
                self.open.append(Undecided(deal, first, last))

    # --- quotes ---

    def quotes(self, signed: Mapping[str, int]) -> None:
        """Trades on quotes: struck when the quote was signed."""
        book = QuoteBook(self.network.records.folder)
        notes = {"0x" + ref_of(name).hex(): at for name, at in book.signed().items()} | dict(signed)
        for one in self.desk.views.trades(self.desk.stock, self._first()):
            if one.block > self._last():
                break
            at = self._time(one.block)
            if at < self.window.ex_at:
                continue
            if at >= self.window.record_at + QUOTE_LIFE.ceiling:
                # No quote is good for longer, and they come in the order of their blocks.
                break
            noted = notes.get(one.ref)
            first, last = (at - QUOTE_LIFE.ceiling, at) if noted is None else (noted, noted)
            way: Way = "bought" if one.side == "mint" else "sold"
            self._take(Deal(one.account, way, "quote", one.ref, last, at, one.amount), first, last)

    # --- vaults ---

    def subscriptions(self) -> None:
        """Fills of who paid in: struck when the price was that they were filled at."""
        for label, vault in self._source().entries.items():
            strikes = self._strikes(vault)
            for controller, key, words, at in self._fills(vault, SUBSCRIBED):
                struck = strikes[key].at
                self._take(
                    Deal(controller, "bought", "subscription", f"{label} {key}", struck, at, words[1]), struck, struck
                )

    def redemptions(self) -> None:
        """Fills of who asked to redeem, and what the register took for sold and was not sold at that price.

        The register leaves to a vault what waits at the record for a price that is struck: it is sold with the dividend
        in it. Where that price has it not, or nobody was filled at it, the units were the requester's all the same.
        """
        record = self._source().record(self.window.record_at)
        for label, vault in self._source().redemptions.items():
            strikes, fills = self._strikes(vault), self._fills(vault, FILLED)
            after: dict[str, str] = {}
            for controller, key, words, at in fills:
                struck = strikes[key].at
                if at < self.window.record_at:
                    deal = Deal(controller, "sold", "redemption", f"{label} {key}", struck, at, words[0])
                    self._take(deal, struck, struck)
                else:
                    after.setdefault(controller, key)
            good = [one for one in strikes.values() if one.stood_at(self.window.record_at)]
            if good and self.network.at(record.number).node.code(vault.address):
                self._taken_for_sold(label, vault, record.number, good, strikes, after)

    def _taken_for_sold(
        self,
        label: str,
        vault: Contract,
        block: int,
        good: list[Strike],
        strikes: Mapping[str, Strike],
        after: Mapping[str, str],
    ) -> None:
        seen, newest = self.network.at(block).chain, max(good, key=lambda one: one.at)
        everybody = controllers_of(seen, vault, self.desk.views.ledger.since)
        over, now = max(one.until for one in good), self.desk.views.now()
        for controller, asked in read_requests(seen, vault, everybody).items():
            if not asked.waiting or asked.since >= newest.at or asked.delivery:
                continue
            key = after.get(controller.lower(), "")
            if not key and now < over:
                units = RawUnits(asked.waiting, EVM_DECIMALS)
                told = f"{units} of {controller} wait in {label} for a price that is good until {moment(over)}"
                self.waits.append(told)
            elif not key or strikes[key].at >= self.window.ex_at:
                # The same whatever it is filled at later: what a root has paid must be known again.
                name, not_sold = f"{label} {newest.name} at the record", self.window.record_at
                deal = Deal(controller.lower(), "sold", "redemption", name, not_sold, newest.at, asked.waiting)
                self._take(deal, not_sold, not_sold)

    # --- events ---

    def _source(self) -> EvmSource:
        return EvmSource(self.network, self.desk.stock)

    def _strikes(self, vault: Contract) -> dict[str, Strike]:
        found: dict[str, Strike] = {}
        for topics, words, at in self._events(vault, (STRUCK, VOIDED)):
            if topics[0] == "0x" + STRUCK.hex():
                found[topics[1]] = Strike(topics[1], at, words[1])
            elif (was := found.get(topics[1])) is not None and at < was.until:
                found[topics[1]] = Strike(was.name, was.at, at, True)
        return found

    def _fills(self, vault: Contract, event: bytes) -> list[tuple[str, str, list[int], int]]:
        """Controller, strike, both amounts and second of each fill at the ex or later."""
        found = self._events(vault, (event,))
        return [
            ("0x" + topics[1][-40:].lower(), topics[2], words, at)
            for topics, words, at in found
            if at >= self.window.ex_at
        ]

    def _events(self, vault: Contract, kinds: tuple[bytes, ...]) -> Iterator[tuple[list[str], list[int], int]]:
        node = self.network.node
        wanted = ["0x" + one.hex() for one in kinds]
        for one in in_spans(node, vault.address, [wanted], self._first(), self._last()):
            data = one["data"][2:]
            words = [int(data[start : start + 64], 16) for start in range(0, len(data), 64)]
            yield [str(topic).lower() for topic in one["topics"]], words, self._time(int(one["blockNumber"], 16))

    def _time(self, block: int) -> int:
        if block not in self._times:
            self._times[block] = self.network.node.block(block).timestamp
        return self._times[block]

    def _last(self) -> int:
        """The newest block that cannot change: a claim that a root pays must not go away again."""
        if not self._end:
            self._end = self._source().final().number
        return self._end

    def _first(self) -> int:
        """The first block that counts: a quote and a vault's price are good for a day at most."""
        if not self._begin:
            try:
                self._begin = self._source().record(self.window.ex_at - QUOTE_LIFE.ceiling).number
            except InputError:  # the chain, or what is deployed on it, is younger than that
                self._begin = self.desk.views.ledger.since
        return self._begin
