"""Other code, other wiring, other parameters, other stocks: each plant is found, by name, and nothing else is."""

import pytest
from planting import STRANGER, as_timelock, found, only
from support.deployed_network import call_as

from scrip.chains.evm import EvmNetwork
from scrip.evm import mocks
from scrip.evm.audit import audit
from scrip.evm.audit.fleet import ADMIN_SLOT, BEACON_SLOT, IMPLEMENTATION_SLOT
from scrip.evm.compiled.artifacts import artifact
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.labels import EXTENSIONS, IMPLEMENTATIONS, LABELS
from scrip.reports.findings import Finding

HALTED = IMPLEMENTATIONS[2]


def fields(network: EvmNetwork) -> set[str]:
    return {one.field for one in audit(network)}


def set_code(network: EvmNetwork, label: str, code: bytes) -> None:
    network.node.rpc("anvil_setCode", network.book.contract(label).address, "0x" + code.hex())


def code_of(network: EvmNetwork, label: str) -> bytes:
    return network.node.code(network.book.contract(label).address)


# --- code ---


def test_an_implementation_with_other_code(network: EvmNetwork) -> None:
    code = bytearray(code_of(network, HALTED))
    code[1000] ^= 1
    set_code(network, HALTED, bytes(code))
    findings = {one.field: one for one in audit(network)}
    assert findings["code.implementation.HALTED"].severity == "critical"
    assert findings["code.implementation.HALTED"].expected.startswith("StockToken as built")
    # Its record holds another hash, too.
    assert all(one == "code.implementation.HALTED" or one.startswith("records/") for one in findings)
    assert len(findings) == 2


def test_an_implementation_that_belongs_to_another_registry(network: EvmNetwork) -> None:
    registry = bytes.fromhex(network.book.contract("registry").address[2:])
    code = code_of(network, HALTED)
    at = code.rindex(registry)
    set_code(network, HALTED, code[:at] + bytes.fromhex(STRANGER[2:]) + code[at + 20 :])
    findings = {one.field: one for one in audit(network)}
    place = "code.implementation.HALTED.REGISTRY"
    assert (findings[place].expected, findings[place].found) == (network.book.contract("registry").address, STRANGER)


def test_a_second_half_with_other_code(network: EvmNetwork) -> None:
    code = bytearray(code_of(network, EXTENSIONS[2]))
    code[1000] ^= 1
    set_code(network, EXTENSIONS[2], bytes(code))
    assert ("code.implementation.HALTED.extension", "critical") in found(network)


def test_an_implementation_with_another_second_half(network: EvmNetwork) -> None:
    """The right code for the wrong mode: what is frozen in a halt would not be."""
    code, extension = code_of(network, HALTED), bytes.fromhex(network.book.contract(EXTENSIONS[2]).address[2:])
    at = code.rindex(extension)
    other = bytes.fromhex(network.book.contract(EXTENSIONS[0]).address[2:])
    set_code(network, HALTED, code[:at] + other + code[at + 20 :])
    assert ("code.implementation.HALTED.extension.MODE", "critical") in found(network)


def test_an_implementation_in_another_mode(network: EvmNetwork) -> None:
    set_code(network, HALTED, code_of(network, IMPLEMENTATIONS[0]))
    place = "code.implementation.HALTED.MODE"
    assert next(one for one in audit(network) if one.field == place) == Finding(place, "2", "0", "critical")


