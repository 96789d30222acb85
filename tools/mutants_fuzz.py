"""Faults of the Solana program that the fuzzer finds by its sentences (see fuzz.py): no test names any of them."""

from __future__ import annotations

from mutants_planted import SOURCE, Mutant

FAULTS = (
    Mutant(
        "an account of a lapsed investor's is opened",
        f"{SOURCE}/instructions/enforcement/thaw.rs",
        "standing.within(&accounts.stock).may_receive(accounts.stock.policy) && !accounts.is_held()?",
        "standing.clearance != crate::state::Clearance::Blocked && !accounts.is_held()?",
    ),
    Mutant(
        "units are minted past the reserve",
        f"{SOURCE}/state/reserve.rs",
        "there.is_some_and(|there| sides.required <= there)",
        "there.is_some_and(|there| sides.required / 2 <= there)",
    ),
    Mutant(
        "what is taken of a vault stays on its record",
        f"{SOURCE}/accounts/enforcement.rs",
        "            kept.state.dig(lacking, Clock::get()?.unix_timestamp);\n",
        "",
    ),
    Mutant(
        "a halt does not stop a redemption",
        f"{SOURCE}/instructions/market/redeem.rs",
        "    accounts.issuer.require_running()?;\n",
        "",
    ),
    Mutant(
        "an operation is carried out before it has waited",
        f"{SOURCE}/instructions/timelock/execute_operation.rs",
        "    ensure!(now >= operation.ready_at, ScripError::OperationNotReady);\n",
        "",
    ),
    Mutant(
        "no seizure where the stock is paused",
        f"{SOURCE}/token.rs",
        "        if paused {\n            self.resume(mint)?;\n        }\n",
        "",
    ),
    Mutant(
        "a day's limit of withdrawals does not drain, it starts anew",
        f"{SOURCE}/state/records.rs",
        "        self.level.saturating_sub(elapsed.saturating_mul(self.daily.into()))",
        "        self.level.saturating_sub(elapsed.saturating_mul(self.daily.into()).saturating_mul(30))",
    ),
    Mutant(
        "a recovered wallet's hold is lifted",
        f"{SOURCE}/accounts/recovery.rs",
        "        close(old, &self.signer)?;\n        Ok(true)",
        "        close(new, &self.signer)?;\n        close(old, &self.signer)?;\n        Ok(true)",
    ),
)
