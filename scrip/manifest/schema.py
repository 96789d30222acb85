"""The manifests' shape as JSON schemas, with which an editor completes fields and marks mistakes as they are typed."""

from __future__ import annotations

from typing import Any

from scrip.manifest.model import Manifest, Part, Preset
from scrip.roles import EVM_ROLES, SOLANA_ROLES

SCHEMAS: dict[str, type[Part]] = {"schema.json": Manifest, "presets/schema.json": Preset}
"""By path below manifests/."""


def schema_of(kind: type[Part]) -> dict[str, Any]:
    """The JSON schema (draft 2020-12) of a manifest or a preset. It knows shapes; what fields say of others it does
    not."""
    schema = _plain(kind.model_json_schema(by_alias=True))
    if kind is Manifest:
        schema["properties"]["roles"]["propertyNames"] = {"enum": sorted({*EVM_ROLES, *SOLANA_ROLES})}
        schema["properties"]["withholding"]["propertyNames"] = {"pattern": "^[A-Z]{2}$"}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


def _plain(value: Any) -> Any:
    """Without pydantic's titles, which repeat the names; and a mapping whose keys have a pattern takes no other key."""
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if not isinstance(value, dict):
        return value
    plain = {key: _plain(item) for key, item in value.items() if not (key == "title" and isinstance(item, str))}
    if "patternProperties" in plain:
        plain["additionalProperties"] = False
    return plain
