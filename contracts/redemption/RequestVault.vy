# pragma version ==0.4.3
# pragma nonreentrancy off
# @license AGPL-3.0-only
"""
@title RequestVault
@custom:contract-name RequestVault
@license AGPL-3.0-only
@notice The way out of one stock into one stablecoin that never shuts: ERC-7540 redemption requests (requestId
        is always 0), called back as in ERC-7887 (draft), behind ERC-7575. A holder asks, its units wait here, the desk
        strikes a price and fills, and the holder fetches its money. Hours, windows, limits, minimums and an empty treasury refuse no
        request; a lapsed clearance neither refuses nor holds one. A block or a freeze of the account, a frozen part, a
        lock-up, a pause and a halt do.
        A vault may take requests in kind as well: then the custodian's receipt ends them, and no money.
        Who may call: holders and their operators; QUOTE_SIGNER strikes and fills; ATTESTOR delivers in kind; COMPLIANCE lets an owner name an
        account of another investor; ENFORCER hands units back by force; the WindUp (VAULT) hands all back once the stock's end
        is funded; the timelock (ADMIN) sets the terms; anyone stops the stock's mints while a request waits too long.
        How to stop it: the stock's pause, the fleet's halt. A strike is voided by PAUSER.
@dev What waits is the requester's: the stock's raw units stand here in its name and are worth what they were, across
     splits and reinvested dividends, until a fill burns them; a record before the strike of that fill is the requester's.
     Coins come in with the fill that owes them, so that no funded claim waits for anything. A controller that was recovered
     is its successor, and nobody else: the lost wallet and the operators that it had are heard no more.
@custom:kill The stock's pause; revoking VAULT from this contract in Roles, after which units leave it by ENFORCER alone.
@custom:security Its code is not upgradeable. All accounting is its own: units or coins that are sent here without a call
                 change nobody's claim. Every word is written before anything is called, and no function of this vault
                 can be entered while another runs.
"""

from ethereum.ercs import IERC20
from ethereum.ercs import IERC165

from ..interfaces import IPrimaryMarket
from ..interfaces import IRequestVault
from ..interfaces import IStockToken
from ..shared import keys
from ..shared import roles
from . import in_kind
from . import no_entry
from . import parties
from . import payments
from . import request_book
from . import strike_book
from . import suspension
from . import vault_terms

implements: IERC165
implements: IRequestVault

initializes: roles
initializes: keys
initializes: parties[roles := roles]
initializes: request_book
initializes: strike_book[keys := keys]
initializes: in_kind[roles := roles, request_book := request_book]
initializes: vault_terms[roles := roles, strike_book := strike_book]
initializes: suspension[parties := parties, request_book := request_book, vault_terms := vault_terms]

exports: (
    # who acts for whom
    parties.share,
    parties.setOperator,
    parties.isOperator,
    parties.approveAccount,
    parties.approvedAccount,
    parties.canRequest,
    # ERC-7540 and ERC-7887: what is where
    request_book.pendingRedeemRequest,
    request_book.claimableRedeemRequest,
    request_book.claimableCancelRedeemRequest,
    no_entry.pendingCancelRedeemRequest,
    request_book.claimableAssets,
    request_book.requestedAt,
    request_book.totalRequested,
    # ERC-4626 as ERC-7575 has it
    request_book.totalAssets,
    strike_book.convertToAssets,
    strike_book.convertToShares,
    no_entry.maxDeposit,
    no_entry.maxMint,
    no_entry.deposit,
    no_entry.mint,
    no_entry.previewDeposit,
    no_entry.previewMint,
    no_entry.previewRedeem,
    no_entry.previewWithdraw,
    # the shares themselves
    in_kind.inKind,
    in_kind.setInKind,
    in_kind.deliveryOf,
    # waiting too long
    suspension.suspend,
    suspension.resume,
    suspension.isOverdue,
    suspension.suspendedFor,
    # terms and prices
    vault_terms.minimum,
    vault_terms.patience,
    vault_terms.band,
    vault_terms.setTerms,
    vault_terms.setReference,
    strike_book.strikeOf,
    strike_book.reference,
    strike_book.referenceBefore,
    keys.keyUsed,
    roles.accessControl,
)


