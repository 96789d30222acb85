"""What stands behind a stock: attestations, this chain's ceiling, the split basis that the reserve is counted in."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from scrip import instructions as ins
from scrip.chains.network import Network
from scrip.errors import InputError
from scrip.model.state.reserve import Feed
from scrip.parameters import PAPER_LIFE
from scrip.plan import Plan
from scrip.plan.draft import Draft
from scrip.preview import moment
from scrip.units import Shares, ShareWad, format_wad


@dataclass(frozen=True, slots=True)
class Sale:
    """What stands behind a stock here, what nobody has a claim to, and in which order that is sold. All are shares of
    `basis`; `reserve` is after the margin.

    `there` is what this chain may owe now, of which `free` is beyond what is owed, announced dividends counted at their
    greatest. `sold` is what is to be sold of it, and `lowered` the ceiling that this takes first. `as_of` is the UTC
    second of the latest answer.
    """

    stock: str
    source: str
    basis: ins.Basis
    reserve: ShareWad
    owed: ShareWad
    ceiling: ShareWad
    others: ShareWad
    there: ShareWad
    free: ShareWad
    sold: ShareWad
    as_of: int

    @property
    def lowered(self) -> ShareWad:
        """The ceiling that counts none of what is to be sold."""
        return ShareWad(self.there - self.sold)

    @property
    def facts(self) -> dict[str, str]:
        """Each figure by its name: shares as decimals."""
        figures = ("reserve", "owed", "ceiling", "others", "there", "free", "sold", "lowered")
        named = {name: format_wad(getattr(self, name)) for name in figures}
        return {"source": self.source, "basis": str(self.basis), **named}

    @property
    def order(self) -> tuple[str, ...]:
        """What is to be done, one after the other; nothing where there is nothing to sell."""
        return tuple(self._order())

    def _order(self) -> Iterator[str]:
        if not self.sold:
            return
        named = f"--basis {self.basis}"
        yield f"ape run market ceiling {self.stock} {format_wad(self.lowered)} {named} --apply"
        yield f"sell {format_wad(self.sold)} shares at most, and wait until they are delivered"
        if self.source == "attested":
            yield f"ape run market attest {self.stock} SHARES --apply, what is left then, as of later than the delivery"
        else:
            yield "wait for an answer of the oracle as of later than the delivery"
        yield f"ape run market ceiling {self.stock} SHARES --after DELIVERY --apply, within what that answer shows"


def attest(
    network: Network,
    stock: str,
    shares: Shares,
    reference: str = "",
    sender: str = "",
    *,
    ceiling: Shares | None = None,
    others: Shares | None = None,
    basis: ins.Basis | None = None,
    life: int = PAPER_LIFE.default,
) -> Plan:
    """Publish what the custodian holds, signed by ATTESTOR's key on this machine; anyone may send it, and does.

    `basis` is the one that the shares and both ceilings are counted in (None: the stock's own now, while no split is
    open); ceilings stay as they stand where they are None. InputError where an aggregator says what backs the stock.
    """
    _demand_fitting(shares=shares, ceiling=ceiling, others=others)
    if life not in PAPER_LIFE:
        raise InputError(f"is out of bounds: {PAPER_LIFE.bounds}", field="life", value=life)
    views = network.views()
    found = views.backing(stock)
    if found.config is None or found.config.source != "attested":
        source = "nothing, it is not configured" if found.config is None else "an aggregator"
        raise InputError(f"is said by {source}", field="stock", value=stock)
    made = Draft(views, "market attest", reference)
    attestor = made.sender("ATTESTOR", sender)
    now = views.now()
    basis = _named(found, basis, now)
    order = ins.AttestReserve(stock, shares, now, ceiling, others, basis, found.nonce, now + life)
    title = f"{stock}: the custodian holds {shares} shares of basis {basis}, paper {found.nonce}"
    made.add(views.attestation(title, order, attestor))
    return made.plan()


def ceiling(
    network: Network,
    stock: str,
    shares: Shares,
    reference: str = "",
    sender: str = "",
    *,
    others: Shares | None = None,
    basis: ins.Basis | None = None,
    after: int = 0,
) -> Plan:
    """Move this chain's ceiling of a stock, and what all other chains together have (None: as it stands).

    Lower it at its source before another chain's is raised. Both are in shares of `basis` (None: the stock's own now,
    while no split is open or for 0). `after` is the UTC second at which shares that were sold were delivered:
    InputError until the latest answer is as of a later one, for an earlier one may count them.
    """
    _demand_fitting(shares=shares, others=others)
    views = network.views()
    as_of = views.ledger.surplus(stock).as_of if after else 0
    if after and as_of <= after:
        raise InputError(f"is not before the latest answer, of {moment(as_of)}", field="after", value=moment(after))
    found = views.backing(stock)
    if not shares.to_wad() and others is None:
        # No mints at all is the same in every basis, and nothing is to be looked up in an emergency.
        basis = basis or found.present(views.now())
    basis = _named(found, basis, views.now())
    standing = found.ceilings_in(basis.counter)
    wanted = standing.others if others is None else others.to_wad()
    made = Draft(views, "market ceiling", reference, single=reference)
    if (standing.own, standing.others) == (shares.to_wad(), wanted):
        return made.nothing(f"{stock}'s ceiling is {shares} shares")
    title = f"{stock}'s ceiling from {Shares.from_wad(standing.own)} to {shares} shares"
    if wanted != standing.others:
        title += f", all others' together from {Shares.from_wad(standing.others)} to {Shares.from_wad(wanted)}"
    order = ins.SetCeiling(stock, shares, Shares.from_wad(wanted), basis)
    made.order(title, order, sender, f"{stock} {shares}")
    return made.plan()


def _demand_fitting(**given: Shares | None) -> None:
    """InputError for the first number of shares, by its field, that a chain cannot hold."""
    for field, shares in given.items():
        if shares is not None:
            shares.fitting(field)


def _named(found: Feed, basis: ins.Basis | None, now: int) -> ins.Basis:
    """The basis that is named, else the stock's own now.

    InputError for one that its reserve does not know, and for none while a split is open: a statement may be from
    before the custodian's books followed, and nobody guesses which.
    """
    if basis is None and found.step is not None:
        both = f"{found.basis} before it or {found.step.basis} after it"
        raise InputError(f"has to be named while a split is open: {both}", field="basis", value="none")
    basis = basis or found.present(now)
    if not found.known(basis):
        raise InputError("is neither the confirmed basis nor that after the split", field="basis", value=str(basis))
    return basis


def sale(network: Network, stock: str, sold: Shares | None = None) -> Sale:
    """How redeemed shares may be sold (None: all that are free). InputError for more than are free."""
    _demand_fitting(sell=sold)
    views = network.views()
    feed, shown, found = views.backing(stock), views.ledger.coverage(stock), views.ledger.surplus(stock)
    if sold is not None and sold.to_wad() > found.shares:
        raise InputError(f"is more than the {format_wad(found.shares)} that are free", field="sell", value=str(sold))
    ceilings = feed.ceilings_in(found.counter)
    return Sale(
        stock=stock,
        source=feed.config.source if feed.config is not None else "none",
        basis=feed.step.basis if feed.step and feed.step.basis.counter == found.counter else feed.basis,
        reserve=shown.attested,
        owed=found.owed,
        ceiling=ceilings.own,
        others=ceilings.others,
        there=found.there,
        free=found.shares,
        sold=found.shares if sold is None else sold.to_wad(),
        as_of=found.as_of,
    )


def confirm_basis(network: Network, stock: str, sender: str, reference: str = "") -> Plan:
    """Have the reserve count in the basis after a split that its source shows. Anyone may; `sender` pays for it.

    Refused for a split in doubt: what else is owed could decide between an aggregator's readings (`set_basis`).
    """
    views = network.views()
    made = Draft(views, "market confirm-basis", reference)
    found = views.backing(stock)
    if found.present(views.now()) == found.basis:
        return made.nothing(f"{stock}'s reserve is counted in the present split basis")
    made.add(views.confirm_basis(stock, sender))
    return made.plan()


def set_basis(network: Network, stock: str, basis: ins.Basis, reference: str = "", sender: str = "") -> Plan:
    """Have the reserve count in `basis`, the stock's own now, on the timelock's word: what the source cannot show."""
    views = network.views()
    made = Draft(views, "market set-basis", reference, single=reference)
    found = views.backing(stock)
    present = found.present(views.now())
    if basis != present:
        raise InputError(f"is not the stock's own now, {present}", field="basis", value=str(basis))
    if basis == found.basis:
        return made.nothing(f"{stock}'s reserve is counted in basis {basis}")
    title = f"{stock}'s reserve from basis {found.basis} to {basis}"
    made.order(title, ins.SetBasis(stock, basis), sender, f"{stock} {basis}")
    return made.plan()
