"""What stands behind a stock: attestations, this chain's ceiling, the split basis that the reserve is counted in."""

from __future__ import annotations

from scrip import instructions as ins
from scrip.chains.network import Network
from scrip.plan import Plan
from scrip.plan.draft import Draft
from scrip.units import Shares


def attest(network: Network, stock: str, shares: Shares, reference: str = "", sender: str = "") -> Plan:
    """Publish what the custodian holds, signed by ATTESTOR's key on this machine; anyone may send it, and does.

    InputError where a stock's oracle says it.
    """
    views = network.views()
    by = views.attestor()
    made = Draft(views, "market attest", reference)
    made.sender("ATTESTOR", sender)
    number = views.attested_before(stock) + 1
    title = f"{stock}: the custodian holds {shares} shares, attestation {number}"
    order = ins.AttestReserve(stock, shares, views.now())
    made.add(views.attestation(title, order, by))
    return made.plan()


def ceiling(network: Network, stock: str, shares: Shares, reference: str = "", sender: str = "") -> Plan:
    """Move this chain's ceiling of a stock. Lower it at its source before another chain's is raised."""
    views = network.views()
    found = views.ledger.ceiling(stock)
    made = Draft(views, "market ceiling", reference)
    if found == shares:
        return made.nothing(f"{stock}'s ceiling is {shares} shares")
    title = f"{stock}'s ceiling from {found} to {shares} shares"
    made.order(title, ins.SetCeiling(stock, shares), sender, f"{stock} {shares}")
    return made.plan()


def confirm_basis(network: Network, stock: str, sender: str, reference: str = "") -> Plan:
    """Show that a split reached the custodian, after which mints go on. Anyone may; `sender` pays for it."""
    views = network.views()
    made = Draft(views, "market confirm-basis", reference)
    now = views.ledger.multiplier(stock)
    if views.basis(stock) == (now.num, now.den):
        return made.nothing(f"{stock}'s reserve is counted in the present split basis")
    made.add(views.confirm_basis(stock, sender))
    return made.plan()
