# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title WindUp
@custom:contract-name WindUp
@license AGPL-3.0-only
@notice Ends a stock: by a merger (MRGR), a delisting (DLST) or the last payment of a liquidation (LIQU) of the ActionBook, none
        with a record, by which a root would pay. From the effect on nothing is minted, and no multiplier changes. Once somebody has funded what every
        unit in existence comes to, a unit is redeemed by burning it, at terms that nobody can change any more, whoever holds it
        then: units go on being transferred until they are burned.
        Who may call: ACTIONS opens an end, sweeps after the expiry and closes; anyone follows what became of the action,
        funds, has the stock's vaults hand back what waits in them, and burns for accounts without code, which alone are
        paid; a contract burns its own, for a pool that is sent coins unasked can be emptied of them; the timelock (ADMIN)
        names a rate that the book lacks, and the escheat account.
        How to stop it: pausing the stock stops every burn. Cancelling the action before its effect undoes the end.
@dev It holds VAULT: a holder's units come in by the stock's `escrow` and are retired. So a block, a freeze, a lock-up, a pause
     and a halt hold them, and a lapsed clearance does not. What a coin or the other stock refuses is parked, for the account or
     the registry's successor of it.
@custom:kill StockExtension.pause() by PAUSER; revoking VAULT in Roles.
@custom:security Each stock pays out of its own funding and no other's. Its terms are the book's at the effect, from which the
                 book changes nothing. No function can be entered while another runs. Its code is not upgradeable.
