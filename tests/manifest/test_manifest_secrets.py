"""A secret in a manifest is refused, and no error repeats it."""

import pytest
from eth_account import Account
from solders.keypair import Keypair

from scrip.manifest.secrets import WITHHELD, secret_in, shown

KEY = "4c0883a69102937d6231471b5dbb6204fe5129617082792ae468d01a3f362318"
URL = "https://mainnet.example/v3/0123456789abcdef"
PHRASE = "test test test test test test test test test test test junk"
SOLANA = str(Keypair.from_seed(bytes(range(32))))

SECRETS = {
    "a key": (KEY, "a private key"),
    "a key with 0x": ("0x" + KEY, "a private key"),
    "a key in capitals": (KEY.upper(), "a private key"),
    "a Solana key": (SOLANA, "a private key"),
    "a URL": (URL, "a URL"),
    "a websocket": ("wss://user:word@node.example", "a URL"),
    "a seed phrase": (PHRASE, "a seed phrase"),
}
# An edit of local.yaml that puts the secret somewhere, and the field that is named.
PLACES = {
    "an address": ("quote-key: {local: true}", "quote-key: {address: '%s'}", "accounts.quote-key.address"),
    "an alias": ("quote-key: {local: true}", "quote-key: {alias: '%s'}", "accounts.quote-key.alias"),
    "the node's variable": ("rpc_env: SCRIP_LOCAL_RPC", "rpc_env: '%s'", "chain.rpc_env"),
    "an unknown field": ("  batch: 50", "  key: '%s'", "limits.key"),
    "a list": ("owners: [owner-1,", "owners: ['%s',", "safe.owners.0"),
    "a key": ("  CH: 1500", "  '%s': 1500", "withholding"),
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", SECRETS)
def test_a_secret_is_refused_and_not_repeated(files, kind, place) -> None:
    secret, name = SECRETS[kind]
    old, new, field = PLACES[place]
    files.edit(old, new % secret)
    error = files.error()
    assert f"looks like {name}" in error.message
    assert (error.field, error.value) == (field, WITHHELD)
    assert secret not in str(error)


def test_a_hash_is_a_genesis_where_one_belongs(files) -> None:
    files.edit("  kind: evm", f"  kind: evm\n  genesis: '0x{KEY}'")
    assert files.load().chain.genesis == "0x" + KEY


def test_an_address_is_a_descriptions_where_one_belongs(files) -> None:
    apple = "isin: US0378331005"
    files.edit(apple, f"{apple}\n    uri: {URL}", "solana-local")
    assert files.load("solana-local").stocks["AAPL"].uri == URL


@pytest.mark.parametrize("secret", [KEY, SOLANA, f"{URL}?key=1", "https://user:word@node.example", f"{URL}#1"])
def test_a_description_carries_no_secret(files, secret) -> None:
    apple = "isin: US0378331005"
    files.edit(apple, f"{apple}\n    uri: '{secret}'", "solana-local")
    error = files.error("solana-local")
    assert (error.field, error.value) == ("stocks.AAPL.uri", WITHHELD)
    assert secret not in str(error)


def test_a_genesis_that_is_none_is_not_repeated_when_it_could_be_a_key(files) -> None:
    files.edit("  kind: evm", f"  kind: evm\n  genesis: '{KEY}'")
    error = files.error()
    assert (error.field, error.value) == ("chain.genesis", WITHHELD)
    assert KEY not in str(error)


@pytest.mark.parametrize(
    "text",
    ["local-1", "Example Securities AG", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "US5949181045", "1000000",
     "5cripZqcK8XzEFLpXJzHYUdkq8EVF1owDByWuYGrbRdz", "the quick brown fox jumps over the lazy dog"],
)  # fmt: skip
def test_ordinary_text_is_no_secret(text) -> None:
    assert secret_in(text) == ""
    assert shown(text) == text


def test_what_wallets_make_is_seen() -> None:
    assert secret_in(Account.create("more").key.hex()) == "a private key"
    assert secret_in(str(Keypair())) == "a private key"
