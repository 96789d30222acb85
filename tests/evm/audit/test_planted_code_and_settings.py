"""Other code, other wiring, other parameters, other stocks: each plant is found, by name, and nothing else is."""

import pytest
from planting import STRANGER, as_timelock, found, only
from support.deployed_desk import call_as

from scrip.chains.evm import EvmNetwork
from scrip.evm.audit import audit
from scrip.evm.audit.fleet import ADMIN_SLOT, BEACON_SLOT, IMPLEMENTATION_SLOT
from scrip.evm.encoding.abi import ZERO_ADDRESS
from scrip.labels import EXTENSIONS, IMPLEMENTATIONS, LABELS
from scrip.reports.findings import Finding

HALTED = IMPLEMENTATIONS[2]


def fields(desk: EvmNetwork) -> set[str]:
    return {one.field for one in audit(desk)}


def set_code(desk: EvmNetwork, label: str, code: bytes) -> None:
    desk.node.rpc("anvil_setCode", desk.book.contract(label).address, "0x" + code.hex())


def code_of(desk: EvmNetwork, label: str) -> bytes:
    return desk.node.code(desk.book.contract(label).address)


# --- code ---


def test_an_implementation_with_other_code(desk: EvmNetwork) -> None:
    code = bytearray(code_of(desk, HALTED))
    code[1000] ^= 1
    set_code(desk, HALTED, bytes(code))
    findings = {one.field: one for one in audit(desk)}
    assert findings["code.implementation.HALTED"].severity == "critical"
    assert findings["code.implementation.HALTED"].expected.startswith("StockToken as built")
    # Its record holds another hash, too.
    assert all(one == "code.implementation.HALTED" or one.startswith("records/") for one in findings)
    assert len(findings) == 2


def test_an_implementation_that_belongs_to_another_registry(desk: EvmNetwork) -> None:
    registry = bytes.fromhex(desk.book.contract("registry").address[2:])
    code = code_of(desk, HALTED)
    at = code.rindex(registry)
    set_code(desk, HALTED, code[:at] + bytes.fromhex(STRANGER[2:]) + code[at + 20 :])
    findings = {one.field: one for one in audit(desk)}
    place = "code.implementation.HALTED.REGISTRY"
    assert (findings[place].expected, findings[place].found) == (desk.book.contract("registry").address, STRANGER)


def test_a_second_half_with_other_code(desk: EvmNetwork) -> None:
    code = bytearray(code_of(desk, EXTENSIONS[2]))
    code[1000] ^= 1
    set_code(desk, EXTENSIONS[2], bytes(code))
    assert ("code.implementation.HALTED.extension", "critical") in found(desk)


def test_an_implementation_with_another_second_half(desk: EvmNetwork) -> None:
    """The right code for the wrong mode: what is frozen in a halt would not be."""
    code, extension = code_of(desk, HALTED), bytes.fromhex(desk.book.contract(EXTENSIONS[2]).address[2:])
    at = code.rindex(extension)
    other = bytes.fromhex(desk.book.contract(EXTENSIONS[0]).address[2:])
    set_code(desk, HALTED, code[:at] + other + code[at + 20 :])
    assert ("code.implementation.HALTED.extension.MODE", "critical") in found(desk)


def test_an_implementation_in_another_mode(desk: EvmNetwork) -> None:
    set_code(desk, HALTED, code_of(desk, IMPLEMENTATIONS[0]))
    place = "code.implementation.HALTED.MODE"
    assert next(one for one in audit(desk) if one.field == place) == Finding(place, "2", "0", "critical")


