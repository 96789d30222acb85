"""A stock's rules: its preset's and its own, each with what enforces it."""

import pytest

from scrip.errors import InputError
from scrip.holder_limits import Countries, HolderLimits, StockRules
from scrip.manifest import ResolvedRules, Rule, resolve
from scrip.manifest.countries import country_code, country_number
from scrip.manifest.enforced import EVM, SOLANA
from scrip.manifest.rules import check_rules
from scrip.units import RawUnits

MSFT = "    rules: {preset: reg-s-no-us}"


def rules_of(files, written: str = "", ticker: str = "MSFT", name: str = "local") -> ResolvedRules:
    """What a stock's rules come to, written anew when something is written."""
    if written:
        files.edit(MSFT, f"    rules: {written}", name)
    return resolve(files.load(name), ticker)


def listed(rules: ResolvedRules, name: str) -> Rule:
    return next(rule for rule in rules.listed if rule.name == name)


def test_a_presets_rules_are_the_stocks(files) -> None:
    rules = rules_of(files)
    assert rules.policy == "ALLOWLIST"
    assert rules.countries_denied == ("US", "PR", "GU", "VI", "AS", "MP", "UM")
    assert listed(rules, "policy").source == "preset reg-s-no-us"


def test_a_stocks_own_rules_come_on_top(files) -> None:
    rules = rules_of(files, ticker="AAPL")
    assert (rules.max_holders, rules.classes) == (500, ("professional", "institutional", "venue"))
    assert listed(rules, "max_holders").source == "the stock, over preset professional-only"


def test_a_stock_may_say_something_else_than_its_preset(files) -> None:
    rules = rules_of(files, "{preset: reg-s-no-us, countries_denied: [US, CA]}")
    assert rules.countries_denied == ("US", "CA")
    rule = listed(rules, "countries_denied")
    assert (rule.value, rule.source) == ("US, CA", "the stock, over preset reg-s-no-us")


def test_a_rule_of_the_preset_that_the_stock_drops_is_shown(files) -> None:
    rules = rules_of(files, "{preset: reg-s-no-us, countries_denied: []}")
    assert rules.countries_denied == ()
    dropped = listed(rules, "countries_denied")
    assert (dropped.value, dropped.source) == ("none", "the stock, instead of reg-s-no-us's US, PR, GU, VI, AS, MP, UM")


def test_rules_without_a_preset(files) -> None:
    rules = rules_of(files, '{policy: ALLOWLIST, min_holding: "0.5", max_per_investor: "10"}')
    assert (rules.min_holding, rules.max_per_investor, rules.max_holders) == ("0.5", "10", 0)
    assert listed(rules, "min_holding").source == "the stock"


def test_a_least_holding_without_a_largest(files) -> None:
    rules = rules_of(files, '{policy: ALLOWLIST, min_holding: "0.5"}')
    assert (rules.min_holding, rules.max_per_investor) == ("0.5", "")


def test_a_blocklist_stock_needs_no_clearance(files) -> None:
    rules = rules_of(files, "{policy: BLOCKLIST}")
    assert [rule.name for rule in rules.listed] == ["blocks", "policy"]


@pytest.mark.parametrize(("name", "table"), [("local", EVM), ("solana-local", SOLANA)])
def test_what_a_chain_does_not_enforce_says_so(files, name, table) -> None:
    for ticker in ("MSFT", "AAPL"):
        rules = rules_of(files, ticker=ticker, name=name)
        assert [rule.by for rule in rules.listed] == [table.get(rule.name, "") for rule in rules.listed]
        assert rules.not_enforced == tuple(rule for rule in rules.listed if rule.name not in table)
        for rule in rules.listed:
            assert ("NOT ENFORCED" in str(rule)) is (rule.name not in table)


def test_nobody_counts_the_holders_of_a_blocklist_stock(files) -> None:
    rules = rules_of(files, '{policy: BLOCKLIST, max_holders: 9, min_holding: "1"}')
    assert [rule.name for rule in rules.not_enforced] == ["max_holders", "min_holding"]
    assert (rules.stock_rules, rules.holder_limits) == (StockRules(), HolderLimits())


