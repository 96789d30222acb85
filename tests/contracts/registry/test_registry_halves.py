"""The registry is two contracts over one storage: ComplianceRegistry, and RegistryExtension behind it."""

import boa
from support.contract_calls import ZERO, Handle, deploy, named, refuses
from support.contract_world import ADMIN, World

from scrip.evm.compiled.artifacts import artifact


def layout(contract: str) -> list[tuple[int, str]]:
    """Every variable with its slot, in order."""
    modules = artifact(contract).layout["storage_layout"]
    return sorted(
        (entry["slot"], f"{module}.{name}") for module, names in modules.items() for name, entry in names.items()
    )


def test_both_halves_lay_out_one_storage() -> None:
    front, rest = layout("ComplianceRegistry"), layout("RegistryExtension")
    assert rest[: len(front)] == front
    assert {name.split(".")[0] for _, name in rest[len(front) :]} == {"attestations"}


def test_no_function_is_in_both_halves_but_the_shared_view() -> None:
    def functions(contract: Handle) -> set[str]:
        return {entry["name"] for entry in contract.abi if entry["type"] == "function"}

    with boa.env.anchor():
        roles = deploy("Roles")
        extension = deploy("RegistryExtension", roles)
        assert functions(deploy("ComplianceRegistry", roles, extension)) & functions(extension) == {"accessControl"}


def test_the_extension_is_made_with_the_same_role_table(world: World) -> None:
    other = deploy("RegistryExtension", deploy("Roles"))
    with refuses("registry: wrong extension"):
        deploy("ComplianceRegistry", world.roles, other)
    for nothing in (ZERO, named("an account without code")):
        with refuses(""):
            deploy("ComplianceRegistry", world.roles, nothing)


def test_what_neither_half_knows_is_refused(world: World) -> None:
    for data in (b"", b"\x00", bytes(4), bytes(100)):
        with refuses(""):
            world.registry.send(data)


def test_the_extension_called_itself_changes_nothing_of_the_registry(world: World) -> None:
    extension = Handle(world.registry.extension(), world.registry.abi)
    with refuses("registry: not a stock"):
        extension.setStockRules(world.stock, 2, (0, 0, 0, 0), sender=ADMIN)
    with refuses("sanctions: no oracle"):
        extension.screen([named("somebody")])
    assert world.registry.stockRules(world.stock)[0] == 30
