# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title stock_rules
@license AGPL-3.0-only
@notice Which classes and which countries may hold a stock. A rule works through the clearance that the registry hands to
        the stock: whoever it shuts out has none there, so transfers pay nothing for it, and can still redeem.
@dev Rules change together with the stock's epoch, in one transaction, so no copy of the time before is believed. An
     allow list and a deny list are the same bitmap and its complement.
"""

from ..interfaces import IComplianceRegistry
from ..interfaces import IStockToken
from ..shared import roles
from ..token import token_config as tc
from . import enrolments
from . import stock_word as sw

uses: enrolments
uses: roles


@external
def setStockRules(token: address, classes: uint256, countries: uint256[4]):
    """
    @notice Sets who may hold a stock. The timelock, or COMPLIANCE for rules that admit nobody whom the present ones shut
            out: tightening is fast, loosening waits.
    @dev Errors, in order: "roles: not authorised", "registry: not a stock", "rules: not an allowlist" (anyone may hold a
         BLOCKLIST stock), "rules: bad classes" (none, or none of 1 to 4), "rules: would loosen", "rules: nothing changes".
    @param token the stock.
    @param classes bit k for class k; 30 is every class.
    @param countries bit c (of word c // 256, position c % 256) for each country c, ISO 3166 numeric, whose investors may
           hold; all ones is every country.
    """
    is_admin: bool = roles._has(roles.ADMIN, msg.sender)
    if not is_admin:
        roles._check(roles.COMPLIANCE)
    number: uint256 = enrolments._number_of(token)
    assert staticcall IStockToken(token).policy() == tc.ALLOWLIST_POLICY, "rules: not an allowlist"
    assert classes != 0 and classes & ~sw.EVERY_CLASS == 0, "rules: bad classes"
    before: uint256 = 0
    countries_before: uint256[4] = empty(uint256[4])
    before, countries_before = self._rules(token, number)
    flags: uint256 = self._flags(token) & sw.CAPPED
    if classes != sw.EVERY_CLASS:
        flags |= sw.CLASSES | classes
    looser: uint256 = classes & ~before
    changes: bool = classes != before
    for i: uint256 in range(4):
        changes = changes or countries[i] != countries_before[i]
        looser |= countries[i] & ~countries_before[i]
        if countries[i] != max_value(uint256):
            flags |= sw.COUNTRIES
    assert is_admin or looser == 0, "rules: would loosen"
    # Each change makes every holder of the stock be asked about anew.
    assert changes, "rules: nothing changes"
    enrolments.countries[number] = countries
    enrolments._set_flags(token, number, flags)
    extcall IStockToken(token).bumpEpoch()
    log IComplianceRegistry.StockRulesSet(token=token, classes=classes, countries=countries)


@external
@view
def stockRules(token: address) -> (uint256, uint256[4]):
    """
    @notice (classes, countries) that may hold the stock, as setStockRules takes them.
    @dev Error: "registry: not a stock".
    """
    return self._rules(token, enrolments._number_of(token))


@external
@view
def isClearedFor(wallet: address, token: address) -> bool:
    """
    @notice Whether the wallet may hold this ALLOWLIST stock now: cleared, and admitted by the stock's rules.
    @dev Error: "registry: not a stock".
    """
    number: uint256 = enrolments._number_of(token)
    return enrolments._is_cleared(enrolments._bits(enrolments.wallets[wallet], number, self._flags(token)))


@internal
@view
def _flags(token: address) -> uint256:
    return enrolments.numbers[token] >> sw.NUMBER_FLAGS


@internal
@view
def _rules(token: address, number: uint256) -> (uint256, uint256[4]):
    flags: uint256 = self._flags(token)
    classes: uint256 = sw.EVERY_CLASS
    if flags & sw.CLASSES != 0:
        classes = flags & sw.CLASSES_MASK
    if flags & sw.COUNTRIES != 0:
        return classes, enrolments.countries[number]
    every: uint256 = max_value(uint256)
    return classes, [every, every, every, every]
