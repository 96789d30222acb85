"""A client that was given our ABI showed a reserve's configuration as seven bare numbers: Vyper names no answers."""

from __future__ import annotations

from eth_utils import keccak

from scrip.evm.compiled.artifacts import artifact, deployables
from scrip.evm.encoding.answers import ANSWERS, with_names
from scrip.evm.encoding.refusals import CUSTOM_ERRORS, error_entries


def test_several_answers_have_a_name_each_and_the_table_has_no_others() -> None:
    found = {}
    for name in deployables():
        for entry, plain in zip(with_names(artifact(name).abi), artifact(name).abi, strict=True):
            names = tuple(one["name"] for one in entry.get("outputs", ()))
            if entry["type"] != "function" or len(names) < 2:
                assert entry == plain
                continue
            assert all(names)
            assert len(set(names)) == len(names)
            assert [one["type"] for one in entry["outputs"]] == [one["type"] for one in plain["outputs"]]
            signature = f"{entry['name']}({','.join(one['type'] for one in entry['inputs'])})"
            found[signature] = names
            # Only what the contract answers is described: the selector stands in its code.
            assert keccak(text=signature)[:4].lstrip(b"\0") in artifact(name).runtime
    assert found == ANSWERS


def test_a_contract_lists_the_errors_whose_selectors_it_pushes() -> None:
    raising = {name: [one["name"] for one in error_entries(artifact(name).runtime)] for name in deployables()}
    known = [signature.partition("(")[0] for signature in CUSTOM_ERRORS]
    both = {*raising["StockToken"], *raising["StockExtension"]}
    assert [name for name, errors in raising.items() if errors] == ["StockExtension", "StockToken"]
    assert both == set(known)
