"""Whether a venue's account could take a stock's units in and give them back, tried on a copy of the cluster.

Nothing is sent to the cluster. A unit is put into an account that exists on the copy alone, moved to the venue's and
moved back, by the token program that the cluster runs; whoever has to sign signs without a key, the venue's program
too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from solders.account import Account
from solders.instruction import Instruction
from solders.pubkey import Pubkey

from scrip.errors import ScripError
from scrip.preview import moment
from scrip.reports.venues import VenueAnswer
from scrip.solana.addresses import local_address
from scrip.solana.chain import Failed
from scrip.solana.connection import SolanaConnection
from scrip.solana.encoding import tokens
from scrip.solana.encoding.mint import Mint
from scrip.solana.encoding.program import Listing
from scrip.solana.encoding.venue_lists import VENUES, venue_of
from scrip.solana.handlers.client import refusal
from scrip.solana.ledger import SolanaLedger
from scrip.solana.rehearse.clone import SPECTATOR, Clone

HOLDER = local_address("holder on a copy")
"""Whose account the unit comes from and goes to, on the copy alone."""
_AMOUNT, _DELEGATE, _CLOSER = 64, 72, 129
"""Where a token account has its amount, and says whether it has a delegate and a close authority."""
OPEN = 1
"""The state of an account that is not frozen."""
UNIT = 1


def rehearse_venues(network: SolanaConnection, stocks: Sequence[str], accounts: Sequence[str]) -> list[VenueAnswer]:
    """What would become of each stock at each account of a venue's, given by name or address. Nothing is sent."""
    found = []
    for stock in stocks:
        for account in accounts:
            # A copy of its own: nothing that one rehearsal did is there in the next.
            clone = Clone(network.cluster)
            copy: Any = replace(network, chain=clone)  # type: ignore[arg-type]
            found += list(_Rehearsal(copy, copy.ledger(), clone, stock, account).answers())
    return found


@dataclass
class _Rehearsal:
    copy: SolanaConnection
    ledger: SolanaLedger
    clone: Clone
    stock: str
    account: str

    def answers(self) -> Iterator[VenueAnswer]:
        wallet, listing = self.copy.keys.address(self.account), self.ledger.listing(self.stock)
        mint = Mint(self.clone.account(listing.mint) or b"")
        yield from self._extensions(wallet, mint)
        yield self._record(wallet)
        vault, held = self._vault(wallet, listing)
        opening = self._opening(wallet, listing, vault, held)
        if opening:
            done = self._tried(opening)
            yield self._answer("may its account be opened", done, f"{vault} was {'frozen' if held else 'not there'}")
        yield self._answer("is its account nobody else's to empty or close", *self._powers(vault))
        spare = self._planted(listing)
        moved = self._tried([tokens.transfer(spare, listing.mint, vault, HOLDER, UNIT, mint.decimals)])
        yield self._answer("would a unit arrive", moved, f"{vault}")
        if moved == "":
            back = self._tried([tokens.transfer(vault, listing.mint, spare, wallet, UNIT, mint.decimals)])
            yield self._answer("would it leave again", back, f"{vault}")

    # --- what is read ---

    def _extensions(self, wallet: Pubkey, mint: Mint) -> Iterator[VenueAnswer]:
        """What each venue's own list says of the mint; only that of the account's program where that is known."""
        (found,) = self.clone.read([wallet])
        mine = venue_of(found.owner if found is not None else None)
        for name in [mine] if mine else VENUES:
            refused = VENUES[name].refused(mint)
            said = "; ".join(f"{one} {why}" for one, why in refused.items())
            asked = f"does {name} take its extensions from anybody"
            # Where nobody knows whose program an account is, a list says something, and decides nothing.
            answer = ("no" if mine else "unknown") if refused else "yes"
            yield replace(self._answer(asked, "", said or "every one of them"), answer=answer)

    def _record(self, wallet: Pubkey) -> VenueAnswer:
        """Whether the register has it as a venue's whose clearance stands."""
        asked, at = "is it cleared as a venue", self.ledger.program.at
        entry = self.ledger.record(at.wallet(wallet), "Wallet")
        record = self.ledger.record(entry.investor, "Investor") if entry else None
        if record is None:
            return self._answer(asked, "it is nobody's wallet", "")
        kind, until = type(record.class_).__name__.lower(), moment(record.expiry)
        if kind != "venue":
            return self._answer(asked, f"its investor is of class {kind}", "")
        if record.blocked:
            return self._answer(asked, "its investor is blocked", "")
        return self._answer(
            asked, "" if self.clone.now() < record.expiry else f"it lapsed on {until}", f"until {until}"
        )

    def _vault(self, wallet: Pubkey, listing: Listing) -> tuple[Pubkey, tokens.Holding | None]:
        """The wallet's account of the stock: the fullest that it has, else where its canonical one would be."""
        mine = {
            at: one for at, one in self.ledger.investors.token_accounts(str(wallet)).items() if one.mint == listing.mint
        }
        if not mine:
            return self.ledger.units(listing, str(wallet)), None
        at = max(mine, key=lambda one: (mine[one].amount, bytes(one)))
        return at, mine[at]

    def _powers(self, vault: Pubkey) -> tuple[str, str]:
        """Whether somebody but the venue may empty the account or close it; what it is without either."""
        data = self.clone.account(vault)
        if data is None:
            return "there is no such account", ""
        delegated, closer = any(data[_DELEGATE : _DELEGATE + 4]), any(data[_CLOSER : _CLOSER + 4])
        found = [name for name, there in (("a delegate", delegated), ("a close authority", closer)) if there]
        return (f"it has {' and '.join(found)}" if found else ""), "it has neither delegate nor close authority"

    # --- what is tried ---

    def _opening(
        self, wallet: Pubkey, listing: Listing, vault: Pubkey, held: tokens.Holding | None
    ) -> list[Instruction]:
        """What anybody would send before the account can be used: it is made, and thawed where it is frozen."""
        calls = [] if held else [tokens.create_account(SPECTATOR, wallet, listing.mint)]
        born_frozen = Mint(self.clone.account(listing.mint) or b"").byte("DefaultAccountState", 0) == tokens.FROZEN
        if held.frozen if held else born_frozen:
            calls.append(self.ledger.investors.crank_call("thaw", listing, str(wallet), vault))
        return calls

    def _tried(self, calls: Sequence[Instruction]) -> str:
        """Carry calls out on the copy; "", or why that failed."""
        try:
            self.clone.carry_out(calls, SPECTATOR)
        except Failed as failed:
            return str(refusal(self.copy.program, [one.program_id for one in calls], failed))
        return ""

    def _planted(self, listing: Listing) -> Pubkey:
        """An account with one unit, on the copy alone: the token program's own, thawed and filled by hand."""
        at = self.ledger.units(listing, str(HOLDER))
        self.clone.carry_out([tokens.create_account(SPECTATOR, HOLDER, listing.mint)], SPECTATOR)
        (made,) = self.clone.read([at])
        if made is None:
            raise ScripError(f"the copy has no account {at}")
        data = bytearray(made.data)
        data[_AMOUNT : _AMOUNT + 8] = UNIT.to_bytes(8, "little")
        data[tokens.STATE] = OPEN
        self.clone.plant(at, Account(made.lamports, bytes(data), made.owner, False, 0))
        return at

    def _answer(self, question: str, wrong: str, right: str) -> VenueAnswer:
        """An answer of "no" for a reason, or of "yes" without one."""
        place = (self.copy.manifest.network, self.stock, self.copy.name(self.account))
        return VenueAnswer(*place, question, "no" if wrong else "yes", wrong or right)
