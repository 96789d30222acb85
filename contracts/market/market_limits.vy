# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title market_limits
@license AGPL-3.0-only
@notice How much may be minted and redeemed on quotes within a window: by all together (the issuer), in one stock, and by
        one investor; net, mints less redemptions, and gross, both added. Amounts are in cents of settlement.
@dev A bucket that leaks: what was traded counts, and drains at the cap a window. So a full bucket is empty after one
     window, and any window can see up to twice the cap: what the bucket holds and what drains from it meanwhile.
     The leak between two instants is the difference of two floors of the same line, cap * time // window, so that no
     fraction is lost or won however often a bucket is touched. A bucket that nothing limits is not written.
"""

from ..interfaces import IPrimaryMarket
from ..shared import refusals
from ..shared import roles

uses: roles

# @dev scopes, as setLimit takes them
ISSUER: constant(uint8) = 0
STOCK: constant(uint8) = 1
INVESTOR: constant(uint8) = 2

# @dev net 48 (biased) | gross 48 | time 40 | capNet 48 | capGross 48 | window 24, from the top; an investor's has no caps
_U48: constant(uint256) = 2**48 - 1
_U40: constant(uint256) = 2**40 - 1
_U24: constant(uint256) = 2**24 - 1
_CAPS_MASK: constant(uint256) = 2**120 - 1
_NET_SHIFT: constant(uint256) = 208
_GROSS_SHIFT: constant(uint256) = 160
_TIME_SHIFT: constant(uint256) = 120
_CAP_NET_SHIFT: constant(uint256) = 72
_CAP_GROSS_SHIFT: constant(uint256) = 24
# @dev what a net of 0 is in a word: more is what mints exceed redemptions by, less the other way round
_BIAS: constant(uint256) = 2**47
# @dev the bit of _each that says whether every quote is refused
PAUSED: constant(uint256) = 1 << 255
# @dev above an investor's caps in _each: most basis points of a fee 14 | from how many cents on two sign 48
_FEE_SHIFT: constant(uint256) = 120
_SECOND_SHIFT: constant(uint256) = 134
_U14: constant(uint256) = 2**14 - 1
# @dev most basis points of any fee
MAX_FEE: constant(uint256) = 500
# @dev most cents of a cap, so that a net of either sign has room
MAX_CAP: constant(uint256) = 2**47 - 1

_issuer: uint256
_stocks: HashMap[address, uint256]
# @dev by the registry's number, or by the account where it has none
_investors: HashMap[uint256, uint256]
# @dev the caps of every investor alike, as in a word, below what quotes are held to, and whether the market is paused:
#      one word that every quote reads
_each: uint256


@external
def setLimit(scope: uint8, token: address, capNet: uint256, capGross: uint256, window: uint256):
    """
    @notice Limits what is minted and redeemed on quotes. The timelock; or PAUSER, who can stop it all, where nothing
            becomes looser: tightening is fast, loosening waits.
    @dev Errors, in order: "roles: not authorised", "limits: bad scope" (or a token where none belongs), "limits: bad
         limits" (a cap of 2^47 or more, a window of 2^24 or more, one without the other), "limits: would loosen". What
         was traded before goes on counting: in one bucket it has drained at the old caps so far; an investor's drains at
         the new ones from its last trade on.
    @param scope 0 the issuer, 1 the stock `token`, 2 every investor alike.
    @param token the stock; zero for other scopes.
    @param capNet cents that mints may exceed redemptions by, and the other way round; 0 for no limit.
    @param capGross cents of mints and redemptions together; 0 for no limit.
    @param window seconds in which a full bucket drains; 0 without a cap.
    """
    is_admin: bool = roles._has(roles.ADMIN, msg.sender)
    if not is_admin:
        roles._check(roles.PAUSER)
    refusals._demand(scope <= INVESTOR and (scope == STOCK) == (token != empty(address)), "limits: bad scope")
    refusals._demand(capNet <= MAX_CAP and capGross <= MAX_CAP and window <= _U24, "limits: bad limits")
    refusals._demand((capNet + capGross == 0) == (window == 0), "limits: bad limits")
    word: uint256 = self._word(scope, token)
    refusals._demand(is_admin or self._is_tighter(word, capNet, capGross, window), "limits: would loosen")
    caps: uint256 = (capNet << _CAP_NET_SHIFT) | (capGross << _CAP_GROSS_SHIFT) | window
    if scope == INVESTOR:
        self._each = (self._each & ~_CAPS_MASK) | caps
    else:
        # What drained so far drained at the old caps.
        net: uint256 = 0
        gross: uint256 = 0
        net, gross = self._drained(word, word)
        made: uint256 = self._packed(net if capNet != 0 else _BIAS, gross if capGross != 0 else 0, caps)
        if scope == ISSUER:
            self._issuer = made
        else:
            self._stocks[token] = made
    log IPrimaryMarket.LimitSet(scope=scope, token=token, capNet=capNet, capGross=capGross, window=window)


@external
def setTerms(maxFeeBps: uint256, secondFrom: uint256):
    """
    @notice The highest fee that a quote may name, and from which settlement on two keys sign a quote. The timelock; or
            PAUSER, where nothing becomes looser.
    @dev Errors, in order: "roles: not authorised", "limits: bad terms" (a fee over 500, 2^47 cents or more), "limits: would
         loosen".
    @param maxFeeBps basis points of the settlement; 0 for no fee at all.
    @param secondFrom cents of settlement; 0 for one signature whatever the amount.
    """
    is_admin: bool = roles._has(roles.ADMIN, msg.sender)
    if not is_admin:
        roles._check(roles.PAUSER)
    refusals._demand(maxFeeBps <= MAX_FEE and secondFrom <= MAX_CAP, "limits: bad terms")
    word: uint256 = self._each
    second: uint256 = self._second_from(word)
    keeps_two: bool = second == 0 or (secondFrom != 0 and secondFrom <= second)
    refusals._demand(is_admin or (keeps_two and maxFeeBps <= self._max_fee(word)), "limits: would loosen")
    kept: uint256 = word & (PAUSED | _CAPS_MASK)
    self._each = kept | (maxFeeBps << _FEE_SHIFT) | (secondFrom << _SECOND_SHIFT)
    log IPrimaryMarket.TermsSet(maxFeeBps=maxFeeBps, secondFrom=secondFrom)


@external
@view
def quoteTerms() -> (uint256, uint256):
    """
    @notice (maxFeeBps, secondFrom), as setTerms takes them.
    @return uint256 basis points. @return uint256 cents.
    """
    return (self._max_fee(self._each), self._second_from(self._each))


@internal
@pure
def _max_fee(each: uint256) -> uint256:
    return (each >> _FEE_SHIFT) & _U14


@internal
@pure
def _second_from(each: uint256) -> uint256:
    return (each >> _SECOND_SHIFT) & _U48


@external
@view
def limitOf(scope: uint8, token: address) -> (uint256, uint256, uint256):
    """
    @notice (capNet, capGross, window) of a scope, as setLimit takes them; zeros where nothing limits it.
    @param scope 0 the issuer, 1 a stock, 2 every investor alike.
    @param token the stock; ignored for other scopes.
    @return uint256 capNet, in cents. @return uint256 capGross, in cents. @return uint256 window, in seconds.
    """
    word: uint256 = self._word(scope, token)
    return ((word >> _CAP_NET_SHIFT) & _U48, (word >> _CAP_GROSS_SHIFT) & _U48, word & _U24)


@external
@view
def levelOf(scope: uint8, token: address, investor: uint256) -> (int256, uint256):
    """
    @notice (net, gross) that count against a scope's limits now, in cents.
    @param scope 0 the issuer, 1 a stock, 2 an investor.
    @param token the stock; ignored for other scopes.
    @param investor the registry's number, or an account that has none as a number; ignored for other scopes.
    @return int256 mints less redemptions. @return uint256 mints and redemptions.
    """
    word: uint256 = self._investors[investor] if scope == INVESTOR else self._word(scope, token)
    return self._level(word, self._word(scope, token))


@internal
def _fill(token: address, investor: uint256, each: uint256, cents: uint256, is_mint: bool):
    """
    @dev Counts a mint or redemption against all three. Errors, in order: "market: issuer limit",
         "market: stock limit", "market: investor limit". `each` are every investor's caps.
    """
    fits: bool = True
    made: uint256 = 0
    word: uint256 = self._issuer
    if word != 0:
        fits, made = self._filled(word, word, cents, is_mint)
        if not fits:
            refusals._refuse("market: issuer limit")
        self._issuer = made
    word = self._stocks[token]
    if word != 0:
        fits, made = self._filled(word, word, cents, is_mint)
        if not fits:
            refusals._refuse("market: stock limit")
        self._stocks[token] = made
    if each != 0:
        fits, made = self._filled(self._investors[investor], each, cents, is_mint)
        if not fits:
            refusals._refuse("market: investor limit")
        # Its caps are everybody's.
        self._investors[investor] = made & ~_CAPS_MASK


@internal
@view
def _room(token: address, investor: uint256, caps: uint256, is_mint: bool) -> uint256:
    """
    @dev Most cents that fit into all three now; max_value where nothing limits them. `caps` are every investor's.
    """
    most: uint256 = self._room_in(self._issuer, self._issuer, is_mint)
    most = min(most, self._room_in(self._stocks[token], self._stocks[token], is_mint))
    return min(most, self._room_in(self._investors[investor], caps, is_mint))


@internal
@view
def _room_in(word: uint256, caps: uint256, is_mint: bool) -> uint256:
    if caps == 0:
        return max_value(uint256)
    net: int256 = 0
    gross: uint256 = 0
    net, gross = self._level(word, caps)
    cap_net: uint256 = (caps >> _CAP_NET_SHIFT) & _U48
    cap_gross: uint256 = (caps >> _CAP_GROSS_SHIFT) & _U48
    most: uint256 = MAX_CAP
    if cap_net != 0:
        left: int256 = convert(cap_net, int256) - (net if is_mint else -net)
        most = min(most, convert(max(left, 0), uint256))
    if cap_gross != 0:
        most = min(most, cap_gross - min(gross, cap_gross))
    return most


@internal
@view
def _filled(word: uint256, caps: uint256, cents: uint256, is_mint: bool) -> (bool, uint256):
    """
    @dev Whether `cents` more fit, and the word with them.
    """
    if cents > MAX_CAP:
        return (False, 0)
    net: uint256 = 0
    gross: uint256 = 0
    net, gross = self._drained(word, caps)
    cap_net: uint256 = (caps >> _CAP_NET_SHIFT) & _U48
    cap_gross: uint256 = (caps >> _CAP_GROSS_SHIFT) & _U48
    # 48 bits each: nothing overflows, and what is below 0 does not fit.
    if cap_net != 0:
        # What brings it back towards zero fits, even where the cap was tightened below it.
        if is_mint:
            net = unsafe_add(net, cents)
            if net > unsafe_add(_BIAS, cap_net):
                return (False, 0)
        else:
            if unsafe_add(net, cap_net) < unsafe_add(_BIAS, cents):
                return (False, 0)
            net = unsafe_sub(net, cents)
    if cap_gross != 0:
        gross = unsafe_add(gross, cents)
        if gross > cap_gross:
            return (False, 0)
    return (True, self._packed(net, gross, caps & _CAPS_MASK))


@internal
@view
def _level(word: uint256, caps: uint256) -> (int256, uint256):
    """
    @dev What of a word's net and gross is left now, at these caps.
    """
    net: uint256 = 0
    gross: uint256 = 0
    net, gross = self._drained(word, caps)
    return (unsafe_sub(convert(net, int256), convert(_BIAS, int256)), gross)


@internal
@view
def _drained(word: uint256, caps: uint256) -> (uint256, uint256):
    """
    @dev The same, with the net as it stands in a word. Every trade runs this three times. What drains from an instant until now
         is of two floors the difference, so that many short leaks are one long one.
    """
    window: uint256 = caps & _U24
    if window == 0 or word >> _TIME_SHIFT == 0:
        return (_BIAS, 0)
    since: uint256 = (word >> _TIME_SHIFT) & _U40
    # Nothing here is near 256 bits: 48 of a level, 88 of what drains. No instant is after now, and no window here is 0.
    net: uint256 = _BIAS
    cap: uint256 = (caps >> _CAP_NET_SHIFT) & _U48
    if cap != 0:
        net = word >> _NET_SHIFT
        leak: uint256 = unsafe_sub(
            unsafe_div(unsafe_mul(cap, block.timestamp), window), unsafe_div(unsafe_mul(cap, since), window)
        )
        if net > _BIAS:
            net = max(unsafe_sub(net, leak), _BIAS) if leak < net else _BIAS
        else:
            net = min(unsafe_add(net, leak), _BIAS)
    gross: uint256 = 0
    cap = (caps >> _CAP_GROSS_SHIFT) & _U48
    if cap != 0:
        gross = (word >> _GROSS_SHIFT) & _U48
        leak: uint256 = unsafe_sub(
            unsafe_div(unsafe_mul(cap, block.timestamp), window), unsafe_div(unsafe_mul(cap, since), window)
        )
        gross = unsafe_sub(gross, leak) if leak < gross else 0
    return (net, gross)


@internal
@view
def _packed(net: uint256, gross: uint256, caps: uint256) -> uint256:
    """
    @dev The word of a level as it is now; `net` as it stands in one.
    """
    if caps == 0:
        return 0
    return (net << _NET_SHIFT) | (gross << _GROSS_SHIFT) | (block.timestamp << _TIME_SHIFT) | caps


@internal
@view
def _word(scope: uint8, token: address) -> uint256:
    """
    @dev The word with a scope's caps.
    """
    if scope == ISSUER:
        return self._issuer
    if scope == STOCK:
        return self._stocks[token]
    return self._each & _CAPS_MASK


@internal
@pure
def _is_tighter(word: uint256, cap_net: uint256, cap_gross: uint256, window: uint256) -> bool:
    """
    @dev Whether nothing that the present limits refuse is let through: no cap is higher, and none drains faster.
    """
    net: uint256 = (word >> _CAP_NET_SHIFT) & _U48
    gross: uint256 = (word >> _CAP_GROSS_SHIFT) & _U48
    if net != 0 and (cap_net == 0 or cap_net > net):
        return False
    if gross != 0 and (cap_gross == 0 or cap_gross > gross):
        return False
    return window >= word & _U24
