"""A stock's backing: its limits, and the attestations that a custodian signs."""

from __future__ import annotations

from solders.keypair import Keypair

from scrip import instructions as ins
from scrip.errors import InputError, Refusal
from scrip.ledger import Receipt
from scrip.solana import messages
from scrip.solana.client import Client
from scrip.solana.program import Listing

Order = ins.ConfigureReserve | ins.SetCeiling | ins.SetBasis | ins.AttestReserve | ins.ConfirmBasis


class Backing:
    """What the ledger asks of a stock's reserve."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def apply(self, order: Order) -> Receipt:
        """Configure, attest or rebase the reserve."""
        client = self.client
        if order.stock not in client.stocks:
            if isinstance(order, ins.RoleInstruction) and order.by != ins.ISSUER:
                raise Refusal("roles: not authorised", order.by)
            if isinstance(order, ins.AttestReserve):
                client.listing(order.stock)
            known = isinstance(order, ins.ConfigureReserve)
            raise Refusal("reserve: unknown stock" if known else "reserve: not configured", order.stock)
        listing = client.listing(order.stock)
        state = client.program.decode(client.chain.account(listing.reserve) or b"")
        match order:
            case ins.ConfigureReserve(max_age=age, margin_bps=margin, ceiling=ceiling):
                if not (0 <= age < 2**32 and 0 <= margin < 2**16 and ceiling.to_wad() < 2**128):
                    raise Refusal("reserve: bad config" if order.by == ins.ISSUER else "roles: not authorised")
                args = (age, margin, ceiling.to_wad())
                call = client.signed("configure_reserve", order.by, *args, listing=listing)
                return client.send([call], [order.by])
            case ins.SetCeiling(ceiling=ceiling):
                if order.by == ins.ISSUER and not state.max_age:
                    raise Refusal("reserve: not configured")
                args = (state.max_age or 1, state.margin_bps, ceiling.to_wad())
                call = client.signed("configure_reserve", order.by, *args, listing=listing)
                return client.send([call], [order.by])
            case ins.SetBasis():
                return client.send([client.signed("set_basis", order.by, listing=listing)], [order.by])
            case ins.ConfirmBasis(old_round=None, new_round=None):
                return client.send(
                    [client.signed("confirm_basis", client.custodian, listing=listing)], [client.custodian]
                )
            case ins.ConfirmBasis():
                raise InputError("the program picks the attestations itself", field="old_round")
            case ins.AttestReserve(shares=shares, updated_at=at):
                attestation = messages.Attestation(
                    shares=shares.to_fixed(18),
                    ceiling=state.ceiling,
                    num=state.basis_num,
                    den=state.basis_den,
                    as_of=client.now() if at is None else at,
                    sequence=state.latest.sequence + 1,
                )
                return self.attest(listing, attestation, client.keys.keypair(client.custodian))

    def attest(self, listing: Listing, attestation: messages.Attestation, attestor: Keypair) -> Receipt:
        """Publish an attestation with `attestor`'s signature."""
        client = self.client
        digest = attestation.digest(client.chain.genesis, client.program.id, client.program.at.issuer, listing.mint)
        stored = {"shares": attestation.shares, "as_of": attestation.as_of, "sequence": attestation.sequence}
        call = client.signed("attest_reserve", client.custodian, stored, attestation.ceiling, listing=listing)
        return client.send([messages.signed_by(attestor, digest), call], [client.custodian])
