"""The ledger over RPC: what is sent lands once, is paid for, is waited for, and is named when it fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest
from served import Served, running
from served_ledgers import chain_at, ledger_at, program
from served_payments import RICH
from solana_world import LATER
from solders.instruction import Instruction
from solders.keypair import Keypair
from solders.system_program import TransferParams, transfer
from solders.transaction import Transaction

from scrip import instructions as ins
from scrip.errors import InputError, Refusal
from scrip.solana.addresses import investor_id, local_address, local_keypair
from scrip.solana.chain import Failed
from scrip.solana.ledger import SolanaLedger
from scrip.solana.rpc.chain import SIZE, Expired, Fees, RpcChain, TooLarge
from scrip.solana.rpc.cluster import Cluster, NodeRefused, Unreachable, shown
from scrip.units import RawUnits, Shares, Stablecoin

COINS = 10**9


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with running(block_ms=50) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def ledger(served: Served) -> SolanaLedger:
    """A backed stock, in which alice and bob may hold."""
    ledger = ledger_at(served)
    ledger.apply(ins.CreateStock("MSFT", "Microsoft", "US5949181045"))
    for name in ("alice", "bob"):
        ledger.apply(ins.Onboard(name, name, 840, "retail", LATER))
        ledger.apply(ins.FundStablecoin(name, Stablecoin(COINS)))
    ledger.apply(ins.ConfigureReserve("MSFT", 604_800, 0, Shares(Fraction(10**6))))
    ledger.apply(ins.AttestReserve("MSFT", Shares(Fraction(10**6))))
    return ledger


@pytest.fixture
def chain(served: Served) -> Iterator[RpcChain]:
    """A chain of the test's own."""
    chain = chain_at(served)
    yield chain
    chain.cluster.close()


def payment(lamports: int = COINS) -> tuple[Instruction, Keypair]:
    """Lamports to a fresh address."""
    to = Keypair()
    return transfer(TransferParams(from_pubkey=RICH.pubkey(), to_pubkey=to.pubkey(), lamports=lamports)), to


def received(chain: RpcChain, to: Keypair) -> int:
    return chain.cluster.balance(to.pubkey())


def budget(signed: bytes) -> tuple[int, int]:
    """Compute limit and price of a signed transaction."""
    limit, price = Transaction.from_bytes(signed).message.instructions[:2]
    return int.from_bytes(bytes(limit.data)[1:], "little"), int.from_bytes(bytes(price.data)[1:], "little")


def hasten(served: Served, chain: RpcChain) -> None:
    """Let blocks pass whenever the chain waits, so that what expires does so at once and nothing else does."""
    chain.cluster.wait = lambda _seconds: served.advance(25)


def silent(chain: RpcChain) -> None:
    """From now on nothing that the chain sends arrives, and nothing is answered."""

    def send(_signed: bytes) -> None:
        raise Unreachable("cut")

    chain.cluster.send = send


# --- the ledger


def test_a_mint_a_transfer_and_a_redemption_over_the_wire(ledger: SolanaLedger) -> None:
    def quote(name: str) -> ins.QuoteTerms:
        return ins.QuoteTerms(name, ledger.now() + 600, ledger.multiplier("MSFT").generation)

    ten, one = RawUnits(10 * 10**8, 8), RawUnits(10**8, 8)
    ledger.apply(ins.Mint("MSFT", "alice", ten, Stablecoin(10**7), quote("mint")))
    ledger.apply(ins.Transfer("MSFT", "alice", "bob", one))
    ledger.apply(ins.Redeem("MSFT", "bob", one, Stablecoin(10**6), quote("redeem")))
    assert ledger.balance("MSFT", "alice") == RawUnits(9 * 10**8, 8)
    assert ledger.supply("MSFT") == RawUnits(9 * 10**8, 8)
    assert ledger.stablecoin("bob") == Stablecoin(COINS + 10**6)
    assert ledger.balance_ui("MSFT", "alice") == 9 * 10**8


def test_refusals_have_the_same_names_as_everywhere(ledger: SolanaLedger) -> None:
    refused = {
        "registry: wallet known": ins.Onboard("alice", "alice", 840, "retail", LATER),
        "roles: not authorised": ins.Block("alice", 1, "doc", by="mallory"),
        "actions: not announced": ins.Schedule("MSFT", "SPLF", "nothing"),
        "ERC7943CannotReceive": ins.Transfer("MSFT", "alice", "outsider", RawUnits(1, 8)),
    }
    for name, order in refused.items():
        with pytest.raises(Refusal) as refusal:
            ledger.apply(order)
        assert refusal.value.name == name


