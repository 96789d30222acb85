"""Every operation that Solana has, ready to be planned in a world that was prepared for all of them."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from types import ModuleType

from solana_network_world import START, SolanaNetworkWorld, solana_manifest

from scrip import flows
from scrip import instructions as ins
from scrip.chains.solana import SolanaNetwork
from scrip.inputs.batch import Batch, Link, Newcomer, Renewal
from scrip.instructions.base import TREASURY
from scrip.manifest.model import Manifest
from scrip.plan import Plan
from scrip.plan.draft import Draft, Reason
from scrip.solana.addresses import local_address
from scrip.units import WAD, RawUnits, Shares, Stablecoin, Wad

DAY = 86_400
YEAR = 365 * DAY
Planned = Callable[[SolanaNetwork], Plan]
ELSEWHERE = {
    "market.submit_file": "market.submit, of a file",
    "provider_files": "what the operations of attestations do on Solana",
    "fleet.tables": "adds what room needs, and changes nothing: test_lookup_tables",
    "market_treasury": "where a manifest names custodians: test_treasury_commands",
    "market_bounds": "the program bounds no quotes by bands, limits or pegs",
    "market_payment": "has no equivalent: an account pays for itself there",
    "actions.plan_of": "one of the three",
    "actions.record": "the program records what moves a multiplier alone",
    "announcements": "of actions: what a file announces, which is announced by actions.announce",
    "dividend_roots": "the program pays no dividends in cash",
    "reinvestment": "the program pays no dividends in cash",
    "actions.resync": "no operation makes a mint show another number: test_repairs",
    "sanctions": "of a manifest that names an oracle: test_sanctions_lists",
    "list_files": "what the operations of sanctions do on Solana",
    "holder_limits.restriction": "asks a token's own view, of which the program has none",
    "timelock": "the program's own, where ADMIN is handed over to it: test_timelock_operations",
    "feeds": "the program prices nothing",
    "calendar": "the program keeps no sessions",
    "redemption": "the program keeps no queue of requests",
    "requests": "the program keeps no queue of requests",
    "subscriptions": "the program keeps no queue of requests",
    "dividends": "the program pays no dividends in cash",
    **{f"voting.{name}": "the program takes no votes" for name in ("cast", "confirm", "report", "void")},
    "wind_up": "the program ends no stock",
    "region_exit": "the program burns for no exit",
    "signed_votes": "the program takes no votes",
    "offers": "the program takes no units in escrow",
    "elections": "the program leaves no choice between cash and stock",
}
"""Operations that are no case of their own here, and why; a module stands for all of its own."""


@dataclass(frozen=True)
class Operation:
    """An operation, and what has to be done before it: other operations, and seconds that pass."""

    plan: Planned
    before: tuple[Planned | int, ...] = ()


def renamed(network: SolanaNetwork) -> SolanaNetwork:
    """The network of a manifest that has another ISIN for a stock, whose mint was created under the one before."""
    old = network.manifest.stocks["MSFT"]
    stock = old.model_copy(update={"isin": "US5949181052", "birth_isin": old.isin})
    stocks = {**network.manifest.stocks, "MSFT": stock}
    return replace(network, manifest=network.manifest.model_copy(update={"stocks": stocks}))


def described(network: SolanaNetwork) -> SolanaNetwork:
    """The network of a manifest that has a longer name for a stock."""
    stock = network.manifest.stocks["MSFT"].model_copy(update={"name": "Microsoft Corporation, as it is called now"})
    stocks = {**network.manifest.stocks, "MSFT": stock}
    return replace(network, manifest=network.manifest.model_copy(update={"stocks": stocks}))


def batch(name: str, *rows: object) -> Batch:
    """A file of these rows."""
    return Batch(f"{name}.csv", name, tuple(enumerate(rows, start=2)))


def newcomer(investor: str, account: str) -> Newcomer:
    """A row of a new investor."""
    return Newcomer(investor, str(local_address(account)), 756, "professional", START + YEAR)


def onboard(*pairs: tuple[str, str]) -> Planned:
    """New investors, each with a wallet."""
    return lambda network: flows.investors.onboard(
        network, batch("-".join(sum(pairs, ())), *[newcomer(*one) for one in pairs])
    )


def quoted(side: ins.Side, account: str, name: str) -> Planned:
    """A quote, drafted, signed and submitted."""

    def plan(network: SolanaNetwork) -> Plan:
        asked = (RawUnits(5 * 10**18, 18), Stablecoin.parse("5"), name, 300)
        signed = network.views().signed_quote(flows.market.draft(network, side, "MSFT", account, *asked))
        return flows.market.submit(network, signed, account)

    return plan


def units(tokens: int) -> RawUnits:
    """Whole tokens, as an operator names them."""
    return RawUnits(tokens * 10**18, 18)


def paused(network: SolanaNetwork) -> Plan:
    """The stock stands still."""
    return flows.fleet.pause(network, "MSFT", True)


def limited(network: SolanaNetwork) -> Plan:
    """Five may hold it."""
    return flows.holder_limits.set_limits(network, "MSFT", 5)


def recovered(network: SolanaNetwork) -> Plan:
    """The first owner's wallet is lost; another takes its place."""
    return flows.recovery.recover(network, "alice", "owner-1", "owner-3", (), Reason(4, "affidavit"))