# @dev entries of one batch: 200 fills take 9 of a transaction's 16.8 million gas
MAX_BATCH: constant(uint256) = 200
# @dev ERC-165, ERC-7540 operator and asynchronous redemption, ERC-7575, ERC-7887 redeem
_INTERFACES: constant(bytes4[5]) = [0x01ffc9a7, 0xe3bc4e65, 0x620ee8e4, 0x2f0a18c5, 0xe76cffc7]

MARKET: immutable(IPrimaryMarket)
# @dev who made this code, and makes each vault that runs it
FACTORY: immutable(address)

# @notice the stablecoin that it pays in
asset: public(address)


@deploy
def __init__(access_control: address, registry: address, market: address):
    """
    @notice The code of every vault, made by the factory; it is nobody's vault itself.
    @param access_control the role table.
    @param registry the ComplianceRegistry.
    @param market the PrimaryMarket, whose treasury pays.
    """
    roles.__init__(access_control)
    parties.__init__(registry)
    MARKET = IPrimaryMarket(market)
    FACTORY = msg.sender


@external
def initialize(
    token: address, asset: address, minimum: uint256, patience: uint256, band: uint256, reference: uint256
):
    """
    @notice Makes a new proxy the vault of a stock and a stablecoin. The factory only, once, in the transaction that
            creates it.
    @dev Errors: "vault: not the factory", "vault: initialised", "vault: bad terms", "vault: bad price".
    """
    assert msg.sender == FACTORY, "vault: not the factory"
    assert parties.share == empty(address), "vault: initialised"
    parties.share = token
    self.asset = asset
    vault_terms._set(minimum, patience, band)
    strike_book._set_reference(reference)


# --- asking ----------------------------------------------------------------------------------------------------------


@external
@nonreentrant
def requestRedeem(shares: uint256, controller: address, owner: address) -> uint256:
    """
    @notice Takes `shares` raw units of `owner` in, to be redeemed for `controller`. The owner, or its operator; an allowance
            of the stock is not looked at. A later request begins the wait anew.
    @dev Errors, in order: "vault: not the owner", "vault: other investor" (the controller belongs to another
         investor), "vault: other kind waits" (it asked in kind), "vault: too much", the stock's (escrow).
    @param shares raw units.
    @param controller who may call them back and fetch the money: an account of the owner's investor, or one that compliance
           approved for the owner and that has made the owner its operator.
    @param owner whose units; its clearance may have lapsed.
    @return 0, the id of every request.
    """
    self._ask(shares, controller, owner, False)
    return 0


@external
@nonreentrant
def requestInKind(shares: uint256, controller: address, owner: address, delivery: bytes32) -> uint256:
    """
    @notice Asks for the shares themselves: the units wait, and are burnt on the custodian's receipt. Otherwise as requestRedeem.
    @dev Errors: "vault: not in kind", "vault: no delivery", those of requestRedeem.
    @param shares raw units.
    @param controller who may call them back.
    @param owner whose units.
    @param delivery hash of the document by which the custodian is to deliver all that waits, not 0.
    @return 0, the id of every request.
    """
    in_kind._order(controller, delivery)
    self._ask(shares, controller, owner, True)
    log IRequestVault.InKindRequest(controller=controller, delivery=delivery, shares=shares)
    return 0


