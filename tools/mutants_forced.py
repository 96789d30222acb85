"""What is planted in forced actions on Solana (see mutants.py): units taken, recovered, frozen in part and locked."""

from __future__ import annotations

from mutants_planted import SOURCE, Mutant

FORCED = ("tests/solana/test_forced_actions.py", "tests/solana/test_bound_units.py")
ENFORCEMENT = f"{SOURCE}/instructions/enforcement"
PROGRAM = (
    Mutant(
        "seized: an account that was frozen is left thawed",
        f"{SOURCE}/token.rs",
        "        for (account, _) in frozen() {\n"
        "            self.sign(&self.freezing(mint, account)?, &named)?;\n        }\n",
        "",
        tests=FORCED,
    ),
    Mutant(
        "burnt: the order can be carried out again",
        f"{ENFORCEMENT}/forced_burn.rs",
        "    accounts.begin(&key, reason, &document, &ctx.bumps)?;\n",
        "    accounts.issuer.require(crate::state::Role::Enforcer, accounts.signer.key)?;\n"
        "    crate::guards::require_reason(reason, &document, ScripError::ReasonAndDocument)?;\n",
        tests=FORCED,
    ),
    Mutant(
        "recovered: what is bound goes to a successor who is another investor's",
        f"{SOURCE}/accounts/recovery.rs",
        "        ensure_same!(new.investor, old.investor, ScripError::UnknownWallet);\n",
        "",
        tests=FORCED,
    ),
    Mutant(
        "frozen in part: an amount is added and not set",
        f"{ENFORCEMENT}/freeze_tokens.rs",
        "bound.state.frozen = amount;",
        "bound.state.frozen = bound.state.frozen.saturating_add(amount);",
        tests=FORCED,
    ),
    Mutant(
        "locked: what ends in this second is bound still",
        f"{SOURCE}/state/locked.rs",
        "filter(|one| now < one.until).collect();\n        let before",
        "filter(|one| now <= one.until).collect();\n        let before",
        tests=FORCED,
    ),
    Mutant(
        "released: to a wallet that may not receive",
        f"{ENFORCEMENT}/release_ended.rs",
        "    ensure!(may, ScripError::CannotReceive);\n",
        "    let _ = may;\n",
        tests=FORCED,
    ),
    Mutant(
        "released: to nobody whose clearance has lapsed, who could not leave with it",
        f"{ENFORCEMENT}/release_ended.rs",
        "accounts.standing(now)?.clearance.may_leave() &&",
        "accounts.may_be_thawed(now)? &&",
        tests=FORCED,
    ),
    Mutant(
        "minted: past the maximum, beside what of the wallet's is bound",
        f"{SOURCE}/instructions/market/mint.rs",
        "to.amount.saturating_add(bound_in(locked)?).saturating_add",
        "to.amount.saturating_add(bound_in(locked)? & 0).saturating_add",
        tests=("tests/solana/test_holder_limits_on_solana.py",),
    ),
    Mutant(
        "minted: past the maximum, by the record of another's bound units",
        f"{SOURCE}/accounts/locks.rs",
        "[others @ .., record] if *record.key == at =>",
        "[others @ .., record] if *record.key != crate::ID =>",
        tests=("tests/solana/test_holder_limits_on_solana.py",),
    ),
    Mutant(
        "seized out of a vault: the record binds what is gone",
        f"{SOURCE}/accounts/enforcement.rs",
        "            kept.state.dig(lacking, Clock::get()?.unix_timestamp);\n",
        "",
        tests=FORCED,
    ),
    Mutant(
        "seized out of a vault: of another wallet",
        f"{SOURCE}/accounts/locks.rs",
        "state.stock == *stock && state.holder == *holder",
        "state.stock == *stock",
        tests=FORCED,
    ),
    Mutant(
        "a stranger opens a vault",
        f"{ENFORCEMENT}/thaw.rs",
        "    ensure!(accounts.holder.owner != &crate::ID, ScripError::CannotReceive);\n",
        "",
        tests=FORCED,
    ),
)
