# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title parties
@license AGPL-3.0-only
@notice Who acts for whom in a vault, and who is held: operators, accounts of one investor, successors of lost wallets, and what
        the stock says of blocks and freezes.
"""

from ..interfaces import IComplianceRegistry
from ..interfaces import IRequestVault
from ..interfaces import IStockToken
from ..shared import roles

uses: roles

REGISTRY: immutable(IComplianceRegistry)

# @notice the stock that the vault takes
share: public(address)
# @notice whether an account acts for a controller, or an owner
isOperator: public(HashMap[address, HashMap[address, bool]])
# @notice whether compliance lets an owner's units and money go by an account of another investor
approvedAccount: public(HashMap[address, HashMap[address, bool]])


@deploy
def __init__(registry: address):
    """
    @param registry the ComplianceRegistry.
    """
    REGISTRY = IComplianceRegistry(registry)


@external
def setOperator(operator: address, approved: bool) -> bool:
    """
    @notice Lets an account ask, call back and fetch for the caller, or no longer: a keeper, for example. What it fetches goes
            to accounts of the caller's investor.
    @return True, as ERC-7540 wants.
    """
    self.isOperator[msg.sender][operator] = approved
    log IRequestVault.OperatorSet(controller=msg.sender, operator=operator, approved=approved)
    return True


@external
def approveAccount(owner: address, account: address, approved: bool):
    """
    @notice Lets an owner name an account of another investor as controller or receiver, or no longer. COMPLIANCE only. As a
            controller it must have made the owner its operator, too.
    @dev Error: "roles: not authorised".
    @param owner whose units and money.
    @param account the other investor's.
    @param approved whether it may be named from now on.
    """
    roles._check(roles.COMPLIANCE)
    self.approvedAccount[owner][account] = approved
    log IRequestVault.AccountApproved(owner=owner, account=account, approved=approved)


@external
@view
def canRequest(owner: address, shares: uint256) -> bool:
    """
    @notice Whether a request of `owner` for `shares` would be taken now. Never reverts.
    """
    return self._asks(abi_encode(owner, shares, method_id=method_id("canEscrow(address,uint256)")))


@internal
@view
def _acts_for(account: address) -> bool:
    return account == msg.sender or self.isOperator[account][msg.sender]


@internal
@view
def _heir(controller: address) -> (address, bool):
    """
    @dev Who is heard for a controller, and whether neither a block nor a freeze holds it: the controller, or its last successor,
         nobody where that is another investor's now. A wallet that was recovered is blocked for ever, so that of one which
         may leave the registry need not be asked.
    """
    token: IStockToken = IStockToken(self.share)
    if staticcall token.canLeave(controller):
        return controller, True
    heir: address = staticcall REGISTRY.successorOf(controller)
    return heir, heir != controller and staticcall token.canLeave(heir)


@internal
@view
def _heard(controller: address) -> (address, bool):
    """
    @dev The same of the controller whose call or whose operator's call this is. Errors: "vault: no successor",
         "vault: not the controller".
    """
    heir: address = empty(address)
    free: bool = False
    heir, free = self._heir(controller)
    assert heir != empty(address), "vault: no successor"
    assert self._acts_for(heir), "vault: not the controller"
    return heir, free


@internal
@view
def _is_kin(account: address, other: address) -> bool:
    """
    @dev Whether two accounts are one investor's, that is on the register.
    """
    investor: uint64 = staticcall REGISTRY.investorOf(account)
    return investor != 0 and staticcall REGISTRY.investorOf(other) == investor


@internal
@view
def _check_receiver(controller: address, receiver: address):
    """
    @dev Whether a controller may have something sent there, whose call this is. Errors: as _heard, "vault: other investor",
         "vault: held" (a block or a freeze, of either).
    """
    # The usual case first: it costs half.
    own: bool = receiver == controller and self._acts_for(controller)
    if not (own and staticcall IStockToken(self.share).canLeave(controller)):
        heir: address = empty(address)
        free: bool = False
        heir, free = self._heard(controller)
        if receiver != heir:
            assert self.approvedAccount[heir][receiver] or self._is_kin(heir, receiver), "vault: other investor"
            free = free and staticcall IStockToken(self.share).canLeave(receiver)
        assert free, "vault: held"


@internal
@view
def _is_free(controller: address) -> bool:
    """
    @dev As `_may_leave`, of the account that would be heard, and False where nobody answers.
    """
    success: bool = False
    answer: Bytes[32] = b""
    success, answer = raw_call(
        REGISTRY.address,
        abi_encode(controller, method_id=method_id("successorOf(address)")),
        max_outsize=32,
        is_static_call=True,
        revert_on_failure=False,
    )
    if not success or len(answer) != 32:
        return False
    heir: address = convert(convert(answer, uint256), address)
    return self._asks(abi_encode(heir, method_id=method_id("canLeave(address)")))


@internal
@view
def _asks(question: Bytes[68]) -> bool:
    """
    @dev What the stock answers to a question of yes and no; False where it does not answer.
    """
    success: bool = False
    answer: Bytes[32] = b""
    success, answer = raw_call(
        self.share, question, max_outsize=32, is_static_call=True, revert_on_failure=False
    )
    return success and len(answer) == 32 and convert(answer, uint256) == 1
