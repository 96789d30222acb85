# pragma version ==0.4.3
# @license AGPL-3.0-only
"""
@title attestations
@license AGPL-3.0-only
@notice An investor puts itself on the register with what a KYC provider signed about it (EIP-712).
@dev Providers hold KYC_PROVIDER, which the timelock gives; COMPLIANCE drops one at once, and only the timelock readmits it.
     A provider cannot make a venue, cannot touch who is on the register already, and each nonce of it serves once.
"""

from snekmate.utils import eip712_domain_separator as domain

from ..interfaces import IComplianceRegistry
from ..shared import roles
from ..shared import signatures
from . import investor_records as records
from . import wallet_word as ww

uses: domain
uses: records
uses: roles

_TYPEHASH: constant(bytes32) = keccak256(
    # One line, as EIP-712 hashes it.
    "Attestation(address provider,uint64 investor,address wallet,uint16 country,uint8 investorClass,uint256 expiry,uint256 nonce,uint256 deadline)"
)

# @notice whether a provider's nonce has served
attestationUsed: public(HashMap[address, HashMap[uint256, bool]])
# @notice whether COMPLIANCE has dropped the provider
providerDropped: public(HashMap[address, bool])


@external
def onboardWithAttestation(attestation: IComplianceRegistry.Attestation, signature: Bytes[signatures.MAX_LENGTH]):
    """
    @notice Records the caller as an investor with its first wallet, on a KYC provider's word.
    @dev Errors, in order: "attestation: not your wallet", "attestation: expired" (now > deadline),
         "attestation: not a provider", "attestation: provider dropped", "attestation: bad class" (a venue),
         "attestation: nonce used", "attestation: bad signature", then as investor_book's _record.
    @param attestation what the provider says; `expiry` and `deadline` are UTC seconds.
    @param signature the provider's; a contract that signs (ERC-1271) reads it as it likes.
    """
    assert attestation.wallet == msg.sender, "attestation: not your wallet"
    assert block.timestamp <= attestation.deadline, "attestation: expired"
    provider: address = attestation.provider
    assert roles._has(roles.KYC_PROVIDER, provider), "attestation: not a provider"
    assert not self.providerDropped[provider], "attestation: provider dropped"
    assert attestation.investorClass != ww.VENUE_CLASS, "attestation: bad class"
    assert not self.attestationUsed[provider][attestation.nonce], "attestation: nonce used"
    assert signatures._is_valid(provider, self._digest(attestation), signature), "attestation: bad signature"
    self.attestationUsed[provider][attestation.nonce] = True
    records._record(
        records.Entry(
            investor=attestation.investor,
            wallet=attestation.wallet,
            country=attestation.country,
            investor_class=attestation.investorClass,
            expiry=attestation.expiry,
        )
    )
    log IComplianceRegistry.Attested(provider=provider, investor=attestation.investor, nonce=attestation.nonce)


@external
def cancelAttestation(nonce: uint256):
    """
    @notice Makes a nonce of the caller unusable, and with it what it signed under it. Providers; harmless to others.
    @dev Error: "attestation: nonce used".
    """
    assert not self.attestationUsed[msg.sender][nonce], "attestation: nonce used"
    self.attestationUsed[msg.sender][nonce] = True
    log IComplianceRegistry.AttestationCancelled(provider=msg.sender, nonce=nonce)


@external
def dropProvider(provider: address, reason: uint16, document: bytes32):
    """
    @notice Believes a provider no longer, from this transaction on. COMPLIANCE only. Whom it has attested stays.
    @dev Errors: "roles: not authorised", "registry: reason and document", "attestation: provider dropped".
    """
    roles._check(roles.COMPLIANCE)
    records._check_reason(reason, document)
    assert not self.providerDropped[provider], "attestation: provider dropped"
    self.providerDropped[provider] = True
    log IComplianceRegistry.ProviderDropped(provider=provider, reason=reason, document=document)


@external
def readmitProvider(provider: address):
    """
    @notice Believes a dropped provider again. The timelock only.
    @dev Errors: "roles: not authorised", "attestation: not dropped".
    """
    roles._check(roles.ADMIN)
    assert self.providerDropped[provider], "attestation: not dropped"
    self.providerDropped[provider] = False
    log IComplianceRegistry.ProviderReadmitted(provider=provider)


@external
@view
def hashAttestation(attestation: IComplianceRegistry.Attestation) -> bytes32:
    """
    @notice The EIP-712 digest that the provider signs.
    """
    return self._digest(attestation)


@internal
@view
def _digest(attestation: IComplianceRegistry.Attestation) -> bytes32:
    return domain._hash_typed_data_v4(keccak256(abi_encode(_TYPEHASH, attestation)))
