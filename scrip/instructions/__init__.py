"""Instructions: what an issuer or an investor asks of a ledger, as values.

The model and every chain adapter apply the same values. Accounts, stocks and investors are names ("alice", "MSFT"); an
adapter maps them to addresses, and "" to the zero address. Times are UTC seconds. `reason` is a code, 1 to 65535;
`document` is the 32 bytes of a document's hash as 0x-prefixed hex, or any other text, of which an adapter takes the
keccak ("" is no document). `key` makes an instruction unrepeatable and is mapped alike, but with key "" the ledger
draws a fresh one. `by` is the account that signs; role-gated instructions are the issuer's unless a test says else.
"""

from scrip.holder_limits import InvestorClass
from scrip.instructions.actions import Announce, Cancel, Schedule
from scrip.instructions.attestations import (
    AttestationTerms,
    CancelAttestation,
    DropProvider,
    OnboardAttested,
    ReadmitProvider,
)
from scrip.instructions.base import (
    DOCUMENT_HASH,
    ISSUER,
    TREASURY,
    Instruction,
    KeyedInstruction,
    Policy,
    RoleInstruction,
    Side,
    check_count,
    role_needed,
    roles_sufficing,
    stem_of,
)
from scrip.instructions.enforcement import (
    CloseCase,
    Enforcement,
    ForcedBurn,
    ForcedTransfer,
    Freeze,
    Lock,
    OpenCase,
    ReleaseLocks,
    SetFrozenTokens,
)
from scrip.instructions.fleet import CreateStock, Halt, Pause, Unhalt, Unpause
from scrip.instructions.holder_limits import RemoveHolderLimits, SeedHolders, SetHolderLimits, SetStockRules
from scrip.instructions.investors import (
    Block,
    BlockWallet,
    LinkWallet,
    Onboard,
    Renew,
    SetProfile,
    Unblock,
    UnblockWallet,
    UnlinkWallet,
)
from scrip.instructions.market import FundStablecoin, Mint, PauseMarket, QuoteTerms, Redeem, UnpauseMarket
from scrip.instructions.recovery import MAX_RECOVERED, RecoverIn, RecoverWallet, Recovery
from scrip.instructions.reserve import AttestReserve, ConfigureReserve, ConfirmBasis, SetBasis, SetCeiling
from scrip.instructions.sanctions import (
    MAX_SCREENED,
    SANCTIONS_ORACLE,
    Answer,
    AnswerSanctions,
    Screen,
    SetSanctionsOracle,
    SuspendSanctionsOracle,
)
from scrip.instructions.transfers import Approve, Transfer, TransferFrom

__all__ = [
    # actions
    "Announce",
    "Cancel",
    "Schedule",
    # attestations
    "AttestationTerms",
    "CancelAttestation",
    "DropProvider",
    "OnboardAttested",
    "ReadmitProvider",
    # investors
    "Block",
    "BlockWallet",
    "LinkWallet",
    "Onboard",
    "Renew",
    "SetProfile",
    "Unblock",
    "UnblockWallet",
    "UnlinkWallet",
    # enforcement
    "CloseCase",
    "Enforcement",
    "ForcedBurn",
    "ForcedTransfer",
    "Freeze",
    "Lock",
    "OpenCase",
    "ReleaseLocks",
    "SetFrozenTokens",
    # fleet
    "CreateStock",
    "Halt",
    "Pause",
    "Unhalt",
    "Unpause",
    # transfers
    "Approve",
    "Transfer",
    "TransferFrom",
    # kinds
    "DOCUMENT_HASH",
    "ISSUER",
    "Instruction",
    "InvestorClass",
    "KeyedInstruction",
    "Policy",
    "RoleInstruction",
    "Side",
    "TREASURY",
    "check_count",
    "role_needed",
    "roles_sufficing",
    "stem_of",
    # market
    "FundStablecoin",
    "Mint",
    "PauseMarket",
    "QuoteTerms",
    "Redeem",
    "UnpauseMarket",
    # recovery
    "MAX_RECOVERED",
    "RecoverIn",
    "RecoverWallet",
    "Recovery",
    # reserve
    "AttestReserve",
    "ConfigureReserve",
    "ConfirmBasis",
    "SetBasis",
    "SetCeiling",
    # holder_limits
    "RemoveHolderLimits",
    "SeedHolders",
    "SetHolderLimits",
    "SetStockRules",
    # sanctions
    "Answer",
    "AnswerSanctions",
    "MAX_SCREENED",
    "SANCTIONS_ORACLE",
    "Screen",
    "SetSanctionsOracle",
    "SuspendSanctionsOracle",
]
