"""The one ledger protocol: the model implements it in Python, each chain adapter implements it on a chain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from scrip import parameters
from scrip.action_codes import ACTION_CODES
from scrip.instructions.base import Instruction
from scrip.instructions.reserve import ReserveSource
from scrip.ledger.states import Coverage, MultiplierState, Surplus
from scrip.units import EVM_DECIMALS, SOLANA_DECIMALS, RawUnits, Stablecoin


@dataclass(frozen=True, slots=True)
class ChainTraits:
    """Where chains differ, so that "the same" means the model's answer for that chain.

    `expiry` is "eager" where a lapsed clearance refuses by the clock alone, "cranked" where somebody must freeze the
    account first. `binds_ahead` says whether more than a balance can be frozen or locked, `source` who says what the
    custodian holds where an instruction does not name it. `rises` is how many changes of the index within a
    year it remembers; 0 where it remembers all. `numbered_quotes` says whether it knows a quote by its signer's
    number, and can revoke it; else it knows it by its id. `action_codes` are the kinds of action by which its
    multipliers move.
    `halt_stops_transfers` says whether a halt stops them at once; else each stock is paused in it. `signed_sanctions`
    says whether the sanctions oracle signs lists; else it is asked.
    """

    name: str
    decimals: int
    expiry: Literal["eager", "cranked"] = "eager"
    binds_ahead: bool = True
    source: ReserveSource = "aggregator"
    rises: int = 0
    numbered_quotes: bool = True
    action_codes: tuple[str, ...] = tuple(ACTION_CODES)
    halt_stops_transfers: bool = True
    signed_sanctions: bool = False


EVM = ChainTraits("evm", EVM_DECIMALS)
SOLANA = ChainTraits(
    "solana",
    SOLANA_DECIMALS,
    expiry="cranked",
    binds_ahead=False,
    source="attested",
    halt_stops_transfers=False,
    signed_sanctions=True,
    rises=parameters.MAX_RISES.value,
    numbered_quotes=False,
    action_codes=tuple(code for code, one in ACTION_CODES.items() if one.on_solana),
)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What applying an instruction cost. The model costs nothing: all None."""

    tx: str | None = None
    gas: int | None = None
    compute_units: int | None = None


@runtime_checkable
class Ledger(Protocol):
    """A ledger that applies instructions. Unknown stock names raise InputError in the views."""

    @property
    def traits(self) -> ChainTraits:
        """Where this ledger differs from others."""

    def now(self) -> int:
        """The clock that the next instruction will see, UTC seconds."""

    def advance_to(self, t: int) -> None:
        """Move the clock to `t`; ValueError when that is in the past."""

    def apply(self, instruction: Instruction) -> Receipt:
        """Carry an instruction out, or raise Refusal and leave the state as it was."""

    def balance(self, stock: str, account: str) -> RawUnits:
        """Raw units of an account; zero for an unknown one."""

    def supply(self, stock: str) -> RawUnits:
        """Raw units of all accounts together."""

    def multiplier(self, stock: str) -> MultiplierState:
        """The multiplier as of now()."""

    def stablecoin(self, account: str) -> Stablecoin:
        """Settlement currency of an account; zero for an unknown one."""

    def coverage(self, stock: str) -> Coverage:
        """The backing as of now(); all zero before the reserve is configured, but for the liability."""

    def surplus(self, stock: str) -> Surplus:
        """What a custodian may sell as of now(), once no ceiling counts it."""
