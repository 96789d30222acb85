"""Who holds what: accounts, Safe, timelock, roles and the program, each check by one small edit of a good manifest."""

import pytest

from scrip.evm.accounts import local_account

ADDRESS = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
"""The first example of EIP-55."""

# the manifest, what is edited, to what, the text whose line is to be named, field, value, words of the message
CASES = {
    # accounts
    "a local key on a public network": (
        "mainnet", "{alias: scrip-quote-key}", "{local: true}", "quote-key: {", "accounts.quote-key.local", "True",
        "anyone can derive",
    ),
    "an account by two": (
        "local", "quote-key: {local: true}", "quote-key: {local: true, alias: q}", "quote-key: {",
        "accounts.quote-key", "", "exactly one of alias, address, local: true; has alias, local",
    ),
    "an account by none": (
        "local", "quote-key: {local: true}", "quote-key: {}", "quote-key: {", "accounts.quote-key", "", "has none",
    ),
    "a local account that is not": (
        "local", "quote-key: {local: true}", "quote-key: {local: false}", "quote-key: {", "accounts.quote-key", "",
        "none",
    ),
    "an address too short": (
        "local", "quote-key: {local: true}", "quote-key: {address: 0x12}", "quote-key: {",
        "accounts.quote-key.address", "0x12", "40 hexadecimal digits",
    ),
    "an address with a wrong digit": (
        "local", "quote-key: {local: true}", f"quote-key: {{address: {ADDRESS[:-1]}D}}", "quote-key: {",
        "accounts.quote-key.address", ADDRESS[:-1] + "D", "EIP-55",
    ),
    "the zero address": (
        "local", "quote-key: {local: true}", f"quote-key: {{address: 0x{'0' * 40}}}", "quote-key: {",
        "accounts.quote-key.address", "0x" + "0" * 40, "zero address",
    ),
    "an EVM address on Solana": (
        "solana-local", "quote-key: {local: true}", f"quote-key: {{address: {ADDRESS}}}", "quote-key: {",
        "accounts.quote-key.address", ADDRESS, "32 bytes in base58",
    ),
    "the zero address on Solana": (
        "solana-local", "quote-key: {local: true}", f"quote-key: {{address: '{'1' * 32}'}}", "quote-key: {",
        "accounts.quote-key.address", "1" * 32, "zero address",
    ),
    "one keystore for two": (
        "mainnet", "alias: scrip-ceiling-desk", "alias: scrip-quote-key", "quote-key: {",
        "accounts.quote-key.alias", "scrip-quote-key", "is the account ceiling-desk's already",
    ),
    "no deployer": ("local", "  deployer: {local: true}\n", "", "accounts:", "accounts.deployer", "", "is missing"),
    "a contract's name": (
        "local", "  deployer: {", "  registry: {local: true}\n  deployer: {", "registry: {", "accounts.registry",
        "registry", "a contract's name",
    ),
    "an asset's name": (
        "local", "  deployer: {", "  asset-700: {local: true}\n  deployer: {", "asset-700: {", "accounts.asset-700",
        "asset-700", "a contract's name",
    ),
    # the Safe and the timelock
    "a Safe of one on a public network": (
        "mainnet", "threshold: 2", "threshold: 1", "threshold:", "safe.threshold", "1",
        "between 2, on a public network",
    ),
    "a Safe that nobody can open": (
        "local", "threshold: 2", "threshold: 4", "threshold:", "safe.threshold", "4", "and the 3 owners",
    ),
    "an owner twice": (
        "local", "[owner-1, owner-2, owner-3]", "[owner-1, owner-2, owner-1]", "owners:", "safe.owners.2",
        "owner-1", "listed twice",
    ),
    "an owner that nobody knows": (
        "local", "[owner-1, owner-2, owner-3]", "[owner-1, owner-2, owner-9]", "owners:", "safe.owners.2",
        "owner-9", "no account of this manifest",
    ),
    "a Safe that owns itself": (
        "local", "[owner-1, owner-2, owner-3]", "[owner-1, owner-2, safe]", "owners:", "safe.owners.2", "safe",
        "no account of this manifest",
    ),
    "the deployer as an owner": (
        "local", "[owner-1, owner-2, owner-3]", "[owner-1, owner-2, deployer]", "owners:", "safe.owners.2",
        "deployer", "the deployer holds nothing",
    ),
    "a Safe at no address": (
        "local", "  threshold: 2", "  threshold: 2\n  address: 0x1", "address: 0x1", "safe.address", "0x1",
        "no address",
    ),
    "a public delay under a day": (
        "mainnet", "delay: 48h", "delay: 23h", "delay:", "timelock.delay", "82800",
        "out of bounds: 86,400 to 2,592,000",
    ),
    "a delay of months": (
        "local", "delay: 48h", "delay: 48d", "delay:", "timelock.delay", "4147200", "out of bounds: 0 to 2,592,000",
    ),
    "a timelock without the Safe": (
        "local", "proposers: [safe]", "proposers: [owner-1]", "proposers:", "timelock.proposers", "owner-1",
        "lacks the safe",
    ),
    "a key that proposes on a public network": (
        "mainnet", "proposers: [safe]", "proposers: [safe, owner-1]", "proposers:", "timelock.proposers.1",
        "owner-1", "only the safe proposes",
    ),
    "the deployer as a canceller": (
        "local", "cancellers: [duty-officer]", "cancellers: [deployer]", "cancellers:", "timelock.cancellers.0",
        "deployer", "holds nothing",
    ),
    "a timelock with an address on an EVM": (
        "local", "  delay: 48h", f"  delay: 48h\n  address: '{ADDRESS}'", "  address:", "timelock.address", ADDRESS,
        "deploy creates it",
    ),
    "a timelock at no address": (
        "solana-mainnet", "  delay: 48h", "  delay: 48h\n  address: x", "address: x", "timelock.address", "x",
        "base58",
    ),
    # roles
    "a role that there is not": (
        "local", "  CEILING:", "  ROOF: [safe]\n  CEILING:", "ROOF:", "roles.ROOF", "ROOF",
        "no role that people hold here (COMPLIANCE,",
    ),
    "the administrator's role": (
        "local", "  CEILING:", "  ADMIN: [safe]\n  CEILING:", "ADMIN:", "roles.ADMIN", "ADMIN", "no role",
    ),
    "an EVM role on Solana": (
        "solana-local", "  ISSUER:", "  CEILING: [quote-key]\n  ISSUER:", "CEILING:", "roles.CEILING", "CEILING",
        "no role",
    ),
    "a holder that nobody knows": (
        "local", "CEILING: [ceiling-desk]", "CEILING: [nobody]", "CEILING:", "roles.CEILING.0", "nobody",
        "no account",
    ),
    "a holder twice": (
        "local", "CEILING: [ceiling-desk]", "CEILING: [safe, ceiling-desk, safe]", "CEILING:", "roles.CEILING.2",
        "safe", "listed twice",
    ),
    "the timelock as a holder": (
        "local", "CEILING: [ceiling-desk]", "CEILING: [timelock]", "CEILING:", "roles.CEILING.0", "timelock",
        "no account",
    ),
    "the deployer as a holder": (
        "local", "CEILING: [ceiling-desk]", "CEILING: [deployer]", "CEILING:", "roles.CEILING.0", "deployer",
        "the deployer holds nothing",
    ),
    "a role held by nobody": (
        "local", "CEILING: [ceiling-desk]", "CEILING: []", "CEILING:", "roles.CEILING", "", "every role has a holder",
    ),
    "no role at all": (
        "local", "  CEILING: [ceiling-desk]\n", "", "roles:", "roles.CEILING", "", "every role has a holder",
    ),
    "no role at all on Solana": (
        "solana-local", "  ATTESTOR: [custodian]\n", "", "roles:", "roles.ATTESTOR", "", "every role has a holder",
    ),
    "two holders on Solana": (
        "solana-local", "ACTIONS: [actions-desk]", "ACTIONS: [actions-desk, safe]", "ACTIONS:", "roles.ACTIONS",
        "actions-desk, safe", "more than the one holder",
    ),
    "a key that seizes on a public network": (
        "mainnet", "ENFORCER: [safe]", "ENFORCER: [safe, duty-officer]", "ENFORCER:", "roles.ENFORCER.1",
        "duty-officer", "only the safe holds ENFORCER",
    ),
    "a key that unpauses on a public network": (
        "arbitrum", "UNPAUSER: [safe]", "UNPAUSER: [duty-officer]", "UNPAUSER:", "roles.UNPAUSER.0", "duty-officer",
        "only the safe holds UNPAUSER",
    ),
    "a key that issues on a public network": (
        "solana-mainnet", "ISSUER: [safe]", "ISSUER: [duty-officer]", "ISSUER:", "roles.ISSUER.0", "duty-officer",
        "only the safe holds ISSUER",
    ),
    "one key for quotes and ceilings": (
        "sepolia", "CEILING: [ceiling-desk]", "CEILING: [quote-key]", "CEILING:", "roles.CEILING.0", "quote-key",
        "holds QUOTE_SIGNER already",
    ),
    "one key for attestations and the register": (
        "solana-devnet", "ATTESTOR: [custodian]", "ATTESTOR: [compliance-desk]", "ATTESTOR:", "roles.ATTESTOR.0",
        "compliance-desk", "holds COMPLIANCE already",
    ),
    # the program
    "a program on an EVM": (
        "local", "issuer:", f"program: {{address: '{'1' * 32}'}}\nissuer:", "program:", "program", "",
        "part of Solana",
    ),
    "a program at no address": (
        "solana-local", "  address: 5crip", "  address: 5cr1p0", "  address:", "program.address",
        "5cr1p0ZqcK8XzEFLpXJzHYUdkq8EVF1owDByWuYGrbRdz", "base58",
    ),
    "an emergency's key that nobody knows": (
        "local", "emergency: [duty-officer", "emergency: [nobody", "emergency:", "emergency.0", "nobody", "no account",
    ),
    "an emergency's key that may do nothing": (
        "local", "emergency: [duty-officer", "emergency: [treasury", "emergency:", "emergency.0", "treasury",
        "holds no role",
    ),
    "an emergency's key that is in daily use": (
        "local", "emergency: [duty-officer", "emergency: [compliance-desk", "emergency:", "emergency.0",
        "compliance-desk", "is the first holder of COMPLIANCE, and so signs its daily work, too",
    ),
    "an upgrade authority that nobody knows": (
        "solana-local", "upgrade_authority: timelock", "upgrade_authority: nobody", "upgrade_authority:",
        "program.upgrade_authority", "nobody", "no account",
    ),
    "a key that upgrades on a public network": (
        "solana-mainnet", "upgrade_authority: timelock", "upgrade_authority: deployer", "upgrade_authority:",
        "program.upgrade_authority", "deployer", "neither the safe nor the timelock",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_wrong_holder_is_named_with_its_line(files, case) -> None:
    name, old, new, at, field, value, message = CASES[case]
    files.edit(old, new, name)
    error = files.error(name)
    assert message in error.message, error.message
    expected = files.line_of(at, name) + at.count("\n")
    assert (error.file, error.line, error.field, error.value) == (str(files.path(name)), expected, field, value)


def test_one_address_for_two_accounts_is_one_key_whatever_its_case(files) -> None:
    address = local_account("somebody").address
    files.edit("quote-key: {local: true}", f'quote-key: {{address: "{address}"}}')
    files.edit("ceiling-desk: {local: true}", f'ceiling-desk: {{address: "{address.lower()}"}}')
    error = files.error()
    assert (error.field, error.value) == ("accounts.quote-key.address", address)
    assert "ceiling-desk's already" in error.message


def test_the_safe_is_no_account_besides(files) -> None:
    files.edit("  threshold: 2", f'  threshold: 2\n  address: "{ADDRESS}"')
    files.edit("quote-key: {local: true}", f"quote-key: {{address: {ADDRESS.lower()}}}")
    error = files.error()
    assert (error.field, error.message) == ("accounts.quote-key.address", "is the account safe's already")


def test_a_solana_manifest_without_a_program(files) -> None:
    text = files.path("solana-local").read_text()
    start, end = text.index("program:"), text.index("# Duties")
    files.edit(text[start:end], "", "solana-local")
    error = files.error("solana-local")
    assert (error.field, error.message) == ("program", "is missing")


def test_a_safe_without_owners(files) -> None:
    files.edit("[owner-1, owner-2, owner-3]", "[]")
    error = files.error()
    assert (error.field, error.line) == ("safe.owners", files.line_of("owners: []"))
