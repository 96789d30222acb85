"""What an investor's clearance means for token accounts: who may, opens, thaws and freezes them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from solders.instruction import AccountMeta
from solders.instruction import Instruction as Call
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.errors import Refusal
from scrip.holder_limits import NUMBERS
from scrip.instructions.base import Instruction
from scrip.solana.addresses import SYSTEM, TOKEN_2022, investor_id, token_account
from scrip.solana.encoding import tokens
from scrip.solana.encoding.program import Listing
from scrip.solana.handlers.client import Client

ROOM = 4
"""Token accounts that a change freezes in its own transaction; its size allows no more. The crank does the rest."""
PLAIN, PAGE = 8, 27
"""Accounts that a page behind a block names without a lookup table, and at most: a transaction names 64 addresses."""
Row = tuple[Listing, str, Pubkey]
"""A token account, with its stock and the name of its wallet."""
NO_KEY = bytes(32)
SHUT_OUT = "shut out"
"""Why an account is open that should not be: its stock's rules, or for want of a seat."""
CLASSES = ("Retail", "Professional", "Institutional", "Venue")
"""The program's classes of investors, in the order of their bits in a stock's rules."""
MINT_OF_UNITS, OWNER_OF_UNITS = 0, 32
"""Where a token account has its mint, and where its owner."""
HOLDER, INVESTOR_OF_WALLET, SUCCEEDED = slice(9, 41), 41, 73
"""Where a wallet's record has its address, where its investor's begins, and whether another has taken its place."""


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
        """The wallets whose records name the investor's record at an address, as the node lists them; those that were
        recovered are nobody's."""
        program = self.client.program
        kind = program.kind("Wallet")
        found = self.client.chain.owned(program.id, INVESTOR_OF_WALLET, bytes(place))
        holders = [
            (address, Pubkey.from_bytes(data[HOLDER]))
            for address, data in found
            if kind.fits(data) and not data[SUCCEEDED]
        ]
        return [holder for address, holder in holders if address == program.at.wallet(holder)]

    def touched(self, order: Instruction) -> list[str]:
        """The wallets whose thawed accounts a change freezes."""
        # Where strangers may hold, a new wallet may have a thawed account, and the investor may be blocked.
        if isinstance(order, ins.LinkWallet | ins.UnlinkWallet):
            return [order.wallet]
        return self.wallets_of(order.investor) if isinstance(order, ins.Block) else []

    # --- token accounts ---

    def prepare(self, listing: Listing, account: str, crank: bool = False) -> None:
        """What anyone may do before an account is used: open it, thaw it if it may be thawed, and freeze it if it must
        be frozen: where it was opened now, for it may be born thawed, and with `crank` always."""
        opened = self.open(listing, account)
        held = self.client.holding(listing, account)
        if held is not None and held.frozen:
            self.attempt("thaw", listing, account)
        elif crank or opened:
            self.attempt("freeze", listing, account)

    def open(self, listing: Listing, account: str) -> bool:
        """Make a wallet's token account of a stock, unless it has one; whether it was made."""
        chain, wallet = self.client.chain, self.client.address(account)
        if self.client.holding(listing, account) is not None:
            return False
        chain.send([tokens.create_account(chain.payer.pubkey(), wallet, listing.mint)], [])
        return True

    def crank(self, stock: str, account: str) -> bool:
        """Freeze an account whose wallet has lost its clearance; whether there was anything to do."""
        return self.attempt("freeze", self.client.listing(stock), account)

    def crank_all(self, wallets: Iterable[str]) -> None:
        """Freeze what the wallets have thawed, where that must be frozen."""
        for listing, wallet, units in self.thawed(wallets):
            self.attempt("freeze", listing, wallet, units)

    def attempt(self, name: str, listing: Listing, account: str, units: Pubkey | None = None) -> bool:
        """`thaw` or `freeze` a wallet's account, the canonical one or the one named; whether the program found that
        right."""
        try:
            self.client.send([self.crank_call(name, listing, account, units)], [])
        except Refusal:
            return False
        return True

    def crank_call(self, name: str, listing: Listing, account: str, units: Pubkey | None = None) -> Call:
        """`thaw` or `freeze` a wallet's account, the canonical one or the one named. Whoever sends it may."""
        accounts = self.control(listing, account, "", NO_KEY)
        if units is not None:
            accounts["token_account"] = units
        rest = self.proof_of(accounts["holder"]) if name == "thaw" else []
        call = self.client.program.build(name, accounts=accounts, listing=listing, rest=rest)
        return self._seating(call, listing, accounts["investor"]) if name == "thaw" else call

    def proof_of(self, holder: Pubkey) -> list[AccountMeta]:
        """What a thaw and a mint name behind their other accounts: of a strict issuer the sanctions list, and the
        record that the wallet is absent from it."""
        at = self.client.program.at
        issuer = self.client.record(at.issuer, "Issuer")
        strict = issuer is not None and issuer.settings.strict_list
        return [reads(at.sanctions_list), reads(at.unlisted(holder))] if strict else []

    def _seating(self, call: Call, listing: Listing, investor: Pubkey) -> Call:
        """The thaw with what it writes where it gives a seat: the stock and the investor, if holders are limited."""
        stock = self.client.record(listing.stock, "Stock")
        if stock is None or not (stock.limits.most or stock.limits.maximum):
            return call
        written = {listing.stock, investor}
        metas = [(one.pubkey, one.is_signer, one.is_writable or one.pubkey in written) for one in call.accounts]
        return Call(call.program_id, bytes(call.data), [AccountMeta(*one) for one in metas])

    def page_call(self, rows: Sequence[Row], blocked: bool) -> Call:
        """`freeze_page` of accounts of one wallet: of one that is `blocked` they are named without their stocks."""
        at, wallet = self.client.program.at, self.client.address(rows[0][1])
        accounts = {"holder": wallet, "wallet": at.wallet(wallet), "investor": self.record_of(wallet)}
        rest = []
        for listing, _, units in rows:
            rest += [] if blocked else [reads(listing.stock)]
            rest += [reads(listing.mint), AccountMeta(units, False, True)]
        return self.client.program.build("freeze_page", accounts=accounts, rest=rest)

    def first_pages(self, before: Call, wallets: Iterable[str], by: Pubkey) -> list[Call]:
        """The pages of wallets that `before` blocks, one a wallet, as far as all have room in a transaction that `by`
        pays."""
        rows, calls, left = list(self.thawed(wallets)), [before], PLAIN
        fits = getattr(self.client.chain, "fits", None)
        for wallet in dict.fromkeys(one[1] for one in rows):
            mine = [one for one in rows if one[1] == wallet]
            for size in range(min(len(mine), PAGE if fits else left), 0, -1):
                page = self.page_call(mine[:size], True)
                if not fits or fits([*calls, page], by):
                    calls.append(page)
                    left -= size
                    break
        return calls[1:]

    def control(self, listing: Listing, account: str, by: str, key: bytes) -> dict[str, Pubkey]:
        """The accounts that an instruction about a wallet in one stock names."""
        at, wallet = self.client.program.at, self.client.address(account)
        return self.nobody(self.client.units(listing, account)) | {
            "signer": self.client.address(by) if by else self.client.chain.payer.pubkey(),
            "holder": wallet,
            "wallet": at.wallet(wallet),
            "investor": self.record_of(wallet),
            "hold": at.hold(listing.stock, wallet),
            "token_account": self.client.units(listing, account),
            "used_key": at.key(key),
        }

    @staticmethod
    def nobody(written: Pubkey) -> dict[str, Pubkey]:
        """The receiver's accounts of an order that gives nobody anything; `written` is one that is written anyhow."""
        return {"to": SYSTEM, "wallet": SYSTEM, "investor": SYSTEM, "to_hold": SYSTEM, "to_account": written}

    def groups(self, wallets: Iterable[str]) -> list[list[AccountMeta]]:
        """The thawed accounts of the wallets, each as the program wants it named for freezing."""
        found = []
        for listing, wallet, units in self.thawed(wallets):
            record = self.client.program.at.wallet(self.client.address(wallet))
            named = AccountMeta(units, False, True)
            found.append([reads(listing.stock), reads(listing.mint), reads(record), named])
        return found

    def thawed(self, wallets: Iterable[str]) -> Iterator[tuple[Listing, str, Pubkey]]:
        """Each account of a stock that the wallets have and that is not frozen: the canonical ones, which are known
        without asking anybody, and whatever else the node lists as theirs."""
        names = list(wallets)
        others = {wallet: self._listed(OWNER_OF_UNITS, self.client.address(wallet)) for wallet in names}
        for listing in self.client.stocks.values():
            for wallet in names:
                canonical = self.client.units(listing, wallet)
                mine = {at: held for at, held in others[wallet].items() if held.mint == listing.mint}
                held = self.client.holding(listing, wallet)
                if held is not None:
                    mine[canonical] = held
                for at in sorted(mine, key=lambda at: (at != canonical, bytes(at))):
                    if not mine[at].frozen:
                        yield listing, wallet, at

    def token_accounts(self, wallet: str) -> dict[Pubkey, tokens.Holding]:
        """A wallet's token accounts of any mint: those that the node lists, and of each stock the canonical one."""
        found = self._listed(OWNER_OF_UNITS, self.client.address(wallet))
        canonical = [self.client.units(listing, wallet) for listing in self.client.stocks.values()]
        asked = zip(canonical, tokens.holdings(self.client.chain, canonical), strict=True)
        return found | {at: held for at, held in asked if held is not None}

    def _listed(self, field: int, key: Pubkey) -> dict[Pubkey, tokens.Holding]:
        """The token accounts that the node lists with this key in a field of theirs, by address."""
        found = self.client.chain.owned(TOKEN_2022, field, bytes(key))
        parsed = {address: tokens.holding(data) for address, data in found if tokens.UNITS.fits(data)}
        return {address: held for address, held in parsed.items() if held is not None}

    # --- holds ---

    def held(self) -> dict[Pubkey, set[Pubkey]]:
        """The wallets that an enforcer holds, as the node lists them, by the address of the stock."""
        found: dict[Pubkey, set[Pubkey]] = {}
        for address, hold in self.stored("Hold"):
            if address == self.client.program.at.hold(hold.stock, hold.holder):
                found.setdefault(hold.stock, set()).add(hold.holder)
        return found

    def standing(self, now: int) -> dict[Pubkey, str]:
        """What each wallet that the node lists is at `now`: its investor is "blocked", has "lapsed", or neither, ""."""
        investors, found = dict(self.stored("Investor")), {}
        for _, wallet in self.stored("Wallet"):
            investor = investors.get(wallet.investor)
            lapsed = investor is not None and now >= investor.expiry
            alone = wallet.successor is not None or wallet.investor == SYSTEM
            blocked = alone or (investor is not None and investor.blocked)
            found[wallet.holder] = "blocked" if blocked else "lapsed" if lapsed else ""
        return found

    def to_stop(self, now: int) -> Iterator[tuple[Listing, Pubkey, Pubkey]]:
        """Each thawed account, with its stock and its wallet, that anyone may freeze at `now`: see `left_open`."""
        yield from ((listing, wallet, at) for listing, wallet, at, _ in self.left_open(now))

    def left_open(self, now: int) -> Iterator[tuple[Listing, Pubkey, Pubkey, str]]:
        """Each thawed account, with its stock, its wallet and why it should be frozen at `now`: the wallet is "held" or
        "blocked", or, on an allow-list stock, has "lapsed", was "removed", or is "shut out" by its rules or without a
        seat. As the node lists them."""
        held, standing = self.held(), self.standing(now)
        for listing in self.client.stocks.values():
            record = self.client.record(listing.stock, "Stock")
            strict = record is not None and type(record.policy).__name__ == "Allowlist"
            whys = ("blocked", "lapsed") if strict else ("blocked",)
            stopped = {wallet: why for wallet, why in standing.items() if why in whys}
            if strict:
                stopped = dict.fromkeys(self._shut_out(listing, record), SHUT_OUT) | stopped
            stopped |= dict.fromkeys(held.get(listing.stock, ()), "held")
            units = self._listed(MINT_OF_UNITS, listing.mint)
            # A node that lists no account is asked for the one that every wallet has.
            unlisted = [at for at in (token_account(one, listing.mint) for one in stopped) if at not in units]
            found = tokens.holdings(self.client.chain, unlisted)
            units |= {at: one for at, one in zip(unlisted, found, strict=True) if one is not None}
            if strict:
                owners = {one.owner for one in units.values() if not one.frozen}
                stopped |= dict.fromkeys(self._unknown(owners - standing.keys()), "removed")
            for at in sorted(units, key=bytes):
                if not units[at].frozen and units[at].owner in stopped:
                    yield listing, units[at].owner, at, stopped[units[at].owner]

    def everybody(self) -> set[Pubkey]:
        """The wallets on the register, blocked ones too, and the owners of every account of a stock, as the node lists
        them; vaults are nobody's."""
        found = {wallet.holder for _, wallet in self.stored("Wallet")}
        for listing in self.client.stocks.values():
            found |= {one.owner for one in self._listed(MINT_OF_UNITS, listing.mint).values()}
        return found - {at for at, _ in self.stored("Locked")}

    def _shut_out(self, listing: Listing, stock: Any) -> list[Pubkey]:
        """The wallets whose investors a stock's rules do not admit, or who have no seat where holders are counted."""
        investors = dict(self.stored("Investor"))
        limited, seat = stock.limits.most or stock.limits.maximum, int.from_bytes(bytes(listing.stock)[:8], "little")
        shut = set()
        for at, one in investors.items():
            country = one.country < NUMBERS and stock.rules.countries[one.country >> 3] >> (one.country & 7) & 1
            unseated = limited and type(one.class_).__name__ != "Venue" and seat not in one.seats
            if unseated or not (country and stock.rules.classes >> CLASSES.index(type(one.class_).__name__) & 1):
                shut.add(at)
        return [wallet.holder for _, wallet in self.stored("Wallet") if wallet.investor in shut]

    def _unknown(self, wallets: Iterable[Pubkey]) -> list[Pubkey]:
        """Those wallets that nobody has: each is asked for, for a node may list fewer records than there are."""
        asked = sorted(wallets, key=bytes)
        records = self.client.records([self.client.program.at.wallet(one) for one in asked], "Wallet")
        return [one for one, record in zip(asked, records, strict=True) if record is None]

    def stored(self, kind: str) -> list[tuple[Pubkey, Any]]:
        """The program's records of a kind, as the node lists them, decoded, by address."""
        program = self.client.program
        found = self.client.chain.owned(program.id, 0, program.discriminator(kind))
        return [(address, program.decode(data)) for address, data in found]
