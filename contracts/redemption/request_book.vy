# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title request_book
@license AGPL-3.0-only
@notice What a vault owes to whom, by controller: units that wait, units that were called back, and units that were filled
        with the money that they came to. One word each:

            open       bits 0..127  units that wait       bits 128..167  when the last of them was asked for, UTC seconds
                       bit  168     they are asked for in kind: the shares, and no money
            claim      bits 0..127  units filled          bits 128..255  stablecoin for them, base units
            totals     bits 0..127  units in the vault    bits 128..255  stablecoin owed to all claims

        A SubscriptionVault keeps the same the other way round: coins wait, were called back and were filled, and units are
        what they came to.
@dev A later request begins the wait of the whole anew: otherwise one unit asked for early would age for what is added late.
"""

U128: constant(uint256) = 2**128 - 1
_U40: constant(uint256) = 2**40 - 1
HIGH: constant(uint256) = 128
_IN_KIND: constant(uint256) = 2**168

_open: HashMap[address, uint256]
_claims: HashMap[address, uint256]
_cancelled: HashMap[address, uint256]
_totals: uint256


@external
@view
def pendingRedeemRequest(requestId: uint256, controller: address) -> uint256:
    """
    @notice Raw units that wait. Never reverts.
    """
    return self._pending(controller)[0] if requestId == 0 else 0


@external
@view
def claimableRedeemRequest(requestId: uint256, controller: address) -> uint256:
    """
    @notice Raw units that are filled and not fetched. Never reverts.
    """
    return self._claimable(controller)[0] if requestId == 0 else 0


@external
@view
def claimableCancelRedeemRequest(requestId: uint256, controller: address) -> uint256:
    """
    @notice Raw units that were called back and not fetched. Never reverts.
    """
    return self._cancelled[controller] if requestId == 0 else 0


@external
@view
def claimableAssets(controller: address) -> uint256:
    """
    @notice Base units of the stablecoin that the controller's filled units came to and that are not fetched; those that a
            block or a freeze holds too.
    """
    return self._claimable(controller)[1]


@external
@view
def requestedAt(controller: address) -> uint256:
    """
    @notice When the last of what waits was asked for, UTC seconds; 0 where nothing waits.
    """
    return self._pending(controller)[1]


@external
@view
def totalAssets() -> uint256:
    """
    @notice Base units that are owed to claims; as many are here.
    """
    return self._owed()


@external
@view
def totalRequested() -> uint256:
    """
    @notice What waits or was called back, of all controllers, raw units or (subscriptions) base units; as much is here.
    """
    return self._escrowed()


@internal
@view
def _pending(controller: address) -> (uint256, uint256):
    """
    @return (units that wait, when the last of them was asked for).
    """
    word: uint256 = self._open[controller]
    return word & U128, (word >> HIGH) & _U40


@internal
@view
def _claimable(controller: address) -> (uint256, uint256):
    """
    @return (units filled, stablecoin for them).
    """
    word: uint256 = self._claims[controller]
    return word & U128, word >> HIGH


@internal
@view
def _escrowed() -> uint256:
    """
    @return Units of all that wait and of all that were called back.
    """
    return self._totals & U128


@internal
@view
def _owed() -> uint256:
    """
    @return Stablecoin of all claims.
    """
    return self._totals >> HIGH


@internal
@view
def _is_in_kind(controller: address) -> bool:
    """
    @dev Whether what waits is asked for in kind.
    """
    return self._open[controller] & _IN_KIND != 0


@internal
def _add(controller: address, shares: uint256, in_kind: bool = False):
    """
    @dev More to wait. Errors: "vault: other kind waits" (for money, or in kind), "vault: too much" (above 2**128 - 1).
    """
    word: uint256 = self._open[controller]
    kind: uint256 = _IN_KIND if in_kind else 0
    waiting: uint256 = word & U128
    assert waiting == 0 or word & _IN_KIND == kind, "vault: other kind waits"
    escrowed: uint256 = self._totals & U128
    # Whoever asks for more than there is is refused here or by the stock.
    assert shares <= U128 - waiting and shares <= U128 - escrowed, "vault: too much"
    self._open[controller] = (waiting + shares) | (block.timestamp << HIGH) | kind
    self._totals += shares


@internal
def _retire(controller: address, shares: uint256):
    """
    @dev All that waits for a controller, so many units, leaves the book.
    """
    self._open[controller] = 0
    self._totals -= shares


@internal
def _cancel(controller: address) -> uint256:
    """
    @dev What waits waits no more; it can be fetched.
    """
    shares: uint256 = self._open[controller] & U128
    self._open[controller] = 0
    self._cancelled[controller] += shares
    return shares


@internal
def _fetch(controller: address) -> uint256:
    """
    @dev Units that were called back leave the book.
    """
    shares: uint256 = self._cancelled[controller]
    self._cancelled[controller] = 0
    self._totals -= shares
    return shares


@internal
def _fill(controller: address, shares: uint256, assets: uint256):
    """
    @dev What waits becomes a claim; the totals are the caller's, once for a batch. Error: "vault: too much".
    """
    filled: uint256 = 0
    due: uint256 = 0
    filled, due = self._claimable(controller)
    assert shares <= U128 - filled, "vault: too much"
    assert assets <= U128 - due, "vault: too much"
    self._open[controller] = 0
    self._claims[controller] = (filled + shares) | ((due + assets) << HIGH)


@internal
def _settle(shares: uint256, assets: uint256):
    """
    @dev A batch: units left the vault, money came. Error: "vault: too much".
    """
    owed: uint256 = self._totals >> HIGH
    assert assets <= U128 - owed, "vault: too much"
    self._totals = ((self._totals & U128) - shares) | ((owed + assets) << HIGH)


@internal
def _pay(controller: address, filled: uint256, due: uint256, shares: uint256, assets: uint256):
    """
    @dev Of a claim of `filled` and `due` so much is paid, no more than it is.
    """
    self._claims[controller] = unsafe_sub(filled, shares) | (unsafe_sub(due, assets) << HIGH)
    # The total of all claims is no less than one of them.
    self._totals = unsafe_sub(self._totals, assets << HIGH)


@internal
def _keep(controller: address, filled: uint256, due: uint256):
    """
    @dev A claim that was paid whole was not: it stands as before, and what waits beside it too.
    """
    self._claims[controller] = filled | (due << HIGH)
    self._totals += due << HIGH