@pytest.mark.parametrize("label", LABELS)
def test_every_contract_of_the_suite_is_compared(network: EvmNetwork, label: str) -> None:
    code = bytearray(code_of(network, label))
    # An operand deep inside, so that most of the contract still answers.
    code[len(code) * 3 // 4] ^= 0xFF
    set_code(network, label, bytes(code))
    assert {(f"code.{label}", "critical")} <= set(found(network))


def test_the_market_is_bound_to_this_chain(network: EvmNetwork) -> None:
    code = code_of(network, "market")
    at = code.rindex((31_337).to_bytes(32))
    set_code(network, "market", code[:at] + (1).to_bytes(32) + code[at + 32 :])
    assert "code.market._CACHED_CHAIN_ID" in fields(network)


def test_the_blueprint_and_a_proxy_are_compared(network: EvmNetwork) -> None:
    set_code(network, "proxy-blueprint", code_of(network, "proxy-blueprint")[:-1] + b"\0")
    proxy = network.ledger().token("MSFT")
    code = network.node.code(proxy.address)
    beacon = bytes.fromhex(network.book.contract("registry").address[2:])
    assert code.endswith(beacon)
    network.node.rpc("anvil_setCode", proxy.address, "0x" + (code[:-20] + bytes.fromhex(STRANGER[2:])).hex())
    assert {"code.blueprint", "stocks.1.code.BEACON"} <= fields(network)


# --- slots and wiring ---


@pytest.mark.parametrize(
    ("name", "slot"), [("beacon", BEACON_SLOT), ("implementation", IMPLEMENTATION_SLOT), ("admin", ADMIN_SLOT)]
)
def test_a_foreign_erc_1967_slot(network: EvmNetwork, name: str, slot: int) -> None:
    token = network.ledger().token("AAPL")
    word = "0x" + STRANGER[2:].rjust(64, "0")
    network.node.rpc("anvil_setStorageAt", token.address, hex(slot), word)
    finding = only(network)
    assert (finding.field, finding.found, finding.severity) == (f"stocks.2.erc1967.{name}", STRANGER, "critical")


def test_the_slots_are_those_of_the_standard() -> None:
    """As ERC-1967 prints them."""
    assert hex(BEACON_SLOT) == "0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50"
    assert hex(IMPLEMENTATION_SLOT) == "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc"
    assert hex(ADMIN_SLOT) == "0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103"


def test_implementations_that_no_record_knows(network: EvmNetwork) -> None:
    """Even with the right code: somebody pinned what was not deployed here."""
    wired = (network.book.contract(name).address for name in ("roles", "registry", "actions", "feed"))
    args = tuple(wired)
    halves = [network.chain.deploy("StockExtension", mode, *args, sender="deployer").address for mode in range(3)]
    others = [
        network.chain.deploy("StockToken", mode, *args, half, sender="deployer").address
        for mode, half in enumerate(halves)
    ]
    as_timelock(network, "beacon", "pin", *others)
    assert found(network) == [(f"beacon.pinned.{mode}", "critical") for mode in ("HALTED", "NORMAL", "STRICT")]


def test_a_halted_fleet(network: EvmNetwork) -> None:
    call_as(network, network.chain.address("duty-officer"), network.book.contract("beacon"), "halt")
    assert only(network) == Finding("beacon.mode", "NORMAL", "HALTED")


@pytest.mark.parametrize(
    ("label", "pointer", "field"), [("feed", "actions", "feed.actions"), ("registry", "beacon", "registry.beacon")]
)
def test_a_pointer_that_was_bent(network: EvmNetwork, label: str, pointer: str, field: str) -> None:
    """The contract takes it once, so only its storage can be made to name another."""
    at, named = (network.book.contract(name).address for name in (label, pointer))
    slot = next(slot for slot in range(30) if network.node.storage(at, slot)[-20:] == bytes.fromhex(named[2:]))
    network.node.rpc("anvil_setStorageAt", at, hex(slot), "0x" + STRANGER[2:].rjust(64, "0"))
    assert found(network) == [(field, "critical")]


def test_stocks_that_run_another_implementation_than_their_beacon_names(network: EvmNetwork) -> None:
    """Their proxies ask the registry; only its storage can be made to say what the beacon does not."""
    at, strict = (network.book.contract(name).address for name in ("registry", IMPLEMENTATIONS[1]))
    slot = artifact("ComplianceRegistry").layout["storage_layout"]["enrolments"]["_implementation"]["slot"]
    network.node.rpc("anvil_setStorageAt", at, hex(slot), "0x" + strict[2:].rjust(64, "0"))
    assert found(network) == [("registry.implementation", "critical")]


# --- parameters ---


@pytest.mark.parametrize(
    ("label", "function", "args", "finding"),
    [
        ("actions", "setNotice", (0, 7_200), ("corporate_actions.split_notice", "86400 s", "7200 s")),
        ("actions", "setNotice", (3, 90_000), ("corporate_actions.correction_notice", "86400 s", "90000 s")),
        ("actions", "setGrace", (1,), ("corporate_actions.grace", "432000 s", "1 s")),
        ("actions", "setWithholding", (3_000,), ("corporate_actions.withholding_bps", "1500 bps", "3000 bps")),
    ],
)
def test_a_wrong_parameter(
    network: EvmNetwork, label: str, function: str, args: tuple, finding: tuple[str, str, str]
) -> None:
    as_timelock(network, label, function, *args)
    assert only(network) == Finding(*finding)


def test_another_treasury_and_other_assets(network: EvmNetwork) -> None:
    stablecoin = network.book.contract("stablecoin").address
    other = network.chain.deploy(mocks.STABLECOIN, sender="deployer").address
    as_timelock(network, "market", "setTreasury", STRANGER)
    as_timelock(network, "market", "listAsset", other, True)
    as_timelock(network, "market", "listAsset", stablecoin, False)
    assert found(network) == [
        ("settlement.assets", "critical"),
        ("settlement.treasury", "critical"),
        ("settlement.assets.USDC", "drift"),
    ]


def test_another_reserve(network: EvmNetwork) -> None:
    token, feed = network.ledger().token("IBM").address, network.book.contract("feed")
    oracle = network.chain.deploy("MockReserveOracle", 18, sender="deployer").address
    as_timelock(network, "feed", "configure", token, oracle, 99, 0, 10**18, 0, 1, 1, 0)
    assert feed.address
    assert found(network) == [("stocks.IBM.reserve.oracle", "critical")] + [
        (f"stocks.IBM.reserve.{name}", "drift") for name in ("ceiling", "margin_bps", "max_age")
    ]
    assert next(one for one in audit(network) if one.field.endswith("ceiling")) == Finding(
        "stocks.IBM.reserve.ceiling", "1000000 shares", "1 shares"
    )


def test_a_paused_market_and_a_paused_stock(network: EvmNetwork) -> None:
    officer = network.chain.address("duty-officer")
    call_as(network, officer, network.book.contract("market"), "pause")
    call_as(network, officer, network.ledger().token("FB"), "pause")
    assert found(network) == [("market.paused", "drift"), ("stocks.FB.paused", "drift")]


# --- stocks ---


def test_a_stock_that_the_manifest_does_not_name(network: EvmNetwork) -> None:
    args = ("Other Inc", "OTHR", "US0000000001", 1, 0)
    call_as(network, network.chain.address("safe"), network.book.contract("factory"), "createStock", *args)
    finding = only(network)
    assert (finding.field, finding.severity) == ("stocks.6", "critical")
    assert finding.found.startswith("OTHR (US0000000001), 0x")


def test_a_token_that_is_not_the_factory_s(network: EvmNetwork) -> None:
    """Whoever holds FACTORY can register anything: a key would do."""
    call_as(
        network, network.book.contract("factory").address, network.book.contract("registry"), "registerToken", STRANGER
    )
    assert ("stocks.6.code", "critical") in found(network)


def test_stocks_that_differ_or_are_missing(network: EvmNetwork) -> None:
    stocks = dict(network.manifest.stocks)
    stocks["GOOG"] = stocks["GOOG"].model_copy(update={"name": "Alphabet Inc"})
    stocks["META"] = stocks["FB"].model_copy(update={"isin": "US30303M1028"})
    stocks["IBM"] = stocks["IBM"].model_copy(
        update={"rules": stocks["IBM"].rules.model_copy(update={"policy": "BLOCKLIST"})}
    )
    other = EvmNetwork(
        network.manifest.model_copy(update={"stocks": stocks}),
        network.node,
        network.chain,
        network.book,
        network.records,
    )
    assert audit(other) == [
        Finding("stocks.IBM.policy", "BLOCKLIST", "ALLOWLIST", "critical"),
        Finding("stocks.GOOG.name", "Alphabet Inc", "GOOG Inc"),
        Finding("stocks.META", "a token of US30303M1028", "none on the chain"),
    ]


# --- the register ---


def test_another_sanctions_oracle_and_none(network: EvmNetwork) -> None:
    other = network.chain.deploy("MockSanctionsOracle", sender="deployer").address
    as_timelock(network, "registry", "setSanctionsOracle", other)
    finding = only(network)
    assert (finding.field, finding.severity) == ("sanctions_oracle", "critical")
    assert finding.expected.startswith("sanctions-oracle (0x")
    assert finding.found == f"{other}, a contract"
    as_timelock(network, "registry", "setSanctionsOracle", ZERO_ADDRESS)
    assert only(network).found == "none"


def test_an_oracle_that_is_suspended(network: EvmNetwork) -> None:
    call_as(
        network, network.chain.address("compliance-desk"), network.book.contract("registry"), "suspendSanctionsOracle"
    )
    assert only(network) == Finding("sanctions_oracle", "believed", "suspended")


def test_a_provider_that_is_dropped(network: EvmNetwork) -> None:
    who, registry = network.chain.address("compliance-desk"), network.book.contract("registry")
    call_as(network, who, registry, "dropProvider", network.chain.address("kyc-provider"), 5, b"\1" * 32)
    assert only(network) == Finding("roles.KYC_PROVIDER", "kyc-provider believed", "dropped")


# --- contracts of others ---


def naming(network: EvmNetwork, **changes: object) -> list[Finding]:
    """What is found of a manifest that names other contracts of others."""
    manifest = network.manifest
    stock = manifest.stocks["MSFT"]
    if "oracle" in changes:
        reserve = stock.reserve.model_copy(update={"oracle": changes.pop("oracle")})
        changes["stocks"] = {**manifest.stocks, "MSFT": stock.model_copy(update={"reserve": reserve})}
    network.manifest = manifest.model_copy(update=changes)
    try:
        return network.misfits()
    finally:
        network.manifest = manifest


def test_a_contract_of_another_kind_is_named_where_one_of_others_is_expected(network: EvmNetwork) -> None:
    """A registry's address where a feed is expected was told by nothing before a mint."""
    at = {label: contract.address for label, contract in network.book}
    assert network.misfits() == []
    assert naming(network, oracle=at["oracle-MSFT"], sanctions_oracle="") == []
    (one,) = naming(network, oracle=at["registry"])
    assert (one.field, one.expected, one.severity) == ("stocks.MSFT.reserve.oracle", "an aggregator's feed", "critical")
    assert one.found == f"{at['registry']}, this deployment's registry, which does not answer decimals()"
    # A coin has decimals, and no rounds.
    (one,) = naming(network, oracle=at["stablecoin"])
    assert "does not answer latestRoundData()" in one.found
    (one,) = naming(network, oracle=STRANGER)
    assert one.found == f"{STRANGER}, where there is no code"
    (one,) = naming(network, sanctions_oracle=at["oracle-MSFT"])
    assert (one.field, one.expected) == ("sanctions_oracle", "a sanctions oracle")
    coins = network.manifest.settlement.model_copy(update={"assets": {"USDC": at["feed"]}})
    (one,) = naming(network, settlement=coins)
    assert (one.field, one.expected) == ("settlement.assets.USDC", "a coin (ERC-20)")
