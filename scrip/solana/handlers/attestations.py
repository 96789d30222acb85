"""KYC providers: the program hears none, COMPLIANCE alone puts investors on its register."""

from scrip import instructions as ins
from scrip.solana.handlers.table import lacks

lacks(
    *(ins.OnboardAttested, ins.CancelAttestation, ins.DropProvider, ins.ReadmitProvider),
    reason="the program hears no KYC provider: COMPLIANCE onboards",
)
