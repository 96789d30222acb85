"""Write the JSON Schema of the export like Form 1042-S (``data/statements/1042-s.schema.json``).

A test compares; only this command writes. Run it (``make snapshots`` does) after a change of scrip/dividends/form.py.
"""

import json
import sys
from pathlib import Path

from scrip.dividends.form import schema

PATH = Path(__file__).resolve().parent.parent / "data" / "statements" / "1042-s.schema.json"


def text_of() -> str:
    """The schema as it is written: columns in their order, two spaces."""
    return json.dumps(schema(), indent=2) + "\n"


def main() -> int:
    PATH.parent.mkdir(exist_ok=True)
    temporary = PATH.with_suffix(".tmp")
    temporary.write_text(text_of())
    temporary.replace(PATH)
    print(f"{PATH.relative_to(PATH.parents[2])}: written")
    return 0


if __name__ == "__main__":
    sys.exit(main())