def lost(network: SolanaNetwork) -> Plan:
    """The same, of which only the wallet's own step is carried out: its units are left behind."""
    order = ins.RecoverWallet("alice", "owner-1", "owner-3", 4, "affidavit")
    draft = Draft(network.views(), "compliance recover", "affidavit", natural=True)
    draft.order("lost", order)
    return draft.plan()


def frozen(wished: bool, document: str) -> Planned:
    """A wallet's units held, or free again."""
    return lambda network: flows.enforcement.freeze(network, "MSFT", "owner-1", wished, Reason(4, document))


def part(amount: int, document: str) -> Planned:
    """Some of a wallet's units frozen, or free again."""
    return lambda network: flows.enforcement.freeze_tokens(
        network, "MSFT", "owner-1", units(amount), Reason(4, document)
    )


def locked(network: SolanaNetwork) -> Plan:
    """Some of a wallet's units locked for a day."""
    return flows.enforcement.lock(network, "MSFT", "owner-1", units(2), START + 2 * DAY, Reason(6, "order-7"))


def turned(name: str, document: str) -> Planned:
    """Alice blocked or unblocked."""
    return lambda network: getattr(flows.investors, name)(network, "alice", Reason(3, document))


EX, AT = date(2027, 1, 20), START + 5 * DAY + 7 * 3_600
SPLIT = ins.Announce("MSFT", "SPLF", "sweep", EX, AT, 2, 1)


def announce(network: SolanaNetwork) -> Plan:
    """A split of 2:1."""
    return flows.actions.announce(network, SPLIT)


def schedule(network: SolanaNetwork) -> Plan:
    """The same scheduled."""
    return flows.actions.schedule(network, ins.Schedule("MSFT", "SPLF", "sweep"))


def attested(shares: int, basis: ins.Basis | None = None) -> Planned:
    """What the custodian holds."""
    return lambda network: flows.reserve.attest(network, "MSFT", Shares.of(shares), basis=basis)


def amended(network: SolanaNetwork) -> SolanaNetwork:
    """The network under a manifest that has another officer on duty, another withholding and another reserve."""
    manifest = network.manifest
    roles = {**manifest.roles, "PAUSER": ["deployer"]}
    actions = manifest.corporate_actions.model_copy(update={"withholding_bps": 2_000})
    reserve = manifest.stocks["MSFT"].reserve.model_copy(update={"margin_bps": 60})
    stocks = {**manifest.stocks, "MSFT": manifest.stocks["MSFT"].model_copy(update={"reserve": reserve})}
    wished = {"roles": roles, "corporate_actions": actions, "stocks": stocks}
    return replace(network, manifest=manifest.model_copy(update=wished))


ATTESTING = {"duty-officer": 5}
"""KYC providers, and how many investors each may let in."""


def attesting(network: SolanaNetwork) -> SolanaNetwork:
    """The network under a manifest that names a KYC provider."""
    return replace(network, manifest=network.manifest.model_copy(update={"providers": ATTESTING}))


def provided(network: SolanaNetwork) -> Plan:
    """The provider is named."""
    return attesting(network).settings("providers")


def entering(network: SolanaNetwork) -> Plan:
    """The third owner enters with what the provider signed."""
    who = "erin", "owner-3", 276, "professional", START + YEAR
    drafted = flows.provider_files.draft(attesting(network), who, "case-1", START + 300 * DAY)
    signer = network.keys.signer(drafted.provider)
    signature = "0x" + bytes(signer.sign_message(drafted.attested.digest())).hex()
    return flows.provider_files.enter(network, replace(drafted.attested, signature=signature), "owner-3")


