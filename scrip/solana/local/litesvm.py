"""LiteSVM behind the chain protocol: Solana's own runtime in this process, with its clock in our hands."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from solders.account import Account
from solders.clock import Clock
from solders.instruction import Instruction
from solders.litesvm import LiteSVM
from solders.message import Message
from solders.pubkey import Pubkey
from solders.transaction import Transaction
from solders.transaction_metadata import FailedTransactionMetadata

from scrip.errors import InputError
from scrip.solana.addresses import SYSTEM, TOKEN_2022, UPGRADEABLE_LOADER, Derived, local_keypair
from scrip.solana.chain import Sent, compiled, failure, returned
from scrip.solana.signing import Signer, signed

TOKEN_2022_VERSION = "11.0.0"
PAYER = "payer"
UPGRADER = "upgrade authority"
_LAMPORTS = 10**15


@cache
def token_2022_elf(root: Path) -> bytes:
    """Token-2022's binary, from the package that the workspace at `root` pins for it. LiteSVM's own is too old."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--all-features"]
    try:
        shown = subprocess.run(command, cwd=root, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError) as error:
        raise InputError(f"cargo metadata failed: {error}", file=str(root / "Cargo.toml")) from error
    packages = {package["name"]: package for package in json.loads(shown)["packages"]}
    folder = Path(packages["litesvm"]["manifest_path"]).parent
    return (folder / "src/programs/elf" / f"spl_token_2022-{TOKEN_2022_VERSION}.so").read_bytes()


class LiteSvmChain:
    """A fresh cluster that runs the program in `elf`, upgradeable by the local key named `upgrader`."""

    genesis = bytes(32)

    def __init__(self, program: Pubkey, elf: bytes, token_2022: bytes, start: int, upgrader: str = UPGRADER) -> None:
        self.svm = LiteSVM()
        self.svm.add_program(TOKEN_2022, token_2022)
        self.payer = local_keypair(PAYER)
        self._named: set[Pubkey] = set()
        self.rich(self.payer)
        self._deploy(program, elf, local_keypair(upgrader).pubkey())
        self._set_time(start)

    def _deploy(self, program: Pubkey, elf: bytes, authority: Pubkey) -> None:
        data_address = Derived(program).program_data
        data = (3).to_bytes(4, "little") + bytes(8) + b"\1" + bytes(authority) + elf
        rent = self.svm.minimum_balance_for_rent_exemption(len(data))
        self.svm.set_account(data_address, Account(rent, data, UPGRADEABLE_LOADER, False, 0))
        pointer = (2).to_bytes(4, "little") + bytes(data_address)
        self.svm.set_account(program, Account(10**9, pointer, UPGRADEABLE_LOADER, True, 0))

    def _set_time(self, t: int) -> None:
        clock = self.svm.get_clock()
        self.svm.set_clock(
            Clock(clock.slot + 1, clock.epoch_start_timestamp, clock.epoch, clock.leader_schedule_epoch, t)
        )

    def now(self) -> int:
        """The clock, UTC seconds."""
        return self.svm.get_clock().unix_timestamp

    def advance_to(self, t: int) -> None:
        """Move the clock; ValueError when `t` has passed."""
        if t < self.now():
            raise ValueError(f"the clock stands at {self.now()}, {t} has passed")
        self._set_time(t)

    def account(self, address: Pubkey) -> bytes | None:
        """An account's data, whoever owns it; None where there is none."""
        (found,) = self.read([address])
        return bytes(found.data) if found is not None else None

    def read(self, addresses: Sequence[Pubkey]) -> list[Account | None]:
        """Accounts with their owners, in order; None where there is none."""
        found = [self.svm.get_account(one) for one in addresses]
        return [one if one is not None and one.lamports else None for one in found]

    def owned(self, program: Pubkey, at: int, data: bytes) -> list[tuple[Pubkey, bytes]]:
        """A program's accounts whose data hold `data` at `at`, of those that a transaction has named."""
        found = ((address, self.svm.get_account(address)) for address in sorted(self._named, key=bytes))
        return [
            (address, bytes(one.data))
            for address, one in found
            if one is not None and one.owner == program and bytes(one.data)[at : at + len(data)] == data
        ]

    def rich(self, signer: Signer) -> Signer:
        """A signer, given lamports for the rent that it pays."""
        if not self.svm.get_balance(signer.pubkey()):
            self.svm.set_account(signer.pubkey(), Account(_LAMPORTS, b"", SYSTEM, False, 0))
        return signer

    def rent(self, size: int) -> int:
        """Lamports that an account of so many bytes must hold."""
        return self.svm.minimum_balance_for_rent_exemption(size)

    def transaction(self, instructions: Sequence[Instruction], signers: Sequence[Signer]) -> Transaction:
        """The signed transaction, paid by the chain's payer."""
        # Equal transactions must not share a signature.
        self.svm.expire_blockhash()
        blockhash = self.svm.latest_blockhash()
        message = Message.new_with_blockhash(list(instructions), self.payer.pubkey(), blockhash)
        return signed(message, [self.payer, *signers])

    def send(self, instructions: Sequence[Instruction], signers: Sequence[Signer]) -> Sent:
        """Carry out a transaction, or raise Failed."""
        self._named.update(meta.pubkey for call in instructions for meta in call.accounts)
        transaction = self.transaction(instructions, signers)
        result = self.svm.send_transaction(transaction)
        if isinstance(result, FailedTransactionMetadata):
            raise failure(result.err(), result.meta().logs())
        keys = list(transaction.message.account_keys)
        inner = tuple(compiled(keys, entry.instruction()) for group in result.inner_instructions() for entry in group)
        data = returned(result)
        return Sent(str(result.signature()), result.compute_units_consumed(), data, inner)

    def view(self, instruction: Instruction) -> bytes:
        """The return data of an instruction that changes nothing."""
        result = self.svm.simulate_transaction(self.transaction([instruction], []))
        if isinstance(result, FailedTransactionMetadata):
            raise failure(result.err(), result.meta().logs())
        return returned(result.meta())