@external
@nonreentrant
def cancelRedeemRequest(requestId: uint256, controller: address):
    """
    @notice Calls back all that waits: from here on it is filled no more, and claimCancelRedeemRequest hands it out. The
            controller or its operator, at any time before the fill; in a pause and a halt too, since nothing moves.
    @dev Errors: "vault: bad request id", "vault: no successor", "vault: not the controller", "vault: nothing waits".
    @param requestId 0.
    @param controller whose request.
    """
    assert requestId == 0, "vault: bad request id"
    parties._heard(controller)
    assert request_book._cancel(controller) != 0, "vault: nothing waits"
    log IRequestVault.CancelRedeemRequest(controller=controller, requestId=0, sender=msg.sender)
    suspension._end()


@external
@nonreentrant
def claimCancelRedeemRequest(requestId: uint256, receiver: address, controller: address):
    """
    @notice Hands out the units that were called back. The controller or its operator; a lapsed clearance does not matter.
    @dev Errors, in order: "vault: bad request id", "vault: no successor", "vault: not the controller",
         "vault: other investor" (the receiver), "vault: held", "vault: nothing was cancelled", the stock's (release).
    @param requestId 0.
    @param receiver an account of the controller's investor, or one that compliance approved.
    @param controller whose request.
    """
    assert requestId == 0, "vault: bad request id"
    parties._check_receiver(controller, receiver)
    shares: uint256 = request_book._fetch(controller)
    assert shares != 0, "vault: nothing was cancelled"
    extcall IStockToken(parties.share).release(receiver, shares, False)
    log IRequestVault.CancelRedeemClaim(
        controller=controller, receiver=receiver, requestId=0, sender=msg.sender, shares=shares
    )


# --- the desk --------------------------------------------------------------------------------------------------------


@external
def strike(key: bytes32, price: uint256, expiry: uint256):
    """
    @notice Strikes the price at which requests of before this second may be filled until `expiry`. QUOTE_SIGNER only.
    @dev Errors, in order: "roles: not authorised", "keys: empty", "keys: used", "vault: bad price", "vault: bad expiry",
         "vault: price outside band".
    @param key names the strike, once.
    @param price base units of the stablecoin for 10**18 raw units.
    @param expiry UTC seconds, at most a day ahead.
    """
    roles._check(roles.QUOTE_SIGNER)
    generation: uint256 = staticcall IStockToken(parties.share).multiplierGeneration()
    strike_book._strike(key, price, expiry, generation, vault_terms.band)


@external
def voidStrike(key: bytes32):
    """
    @notice Lets a strike serve no more. QUOTE_SIGNER and PAUSER.
    @dev Errors: "roles: not authorised", "vault: no strike".
    @param key the strike's.
    """
    if not roles._has(roles.PAUSER, msg.sender):
        roles._check(roles.QUOTE_SIGNER)
    strike_book._void(key)


@external
@nonreentrant
def fill(key: bytes32, controllers: DynArray[address, MAX_BATCH]) -> uint256:
    """
    @notice Fills the whole request of each controller at a strike: burns the units and brings the money in from the treasury.
            QUOTE_SIGNER only. One that is blocked or frozen, asked after the strike or in kind or has nothing waiting is
            passed over, so that a batch may be sent again.
    @dev Errors, in order: "roles: not authorised", "vault: no strike", "vault: strike expired", "vault: multiplier changed",
         "vault: too much", the stock's (retire), the stablecoin's, "vault: payment failed", "vault: payment short". The
         treasury has approved this vault.
    @param key the strike's.
    @param controllers whose requests.
    @return raw units burnt.
    """
    roles._check(roles.QUOTE_SIGNER)
    price: uint256 = 0
    at: uint256 = 0
    expiry: uint256 = 0
    generation: uint256 = 0
    price, at, expiry, generation = strike_book._strike_of(key)
    assert price != 0, "vault: no strike"
    assert block.timestamp < expiry, "vault: strike expired"
    token: IStockToken = IStockToken(parties.share)
    assert staticcall token.multiplierGeneration() == generation, "vault: multiplier changed"
    burnt: uint256 = 0
    due: uint256 = 0
    for controller: address in controllers:
        shares: uint256 = 0
        since: uint256 = 0
        shares, since = request_book._pending(controller)
        # Whoever asks in the strike's own second may have seen it.
        if shares == 0 or since >= at or request_book._is_in_kind(controller) or not parties._heir(controller)[1]:
            log IRequestVault.Skipped(controller=controller, strike=key)
            continue
        assets: uint256 = shares * price // strike_book.UNIT
        request_book._fill(controller, shares, assets)
        burnt += shares
        due += assets
        log IRequestVault.Filled(controller=controller, strike=key, shares=shares, assets=assets)
    if burnt == 0:
        return 0
    request_book._settle(burnt, due)
    extcall token.retire(burnt)
    if due != 0:
        payments._collect(self.asset, staticcall MARKET.treasury(), due)
    suspension._end()
    return burnt


