"""What stands behind a stock: attestations, this chain's ceiling, the split basis that the reserve is counted in."""

from __future__ import annotations

from scrip import instructions as ins
from scrip.chains.network import Network
from scrip.errors import InputError
from scrip.parameters import PAPER_LIFE
from scrip.plan import Plan
from scrip.plan.draft import Draft
from scrip.units import Shares


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

    `basis` is the one that the shares and both ceilings are counted in (None: the stock's own now); ceilings stay as
    they stand where they are None. InputError where an aggregator says what backs the stock.
    """
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
    basis = basis or found.present(now)
    if not found.known(basis):
        raise InputError("is neither the confirmed basis nor that after the split", field="basis", value=str(basis))
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
) -> Plan:
    """Move this chain's ceiling of a stock, and what all other chains together have (None: as it stands).

    Lower it at its source before another chain's is raised. Both are in shares of `basis` (None: the stock's own now).
    """
    views = network.views()
    found = views.backing(stock)
    basis = basis or found.present(views.now())
    if not found.known(basis):
        raise InputError("is neither the confirmed basis nor that after the split", field="basis", value=str(basis))
    standing = found.ceilings_in(basis.counter)
    wanted = standing.others if others is None else others.to_wad()
    made = Draft(views, "market ceiling", reference)
    if (standing.own, standing.others) == (shares.to_wad(), wanted):
        return made.nothing(f"{stock}'s ceiling is {shares} shares")
    title = f"{stock}'s ceiling from {Shares.from_wad(standing.own)} to {shares} shares"
    if wanted != standing.others:
        title += f", all others' together from {Shares.from_wad(standing.others)} to {Shares.from_wad(wanted)}"
    order = ins.SetCeiling(stock, shares, Shares.from_wad(wanted), basis)
    made.order(title, order, sender, f"{stock} {shares}")
    return made.plan()


def confirm_basis(network: Network, stock: str, sender: str, reference: str = "") -> Plan:
    """Have the reserve count in the basis after a split that its source shows. Anyone may; `sender` pays for it."""
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
    made = Draft(views, "market set-basis", reference)
    found, now = views.backing(stock), views.now()
    if basis == found.basis and found.present(now) == basis:
        return made.nothing(f"{stock}'s reserve is counted in basis {basis}")
    if basis != found.present(now):
        raise InputError(f"is not the stock's own now, {found.present(now)}", field="basis", value=str(basis))
    title = f"{stock}'s reserve from basis {found.basis} to {basis}"
    made.order(title, ins.SetBasis(stock, basis), sender, f"{stock} {basis}")
    return made.plan()