@pytest.mark.parametrize("label", LABELS)
def test_every_contract_of_the_suite_is_compared(desk: EvmNetwork, label: str) -> None:
    code = bytearray(code_of(desk, label))
    # An operand deep inside, so that most of the contract still answers.
    code[len(code) * 3 // 4] ^= 0xFF
    set_code(desk, label, bytes(code))
    assert {(f"code.{label}", "critical")} <= set(found(desk))


def test_the_market_is_bound_to_this_chain(desk: EvmNetwork) -> None:
    code = code_of(desk, "market")
    at = code.rindex((31_337).to_bytes(32))
    set_code(desk, "market", code[:at] + (1).to_bytes(32) + code[at + 32 :])
    assert "code.market._CACHED_CHAIN_ID" in fields(desk)


def test_the_blueprint_and_a_proxy_are_compared(desk: EvmNetwork) -> None:
    set_code(desk, "proxy-blueprint", code_of(desk, "proxy-blueprint")[:-1] + b"\0")
    proxy = desk.ledger().token("MSFT")
    code = desk.node.code(proxy.address)
    beacon = bytes.fromhex(desk.book.contract("beacon").address[2:])
    assert code.endswith(beacon)
    desk.node.rpc("anvil_setCode", proxy.address, "0x" + (code[:-20] + bytes.fromhex(STRANGER[2:])).hex())
    assert {"code.blueprint", "stocks.1.code.BEACON"} <= fields(desk)


# --- slots and wiring ---


@pytest.mark.parametrize(
    ("name", "slot"), [("beacon", BEACON_SLOT), ("implementation", IMPLEMENTATION_SLOT), ("admin", ADMIN_SLOT)]
)
def test_a_foreign_erc_1967_slot(desk: EvmNetwork, name: str, slot: int) -> None:
    token = desk.ledger().token("AAPL")
    word = "0x" + STRANGER[2:].rjust(64, "0")
    desk.node.rpc("anvil_setStorageAt", token.address, hex(slot), word)
    finding = only(desk)
    assert (finding.field, finding.found, finding.severity) == (f"stocks.2.erc1967.{name}", STRANGER, "critical")


def test_the_slots_are_those_of_the_standard() -> None:
    """As ERC-1967 prints them."""
    assert hex(BEACON_SLOT) == "0xa3f0ad74e5423aebfd80d3ef4346578335a9a72aeaee59ff6cb3582b35133d50"
    assert hex(IMPLEMENTATION_SLOT) == "0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc"
    assert hex(ADMIN_SLOT) == "0xb53127684a568b3173ae13b9f8a6016e243e63b6e8ee1178d6a717850b5d6103"


def test_implementations_that_no_record_knows(desk: EvmNetwork) -> None:
    """Even with the right code: somebody pinned what was not deployed here."""
    wired = (desk.book.contract(name).address for name in ("roles", "registry", "actions", "feed"))
    args = tuple(wired)
    halves = [desk.chain.deploy("StockExtension", mode, *args, sender="deployer").address for mode in range(3)]
    others = [
        desk.chain.deploy("StockToken", mode, *args, half, sender="deployer").address
        for mode, half in enumerate(halves)
    ]
    as_timelock(desk, "beacon", "pin", *others)
    assert found(desk) == [(f"beacon.pinned.{mode}", "critical") for mode in ("HALTED", "NORMAL", "STRICT")]


def test_a_halted_fleet(desk: EvmNetwork) -> None:
    call_as(desk, desk.chain.address("duty-officer"), desk.book.contract("beacon"), "halt")
    assert only(desk) == Finding("beacon.mode", "NORMAL", "HALTED")


@pytest.mark.parametrize(
    ("label", "pointer", "field"), [("feed", "actions", "feed.actions"), ("registry", "beacon", "registry.beacon")]
)
def test_a_pointer_that_was_bent(desk: EvmNetwork, label: str, pointer: str, field: str) -> None:
    """The contract takes it once, so only its storage can be made to name another."""
    at, named = (desk.book.contract(name).address for name in (label, pointer))
    slot = next(slot for slot in range(30) if desk.node.storage(at, slot)[-20:] == bytes.fromhex(named[2:]))
    desk.node.rpc("anvil_setStorageAt", at, hex(slot), "0x" + STRANGER[2:].rjust(64, "0"))
    assert found(desk) == [(field, "critical")]


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
    desk: EvmNetwork, label: str, function: str, args: tuple, finding: tuple[str, str, str]
) -> None:
    as_timelock(desk, label, function, *args)
    assert only(desk) == Finding(*finding)


def test_another_treasury_and_other_assets(desk: EvmNetwork) -> None:
    stablecoin, other = desk.book.contract("stablecoin").address, desk.book.contract("factory").address
    as_timelock(desk, "market", "setTreasury", STRANGER)
    as_timelock(desk, "market", "listAsset", other, True)
    as_timelock(desk, "market", "listAsset", stablecoin, False)
    assert found(desk) == [
        ("settlement.assets", "critical"),
        ("settlement.treasury", "critical"),
        ("settlement.assets.USDC", "drift"),
    ]