@external
@nonreentrant
def deliverInKind(controller: address, shares: uint256, delivery: bytes32, receipt: bytes32, key: bytes32):
    """
    @notice Burns all that a controller asked for in kind, whose shares the custodian keeps for it from now on, as its receipt
            says. ATTESTOR only, who speaks for the custodian.
    @dev Errors, in order: "roles: not authorised", "vault: no receipt", "keys: empty", "keys: used", "vault: other delivery"
         (another document, or none in kind), "vault: other amount" (more was asked for since, or it was called back), "vault: held",
         the stock's (retire).
    @param controller whose request.
    @param shares raw units that the receipt is for: all that wait.
    @param delivery hash of the document by which they are delivered.
    @param receipt hash of the custodian's receipt, not 0.
    @param key serves once.
    """
    roles._check(roles.ATTESTOR)
    assert receipt != empty(bytes32), "vault: no receipt"
    keys._consume(key)
    assert delivery != empty(bytes32) and delivery == in_kind._delivery_of(controller), "vault: other delivery"
    assert shares != 0 and shares == request_book._pending(controller)[0], "vault: other amount"
    assert parties._heir(controller)[1], "vault: held"
    request_book._retire(controller, shares)
    extcall IStockToken(parties.share).retire(shares)
    log IRequestVault.DeliveredInKind(controller=controller, delivery=delivery, receipt=receipt, shares=shares)
    suspension._end()


# --- fetching the money ----------------------------------------------------------------------------------------------


@external
@nonreentrant
def redeem(shares: uint256, receiver: address, controller: address) -> uint256:
    """
    @notice Pays what `shares` of the controller's filled units came to. The controller or its operator. A pause and a halt of
            the stock do not hold it.
    @dev Errors, in order: "vault: no successor", "vault: not the controller", "vault: other investor",
         "vault: held", "vault: more than claimable", "vault: coin refused" (nothing is lost: name another receiver),
         "vault: payment short".
    @param shares raw units that were filled.
    @param receiver an account of the controller's investor, or one that compliance approved.
    @param controller whose claim.
    @return base units of the stablecoin.
    """
    parties._check_receiver(controller, receiver)
    claim: uint256 = request_book._claims[controller]
    filled: uint256 = claim & request_book.U128
    due: uint256 = claim >> request_book.HIGH
    assert shares != 0 and shares <= filled, "vault: more than claimable"
    # The last unit takes what rounding left.
    assets: uint256 = due if shares == filled else due * shares // filled
    self._pay_out(controller, receiver, filled, due, shares, assets)
    return assets


@external
@nonreentrant
def withdraw(assets: uint256, receiver: address, controller: address) -> uint256:
    """
    @notice Pays `assets` of what the controller's filled units came to. Otherwise as redeem.
    @dev Errors: as redeem.
    @return raw units that it stands for, rounded up.
    """
    parties._check_receiver(controller, receiver)
    filled: uint256 = 0
    due: uint256 = 0
    filled, due = request_book._claimable(controller)
    assert assets != 0 and assets <= due, "vault: more than claimable"
    shares: uint256 = filled if assets == due else (filled * assets + due - 1) // due
    self._pay_out(controller, receiver, filled, due, shares, assets)
    return shares


