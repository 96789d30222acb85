//! Stocks, corporate actions and what backs them: the multiplier's arithmetic, its slot, and the custodian.
use super::{must, why, Given, Verdict};
use crate::{
    books::{Announced, Books, Change, Due, Factors, Part, Stock, DAY, WAD},
    cast::{self, key, place},
    chain::Chain,
};
use anchor_lang::AnchorDeserialize;
use num_bigint::BigUint;
use solana_pubkey::Pubkey;
use stock_token::{instruction as ins, seeds, MultiplierView};

fn big(value: u128) -> BigUint {
    value.into()
}

pub fn enter(books: &mut Books, given: &Given, chain: &Chain, returned: &[u8]) -> Verdict {
    if given.name() == "pause_halted" {
        must!(books.halted, "Strangers pause in a halt alone.");
        for mint in given.rest() {
            let stock = books.stock_of(&mint).ok_or("What is paused is a stock.")?;
            books.stocks[stock].paused = true;
        }
        return Ok(());
    }
    if given.name() == "create_stock" {
        let args = given.says::<ins::CreateStock>().args;
        let mint = place(&[seeds::MINT, &args.isin, &args.series.to_le_bytes()]);
        must!(books.stock_of(&mint).is_none(), "A stock is created once.");
        let allow = args.policy == stock_token::state::Policy::Allowlist;
        books.stocks.push(Stock::new(mint, allow, args.default_frozen));
        return Ok(());
    }
    let (at, now) = (given.stock(books)?, books.now);
    let settings = books.settings;
    let stock = &mut books.stocks[at];
    match given.name() {
        "pause" => {
            must!(!stock.paused, "A stock is paused once.");
            stock.paused = true;
        }
        "resume" => stock.paused = false,
        "set_isin" | "describe_stock" => {}
        "publish_document" => {
            let args: ins::PublishDocument = given.says();
            must!(args.document != [0; 32] && !args.uri.is_empty(), "What is published has a hash and an address.");
        }
        "announce_action" => announce(stock, &given.says(), now, settings)?,
        "schedule_action" => schedule(stock, &given.says(), now, settings)?,
        "cancel_action" => {
            let args: ins::CancelAction = given.says();
            why(args.reason, args.document)?;
            let id = action(stock, args.code, &args.reference);
            let found = stock.actions.get_mut(&id).ok_or("What is cancelled was announced.")?;
            must!(!found.ended, "An action is cancelled once.");
            must!(!found.scheduled || now < found.effective_at, "Nothing is cancelled that is in effect.");
            must!(args.code != *b"FOLD", "A fold is not taken back.");
            found.ended = true;
            stock.parts.retain(|one| one.action != id);
            stock.due.retain(|one| one.action != id);
            if stock.parts.is_empty() {
                stock.slot = 0;
            }
        }
        "correct_index" => {
            let args: ins::CorrectIndex = given.says();
            why(args.reason, args.document)?;
            must!(args.effective_at >= now + DAY, "A correction is known a day before.");
            let after = Factors { index: big(args.index), ..stock.factors.clone() };
            must!(after != stock.factors, "A correction corrects something.");
            repair(stock, *b"CORR", args.reference, after, args.effective_at)?;
        }
        "fold_pair" => {
            let args: ins::FoldPair = given.says();
            why(args.reason, args.document)?;
            let after = Factors { index: big(args.index), num: big(args.num.into()), den: big(args.den.into()) };
            must!(after.shown() == stock.factors.shown(), "A fold writes the same multiplier.");
            must!(after.num <= stock.factors.num && after.den <= stock.factors.den, "A fold makes a pair smaller.");
            repair(stock, *b"FOLD", args.reference, after, now + 1)?;
        }
        "apply_multiplier" => {}
        "resync_multiplier" => must!(std::mem::take(&mut stock.spoilt), "Nothing is set right that is right."),
        "configure_reserve" => {
            let args: ins::ConfigureReserve = given.says();
            must!(args.max_age > 0, "An age of nothing is not off.");
            (stock.max_age, stock.margin) = (args.max_age.into(), args.margin_bps);
        }
        "attest_reserve" => {
            let paper = given.says::<ins::AttestReserve>().paper;
            must!(paper.as_of > stock.as_of, "Each attestation is of later than the last.");
            must!(paper.as_of <= now && now <= paper.expiry, "No attestation is of the future, and none has expired.");
            let attestors = [key("attestor"), key("attestor2")];
            must!(attestors.contains(&books.roles[cast::ATTESTOR]), "The attestor has signed.");
            stock.as_of = paper.as_of;
        }
        "set_ceiling" | "set_basis" => must!(stock.max_age > 0, "A reserve is configured first."),
        "confirm_basis" => {}
        "ui_amount" | "raw_amount" => {
            let shown = stock.factors.shown();
            let expected = match given.name() {
                "ui_amount" => big(given.says::<ins::UiAmount>().raw.into()) * shown / WAD,
                _ => big(given.says::<ins::RawAmount>().ui.into()) * WAD / shown,
            };
            let told = BigUint::from_bytes_le(returned);
            must!(told == expected, "A view tells the amount at the multiplier of the second: {told}, not {expected}.");
        }
        "multiplier" => multiplier(stock, returned)?,
        "coverage" => must!(chain.mint(&stock.mint).supply == stock.supply, "A view is of the present supply."),
        other => panic!("{other}: the books do not know what it does"),
    }
    Ok(())
}

fn action(stock: &Stock, code: [u8; 4], reference: &[u8; 32]) -> Pubkey {
    place(&[seeds::ACTION, stock.stock.as_ref(), &code, reference])
}

