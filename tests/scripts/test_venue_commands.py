"""`ape run venue`: what venues hold, and each way in which a stock would not go in or out of their accounts."""

from support.network_cli import Cli

REASON = "--reason 4 --document order-4"
QUESTIONS = ["is it cleared as a venue", "would a unit arrive", "would it leave again"]


def answers(cli: Cli, code: int) -> list[str]:
    """The answers about owner-2 in one stock, in the order of the questions."""
    said = cli.run("venue check owner-2 --stock MSFT --json")
    assert said.code == code, said
    found = said.object["answers"]
    assert [one["question"] for one in found] == QUESTIONS
    return [one["answer"] for one in found]


def test_a_venue_is_asked_about_before_it_holds_and_while_it_may_not(trading: Cli) -> None:
    assert "no investor is of class venue" in trading.run("venue list").out
    assert trading.run("venue check").code == 64
    assert answers(trading, 3) == ["no", "no", "no"]
    address = str(trading.world.open().chain.address("owner-2"))
    file = trading.folder / "venue.csv"
    file.write_text(f"investor,wallet,country,class,expiry\npool,{address},CH,venue,2029-12-31\n")
    trading.done(f"compliance onboard {file} --apply")
    assert trading.done("venue list")["empty"] == [address]
    assert answers(trading, 0) == ["yes", "yes", "yes"]
    # Clearance is one thing, whether anything of the stock moves another.
    trading.done("emergency pause MSFT --apply")
    assert answers(trading, 3) == ["yes", "no", "no"]
    trading.signed("emergency unpause MSFT", "unpause.json")
    assert answers(trading, 0) == ["yes", "yes", "yes"]
    trading.done(f"compliance block pool {REASON} --apply")
    assert answers(trading, 3) == ["no", "no", "no"]
    assert trading.run("venue check owner-2 --stock NONE").code == 64
