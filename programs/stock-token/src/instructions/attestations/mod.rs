//! KYC providers: who may attest to investors, who puts itself on the register with what one signed, and how that ends.
mod cancel_attestation;
mod drop_provider;
mod onboard_attested;
mod set_provider;

pub(crate) use cancel_attestation::*;
pub(crate) use drop_provider::*;
pub(crate) use onboard_attested::*;
pub(crate) use set_provider::*;