fn announce(stock: &mut Stock, args: &ins::AnnounceAction, now: i64, settings: [i64; 5]) -> Verdict {
    let (id, terms) = (action(stock, args.code, &args.reference), args.terms);
    must!(!stock.actions.contains_key(&id), "An action is announced once.");
    must!(terms.effective_at > now, "Nothing is announced that is over.");
    let dividend = args.code == *b"DRIP";
    must!(
        !dividend || terms.effective_at >= now + settings[1],
        "A dividend is announced as long before as the issuer says."
    );
    let (a, b) = (terms.num, terms.den);
    let bound = a.max(b) <= 100 * a.min(b) && (a > b) == (args.code == *b"SPLF");
    must!(dividend || (bound && a != b), "A split lies within one to a hundred, in the direction of its code.");
    must!(terms.ex_at == 0 || terms.ex_at <= terms.effective_at, "Nothing takes effect before the market's ex.");
    let open = stock.actions.values().filter(|one| !one.scheduled && !one.ended).count();
    must!(open < 16, "No more than sixteen are announced at a time.");
    let buy = if terms.buy != 0 { terms.buy } else { terms.pay.max(terms.effective_at) };
    let ex_at = if terms.ex_at != 0 { terms.ex_at } else { midnight(terms.ex) };
    stock.actions.insert(
        id,
        Announced {
            code: args.code,
            reference: args.reference,
            effective_at: terms.effective_at,
            ex_at,
            buy,
            gross: terms.gross,
            ratio: (a, b),
            scheduled: false,
            ended: false,
        },
    );
    Ok(())
}

/// The first second of a date, YYYYMMDD, day by day from 1970.
pub fn midnight(date: u32) -> i64 {
    let (year, month, day) = (i64::from(date / 10_000), i64::from(date / 100 % 100), i64::from(date % 100));
    let (shifted, moved) = if month < 3 { (year - 1, month + 9) } else { (year, month - 3) };
    let era = shifted.div_euclid(400);
    let of_era = shifted - era * 400;
    let of_year = (153 * moved + 2) / 5 + day - 1;
    (era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468) * DAY
}

fn schedule(stock: &mut Stock, args: &ins::ScheduleAction, now: i64, settings: [i64; 5]) -> Verdict {
    let id = action(stock, args.code, &args.reference);
    must!(!stock.spoilt, "Nothing is scheduled while the mint shows another multiplier.");
    let before = stock.next();
    let found = stock.actions.get_mut(&id).ok_or("What is scheduled was announced.")?;
    must!(!found.scheduled && !found.ended, "An action is scheduled once.");
    let dividend = args.code == *b"DRIP";
    let notice = if dividend { settings[2] } else { settings[0] };
    must!(found.effective_at >= now + notice, "A change is known as long before as the issuer says.");
    must!(
        stock.slot == 0 || stock.slot == found.effective_at,
        "What joins in the slot takes effect in the same second."
    );
    must!(stock.parts.len() < 4, "No more than four changes join.");
    must!(stock.parts.iter().all(|one| !matches!(one.change, Change::Repair(_))), "Nothing joins a repair.");
    let change = if dividend {
        let withheld = (found.gross * settings[4] as u128).div_ceil(10_000);
        let net = found.gross - withheld;
        must!(net * 4 <= args.price, "A dividend is at most a quarter of its price.");
        let due =
            Due { action: id, net, price: args.price, effective_at: found.effective_at, buy: found.buy, shares: None };
        stock.due.push(due);
        Change::Dividend { net, price: args.price }
    } else {
        Change::Split { a: found.ratio.0, b: found.ratio.1 }
    };
    found.scheduled = true;
    stock.slot = found.effective_at;
    stock.parts.push(Part { action: id, change });
    let after = stock.next();
    must!(!dividend || after.index > before.index, "A dividend raises the index.");
    let most = BigUint::from(1u8) << 96;
    must!(after.index < most && after.shown() < most, "An index and a multiplier fit 96 bits.");
    Ok(())
}

fn repair(stock: &mut Stock, code: [u8; 4], reference: [u8; 32], after: Factors, at: i64) -> Verdict {
    must!(!stock.spoilt, "Nothing is scheduled while the mint shows another multiplier.");
    must!(stock.parts.is_empty(), "A repair is alone in its slot.");
    let id = action(stock, code, &reference);
    must!(!stock.actions.contains_key(&id), "A reference serves once.");
    let noted = Announced {
        code,
        reference,
        effective_at: at,
        ex_at: at,
        buy: 0,
        gross: 0,
        ratio: (0, 0),
        scheduled: true,
        ended: false,
    };
    stock.actions.insert(id, noted);
    stock.parts.push(Part { action: id, change: Change::Repair(after) });
    stock.slot = at;
    Ok(())
}

fn multiplier(stock: &Stock, returned: &[u8]) -> Verdict {
    // Bytes of 0 at the end of what is returned are cut by the runtime.
    let mut whole = returned.to_vec();
    whole.resize(80, 0);
    let told = MultiplierView::deserialize(&mut &whole[..]).map_err(|_| "A view answers.")?;
    let current = Factors {
        index: big(told.current.index),
        num: big(told.current.num.into()),
        den: big(told.current.den.into()),
    };
    must!(
        current == stock.factors,
        "The multiplier is what its history makes of it: {current:?}, not {:?}.",
        stock.factors
    );
    must!(big(told.ui_multiplier) == stock.factors.shown(), "A multiplier is floor(index × num ÷ den).");
    must!(big(told.pending_ui_multiplier) == stock.next().shown(), "The next multiplier is what the slot makes of it.");
    must!(told.effective_at == stock.slot, "A change is pending until its second.");
    must!(told.generation == stock.generation, "A generation is counted with each change that has taken effect.");
    Ok(())
}
