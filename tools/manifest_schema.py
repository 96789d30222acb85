"""Write the JSON schemas of manifests and presets (``manifests/schema.json``, ``manifests/presets/schema.json``).

A test compares; only this command writes. Run it (``make snapshots`` does) after a change of scrip/manifest/model.py.
"""

import json
import sys
from pathlib import Path

from scrip.manifest.schema import SCHEMAS, schema_of

MANIFESTS = Path(__file__).resolve().parent.parent / "manifests"


def text_of(name: str) -> str:
    """A schema as it is written: sorted keys, two spaces."""
    return json.dumps(schema_of(name), indent=2, sort_keys=True) + "\n"


def main() -> int:
    for name in SCHEMAS:
        path = MANIFESTS / name
        temporary = path.with_suffix(".tmp")
        temporary.write_text(text_of(name))
        temporary.replace(path)
        print(f"{path.relative_to(MANIFESTS.parent)}: written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
