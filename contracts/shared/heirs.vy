# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title heirs
@license AGPL-3.0-only
@notice Who stands in an account's place: it votes, and is paid, until a recovery names its successor in the registry.
"""

from ..interfaces import IComplianceRegistry


@internal
@view
def _entitled(registry: IComplianceRegistry, account: address) -> address:
    """
    @dev Who acts for an account: itself, or its last successor; the zero address while a block holds it. A wallet that was
         recovered is blocked for ever, so that of one which is free no successor need be asked.
    """
    if not staticcall registry.isBlocked(account):
        return account
    heir: address = staticcall registry.successorOf(account)
    if heir == account or heir == empty(address) or staticcall registry.isBlocked(heir):
        return empty(address)
    return heir
