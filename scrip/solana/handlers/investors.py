"""The compliance network: investors and wallets, and the freezing and thawing that makes their standing count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from solders.instruction import AccountMeta
from solders.instruction import Instruction as Call
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.errors import InputError, Refusal
from scrip.instructions import Instruction
from scrip.ledger import Receipt
from scrip.parameters import MAX_COUNTRY
from scrip.solana.addresses import SYSTEM, document_hash, investor_id
from scrip.solana.encoding import tokens
from scrip.solana.encoding.program import Listing
from scrip.solana.handlers.client import Client

ROOM = 4
"""Token accounts that a change freezes in its own transaction; its size allows no more. The crank does the rest."""
NO_KEY = bytes(32)
HOLDER, INVESTOR_OF_WALLET = slice(8, 40), 40
"""Where a wallet's record has its address, and where its investor's begins."""


class Investors:
    """What the ledger asks of the directory."""

    ROOM = ROOM

    def __init__(self, client: Client) -> None:
        self.client = client

    # --- instructions ---

    def register(self, order: Instruction) -> Receipt:
        """Carry out an instruction of the directory."""
        wallets = self.touched(order)
        more = len(self._groups(wallets)) > ROOM
        done = self.client.send([self.call(order)], [order.by])
        if more:
            self._crank_all(wallets)
        return done

    def touched(self, order: Instruction) -> list[str]:
        """The wallets whose thawed accounts a change freezes."""
        match order:
            # Where strangers may hold, a new wallet may have a thawed account, and the investor may be blocked.
            case ins.LinkWallet(_, wallet) | ins.UnlinkWallet(_, wallet):
                return [wallet]
            case ins.Block(investor):
                return self.wallets_of(investor)
        return []

    def call(self, order: Instruction) -> Call:
        """The program's instruction; InputError for one that it does not have."""
        kind = self.client.program.type["InvestorClass"]
        match order:
            case ins.Onboard(_, wallet, country, investor_class, expiry):
                class_of = getattr(kind, investor_class.capitalize())()
                _check_i64(expiry)
                return self._call("onboard_investor", order, wallet, country, class_of, expiry)
            case ins.LinkWallet(_, wallet):
                return self._call("link_wallet", order, wallet)
            case ins.UnlinkWallet(_, wallet, reason, document):
                return self._call("unlink_wallet", order, wallet, reason, list(document_hash(document)))
            case ins.Renew(_, expiry):
                _check_i64(expiry)
                return self._call("renew_investor", order, "", expiry)
            case ins.SetProfile(investor, country, investor_class):
                _check_country(country)
                class_of = getattr(kind, investor_class.capitalize())()
                return self._call("set_investor", order, "", country, class_of, self._expiry_of(investor))
            case ins.Block(_, reason, document):
                return self._call("block_investor", order, "", reason, list(document_hash(document)))
            case ins.Unblock(_, reason, document):
                return self._call("unblock_investor", order, "", reason, list(document_hash(document)))
        raise InputError("is not available on Solana", field="instruction", value=type(order).__name__)

    def freeze(self, order: ins.Freeze) -> Receipt:
        """An enforcer's freeze of a whole account, or its end, after which anyone may thaw."""
        if order.by == ins.ISSUER and (order.reason == 0 or not order.document):
            raise Refusal("case: reason and document")
        listing = self.client.listing(order.stock)
        self._open(listing, order.account)
        done = self.client.send([self.freeze_call(order)], [order.by])
        self.prepare(listing, order.account)
        return done

    def freeze_call(self, order: ins.Freeze) -> Call:
        """The program's instruction; the account must be open."""
        listing, key = self.client.listing(order.stock), self.client.key(order.key)
        accounts = self._control(listing, order.account, order.by, key)
        name = "hold_account" if order.frozen else "release_account"
        args = (list(key), order.reason, list(document_hash(order.document)))
        return self.client.program.build(name, *args, accounts=accounts, listing=listing)

    # --- standing ---

    def prepare(self, listing: Listing, account: str, crank: bool = False) -> None:
        """What anyone may do before an account is used: open it, thaw it if it may be thawed, and with `crank` freeze
        it if it must be frozen."""
        self._open(listing, account)
        held = tokens.holding(self.client.chain.account(self.client.units(listing, account)))
        if held is not None and held.frozen:
            self._try("thaw", listing, account)
        elif crank:
            self._try("freeze", listing, account)

    def crank(self, stock: str, account: str) -> bool:
        """Freeze an account whose wallet is not in good standing; whether there was anything to do."""
        return self._try("freeze", self.client.listing(stock), account)

    def record_of(self, wallet: Pubkey) -> Pubkey:
        """The investor that a wallet's record names; the system program's address where there is no record."""
        data = self.client.chain.account(self.client.program.at.wallet(wallet))
        return self.client.program.decode(data).investor if data else SYSTEM

    def wallets_of(self, investor: str) -> list[str]:
        """The wallets that the chain has for an investor, as addresses."""
        program = self.client.program
        record = bytes(program.at.investor(investor_id(investor)))
        found = self.client.chain.owned(program.id, INVESTOR_OF_WALLET, record)
        holders = [(address, Pubkey.from_bytes(data[HOLDER])) for address, data in found]
        return sorted(str(holder) for address, holder in holders if address == program.at.wallet(holder))

    def reads(self, address: Pubkey) -> AccountMeta:
        """An account that is only read."""
        return AccountMeta(address, False, False)

    # --- parts ---

    def _try(self, name: str, listing: Listing, account: str) -> bool:
        try:
            self.client.send([self.crank_call(name, listing, account)], [])
        except Refusal:
            return False
        return True

    def crank_call(self, name: str, listing: Listing, account: str, by: str = "") -> Call:
        """`thaw` or `freeze`, which anyone may: `by`, or else whoever pays."""
        accounts = self._control(listing, account, by, NO_KEY)
        return self.client.program.build(name, list(NO_KEY), accounts=accounts, listing=listing)

    def _open(self, listing: Listing, account: str) -> None:
        chain, wallet = self.client.chain, self.client.address(account)
        if chain.account(self.client.units(listing, account)) is None:
            chain.send([tokens.create_account(chain.payer.pubkey(), wallet, listing.mint)], [])

    def _control(self, listing: Listing, account: str, by: str, key: bytes) -> dict[str, Pubkey]:
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

    def _expiry_of(self, investor: str) -> int:
        """The expiry on record; of an unknown investor any, for the program refuses it."""
        data = self.client.chain.account(self.client.program.at.investor(investor_id(investor)))
        return self.client.program.decode(data).expiry if data else 1

    def _call(self, name: str, order: Instruction, wallet: str, *args: object) -> Call:
        at, identity, key = self.client.program.at, investor_id(order.investor), self.client.key(order.key)
        accounts = {
            "signer": self.client.address(order.by),
            "investor": at.investor(identity),
            "holder": self.client.address(wallet),
            "wallet": at.wallet(self.client.address(wallet)),
            "used_key": at.key(key),
        }
        groups = self._groups(self.touched(order))
        rest = [meta for group in groups[:ROOM] for meta in group]
        return self.client.program.build(name, list(key), list(identity), *args, accounts=accounts, rest=rest)

    def _groups(self, wallets: list[str]) -> list[list[AccountMeta]]:
        """The thawed accounts of the wallets, each as the program wants it named for freezing."""
        found = []
        for listing, wallet in self.thawed(wallets):
            record = self.client.program.at.wallet(self.client.address(wallet))
            units = AccountMeta(self.client.units(listing, wallet), False, True)
            found.append([self.reads(listing.stock), self.reads(listing.mint), self.reads(record), units])
        return found

    def _crank_all(self, wallets: list[str]) -> None:
        for listing, wallet in self.thawed(wallets):
            self._try("freeze", listing, wallet)

    def thawed(self, wallets: Iterable[str]) -> Iterator[tuple[Listing, str]]:
        """Each account of a stock that the wallets have and that is not frozen."""
        for listing in self.client.stocks.values():
            for wallet in wallets:
                held = tokens.holding(self.client.chain.account(self.client.units(listing, wallet)))
                if held is not None and not held.frozen:
                    yield listing, wallet


def _check_i64(expiry: int) -> None:
    if not -(2**63) <= expiry < 2**63:
        raise Refusal("registry: bad expiry", str(expiry))


def _check_country(country: int) -> None:
    """The program takes any number of two bytes."""
    if not 0 < country <= MAX_COUNTRY.value:
        raise Refusal("registry: bad country", str(country))
