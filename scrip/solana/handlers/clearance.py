"""What an investor's clearance means for token accounts: who may, opens, thaws and freezes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from solders.instruction import AccountMeta
from solders.instruction import Instruction as Call
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.instructions.base import Instruction
from scrip.solana.addresses import SYSTEM, investor_id
from scrip.solana.encoding import tokens
from scrip.solana.encoding.program import Listing
from scrip.solana.handlers.client import Client

ROOM = 4
"""Token accounts that a change freezes in its own transaction; its size allows no more. The crank does the rest."""
NO_KEY = bytes(32)
HOLDER, INVESTOR_OF_WALLET = slice(8, 40), 40
"""Where a wallet's record has its address, and where its investor's begins."""


def reads(address: Pubkey) -> AccountMeta:
    """An account that is only read."""
    return AccountMeta(address, False, False)


class Investors:
    """The investors of a program's register, and the token accounts of their wallets."""

    ROOM = ROOM

    def __init__(self, client: Client) -> None:
        self.client = client

    # --- the register ---

    def record_of(self, wallet: Pubkey) -> Pubkey:
        """The investor that a wallet's record names; the system program's address where there is no record."""
        record = self.client.record(self.client.program.at.wallet(wallet), "Wallet")
        return SYSTEM if record is None else record.investor

    def wallets_of(self, investor: str) -> list[str]:
        """The wallets that the node lists for an investor, as addresses."""
        return sorted(map(str, self.holders_of(self.client.program.at.investor(investor_id(investor)))))

    def unlisted(self, investor: str) -> str:
        """That the node lists fewer wallets of an investor than its record counts; "" where it does not."""
        record = self.client.record(self.client.program.at.investor(investor_id(investor)), "Investor")
        counted, listed = record.wallets if record is not None else 0, len(self.wallets_of(investor))
        return f"{listed} of {counted} wallets are listed by this node" if listed < counted else ""

    def holders_of(self, place: Pubkey) -> list[Pubkey]:
        """The wallets whose records name the investor's record at an address, as the node lists them."""
        program = self.client.program
        kind = program.kind("Wallet")
        found = self.client.chain.owned(program.id, INVESTOR_OF_WALLET, bytes(place))
        holders = [(address, Pubkey.from_bytes(data[HOLDER])) for address, data in found if kind.fits(data)]
        return [holder for address, holder in holders if address == program.at.wallet(holder)]

    def touched(self, order: Instruction) -> list[str]:
        """The wallets whose thawed accounts a change freezes."""
        # Where strangers may hold, a new wallet may have a thawed account, and the investor may be blocked.
        if isinstance(order, ins.LinkWallet | ins.UnlinkWallet):
            return [order.wallet]
        return self.wallets_of(order.investor) if isinstance(order, ins.Block) else []

    # --- token accounts ---

    def prepare(self, listing: Listing, account: str, crank: bool = False) -> None:
        """What anyone may do before an account is used: open it, thaw it if it may be thawed, and with `crank` freeze
        it if it must be frozen."""
        self.open(listing, account)
        held = self.client.holding(listing, account)
        if held is not None and held.frozen:
            self.attempt("thaw", listing, account)
        elif crank:
            self.attempt("freeze", listing, account)

    def open(self, listing: Listing, account: str) -> None:
        """Make a wallet's token account of a stock, unless it has one."""
        chain, wallet = self.client.chain, self.client.address(account)
        if self.client.holding(listing, account) is None:
            chain.send([tokens.create_account(chain.payer.pubkey(), wallet, listing.mint)], [])

    def crank(self, stock: str, account: str) -> bool:
        """Freeze an account whose wallet has lost its clearance; whether there was anything to do."""
        return self.attempt("freeze", self.client.listing(stock), account)

    def crank_all(self, wallets: Iterable[str]) -> None:
        """Freeze what the wallets have thawed, where that must be frozen."""
        for listing, wallet in self.thawed(wallets):
            self.attempt("freeze", listing, wallet)

    def attempt(self, name: str, listing: Listing, account: str) -> bool:
        """`thaw` or `freeze` an account; whether the program found that right."""
        try:
            self.client.send([self.crank_call(name, listing, account)], [])
        except Refusal:
            return False
        return True

    def crank_call(self, name: str, listing: Listing, account: str, by: str = "") -> Call:
        """`thaw` or `freeze`, which anyone may: `by`, or else whoever pays."""
        accounts = self.control(listing, account, by, NO_KEY)
        return self.client.program.build(name, list(NO_KEY), accounts=accounts, listing=listing)

    def control(self, listing: Listing, account: str, by: str, key: bytes) -> dict[str, Pubkey]:
        """The accounts that an instruction about one token account names."""
        at, wallet = self.client.program.at, self.client.address(account)
        return {
            "signer": self.client.address(by) if by else self.client.chain.payer.pubkey(),
            "holder": wallet,
            "wallet": at.wallet(wallet),
            "investor": self.record_of(wallet),
            "hold": at.hold(listing.stock, wallet),
            "token_account": self.client.units(listing, account),
            "used_key": at.key(key),
        }

    def groups(self, wallets: Iterable[str]) -> list[list[AccountMeta]]:
        """The thawed accounts of the wallets, each as the program wants it named for freezing."""
        found = []
        for listing, wallet in self.thawed(wallets):
            record = self.client.program.at.wallet(self.client.address(wallet))
            units = AccountMeta(self.client.units(listing, wallet), False, True)
            found.append([reads(listing.stock), reads(listing.mint), reads(record), units])
        return found

    def thawed(self, wallets: Iterable[str]) -> Iterator[tuple[Listing, str]]:
        """Each account of a stock that the wallets have and that is not frozen."""
        names = list(wallets)
        for listing in self.client.stocks.values():
            for wallet in names:
                held = self.client.holding(listing, wallet)
                if held is not None and not held.frozen:
                    yield listing, wallet
