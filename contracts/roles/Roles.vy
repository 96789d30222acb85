# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title Roles
@custom:contract-name Roles
@license AGPL-3.0-only
@author Scrip
@notice Who may do what, for every contract of the suite: snekmate's `access_control`, deployed once. The role names are
        in `modules/roles.vy`.
@dev The deployer holds `DEFAULT_ADMIN_ROLE` until it has granted the roles of the deployment, granted the admin role to
     the timelock and renounced its own.
@custom:security Only holders of a role's admin role (the timelock) grant and revoke. A holder may renounce its own
                 role.
@custom:kill None. Revoke the role that misbehaves.
"""


from ethereum.ercs import IERC165
implements: IERC165

from snekmate.auth.interfaces import IAccessControl
implements: IAccessControl

from snekmate.auth import access_control as ac
initializes: ac


exports: (
    ac.DEFAULT_ADMIN_ROLE,
    ac.supportsInterface,
    ac.hasRole,
    ac.getRoleAdmin,
    ac.grantRole,
    ac.revokeRole,
    ac.renounceRole,
    ac.set_role_admin,
)


@deploy
def __init__():
    """
    @notice The deployer receives `DEFAULT_ADMIN_ROLE`.
    """
    ac.__init__()
