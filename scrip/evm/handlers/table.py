"""The table of what carries each instruction out on an Ethereum-family chain, and what its handlers need to know."""

from __future__ import annotations

from typing import Protocol

from scrip import instructions as ins
from scrip.errors import InputError
from scrip.evm.encoding.papers import Paper
from scrip.evm.encoding.values import SignedAttestation, SignedQuote, Transaction
from scrip.ledger.handlers import Handlers
from scrip.model.state.reserve import Feed
from scrip.plan import Address


class Facts(Protocol):
    """What a translation needs to know beside the instruction."""

    def isin(self, stock: str) -> str:
        """The ISIN that a stock was born with; "" for an unknown stock."""

    def action_id(self, stock: str, code: str, reference: str) -> bytes:
        """The id under which the chain keeps an action; of an unknown stock one that it does not know."""

    def oracle(self, stock: str) -> Address | str:
        """The oracle of a stock's reserve; the zero address for an unknown stock."""

    def now(self) -> int:
        """The chain's clock, UTC seconds."""

    def backing(self, stock: str) -> Feed:
        """How a stock's reserve is judged, its basis, ceilings and nonce; as at birth for an unknown stock."""

    def paper(self, order: ins.AttestReserve) -> tuple[Paper, bytes]:
        """What ATTESTOR signs of a stock's reserve, and the signature."""

    def signed(self, order: ins.Mint | ins.Redeem) -> SignedQuote:
        """The issuer's quote for an order."""

    def attested(self, order: ins.OnboardAttested) -> SignedAttestation:
        """The provider's attestation for an investor who comes with one."""


TRANSACTIONS: Handlers[Facts, Transaction] = Handlers("Ethereum-family chains")
"""Each instruction as the one transaction that carries it out. InputError for a stock that no chain can be asked of."""


def known_or_nothing(stock: str, facts: Facts) -> Address:
    """The address of a stock; of an unknown one that of nothing, so that the chain itself says so."""
    return Address(stock if facts.isin(stock) else f"no stock {stock}")


def demand_known(stock: str, facts: Facts) -> None:
    """InputError for an unknown stock: there is no contract that could refuse the instruction."""
    if not facts.isin(stock):
        raise InputError("is not a known stock", field="stock", value=stock)