def dropped(network: SolanaNetwork) -> Plan:
    """The provider is believed no longer."""
    return flows.attestations.drop(attesting(network), "duty-officer", Reason(7, "order-9"))


LINKED = batch("second", Link("alice", str(local_address("owner-3"))))
OPERATIONS = {
    "investors.onboard": Operation(onboard(("carol", "owner-3"), ("dave", "custodian"))),
    "investors.renew": Operation(
        lambda network: flows.investors.renew(network, batch("later", Renewal("alice", START + DAY)))
    ),
    "investors.link": Operation(lambda network: flows.investors.link(network, LINKED)),
    "investors.unlink": Operation(
        lambda network: flows.investors.unlink(network, "alice", str(local_address("owner-1")), Reason(5, "left"))
    ),
    "investors.block": Operation(turned("block", "order-1")),
    "investors.unblock": Operation(turned("unblock", "order-2"), (turned("block", "order-1"),)),
    "investors.push": Operation(
        lambda network: flows.investors.push(network, "alice"),
        (lambda network: flows.investors.renew(network, batch("ended", Renewal("alice", START - DAY)), lapsed=True),),
    ),
    "investors.set_profile": Operation(lambda network: flows.investors.set_profile(network, "alice", 276, "retail")),
    "attestations.enter_file": Operation(entering, (provided,)),
    "attestations.cancel": Operation(
        lambda network: flows.attestations.cancel(attesting(network), "case-2"), (provided,)
    ),
    "attestations.drop": Operation(dropped, (provided,)),
    "attestations.readmit": Operation(
        lambda network: flows.attestations.readmit(attesting(network), "duty-officer"), (provided, dropped)
    ),
    "enforcement.freeze": Operation(frozen(True, "order-3")),
    "enforcement.freeze, lifted": Operation(frozen(False, "order-4"), (frozen(True, "order-3"),)),
    "enforcement.sweep": Operation(
        flows.enforcement.sweep,
        (lambda network: flows.investors.renew(network, batch("ended", Renewal("alice", START - DAY)), lapsed=True),),
    ),
    "enforcement.seize": Operation(
        lambda network: flows.enforcement.seize(network, "MSFT", "owner-1", "owner-2", units(2), Reason(6, "order-5"))
    ),
    "enforcement.burn": Operation(
        lambda network: flows.enforcement.burn(network, "MSFT", "owner-1", units(2), Reason(6, "order-6"))
    ),
    "enforcement.freeze_tokens": Operation(part(2, "order-8")),
    "enforcement.freeze_tokens, lifted": Operation(part(0, "order-9"), (part(2, "order-8"),)),
    "enforcement.lock": Operation(locked),
    "enforcement.release": Operation(
        lambda network: flows.enforcement.release(network, "MSFT", "owner-1", Reason(6, "order-10")), (locked,)
    ),
    "enforcement.release_ended": Operation(
        lambda network: flows.enforcement.release_ended(network, "MSFT", "owner-1"), (locked, 3 * DAY)
    ),
    "recovery.recover": Operation(recovered),
    "recovery.recover, of what is frozen": Operation(recovered, (part(2, "order-8"),)),
    "holder_limits.set_rules": Operation(
        lambda network: flows.holder_limits.set_rules(network, "MSFT", (840,), ("institutional",))
    ),
    "holder_limits.set_limits": Operation(limited, (paused,)),
    "holder_limits.free_seat": Operation(
        lambda network: flows.holder_limits.free_seat(network, "MSFT", "bob"),
        (paused, limited, lambda network: flows.enforcement.thaw(network, "MSFT", "owner-2")),
    ),
    "holder_limits.seed": Operation(lambda network: flows.holder_limits.seed(network, "MSFT"), (paused, limited)),
    "recovery.recover_in": Operation(lambda network: flows.recovery.recover_in(network, "owner-1", ["MSFT"]), (lost,)),
    "enforcement.thaw": Operation(
        lambda network: flows.enforcement.thaw(network, "MSFT", "owner-1"),
        (frozen(True, "order-3"), frozen(False, "order-4")),
    ),
    "fleet.create": Operation(lambda network: flows.fleet.create(network, "AAPL")),
    "fleet.change_isin": Operation(
        lambda network: flows.fleet.change_isin(renamed(network), "MSFT", "US5949181045"),
    ),
    "fleet.describe": Operation(lambda network: flows.fleet.describe(described(network), "MSFT")),
    "voting.publish": Operation(
        lambda network: flows.voting.publish(
            network, "MSFT", "CHAN", "rename", "notice", "https://stocks.example/notice"
        )
    ),
    "fleet.halt": Operation(lambda network: flows.fleet.halt(network, True)),
    "fleet.halt, ended": Operation(
        lambda network: flows.fleet.halt(network, False), (lambda network: flows.fleet.halt(network, True),)
    ),
    "fleet.pause": Operation(lambda network: flows.fleet.pause(network, "MSFT", True)),
    "fleet.pause, ended": Operation(
        lambda network: flows.fleet.pause(network, "MSFT", False),
        (lambda network: flows.fleet.pause(network, "MSFT", True),),
    ),
    "market.pause": Operation(lambda network: flows.market.pause(network, True)),
    "market.submit": Operation(quoted("mint", "owner-2", "q-2")),
    "market.submit, redeemed": Operation(quoted("redeem", "owner-1", "q-3")),
    "reserve.attest": Operation(attested(2_000), (1,)),
    "reserve.ceiling": Operation(lambda network: flows.reserve.ceiling(network, "MSFT", Shares.of(900))),
    "reserve.confirm_basis": Operation(
        lambda network: flows.reserve.confirm_basis(network, "MSFT", "deployer"),
        (announce, schedule, 6 * DAY, attested(2_000, ins.Basis(2, 1, 1))),
    ),
    "reserve.set_basis": Operation(
        lambda network: flows.reserve.set_basis(network, "MSFT", ins.Basis(2, 1, 1)), (announce, schedule, 6 * DAY)
    ),
    "actions.announce": Operation(announce),
    "actions.schedule": Operation(schedule, (announce,)),
    "actions.cancel": Operation(
        lambda network: flows.actions.cancel(network, ins.Cancel("MSFT", "SPLF", "sweep", 2, "a mistake")), (announce,)
    ),
    "actions.correct": Operation(
        lambda network: flows.actions.correct(network, "MSFT", Wad(WAD * 11 // 10), AT, Reason(2, "a mistake", "c-1"))
    ),
    "actions.fold": Operation(
        lambda network: flows.actions.fold(network, "MSFT", Wad(2 * WAD), 1, 1, Reason(2, "too long", "f-1")),
        (announce, schedule, 6 * DAY, lambda network: flows.reserve.set_basis(network, "MSFT", ins.Basis(2, 1, 1))),
    ),
    "fleet.revoke": Operation(lambda network: flows.fleet.revoke(network, "PAUSER", "duty-officer")),
    "fleet.renounce": Operation(lambda network: flows.fleet.renounce(network, "PAUSER", "duty-officer")),
    "settings": Operation(lambda network: amended(network).settings("the amended manifest")),
    "deploy": Operation(lambda network: network.deployment()),
}
BARE = ("deploy",)
"""Begun where nothing is deployed."""


def operations_of(module: ModuleType) -> Iterator[str]:
    """The operations that a module of flows plans on Solana, too."""
    name = module.__name__.rpartition(".")[2]
    for one, function in inspect.getmembers(module, inspect.isfunction):
        own = function.__module__ == module.__name__ and not one.startswith("_")
        hints = inspect.get_annotations(function)
        if own and hints.get("return") == "Plan" and "network" in hints and not on_the_evm_alone(function):
            yield f"{name}.{one}"


def on_the_evm_alone(function: Callable) -> bool:
    """Whether an operation's network must be an Ethereum-family chain's."""
    source = inspect.getsource(function)
    return "evm_only(" in source and "SolanaNetwork" not in source


def without_apple() -> Manifest:
    """The manifest without one of its stocks, which an operation creates."""
    manifest = solana_manifest()
    return manifest.model_copy(update={"stocks": {"MSFT": manifest.stocks["MSFT"]}})


def prepared(world: SolanaNetworkWorld) -> None:
    """Alice and Bob are investors, Alice holds units of MSFT, and everybody has coins."""
    world.manifest = solana_manifest()
    for plan in (onboard(("alice", "owner-1"), ("bob", "owner-2")), attested(1_000)):
        world.run(plan(world.open()))
    ledger = world.open().ledger()
    for name in ("owner-1", "owner-2", TREASURY):
        ledger.apply(ins.FundStablecoin(name, Stablecoin.parse("1000")))
    world.run(quoted("mint", "owner-1", "q-1")(world.open()))
