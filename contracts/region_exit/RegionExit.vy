# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title RegionExit
@custom:contract-name RegionExit
@license AGPL-3.0-only
@notice The issuer leaves countries: until a date their holders only redeem, for the stock's rules shut them out of all else;
        then what units are left are burned at a price of that date, and the coins wait for them.
        Who may call: the timelock (ADMIN) opens an exit, naming who funds it, and names its price; COMPLIANCE takes an account
        in; ACTIONS sweeps after the expiry and closes; the funder alone funds; anyone parks, has coins paid, and drops a
        country that the rules admit again.
        How to stop it: admit the countries again (setStockRules) and `readmit`; pausing the stock stops every burn.
@dev It holds VAULT, as the WindUp does. An account's units are burned only while the registry says that it is of a listed
     country and the stock's rules shut that country out, after the date, and only against coins that are there. Whom a block,
     a freeze or a lock-up holds keeps its units. A venue holds for others, and is passed over.
@custom:kill StockExtension.pause() by PAUSER; revoking VAULT in Roles.
@custom:security Each exit pays out of its own funding and no other's. No function can be entered while another runs. Its code is
                 not upgradeable.
"""

from ethereum.ercs import IERC20

from ..interfaces import IComplianceRegistry
from ..interfaces import IRegionExit
from ..interfaces import IStockToken
from ..shared import coins
from ..shared import heirs
from ..shared import roles

implements: IRegionExit

initializes: roles

exports: roles.accessControl


interface IRules:
    def stockRules(token: address) -> (uint256, uint256[4]): view
    def investorRecord(investor: uint64) -> (bool, bool, uint16, uint8, uint256): view


interface IFree:
    def availableBalance(account: address) -> uint256: view


WAD: constant(uint256) = 10**18
MAX_BATCH: constant(uint256) = 50
_U128: constant(uint256) = 2**128 - 1
# @dev how long holders may redeem, at least; and how long their coins wait before they can be swept
MIN_NOTICE: constant(uint256) = 30 * 86_400
MIN_WAIT: constant(uint256) = 3 * 365 * 86_400
_COUNTRIES: constant(uint256) = 1024
_VENUE: constant(uint8) = 4
# @dev status
_OPENED: constant(uint256) = 1
_PRICED: constant(uint256) = 2
_CLOSED: constant(uint256) = 3

_REGISTRY: immutable(IComplianceRegistry)

# @notice where goes what nobody fetched
escheatAccount: public(address)
_exits: HashMap[bytes32, IRegionExit.RegionExit]
_waiting: HashMap[bytes32, HashMap[address, uint256]]
# @notice whether an account was taken in again, and keeps its units
isTakenIn: public(HashMap[bytes32, HashMap[address, bool]])


@deploy
def __init__(access_control: address, registry: address, escheat: address):
    """
    @dev Errors: "roles: zero address", "exit: bad registry" (no code, or of another role table), "exit: bad account".
    @param access_control the role table.
    @param registry the ComplianceRegistry.
    @param escheat where goes what nobody fetched.
    """
    roles.__init__(access_control)
    assert roles._is_ours(registry), "exit: bad registry"
    _REGISTRY = IComplianceRegistry(registry)
    self._set_escheat_account(escheat)


# --- the desk --------------------------------------------------------------------------------------------------------


@external
def openExit(
    id: bytes32,
    token: address,
    countries: uint256[4],
    until: uint256,
    expiry: uint256,
    coin: address,
    funder: address,
):
    """
    @notice Announces that the issuer leaves countries. Admin only. It burns nothing of whom the stock's rules admit.
    @dev Errors, in order: "roles: not authorised", "exit: known", "exit: not a stock", "exit: no country", "exit: too early"
         (until it is less than 30 days), "exit: expiry too early" (it is no 3 years later, and not 0), "exit: bad coin",
         "exit: bad funder" (zero, or this contract), "exit: still admitted" (the stock's rules let one of the countries in:
         they are shut out first, or anyone could drop them again).
    @param id what it is called, once.
    @param token the stock.
    @param countries bit c (of word c // 256, position c % 256) for each country c that is left, ISO 3166 numeric.
    @param until UTC second from which what is left is burned.
    @param expiry UTC second from which what nobody fetched is swept, 0 for never.
    @param coin what is paid.
    @param funder who alone brings in coins, and is returned the rest: were it whoever comes first, a stranger could be it.
    """
    roles._check(roles.ADMIN)
    assert self._exits[id].status == 0, "exit: known"
    assert staticcall _REGISTRY.tokenNumber(token) != 0, "exit: not a stock"
    assert countries[0] | countries[1] | countries[2] | countries[3] != 0, "exit: no country"
    assert until >= block.timestamp + MIN_NOTICE and until <= _U128, "exit: too early"
    assert expiry == 0 or expiry >= until + MIN_WAIT, "exit: expiry too early"
    assert coin.is_contract, "exit: bad coin"
    assert funder not in [empty(address), self], "exit: bad funder"
    self._exits[id].status = _OPENED
    self._exits[id].token = token
    self._exits[id].countries = countries
    self._exits[id].until = until
    self._exits[id].expiry = expiry
    self._exits[id].coin = coin
    self._exits[id].funder = funder
    left: uint256[4] = self._shut_out(id)
    for i: uint256 in range(4):
        assert left[i] == countries[i], "exit: still admitted"
    log IRegionExit.ExitOpened(
        id=id, token=token, countries=countries, until=until, expiry=expiry, coin=coin, funder=funder
    )


@external
def priceExit(id: bytes32, price: uint256, source: bytes32):
    """
    @notice Names what units are paid that are left at the date, once, from the date on. Admin only.
    @dev Errors, in order: "roles: not authorised", "exit: not opened", "exit: not yet", "exit: bad price".
    @param id the exit.
    @param price base units of the coin for 10**18 raw units.
    @param source hash of where it is read.
    """
    roles._check(roles.ADMIN)
    assert self._exits[id].status == _OPENED, "exit: not opened"
    assert self._exits[id].until <= block.timestamp, "exit: not yet"
    assert price != 0 and price <= _U128 and source != empty(bytes32), "exit: bad price"
    self._exits[id].status = _PRICED
    self._exits[id].price = price
    log IRegionExit.ExitPriced(id=id, price=price, source=source)


@external
def takeIn(id: bytes32, account: address):
    """
    @notice Lets an account keep its units. COMPLIANCE only. Whether it may buy is for the stock's rules to say.
    @dev Errors, in order: "roles: not authorised", "exit: not opened".
    @param id the exit.
    @param account of a holder.
    """
    roles._check(roles.COMPLIANCE)
    assert self._exits[id].status in [_OPENED, _PRICED], "exit: not opened"
    self.isTakenIn[id][account] = True
    log IRegionExit.TakenIn(id=id, account=account)


@external
def readmit(id: bytes32):
    """
    @notice Drops from an exit every country that the stock's rules admit: who is shut out later is not burned by this one.
            Anyone.
    @dev Errors, in order: "exit: not opened", "exit: nothing to follow".
    @param id the exit.
    """
    assert self._exits[id].status in [_OPENED, _PRICED], "exit: not opened"
    left: uint256[4] = self._shut_out(id)
    admitted: uint256 = 0
    for i: uint256 in range(4):
        admitted |= self._exits[id].countries[i] ^ left[i]
    assert admitted != 0, "exit: nothing to follow"
    self._exits[id].countries = left
    log IRegionExit.Readmitted(id=id, countries=left)


@external
@nonreentrant
def fundExit(id: bytes32, amount: uint256):
    """
    @notice Brings in coins for those who are burned. The exit's funder alone, which is returned the rest.
    @dev Errors, in order: "exit: not opened", "exit: not the funder", the coin's, "exit: payment failed", "exit: payment not
         exact".
    @param id the exit.
    @param amount base units.
    """
    assert self._exits[id].status in [_OPENED, _PRICED], "exit: not opened"
    assert self._exits[id].funder == msg.sender, "exit: not the funder"
    self._exits[id].cash += amount
    coin: IERC20 = IERC20(self._exits[id].coin)
    before: uint256 = staticcall coin.balanceOf(self)
    assert extcall coin.transferFrom(msg.sender, self, amount, default_return_value=True), "exit: payment failed"
    assert staticcall coin.balanceOf(self) == before + amount, "exit: payment not exact"
    log IRegionExit.ExitFunded(id=id, funder=msg.sender, amount=amount)


@external
@nonreentrant
def closeExit(id: bytes32):
    """
    @notice Ends an exit: nothing more is burned for it, and what is not parked returns to the funder. ACTIONS only.
    @dev Errors, in order: "roles: not authorised", "exit: not opened", "exit: payment failed", "exit: payment not exact".
    @param id the exit.
    """
    roles._check(roles.ACTIONS)
    assert self._exits[id].status in [_OPENED, _PRICED], "exit: not opened"
    rest: uint256 = self._exits[id].cash - self._exits[id].parked
    self._exits[id].status = _CLOSED
    self._exits[id].cash -= rest
    if rest != 0:
        assert self._paid(id, self._exits[id].funder, rest), "exit: payment failed"
    log IRegionExit.ExitClosed(id=id, funder=self._exits[id].funder, cash=rest)


# --- holders ---------------------------------------------------------------------------------------------------------


@external
@nonreentrant
def parkFor(id: bytes32, accounts: DynArray[address, MAX_BATCH]) -> uint256:
    """
    @notice Burns all free units of each account that is of a left country, and parks what they come to. Anyone, after the date
            and once it is priced. Whoever is held, was taken in, is admitted by the rules or has none is passed over.
    @dev Errors, in order: "exit: not priced", "exit: not funded".
    @param id the exit.
    @param accounts holders.
    @return of how many units were burned.
    """
    assert self._exits[id].status == _PRICED, "exit: not priced"
    token: address = self._exits[id].token
    shut_out: uint256[4] = self._shut_out(id)
    count: uint256 = 0
    for account: address in accounts:
        if not self._leaves(id, shut_out, account):
            continue
        units: uint256 = staticcall IFree(token).availableBalance(account)
        if units == 0 or not staticcall IStockToken(token).canEscrow(account, units):
            continue
        cash: uint256 = units * self._exits[id].price // WAD
        assert self._exits[id].parked + cash <= self._exits[id].cash, "exit: not funded"
        self._exits[id].parked += cash
        self._waiting[id][account] += cash
        extcall IStockToken(token).escrow(account, units)
        extcall IStockToken(token).retire(units)
        log IRegionExit.ExitParked(id=id, account=account, by=msg.sender, units=units, cash=cash)
        count += 1
    return count


@external
@nonreentrant
def takeExit(id: bytes32, account: address):
    """
    @notice Pays what is parked for an account, to it or to its successor. Anyone; of a contract's the two alone.
    @dev Errors, in order: "exit: nothing parked", "exit: held" (blocked, and without a successor who is not), "exit: not the
         account", "exit: refused" (the coin does not take it this time), "exit: payment not exact".
    @param id the exit.
    @param account whose units they were.
    """
    cash: uint256 = self._unpark(id, account)
    assert cash != 0, "exit: nothing parked"
    payee: address = heirs._entitled(_REGISTRY, account)
    assert payee != empty(address), "exit: held"
    assert not account.is_contract or msg.sender == account or msg.sender == payee, "exit: not the account"
    assert self._paid(id, payee, cash), "exit: refused"
    log IRegionExit.ExitPaid(id=id, account=account, payee=payee, cash=cash)


@external
@nonreentrant
def sweepExit(id: bytes32, accounts: DynArray[address, MAX_BATCH], reason: uint16, document: bytes32) -> uint256:
    """
    @notice Sends the escheat account what accounts have not fetched until the expiry. ACTIONS only. Whoever a block holds waits.
    @dev Errors, in order: "roles: not authorised", "exit: reason and document", "exit: not expired" (or it never is), "exit:
         payment failed", "exit: payment not exact".
    @param id the exit.
    @param accounts those for whom something is parked.
    @param reason the issuer's code.
    @param document hash of the document that says why.
    @return of how many accounts something was swept.
    """
    roles._check(roles.ACTIONS)
    assert reason != 0 and document != empty(bytes32), "exit: reason and document"
    expiry: uint256 = self._exits[id].expiry
    assert expiry != 0 and expiry <= block.timestamp, "exit: not expired"
    count: uint256 = 0
    total: uint256 = 0
    for account: address in accounts:
        if heirs._entitled(_REGISTRY, account) != empty(address):
            cash: uint256 = self._unpark(id, account)
            if cash != 0:
                total += cash
                count += 1
                log IRegionExit.ExitSwept(
                    id=id, account=account, escheat=self.escheatAccount, cash=cash, reason=reason, document=document
                )
    if total != 0:
        assert self._paid(id, self.escheatAccount, total), "exit: payment failed"
    return count


@external
def setEscheatAccount(account: address):
    """
    @notice Names where goes what nobody fetches. Admin only.
    @dev Errors: "roles: not authorised", "exit: bad account" (zero, or this contract).
    @param account of whoever keeps unclaimed property.
    """
    roles._check(roles.ADMIN)
    self._set_escheat_account(account)


# --- what is recorded ------------------------------------------------------------------------------------------------


@external
@view
def regionExit(id: bytes32) -> IRegionExit.RegionExit:
    """
    @notice All that is recorded of an exit; zeros where there is none.
    @param id the exit.
    """
    return self._exits[id]


@external
@view
def exitParkedOf(id: bytes32, account: address) -> uint256:
    """
    @notice Base units of the coin that wait for an account.
    @param id the exit.
    @param account whose units they were.
    """
    return self._waiting[id][account]


@external
@view
def leavesBy(id: bytes32, account: address) -> bool:
    """
    @notice Whether an exit is of an account as country and rules are now, whatever the date and the account's units.
    @param id the exit.
    @param account a holder.
    """
    return self._exits[id].status != 0 and self._leaves(id, self._shut_out(id), account)


# --- parts -----------------------------------------------------------------------------------------------------------


@internal
@view
def _shut_out(id: bytes32) -> uint256[4]:
    """
    @return uint256[4] The left countries whose investors the stock's rules do not let hold it now.
    """
    classes: uint256 = 0
    admitted: uint256[4] = empty(uint256[4])
    classes, admitted = staticcall IRules(_REGISTRY.address).stockRules(self._exits[id].token)
    left: uint256[4] = self._exits[id].countries
    for i: uint256 in range(4):
        left[i] &= ~admitted[i]
    return left


@internal
@view
def _leaves(id: bytes32, shut_out: uint256[4], account: address) -> bool:
    investor: uint64 = staticcall _REGISTRY.investorOf(account)
    if investor == 0 or self.isTakenIn[id][account]:
        return False
    known: bool = False
    blocked: bool = False
    country: uint16 = 0
    kind: uint8 = 0
    expiry: uint256 = 0
    known, blocked, country, kind, expiry = staticcall IRules(_REGISTRY.address).investorRecord(investor)
    number: uint256 = convert(country, uint256)
    if not known or blocked or kind == _VENUE or number >= _COUNTRIES:
        return False
    return shut_out[number // 256] & (1 << (number % 256)) != 0


@internal
def _unpark(id: bytes32, account: address) -> uint256:
    cash: uint256 = self._waiting[id][account]
    self._waiting[id][account] = 0
    self._exits[id].parked -= cash
    self._exits[id].cash -= cash
    return cash


@internal
def _paid(id: bytes32, receiver: address, amount: uint256) -> bool:
    """
    @dev Whether the coin takes a payment. Error: "exit: payment not exact".
    """
    coin: address = self._exits[id].coin
    before: uint256 = staticcall IERC20(coin).balanceOf(self)
    if not coins._pays(coin, receiver, amount):
        return False
    assert staticcall IERC20(coin).balanceOf(self) + amount == before, "exit: payment not exact"
    return True


@internal
def _set_escheat_account(account: address):
    assert account not in [empty(address), self], "exit: bad account"
    self.escheatAccount = account
    log IRegionExit.EscheatAccountSet(account=account)
