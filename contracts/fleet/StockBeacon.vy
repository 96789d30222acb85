# pragma version ==0.4.3
# pragma nonreentrancy off
# @license AGPL-3.0-only
"""
@title StockBeacon
@license AGPL-3.0-only
@notice Decides which implementation every stock of the fleet runs, and tells the registry, which their proxies ask. A
        mode is an implementation, so a global stop costs a transfer nothing.
        Who may call: GUARDIAN halts; the timelock (ADMIN) ends a halt and pins implementations; the registry turns STRICT
        on and off around a paged push. A halt outranks STRICT, and ending it returns to whichever is due.
@custom:kill halt() by GUARDIAN.
@custom:security Whoever holds ADMIN decides what code every stock runs; give it to the timelock alone.
"""

from ..interfaces import IComplianceRegistry
from ..interfaces import IReserveFeed
from ..interfaces import IStockBeacon
from ..shared import roles
from ..token import token_config as tc

implements: IStockBeacon

initializes: roles

exports: roles.accessControl


interface IImplementation:
    def mode() -> uint256: view
    def registry() -> address: view
    def reserveFeed() -> address: view
    def corporateActions() -> address: view


interface IActions:
    def feed() -> address: view
    def registry() -> address: view


REGISTRY: immutable(address)

_pinned: address[3]
_halted: bool
_strict: bool


@deploy
def __init__(access_control: address, registry: address, normal: address, strict: address, halted: address):
    """
    @param access_control the role table.
    @param registry the ComplianceRegistry, which may turn STRICT on.
    @param normal, strict, halted one implementation for each mode.
    @dev Errors: "roles: zero address", "beacon: no code", "beacon: wrong mode", "beacon: wrong registry",
         "beacon: wrong roles", "beacon: wrong feed", "beacon: wrong actions".
    """
    roles.__init__(access_control)
    REGISTRY = registry
    self._pin(normal, strict, halted)
    log IStockBeacon.ModeChanged(mode=tc.NORMAL, implementation=normal)


@external
def halt():
    """
    @notice Stops the fleet at once: views, sync and forced actions go on. GUARDIAN only.
    @dev Errors: "roles: not authorised", "beacon: halted".
    """
    roles._check(roles.GUARDIAN)
    assert not self._halted, "beacon: halted"
    self._halted = True
    self._apply()


@external
def unhalt():
    """
    @notice Ends a halt. The timelock only.
    @dev Errors: "roles: not authorised", "beacon: not halted".
    """
    roles._check(roles.ADMIN)
    assert self._halted, "beacon: not halted"
    self._halted = False
    self._apply()


@external
def enterStrict():
    """
    @notice Makes every stock ask the registry on every transfer. The registry only.
    @dev Error: "beacon: not the registry".
    """
    assert msg.sender == REGISTRY, "beacon: not the registry"
    self._strict = True
    self._apply()


@external
def exitStrict():
    """
    @notice Lets stocks believe their copies again. The registry only, once no push is unfinished.
    @dev Error: "beacon: not the registry".
    """
    assert msg.sender == REGISTRY, "beacon: not the registry"
    self._strict = False
    self._apply()


@external
def pin(normal: address, strict: address, halted: address):
    """
    @notice Upgrades the fleet: one implementation for each mode. The timelock only.
    @dev Errors: "roles: not authorised", "beacon: no code", "beacon: wrong mode", "beacon: wrong registry",
         "beacon: wrong roles", "beacon: wrong feed", "beacon: wrong actions".
    """
    roles._check(roles.ADMIN)
    self._pin(normal, strict, halted)
    self._apply()


@external
@view
def implementation() -> address:
    """
    @notice The implementation of the mode; the registry has stocks run it once it knows this beacon.
    """
    return self._pinned[self._mode()]


@external
@view
def mode() -> uint256:
    """
    @notice 0 NORMAL, 1 STRICT, 2 HALTED.
    """
    return self._mode()


@external
@view
def pinned() -> address[3]:
    """
    @notice The implementations for NORMAL, STRICT and HALTED.
    """
    return self._pinned


@external
@view
def registry() -> address:
    """
    @notice The ComplianceRegistry.
    """
    return REGISTRY


@internal
@view
def _mode() -> uint256:
    if self._halted:
        return tc.HALTED
    if self._strict:
        return tc.STRICT
    return tc.NORMAL


@internal
def _pin(normal: address, strict: address, halted: address):
    implementations: address[3] = [normal, strict, halted]
    for mode: uint256 in range(3):
        assert implementations[mode].is_contract, "beacon: no code"
        implementation: IImplementation = IImplementation(implementations[mode])
        assert staticcall implementation.mode() == mode, "beacon: wrong mode"
        assert staticcall implementation.registry() == REGISTRY, "beacon: wrong registry"
        self._check_counterparts(implementations[mode])
        self._pinned[mode] = implementations[mode]
    log IStockBeacon.Pinned(normal=normal, strict=strict, halted=halted)


@internal
@view
def _check_counterparts(implementation: address):
    """
    @dev An implementation asks our role table, and so do the feed and the actions that it names, which name each other.
         A feed that was not told of its actions yet takes only such as name it. Errors: "beacon: wrong roles",
         "beacon: wrong feed", "beacon: wrong actions".
    """
    assert roles._is_ours(implementation), "beacon: wrong roles"
    feed: address = staticcall IImplementation(implementation).reserveFeed()
    actions: address = staticcall IImplementation(implementation).corporateActions()
    assert roles._is_ours(feed), "beacon: wrong feed"
    assert roles._is_ours(actions), "beacon: wrong actions"
    assert staticcall IActions(actions).feed() == feed, "beacon: wrong feed"
    assert staticcall IActions(actions).registry() == REGISTRY, "beacon: wrong actions"
    named: address = staticcall IReserveFeed(feed).actions()
    assert named == empty(address) or named == actions, "beacon: wrong actions"


@internal
def _apply():
    mode: uint256 = self._mode()
    registry: IComplianceRegistry = IComplianceRegistry(REGISTRY)
    # One that does not know this beacon yet will ask when it is told of it.
    if staticcall registry.beacon() == self:
        extcall registry.setImplementation(self._pinned[mode])
    log IStockBeacon.ModeChanged(mode=mode, implementation=self._pinned[mode])
