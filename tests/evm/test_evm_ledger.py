"""The ledger on chains inside the process: it says what the model says, for the same reasons."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from support.days import ex_of

from scrip import instructions as ins
from scrip.errors import InputError, Refusal
from scrip.evm.deploy.suite import deploy_suite, hand_over
from scrip.evm.encoding.values import reference_word
from scrip.evm.labels import ADMIN, role
from scrip.evm.ledger import EvmLedger
from scrip.evm.local.boa_chain import BoaChain
from scrip.evm.local.local_chain import LocalChain
from scrip.evm.local.revm_chain import RevmChain
from scrip.labels import DEPLOYER
from scrip.ledger import EVM, ActionState, Ledger
from scrip.model.ledger import ModelLedger
from scrip.units import RawUnits, Shares, Stablecoin

START = 1_000_000_000
DAY = 86_400
UNIT = 10**18


@pytest.fixture(params=[RevmChain, BoaChain])
def ledger(request) -> EvmLedger:
    chain: LocalChain = request.param(START)
    return EvmLedger(chain, deploy_suite(chain))


@pytest.fixture
def model() -> ModelLedger:
    return ModelLedger(EVM, START)


def units(tokens: int) -> RawUnits:
    return RawUnits(tokens * UNIT, 18)


def quote(ledger: Ledger, name: str, **terms: object) -> ins.QuoteTerms:
    base = {"id": name, "expiry": ledger.now() + 600, "generation": ledger.multiplier("ACME").generation}
    return ins.QuoteTerms(**(base | terms))


def open_for_business(ledger: Ledger) -> None:
    ledger.apply(ins.CreateStock("ACME", "Acme Inc", "US0000000001"))
    ledger.apply(ins.ConfigureReserve("ACME", 30 * DAY, 50, Shares.of(1_000)))
    ledger.apply(ins.AttestReserve("ACME", Shares.of(1_000)))
    ledger.apply(ins.Onboard("investor-a", "alice", 276, "retail", START + 100 * DAY))
    ledger.apply(ins.Onboard("investor-b", "bob", 276, "venue", START + 100 * DAY))
    ledger.apply(ins.FundStablecoin("alice", Stablecoin.parse("5000")))
    ledger.apply(ins.Mint("ACME", "alice", units(100), Stablecoin.parse("2739"), quote(ledger, "first")))


def test_a_day_on_the_chain(ledger: EvmLedger, model: ModelLedger) -> None:
    """Split, dividend, cancel, block, forced transfer, partial freeze: the same numbers as the model throughout."""
    split_at, dividend_at = START + 2 * DAY, START + 5 * DAY
    steps: list[int | Callable[[Ledger], ins.Instruction]] = [
        lambda _: ins.Approve("ACME", "alice", "bob", units(5)),
        lambda _: ins.TransferFrom("ACME", "bob", "alice", "bob", units(4)),
        lambda _: ins.Announce("ACME", "SPLF", "s", ex_of(split_at), split_at, num=3, den=2),
        lambda _: ins.Schedule("ACME", "SPLF", "s"),
        split_at - 1,
        split_at,
        lambda _: ins.AttestReserve("ACME", Shares.of(1_500)),
        lambda _: ins.ConfirmBasis("ACME"),
        lambda _: ins.Announce("ACME", "DRIP", "d", ex_of(dividend_at), dividend_at, gross=UNIT, pay=dividend_at),
        lambda _: ins.Schedule("ACME", "DRIP", "d", 27 * UNIT),
        dividend_at,
        lambda _: ins.AttestReserve("ACME", Shares.of(1_600)),
        lambda _: ins.SetCeiling("ACME", Shares.of(1_600)),
        lambda _: ins.Announce("ACME", "SPLR", "r", ex_of(START + 9 * DAY), START + 9 * DAY, num=1, den=10),
        lambda _: ins.Cancel("ACME", "SPLR", "r", 7, "board resolution"),
        lambda _: ins.LinkWallet("investor-a", "alice2"),
        lambda _: ins.Transfer("ACME", "alice", "alice2", units(1)),
        lambda _: ins.Block("investor-a", 1, "court order"),
        lambda _: ins.ForcedTransfer("ACME", "alice", "bob", units(2), 6, "judgment"),
        lambda _: ins.Unblock("investor-a", 2, "order lifted"),
        lambda _: ins.SetFrozenTokens("ACME", "alice", units(90), 5, "order"),
        lambda _: ins.Freeze("ACME", "bob", True, 5, "order"),
        lambda _: ins.Freeze("ACME", "bob", False, 5, "order"),
        lambda _: ins.OpenCase("ACME", "alice", 5, "order"),
        lambda _: ins.SetFrozenTokens("ACME", "alice", units(0)),
        lambda _: ins.CloseCase("ACME", "alice"),
        lambda _: ins.BlockWallet("outsider", 3, "list"),
        lambda _: ins.UnblockWallet("outsider", 3, "list"),
        lambda _: ins.Renew("investor-a", START + 200 * DAY),
        lambda _: ins.Pause("ACME"),
        lambda _: ins.Unpause("ACME"),
        lambda _: ins.PauseMarket(),
        lambda _: ins.RevokeQuote(nonce=3),
        lambda _: ins.UnpauseMarket(),
        lambda _: ins.Halt(),
        lambda _: ins.Unhalt(),
        lambda led: ins.Redeem("ACME", "alice", units(10), Stablecoin.parse("100"), quote(led, "last")),
        lambda _: ins.UnlinkWallet("investor-a", "alice2", 4, "wallet lost"),
        lambda _: ins.ConfigureReserve("ACME", 30 * DAY, 50, Shares.of(1_600), source="attested"),
        lambda _: ins.AttestReserve("ACME", Shares.of(1_700), ceiling=Shares.of(1_650), others=Shares.of(9)),
        lambda led: mint(led, id="attested"),
    ]
    for each in (ledger, model):
        open_for_business(each)
    for step in steps:
        for each in (ledger, model):
            each.advance_to(step) if isinstance(step, int) else each.apply(step(each))
        assert ledger.now() == model.now()
        assert ledger.multiplier("ACME") == model.multiplier("ACME")
        assert ledger.coverage("ACME") == model.coverage("ACME")
        assert ledger.supply("ACME") == model.supply("ACME")
        for account in ("alice", "alice2", "bob", "outsider"):
            assert ledger.balance("ACME", account) == model.balance("ACME", account)
            assert ledger.stablecoin(account) == model.stablecoin(account)
    assert ledger.multiplier("ACME").generation == 2
    state = ledger.multiplier("ACME")
    assert ledger.balance_ui("ACME", "bob") == ledger.balance("ACME", "bob").value * state.ui_multiplier // UNIT
    assert (ledger.may_hold("ACME", "alice"), ledger.may_hold("ACME", "outsider")) == (True, False)


def mint(ledger: Ledger, stock: str = "ACME", tokens: int = 1, by: str = "", **terms: object) -> ins.Mint:
    return ins.Mint(stock, "alice", units(tokens), Stablecoin(1), quote(ledger, "q", **terms), by)


def announce(stock: str, at: int) -> ins.Announce:
    return ins.Announce(stock, "SPLF", "s", ex_of(at), at, num=2, den=1)


REFUSED: list[tuple[Callable[[Ledger], ins.Instruction], str]] = [
    (lambda _: ins.Transfer("ACME", "alice", "outsider", units(1)), "ERC7943CannotReceive"),
    (lambda _: ins.Transfer("ACME", "alice", "", units(1)), "ERC20InvalidReceiver"),
    (lambda _: ins.Transfer("ACME", "alice", "bob", units(101)), "ERC20InsufficientBalance"),
    (lambda _: ins.TransferFrom("ACME", "bob", "alice", "bob", units(1)), "ERC20InsufficientAllowance"),
    (lambda led: mint(led, id="first"), "market: quote used"),
    (lambda led: mint(led, expiry=START), "market: quote expired"),
    (lambda led: mint(led, forged=True), "market: bad signature"),
    (lambda led: mint(led, signer="bob"), "market: not a quote signer"),
    (lambda led: mint(led, side="redeem"), "market: wrong side"),
    (lambda led: mint(led, asset="dime"), "market: asset not listed"),
    (lambda led: mint(led, by="bob"), "market: not your quote"),
    (lambda led: mint(led, stock="NONE"), "market: unknown stock"),
    (lambda led: mint(led, tokens=950), "reserve: insufficient"),
    (lambda _: announce("ACME", START), "actions: effective in the past"),
    (lambda _: announce("NONE", START + DAY), "actions: unknown stock"),
    (lambda _: ins.Schedule("NONE", "SPLF", "s"), "actions: not announced"),
    (lambda _: ins.Cancel("NONE", "SPLF", "s", 1, "x"), "actions: not cancellable"),
    (lambda _: ins.ConfigureReserve("NONE", DAY, 0, Shares.of(1)), "reserve: unknown stock"),
    (lambda _: ins.SetCeiling("NONE", Shares.of(1)), "reserve: not configured"),
    (lambda _: ins.ConfirmBasis("NONE"), "reserve: not configured"),
    (lambda _: ins.ConfirmBasis("ACME"), "reserve: basis is current"),
    (lambda _: ins.CreateStock("NEW", "New", "US0000000001"), "factory: isin taken"),
    (lambda _: ins.CreateStock("NEW", "New", "US1"), "factory: bad isin"),
    (lambda _: ins.Onboard("investor-a", "carol", 1, "retail", START + DAY), "registry: investor known"),
    (lambda _: ins.Onboard("", "carol", 1, "retail", START + DAY), "registry: bad investor"),
    (lambda _: ins.Block("investor-x", 1, "x"), "registry: unknown investor"),
    (lambda _: ins.Pause("ACME", by="bob"), "roles: not authorised"),
]


def test_refusals_have_the_models_names(ledger: EvmLedger, model: ModelLedger) -> None:
    for each in (ledger, model):
        open_for_business(each)
    for make, name in REFUSED:
        for each in (ledger, model):
            with pytest.raises(Refusal) as caught:
                each.apply(make(each))
            assert caught.value.name == name
        assert ledger.balance("ACME", "alice") == units(100)


def test_the_detail_names_accounts(ledger: EvmLedger) -> None:
    open_for_business(ledger)
    with pytest.raises(Refusal, match=r"^ERC7943CannotReceive \(outsider\)$"):
        ledger.apply(ins.Transfer("ACME", "alice", "outsider", units(1)))


def test_a_key_is_good_for_one_instruction(ledger: EvmLedger) -> None:
    open_for_business(ledger)
    ledger.apply(ins.Renew("investor-a", START + DAY, key="batch 7"))
    with pytest.raises(Refusal, match="keys: used"):
        ledger.apply(ins.Renew("investor-a", START + DAY, key="batch 7"))


def test_unknown_names_and_foreign_units_never_reach_the_chain(ledger: EvmLedger) -> None:
    open_for_business(ledger)
    with pytest.raises(InputError, match="stock: is not a known stock"):
        ledger.balance("NONE", "alice")
    with pytest.raises(InputError, match="names another stock already"):
        ledger.apply(ins.CreateStock("ACME", "Acme again", "US0000000009"))
    with pytest.raises(InputError, match="nobody signs for the zero address"):
        ledger.apply(ins.Mint("ACME", "", units(1), Stablecoin(1), quote(ledger, "q")))
    with pytest.raises(TypeError, match="are not raw units of evm"):
        ledger.apply(ins.Transfer("ACME", "alice", "bob", RawUnits(1, 8)))
    with pytest.raises(TypeError, match="is not the stablecoin"):
        ledger.apply(ins.FundStablecoin("alice", Stablecoin(1, 18)))
    with pytest.raises(TypeError, match="no instruction"):
        ledger.apply(ins.Instruction())


def test_time_does_not_run_back(ledger: EvmLedger) -> None:
    ledger.advance_to(START + 5)
    ledger.advance_to(START + 5)
    assert ledger.now() == START + 5
    with pytest.raises(ValueError, match="has passed"):
        ledger.advance_to(START + 4)


def test_a_mark_brings_state_and_clock_back(ledger: EvmLedger) -> None:
    chain = ledger.chain
    assert isinstance(chain, LocalChain)
    mark = chain.mark()
    ledger.advance_to(START + DAY)
    ledger.apply(ins.CreateStock("ACME", "Acme Inc", "US0000000001"))
    chain.back_to(mark)
    fresh = EvmLedger(chain, ledger.suite)
    assert fresh.now() == START
    fresh.apply(ins.CreateStock("ACME", "Acme Inc", "US0000000001"))
    assert fresh.multiplier("ACME").ui_multiplier == UNIT


def test_actions_are_shown_as_they_stand_now(ledger: EvmLedger) -> None:
    open_for_business(ledger)
    split_at = START + 2 * DAY
    assert list(ledger.actions("ACME")) == []
    split, paid = announce("ACME", split_at), split_at + DAY
    ledger.apply(split)
    ledger.apply(ins.Announce("ACME", "DRIP", "d" * 40, ex_of(paid), paid, gross=UNIT, pay=paid))
    state = ledger.action("ACME", "SPLF", "s")
    terms = {"ex": 20010911, "ex_at": split_at - split_at % DAY, "effective_at": split_at, "num": 2, "den": 1}
    assert state == ActionState(ledger.action_id("ACME", "SPLF", "s"), "ACME", "SPLF", "s", "announced", **terms)
    assert (state.known, state.open, state.counts) == (True, True, False)
    ledger.apply(ins.Schedule("ACME", "SPLF", "s"))
    assert ledger.action("ACME", "SPLF", "s") == replace(state, status="scheduled")
    ledger.advance_to(split_at)
    first, second = ledger.actions("ACME")
    assert first == replace(state, status="effective")
    assert (first.open, first.counts) == (False, True)
    # A reference of more than 32 bytes is kept as its hash.
    assert second == replace(ledger.action("ACME", "DRIP", "d" * 40), reference="0x" + reference_word("d" * 40).hex())
    assert (second.gross, second.pay, second.price) == (UNIT, paid, 0)
    unknown = ledger.action("ACME", "SPLR", "none")
    assert unknown == ActionState(ledger.action_id("ACME", "SPLR", "none"), "ACME", "SPLR", "none")
    assert (unknown.known, unknown.open, unknown.counts) == (False, False, False)
    with pytest.raises(InputError, match="is not a known stock"):
        ledger.action("NONE", "SPLF", "s")


def test_the_ceiling_is_what_was_set(ledger: EvmLedger) -> None:
    ledger.apply(ins.CreateStock("ACME", "Acme Inc", "US0000000001"))
    assert Shares.from_wad(ledger.coverage("ACME").ceiling) == Shares.of(0)
    ledger.apply(ins.ConfigureReserve("ACME", 30 * DAY, 50, Shares.parse("999.5")))
    assert Shares.from_wad(ledger.coverage("ACME").ceiling) == Shares.parse("999.5")


def test_a_mark_brings_events_back(ledger: EvmLedger) -> None:
    open_for_business(ledger)
    chain = ledger.chain
    assert isinstance(chain, LocalChain)
    mark = chain.mark()
    ledger.apply(announce("ACME", START + DAY))
    assert [one.reference for one in ledger.actions("ACME")] == ["s"]
    chain.back_to(mark)
    assert list(ledger.actions("ACME")) == []


def test_roles_after_deployment_and_after_the_hand_over(ledger: EvmLedger) -> None:
    chain, suite = ledger.chain, ledger.suite

    def holds(name: bytes, address: str) -> bool:
        return chain.call(suite.roles, "hasRole", name, address)

    issuer = chain.address(ins.ISSUER)
    assert holds(ADMIN, issuer)
    assert not holds(ADMIN, chain.address(DEPLOYER))
    assert holds(role("MINTER"), suite.market.address)
    assert not holds(role("MINTER"), issuer)
    assert holds(role("FACTORY"), suite.factory.address)
    hand_over(chain, suite)
    assert not holds(ADMIN, issuer)
    assert holds(ADMIN, suite.timelock.address)
    ledger.apply(ins.CreateStock("ACME", "Acme Inc", "US0000000001"))
    with pytest.raises(Refusal, match="roles: not authorised"):
        ledger.apply(ins.ConfigureReserve("ACME", DAY, 0, Shares.of(1)))
