# pragma version ==0.4.3
# pragma nonreentrancy off
# @license AGPL-3.0-only
"""
@title StockFactory
@license AGPL-3.0-only
@notice Creates stocks: a beacon proxy, initialised and registered in the same call. A stock's address follows from its
        ISIN at birth and its series, which no other has; the ISIN itself may change later and `tokenOf` follows it.
        Who may call: ISSUER creates; the timelock (ADMIN) records a change of ISIN.
        How to stop it: revoke ISSUER, or FACTORY from this contract.
@custom:security It holds FACTORY, with which only `initialize` of a new proxy and the registry's numbering are reached.
"""

from ..interfaces import IComplianceRegistry
from ..interfaces import IStockFactory
from ..interfaces import IStockToken
from ..shared import roles

implements: IStockFactory

initializes: roles

exports: roles.accessControl


# @dev how an ERC-5202 blueprint of version 0 without data begins
_BLUEPRINT_MAGIC: constant(Bytes[3]) = x"FE7100"

REGISTRY: immutable(IComplianceRegistry)
BLUEPRINT: public(immutable(address))

_tokens: HashMap[String[12], address]


@deploy
def __init__(access_control: address, registry: address, blueprint: address):
    """
    @param access_control the role table.
    @param registry the ComplianceRegistry.
    @param blueprint ERC-5202 blueprint of StockProxy.
    @dev Errors: "roles: zero address", "factory: bad registry" (no code, or of another role table),
         "factory: bad blueprint".
    """
    roles.__init__(access_control)
    assert roles._is_ours(registry), "factory: bad registry"
    assert blueprint.codesize > 3 and slice(blueprint.code, 0, 3) == _BLUEPRINT_MAGIC, "factory: bad blueprint"
    REGISTRY = IComplianceRegistry(registry)
    BLUEPRINT = blueprint


@external
def createStock(
    name: String[64], symbol: String[16], isin: String[12], series: uint256, policy: uint256
) -> address:
    """
    @notice Creates a stock. ISSUER only. During a halt too: nothing moves by it, and the stock is born halted.
    @dev Errors, in order: "roles: not authorised", "factory: isin taken", "factory: bad isin" (not 12 characters),
         "factory: no beacon" (the registry was told of none), "factory: series taken" (by a stock whose ISIN has changed
         since, of whatever policy), "token: bad policy", "token: bad series" (0, or 2**24 and above).
    @param name the name, kept for ever in the EIP-712 domain.
    @param symbol the ticker.
    @param isin ISO 6166, 12 characters.
    @param series 1 for the first token of this ISIN, 2 for its successor, …; the same on every network that has the stock.
    @param policy 0 ALLOWLIST, 1 BLOCKLIST.
    @return the stock's address.
    """
    roles._check(roles.ISSUER)
    assert self._tokens[isin] == empty(address), "factory: isin taken"
    assert len(isin) == 12, "factory: bad isin"
    # A call to no code succeeds: the stock would not be born, and be registered.
    assert staticcall REGISTRY.implementation() != empty(address), "factory: no beacon"
    token: address = create_from_blueprint(
        BLUEPRINT, REGISTRY.address, salt=self._salt(isin, series), revert_on_failure=False
    )
    assert token != empty(address), "factory: series taken"
    extcall IStockToken(token).initialize(name, symbol, isin, series, policy)
    extcall REGISTRY.registerToken(token)
    self._tokens[isin] = token
    log IStockFactory.StockCreated(token=token, isin=isin, series=series, policy=policy)
    return token


@external
def setIsin(before: String[12], isin: String[12]):
    """
    @notice Records that a stock's ISIN has changed. The timelock only.
    @dev Errors: "roles: not authorised", "factory: unknown stock", "factory: isin taken", "factory: bad isin".
    @param before the ISIN that it carries now.
    @param isin the ISIN that it carries from now on.
    """
    roles._check(roles.ADMIN)
    token: address = self._tokens[before]
    assert token != empty(address), "factory: unknown stock"
    assert self._tokens[isin] == empty(address), "factory: isin taken"
    assert len(isin) == 12, "factory: bad isin"
    self._tokens[before] = empty(address)
    self._tokens[isin] = token
    log IStockFactory.IsinChanged(token=token, old_isin=before, new_isin=isin)


@external
@view
def tokenOf(isin: String[12]) -> address:
    """
    @notice The stock that carries this ISIN now; the zero address if none does.
    """
    return self._tokens[isin]


@internal
@pure
def _salt(isin: String[12], series: uint256) -> bytes32:
    return keccak256(abi_encode(isin, series))