def test_rules_as_the_chain_takes_them(files) -> None:
    said = (
        '{policy: ALLOWLIST, classes: [venue, retail], countries_allowed: [DE, CH], max_holders: 9, min_holding: "1"}'
    )
    rules = rules_of(files, said)
    assert rules.stock_rules == StockRules(frozenset({"retail", "venue"}), Countries.only([276, 756]))
    assert rules.holder_limits == HolderLimits(9, minimum=RawUnits(10**18, 18))
    denied = rules_of(files, ticker="AAPL")
    assert denied.stock_rules == StockRules(frozenset({"professional", "institutional", "venue"}))


def test_a_preset_denies_its_countries(files) -> None:
    rules = rules_of(files).stock_rules
    assert set(map(country_code, rules.countries.others())) == {"US", "PR", "GU", "VI", "AS", "MP", "UM"}
    assert rules.admits(276, "retail")


def test_a_rule_in_words() -> None:
    assert str(Rule("policy", "ALLOWLIST", "preset p", "StockToken")) == (
        "policy: ALLOWLIST (preset p; enforced by StockToken)"
    )
    assert str(Rule("classes", "retail", "the stock", "")) == "classes: retail (the stock; NOT ENFORCED on-chain)"


def test_policy_clearance_and_blocks_are_enforced_everywhere() -> None:
    assert {"policy", "clearance", "blocks"} <= EVM.keys() & SOLANA.keys()


