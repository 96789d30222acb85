"""A deployment signed by a keystore of Ape's: `keystore_network.py <url> <folder>`, in a process and a home of its own.

Its passphrase is in the environment. It prints what a test may know, and at last the key that nothing else may show.
"""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from ape_accounts import generate_account  # noqa: E402
from eth_account import Account as Keys  # noqa: E402
from support.execution_world import foundation, manifest  # noqa: E402

from scrip.chains.evm import EvmNetwork  # noqa: E402
from scrip.errors import InputError  # noqa: E402
from scrip.evm.local.ape_chain import connected  # noqa: E402
from scrip.evm.rpc.ape_accounts import load, passphrase_variable  # noqa: E402
from scrip.executor import Executor  # noqa: E402
from scrip.manifest.model import Account  # noqa: E402

ALIAS = "scrip-test-deployer"
TYPED = {
    "domain": {"name": "x"},
    "types": {"EIP712Domain": [{"name": "name", "type": "string"}], "A": [{"name": "a", "type": "uint256"}]},
    "primaryType": "A",
    "message": {"a": 1},
}


def tell(what: object) -> None:
    """A line of ours, among Ape's."""
    print(f"told: {what}")


def refused(alias: str, provider) -> str:
    """What is said of a keystore that cannot be used."""
    try:
        load(alias, provider)
    except InputError as error:
        return str(error)
    return ""


def main(url: str, folder: str) -> None:
    passphrase = os.environ[passphrase_variable(ALIAS)]
    keystore, _ = generate_account(ALIAS, passphrase)
    with connected(url) as provider:
        tell(refused("nobody-here", provider))
        os.environ[passphrase_variable(ALIAS)] = "wrong"
        tell(refused(ALIAS, provider))
        os.environ[passphrase_variable(ALIAS)] = passphrase
        signer = load(ALIAS, provider)
        accounts = manifest().accounts | {"deployer": Account(alias=ALIAS)}
        named = manifest().model_copy(update={"accounts": accounts})
        network = EvmNetwork.open(named, provider.web3.provider, Path(folder), {"deployer": signer})
        tell([one.status for one in Executor(network.transactions()).run(foundation()).outcomes])
        tell(signer.address)
        tell(len(signer.sign_typed(TYPED)))
    tell(Keys.decrypt(keystore.keyfile, passphrase).hex())


if __name__ == "__main__":
    main(*sys.argv[1:3])