def test_four_groups_fit_into_a_transaction(ledger: SolanaLedger) -> None:
    stocks = [f"T{number}" for number in range(4)]
    for number, stock in enumerate(stocks):
        ledger.apply(ins.CreateStock(stock, stock, f"US{number:010}", "BLOCKLIST"))
    wallets = ["many", *(f"many {number}" for number in range(3))]
    ledger.apply(ins.Onboard("many", wallets[0], 840, "retail", LATER))
    for wallet in wallets[1:]:
        ledger.apply(ins.LinkWallet("many", wallet))
    for stock, wallet in zip(stocks, wallets, strict=True):
        ledger.investors.prepare(ledger.listing(stock), wallet)
    ledger.apply(ins.Block("many", 1, "doc"))
    for stock, wallet in zip(stocks, wallets, strict=True):
        assert not ledger.may_hold(stock, wallet)


# --- fees and limits


def test_the_limit_follows_the_simulation(ledger: SolanaLedger, chain: RpcChain) -> None:
    call = ledger.signed("pause_market", ins.ISSUER)
    prepared = chain.prepare([call], [local_keypair(ins.ISSUER)])
    used = chain._simulate([call]).units_consumed
    assert budget(prepared.signed) == (used + used // 10, 0)
    assert used < 20_000


def test_what_others_pay_is_paid_too(served: Served, chain: RpcChain) -> None:
    served.fault("floor", 7_000)
    try:
        call, to = payment()
        assert budget(chain.prepare([call], []).signed)[1] == 7_000
        chain.send([call], [])
        assert received(chain, to) == COINS
    finally:
        served.fault("floor", 0)


def test_no_more_than_the_cap_is_paid(served: Served, chain: RpcChain) -> None:
    served.fault("floor", 7_000)
    try:
        cheap = replace(chain, fees=Fees(cap=500), attempts=1)
        hasten(served, cheap)
        call, to = payment()
        assert budget(cheap.prepare([call], []).signed)[1] == 500
        with pytest.raises(Expired):
            cheap.send([call], [])
        assert received(chain, to) == 0
    finally:
        served.fault("floor", 0)


def test_a_price_is_bounded_and_doubles() -> None:
    fees = Fees(floor=10, cap=1_000)
    assert [fees.price([], attempt) for attempt in range(3)] == [10, 20, 40]
    assert fees.price([1, 2, 300, 400]) == 400
    assert fees.price([0, 0, 0, 5_000]) == 1_000
    assert [Fees().price([0] * 150, attempt) for attempt in range(3)] == [0, 2, 4]


# --- what may befall a transaction


def test_a_dropped_transaction_is_sent_again(served: Served, chain: RpcChain, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scrip.solana.rpc.chain.RESEND", 0.05)
    served.fault("drop")
    call, to = payment()
    prepared = chain.prepare([call], [])
    assert chain.settle(prepared).signature == str(prepared.signature)
    assert received(chain, to) == COINS


def test_it_is_signed_anew_only_when_the_first_can_never_land(served: Served, chain: RpcChain) -> None:
    made, heights, prepare = [], [], chain.prepare

    def noting(*args: object) -> object:
        heights.append(chain.cluster.height())
        made.append(prepare(*args))
        return made[-1]

    chain.prepare = noting
    hasten(served, chain)
    served.fault("drop")
    call, to = payment()
    chain.send([call], [])
    first, second = made
    assert first.signature != second.signature
    assert heights[1] > first.last_height
    assert chain.outcome(first.signature) is None
    assert received(chain, to) == COINS
    assert budget(first.signed)[1] == 0
    assert budget(second.signed)[1] > 0


def test_attempts_end(served: Served, chain: RpcChain) -> None:
    hasten(served, chain)
    served.fault("drop", 2)
    call, to = payment()
    with pytest.raises(Expired, match="did not land"):
        replace(chain, attempts=2).send([call], [])
    assert received(chain, to) == 0


@pytest.mark.parametrize("fault", ["lose_reply", "refuse", "duplicate"])
def test_a_lost_answer_never_makes_it_happen_twice(served: Served, chain: RpcChain, fault: str) -> None:
    served.fault(fault)
    call, to = payment()
    chain.send([call], [])
    assert received(chain, to) == COINS


def test_a_silent_node_leaves_the_outcome_open_and_the_same_bytes_settle_it(chain: RpcChain) -> None:
    call, to = payment()
    prepared = chain.prepare([call], [])
    send = chain.cluster.send
    silent(chain)
    chain.patience = 0.1
    with pytest.raises(Unreachable):
        chain.settle(prepared)
    chain.cluster.send = send
    chain.settle(prepared)
    assert chain.settle(prepared).signature == str(prepared.signature)
    assert received(chain, to) == COINS


def test_a_transaction_that_fails_on_landing_is_named(ledger: SolanaLedger, chain: RpcChain) -> None:
    """Both pass their simulation; the second lands behind the first."""
    issuer = local_keypair(ins.ISSUER)
    calls = []
    for wallet in ("twin", "other twin"):
        key, identity = list(bytes([8]) * 32), list(investor_id(wallet))
        accounts = {
            "investor": program().at.investor(bytes(identity)),
            "holder": local_address(wallet),
            "wallet": program().at.wallet(local_address(wallet)),
            "used_key": program().at.key(bytes(key)),
        }
        kind = program().type["InvestorClass"].Retail()
        args = (key, identity, 840, kind, LATER)
        calls.append(ledger.signed("onboard_investor", ins.ISSUER, *args, accounts=accounts))
    first, second = [chain.prepare([call], [issuer]) for call in calls]
    chain.settle(first)
    with pytest.raises(Failed) as failed:
        chain.settle(second)
    assert (failed.value.index, program().errors[failed.value.custom]) == (0, "KeyUsed")
    assert any("keys: used" in line for line in failed.value.logs)


def test_a_cut_in_the_middle_of_a_batch_is_completed_by_a_second_run(
    served: Served, ledger: SolanaLedger, chain: RpcChain
) -> None:
    batch = [ins.Onboard(f"batch {n}", f"batch {n}", 840, "retail", LATER, key=f"batch row {n}") for n in range(6)]
    first = SolanaLedger(chain, ledger.suite, stocks=ledger.stocks)
    for order in batch[:3]:
        first.apply(order)
    served.fault("lose_reply")
    send, chain.patience = chain.cluster.send, 0.1

    def cut_after_the_first(signed: bytes) -> None:
        try:
            send(signed)
        except Unreachable:
            silent(chain)
            chain.cluster.status = lambda _signature: (_ for _ in ()).throw(Unreachable("cut"))
            raise

    chain.cluster.send = cut_after_the_first
    with pytest.raises(Unreachable):
        first.apply(batch[3])

    answers = []
    for order in batch:
        try:
            ledger.apply(order)
            answers.append("done")
        except Refusal as refusal:
            answers.append(refusal.name)
    assert answers == ["keys: used"] * 4 + ["done"] * 2
    for order in batch:
        record = ledger.investors.record_of(local_address(order.wallet))
        assert record == program().at.investor(investor_id(order.investor))


# --- the node


def test_many_transactions_are_looked_for_at_once(chain: RpcChain) -> None:
    """A node answers for 256; what never landed stands among what has."""
    call, to = payment()
    sent = chain.prepare([call], [RICH])
    chain.settle(sent)
    asked = [*[to.sign_message(bytes([n % 256, n // 256])) for n in range(260)], sent.signature]
    found = list(chain.all_landed(asked))
    assert [one is not None for one in found] == [False] * 260 + [True]
    assert found[-1].signature == sent.signature


def test_a_transaction_that_does_not_fit_is_refused_before_it_is_sent(chain: RpcChain) -> None:
    calls = [payment()[0] for _ in range(30)]
    with pytest.raises(TooLarge, match=str(SIZE)):
        chain.prepare(calls, [])


def test_a_clock_is_not_moved(served: Served) -> None:
    cluster = Cluster(served.url)
    plain = RpcChain(cluster, RICH)
    now = plain.now()
    plain.advance_to(now)
    with pytest.raises(InputError, match="cannot be moved"):
        plain.advance_to(now + 1)
    with pytest.raises(ValueError, match="has passed"):
        plain.advance_to(now - 1)
    assert plain.rich(local_keypair("penniless")) == local_keypair("penniless")
    assert plain.cluster.balance(local_address("penniless")) == 0
    cluster.close()


def test_no_message_shows_the_key_of_a_url(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scrip.solana.rpc.cluster.PAUSE", 0.0)
    cluster = Cluster("http://user:secret@127.0.0.1:9/v2/secret?key=secret")
    with pytest.raises(Unreachable) as silence:
        cluster.genesis()
    assert "secret" not in str(silence.value)
    assert shown("https://rpc.example/v2/secret?api-key=secret") == "https://rpc.example"
    cluster.close()
    for url in ("ftp://127.0.0.1", "127.0.0.1:8899", ""):
        with pytest.raises(InputError, match="no http or https URL"):
            Cluster(url)


def test_a_nodes_own_refusal_is_told(served: Served) -> None:
    cluster = Cluster(served.url)
    prepared = RpcChain(cluster, RICH).prepare([payment()[0]], [])
    with pytest.raises(NodeRefused, match="SignatureVerificationFailure"):
        cluster.send(bytes([1]) + bytes(64) + prepared.signed[65:])
    cluster.close()


def test_a_node_that_lags_cannot_make_it_be_signed_anew(served: Served, chain: RpcChain) -> None:
    """Of two nodes behind one URL one has seen the transaction land, the other is behind."""
    call, to = payment()
    prepared = chain.prepare([call], [])
    chain.settle(prepared)
    served.advance(200)
    look, final = chain.cluster.look, chain.cluster.final()
    chain.cluster.final = lambda: final
    chain.cluster.look = lambda _signature: (None, final.slot - 1)
    assert not chain.is_gone(prepared.signature, prepared.last_height)
    chain.cluster.look = lambda _signature: (None, final.slot)
    assert chain.is_gone(prepared.signature, prepared.last_height)
    chain.cluster.look = look
    assert not chain.is_gone(prepared.signature, prepared.last_height)
    assert received(chain, to) == COINS
