"""The endpoint's answers are a cluster's: solders' own types read every one of them."""

from __future__ import annotations

import asyncio
import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from fractions import Fraction

import pytest
from served import GENESIS, Served, running
from served_ledgers import ledger_at, program
from served_payments import CONFIRMED, RICH, blockhash, payment, send
from solana.rpc.websocket_api import connect
from solders.hash import Hash
from solders.pubkey import Pubkey
from solders.rpc import responses
from solders.signature import Signature

from scrip import instructions as ins
from scrip.solana.addresses import TOKEN_2022, investor_id, local_address
from scrip.solana.ledger import SolanaLedger
from scrip.solana.local.endpoint.bank import LIFE, SKIPPED
from scrip.units import RawUnits, Shares, Stablecoin


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with running(block_ms=50) as endpoint:
        yield endpoint


@pytest.fixture(scope="module")
def ledger(served: Served) -> SolanaLedger:
    """A stock, and alice who holds 100 units of it."""
    ledger = ledger_at(served)
    ledger.apply(ins.CreateStock("MSFT", "Microsoft", "US5949181045"))
    ledger.apply(ins.Onboard("alice", "alice", 840, "retail", 2_000_000_000))
    ledger.apply(ins.ConfigureReserve("MSFT", 604_800, 0, Shares(Fraction(10**6))))
    ledger.apply(ins.AttestReserve("MSFT", Shares(Fraction(10**6))))
    ledger.apply(ins.FundStablecoin("alice", Stablecoin(10**9)))
    quote = ins.QuoteTerms("first", ledger.now() + 60, 0)
    ledger.apply(ins.Mint("MSFT", "alice", RawUnits(100 * 10**8, 8), Stablecoin(10**8), quote))
    return ledger


def last_signature(served: Served, ledger: SolanaLedger) -> str:
    mint = str(ledger.listing("MSFT").mint)
    return served.ask("getSignaturesForAddress", mint, {"limit": 1, **CONFIRMED})[0]["signature"]


ANSWERS = {
    "getGenesisHash": (responses.GetGenesisHashResp, lambda _s, _ledger: []),
    "getVersion": (responses.GetVersionResp, lambda _s, _ledger: []),
    "getSlot": (responses.GetSlotResp, lambda _s, _ledger: [CONFIRMED]),
    "getBlockHeight": (responses.GetBlockHeightResp, lambda _s, _ledger: [CONFIRMED]),
    "getBlockTime": (responses.GetBlockTimeResp, lambda _s, _ledger: [1_300]),
    "getEpochInfo": (responses.GetEpochInfoResp, lambda _s, _ledger: []),
    "getLatestBlockhash": (responses.GetLatestBlockhashResp, lambda _s, _ledger: [CONFIRMED]),
    "isBlockhashValid": (responses.IsBlockhashValidResp, lambda s, _ledger: [str(blockhash(s)[0])]),
    "getMinimumBalanceForRentExemption": (responses.GetMinimumBalanceForRentExemptionResp, lambda _s, _ledger: [165]),
    "getFeeForMessage": (
        responses.GetFeeForMessageResp,
        lambda s, _ledger: [b64encode(bytes(payment(s).message)).decode()],
    ),
    "getAccountInfo": (
        responses.GetAccountInfoResp,
        lambda _s, network: [str(network.listing("MSFT").mint), {"encoding": "base64"}],
    ),
    "getMultipleAccounts": (
        responses.GetMultipleAccountsResp,
        lambda _s, network: [[str(network.listing("MSFT").mint), str(local_address("nobody"))]],
    ),
    "getBalance": (responses.GetBalanceResp, lambda _s, _ledger: [str(RICH.pubkey())]),
    "getTokenAccountBalance": (
        responses.GetTokenAccountBalanceResp,
        lambda _s, network: [str(network.units(network.listing("MSFT"), "alice"))],
    ),
    "getTokenSupply": (responses.GetTokenSupplyResp, lambda _s, network: [str(network.listing("MSFT").mint)]),
    "getProgramAccounts": (
        responses.GetProgramAccountsResp,
        lambda _s, _ledger: [str(program().id), {"encoding": "base64"}],
    ),
    "getSignatureStatuses": (
        responses.GetSignatureStatusesResp,
        lambda s, network: [[last_signature(s, network), str(Signature.default())]],
    ),
    "getTransaction": (
        responses.GetTransactionResp,
        lambda s, network: [
            last_signature(s, network),
            {"encoding": "json", "maxSupportedTransactionVersion": 0, **CONFIRMED},
        ],
    ),
    "getSignaturesForAddress": (
        responses.GetSignaturesForAddressResp,
        lambda _s, network: [str(network.listing("MSFT").mint), CONFIRMED],
    ),
    "simulateTransaction": (
        responses.SimulateTransactionResp,
        lambda s, _ledger: [b64encode(bytes(payment(s))).decode(), {"encoding": "base64", "innerInstructions": True}],
    ),
    "sendTransaction": (
        responses.SendTransactionResp,
        lambda s, _ledger: [b64encode(bytes(payment(s))).decode(), {"encoding": "base64"}],
    ),
    "requestAirdrop": (responses.RequestAirdropResp, lambda _s, _ledger: [str(local_address("poor")), 10**9]),
}


