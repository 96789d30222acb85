"""A stock's backing: its limits, and the attestations that a custodian signs."""

from __future__ import annotations

from typing import Any

from solders.instruction import Instruction as Call
from solders.keypair import Keypair

from scrip import instructions as ins
from scrip.errors import InputError, Refusal
from scrip.ledger import Receipt
from scrip.solana.encoding import messages
from scrip.solana.encoding.program import Listing
from scrip.solana.handlers.client import Client

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
        return client.send(self.calls(order), [self.signer(order)])

    def signer(self, order: Order) -> str:
        """Who signs an order: what anyone may send is the custodian's."""
        return order.by if isinstance(order, ins.RoleInstruction) else self.client.custodian

    def calls(self, order: Order) -> list[Call]:
        """The instructions for a known stock."""
        client, by = self.client, self.signer(order)
        listing = client.listing(order.stock)
        match order:
            case ins.ConfigureReserve(max_age=age, margin_bps=margin, ceiling=ceiling):
                if not (0 <= age < 2**32 and 0 <= margin < 2**16 and ceiling.to_wad() < 2**128):
                    raise Refusal("reserve: bad config" if by == ins.ISSUER else "roles: not authorised")
                args = (age, margin, ceiling.to_wad())
                return [client.signed("configure_reserve", by, *args, listing=listing)]
            case ins.SetCeiling(ceiling=ceiling):
                state = self.state(listing)
                if by == ins.ISSUER and not state.max_age:
                    raise Refusal("reserve: not configured")
                args = (state.max_age or 1, state.margin_bps, ceiling.to_wad())
                return [client.signed("configure_reserve", by, *args, listing=listing)]
            case ins.SetBasis():
                return [client.signed("set_basis", by, listing=listing)]
            case ins.ConfirmBasis(old_round=None, new_round=None):
                return [client.signed("confirm_basis", by, listing=listing)]
            case ins.ConfirmBasis():
                raise InputError("the program picks the attestations itself", field="old_round")
            case ins.AttestReserve(shares=shares, updated_at=at):
                state = self.state(listing)
                attestation = messages.Attestation(
                    shares=shares.to_fixed(18),
                    ceiling=state.ceiling,
                    num=state.basis_num,
                    den=state.basis_den,
                    as_of=client.now() if at is None else at,
                    sequence=state.latest.sequence + 1,
                )
                return self.attestation(listing, attestation, client.keys.keypair(client.custodian))

    def state(self, listing: Listing) -> Any:
        """A stock's reserve as the program keeps it."""
        return self.client.program.decode(self.client.chain.account(listing.reserve) or b"")

    def attest(self, listing: Listing, attestation: messages.Attestation, attestor: Keypair) -> Receipt:
        """Publish an attestation with `attestor`'s signature."""
        return self.client.send(self.attestation(listing, attestation, attestor), [self.client.custodian])

    def attestation(self, listing: Listing, said: messages.Attestation, attestor: Keypair, by: str = "") -> list[Call]:
        """The signature and what it is for, sent by whoever it may be: the custodian unless told otherwise."""
        client = self.client
        digest = said.digest(client.chain.genesis, client.program.id, client.program.at.issuer, listing.mint)
        stored = {"shares": said.shares, "as_of": said.as_of, "sequence": said.sequence}
        call = client.signed("attest_reserve", by or client.custodian, stored, said.ceiling, listing=listing)
        return [messages.signed_by(attestor, digest), call]