@external
@nonreentrant
def claimAll(controllers: DynArray[address, MAX_BATCH]) -> uint256:
    """
    @notice Pays each controller its whole claim, to itself or to its successor: a keeper's batch. Their operator, or they.
            One that is not the caller's, is blocked or frozen, whom the stablecoin refuses, or that does not let itself be paid
            whole with 300000 gas, keeps its claim.
    @dev Error: "vault: too little gas" (340000 before each payment).
    @param controllers whose claims.
    @return how many were paid.
    """
    paid: uint256 = 0
    for controller: address in controllers:
        filled: uint256 = 0
        due: uint256 = 0
        filled, due = request_book._claimable(controller)
        heir: address = empty(address)
        free: bool = False
        heir, free = parties._heir(controller)
        if filled | due == 0 or not free or not parties._acts_for(heir):
            continue
        if payments._alone(abi_encode(controller, heir, method_id=method_id("payAlone(address,address)"))):
            paid += 1
            log IRequestVault.Withdraw(
                sender=msg.sender, receiver=heir, owner=controller, assets=due, shares=filled
            )
        else:
            log IRequestVault.Parked(controller=controller, payee=heir, assets=due)
    return paid


@external
def payAlone(controller: address, heir: address):
    """
    @notice Pays a whole claim of a batch, so that what goes wrong with it is undone alone. This vault only, within claimAll.
    @dev Errors: "vault: not the vault", "vault: coin refused", "vault: payment short".
    """
    assert msg.sender == self, "vault: not the vault"
    filled: uint256 = 0
    due: uint256 = 0
    filled, due = request_book._claimable(controller)
    request_book._pay(controller, filled, due, filled, due)
    assert payments._send(self.asset, heir, due), "vault: coin refused"


# --- officers --------------------------------------------------------------------------------------------------------


@external
@nonreentrant
def returnUnits(controller: address, reason: uint16, document: bytes32, key: bytes32):
    """
    @notice Hands the controller's units back by force, what waits and what was called back, so that a seizure or a recovery
            finds them. ENFORCER only; whatever the state of the account, the stock or the fleet.
    @dev Errors, in order: "roles: not authorised", "case: reason and document", "keys: empty", "keys: used",
         "vault: nothing waits". They go to the controller's successor, or to the controller where it has none.
    @param controller whose units.
    @param reason the issuer's reason code, not 0.
    @param document hash of the order, not 0.
    @param key serves once.
    """
    roles._check(roles.ENFORCER)
    assert reason != 0 and document != empty(bytes32), "case: reason and document"
    keys._consume(key)
    request_book._cancel(controller)
    shares: uint256 = request_book._fetch(controller)
    assert shares != 0, "vault: nothing waits"
    to: address = staticcall parties.REGISTRY.successorOf(controller)
    if to == empty(address):
        to = controller
    extcall IStockToken(parties.share).release(to, shares, True)
    log IRequestVault.Returned(controller=controller, to=to, shares=shares, reason=reason, document=document)
    suspension._end()


