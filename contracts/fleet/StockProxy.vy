# pragma version ==0.4.3
# pragma nonreentrancy off
# @license AGPL-3.0-only
"""
@title StockProxy
@license AGPL-3.0-only
@notice A stock's address for life: it asks the registry, its beacon, for the implementation and delegates every call to it.
        Who may call: anyone; the implementation decides. It has no function and no storage of its own, but for the
        ERC-1967 beacon slot, written and logged once for explorers.
@custom:kill StockBeacon.halt() by GUARDIAN.
@custom:security The beacon is an immutable. Answers longer than 512 bytes are cut, so no view of the implementation may
                 answer more; the longest, eip712Domain, answers 416.
"""

# @dev keccak256("eip1967.proxy.beacon") - 1, in decimal: a hexadecimal literal of this length is a bytes32
_BEACON_SLOT: constant(uint256) = 74152234768234802001998023604048924213078445070507226371336425913862612794704


# @dev ERC-1967: how explorers learn of a beacon.
event BeaconUpgraded:
    beacon: indexed(address)


BEACON: immutable(address)

# An array as long as the address space makes its index the storage slot itself.
_slots: address[max_value(uint256)]


@deploy
def __init__(beacon: address):
    """
    @param beacon whom it asks for its implementation: the ComplianceRegistry.
    """
    BEACON = beacon
    self._slots[_BEACON_SLOT] = beacon
    log BeaconUpgraded(beacon=beacon)


@external
@payable
@raw_return
def __default__() -> Bytes[512]:
    """
    @notice Delegates the call, whatever it is, to the implementation of the moment.
    """
    implementation: address = convert(
        raw_call(BEACON, method_id("implementation()"), max_outsize=32, is_static_call=True), address
    )
    return raw_call(implementation, msg.data, max_outsize=512, is_delegate_call=True)
