"""The manifests' shape as JSON schemas, with which an editor completes fields and marks mistakes as they are typed."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from scrip.manifest.action_file import ActionFile
from scrip.manifest.mistakes import KINDS
from scrip.manifest.model import AnyManifest, Preset
from scrip.manifest.part import Part
from scrip.manifest.regime import Regime

SCHEMAS = ("schema.json", "presets/schema.json", "regimes/schema.json", "actions/schema.json")
"""What makes each schema, by its path below manifests/."""

_DIALECT = {"$schema": "https://json-schema.org/draft/2020-12/schema"}


def schema_of(path: str) -> dict[str, Any]:
    """The JSON schema (draft 2020-12) at a path of SCHEMAS. It knows shapes; what fields say of others it does not."""
    if path == "schema.json":
        return _DIALECT | _manifests()
    parts: dict[str, type[Part]] = {"presets": Preset, "regimes": Regime, "actions": ActionFile}
    return {**_DIALECT, **_plain(parts[path.partition("/")[0]].model_json_schema(by_alias=True))}


def _manifests() -> dict[str, Any]:
    """Manifests by `chain.kind`: an editor is to complain about the one kind, not about a choice of two."""
    adapter: TypeAdapter[AnyManifest] = TypeAdapter(AnyManifest)
    schema = _plain(adapter.json_schema(by_alias=True))
    definitions = schema["$defs"]
    for kind in KINDS.values():
        fields = definitions[kind.__name__]["properties"]
        fields["roles"]["propertyNames"] = {"enum": sorted(kind.known_roles)}
        fields["withholding"]["propertyNames"] = {"pattern": "^[A-Z]{2}$"}
    evm, solana = ({"$ref": f"#/$defs/{kind.__name__}"} for kind in KINDS.values())
    is_solana = {
        "properties": {"chain": {"properties": {"kind": {"const": "solana"}}, "required": ["kind"], "type": "object"}},
        "required": ["chain"],
    }
    return {"$defs": definitions, "if": is_solana, "then": solana, "else": evm}


def _plain(value: Any) -> Any:
    """A schema without pydantic's titles, which repeat names.

    A mapping whose keys have a pattern takes no other key.
    """
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    plain = {key: _plain(item) for key, item in value.items() if not (key == "title" and isinstance(item, str))}
    if "patternProperties" in plain:
        plain["additionalProperties"] = False
    return plain
