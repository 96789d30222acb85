"""The address book is what the records say was made."""

import pytest
from support.record_samples import action

from scrip.errors import InputError
from scrip.evm.chain import Contract
from scrip.evm.connection.book import AddressBook
from scrip.records import Record
from scrip.records.record import FIRST, Status


def record(status: Status = "done", **changes: object) -> Record:
    return Record(1, FIRST, status, action(1, **changes), "0x01")


ONE, TWO, THREE = ("0x" + f"{n:02x}" * 20 for n in (0xA1, 0xB2, 0xC3))


def test_deployments_and_calls_that_make_contracts_are_entered() -> None:
    book = AddressBook.of(
        [
            record(label="roles", address=ONE),
            record(label="MSFT", address=TWO, contract="StockFactory", function="createStock"),
            record(label="safe", address=THREE, contract="SafeProxyFactory", function="createProxyWithNonce"),
            record(status="failed", label="registry", address=THREE),
            record(function="grantRole"),
        ]
    )
    assert dict(book) == {
        "roles": Contract("Roles", ONE),
        "MSFT": Contract("StockToken", TWO),
        "safe": Contract("SafeL2", THREE),
    }
    assert "registry" not in book
    assert len(book) == 3


def test_the_later_contract_of_a_label_counts() -> None:
    book = AddressBook.of([record(label="roles", address=ONE), record(label="roles", address=TWO)])
    assert book.contract("roles").address == TWO


def test_labels_and_addresses_are_looked_up_either_way() -> None:
    book = AddressBook()
    book.learn("roles", Contract("Roles", ONE.upper().replace("0X", "0x")))
    assert book.contract("roles") == Contract("Roles", ONE)
    assert book.label(ONE) == "roles"
    assert book.label(TWO) == ""
    with pytest.raises(InputError, match=r"contract: is not deployed on this network \(got 'safe'\)"):
        book.contract("safe")
