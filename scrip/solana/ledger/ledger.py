"""The ledger protocol on Solana: every instruction as the transactions that carry it out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from solders.instruction import Instruction as Call
from solders.keypair import Keypair
from solders.pubkey import Pubkey

from scrip import instructions as ins
from scrip.errors import InputError, Refusal
from scrip.instructions import TREASURY, Instruction
from scrip.ledger import SOLANA, ActionState, ChainTraits, Coverage, MultiplierState, Receipt
from scrip.solana.addresses import TOKEN, document_hash, local_keypair, token_account
from scrip.solana.chain import Failed
from scrip.solana.encoding import messages, tokens
from scrip.solana.encoding.program import Listing, coverage_state, multiplier_state
from scrip.solana.errors import TOKEN_NAMES
from scrip.solana.handlers.actions import Calendar
from scrip.solana.handlers.client import Client, receipt
from scrip.solana.handlers.investors import Investors
from scrip.solana.handlers.reserve import Backing
from scrip.solana.keys import FAUCET
from scrip.units import STABLECOIN_DECIMALS, RawUnits, Shares, Stablecoin

_UNSUPPORTED = (
    ins.OpenCase,
    ins.CloseCase,
    ins.ForcedTransfer,
    ins.ForcedBurn,
    ins.Lock,
    ins.ReleaseLocks,
    ins.SetStockRules,
    ins.SetHolderLimits,
    ins.RemoveHolderLimits,
    ins.SeedHolders,
    ins.Halt,
    ins.Unhalt,
    ins.Approve,
    ins.TransferFrom,
)


@dataclass
class SolanaLedger(Client):
    """The ledger. With `prompt` somebody cranks before each transfer, so that a lapse refuses as soon as elsewhere."""

    traits: ChainTraits = SOLANA
    prompt: bool = True

    def __post_init__(self) -> None:
        self.investors = Investors(self)
        self.calendar = Calendar(self)
        self.backing = Backing(self)

    # --- the protocol ---

    def advance_to(self, t: int) -> None:
        """Move the clock to `t`; ValueError when that is in the past."""
        self.chain.advance_to(t)

    def balance(self, stock: str, account: str) -> RawUnits:
        """Raw units of an account's canonical token account."""
        held = tokens.holding(self.chain.account(self.units(self.listing(stock), account)))
        return RawUnits(held.amount if held else 0, self.traits.decimals)

    def supply(self, stock: str) -> RawUnits:
        """Raw units of all accounts together."""
        return RawUnits(tokens.supply(self.mint_data(self.listing(stock))), self.traits.decimals)

    def multiplier(self, stock: str) -> MultiplierState:
        """The multiplier as the program's view shows it now."""
        return multiplier_state(self.view("multiplier", stock))

    def stablecoin(self, account: str) -> Stablecoin:
        """Settlement currency of an account."""
        held = tokens.holding(self.chain.account(self._coins_of(account)))
        return Stablecoin(held.amount if held else 0, STABLECOIN_DECIMALS)

    def coverage(self, stock: str) -> Coverage:
        """The backing as the program's view shows it now."""
        return coverage_state(self.view("coverage", stock))

    def ceiling(self, stock: str) -> Shares:
        """The most that this chain may issue of a stock; none before its reserve is configured."""
        return Shares.from_wad(self.backing.state(self.listing(stock)).ceiling)

    def action(self, stock: str, code: str, reference: str) -> ActionState:
        """An action by what names it; of status "unknown" where it was never announced."""
        return self.calendar.read(stock, code, reference)

    def actions(self, stock: str) -> Iterator[ActionState]:
        """Every action that was ever announced for a stock."""
        return self.calendar.read_all(stock)

    def apply(self, instruction: Instruction) -> Receipt:
        """Send what the instruction is; Refusal with the reason decoded from the program's errors."""
        match instruction:
            case ins.Mint() | ins.Redeem():
                return self._order(instruction)
            case ins.Transfer():
                return self._transfer(instruction)
            case ins.FundStablecoin(account, amount):
                return self._fund(account, amount)
            case ins.Announce() | ins.Schedule() | ins.Cancel():
                return self.calendar.apply(instruction)
            case ins.ConfigureReserve() | ins.SetCeiling() | ins.SetBasis() | ins.AttestReserve() | ins.ConfirmBasis():
                return self.backing.apply(instruction)
            case ins.CreateStock():
                return self._create(instruction)
            case ins.Pause() | ins.Unpause() | ins.PauseMarket() | ins.UnpauseMarket():
                return self.send([self._stop(instruction)], [instruction.by])
            case ins.SetFrozenTokens(by=by):
                raise Refusal("roles: not authorised" if by != ins.ISSUER else "token: no partial freeze")
            case ins.Freeze():
                return self.investors.freeze(instruction)
            case _ if isinstance(instruction, _UNSUPPORTED):
                raise InputError("is not available on Solana", field="instruction", value=type(instruction).__name__)
            case _:
                return self.investors.register(instruction)

    def calls(self, order: ins.RoleInstruction | ins.AttestReserve | ins.ConfirmBasis) -> list[Call]:
        """The instructions of the transaction that carries out an order of a role, or the custodian's.

        The accounts that it is about stand already. InputError for an order that the program does not know.
        """
        match order:
            case ins.Announce() | ins.Schedule() | ins.Cancel():
                return [self.calendar.call(order)]
            case ins.ConfigureReserve() | ins.SetCeiling() | ins.SetBasis() | ins.AttestReserve() | ins.ConfirmBasis():
                return self.backing.calls(order)
            case ins.CreateStock():
                return [self._creation(order)]
            case ins.Pause() | ins.Unpause() | ins.PauseMarket() | ins.UnpauseMarket():
                return [self._stop(order)]
            case ins.Freeze():
                return [self.investors.freeze_call(order)]
            case _:
                return [self.investors.call(order)]

    # --- beyond the protocol ---

    def balance_ui(self, stock: str, account: str) -> int:
        """The program's own conversion of a balance into shares, 8 decimals."""
        return int.from_bytes(self.view("ui_amount", stock, self.balance(stock, account).value), "little")

    def shown_multiplier(self, stock: str) -> float:
        """The multiplier as the mint itself shows it to wallets now: a float."""
        return tokens.shown_multiplier(self.mint_data(self.listing(stock)), self.now())

    def may_hold(self, stock: str, account: str) -> bool:
        """Whether the account could send and receive now, once anybody has thawed or frozen it as anybody may."""
        listing = self.listing(stock)
        if tokens.is_paused(self.mint_data(listing)):
            return False
        self.investors.prepare(listing, account, crank=self.prompt)
        held = tokens.holding(self.chain.account(self.units(listing, account)))
        return held is not None and not held.frozen

    # --- instructions ---

    def _create(self, order: ins.CreateStock) -> Receipt:
        if order.by == ins.ISSUER and len(order.isin) != 12:
            raise Refusal("factory: bad isin", order.isin)
        listing = self._place(order)
        exists = self.chain.account(listing.mint) is not None
        if order.stock in self.stocks and not exists:
            raise InputError("names another stock already", field="stock", value=order.stock)
        done = self.send([self._creation(order)], [order.by])
        self.stocks[order.stock] = listing
        return done

    def _place(self, order: ins.CreateStock) -> Listing:
        return self.program.listing(order.isin[:12].ljust(12), order.series)

    def _creation(self, order: ins.CreateStock) -> Call:
        kind, listing = self.program.type, self._place(order)
        policy = {"ALLOWLIST": kind["Policy"].Allowlist, "BLOCKLIST": kind["Policy"].Blocklist}[order.policy]()
        args = {
            "isin": list(order.isin.encode()[:12].ljust(12)),
            "series": order.series,
            "policy": policy,
            "name": order.name,
            "symbol": order.stock,
            "uri": "",
            "arm_hook": True,
        }
        return self.signed("create_stock", order.by, args, listing=listing)

    def _stop(self, order: ins.Pause | ins.Unpause | ins.PauseMarket | ins.UnpauseMarket) -> Call:
        match order:
            case ins.PauseMarket(by=by):
                return self.signed("pause_market", by)
            case ins.UnpauseMarket(by=by):
                return self.signed("resume_market", by)
            case ins.Pause(stock, by=by):
                return self.signed("pause", by, listing=self.listing(stock))
            case ins.Unpause(stock, by=by):
                return self.signed("resume", by, listing=self.listing(stock))

    def _order(self, order: ins.Mint | ins.Redeem) -> Receipt:
        amount, settlement = self.raw(order.amount), _coins(order.settlement)
        if not order.account:
            raise InputError("nobody signs for the zero address", field="account")
        name = "mint" if isinstance(order, ins.Mint) else "redeem"
        if order.stock not in self.stocks:
            raise Refusal("market: unknown stock", order.stock)
        listing, by = self.listing(order.stock), order.by or order.account
        self.investors.prepare(listing, by)
        self._open_coins(by)
        quote = messages.Quote(
            id=document_hash(order.quote.id),
            side=messages.SIDES[order.quote.side or name],
            account=self.address(order.account),
            amount=amount,
            settlement=settlement,
            generation=order.quote.generation,
            expiry=order.quote.expiry,
        )
        asset = self.suite.stablecoin if order.quote.asset == "stablecoin" else self.address(order.quote.asset)
        signer = self.keys.keypair("forger" if order.quote.forged else order.quote.signer)
        return self.send(self.quote_calls(name, listing, by, quote, signer, asset, order.quote.signer), [by])

    def quote_calls(
        self,
        name: str,
        listing: Listing,
        by: str,
        quote: messages.Quote,
        signer: Keypair,
        asset: Pubkey,
        claimed: str = "",
    ) -> list[Call]:
        """The signature and the mint or redemption that it is for. `claimed` is whose signature it is said to be."""
        wallet = self.address(by)
        units = token_account(wallet, listing.mint)
        digest = quote.digest(self.chain.genesis, self.program.id, listing.mint, units, asset)
        signature = bytes(signer.sign_message(digest))
        key = self.address(claimed) if claimed else signer.pubkey()
        call = self._quoted(name, listing, by, quote, asset)
        return [messages.signature_instruction([(key, signature, digest)]), call]

    def signed_quote(
        self, name: str, stock: str, by: str, quote: messages.Quote, signer: str, signature: str
    ) -> list[Call]:
        """The same for a signature that was made elsewhere, 0x-prefixed hex."""
        listing, asset = self.listing(stock), self.suite.stablecoin
        digest = quote.digest(self.chain.genesis, self.program.id, listing.mint, self.units(listing, by), asset)
        entry = (self.address(signer), bytes.fromhex(signature.removeprefix("0x")), digest)
        return [messages.signature_instruction([entry]), self._quoted(name, listing, by, quote, asset)]

    def _quoted(self, name: str, listing: Listing, by: str, quote: messages.Quote, asset: Pubkey) -> Call:
        at, wallet = self.program.at, self.address(by)
        side = self.program.type["Side"]
        args = {
            "id": list(quote.id),
            "side": (side.Mint, side.Redeem)[quote.side](),
            "account": quote.account,
            "amount": quote.amount,
            "settlement": quote.settlement,
            "generation": quote.generation,
            "expiry": quote.expiry,
        }
        accounts = {
            "account": wallet,
            "wallet": at.wallet(wallet),
            "investor": self.investors.record_of(wallet),
            "token_account": self.units(listing, by),
            "asset": at.asset(asset),
            "settlement_mint": asset,
            "account_settlement": token_account(wallet, self.suite.stablecoin, TOKEN),
            "treasury": self.suite.treasury,
            "used_quote": at.quote(quote.id),
            "settlement_program": TOKEN,
        }
        rest = [] if name == "mint" else [self.investors.reads(at.hold(listing.stock, wallet))]
        return self.program.build(name, args, accounts=accounts, listing=listing, rest=rest)

    def is_allowlisted(self, listing: Listing) -> bool:
        """Whether a stock's accounts start frozen."""
        stored = self.program.decode(self.chain.account(listing.stock) or b"")
        return type(stored.policy).__name__ == "Allowlist"

    def _transfer(self, order: ins.Transfer) -> Receipt:
        listing, amount = self.listing(order.stock), self.raw(order.amount)
        paused = tokens.is_paused(self.mint_data(listing))
        if not order.to or not order.sender:
            # Nobody can own an account at the zero address here, so no transaction can name it.
            raise Refusal("token: paused" if paused else "ERC20InvalidReceiver")
        for party in (order.sender, order.to):
            self.investors.prepare(listing, party, crank=self.prompt)
        source, target = self.units(listing, order.sender), self.units(listing, order.to)
        wallet = self.keys.keypair(order.sender)
        call = tokens.transfer(source, listing.mint, target, wallet.pubkey(), amount, self.traits.decimals)
        try:
            return receipt(self.chain.send([call], [wallet]))
        except Failed as failed:
            raise self._transfer_refusal(listing, source, target, amount, failed) from None

    def _transfer_refusal(
        self, listing: Listing, source: Pubkey, target: Pubkey, amount: int, failed: Failed
    ) -> Exception:
        """Why the token program said no, in the order in which other chains ask: its own order differs, and one number
        stands for both sides of a freeze."""
        said = TOKEN_NAMES.get(failed.custom or 0, failed.error)
        sender = tokens.holding(self.chain.account(source))
        receiver = tokens.holding(self.chain.account(target))
        if tokens.is_paused(self.mint_data(listing)):
            return Refusal("token: paused", said)
        if sender is None or sender.frozen:
            return Refusal("ERC7943CannotSend", said)
        if receiver is None or receiver.frozen:
            return Refusal("ERC7943CannotReceive", said)
        if sender.amount < amount:
            return Refusal("ERC20InsufficientBalance", f"{sender.amount} of {amount}")
        return failed

    def _fund(self, account: str, amount: Stablecoin) -> Receipt:
        self._open_coins(account)
        faucet = local_keypair(FAUCET)
        call = tokens.mint_coins(self.suite.stablecoin, self._coins_of(account), faucet.pubkey(), _coins(amount))
        return receipt(self.chain.send([call], [faucet]))

    # --- parts ---

    def owner_of(self, name: str) -> Pubkey:
        """Whose token accounts a name's are: the treasury's are the program's."""
        return self.program.at.authority if name == TREASURY else self.address(name)

    def _coins_of(self, account: str) -> Pubkey:
        return token_account(self.owner_of(account), self.suite.stablecoin, TOKEN)

    def _open_coins(self, account: str) -> None:
        if self.chain.account(self._coins_of(account)) is None:
            owner = self.owner_of(account)
            self.chain.send([tokens.create_account(self.chain.payer.pubkey(), owner, self.suite.stablecoin, TOKEN)], [])

    def raw(self, amount: RawUnits) -> int:
        """Raw units as an integer; TypeError for another chain's."""
        if not isinstance(amount, RawUnits) or amount.decimals != self.traits.decimals:
            raise TypeError(f"{amount!r} are not raw units of {self.traits.name}, {self.traits.decimals} decimals")
        return amount.value


def _coins(amount: Stablecoin) -> int:
    if not isinstance(amount, Stablecoin) or amount.decimals != STABLECOIN_DECIMALS:
        raise TypeError(f"{amount!r} is not the stablecoin, {STABLECOIN_DECIMALS} decimals")
    return amount.value
