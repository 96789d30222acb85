# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title PrimaryMarket
@custom:contract-name PrimaryMarket
@license AGPL-3.0-only
@notice Where shares are created and redeemed, for all stocks: an investor submits a quote that the issuer has signed,
        pays stablecoin and receives new units, or gives units up and is paid from the treasury, in one transaction.
@dev Holds MINTER and nothing else: no stock, no stablecoin. The treasury has approved it to pay redemptions. Who may
     hold a stock is the stock's own decision, whether there is backing the ReserveFeed's; a refusal of theirs bubbles
     up. What a payment brings is read from the receiver's balance: a stablecoin that keeps a fee is refused.
@custom:security Callers: mint, redeem the account named in a quote signed by a QUOTE_SIGNER; revokeQuote, revokeQuotes
                 the signer of those quotes, or admin; pause PAUSER; unpause UNPAUSER; listAsset, setTreasury admin (the
                 timelock); setLimit, setTerms, setBand, setPeg admin, or PAUSER to tighten; poke anyone.
@custom:kill pause() here stops all quotes; revokeQuotes voids all that a signer has signed, and revoking QUOTE_SIGNER
             in Roles what it will sign, too; revoking MINTER from this contract is final.
"""

from ethereum.ercs import IERC20
from ethereum.ercs import IERC20Detailed
from snekmate.utils import eip712_domain_separator as domain

from ..interfaces import IComplianceRegistry
from ..interfaces import IPrimaryMarket
from ..interfaces import IStockToken
from ..shared import refusals
from ..shared import roles
from ..shared import signatures
from . import market_limits
from . import market_payment
from . import market_peg
from . import market_price
from . import market_quotes

implements: IPrimaryMarket

initializes: roles
initializes: domain
initializes: market_limits[roles := roles]
initializes: market_peg[roles := roles]
initializes: market_price[roles := roles]
initializes: market_quotes[roles := roles, domain := domain]

exports: (
    domain.eip712Domain,
    roles.accessControl,
    market_limits.setLimit,
    market_limits.limitOf,
    market_limits.levelOf,
    market_limits.setTerms,
    market_limits.quoteTerms,
    market_price.bandOf,
    market_quotes.quoteBitmap,
    market_quotes.quoteEpoch,
    market_quotes.revokeQuote,
    market_quotes.revokeQuotes,
    market_quotes.hashQuote,
    market_quotes.hashCountersignature,
    market_quotes.hashPayment,
)


# @dev decimals of a cent, and the most that a stablecoin may have
CENT: constant(uint8) = 2
MAX_DECIMALS: constant(uint8) = 36
# @dev most stablecoins that settle quotes
MAX_ASSETS: constant(uint256) = 16
_TREASURY_MASK: constant(uint256) = 2**160 - 1
_UNIT_SHIFT: constant(uint256) = 160
_UNIT_MASK: constant(uint256) = 255
_PEG_SHIFT: constant(uint256) = 168
MINT: constant(uint8) = 0
REDEEM: constant(uint8) = 1
_BPS: constant(uint256) = 10_000

# @dev who knows which tokens are stocks
REGISTRY: immutable(IComplianceRegistry)

# @notice receives the settlement of mints and pays that of redemptions
treasury: public(address)
# @dev by stablecoin, so that a trade reads one word: treasury 160 | decimals less those of a cent, plus one 8 | the last second
#      in which its peg is good 88, of what settles quotes; 0 of what does not
_assets: HashMap[address, uint256]
# @dev what settles quotes, in no order: each has the treasury in its word
_listed: DynArray[address, MAX_ASSETS]


@deploy
def __init__(access: address, registry: address, treasury: address):
    """
    @notice Starts unpaused, with no asset listed.
    @dev Errors: "roles: zero address", "market: bad registry" (no code, or of another role table),
         "market: zero address".
    @param access the Roles contract.
    @param registry the ComplianceRegistry.
    @param treasury receives and pays settlement.
    """
    roles.__init__(access)
    domain.__init__("Scrip PrimaryMarket", "1")
    refusals._demand(roles._is_ours(registry), "market: bad registry")
    REGISTRY = IComplianceRegistry(registry)
    self._set_treasury(treasury)


@external
@nonreentrant
def mint(
    quote: IPrimaryMarket.Quote,
    signer: address,
    signature: Bytes[signatures.MAX_LENGTH],
    second: address = empty(address),
    secondSignature: Bytes[signatures.MAX_LENGTH] = b"",
):
    """
    @notice Pays quote.settlement and the fee to the treasury and creates quote.amount of the stock for quote.account, who calls.
    @dev Errors, in order: those of _accept, the stablecoin's, "market: payment failed", "market: payment short", the
         stock's, the ReserveFeed's. The account has approved this contract for the settlement.
    @param quote the issuer's terms.
    @param signer who signed them, a QUOTE_SIGNER.
    @param signature 65 bytes of a key; a contract that signs (ERC-1271), such as a Safe, reads up to 1024 as it likes.
    @param second who signed it as well, where two keys must: from a settlement on, and always without a price band.
    @param secondSignature its signature over hashCountersignature.
    """
    fee: uint256 = 0
    treasury: address = empty(address)
    fee, treasury = self._accept(quote, MINT, quote.account, signer, signature, second, secondSignature)
    market_payment._move(quote.stablecoin, quote.account, treasury, quote.settlement + fee)
    extcall IStockToken(quote.token).mint(quote.account, quote.amount)
    log IPrimaryMarket.Minted(
        token=quote.token,
        account=quote.account,
        ref=quote.ref,
        stablecoin=quote.stablecoin,
        amount=quote.amount,
        settlement=quote.settlement,
        fee=fee,
        signer=signer,
        nonce=quote.nonce,
    )


@external
@nonreentrant
def mintPaid(
    quote: IPrimaryMarket.Quote,
    signer: address,
    signature: Bytes[signatures.MAX_LENGTH],
    second: address,
    secondSignature: Bytes[signatures.MAX_LENGTH],
    payment: IPrimaryMarket.Payment,
):
    """
    @notice As mint, paid in another way than under the account's allowance: by a payer that the signer of the quote
            named, or by a signature to the stablecoin. The account calls, or the payer.
    @dev Errors, in order: those of _accept, "market: bad payment", and of a payer that is not the account "market:
         payer not cleared" (it could not hold the stock) and "market: no consent"; then "market: permit failed", and
         as mint. Another's allowance is not its consent: a payer calls, signs hashPayment, or authorizes this quote.
    @param quote the issuer's terms.
    @param signer who signed them and who pays, a QUOTE_SIGNER.
    @param signature over hashQuote, of quote and payer.
    @param second who signed it as well, where two keys must; zero for none.
    @param secondSignature its signature over hashCountersignature, of quote and payer.
    @param payment who pays and how.
    """
    payer: address = payment.payer if payment.payer != empty(address) else quote.account
    fee: uint256 = 0
    treasury: address = empty(address)
    fee, treasury = self._accept(quote, MINT, payer, signer, signature, second, secondSignature)
    refusals._demand(payment.way <= market_payment.AUTHORIZATION, "market: bad payment")
    consent: bytes32 = market_quotes._payment(quote, signer, payer)
    if payer != quote.account:
        refusals._demand(staticcall IStockToken(quote.token).canReceive(payer), "market: payer not cleared")
        if msg.sender != payer and payment.way != market_payment.AUTHORIZATION:
            refusals._demand(signatures._is_valid(payer, consent, payment.consent), "market: no consent")
    due: uint256 = quote.settlement + fee
    if payment.way == market_payment.AUTHORIZATION:
        market_payment._receive(
            quote.stablecoin, payer, treasury, due, quote.expiry, consent, payment.v, payment.r, payment.s
        )
    else:
        if payment.way == market_payment.PERMIT:
            market_payment._permit(
                quote.stablecoin, payer, due, quote.expiry, payment.v, payment.r, payment.s
            )
        market_payment._move(quote.stablecoin, payer, treasury, due)
    extcall IStockToken(quote.token).mint(quote.account, quote.amount)
    log IPrimaryMarket.Minted(
        token=quote.token,
        account=quote.account,
        ref=quote.ref,
        stablecoin=quote.stablecoin,
        amount=quote.amount,
        settlement=quote.settlement,
        fee=fee,
        signer=signer,
        nonce=quote.nonce,
    )
    log IPrimaryMarket.MintPaid(payer=payer, account=quote.account, ref=quote.ref, way=payment.way)


@external
@nonreentrant
def redeem(
    quote: IPrimaryMarket.Quote,
    signer: address,
    signature: Bytes[signatures.MAX_LENGTH],
    second: address = empty(address),
    secondSignature: Bytes[signatures.MAX_LENGTH] = b"",
):
    """
    @notice Burns quote.amount of the stock from quote.account, who calls, and pays it quote.settlement less the fee
            from the treasury.
    @dev Errors, in order: those of _accept, the stock's, the stablecoin's, "market: payment failed", "market: payment
         short". The treasury has approved this contract.
    @param quote the issuer's terms.
    @param signer who signed them, a QUOTE_SIGNER.
    @param signature 65 bytes of a key; a contract that signs (ERC-1271), such as a Safe, reads up to 1024 as it likes.
    @param second who signed it as well, where two keys must: from a settlement on, and always without a price band.
    @param secondSignature its signature over hashCountersignature.
    """
    fee: uint256 = 0
    treasury: address = empty(address)
    fee, treasury = self._accept(quote, REDEEM, quote.account, signer, signature, second, secondSignature)
    extcall IStockToken(quote.token).burn(quote.account, quote.amount)
    market_payment._move(quote.stablecoin, treasury, quote.account, quote.settlement - fee)
    log IPrimaryMarket.Redeemed(
        token=quote.token,
        account=quote.account,
        ref=quote.ref,
        stablecoin=quote.stablecoin,
        amount=quote.amount,
        settlement=quote.settlement,
        fee=fee,
        signer=signer,
        nonce=quote.nonce,
    )


@external
def listAsset(asset: address, listed: bool):
    """
    @notice Lets a stablecoin settle quotes, or no longer. Admin only.
    @dev Errors: "roles: not authorised", "market: not a contract", "market: bad decimals" (under 2 or over 36),
         "market: too many assets" (16). Quotes already signed in it follow.
    @param asset the ERC-20.
    @param listed whether it settles quotes from now on.
    """
    roles._check(roles.ADMIN)
    was_listed: bool = self._assets[asset] != 0
    word: uint256 = 0
    if listed:
        refusals._demand(asset.is_contract, "market: not a contract")
        decimals: uint8 = staticcall IERC20Detailed(asset).decimals()
        refusals._demand(decimals >= CENT and decimals <= MAX_DECIMALS, "market: bad decimals")
        word = (convert(decimals - CENT + 1, uint256) << _UNIT_SHIFT) | convert(self.treasury, uint256)
        word |= market_peg._at_first(asset) << _PEG_SHIFT
    self._assets[asset] = word
    if listed and not was_listed:
        refusals._demand(len(self._listed) < MAX_ASSETS, "market: too many assets")
        self._listed.append(asset)
    if was_listed and not listed:
        last: address = self._listed.pop()
        for i: uint256 in range(len(self._listed), bound=MAX_ASSETS):
            if self._listed[i] == asset:
                self._listed[i] = last
    log IPrimaryMarket.AssetListed(asset=asset, listed=listed)


@external
def setTreasury(treasury: address):
    """
    @notice Changes who receives and pays settlement. Admin only. The new one must approve this contract to pay.
    @dev Errors: "roles: not authorised", "market: zero address".
    @param treasury the new treasury.
    """
    roles._check(roles.ADMIN)
    self._set_treasury(treasury)


@external
def setBand(token: address, feed: address, bandBps: uint256):
    """
    @notice Bounds how far the price of a stock's quotes may be from what a price feed says, and shuts its market while the
            exchange does not trade or there is no price. Admin; or PAUSER, who may make a band narrower, at once.
    @dev Errors, in order: "market: unknown stock", "roles: not authorised", "market: bad band" (one without the other, over
         5000, or a feed of another role table), "market: would loosen".
    @param token the stock.
    @param feed its SharePriceFeed; zero for none.
    @param bandBps basis points of its price, either way; 0 for none.
    """
    refusals._demand(staticcall REGISTRY.tokenNumber(token) != 0, "market: unknown stock")
    market_price._set_band(token, feed, bandBps)


@external
def setPeg(asset: address, feed: address, bandBps: uint256, maxAge: uint256):
    """
    @notice Guards a stablecoin: quotes in it are refused unless somebody has poked and its feed said that it was worth a dollar,
            give or take. Nothing is good before the next poke. Admin; or PAUSER, who may make the band narrower and the age
            shorter, at once: a band of 0 is off its peg whatever the feed says.
    @dev Errors, in order: "roles: not authorised", "market: bad peg" (a band over 1000, an age over 604800, one without a
         feed, a feed without an age or without code), "market: would loosen".
    @param asset the ERC-20, listed or about to be.
    @param feed an AggregatorV3 of one coin in dollars; zero for no guard.
    @param bandBps basis points of a dollar, either way.
    @param maxAge seconds from an answer on in which it is good.
    """
    self._keep_peg(asset, market_peg._set_peg(asset, feed, bandBps, maxAge))


@external
def poke(asset: address) -> uint256:
    """
    @notice Asks the peg feed of a stablecoin and keeps until when quotes in it are taken: 0 where it is off its peg, its feed
            does not say, or it counts in other decimals than when it was listed. Anyone.
    @dev Errors, in order: "market: asset not listed", "market: no peg", "market: too little gas" (460000 at that point).
    @param asset the ERC-20.
    @return uint256 the last second (UTC) in which its peg is good, 0 for none.
    """
    word: uint256 = self._assets[asset]
    refusals._demand(word != 0, "market: asset not listed")
    # Before the feed: a caller that gives this call too little gas has too little for what follows.
    counts: uint256 = market_peg._decimals(asset)
    until: uint256 = market_peg._poke(asset, counts == ((word >> _UNIT_SHIFT) & _UNIT_MASK) + convert(CENT, uint256) - 1)
    self._keep_peg(asset, until)
    return until


@external
@view
def pegOf(asset: address) -> (address, uint256, uint256, uint256):
    """
    @notice (feed, bandBps, maxAge) as setPeg takes them, and the last second in which the peg is good; zeros without a guard.
    @param asset the ERC-20.
    @return address feed. @return uint256 bandBps. @return uint256 maxAge. @return uint256 until.
    """
    return market_peg._told(asset, self._assets[asset] >> _PEG_SHIFT)


@external
def pause():
    """
    @notice Refuses every quote from now on. PAUSER only; a second call changes nothing.
    @dev Errors: "roles: not authorised".
    """
    roles._check(roles.PAUSER)
    market_limits._each |= market_limits.PAUSED
    log IPrimaryMarket.Paused(account=msg.sender)


@external
def unpause():
    """
    @notice Takes quotes again. UNPAUSER only: whoever can stop the market is not who starts it.
    @dev Errors: "roles: not authorised".
    """
    roles._check(roles.UNPAUSER)
    market_limits._each &= ~market_limits.PAUSED
    log IPrimaryMarket.Unpaused(account=msg.sender)


@external
@view
def paused() -> bool:
    """
    @notice Whether every quote is refused.
    @return bool Whether it is.
    """
    return market_limits._each & market_limits.PAUSED != 0


@external
@view
def assetListed(asset: address) -> bool:
    """
    @notice Whether a stablecoin settles quotes.
    @param asset the ERC-20.
    @return bool Whether it does.
    """
    return self._assets[asset] != 0


@external
@view
def feeOf(settlement: uint256, feeBps: uint256) -> uint256:
    """
    @notice What a quote's fee comes to, rounded up: a mint pays it on top, a redemption is paid less by it. Minted and
            Redeemed tell it of every trade.
    @param settlement base units of the stablecoin.
    @param feeBps basis points.
    @return uint256 base units.
    """
    return self._fee(settlement, feeBps)


@external
@view
def maxMint(token: address, account: address, asset: address) -> uint256:
    """
    @notice The most base units of a stablecoin that one quote may let an account mint a stock for now: as much as every limit
            has room for, 0 while nothing is minted on quotes or the stock is paused or its mints suspended. Never reverts.
    @dev Whom the stock lets hold it, what backs it, what the account has and whether the fleet is halted are theirs to answer;
         a quote's own terms, and whether two keys sign it, its desk's.
    @param token the stock.
    @param account who would mint, whose investor's trades count together.
    @param asset the stablecoin.
    @return uint256 base units, without the fee; max_value where nothing limits them.
    """
    return self._most(token, account, asset, True)


@external
@view
def maxRedeem(token: address, account: address, asset: address) -> uint256:
    """
    @notice The same of a redemption, and no more than the treasury has and lets this contract take. Never reverts.
    @param token the stock.
    @param account who would redeem, whose investor's trades count together.
    @param asset the stablecoin.
    @return uint256 base units, before the fee.
    """
    most: uint256 = self._most(token, account, asset, False)
    if most == 0:
        return 0
    treasury: address = self.treasury
    most = min(most, self._number(asset, abi_encode(treasury, method_id=method_id("balanceOf(address)"))))
    asked: Bytes[68] = abi_encode(treasury, self, method_id=method_id("allowance(address,address)"))
    return min(most, self._number(asset, asked))


@internal
@view
def _most(token: address, account: address, asset: address, is_mint: bool) -> uint256:
    each: uint256 = market_limits._each
    word: uint256 = self._assets[asset]
    if each & market_limits.PAUSED != 0 or word == 0 or block.timestamp > word >> _PEG_SHIFT:
        return 0
    if staticcall REGISTRY.tokenNumber(token) == 0:
        return 0
    if self._number(token, method_id("paused()")) != 0:
        return 0
    if is_mint and self._number(token, method_id("mintsSuspended()")) != 0:
        return 0
    band: uint256 = market_price._terms[token]
    if band != 0 and not market_price._trades(token, band):
        return 0
    investor: uint256 = convert(staticcall REGISTRY.investorOf(account), uint256)
    if investor == 0:
        investor = convert(account, uint256)
    cents: uint256 = market_limits._room(token, investor, each & market_limits._CAPS_MASK, is_mint)
    if cents == max_value(uint256):
        return cents
    # No more than 2^47 cents of at most 10^34 base units.
    return cents * 10 ** (((word >> _UNIT_SHIFT) & _UNIT_MASK) - 1)


@internal
@view
def _number(asset: address, asked: Bytes[68]) -> uint256:
    """
    @dev What a stablecoin or a stock answers; 0 where it does not. Never reverts.
    """
    success: bool = False
    answer: Bytes[32] = b""
    success, answer = raw_call(asset, asked, max_outsize=32, is_static_call=True, revert_on_failure=False)
    return convert(answer, uint256) if success and len(answer) == 32 else 0


@internal
def _accept(
    quote: IPrimaryMarket.Quote,
    side: uint8,
    payer: address,
    signer: address,
    signature: Bytes[signatures.MAX_LENGTH],
    second: address,
    second_signature: Bytes[signatures.MAX_LENGTH],
) -> (uint256, address):
    """
    @dev Checks a quote and marks it used before anything is called that could call back; returns its fee and the treasury.
         Errors, in order:
         "market: paused", "market: wrong side", "market: not your quote", "market: quote expired",
         "market: asset not listed", "market: off peg", "market: unknown stock", "market: multiplier changed", "market: quote revoked"
         (with all of its epoch), "market: quote used" (or revoked alone), "market: not a quote signer",
         "market: bad signature", "market: no second signature", "market: fee over the cap", those of market_price._check where the stock has a band, those of market_limits._fill.
    """
    each: uint256 = market_limits._each
    if each & market_limits.PAUSED != 0:
        refusals._refuse("market: paused")
    if quote.side != side:
        refusals._refuse("market: wrong side")
    if msg.sender != quote.account and msg.sender != payer:
        refusals._refuse("market: not your quote")
    if block.timestamp >= quote.expiry:
        refusals._refuse("market: quote expired")
    asset: uint256 = self._assets[quote.stablecoin]
    if asset == 0:
        refusals._refuse("market: asset not listed")
    # Either way: a band counts a dollar of the coin as a dollar. Who leaves has the RequestVault, which asks nobody.
    if block.timestamp > asset >> _PEG_SHIFT:
        refusals._refuse("market: off peg")
    unit: uint256 = 10 ** (((asset >> _UNIT_SHIFT) & _UNIT_MASK) - 1)
    band: uint256 = market_price._terms[quote.token]
    # What has a band was a stock when it was given one, and a stock remains one.
    if band == 0 and staticcall REGISTRY.tokenNumber(quote.token) == 0:
        refusals._refuse("market: unknown stock")
    # A price made before a split or a dividend is not a price after it.
    if quote.generation != staticcall IStockToken(quote.token).multiplierGeneration():
        refusals._refuse("market: multiplier changed")
    if quote.epoch != market_quotes.quoteEpoch[signer]:
        refusals._refuse("market: quote revoked")
    market_quotes._use(signer, quote.nonce)
    digest: bytes32 = market_quotes._digest(quote, payer)
    if not roles._has(roles.QUOTE_SIGNER, signer):
        refusals._refuse("market: not a quote signer")
    if not signatures._is_valid(signer, digest, signature):
        refusals._refuse("market: bad signature")
    # A part of a cent counts as one.
    cents: uint256 = quote.settlement // unit
    if quote.settlement % unit != 0:
        cents += 1
    second_from: uint256 = (each >> market_limits._SECOND_SHIFT) & market_limits._U48
    # A settlement says what a trade is worth only where a price bounds it.
    if second_from != 0 and (band == 0 or cents >= second_from):
        countersigned: bytes32 = market_quotes._to_countersign(digest, quote.epoch, signer, second)
        if not (countersigned != empty(bytes32) and signatures._is_valid(second, countersigned, second_signature)):
            refusals._refuse("market: no second signature")
    if quote.fee > (each >> market_limits._FEE_SHIFT) & market_limits._U14:
        refusals._refuse("market: fee over the cap")
    if band != 0:
        market_price._check(quote.token, band, quote.amount, quote.settlement, unit)
    caps: uint256 = each & market_limits._CAPS_MASK
    investor: uint256 = 0
    if caps != 0:
        investor = convert(staticcall REGISTRY.investorOf(quote.account), uint256)
        if investor == 0:
            investor = convert(quote.account, uint256)
    market_limits._fill(quote.token, investor, caps, cents, side == MINT)
    return self._fee(quote.settlement, quote.fee), convert(asset & _TREASURY_MASK, address)


@internal
@pure
def _fee(settlement: uint256, bps: uint256) -> uint256:
    if bps == 0:
        return 0
    # By parts, so that no settlement is too large to be multiplied.
    part: uint256 = settlement % _BPS * bps
    return settlement // _BPS * bps + (part + _BPS - 1) // _BPS


@internal
def _keep_peg(asset: address, until: uint256):
    word: uint256 = self._assets[asset]
    if word != 0:
        self._assets[asset] = (word & (2**_PEG_SHIFT - 1)) | (until << _PEG_SHIFT)


@internal
def _set_treasury(treasury: address):
    refusals._demand(treasury != empty(address), "market: zero address")
    log IPrimaryMarket.TreasurySet(oldTreasury=self.treasury, newTreasury=treasury)
    self.treasury = treasury
    for asset: address in self._listed:
        kept: uint256 = self._assets[asset] & ~_TREASURY_MASK
        self._assets[asset] = kept | convert(treasury, uint256)
