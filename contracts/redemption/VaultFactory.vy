# pragma version ==0.4.3
# pragma nonreentrancy off
# @license AGPL-3.0-only
"""
@title VaultFactory
@license AGPL-3.0-only
@notice Makes the one RequestVault of each stock and stablecoin: a minimal proxy (ERC-1167) at an address that follows from
        the two, initialised in the same call. Its code is made here too, so that it takes a vault from nobody else. Where
        investors may subscribe a second one makes a SubscriptionVault of each.
        Who may call: the timelock (ADMIN).
        How to stop it: nothing runs here. A vault takes no unit before the timelock gives it VAULT in Roles.
@custom:security It holds no role. What a vault's code is cannot be changed: a new factory makes new vaults, beside which the
                 old ones go on paying.
"""

from ethereum.ercs import IERC20Detailed

from ..interfaces import IComplianceRegistry
from ..interfaces import IPrimaryMarket
from ..interfaces import IRequestVault
from ..shared import roles

initializes: roles

exports: roles.accessControl


event VaultCreated:
    vault: indexed(address)
    token: indexed(address)
    asset: indexed(address)


# @dev how an ERC-5202 blueprint of version 0 without data begins
_BLUEPRINT_MAGIC: constant(Bytes[3]) = x"FE7100"
# @dev most decimals of a stablecoin: a vault's book holds 128 bits of it, which are 340 million millions of its dollars
MAX_DECIMALS: constant(uint8) = 24

REGISTRY: immutable(IComplianceRegistry)
MARKET: immutable(IPrimaryMarket)
# @notice the code that every vault runs
IMPLEMENTATION: public(immutable(address))

# @notice the vault of a stock and a stablecoin; the zero address where there is none
vaultOf: public(HashMap[address, HashMap[address, address]])


@deploy
def __init__(access_control: address, registry: address, market: address, blueprint: address):
    """
    @param access_control the role table.
    @param registry the ComplianceRegistry.
    @param market the PrimaryMarket, whose treasury pays.
    @param blueprint ERC-5202 blueprint of RequestVault, or of SubscriptionVault.
    @dev Errors: "roles: zero address", "factory: bad registry", "factory: bad market" (no code, or of another role table),
         "factory: bad blueprint".
    """
    roles.__init__(access_control)
    assert roles._is_ours(registry), "factory: bad registry"
    assert roles._is_ours(market), "factory: bad market"
    assert blueprint.codesize > 3 and slice(blueprint.code, 0, 3) == _BLUEPRINT_MAGIC, "factory: bad blueprint"
    REGISTRY = IComplianceRegistry(registry)
    MARKET = IPrimaryMarket(market)
    IMPLEMENTATION = create_from_blueprint(blueprint, access_control, registry, market)


@external
def createVault(
    token: address, asset: address, minimum: uint256, patience: uint256, band: uint256, reference: uint256
) -> address:
    """
    @notice Makes a stock's vault for a stablecoin. The timelock (at deployment, the deployer) only. It works once it has been
            given VAULT in Roles and the treasury's approval of the stablecoin.
    @dev Errors, in order: "roles: not authorised", "factory: unknown stock", "factory: asset not listed",
         "factory: bad decimals" (over 24), "factory: pays in itself", "factory: vault is there", "vault: bad terms", "vault: bad price".
    @param token the stock.
    @param asset a stablecoin that the market lists.
    @param minimum raw units below which a request suspends no mints, or base units below which none to subscribe is taken,
           1 and more.
    @param patience seconds after which a request waits too long, a day to thirty.
    @param band basis points that a day's strikes may be from its reference, 1 to 5,000.
    @param reference base units of the stablecoin for 10**18 raw units, which the first strikes are held to.
    @return the vault's address.
    """
    roles._check(roles.ADMIN)
    assert staticcall REGISTRY.tokenNumber(token) != 0, "factory: unknown stock"
    assert staticcall MARKET.assetListed(asset), "factory: asset not listed"
    # Of more a few dollars' worth would fill the book, and nobody could ask or be paid.
    assert staticcall IERC20Detailed(asset).decimals() <= MAX_DECIMALS, "factory: bad decimals"
    # Or its units that wait would be coins that nobody's claim stands for.
    assert token != asset, "factory: pays in itself"
    assert self.vaultOf[token][asset] == empty(address), "factory: vault is there"
    salt: bytes32 = keccak256(abi_encode(token, asset))
    vault: address = create_minimal_proxy_to(IMPLEMENTATION, salt=salt)
    self.vaultOf[token][asset] = vault
    extcall IRequestVault(vault).initialize(token, asset, minimum, patience, band, reference)
    log VaultCreated(vault=vault, token=token, asset=asset)
    return vault