@pytest.mark.parametrize("method", ANSWERS)
def test_solders_reads_the_answer(served: Served, ledger: SolanaLedger, method: str) -> None:
    kind, params = ANSWERS[method]
    answer = served.whole(method, *params(served, ledger))
    assert "error" not in answer, answer
    read = kind.from_json(json.dumps(answer))
    assert isinstance(read, kind)
    if isinstance(answer["result"], dict) and "value" in answer["result"]:
        assert (read.value is None) == (answer["result"]["value"] is None)


@pytest.mark.parametrize("encoding", ["json", "jsonParsed", "base64", "base58"])
def test_solders_reads_a_transaction_in_every_encoding(served: Served, ledger: SolanaLedger, encoding: str) -> None:
    options = {"encoding": encoding, "maxSupportedTransactionVersion": 0, **CONFIRMED}
    answer = served.whole("getTransaction", last_signature(served, ledger), options)
    read = responses.GetTransactionResp.from_json(json.dumps(answer))
    assert read.value is not None
    meta = read.value.transaction.meta
    assert meta is not None
    assert meta.err is None
    assert meta.fee == sum(meta.pre_balances) - sum(meta.post_balances) > 0
    assert [len(group.instructions) > 0 for group in meta.inner_instructions or []] == [True]


def test_the_events_of_a_mint_are_among_the_inner_instructions(served: Served, ledger: SolanaLedger) -> None:
    quote = ins.QuoteTerms("events", ledger.now() + 60, 0)
    receipt = ledger.apply(ins.Mint("MSFT", "alice", RawUnits(10**8, 8), Stablecoin(10**6), quote))
    sent = ledger.chain.outcome(Signature.from_string(receipt.tx))
    assert [event.name for event in program().events(sent.inner)] == ["Minted"]
    assert sent.compute_units == receipt.compute_units


def test_refusals_are_read_as_solders_own_errors(served: Served, ledger: SolanaLedger) -> None:
    too_much = payment(served, 10**18)
    answer = send(served, too_much)
    error = responses.SendTransactionResp.from_json(json.dumps(answer))
    assert isinstance(error, responses.SendTransactionPreflightFailureMessage)
    assert error.message == "Transaction simulation failed: Error processing Instruction 0: custom program error: 0x1"
    assert answer["error"]["code"] == -32002
    assert error.data.err is not None
    assert error.data.err.err.code == 1


