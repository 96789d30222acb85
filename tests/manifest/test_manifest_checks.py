"""What one field says about another: each check by one small edit of a good manifest."""

import pytest

ADDRESS = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"
"""The first example of EIP-55."""
VAULT = "EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v"
LONG = "é" * 33

# the manifest, what is edited, to what, the text whose line is to be named, field, value, words of the message
CASES = {
    # the network
    "another file's name": (
        "local", "network: local", "network: mainnet", "network:", "network", "mainnet",
        "not the file's name, local",
    ),
    "no chain id": ("local", "  chain_id: 31337\n", "", "chain:", "chain.chain_id", "", "is missing"),
    "no network of Ape's": ("local", "  ape: ethereum:local:foundry\n", "", "chain:", "chain.ape", "", "is missing"),
    "a cluster on an EVM": (
        "local", "  kind: evm", "  kind: evm\n  cluster: devnet", "cluster:", "chain.cluster", "devnet", "Solana",
    ),
    "a chain id on Solana": (
        "solana-local", "  kind: solana", "  kind: solana\n  chain_id: 5", "chain_id:", "chain.chain_id", "5",
        "Ethereum",
    ),
    "one key to pause and to halt on Solana": (
        "solana-mainnet", "GUARDIAN: [halt-desk]", "GUARDIAN: [duty-officer]", "  GUARDIAN:", "roles.GUARDIAN",
        "duty-officer", "holds PAUSER, too",
    ),
    "a canceller who proposes on Solana": (
        "solana-mainnet", "proposers: [safe]", "proposers: [safe]\n  canceller: safe", "  canceller:",
        "timelock.canceller", "safe", "is to be somebody else",
    ),
    "no cluster": ("solana-local", "  cluster: localnet\n", "", "chain:", "chain.cluster", "", "is missing"),
    "a genesis that is none": (
        "local", "  kind: evm", "  kind: evm\n  genesis: '0x12'", "genesis:", "chain.genesis", "0x12", "is no hash",
    ),
    "a genesis that is none on Solana": (
        "solana-local", "  kind: solana", "  kind: solana\n  genesis: 5eyk", "genesis:", "chain.genesis", "5eyk",
        "base58",
    ),
    "a public network without genesis": (
        "solana-mainnet", "  genesis: 5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d\n", "", "chain:",
        "chain.genesis", "", "is missing",
    ),
    "a public network without a node's variable": (
        "mainnet", "  rpc_env: SCRIP_MAINNET_RPC\n", "", "chain:", "chain.rpc_env", "", "is missing",
    ),
    "a public network that is final at once": (
        "mainnet", "  finality: 64", "  finality: 0", "finality: 0", "chain.finality", "0", "until it is final",
    ),
    "mainnet as if it were ours": (
        "mainnet", "  public: true", "  public: false", "public: false", "chain.public", "1", "others share it",
    ),
    "devnet as if it were ours": (
        "solana-devnet", "  public: true", "  public: false", "public: false", "chain.public", "devnet",
        "must be true",
    ),
    "another's chain": (
        "local", "  chain_id: 31337", "  chain_id: 137", "chain:", "chain.public", "137", "must be true",
    ),
    # the register of holders
    "an excluded account that is none": (
        "local", "    rules: {preset: reg-s-no-us}",
        "    rules: {preset: reg-s-no-us}\n    holders: {excluded: [nobody]}",
        "    holders:", "stocks.MSFT.holders.excluded.0", "nobody", "is no account of the manifest",
    ),
    "an excluded account twice": (
        "local", "    rules: {preset: reg-s-no-us}",
        "    rules: {preset: reg-s-no-us}\n    holders: {excluded: [treasury, treasury]}",
        "    holders:", "stocks.MSFT.holders.excluded.1", "treasury", "is listed twice",
    ),
    "an account that is excluded and looked through": (
        "local", "    rules: {preset: reg-s-no-us}",
        "    rules: {preset: reg-s-no-us}\n    holders: {excluded: [ada], look_through: {ada: {rule: erc4626}}}",
        "    holders:", "stocks.MSFT.holders.excluded.0", "ada", "it cannot be both",
    ),
    "a venue that is no account": (
        "local", "    rules: {preset: reg-s-no-us}",
        "    rules: {preset: reg-s-no-us}\n    holders: {look_through: {pool: {rule: v2-pair}}}",
        "    holders:", "stocks.MSFT.holders.look_through.pool", "pool", "is no account of the manifest",
    ),
    "a venue by a file without one": (
        "local", "    rules: {preset: reg-s-no-us}",
        "    rules: {preset: reg-s-no-us}\n    holders: {look_through: {ada: {rule: file}}}",
        "    holders:", "stocks.MSFT.holders.look_through.ada.file", "", "is missing",
    ),
    "a venue by a token with a file": (
        "local", "    rules: {preset: reg-s-no-us}",
        "    rules: {preset: reg-s-no-us}\n    holders: {look_through: {ada: {rule: v2-pair, file: a.csv}}}",
        "    holders:", "stocks.MSFT.holders.look_through.ada.file", "a.csv", "is of rule file alone",
    ),
    # the networks beside it
    "a network that spans itself": (
        "local", "issuer: Example Securities AG", "issuer: Example Securities AG\nspans: [local]", "spans:", "spans.0",
        "local", "is this network itself",
    ),
    "a network that it spans twice": (
        "local", "issuer: Example Securities AG", "issuer: Example Securities AG\nspans: [fork, fork]", "spans:",
        "spans.1", "fork", "is listed twice",
    ),
    # settlement
    "a treasury that nobody knows": (
        "local", "  treasury: treasury", "  treasury: bank", "treasury: bank", "settlement.treasury", "bank",
        "no account",
    ),
    "no treasury": ("local", "  treasury: treasury\n", "", "settlement:", "settlement.treasury", "", "is missing"),
    "the deployer's treasury": (
        "local", "  treasury: treasury", "  treasury: deployer", "treasury: deployer", "settlement.treasury",
        "deployer", "holds nothing",
    ),
    "a treasury on Solana": (
        "solana-local", "settlement:", "settlement:\n  treasury: owner-1", "  treasury:", "settlement.treasury",
        "owner-1", "the program holds the treasury",
    ),
    "a mock on a public network": (
        "mainnet", '"0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48"', "mock", "USDC: mock", "settlement.assets.USDC",
        "mock", "takes no mock",
    ),
    "a stablecoin with a wrong digit": (
        "mainnet", "3606eB48", "3606eB49", "USDC: ", "settlement.assets.USDC",
        "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB49", "EIP-55",
    ),
    "an EVM stablecoin on Solana": (
        "solana-mainnet", "USDC: EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v", f'USDC: "{ADDRESS}"', "USDC: ",
        "settlement.assets.USDC", ADDRESS, "base58",
    ),
    # corporate actions
    "a split out of the blue": (
        "local", "split_notice: 24h", "split_notice: 59m", "split_notice:", "corporate_actions.split_notice",
        "3540", "3,600 to 2,592,000 seconds",
    ),
    "a dividend out of the blue": (
        "local", "dividend_announce_notice: 24h", "dividend_announce_notice: 59m", "dividend_announce_notice:",
        "corporate_actions.dividend_announce_notice", "3540", "3,600 to",
    ),
    "a price out of the blue": (
        "local", "dividend_strike_notice: 1h", "dividend_strike_notice: 599s", "dividend_strike_notice:",
        "corporate_actions.dividend_strike_notice", "599", "600 to",
    ),
    "a correction out of the blue": (
        "local", "correction_notice: 24h", "correction_notice: 23h", "correction_notice:",
        "corporate_actions.correction_notice", "82800", "86,400 to",
    ),
    "a notice of months": (
        "local", "split_notice: 24h", "split_notice: 31d", "split_notice:", "corporate_actions.split_notice",
        "2678400", "to 2,592,000",
    ),
    "a grace of months": (
        "local", "grace: 5d", "grace: 31d", "grace:", "corporate_actions.grace", "2678400", "at most 2,592,000",
    ),
    # calendars, countries, limits
    "no calendar": (
        "local", "calendar: XNYS", "calendar: XXXX", "calendar: XXXX", "calendar", "XXXX", "is no calendar",
    ),
    "a stock's calendar that is none": (
        "local", "US5949181045\n    calendar: XNAS", "US5949181045\n    calendar: NASDAK", "NASDAK",
        "stocks.MSFT.calendar", "NASDAK", "is no calendar",
    ),
    "a country of three letters": (
        "local", "  CH: 1500", "  CHE: 1500", "CHE:", "withholding.CHE", "CHE", "ISO 3166",
    ),
    "a country in small letters": (
        "local", "  CH: 1500", "  ch: 1500", "ch: 1500", "withholding.ch", "ch", "ISO 3166",
    ),
    "a country that is none": ("local", "  CH: 1500", "  UK: 1500", "UK:", "withholding.UK", "UK", "ISO 3166"),
    "a mint finer than Solana's tokens": (
        "solana-local", 'max_mint: "100000"', 'max_mint: "0.000000001"', "max_mint:", "limits.max_mint",
        "0.000000001", "the 8 decimals",
    ),
    "a limit of trades in parts of a cent": (
        "local", "  batch: 50", '  issuer: {net: "0.001"}\n  batch: 50', "net:", "limits.issuer.net", "0.001",
        "is not in whole cents",
    ),
    "a limit of trades that no word holds": (
        "local", "  batch: 50", '  stock: {gross: "1407374883553.28"}\n  batch: 50', "gross:", "limits.stock.gross",
        "1407374883553.28", "is not under 1407374883553.28",
    ),
    # stocks
    "a mistyped ISIN": (
        "local", "US5949181045", "US5949181046", "US5949181046", "stocks.MSFT.isin", "US5949181046", "check digit",
    ),
    "an ISIN in small letters": (
        "local", "US5949181045", "us5949181045", "us5949181045", "stocks.MSFT.isin", "us5949181045", "its form",
    ),
    "one ISIN for two": (
        "local", "US0378331005", "US5949181045", "AAPL:\n    name: Apple Inc.\n    isin", "stocks.AAPL.isin",
        "US5949181045", "is MSFT's already",
    ),
    "a mistyped ISIN at birth": (
        "solana-local", "isin: US5949181045", "isin: US5949181045\n    birth_isin: US5949181046", "birth_isin:",
        "stocks.MSFT.birth_isin", "US5949181046", "check digit",
    ),
    "one mint for two stocks": (
        "solana-local", "isin: US0378331005", "isin: US0378331005\n    birth_isin: US5949181045", "birth_isin:",
        "stocks.AAPL.birth_isin", "US5949181045", "is MSFT's, of the same series",
    ),
    "a description without an address": (
        "solana-local", "isin: US0378331005", "isin: US0378331005\n    uri: apple.json", "uri: apple.json",
        "stocks.AAPL.uri", "apple.json", "is no address of a description",
    ),
    "a name too long in bytes": ("local", "Apple Inc.", LONG, LONG, "stocks.AAPL.name", LONG, "longer than 64 bytes"),
    "a mock oracle on a public network": (
        "mainnet", 'oracle: "", max_age: 4d, margin_bps: 50, ceiling: "600000"',
        'oracle: mock, max_age: 4d, margin_bps: 50, ceiling: "600000"', "oracle: mock",
        "stocks.MSFT.reserve.oracle", "mock", "takes no mock",
    ),
    "a mock of the sanctions oracle on a public network": (
        "mainnet", '"0x40C57923924B5c5c5455c48D93317139ADDaC8fb"', "mock", "sanctions_oracle", "sanctions_oracle",
        "mock", "takes no mock",
    ),
    "a sanctions oracle with a wrong digit": (
        "arbitrum", "139ADDaC8fb", "139ADDaC8fc", "sanctions_oracle", "sanctions_oracle",
        "0x40C57923924B5c5c5455c48D93317139ADDaC8fc", "wrong checksum",
    ),
    "a sanctions oracle on Solana": (
        "solana-local", "calendar: XNYS", "sanctions_oracle: mock\ncalendar: XNYS", "sanctions_oracle",
        "sanctions_oracle", "mock", "is no account of this manifest",
    ),
    "the deployer as a sanctions oracle on Solana": (
        "solana-local", "calendar: XNYS", "sanctions_oracle: deployer\ncalendar: XNYS", "sanctions_oracle",
        "sanctions_oracle", "deployer", "the deployer holds nothing",
    ),
    "a sanctions oracle that signs quotes on a public network": (
        "solana-mainnet", "calendar: XNYS", "sanctions_oracle: quote-key\ncalendar: XNYS", "sanctions_oracle",
        "sanctions_oracle", "quote-key", "holds QUOTE_SIGNER already",
    ),
    "a strict list that nobody signs": (
        "solana-local", "calendar: XNYS", "strict_list: true\ncalendar: XNYS", "strict_list", "strict_list", "true",
        "lets nobody in",
    ),
    "an oracle at no address": (
        "local", 'oracle: mock, max_age: 4d, margin_bps: 50, ceiling: "500000"',
        'oracle: 0x12, max_age: 4d, margin_bps: 50, ceiling: "500000"', "0x12", "stocks.AAPL.reserve.oracle",
        "0x12", "no address",
    ),
    "an oracle on Solana": (
        "solana-local", 'max_age: 4d, margin_bps: 50, ceiling: "500000"',
        'oracle: mock, max_age: 4d, margin_bps: 50, ceiling: "500000"', "oracle:", "stocks.AAPL.reserve.oracle",
        "mock", "ATTESTOR signs",
    ),
    "answers of any age": (
        "local", 'max_age: 4d, margin_bps: 50, ceiling: "500000"', 'max_age: 0s, margin_bps: 50, ceiling: "500000"',
        "max_age: 0s", "stocks.AAPL.reserve.max_age", "0", "1 to 4,294,967,295",
    ),
    "no ceiling": (
        "local", 'ceiling: "500000"', 'ceiling: ""', 'ceiling: ""', "stocks.AAPL.reserve.ceiling", "", "is empty",
    ),
    "a ceiling over 128 bits": (
        "local", 'ceiling: "500000"', f'ceiling: "{2**128 // 10**18 + 1}"', "ceiling: \"34",
        "stocks.AAPL.reserve.ceiling", str(2**128 // 10**18 + 1), "128 bits",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_a_wrong_setting_is_named_with_its_line(files, case) -> None:
    name, old, new, at, field, value, message = CASES[case]
    files.edit(old, new, name)
    error = files.error(name)
    assert message in error.message, error.message
    expected = files.line_of(at, name) + at.count("\n")
    assert (error.file, error.line, error.field, error.value) == (str(files.path(name)), expected, field, value)


TAKEN = {
    "the lowest public delay": ("mainnet", "delay: 48h", "delay: 24h"),
    "no delay at all, off public networks": ("local", "delay: 48h", "delay: 0s"),
    "the floors of the notices": ("local", "dividend_strike_notice: 1h", "dividend_strike_notice: 600s"),
    "an address with its checksum": ("mainnet", "{alias: scrip-owner-1}", f'{{address: "{ADDRESS}"}}'),
    "an address in small letters": ("mainnet", "{alias: scrip-owner-1}", f"{{address: {ADDRESS.lower()}}}"),
    "one Safe owner, off public networks": (
        "local", "[owner-1, owner-2, owner-3]\n  threshold: 2", "[owner-1]\n  threshold: 1",
    ),
    "the Safe as the treasury": ("mainnet", "  treasury: treasury", "  treasury: safe"),
    "the Safe for all that a mint needs": (
        "mainnet", "QUOTE_SIGNER: [quote-key]\n  CEILING: [ceiling-desk]", "QUOTE_SIGNER: [safe]\n  CEILING: [safe]",
    ),
    "the Safe as a canceller": ("mainnet", "proposers: [safe]", "proposers: [safe]\n  cancellers: [safe]"),
    "one desk for several roles, off public networks": ("local", "CEILING: [ceiling-desk]", "CEILING: [quote-key]"),
    "a key that seizes, off public networks": ("local", "ENFORCER: [safe]", "ENFORCER: [duty-officer]"),
    "a key that upgrades, off public networks": (
        "solana-local", "upgrade_authority: timelock", "upgrade_authority: owner-1",
    ),
    "a canceller on Solana": ("solana-mainnet", "proposers: [safe]", "proposers: [safe]\n  canceller: halt-desk"),
    "vaults on Solana": ("solana-mainnet", "  delay: 48h", f"  delay: 48h\n  address: {VAULT}"),
    "one key to pause and to halt": ("mainnet", "GUARDIAN: [duty-officer, safe]", "GUARDIAN: [duty-officer]"),
    "the largest ceiling": ("local", 'ceiling: "500000"', 'ceiling: "340282366920938463463.374607431768211455"'),
    "a chain that may issue nothing": ("local", 'ceiling: "500000"', 'ceiling: "0"'),
    "a name of 64 bytes": ("local", "Apple Inc.", "é" * 32),
}  # fmt: skip


@pytest.mark.parametrize("case", TAKEN)
def test_what_is_just_within_bounds_is_taken(files, case) -> None:
    name, old, new = TAKEN[case]
    files.edit(old, new, name)
    files.load(name)
