"""The page about the register shows what is written."""

from pathlib import Path

import pytest

from scrip.errors import InputError
from scrip.holders.engines import DIALECTS
from scrip.holders.register import statement

PAGE = Path(__file__).resolve().parents[2] / "docs" / "register.md"


@pytest.mark.parametrize("dialect", DIALECTS)
def test_the_page_shows_the_sql_that_is_written_for_engines_elsewhere(dialect: str) -> None:
    assert f"```sql\n{statement(dialect, 21_000_000)}```" in PAGE.read_text()
    with pytest.raises(InputError, match="dialect: is none of trino, bigquery"):
        statement("oracle", 1)
