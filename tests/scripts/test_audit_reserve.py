"""`ape run audit reserve`: statements held to a chain, as it was when they were made."""

from support.network_cli import Cli

ISIN = "US5949181045"
HEADER = "kind,holder,account,network,isin,as_of,quantity,pending_receipt,pending_delivery"


def statement(cli: Cli, *rows: str) -> str:
    """A file of these rows, of now; `@` stands for ISIN and instant."""
    now = cli.world.open().now()
    from scrip.preview import moment

    at = moment(now).replace(" UTC", "Z").replace(" ", "T")
    path = cli.folder / "statement.csv"
    path.write_text("\n".join([HEADER, *(one.replace("@", f"{ISIN},{at}") for one in rows), ""]))
    return f"audit reserve --statement {path}"


def lines_of(cli: Cli, line: str) -> dict[str, dict[str, str]]:
    """MSFT's comparisons by what each is of."""
    rows = cli.run(f"{line} --json").object["reconciliation"]
    return {one["what"]: one for one in rows if one["stock"] == "MSFT"}


def test_a_custodian_who_has_what_is_owed_and_one_who_has_not(trading: Cli) -> None:
    """100 tokens of a share each; 200 shares are attested, 100 of which are the issuer's own."""
    rows = ("custody,Bank,1,,@,200,,", "own,Bank,2,,@,100,,")
    found = trading.run(f"{statement(trading, *rows)} --json")
    lines = {one["what"]: one for one in found.object["reconciliation"] if one["stock"] == "MSFT"}
    assert lines["shares that back tokens"]["good"] == "yes"
    # What the aggregator answers, 200, counts the issuer's own 100 too: that is apart, and said.
    (reserve,) = (one for what, one in lines.items() if what.startswith("reserve"))
    assert (reserve["wanted"], reserve["said"], reserve["good"], found.code) == ("199", "99.5", "NO", 3)
    whole = trading.run(statement(trading, "custody,Bank,1,,@,200,,") + " --tolerance 100")
    assert whole.code == 0, whole
    short = trading.run(statement(trading, "custody,Bank,1,,@,90,10,"))
    assert short.code == 3
    assert "expected 100 shares, found 90 shares, -10 apart; likely: unsettled mint: 10 shares" in short.out


def test_it_is_held_to_the_chain_as_it_was_then(trading: Cli) -> None:
    line = statement(trading, "custody,Bank,1,,@,100,,")
    trading.pass_time(60)
    trading.done(f"market quote redeem MSFT owner-1 40 3600 --out {trading.folder}/back.json --reference b --apply")
    network = trading.world.open()
    network.chain.send(network.suite().stablecoin, "mint", network.chain.address("treasury"), 10**12, sender="deployer")
    trading.done(f"market redeem {trading.folder}/back.json --as owner-1 --apply")
    then = lines_of(trading, line)
    assert (then["shares that back tokens"]["wanted"], then["shares that back tokens"]["good"]) == ("100", "yes")
    now = lines_of(trading, f"{line} --now")
    assert (now["shares that back tokens"]["wanted"], now["shares that back tokens"]["good"]) == ("60", "NO")


def test_an_exchanges_omnibus_wallets_and_one_that_nobody_speaks_of(trading: Cli) -> None:
    network = trading.world.open()
    hot, cold = (network.chain.address(one) for one in ("owner-2", "owner-3"))
    file = trading.folder / "venue.csv"
    rows = [f"exchange,{hot},CH,venue,2029-12-31", f"broker,{cold},CH,venue,2029-12-31"]
    file.write_text("\n".join(["investor,wallet,country,class,expiry", *rows, ""]))
    trading.done(f"compliance onboard {file} --apply")
    token = network.ledger().token("MSFT")
    network.chain.send(token, "transfer", hot, 30 * 10**18, sender="owner-1")
    network.chain.send(token, "transfer", cold, 5 * 10**18, sender="owner-1")
    line = statement(trading, "custody,Bank,1,,@,200,,", "venue,Exchange,owner-2,local,@,28,2,")
    rows_of = lines_of(trading, line)
    assert "deposit not credited: 2 tokens" in rows_of["Exchange's wallets on local"]["causes"]
    assert rows_of["owner-3, a venue's wallet on local"]["causes"] == "no statement speaks of it"
    assert rows_of["owner-3, a venue's wallet on local"]["wanted"] == "5"


def test_what_cannot_be_held_to_anything_is_named(trading: Cli) -> None:
    path = trading.folder / "late.csv"
    path.write_text(f"{HEADER}\ncustody,Bank,1,,{ISIN},2099-01-01,1,,\n")
    said = trading.run(f"audit reserve --statement {path}")
    assert (said.code, "as_of: is in the future" in said.err) == (64, True)
    said = trading.run(statement(trading, "venue,Exchange,owner-2,mars,@,1,,"))
    assert (said.code, "network: is none of the networks that are read: local" in said.err) == (64, True)
    said = trading.run(statement(trading, "venue,Exchange,nobody,local,@,1,,"))
    assert (said.code, "nobody" in said.err) == (64, True)
    assert trading.run("audit reserve").code == 64
    assert trading.run("audit reserve --statement none.csv").code == 1
