"""What operations ask of an opened network before they plan, and how an order becomes a transaction there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Protocol

from scrip import instructions as ins
from scrip.inputs.batch import Link, Newcomer
from scrip.inputs.quotes import QuoteFile, QuoteState
from scrip.ledger import Ledger
from scrip.ledger.clearance import Clearance, Owner
from scrip.ledger.states import ActionState
from scrip.ledger.trading import PegNow, TradedAt, TradingLimit
from scrip.model.laws.lockups import Lockups
from scrip.model.state.reserve import Feed
from scrip.plan import Change, Step
from scrip.plan.draft import Drafting
from scrip.units import RawUnits, Stablecoin


class ChainLedger(Ledger, Protocol):
    """A ledger on a chain, which also shows what the model keeps to itself."""

    stocks: Any
    """The stocks that it knows, by ticker, as its kind of chain has them."""

    def action(self, stock: str, code: str, reference: str) -> ActionState:
        """A corporate action by what names it; of status "unknown" when the chain has none."""

    def actions(self, stock: str) -> Iterable[ActionState]:
        """Every action that was ever announced for a stock."""


class Succession(Protocol):
    """Lost wallets, read for one operation."""

    @property
    def room(self) -> int:
        """In how many stocks one transaction recovers a wallet."""

    def heir(self, old: str) -> str:
        """The last successor's address, "" for a wallet that was not recovered. InputError where that is another's."""

    def left(self, old: str, stocks: Sequence[str]) -> Sequence[str]:
        """Those of the stocks in which a wallet has anything."""

    def opening(self, old: str, new: str, stocks: Sequence[str], by: str) -> Sequence[Step]:
        """The steps that make accounts for what a wallet's successor is given."""

    def closing(self, old: str, stocks: Sequence[str], by: str, new: str = "") -> Sequence[Step]:
        """The steps that stop what a recovered wallet, or its blocked successor, has beside these stocks; anyone may
        send them."""

    def fetching(self, old: str, stocks: Sequence[str], by: str, new: str = "") -> Iterable[Step]:
        """The steps that give the successor of a recovered wallet what that has; anyone may send them. `new` is who
        becomes the successor in the same plan, whom the chain does not know yet."""


class Bonds(Protocol):
    """What of accounts' units is frozen or locked, read for one operation."""

    def frozen(self, stock: str, account: str) -> int:
        """Raw units of an account that are frozen in part."""

    def lockups(self, stock: str, account: str) -> Lockups:
        """Its lock-ups; those that have ended may be among them."""

    def releasing(self, stock: str, account: str, by: str) -> Sequence[Step]:
        """The step that gives a wallet what its lock-ups that have ended bound; none where none has. InputError where
        what has ended binds nothing."""


