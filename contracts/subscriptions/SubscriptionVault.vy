# pragma version ==0.4.3
# pragma nonreentrancy off
# @license AGPL-3.0-only
"""
@title SubscriptionVault
@custom:contract-name SubscriptionVault
@license AGPL-3.0-only
@notice The queue into one stock for one stablecoin: ERC-7540 deposit requests (requestId is always 0), called back as in
        ERC-7887 (draft), behind ERC-7575. An investor pays in, its coins wait here, the desk strikes a price and fills: units
        are made by the stock's own mint, which asks the reserve, the coins go to the treasury, in one transaction or not
        at all, and the investor fetches its units. Until the fill all of it is called back in full, at any time.
        Who may call: investors and their operators; QUOTE_SIGNER strikes, fills and sends back; COMPLIANCE lets an owner
        name an account of another investor; ENFORCER hands units over by force; PAUSER closes, UNPAUSER opens; the
        timelock (ADMIN) sets the terms; anyone sends back what waits too long; the WindUp (VAULT) hands all back once the
        stock's end is funded.
        How to stop it: close for requests; the stock's pause, the fleet's halt for fills and units. A strike is voided by
        PAUSER. Nothing but a block or a freeze keeps a refund.
@dev Where a RequestVault keeps units that wait and pays coins, this one keeps coins that wait and hands out units: the
     same book, the same prices, the same parties. A unit is never made but for coins that are here and that the treasury
     receives in the same call.
@custom:kill Revoking MINTER from this contract in Roles: no unit is made here again; what was filled is fetched and what
             waits is called back as before. Without VAULT filled units leave by ENFORCER's forcedTransfer alone.
@custom:security Its code is not upgradeable. It holds MINTER and VAULT, and calls of what they allow `mint` to itself, `deliver`
                 and `release`, never `burn` nor `escrow`. All accounting is its own: units or coins that are sent here
                 without a call change nobody's claim. Every word is written before anything is called, and no function of
                 this vault can be entered while another runs.
"""

from ethereum.ercs import IERC20
from ethereum.ercs import IERC165

from ..interfaces import IPrimaryMarket
from ..interfaces import IRequestVault
from ..interfaces import IStockToken
from ..interfaces import ISubscriptionVault
from ..redemption import parties
from ..redemption import payments
from ..redemption import request_book
from ..redemption import strike_book
from ..redemption import vault_terms
from ..shared import keys
from ..shared import roles
from . import deposit_limits
from . import deposit_views
from . import entry_gate
from . import no_exit

implements: IERC165

initializes: roles
initializes: keys
initializes: parties[roles := roles]
initializes: request_book
initializes: strike_book[keys := keys]
initializes: vault_terms[roles := roles, strike_book := strike_book]
initializes: entry_gate[roles := roles]
initializes: deposit_views[request_book := request_book]
initializes: deposit_limits[parties := parties, request_book := request_book]

