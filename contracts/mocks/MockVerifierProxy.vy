# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title MockVerifierProxy
@license AGPL-3.0-only
@notice A verifier of data streams for tests and demonstrations, in the shape of Chainlink's VerifierProxy. It takes any
        payload of the shape for signed and looks at no signature: never point a real DataStream at it.
"""

from ..interfaces import IVerifierProxy

implements: IVerifierProxy


event Verified:
    report: Bytes[1024]
    parameters: Bytes[32]


@external
@payable
def verify(payload: Bytes[8192], parameterPayload: Bytes[32]) -> Bytes[1024]:
    """
    @notice The report of a payload, whoever signed it. Anyone.
    @dev Error: "verifier: no payload".
    @param payload (three words of context, the report, signatures), ABI-encoded.
    @param parameterPayload told, and not looked at.
    """
    assert len(payload) >= 9 * 32, "verifier: no payload"
    signed: (bytes32[3], Bytes[1024], DynArray[bytes32, 31], DynArray[bytes32, 31], bytes32) = abi_decode(
        payload, (bytes32[3], Bytes[1024], DynArray[bytes32, 31], DynArray[bytes32, 31], bytes32)
    )
    log Verified(report=signed[1], parameters=parameterPayload)
    return signed[1]
