# pragma version ==0.4.3
# pragma nonreentrancy off
# @license AGPL-3.0-only
"""
@title RegistryExtension
@license AGPL-3.0-only
@notice The second half of the registry: each stock's rules, onboarding by the investor, sanctions, and the recovery of lost
        wallets. ComplianceRegistry runs this code on its own storage for every call that it does not know.
        Who may call: the timelock (ADMIN) sets rules and names the sanctions oracle; COMPLIANCE tightens rules, drops
        providers and suspends the oracle; RECOVERER replaces lost wallets; an investor comes with a KYC provider's
        attestation; anyone screens, seeds and completes a recovery. How to stop it: revoke the role, drop the provider,
        suspend the oracle.
@custom:security Deployed once and never called itself: its own storage is nobody's. Storage is laid out by the same modules
                 in the same order as in ComplianceRegistry, its own behind theirs, and a test compares the two. Beside
                 stocks it calls, statically, the sanctions oracle and ERC-1271 signers.
"""

from snekmate.utils import eip712_domain_separator as domain

from ..shared import keys
from ..shared import roles
from . import attestations
from . import enrolments
from . import holder_limits
from . import holder_limits_totals
from . import investor_records
from . import recovery
from . import sanctions
from . import sanctions_screening
from . import stock_rules

# In the order of ComplianceRegistry: the two share one layout.
initializes: roles
initializes: keys
initializes: sanctions[roles := roles]
initializes: enrolments[roles := roles, sanctions := sanctions]
initializes: holder_limits_totals[enrolments := enrolments]
initializes: holder_limits[enrolments := enrolments, ht := holder_limits_totals, roles := roles]
initializes: investor_records[enrolments := enrolments, holder_limits_totals := holder_limits_totals, sanctions := sanctions]
initializes: recovery[enrolments := enrolments, records := investor_records, keys := keys, roles := roles]
initializes: domain
initializes: attestations[domain := domain, records := investor_records, roles := roles]
initializes: stock_rules[enrolments := enrolments, roles := roles]
initializes: sanctions_screening[enrolments := enrolments, records := investor_records, sanctions := sanctions]

exports: (
    # the rules of a stock
    stock_rules.setStockRules,
    stock_rules.stockRules,
    stock_rules.isClearedFor,
    holder_limits.setHolderLimits,
    holder_limits.removeHolderLimits,
    holder_limits.seedHolders,
    holder_limits.holderLimits,
    holder_limits.holderCount,
    holder_limits.heldWith,
    # onboarding by the investor
    attestations.onboardWithAttestation,
    attestations.cancelAttestation,
    attestations.dropProvider,
    attestations.readmitProvider,
    attestations.hashAttestation,
    attestations.attestationUsed,
    attestations.providerDropped,
    domain.eip712Domain,
    # sanctions
    sanctions.setSanctionsOracle,
    sanctions.suspendSanctionsOracle,
    sanctions.sanctionsOracle,
    sanctions_screening.screen,
    # lost wallets
    recovery.recoverWallet,
    recovery.recoverIn,
    roles.accessControl,
)


@deploy
def __init__(access_control: address):
    """
    @param access_control the role table.
    """
    roles.__init__(access_control)
    domain.__init__("Scrip ComplianceRegistry", "1")