def test_a_mint_and_a_holding_are_parsed_as_clients_show_them(served: Served, ledger: SolanaLedger) -> None:
    listing = ledger.listing("MSFT")
    mint = served.ask("getAccountInfo", str(listing.mint), {"encoding": "jsonParsed"})["value"]["data"]
    assert (mint["program"], mint["parsed"]["type"]) == ("spl-token-2022", "mint")
    told = {one["extension"]: one.get("state") for one in mint["parsed"]["info"]["extensions"]}
    authority = str(program().at.authority)
    assert told["pausableConfig"] == {"authority": authority, "paused": False}
    assert told["scaledUiAmountConfig"]["multiplier"] == "1"
    assert told["permanentDelegate"] == {"delegate": authority}
    assert told["defaultAccountState"] == {"accountState": "frozen"}
    assert told["tokenMetadata"]["symbol"] == "MSFT"
    assert "unparseableExtension" not in told
    held = served.ask("getAccountInfo", str(ledger.units(listing, "alice")), {"encoding": "jsonParsed"})["value"][
        "data"
    ]
    info = held["parsed"]["info"]
    assert (info["owner"], info["state"]) == (str(local_address("alice")), "initialized")
    assert int(info["tokenAmount"]["amount"]) == ledger.balance("MSFT", "alice").value
    assert float(info["tokenAmount"]["uiAmountString"]) == ledger.balance("MSFT", "alice").value / 10**8


def test_program_accounts_are_found_by_their_bytes(served: Served, ledger: SolanaLedger) -> None:
    cluster = ledger.chain.cluster
    found = cluster.owned(program().id, 9, investor_id("alice"))
    assert [address for address, _ in found] == [program().at.investor(investor_id("alice"))]
    assert cluster.owned(program().id, 9, investor_id("nobody")) == []
    sizes = [{"dataSize": len(found[0][1])}]
    by_size = served.ask("getProgramAccounts", str(program().id), {"encoding": "base64", "filters": sizes})
    assert str(found[0][0]) in [one["pubkey"] for one in by_size]
    part = {"encoding": "base64", "dataSlice": {"offset": 9, "length": 32}, "filters": sizes}
    sliced = served.ask("getProgramAccounts", str(program().id), part)
    assert investor_id("alice") in [b64decode(one["account"]["data"][0]) for one in sliced]


def test_recent_prices_are_told_for_the_life_of_a_blockhash(served: Served, ledger: SolanaLedger) -> None:
    told = served.ask("getRecentPrioritizationFees", [str(ledger.listing("MSFT").mint)])
    assert len(told) == LIFE
    assert all(set(one) == {"slot", "prioritizationFee"} for one in told)
    slots = [one["slot"] for one in told]
    assert slots == list(range(slots[0], slots[0] + LIFE))


def test_unknown_methods_and_bad_parameters_are_refused_in_json(served: Served) -> None:
    assert served.whole("getNothing")["error"]["code"] == -32601
    assert served.whole("getBalance", "no address")["error"]["code"] == -32602
    assert served.whole("getBalance")["error"]["code"] == -32602
    assert served.whole("sendTransaction", "!!", {"encoding": "base64"})["error"]["code"] == -32602


def test_the_genesis_and_the_slots_are_its_own(served: Served) -> None:
    assert bytes(Hash.from_string(served.ask("getGenesisHash"))) == GENESIS
    height, slot = served.ask("getBlockHeight", CONFIRMED), served.ask("getSlot", CONFIRMED)
    assert slot >= height + SKIPPED


def test_a_subscriber_is_told_once_over_the_websocket(served: Served) -> None:
    transaction = payment(served)
    signature = transaction.signatures[0]

    async def listen() -> tuple[int, object, bool]:
        async with connect(served.ws_url) as socket:
            await socket.signature_subscribe(signature, "confirmed")
            (opened,) = await asyncio.wait_for(socket.recv(), 10)
            send(served, transaction)
            (told,) = await asyncio.wait_for(socket.recv(), 10)
            await socket.signature_subscribe(Signature.default(), "confirmed")
            (other,) = await asyncio.wait_for(socket.recv(), 10)
            await socket.signature_unsubscribe(other.result)
            (ended,) = await asyncio.wait_for(socket.recv(), 10)
            return opened.result, told, ended.result

    subscription, told, ended = asyncio.run(listen())
    assert told.subscription == subscription
    assert told.result.value.err is None
    assert ended


def test_token_2022_is_the_pinned_one(served: Served, ledger: SolanaLedger) -> None:
    owner = served.ask("getAccountInfo", str(ledger.listing("MSFT").mint), {"encoding": "base64"})["value"]["owner"]
    assert Pubkey.from_string(owner) == TOKEN_2022