# the rules of MSFT in local.yaml, the field below stocks.MSFT.rules, the value, words of the message
FAULTS = {
    "nothing said": ("{}", "policy", "", "is missing, and no preset gives it"),
    "an unknown preset": ("{preset: reg-z}", "preset", "reg-z", "no preset (allowlist, eu-mica-retail, open, pro"),
    "a path for a preset": ("{preset: ../local}", "preset", "../local", "is no preset"),
    "a country that is none": ("{policy: ALLOWLIST, countries_denied: [XX]}", "countries_denied.0", "XX", "ISO 3166"),
    "a country twice": ("{policy: ALLOWLIST, countries_denied: [US, US]}", "countries_denied.1", "US", "listed twice"),
    "a class twice": ("{policy: ALLOWLIST, classes: [retail, retail]}", "classes.1", "retail", "listed twice"),
    "a country both ways": (
        "{policy: ALLOWLIST, countries_denied: [US, DE], countries_allowed: [DE]}", "countries_allowed", "DE",
        "allowed and denied at once",
    ),
    "a country that the preset denies": (
        "{preset: reg-s-no-us, countries_allowed: [US, DE]}", "countries_allowed", "US", "allowed and denied at once",
    ),
    "more at least than at most": (
        '{policy: ALLOWLIST, min_holding: "2", max_per_investor: "1.5"}', "min_holding", "2", "max_per_investor, 1.5",
    ),
    "countries for holders that nobody knows": (
        "{policy: BLOCKLIST, countries_denied: [US]}", "countries_denied", "US", "needs policy ALLOWLIST",
    ),
    "classes for holders that nobody knows": (
        "{policy: BLOCKLIST, classes: [retail]}", "classes", "retail", "needs policy ALLOWLIST",
    ),
    "a preset's countries for holders that nobody knows": (
        "{preset: reg-s-no-us, policy: BLOCKLIST}", "", "US, PR, GU, VI, AS, MP, UM", "needs policy ALLOWLIST",
    ),
    "a limit for investors that nobody knows": (
        '{policy: BLOCKLIST, max_per_investor: "5"}', "max_per_investor", "5", "needs policy ALLOWLIST",
    ),
    "more holders than can be counted": (
        "{policy: ALLOWLIST, max_holders: 4294967295}", "max_holders", "4294967295", "is more than 4,294,967,294",
    ),
    "more of one holder than there can be": (
        '{policy: ALLOWLIST, max_per_investor: "340282366920938463464"}', "max_per_investor", "340282366920938463464",
        "does not fit 128 bits",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", FAULTS)
def test_rules_that_do_not_hold_together(files, case) -> None:
    written, field, value, message = FAULTS[case]
    files.edit(MSFT, f"    rules: {written}")
    error = files.error()
    assert message in error.message, error.message
    assert (error.line, error.value) == (files.line_of(f"rules: {written}"), value)
    assert error.field == f"stocks.MSFT.rules.{field}".removesuffix(".")


def test_no_more_than_64_stocks_are_counted(files) -> None:
    manifest = files.load()
    limited = manifest.stocks["AAPL"]
    many = {f"S{number}": limited for number in range(65)}
    assert not list(check_rules(manifest.model_copy(update={"stocks": dict(list(many.items())[:64])})))
    (fault,) = check_rules(manifest.model_copy(update={"stocks": many}))
    assert (fault.where, "no more can be counted" in fault.message) == (("stocks", "S64", "rules"), True)


def test_amounts_finer_than_the_chains_tokens(files) -> None:
    files.edit(MSFT, '    rules: {preset: reg-s-no-us, max_per_investor: "0.000000001"}', "solana-local")
    error = files.error("solana-local")
    assert (error.field, error.value) == ("stocks.MSFT.rules.max_per_investor", "0.000000001")


def test_a_least_holding_is_refused_on_solana(files) -> None:
    files.edit(MSFT, '    rules: {preset: reg-s-no-us, min_holding: "1"}', "solana-local")
    error = files.error("solana-local")
    assert (error.field, error.value) == ("stocks.MSFT.rules.min_holding", "1")
    assert "nothing keeps a least holding" in str(error)


# what of the preset reg-s-no-us, by what, the line's text, field, value, words of the message
PRESETS = {
    "a country that is none": ("[US, PR,", "[UK, PR,", "  countries_denied:", "rules.countries_denied.0", "UK", "ISO"),
    "a preset of a preset": (
        "  policy:",
        "  preset: reg-s\n  policy:",
        "preset: reg-s",
        "rules.preset",
        "reg-s",
        "no other",
    ),
    "no policy": ("  policy: ALLOWLIST\n", "", "rules:", "rules.policy", "", "is missing"),
    "a field that there is not": (
        "  policy:",
        "  policies: 1\n  policy:",
        "policies",
        "rules.policies",
        "1",
        "policy?",
    ),
    "no title": ("title: Regulation S, no holders in the United States\n", "", "schema: 1", "title", "", "is missing"),
    "a key twice": ("  policy:", "  policy: BLOCKLIST\n  policy:", "  policy: ALLOWLIST", "rules.policy", "", "twice"),
}


@pytest.mark.parametrize("case", PRESETS)
def test_a_fault_of_a_preset_names_the_presets_file(files, case) -> None:
    old, new, at, field, value, message = PRESETS[case]
    name = "presets/reg-s-no-us"
    files.edit(old, new, name)
    error = files.error()
    assert message in error.message, error.message
    assert (error.file, error.line) == (str(files.path(name)), files.line_of(at, name))
    assert (error.field, error.value) == (field, value)


def test_a_preset_that_no_stock_names_is_not_read(files) -> None:
    files.path("presets/eu-mica-retail").write_text("[")
    files.load()


def test_countries_have_numbers() -> None:
    assert [country_number(code) for code in ("US", "DE", "CH", "AF")] == [840, 276, 756, 4]
    assert [country_code(number) for number in (840, 276, 756, 4)] == ["US", "DE", "CH", "AF"]


@pytest.mark.parametrize("code", ["us", "USA", "", "ZZ", "840"])
def test_text_that_is_no_country(code) -> None:
    with pytest.raises(InputError, match="alpha-2"):
        country_number(code)


@pytest.mark.parametrize("number", [0, 999, -4, 8400])
def test_a_number_that_is_no_country(number) -> None:
    with pytest.raises(InputError, match="country number"):
        country_code(number)