def test_another_reserve(desk: EvmNetwork) -> None:
    token, feed = desk.ledger().token("IBM").address, desk.book.contract("feed")
    oracle = desk.chain.deploy("MockReserveOracle", 18, sender="deployer").address
    as_timelock(desk, "feed", "configure", token, oracle, 99, 0, 10**18)
    assert feed.address
    assert found(desk) == [("stocks.IBM.reserve.oracle", "critical")] + [
        (f"stocks.IBM.reserve.{name}", "drift") for name in ("ceiling", "margin_bps", "max_age")
    ]
    assert next(one for one in audit(desk) if one.field.endswith("ceiling")) == Finding(
        "stocks.IBM.reserve.ceiling", "1000000 shares", "1 shares"
    )


def test_a_paused_market_and_a_paused_stock(desk: EvmNetwork) -> None:
    officer = desk.chain.address("duty-officer")
    call_as(desk, officer, desk.book.contract("market"), "pause")
    call_as(desk, officer, desk.ledger().token("FB"), "pause")
    assert found(desk) == [("market.paused", "drift"), ("stocks.FB.paused", "drift")]


# --- stocks ---


def test_a_stock_that_the_manifest_does_not_name(desk: EvmNetwork) -> None:
    args = ("Other Inc", "OTHR", "US0000000001", 1, 0)
    call_as(desk, desk.chain.address("safe"), desk.book.contract("factory"), "createStock", *args)
    finding = only(desk)
    assert (finding.field, finding.severity) == ("stocks.6", "critical")
    assert finding.found.startswith("OTHR (US0000000001), 0x")


def test_a_token_that_is_not_the_factory_s(desk: EvmNetwork) -> None:
    """Whoever holds FACTORY can register anything: a key would do."""
    call_as(desk, desk.book.contract("factory").address, desk.book.contract("registry"), "registerToken", STRANGER)
    assert ("stocks.6.code", "critical") in found(desk)


def test_stocks_that_differ_or_are_missing(desk: EvmNetwork) -> None:
    stocks = dict(desk.manifest.stocks)
    stocks["GOOG"] = stocks["GOOG"].model_copy(update={"name": "Alphabet Inc"})
    stocks["META"] = stocks["FB"].model_copy(update={"isin": "US30303M1028"})
    stocks["IBM"] = stocks["IBM"].model_copy(
        update={"rules": stocks["IBM"].rules.model_copy(update={"policy": "BLOCKLIST"})}
    )
    other = EvmNetwork(
        desk.manifest.model_copy(update={"stocks": stocks}), desk.node, desk.chain, desk.book, desk.records
    )
    assert audit(other) == [
        Finding("stocks.IBM.policy", "BLOCKLIST", "ALLOWLIST", "critical"),
        Finding("stocks.GOOG.name", "Alphabet Inc", "GOOG Inc"),
        Finding("stocks.META", "a token of US30303M1028", "none on the chain"),
    ]


# --- the register ---


def test_another_sanctions_oracle_and_none(desk: EvmNetwork) -> None:
    other = desk.chain.deploy("MockSanctionsOracle", sender="deployer").address
    as_timelock(desk, "registry", "setSanctionsOracle", other)
    finding = only(desk)
    assert (finding.field, finding.severity) == ("sanctions_oracle", "critical")
    assert finding.expected.startswith("sanctions-oracle (0x")
    assert finding.found == f"{other}, a contract"
    as_timelock(desk, "registry", "setSanctionsOracle", ZERO_ADDRESS)
    assert only(desk).found == "none"


def test_an_oracle_that_is_suspended(desk: EvmNetwork) -> None:
    call_as(desk, desk.chain.address("compliance-desk"), desk.book.contract("registry"), "suspendSanctionsOracle")
    assert only(desk) == Finding("sanctions_oracle", "believed", "suspended")


def test_a_provider_that_is_dropped(desk: EvmNetwork) -> None:
    who, registry = desk.chain.address("compliance-desk"), desk.book.contract("registry")
    call_as(desk, who, registry, "dropProvider", desk.chain.address("kyc-provider"), 5, b"\1" * 32)
    assert only(desk) == Finding("roles.KYC_PROVIDER", "kyc-provider believed", "dropped")
