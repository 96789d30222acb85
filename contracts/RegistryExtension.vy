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

from .modules import attestations
from .modules import directory
from .modules import holder_rules
from .modules import holder_totals
from .modules import investor_book
from .modules import keys
from .modules import recoveries
from .modules import roles
from .modules import sanctions
from .modules import screening
from .modules import stock_rules

# In the order of ComplianceRegistry: the two share one layout.
initializes: roles
initializes: keys
initializes: sanctions[roles := roles]
initializes: directory[roles := roles, sanctions := sanctions]
initializes: holder_totals[directory := directory]
initializes: holder_rules[directory := directory, ht := holder_totals, roles := roles]
initializes: investor_book[directory := directory, holder_totals := holder_totals, sanctions := sanctions]
initializes: recoveries[directory := directory, book := investor_book, keys := keys, roles := roles]
initializes: domain
initializes: attestations[domain := domain, book := investor_book, roles := roles]
initializes: stock_rules[directory := directory, roles := roles]
initializes: screening[directory := directory, book := investor_book, sanctions := sanctions]

exports: (
    # the rules of a stock
    stock_rules.setStockRules,
    stock_rules.stockRules,
    stock_rules.isClearedFor,
    holder_rules.setHolderLimits,
    holder_rules.removeHolderLimits,
    holder_rules.seedHolders,
    holder_rules.holderLimits,
    holder_rules.holderCount,
    holder_rules.heldWith,
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
    screening.screen,
    # lost wallets
    recoveries.recoverWallet,
    recoveries.recoverIn,
    roles.accessControl,
)


@deploy
def __init__(access_control: address):
    """
    @param access_control the role table.
    """
    roles.__init__(access_control)
    domain.__init__("Scrip ComplianceRegistry", "1")