exports: (
    # who acts for whom
    parties.share,
    parties.setOperator,
    parties.isOperator,
    parties.approveAccount,
    parties.approvedAccount,
    # whether it takes requests
    entry_gate.closed,
    entry_gate.close,
    entry_gate.open,
    # ERC-7540 and ERC-7887: what is where
    deposit_views.pendingDepositRequest,
    deposit_views.claimableDepositRequest,
    deposit_views.claimableCancelDepositRequest,
    deposit_views.claimableShares,
    deposit_views.totalClaimable,
    no_exit.pendingCancelDepositRequest,
    request_book.requestedAt,
    request_book.totalRequested,
    # ERC-4626 as ERC-7575 has it
    no_exit.totalAssets,
    deposit_limits.maxDeposit,
    deposit_limits.maxMint,
    strike_book.convertToAssets,
    strike_book.convertToShares,
    no_exit.maxRedeem,
    no_exit.maxWithdraw,
    no_exit.redeem,
    no_exit.withdraw,
    no_exit.previewRedeem,
    no_exit.previewWithdraw,
    no_exit.previewDeposit,
    no_exit.previewMint,
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


# @dev entries of one batch
MAX_BATCH: constant(uint256) = 200
# @dev ERC-165, ERC-7540 operator and asynchronous deposit, ERC-7575, ERC-7887 deposit
_INTERFACES: constant(bytes4[5]) = [0x01ffc9a7, 0xe3bc4e65, 0xce3bbe50, 0x2f0a18c5, 0x8bf840e3]

MARKET: immutable(IPrimaryMarket)
# @dev who made this code, and makes each vault that runs it
FACTORY: immutable(address)

# @notice the stablecoin that it takes
asset: public(address)


@deploy
def __init__(access_control: address, registry: address, market: address):
    """
    @notice The code of every vault, made by the factory; it is nobody's vault itself.
    @param access_control the role table.
    @param registry the ComplianceRegistry.
    @param market the PrimaryMarket, whose treasury is paid.
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
def requestDeposit(assets: uint256, controller: address, owner: address) -> uint256:
    """
    @notice Takes `assets` base units of the stablecoin from `owner`, to be invested for `controller`. The owner, which has
            approved this vault, or its operator. A later request begins the wait anew.
    @dev Errors, in order: "vault: not the owner", "vault: other investor" (the controller belongs to another investor),
         "vault: closed", "token: mints ended" (the stock's end has come), "vault: below minimum", "vault: not cleared" (either may not hold the stock now), "vault: too much",
         the stablecoin's, "vault: payment failed", "vault: payment short".
    @param assets base units.
    @param controller who may call them back and fetch the units: an account of the owner's investor, or one that
           compliance approved for the owner and that has made the owner its operator.
    @param owner whose money.
    @return 0, the id of every request.
    """
    assert owner == msg.sender or parties.isOperator[owner][msg.sender], "vault: not the owner"
    token: IStockToken = IStockToken(parties.share)
    cleared: bool = staticcall token.canReceive(controller)
    if controller != owner:
        joined: bool = parties.approvedAccount[owner][controller] and parties.isOperator[controller][owner]
        assert joined or parties._is_kin(owner, controller), "vault: other investor"
        cleared = cleared and staticcall token.canReceive(owner)
    assert not entry_gate.closed, "vault: closed"
    end: uint256 = staticcall token.mintsEnd()
    assert end == 0 or block.timestamp < end, "token: mints ended"
    assert assets >= vault_terms.minimum, "vault: below minimum"
    assert cleared, "vault: not cleared"
    request_book._add(controller, assets)
    if staticcall parties.REGISTRY.investorOf(controller) == 0:
        # The stock gets to know it: of an address that it never met a sanctions oracle that falls silent would hold the refund.
        extcall token.release(controller, 0, True)
    payments._collect(self.asset, owner, assets)
    log ISubscriptionVault.DepositRequest(controller=controller, owner=owner, requestId=0, sender=msg.sender, assets=assets)
    return 0


@external
@nonreentrant
def cancelDepositRequest(requestId: uint256, controller: address):
    """
    @notice Calls back all that waits: from here on it is filled no more, and claimCancelDepositRequest pays it out. The
            controller or its operator, at any time before the fill, whatever the state of account, stock and fleet.
    @dev Errors: "vault: bad request id", "vault: no successor", "vault: not the controller", "vault: nothing waits".
    @param requestId 0.
    @param controller whose request.
    """
    assert requestId == 0, "vault: bad request id"
    parties._heard(controller)
    assert request_book._cancel(controller) != 0, "vault: nothing waits"
    log ISubscriptionVault.CancelDepositRequest(controller=controller, requestId=0, sender=msg.sender)


@external
@nonreentrant
def claimCancelDepositRequest(requestId: uint256, receiver: address, controller: address):
    """
    @notice Pays out in full what was called back. The controller or its operator; a lapsed clearance, a pause and a halt do
            not matter.
    @dev Errors, in order: "vault: bad request id", "vault: no successor", "vault: not the controller",
         "vault: other investor" (the receiver), "vault: held", "vault: nothing was cancelled", "vault: coin refused" (nothing
         is lost: name another receiver), "vault: payment short".
    @param requestId 0.
    @param receiver an account of the controller's investor, or one that compliance approved.
    @param controller whose request.
    """
    assert requestId == 0, "vault: bad request id"
    parties._check_receiver(controller, receiver)
    assets: uint256 = request_book._fetch(controller)
    assert assets != 0, "vault: nothing was cancelled"
    assert payments._send(self.asset, receiver, assets), "vault: coin refused"
    log ISubscriptionVault.CancelDepositClaim(
        controller=controller, receiver=receiver, requestId=0, sender=msg.sender, assets=assets
    )


@external
@nonreentrant
def sendBack(controllers: DynArray[address, MAX_BATCH]) -> uint256:
    """
    @notice Calls back for each controller what waits, so that it can be fetched: QUOTE_SIGNER, who declines it, at any time;
            anyone what has waited for the patience. Of others it is passed over. Nothing moves.
    @param controllers whose requests.
    @return how many were called back.
    """
    declines: bool = roles._has(roles.QUOTE_SIGNER, msg.sender)
    done: uint256 = 0
    for controller: address in controllers:
        assets: uint256 = 0
        since: uint256 = 0
        assets, since = request_book._pending(controller)
        if assets == 0 or not (declines or block.timestamp >= since + vault_terms.patience):
            continue
        request_book._cancel(controller)
        done += 1
        log ISubscriptionVault.CancelDepositRequest(controller=controller, requestId=0, sender=msg.sender)
    return done


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
    @notice Lets a strike serve no more. QUOTE_SIGNER and PAUSER. Errors: "roles: not authorised", "vault: no strike".
    """
    if not roles._has(roles.PAUSER, msg.sender):
        roles._check(roles.QUOTE_SIGNER)
    strike_book._void(key)


@external
@nonreentrant
def fill(key: bytes32, controllers: DynArray[address, MAX_BATCH]) -> uint256:
    """
    @notice Fills the whole request of each controller at a strike: makes the units and pays the treasury. QUOTE_SIGNER only.
            One that is not cleared, asked after the strike, has nothing waiting or too little for one unit is passed over, so
            that a batch may be sent again.
    @dev Errors, in order: "roles: not authorised", "vault: no strike", "vault: strike expired", "vault: multiplier changed",
         "vault: too much", the stock's (mint) and the reserve's, "vault: coin refused" (by the treasury), "vault: payment short".
    @param key the strike's.
    @param controllers whose requests.
    @return raw units made.
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
    made: uint256 = 0
    spent: uint256 = 0
    for controller: address in controllers:
        assets: uint256 = 0
        since: uint256 = 0
        assets, since = request_book._pending(controller)
        # Rounded against the subscriber.
        shares: uint256 = assets * strike_book.UNIT // price
        # Whoever asks in the strike's own second may have seen it.
        if shares == 0 or since >= at or not self._is_cleared(token, controller):
            log IRequestVault.Skipped(controller=controller, strike=key)
            continue
        request_book._fill(controller, assets, shares)
        made += shares
        spent += assets
        log ISubscriptionVault.Subscribed(controller=controller, strike=key, assets=assets, shares=shares)
    if made == 0:
        return 0
    request_book._settle(spent, made)
    extcall token.mint(self, made)
    coin: IERC20 = IERC20(self.asset)
    treasury: address = staticcall MARKET.treasury()
    before: uint256 = staticcall coin.balanceOf(treasury)
    assert payments._send(coin.address, treasury, spent), "vault: coin refused"
    assert staticcall coin.balanceOf(treasury) >= before + spent, "vault: payment short"
    return made


# --- fetching the units ----------------------------------------------------------------------------------------------


@external
@nonreentrant
def deposit(assets: uint256, receiver: address, controller: address = msg.sender) -> uint256:
    """
    @notice Hands out the units that `assets` of the controller's filled coins came to. The controller or its operator.
    @dev Errors, in order: "vault: no successor", "vault: not the controller", "vault: other investor", "vault: held",
         "vault: more than claimable", the stock's (deliver: the receiver must be cleared).
    @param assets base units that were filled.
    @param receiver an account of the controller's investor, or one that compliance approved.
    @param controller whose claim; the caller by default.
    @return raw units.
    """
    parties._check_receiver(controller, receiver)
    filled: uint256 = 0
    due: uint256 = 0
    filled, due = request_book._claimable(controller)
    assert assets != 0 and assets <= filled, "vault: more than claimable"
    # The last coin takes what rounding left.
    shares: uint256 = due if assets == filled else due * assets // filled
    self._hand_out(controller, receiver, filled, due, assets, shares)
    return shares


@external
@nonreentrant
def mint(shares: uint256, receiver: address, controller: address = msg.sender) -> uint256:
    """
    @notice Hands out `shares` of the controller's units. Otherwise as deposit.
    @dev Errors: as deposit.
    @return base units that they stand for, rounded up.
    """
    parties._check_receiver(controller, receiver)
    filled: uint256 = 0
    due: uint256 = 0
    filled, due = request_book._claimable(controller)
    assert shares != 0 and shares <= due, "vault: more than claimable"
    assets: uint256 = filled if shares == due else (filled * shares + due - 1) // due
    self._hand_out(controller, receiver, filled, due, assets, shares)
    return assets


@external
@nonreentrant
def claimAll(controllers: DynArray[address, MAX_BATCH]) -> uint256:
    """
    @notice Hands each controller all its units and pays it all that was called back, to itself or to its successor: a keeper's
            batch. Their operator, or they. One that is not the caller's, is blocked or frozen, whose units the stock or
            whose money the stablecoin refuses, or that does not let itself be paid whole with 300000 gas, keeps it.
    @dev Error: "vault: too little gas" (340000 before each payment).
    @param controllers whose claims.
    @return how many got something.
    """
    served: uint256 = 0
    for controller: address in controllers:
        heir: address = empty(address)
        free: bool = False
        heir, free = parties._heir(controller)
        if not free or not parties._acts_for(heir):
            continue
        units: bool = self._try_units(controller, heir)
        money: bool = self._try_refund(controller, heir)
        if units or money:
            served += 1
    return served


@external
def refundAlone(controller: address, heir: address):
    """
    @notice Pays all that was called back, so that what goes wrong with it is undone alone. This vault only, within claimAll.
    @dev Errors: "vault: not the vault", "vault: coin refused", "vault: payment short".
    @param controller whose request.
    @param heir whom it is paid to.
    """
    assert msg.sender == self, "vault: not the vault"
    assert payments._send(self.asset, heir, request_book._fetch(controller)), "vault: coin refused"


# --- officers --------------------------------------------------------------------------------------------------------


@external
@nonreentrant
def returnUnits(controller: address, reason: uint16, document: bytes32, key: bytes32):
    """
    @notice Hands the controller its filled units by force, so that a seizure or a recovery finds them. ENFORCER only;
            whatever the state of the account, the stock or the fleet. Coins that wait are in nobody's power.
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
    filled: uint256 = 0
    due: uint256 = 0
    filled, due = request_book._claimable(controller)
    assert due != 0, "vault: nothing waits"
    to: address = staticcall parties.REGISTRY.successorOf(controller)
    if to == empty(address):
        to = controller
    request_book._pay(controller, filled, due, filled, due)
    extcall IStockToken(parties.share).release(to, due, True)
    log IRequestVault.Returned(controller=controller, to=to, shares=due, reason=reason, document=document)


@external
@nonreentrant
def handBack(controllers: DynArray[address, MAX_BATCH], by: address) -> uint256:
    """
    @notice Hands each controller, or its successor, the units that it has not fetched, so that the stock's end pays them as any
            other, and pays it the coins that wait, for which nobody can make a unit any more. VAULT only: the WindUp, once that end
            is funded. A contract fetches both itself; its coins are called back. Whoever a block or a freeze holds, or has
            nothing here, is passed over; whom the stablecoin refuses keeps its coins here, called back.
    @dev Errors: "roles: not authorised", the stock's (release: while it is paused or halted), "vault: too little gas".
    @param controllers whose requests.
    @param by who asks for it.
    @return for how many something moved.
    """
    roles._check(roles.VAULT)
    count: uint256 = 0
    for controller: address in controllers:
        heir: address = empty(address)
        free: bool = False
        heir, free = parties._heir(controller)
        if not free:
            continue
        moved: bool = request_book._cancel(controller) != 0
        if moved:
            log ISubscriptionVault.CancelDepositRequest(controller=controller, requestId=0, sender=by)
        if not heir.is_contract:
            filled: uint256 = 0
            due: uint256 = 0
            filled, due = request_book._claimable(controller)
            if due != 0:
                request_book._pay(controller, filled, due, filled, due)
                extcall IStockToken(parties.share).release(heir, due, False)
                log ISubscriptionVault.Deposit(sender=controller, owner=heir, assets=filled, shares=due)
            paid: bool = self._try_refund(controller, heir)
            moved = moved or paid or due != 0
        if moved:
            count += 1
    return count


@external
@nonreentrant
def skim() -> uint256:
    """
    @notice Sends the treasury the coins that wait for nobody: sent here by mistake. Anyone.
    @dev Errors: "vault: coin refused", "vault: payment short".
    @return base units.
    """
    held: uint256 = staticcall IERC20(self.asset).balanceOf(self)
    # A stablecoin that takes from accounts at will may have left less than waits.
    stray: uint256 = held - min(held, request_book._escrowed())
    treasury: address = staticcall MARKET.treasury()
    assert payments._send(self.asset, treasury, stray), "vault: coin refused"
    log IRequestVault.Skimmed(treasury=treasury, assets=stray)
    return stray


# --- questions --------------------------------------------------------------------------------------------------------


@external
@view
def supportsInterface(interface_id: bytes4) -> bool:
    """
    @notice ERC-165. Not 0x620ee8e4: nobody leaves here.
    """
    return interface_id in _INTERFACES


@internal
@view
def _is_cleared(token: IStockToken, controller: address) -> bool:
    """
    @dev Whether units may be made for a controller: it, or its last successor, may hold the stock now.
    """
    if staticcall token.canReceive(controller):
        return True
    heir: address = staticcall parties.REGISTRY.successorOf(controller)
    return heir != controller and staticcall token.canReceive(heir)


# --- units and money -------------------------------------------------------------------------------------------------


@internal
def _hand_out(controller: address, receiver: address, filled: uint256, due: uint256, assets: uint256, shares: uint256):
    request_book._pay(controller, filled, due, assets, shares)
    extcall IStockToken(parties.share).deliver(receiver, shares)
    log ISubscriptionVault.Deposit(sender=controller, owner=receiver, assets=assets, shares=shares)


@internal
def _try_units(controller: address, heir: address) -> bool:
    """
    @dev Whether the stock took all units of a claim to the heir; a refusal leaves the claim as it was.
    """
    filled: uint256 = 0
    due: uint256 = 0
    filled, due = request_book._claimable(controller)
    if due == 0:
        return False
    request_book._pay(controller, filled, due, filled, due)
    success: bool = raw_call(
        parties.share,
        abi_encode(heir, due, method_id=method_id("deliver(address,uint256)")),
        revert_on_failure=False,
    )
    if success:
        log ISubscriptionVault.Deposit(sender=controller, owner=heir, assets=filled, shares=due)
    else:
        request_book._keep(controller, filled, due)
        log ISubscriptionVault.Withheld(controller=controller, payee=heir, shares=due)
    return success


@internal
def _try_refund(controller: address, heir: address) -> bool:
    """
    @dev Whether the stablecoin took all that was called back to the heir; a refusal leaves it here.
    """
    assets: uint256 = request_book._cancelled[controller]
    if assets == 0:
        return False
    paid: bool = payments._alone(
        abi_encode(controller, heir, method_id=method_id("refundAlone(address,address)"))
    )
    if paid:
        log ISubscriptionVault.CancelDepositClaim(
            controller=controller, receiver=heir, requestId=0, sender=msg.sender, assets=assets
        )
    else:
        log IRequestVault.Parked(controller=controller, payee=heir, assets=assets)
    return paid
