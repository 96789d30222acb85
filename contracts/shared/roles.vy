# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title The one place that asks who may do what
@custom:contract-name roles
@license AGPL-3.0-only
@author Scrip
@notice Every contract of the suite keeps the address of `Roles` as an immutable and asks it before a privileged step. A
        role is the keccak-256 of its name; `ADMIN` is the zero word, snekmate's `DEFAULT_ADMIN_ROLE`, and belongs to
        the timelock.
@custom:security An immutable costs no storage read. A role is revoked in one place and at once, for all contracts.
"""


interface IRoles:
    def hasRole(role: bytes32, account: address) -> bool: view


interface ICounterpart:
    def accessControl() -> address: view


# @dev The timelock: every setting with lasting effect.
ADMIN: constant(bytes32) = empty(bytes32)
# @dev Mints and burns shares: `PrimaryMarket`.
MINTER: constant(bytes32) = keccak256("MINTER")
# @dev Keeps units that wait to be redeemed, and burns them: a `RequestVault`.
VAULT: constant(bytes32) = keccak256("VAULT")
# @dev Keeps the investor register.
COMPLIANCE: constant(bytes32) = keccak256("COMPLIANCE")
# @dev Freezes, seizes, opens cases.
ENFORCER: constant(bytes32) = keccak256("ENFORCER")
# @dev Pauses a contract. It cannot undo that.
PAUSER: constant(bytes32) = keccak256("PAUSER")
# @dev Unpauses a contract. It cannot pause.
UNPAUSER: constant(bytes32) = keccak256("UNPAUSER")
# @dev Halts the whole fleet. Only `ADMIN` leaves that mode.
GUARDIAN: constant(bytes32) = keccak256("GUARDIAN")
# @dev Announces, schedules and cancels corporate actions.
ACTIONS: constant(bytes32) = keccak256("ACTIONS")
# @dev Signs quotes of the primary market.
QUOTE_SIGNER: constant(bytes32) = keccak256("QUOTE_SIGNER")
# @dev Moves this chain's ceiling of the reserve.
CEILING: constant(bytes32) = keccak256("CEILING")
# @dev Signs what a custodian holds of a stock.
ATTESTOR: constant(bytes32) = keccak256("ATTESTOR")
# @dev Creates stocks.
ISSUER: constant(bytes32) = keccak256("ISSUER")
# @dev Replaces an investor's lost wallet and moves what it held.
RECOVERER: constant(bytes32) = keccak256("RECOVERER")
# @dev Signs what an investor puts itself on the register with.
KYC_PROVIDER: constant(bytes32) = keccak256("KYC_PROVIDER")
# @dev The factory contract: initialises and registers tokens.
FACTORY: constant(bytes32) = keccak256("FACTORY")


# @dev The contract that answers `hasRole`.
ROLES: immutable(IRoles)


@deploy
def __init__(roles: address):
    """
    @dev Reverts with "roles: zero address" for the zero address.
    @param roles The address of `Roles`.
    """
    assert roles != empty(address), "roles: zero address"
    ROLES = IRoles(roles)


@external
@view
def accessControl() -> address:
    """
    @notice The contract that says who may do what.
    @return address The address of `Roles`.
    """
    return ROLES.address


@internal
@view
def _has(role: bytes32, account: address) -> bool:
    """
    @dev Returns whether `account` holds `role` now.
    @param role The role, one of the constants above.
    @param account The account asked about.
    @return bool Whether it holds the role.
    """
    return staticcall ROLES.hasRole(role, account)


@internal
@view
def _check(role: bytes32):
    """
    @dev Reverts with "roles: not authorised" unless `msg.sender` holds `role`.
    @param role The role, one of the constants above.
    """
    assert staticcall ROLES.hasRole(role, msg.sender), "roles: not authorised"


@internal
@view
def _is_ours(counterpart: address) -> bool:
    """
    @dev Returns whether a contract stands at `counterpart`, and asks the same `Roles`: what another contract is told to
         rely on answers to the same timelock. A contract without `accessControl` reverts.
    @param counterpart The contract asked about.
    @return bool Whether it does.
    """
    return counterpart.is_contract and staticcall ICounterpart(counterpart).accessControl() == ROLES.address