@external
@nonreentrant
def handBack(controllers: DynArray[address, MAX_BATCH], by: address) -> uint256:
    """
    @notice Hands each controller, or its successor, what waits and what was called back, so that the stock's end pays it as any
            other. VAULT only: the WindUp, once that end is funded. Of a contract it is only called back, for it to fetch. Whoever
            a block or a freeze holds, or has nothing here, is passed over, so that a batch may be sent again.
    @dev Errors: "roles: not authorised", the stock's (release: while it is paused or halted).
    @param controllers whose requests.
    @param by who asks for it: ACTIONS has requests in kind handed back, too, of which the custodian may have delivered some.
    @return for how many something moved.
    """
    roles._check(roles.VAULT)
    every: bool = roles._has(roles.ACTIONS, by)
    count: uint256 = 0
    for controller: address in controllers:
        heir: address = empty(address)
        free: bool = False
        heir, free = parties._heir(controller)
        if not free:
            continue
        moved: uint256 = 0
        if every or not request_book._is_in_kind(controller):
            moved = request_book._cancel(controller)
        if moved != 0:
            log IRequestVault.CancelRedeemRequest(controller=controller, requestId=0, sender=by)
        if not heir.is_contract:
            moved = request_book._fetch(controller)
            if moved != 0:
                extcall IStockToken(parties.share).release(heir, moved, False)
                log IRequestVault.CancelRedeemClaim(
                    controller=controller, receiver=heir, requestId=0, sender=by, shares=moved
                )
        if moved != 0:
            count += 1
    suspension._end()
    return count


@external
@nonreentrant
def skim() -> uint256:
    """
    @notice Sends the treasury the coins that nobody's claim stands for: sent here by mistake. Anyone.
    @dev Errors: "vault: coin refused", "vault: payment short".
    @return base units.
    """
    held: uint256 = staticcall IERC20(self.asset).balanceOf(self)
    # A stablecoin that takes from accounts at will may have left less than is owed.
    stray: uint256 = held - min(held, request_book._owed())
    treasury: address = staticcall MARKET.treasury()
    assert payments._send(self.asset, treasury, stray), "vault: coin refused"
    log IRequestVault.Skimmed(treasury=treasury, assets=stray)
    return stray


# --- what would be taken, and what would be paid ---------------------------------------------------------------------


@external
@view
def canClaim(controller: address) -> bool:
    """
    @notice Whether the controller has a claim that neither a block nor a freeze holds. Never reverts.
    """
    filled: uint256 = 0
    due: uint256 = 0
    filled, due = request_book._claimable(controller)
    return filled | due != 0 and parties._is_free(controller)


@external
@view
def maxRedeem(controller: address) -> uint256:
    """
    @notice Raw units that redeem takes now; 0 while a block or a freeze holds them. Never reverts.
    """
    return request_book._claimable(controller)[0] if parties._is_free(controller) else 0


@external
@view
def maxWithdraw(controller: address) -> uint256:
    """
    @notice Base units that withdraw takes now; 0 while a block or a freeze holds them. Never reverts.
    """
    return request_book._claimable(controller)[1] if parties._is_free(controller) else 0


@external
@view
def supportsInterface(interface_id: bytes4) -> bool:
    """
    @notice ERC-165. Not 0xce3bbe50: nobody enters here.
    """
    return interface_id in _INTERFACES


@internal
def _ask(shares: uint256, controller: address, owner: address, kind: bool):
    """
    @dev Errors: as requestRedeem.
    """
    assert owner == msg.sender or parties.isOperator[owner][msg.sender], "vault: not the owner"
    if controller != owner:
        # Without the controller's word, whoever is approved could begin its wait anew for ever.
        joined: bool = parties.approvedAccount[owner][controller] and parties.isOperator[controller][owner]
        assert joined or parties._is_kin(owner, controller), "vault: other investor"
    request_book._add(controller, shares, kind)
    extcall IStockToken(parties.share).escrow(owner, shares)
    log IRequestVault.RedeemRequest(
        controller=controller, owner=owner, requestId=0, sender=msg.sender, shares=shares
    )


# --- money -----------------------------------------------------------------------------------------------------------


@internal
def _pay_out(
    controller: address, receiver: address, filled: uint256, due: uint256, shares: uint256, assets: uint256
):
    request_book._pay(controller, filled, due, shares, assets)
    assert payments._send(self.asset, receiver, assets), "vault: coin refused"
    log IRequestVault.Withdraw(
        sender=msg.sender, receiver=receiver, owner=controller, assets=assets, shares=shares
    )
