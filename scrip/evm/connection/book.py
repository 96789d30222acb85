"""The address book of a network: which contract stands where, by the label that plans call it by."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from scrip.errors import InputError
from scrip.evm.chain import Contract
from scrip.records.record import Record


class AddressBook:
    """Labels ("registry", "MSFT") and the contracts that they stand for: ABI name and address in lower case."""

    def __init__(self, entries: Iterable[tuple[str, Contract]] = ()) -> None:
        self._contracts: dict[str, Contract] = dict(entries)

    @classmethod
    def of(cls, records: Iterable[Record]) -> AddressBook:
        """The book of what the records say was made. A label given again stands for the later contract."""
        book = cls()
        for record in records:
            if record.done and record.action.label and record.action.address:
                book.learn(record.action.label, made_by(record))
        return book

    def learn(self, label: str, contract: Contract) -> None:
        """Enter a contract, in place of any of that label."""
        self._contracts[label] = Contract(contract.name, contract.address.lower())

    def contract(self, label: str) -> Contract:
        """The contract of a label; InputError when nothing of that label is deployed."""
        if label not in self._contracts:
            raise InputError("is not deployed on this network", field="contract", value=label)
        return self._contracts[label]

    def __contains__(self, label: str) -> bool:
        return label in self._contracts

    def __iter__(self) -> Iterator[tuple[str, Contract]]:
        return iter(self._contracts.items())

    def __len__(self) -> int:
        return len(self._contracts)

    def label(self, address: str) -> str:
        """The label of the contract at an address; "" for what the book does not hold."""
        return next((label for label, one in self._contracts.items() if one.address == address.lower()), "")


MADE = {"createStock": "StockToken", "createProxyWithNonce": "SafeL2", "createVault": "RequestVault"}
"""The kind of contract that a call makes, by the call's function, where it is another kind than the one called."""


def made_by(record: Record) -> Contract:
    """The contract that a labelled record made."""
    if record.action.function == "createVault" and record.action.label.startswith("entry-"):
        return Contract("SubscriptionVault", record.action.address)
    return Contract(MADE.get(record.action.function, record.action.contract), record.action.address)
