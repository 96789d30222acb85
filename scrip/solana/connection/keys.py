"""Who is who: names of a manifest as addresses, and whoever signs for them on this machine.

A keypair lies in a file as `solana-keygen` writes it, or a device has it, whose key a URL names. No path, no URL and no
key is ever an argument, in a record or in a log.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from solders.keypair import Keypair
from solders.pubkey import Pubkey

from scrip.errors import InputError
from scrip.labels import DEPLOYER, SAFE, TIMELOCK
from scrip.manifest.addresses import is_pubkey
from scrip.manifest.model import SolanaManifest
from scrip.solana.addresses import local_keypair
from scrip.solana.keys import Elsewhere
from scrip.solana.signing import Signer, devices

FOLDER = Path("~/.config/solana")
"""Where Solana's own tools keep keypairs: `<alias>.json`."""
VARIABLE = "SCRIP_KEYPAIR_"
"""How the variable begins that names another file, or the URL of a device's key: an alias in capitals follows."""
OTHERS_MAY_READ = 0o077
BYTES = 64
"""Bytes of a keypair: secret and address."""


@dataclass
class ManifestKeys:
    """A manifest's accounts. `others` sign for names that have no file and no device.

    Where the network is not public the safe and the timelock are local accounts, unless the manifest has addresses.
    """

    manifest: SolanaManifest
    others: Mapping[str, Signer] = field(default_factory=dict, repr=False)
    _found: dict[str, Signer] = field(default_factory=dict, init=False, repr=False)
    _silent: dict[str, InputError] = field(default_factory=dict, init=False, repr=False)
    """Accounts whose device did not answer: it is not asked again."""

    def __post_init__(self) -> None:
        self._found.update(self.others)
        local = [name for name, account in self.manifest.accounts.items() if account.local]
        if self.manifest.chain.public and local:
            reason = "is a local account on a public network: anyone can sign for it"
            raise InputError(reason, field=f"accounts.{min(local)}")

    def address(self, name: str) -> Pubkey:
        """An account's address; InputError for an unknown name, or an alias whose keypair is not on this machine."""
        if not name:
            return Pubkey.default()
        if fixed := self._fixed(name):
            return Pubkey.from_string(fixed)
        if name not in self.manifest.accounts and name not in (SAFE, TIMELOCK) and is_pubkey(name):
            return Pubkey.from_string(name)
        return self.signer(name).pubkey()

    def signer(self, name: str) -> Signer:
        """Whoever signs for an account; InputError where nobody on this machine does."""
        if name in self._silent:
            raise self._silent[name]
        if name not in self._found:
            try:
                self._found[name] = self._load(name)
            except InputError as missing:
                if self._url(name):
                    self._silent[name] = missing
                raise
        return self._found[name]

    def signs(self, name: str) -> bool:
        """Whether the account signs on this machine."""
        try:
            self.signer(name)
        except InputError:
            return False
        return True

    def name(self, address: Pubkey) -> str:
        """The name of an address, or the address in base58."""
        return self._names.get(address, str(address))

    def known(self) -> list[str]:
        """The names whose addresses are known here."""
        return [name for name, _ in self._addresses()]

    def payer(self) -> Signer | Elsewhere:
        """Who pays where nobody else is named: the deployer, or the first that signs here, whoever has a keypair first.

        Where nobody does it is one that cannot sign.
        """
        names = sorted([DEPLOYER, *self.manifest.accounts], key=lambda name: bool(self._url(name)))
        if here := next((name for name in names if self.signs(name)), ""):
            return self.signer(here)
        return Elsewhere(next(iter(self._names), Pubkey.default()))

    # --- parts ---

    @cached_property
    def _names(self) -> dict[Pubkey, str]:
        return {address: name for name, address in reversed(list(self._addresses()))}

    def _addresses(self) -> Iterator[tuple[str, Pubkey]]:
        for name in (*self.manifest.accounts, SAFE, TIMELOCK):
            if self._fixed(name) or self.signs(name):
                yield name, self.address(name)

    def _fixed(self, name: str) -> str:
        """The address that the manifest itself gives; "" for none."""
        if name in (SAFE, TIMELOCK):
            return self.manifest.safe.address if name == SAFE else self.manifest.timelock.address
        account = self.manifest.accounts.get(name)
        return account.address if account else ""

    def _url(self, name: str) -> str:
        """The URL of the device's key that signs for an account; "" where a keypair does, or nobody."""
        account = self.manifest.accounts.get(name)
        return key_url(account.alias) if account and account.alias and name not in self.others else ""

    def _load(self, name: str) -> Signer:
        account = self.manifest.accounts.get(name)
        vault = name in (SAFE, TIMELOCK)
        if self._fixed(name):
            raise InputError("is only an address in the manifest: its key signs elsewhere", field="account", value=name)
        if not self.manifest.chain.public and (vault or (account and account.local)):
            return local_keypair(name)
        if account and account.alias:
            url = self._url(name)
            return devices.opened(account.alias, url) if url else read_keypair(account.alias)
        reason = "has no address in the manifest yet" if vault else "is no account of the manifest"
        raise InputError(reason, field="account", value=name)


def keypair_file(alias: str) -> Path:
    """The file of an alias' keypair, whether it is there or not."""
    named = _named(alias)
    return Path(named).expanduser() if named else FOLDER.expanduser() / f"{alias}.json"


def key_url(alias: str) -> str:
    """The URL of a device's key that an alias stands for; "" where it stands for a file."""
    named = _named(alias)
    return named if devices.is_url(named) else ""


def _named(alias: str) -> str:
    """What an alias' own variable names: a file, or a device's key; "" where it is not set."""
    return os.environ.get(VARIABLE + re.sub(r"[^A-Z0-9]", "_", alias.upper()), "")


def read_keypair(alias: str) -> Keypair:
    """An alias' keypair from its file; InputError, without a word of the content, for a file that is none.

    A file that others than its owner may read is refused.
    """
    path = keypair_file(alias)
    try:
        if path.stat().st_mode & OTHERS_MAY_READ:
            raise InputError("may be read by others than its owner: chmod 600", field="alias", value=alias)
        values = json.loads(path.read_text())
        if not isinstance(values, list) or len(values) != BYTES:
            raise ValueError
        return Keypair.from_bytes(bytes(values))
    except OSError:
        raise InputError("has no keypair on this machine", field="alias", value=alias) from None
    except (ValueError, TypeError):
        raise InputError("has a file that holds no keypair", field="alias", value=alias) from None