"""

from ethereum.ercs import IERC20
from ethereum.ercs import IERC20Detailed

from ..interfaces import IActionBook
from ..interfaces import IComplianceRegistry
from ..interfaces import IStockToken
from ..interfaces import IWindUp
from ..shared import coins
from ..shared import heirs
from ..shared import roles
from . import ending_book as book

implements: IWindUp

initializes: roles
initializes: book

exports: (
    book.due,
    book.ending,
    book.parkedOf,
    roles.accessControl,
)


# @dev accounts of one batch
MAX_BATCH: constant(uint256) = 50


# @dev a vault of requests, either kind
interface IQueue:
    def share() -> address: view
    def handBack(controllers: DynArray[address, MAX_BATCH], by: address) -> uint256: nonpayable


interface IShares:
    def uiMultiplier() -> uint256: view
    def availableBalance(account: address) -> uint256: view


WAD: constant(uint256) = 10**18
# @dev raw units, a millionth of a millionth of one unit
DUST: constant(uint256) = 10**6
_U128: constant(uint256) = 2**128 - 1
# @dev the book's status
_ANNOUNCED: constant(uint256) = 1
_EFFECTIVE: constant(uint256) = 2
_CANCELLED: constant(uint256) = 3

REGISTRY: immutable(IComplianceRegistry)
# @notice the ActionBook, whose actions end stocks
BOOK: public(immutable(IActionBook))

# @notice where goes what nobody fetched
escheatAccount: public(address)
# @notice the rate that the timelock named for an action that took effect without one, a wad of whole coins for a unit of currency
rateOf: public(HashMap[bytes32, uint256])


@deploy
def __init__(access_control: address, registry: address, action_book: address, escheat: address):
    """
    @dev Errors: "roles: zero address", "windup: bad registry", "windup: bad book" (no code, or of another role table),
         "windup: bad account".
    @param access_control the role table.
    @param registry the ComplianceRegistry.
    @param action_book the ActionBook.
    @param escheat where goes what nobody fetched.
    """
    roles.__init__(access_control)
    assert roles._is_ours(registry), "windup: bad registry"
    assert roles._is_ours(action_book), "windup: bad book"
    REGISTRY = IComplianceRegistry(registry)
    BOOK = IActionBook(action_book)
    self._set_escheat_account(escheat)


# --- the end of mints ------------------------------------------------------------------------------------------------


@external
@nonreentrant
def open(action: bytes32):
    """
    @notice Ends a stock's mints from the effect of an announced action on. ACTIONS only. A stock has one end.
    @dev Errors, in order: "roles: not authorised", "windup: not announced" (unknown, cancelled, or its effect has come),
         "windup: not an end" (another code, or with a record, which a root pays), "windup: another end",
         "windup: choice open" (cash or stock, as holders choose: nothing here has heard them), "windup: no coin" (a price that
         is paid in none), "windup: other unknown" (shares of a stock that is not the issuer's, which nothing here can pay),
         the stock's.
    @param action its id in the ActionBook.
    """
    roles._check(roles.ACTIONS)
    found: IActionBook.Recorded = staticcall BOOK.action(action)
    assert found.status == _ANNOUNCED and block.timestamp < found.terms.pay, "windup: not announced"
    assert self._is_end(found), "windup: not an end"
    assert book._endings[found.token].status == 0, "windup: another end"
    self._check_payable(found)
    self._open(action, found)


@external
@nonreentrant
def follow(token: address):
    """
    @notice Takes over what became of an opened end's action: another effect; or its cancellation, or a record that it was given,
            by which a root pays it, either of which lets the stock go on. Anyone.
    @dev Errors, in order: "windup: not opened", "windup: nothing to follow", "windup: choice open", "windup: no coin", "windup:
         other unknown", the stock's (an end that has come is the timelock's to undo).
    @param token the stock.
    """
    assert book._endings[token].status == book.OPENED, "windup: not opened"
    action: bytes32 = book._endings[token].action
    found: IActionBook.Recorded = staticcall BOOK.action(action)
    if found.status == _CANCELLED or not self._is_end(found):
        book._endings[token] = empty(IWindUp.Ending)
        extcall IStockToken(token).setMintsEnd(0)
        log IWindUp.EndWithdrawn(token=token, action=action)
    else:
        assert found.terms.pay != book._endings[token].endAt, "windup: nothing to follow"
        self._check_payable(found)
        self._open(action, found)


@external
def nameRate(token: address, rate: uint256, source: bytes32):
    """
    @notice Names the rate of an action that took effect without one, once: it could never be paid. Admin only.
    @dev Errors, in order: "roles: not authorised", "windup: not opened", "windup: not effective", "windup: rate is set",
         "windup: bad rate".
    @param token the stock.
    @param rate whole coins for one unit of currency, a wad.
    @param source hash of where it is read.
    """
    roles._check(roles.ADMIN)
    assert book._endings[token].status == book.OPENED, "windup: not opened"
    action: bytes32 = book._endings[token].action
    found: IActionBook.Recorded = staticcall BOOK.action(action)
    assert found.status == _EFFECTIVE, "windup: not effective"
    assert found.terms.rate == 0 and self.rateOf[action] == 0, "windup: rate is set"
    assert rate != 0 and rate <= _U128 and source != empty(bytes32), "windup: bad rate"
    self.rateOf[action] = rate
    log IWindUp.RateNamed(token=token, rate=rate, source=source)


@external
@nonreentrant
def arm(token: address):
    """
    @notice Funds a stock's end, in full for all its units, out of the caller's coins and units of the other stock; from here on
            units are redeemed. Anyone, once the action is effective. What is left at the close is the funder's.
    @dev Errors, in order: "windup: not opened", "windup: not effective", "windup: not an end" (it was given a record since),
         "windup: to be followed", "windup: choice open", "windup: no coin", "windup: other unknown", "windup: no rate",
         "windup: nothing to pay" (the book names neither coin nor stock, or no unit is left), "windup: bad coin" (of more than 18
         decimals), the coin's, "windup: payment failed", "windup: payment not exact", those of the other stock's `escrow`.
         Terms whose product with the supply passes 256 bits revert.
    @param token the stock.
    """
    ending: IWindUp.Ending = self._terms(token)
    assert ending.coin != empty(address) or ending.other != empty(address), "windup: nothing to pay"
    assert ending.supply != 0, "windup: nothing to pay"
    ending.status = book.ARMED
    ending.funder = msg.sender
    book._endings[token] = ending
    if ending.cash != 0:
        coin: IERC20 = IERC20(ending.coin)
        before: uint256 = staticcall coin.balanceOf(self)
        done: bool = extcall coin.transferFrom(msg.sender, self, ending.cash, default_return_value=True)
        assert done, "windup: payment failed"
        assert staticcall coin.balanceOf(self) == before + ending.cash, "windup: payment not exact"
    if ending.stock != 0:
        # The units of the caller, who asks for it.
        extcall IStockToken(ending.other).escrow(msg.sender, ending.stock)
    log IWindUp.EndArmed(
        token=token,
        action=ending.action,
        funder=msg.sender,
        supply=ending.supply,
        multiplier=staticcall IShares(token).uiMultiplier(),
        coin=ending.coin,
        cash=ending.cash,
        other=ending.other,
        stock=ending.stock,
    )


# --- holders ---------------------------------------------------------------------------------------------------------


@external
@nonreentrant
def burn(token: address, units: uint256) -> (uint256, uint256):
    """
    @notice Redeems raw units of the caller at the end's terms. Any holder, for itself.
    @dev Errors, in order: "windup: not armed", those of the stock's `escrow` (paused, halted, nothing, blocked or frozen, more than
         is there and free), "windup: payment not exact".
    @param token the stock.
    @param units raw units.
    @return (base units of the coin, raw units of the other stock), paid or parked.
    """
    self._check_armed(token)
    cash: uint256 = 0
    stock: uint256 = 0
    cash, stock = self._redeem(token, msg.sender, units)
    self._pay(token, msg.sender, msg.sender, cash, stock)
    return cash, stock


@external
@nonreentrant
def burnFor(token: address, accounts: DynArray[address, MAX_BATCH]) -> uint256:
    """
    @notice Redeems all free units of each account, which is paid. Anyone; whoever is held, has none or is a contract is passed
            over, so that a batch can be sent again.
    @dev Errors, in order: "windup: not armed", "windup: payment not exact".
    @param token the stock.
    @param accounts holders.
    @return of how many units were burned.
    """
    self._check_armed(token)
    count: uint256 = 0
    for account: address in accounts:
        units: uint256 = 0 if account.is_contract else self._free(token, account)
        if units != 0:
            cash: uint256 = 0
            stock: uint256 = 0
            cash, stock = self._redeem(token, account, units)
            self._pay(token, account, account, cash, stock)
            count += 1
    return count


@external
@nonreentrant
def handBack(token: address, vault: address, controllers: DynArray[address, MAX_BATCH]) -> uint256:
    """
    @notice Has a vault of the stock hand back what waits in it for each controller: units, whose owner the end then pays as
            any other, and coins. Anyone, from the funding on; requests in kind ACTIONS alone, who knows what the custodian
            delivered. Whoever is held or has nothing there is passed over, so that a batch can be sent again.
    @dev Errors, in order: "windup: not armed", "windup: not a vault" (of this stock, that holds VAULT), those of the stock's
         `release` (paused, halted), "vault: too little gas".
    @param token the stock.
    @param vault where units or coins wait.
    @param controllers for whom.
    @return for how many something moved.
    """
    assert book._endings[token].status >= book.ARMED, "windup: not armed"
    assert vault != self and roles._has(roles.VAULT, vault), "windup: not a vault"
    assert staticcall IQueue(vault).share() == token, "windup: not a vault"
    return extcall IQueue(vault).handBack(controllers, msg.sender)


@external
@nonreentrant
def take(token: address, account: address):
    """
    @notice Pays what is parked for an account, to it or to its successor. Anyone; of a contract's the two alone.
    @dev Errors, in order: "windup: nothing parked", "windup: held" (blocked, and without a successor who is not), "windup:
         not the account", "windup: refused" (it is neither paid coins nor units this time), "windup: payment not exact".
    @param token the stock that ended.
    @param account whose units they were.
    """
    cash: uint256 = 0
    stock: uint256 = 0
    cash, stock = book._unpark(token, account)
    assert cash != 0 or stock != 0, "windup: nothing parked"
    payee: address = heirs._entitled(REGISTRY, account)
    assert payee != empty(address), "windup: held"
    assert not account.is_contract or msg.sender == account or msg.sender == payee, "windup: not the account"
    assert self._pay(token, account, payee, cash, stock), "windup: refused"


# --- after the expiry ------------------------------------------------------------------------------------------------


@external
@nonreentrant
def sweep(token: address, accounts: DynArray[address, MAX_BATCH], reason: uint16, document: bytes32) -> uint256:
    """
    @notice Sends the escheat account what accounts have not fetched until the expiry: their free units are burned for it, and
            what is parked goes there. ACTIONS only. Whoever a block, a freeze or a lock-up holds is passed over and waits on, and
            so are the units that a contract with VAULT keeps: they are others', who fetch them there.
    @dev Errors, in order: "roles: not authorised", "windup: reason and document", "windup: not armed", "windup: not expired"
         (or it never is), "windup: payment not exact".
    @param token the stock.
    @param accounts holders, and those for whom something is parked.
    @param reason the issuer's code.
    @param document hash of the document that says why.
    @return of how many accounts something was swept.
    """
    roles._check(roles.ACTIONS)
    assert reason != 0 and document != empty(bytes32), "windup: reason and document"
    assert book._endings[token].status >= book.ARMED, "windup: not armed"
    expiry: uint256 = book._endings[token].expiry
    assert expiry != 0 and expiry <= block.timestamp, "windup: not expired"
    escheat: address = self.escheatAccount
    count: uint256 = 0
    for account: address in accounts:
        cash: uint256 = 0
        stock: uint256 = 0
        units: uint256 = 0
        if account != escheat:
            if not roles._has(roles.VAULT, account):
                units = self._free(token, account)
            if heirs._entitled(REGISTRY, account) != empty(address):
                cash, stock = book._unpark(token, account)
        if units != 0:
            more_cash: uint256 = 0
            more_stock: uint256 = 0
            more_cash, more_stock = self._redeem(token, account, units)
            cash += more_cash
            stock += more_stock
        if units != 0 or cash != 0 or stock != 0:
            log IWindUp.EndSwept(
                token=token,
                account=account,
                escheat=escheat,
                units=units,
                cash=cash,
                stock=stock,
                reason=reason,
                document=document,
            )
            self._pay(token, escheat, escheat, cash, stock)
            count += 1
    return count


@external
@nonreentrant
def close(token: address):
    """
    @notice Returns to the funder what no unit is left for: what was rounded, and what units came to that were burned otherwise.
            ACTIONS only, once no more than DUST is left, which comes to nothing: what rounding leaves in an escrow. What is
            parked stays.
    @dev Errors, in order: "roles: not authorised", "windup: not armed", "windup: units left", "windup: payment failed",
         "windup: payment not exact", those of the other stock.
    @param token the stock.
    """
    roles._check(roles.ACTIONS)
    self._check_armed(token)
    assert staticcall IStockToken(token).totalSupply() <= DUST, "windup: units left"
    funder: address = book._endings[token].funder
    cash: uint256 = book._endings[token].cash - book._endings[token].cashParked
    stock: uint256 = book._endings[token].stock - book._endings[token].stockParked
    book._endings[token].status = book.CLOSED
    book._endings[token].cash -= cash
    book._endings[token].stock -= stock
    if cash != 0:
        assert self._send(book._endings[token].coin, funder, cash), "windup: payment failed"
    if stock != 0:
        extcall IStockToken(book._endings[token].other).deliver(funder, stock)
    log IWindUp.EndClosed(token=token, funder=funder, cash=cash, stock=stock)


@external
def setEscheatAccount(account: address):
    """
    @notice Names where goes what nobody fetches. Admin only.
    @dev Errors: "roles: not authorised", "windup: bad account" (zero, or this contract).
    @param account of whoever keeps unclaimed property.
    """
    roles._check(roles.ADMIN)
    self._set_escheat_account(account)


# --- what is recorded ------------------------------------------------------------------------------------------------


@external
@view
def needed(token: address) -> (address, uint256, address, uint256):
    """
    @notice What arming would take now.
    @dev Errors: those of arm until it takes anything.
    @param token the stock.
    @return (the coin, its base units, the other stock, its raw units); the zero address for what is not paid.
    """
    ending: IWindUp.Ending = self._terms(token)
    return ending.coin, ending.cash, ending.other, ending.stock


# --- parts -----------------------------------------------------------------------------------------------------------


@internal
@pure
def _is_end(found: IActionBook.Recorded) -> bool:
    if found.terms.recordAt != 0:
        return False
    return found.code == "MRGR" or found.code == "LIQU" or found.code == "DLST"


@internal
@pure
def _price(found: IActionBook.Recorded) -> uint256:
    """
    @return uint256 What a share is paid in cash, a wad of the action's currency; 0 for nothing.
    """
    return found.terms.gross if found.code == "MRGR" else found.terms.price


@internal
@pure
def _check_payable(found: IActionBook.Recorded):
    """
    @dev Errors, in order: "windup: choice open", "windup: no coin", "windup: other unknown".
    """
    is_choice: bool = found.terms.deadline != 0 and found.terms.num != 0 and found.terms.gross != 0
    assert not is_choice, "windup: choice open"
    assert self._price(found) == 0 or found.terms.coin != empty(address), "windup: no coin"
    assert found.terms.num == 0 or found.terms.other != empty(address), "windup: other unknown"


@internal
def _open(action: bytes32, found: IActionBook.Recorded):
    book._endings[found.token].action = action
    book._endings[found.token].status = book.OPENED
    book._endings[found.token].endAt = found.terms.pay
    extcall IStockToken(found.token).setMintsEnd(found.terms.pay)
    log IWindUp.EndOpened(token=found.token, action=action, at=found.terms.pay)


@internal
@view
def _terms(token: address) -> IWindUp.Ending:
    """
    @dev What the book says of an opened end at its effect, and what it comes to for all units now. The multiplier is that of the
         effect: from there on none is scheduled.
    """
    ending: IWindUp.Ending = book._endings[token]
    assert ending.status == book.OPENED, "windup: not opened"
    found: IActionBook.Recorded = staticcall BOOK.action(ending.action)
    assert found.status == _EFFECTIVE, "windup: not effective"
    # What was given a record since is paid by a root, and not here too.
    assert self._is_end(found), "windup: not an end"
    end: uint256 = staticcall IStockToken(token).mintsEnd()
    assert end == found.terms.pay and ending.endAt == end, "windup: to be followed"
    self._check_payable(found)
    multiplier: uint256 = staticcall IShares(token).uiMultiplier()
    ending.expiry = found.terms.expiry
    ending.supply = staticcall IStockToken(token).totalSupply()
    price: uint256 = self._price(found)
    if price != 0:
        rate: uint256 = max(found.terms.rate, self.rateOf[ending.action])
        assert rate != 0, "windup: no rate"
        ending.coin = found.terms.coin
        decimals: uint256 = convert(staticcall IERC20Detailed(ending.coin).decimals(), uint256)
        assert decimals <= 18, "windup: bad coin"
        # Whole coins a share, a wad rounded down; then shares a unit, a wad each.
        ending.cashNum = multiplier * (price * rate // WAD)
        ending.cashDen = 10 ** (54 - decimals)
        ending.cash = ending.supply * ending.cashNum // ending.cashDen
    if found.terms.num != 0:
        ending.other = found.terms.other
        ending.stockNum = multiplier * found.terms.num
        ending.stockDen = found.terms.den * staticcall IShares(ending.other).uiMultiplier()
        ending.stock = ending.supply * ending.stockNum // ending.stockDen
    return ending


@internal
@view
def _check_armed(token: address):
    assert book._endings[token].status == book.ARMED, "windup: not armed"


@internal
@view
def _free(token: address, account: address) -> uint256:
    """
    @dev Raw units of an account that can be burned now; 0 of whoever is held, and while the stock is paused or halted.
    """
    units: uint256 = staticcall IShares(token).availableBalance(account)
    if units == 0 or not staticcall IStockToken(token).canEscrow(account, units):
        return 0
    return units


@internal
def _redeem(token: address, account: address, units: uint256) -> (uint256, uint256):
    """
    @dev Burns before anything is paid; what it comes to.
    """
    cash: uint256 = 0
    stock: uint256 = 0
    extcall IStockToken(token).escrow(account, units)
    extcall IStockToken(token).retire(units)
    cash, stock = book._due(token, units)
    log IWindUp.UnitsRedeemed(token=token, account=account, by=msg.sender, units=units, cash=cash, stock=stock)
    return cash, stock


@internal
def _pay(token: address, account: address, payee: address, cash: uint256, stock: uint256) -> bool:
    """
    @dev Pays what the payee takes, parks the rest; whether anything was paid. The floors of parts are no more than the floor of
         the whole, so that the funding lasts: the subtractions say so.
    """
    paid: uint256 = 0
    delivered: uint256 = 0
    if cash != 0:
        book._endings[token].cash -= cash
        if self._send(book._endings[token].coin, payee, cash):
            paid = cash
        else:
            book._endings[token].cash += cash
    if stock != 0:
        book._endings[token].stock -= stock
        if self._deliver(book._endings[token].other, payee, stock):
            delivered = stock
        else:
            book._endings[token].stock += stock
    if paid != 0 or delivered != 0:
        log IWindUp.EndPaid(token=token, account=account, payee=payee, cash=paid, stock=delivered)
    book._park(token, account, cash - paid, stock - delivered)
    return paid != 0 or delivered != 0


@internal
def _send(coin: address, receiver: address, amount: uint256) -> bool:
    """
    @dev Whether the coin takes a payment. Error: "windup: payment not exact" (more or less left than was said: it would be
         another's).
    """
    before: uint256 = staticcall IERC20(coin).balanceOf(self)
    paid: bool = coins._pays(coin, receiver, amount)
    left: uint256 = unsafe_sub(before, amount) if paid else before
    assert staticcall IERC20(coin).balanceOf(self) == left, "windup: payment not exact"
    return paid


@internal
def _deliver(other: address, receiver: address, amount: uint256) -> bool:
    """
    @dev Whether the other stock lets a receiver have units; its rules bind as ever.
    """
    return raw_call(
        other,
        abi_encode(receiver, amount, method_id=method_id("deliver(address,uint256)")),
        revert_on_failure=False,
    )


@internal
def _set_escheat_account(account: address):
    assert account not in [empty(address), self], "windup: bad account"
    self.escheatAccount = account
    log IWindUp.EscheatAccountSet(account=account)