class Views(Drafting, Protocol):
    """An opened network, read for one operation. Reading changes nothing; what a kind of chain lacks is InputError.

    `stock` is a ticker of the manifest, an account a name of the manifest or an address.
    """

    @property
    def ledger(self) -> ChainLedger:
        """The chain's ledger, with the manifest's stocks that stood when the views were made."""

    def now(self) -> int:
        """The chain's clock, UTC seconds."""

    def address(self, account: str) -> str:
        """An account's address as the chain writes it."""

    def name(self, address: str) -> str:
        """What the manifest calls the account of an address; the address where it has no name."""

    # --- investors ---

    def clearances(self, investors: Sequence[str]) -> Mapping[str, Clearance]:
        """What the register says of investors, by the investor's name."""

    def owners(self, wallets: Sequence[str]) -> Mapping[str, Owner]:
        """The investor that each wallet belongs to, as the chain tells investors apart; None for nobody's."""

    def entries(self, rows: Sequence[Newcomer | Link]) -> tuple[Mapping[str, Clearance], Mapping[str, Owner]]:
        """The clearances and owners of a file's rows, read at one instant where the chain can tell both at once."""

    def owner(self, investor: str) -> Owner:
        """The value by which `owners` names an investor."""

    def unsignable(self, wallets: Sequence[str], venues: Collection[str] = ()) -> Mapping[str, str]:
        """Those wallets that nobody has a key of, by what each is: a contract of the suite, a stock, the zero address.

        Whose address it is otherwise nobody can tell from it, but where it was derived by a program: then it is none
        but one of `venues`, those of the wallets that venues are to have.
        """

    def fits(self, orders: Sequence[ins.RoleInstruction]) -> int:
        """How many of these orders, counted from the first, one transaction carries; 1 at least."""

    def consequences(self, order: ins.Block | ins.Unblock | ins.UnlinkWallet | ins.Freeze, by: str) -> Sequence[Step]:
        """The steps that are left to do behind a change of clearance, or a freeze, that one transaction has no room
        for."""

    def sweep(self, by: str) -> Sequence[Step]:
        """The steps that freeze what anyone may freeze: thawed token accounts of who is blocked, held or lapsed."""

    def thaw(self, stock: str, account: str, units: str, by: str) -> Sequence[Step]:
        """The step that lets a token account of a wallet receive: its canonical one, or that at the address `units`."""

    def resynced(self, stock: str, by: str) -> Sequence[Step]:
        """The step that makes a mint show the multiplier that the program keeps; none where it does."""

    def unlisted(self, investor: str) -> str:
        """What of an investor's wallets a node does not tell, so that a block may miss it; "" for nothing."""

    def push(self, investor: str, by: str) -> Sequence[Step]:
        """The steps that tell the stocks what they have not heard of an investor's clearance; anyone may send them."""

    # --- market ---

    def market_paused(self) -> bool:
        """Whether mints and redemptions on quotes are stopped."""

    def new_quote(
        self,
        side: ins.Side,
        stock: str,
        account: str,
        amount: RawUnits,
        settlement: Stablecoin,
        reference: str,
        life: int,
        signer: str,
        fee_bps: int = 0,
        payer: str = "",
    ) -> QuoteFile:
        """Draft a quote; InputError for what may not be quoted."""

    def signed_quote(self, quote: QuoteFile) -> QuoteFile:
        """The quote with its signature; InputError where its signer's key is not on this machine."""

    @property
    def quotes(self) -> type[QuoteFile]:
        """The class that reads and writes a quote's file on this kind of chain."""

    def for_wallets(self, quote: QuoteFile) -> Mapping[str, object]:
        """A signed quote as wallets of this kind of chain take it: what its account signs, and sends."""

    def trading_limits(self, stock: str, account: str) -> Sequence[TradingLimit]:
        """What limits the trades of a stock by an account, and what counts against it; none where nothing does."""

    def traded_at(self, stock: str) -> TradedAt | None:
        """What bounds the price of a stock's quotes; None where nothing does."""

    def pegs(self) -> list[PegNow]:
        """What guards each settlement coin that has a guard, and until when quotes in it are taken."""

    def most_tradable(self, stock: str, account: str) -> tuple[Stablecoin | None, Stablecoin | None] | None:
        """The most that one quote may settle to mint and to redeem now, None without a limit; None where none is."""

    def quote_used(self, reference: str) -> bool:
        """Whether a quote of a reference was carried out, whoever signed it."""

    def quote_state(self, quote: QuoteFile) -> QuoteState:
        """Whether a quote can still be used, whatever the time and the multiplier."""

    def check_quote(self, quote: QuoteFile) -> None:
        """InputError for a quote of another network, or without a good signature."""

    def quote_steps(self, quote: QuoteFile, sender: str, title: str) -> Sequence[Step]:
        """The steps that carry a quote out: what has to be opened or allowed first, and the order itself, last."""

    # --- actions ---

    def notice(self, code: str) -> int:
        """How long before its effect an action of this code must be announced to be scheduled in time, in seconds."""

    # --- reserve ---

    def backing(self, stock: str) -> Feed:
        """How a stock's reserve is judged: its source, split basis, ceilings and nonce."""

    def confirm_basis(self, stock: str, sender: str) -> Step:
        """Have the reserve count in the basis after a split that its source shows."""

    def attestation(self, title: str, order: ins.AttestReserve, attestor: str) -> Step:
        """What the custodian attests, signed by `attestor`'s key on this machine, and sent from there."""

    # --- fleet ---

    def paused(self, stock: str) -> bool:
        """Whether a stock is paused."""

    def halted(self) -> bool:
        """Whether the fleet is halted."""

    def left_running(self, by: str) -> tuple[Sequence[Step], str]:
        """The steps that stop in a halt what the halt alone does not, and how far that is; none where it stops all."""

    def holds(self, role: str, account: str) -> bool:
        """Whether an account holds a role of ROLES; InputError for no role of this kind of chain."""

    def taking(self, role: str, account: str, by: str) -> tuple[Sequence[Step], Sequence[Change]]:
        """The steps and changes that take a role from its holder; by whoever administers, or `by` the holder itself."""

    def carrying(self, stock: str, before: str) -> Sequence[Step]:
        """The steps by which a stock carries the manifest's ISIN instead of `before`; none where it does already.

        InputError where it does not carry `before`.
        """

    def describing(self, stock: str) -> tuple[Sequence[Step], Sequence[Change]]:
        """The steps and changes by which a stock says the manifest's name, ticker and address; none where it does.

        InputError where a token keeps what it was created with.
        """

    def sheet(self, stock: str) -> Mapping[str, str]:
        """How a stock stands, for people: each fact with its unit, and which of its rules nothing enforces."""

    # --- enforcement ---

    def frozen(self, stock: str, account: str) -> bool:
        """Whether an account of a stock is frozen as a whole."""

    def opening(self, stock: str, account: str, by: str) -> Sequence[Step]:
        """The step that opens an account in a stock, where one has to stand before anything is given to it."""

    def bonds(self) -> Bonds:
        """What of accounts' units is frozen or locked."""

    def succession(self) -> Succession:
        """Lost wallets, and who has taken their places."""
