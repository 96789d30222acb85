//! Investors, wallets, holds, and units: who may have them, and where they go.
use super::{must, order, used, why, Given, Verdict};
use crate::{
    books::{Account, Books, Bound, Investor, Provider, Wallet, VENUE},
    cast::{self, canonical, key},
    chain::{treasury, Chain},
};
use anchor_lang::AccountDeserialize;
use solana_pubkey::Pubkey;
use stock_token::{instruction as ins, state::Locked, Side};

pub fn register(books: &mut Books, given: &Given, by: Pubkey) -> Verdict {
    match given.name() {
        "onboard_investor" => {
            let args: ins::OnboardInvestor = given.says();
            used(books, args.key)?;
            must!(!books.investors.contains_key(&args.id), "An investor enters the register once.");
            let found =
                Investor { country: args.country, class: args.class as u8, blocked: false, expiry: args.expiry };
            books.investors.insert(args.id, found);
            link(books, given.at("holder"), args.id)?;
        }
        "set_investor" => {
            let args: ins::SetInvestor = given.says();
            used(books, args.key)?;
            let found = books.investors.get_mut(&args.id).ok_or("What is corrected is on the register.")?;
            (found.country, found.class, found.expiry) = (args.country, args.class as u8, args.expiry);
        }
        "renew_investor" => {
            let args: ins::RenewInvestor = given.says();
            used(books, args.key)?;
            books.investors.get_mut(&args.id).ok_or("Who is renewed is on the register.")?.expiry = args.expiry;
        }
        "link_wallet" => {
            let args: ins::LinkWallet = given.says();
            used(books, args.key)?;
            must!(books.investors.contains_key(&args.id), "A wallet is linked to somebody on the register.");
            link(books, given.at("holder"), args.id)?;
            for group in given.rest().chunks(4) {
                freeze_unless_receives(books, &group[3]);
            }
        }
        "unlink_wallet" => {
            let args: ins::UnlinkWallet = given.says();
            order(books, args.key, args.reason, args.document)?;
            let holder = given.at("holder");
            let theirs = books.wallets.get(&holder).is_some_and(|one| one.investor == args.id);
            must!(theirs && !books.is_recovered(&holder), "A wallet leaves its own investor, once.");
            must!(!books.investors[&args.id].blocked, "Unlinking lifts no block.");
            books.wallets.remove(&holder);
            for group in given.rest().chunks(4) {
                freeze_unless_receives(books, &group[3]);
            }
        }
        "block_investor" => {
            let args: ins::BlockInvestor = given.says();
            order(books, args.key, args.reason, args.document)?;
            books.investors.get_mut(&args.id).ok_or("Who is blocked is on the register.")?.blocked = true;
            for group in given.rest().chunks(4) {
                freeze_unless_receives(books, &group[3]);
            }
        }
        "unblock_investor" => {
            let args: ins::UnblockInvestor = given.says();
            order(books, args.key, args.reason, args.document)?;
            books.investors.get_mut(&args.id).ok_or("Who is unblocked is on the register.")?.blocked = false;
        }
        "set_provider" => {
            let args: ins::SetProvider = given.says();
            must!(args.key != Pubkey::default(), "Nobody's key is no provider.");
            let entered = books.providers.get(&args.key).map_or(0, |one| one.entered);
            books.providers.insert(args.key, Provider { limit: args.limit, entered, dropped: false });
        }
        "drop_provider" => {
            let args: ins::DropProvider = given.says();
            why(args.reason, args.document)?;
            let found = books.providers.get_mut(&args.key).ok_or("Who is dropped was a provider.")?;
            must!(!std::mem::replace(&mut found.dropped, true), "A provider is dropped once.");
        }
        "cancel_attestation" => {
            let nonce = given.says::<ins::CancelAttestation>().nonce;
            must!(books.nonces.insert((by, nonce)), "No nonce of a provider's serves twice.");
        }
        "onboard_attested" => {
            let args = given.says::<ins::OnboardAttested>().attestation;
            must!(by == args.wallet, "An attestation serves the wallet that it names.");
            must!(books.now <= args.deadline, "An attestation serves before its deadline.");
            must!(books.nonces.insert((args.provider, args.nonce)), "No nonce of a provider's serves twice.");
            must!(args.class as u8 != VENUE, "No provider lets a venue in.");
            let known = cast::name_of(&args.provider).is_some_and(|name| name.starts_with("provider"));
            let found = books.providers.get_mut(&args.provider).filter(|one| known && !one.dropped);
            let found = found.ok_or("A provider that is believed has signed.")?;
            found.entered += 1;
            must!(found.entered <= found.limit, "A provider lets in no more than its limit.");
            must!(!books.investors.contains_key(&args.investor), "An investor enters the register once.");
            let class = args.class as u8;
            let one = Investor { country: args.country, class, blocked: false, expiry: args.expiry };
            books.investors.insert(args.investor, one);
            link(books, args.wallet, args.investor)?;
        }
        "set_rules" => {
            let (at, rules) = (given.stock(books)?, given.says::<ins::SetRules>().rules);
            let admin = books.holds_role(cast::ADMIN, &by);
            let stock = &mut books.stocks[at];
            must!(stock.allow, "Rules are an allow-list stock's.");
            let wider = rules.classes & !stock.classes != 0
                || rules.countries.iter().zip(&stock.countries).any(|(new, old)| new & !old != 0);
            must!(admin || !wider, "Compliance makes rules tighter; the admin alone makes them looser.");
            (stock.classes, stock.countries) = (rules.classes, rules.countries);
        }
        "set_limits" => {
            let (at, limits) = (given.stock(books)?, given.says::<ins::SetLimits>().limits);
            let admin = books.holds_role(cast::ADMIN, &by);
            let stock = &mut books.stocks[at];
            must!(stock.allow, "Limits are an allow-list stock's.");
            let begins = stock.most == 0 && stock.maximum == 0;
            let looser = |new: u64, old: u64| old != 0 && (new == 0 || new > old);
            let loosens = looser(limits.most.into(), stock.most.into()) || looser(limits.maximum, stock.maximum);
            must!(admin || begins || !loosens, "Compliance makes limits tighter; the admin alone makes them looser.");
            must!(
                !begins || stock.supply == 0 || stock.paused,
                "The first limits come in a pause, or before any unit."
            );
            (stock.most, stock.maximum) = (limits.most, limits.maximum);
        }
        _ => {
            let args: ins::FreeSeat = given.says();
            used(books, args.key)?;
            let rest = given.rest();
            let at = books.stock_of(&rest[1]).ok_or("A seat is one of a stock's.")?;
            must!(books.stocks[at].seats.remove(&args.id), "A seat is freed of an investor that has one.");
            let mint = books.stocks[at].mint;
            for holder in wallets_of(books, &args.id) {
                let own = canonical(&holder, &mint);
                if let Some(account) = books.accounts.get_mut(&own) {
                    must!(account.amount == 0, "No seat is freed of an investor that has units.");
                    account.frozen = true;
                }
                let vault = cast::vault(&books.stocks[at].stock, &holder);
                let bound = books.accounts.get(&vault).map_or(0, |one| one.amount);
                must!(bound == 0, "No seat is freed of an investor that has units, bound ones too.");
            }
        }
    }
    Ok(())
}

fn wallets_of(books: &Books, id: &[u8; 32]) -> Vec<Pubkey> {
    let theirs = books.wallets.iter().filter(|(_, one)| one.investor == *id && one.successor.is_none());
    theirs.map(|(holder, _)| *holder).collect()
}

fn link(books: &mut Books, holder: Pubkey, investor: [u8; 32]) -> Verdict {
    must!(holder != Pubkey::default(), "Nobody's address is no wallet.");
    must!(!books.wallets.contains_key(&holder), "A wallet is one investor's, and one that was recovered is nobody's.");
    must!(wallets_of(books, &investor).len() < 8, "An investor has at most eight wallets.");
    books.wallets.insert(holder, Wallet { investor, successor: None });
    Ok(())
}

/// Freeze an account whose wallet may not receive any more, seats and holds apart.
fn freeze_unless_receives(books: &mut Books, at: &Pubkey) {
    let Some(account) = books.accounts.get(at) else { return };
    let (stock, owner) = (account.stock, account.owner);
    let allow = books.stocks[stock].allow;
    let may = match books.investor_of(&owner) {
        _ if books.is_blocked(&owner) => false,
        Some((_, one)) => !allow || books.now < one.expiry,
        None => !allow,
    };
    if !may {
        books.accounts.get_mut(at).expect("it is there").frozen = true;
    }
}

/// A wallet's token account. Refuses one that is another's, or another stock's.
fn theirs<'a>(books: &'a mut Books, at: &Pubkey, stock: usize, holder: &Pubkey) -> Result<&'a mut Account, String> {
    let account = books.accounts.get_mut(at).ok_or("What is acted on is a token account of a stock.")?;
    must!(account.stock == stock && account.owner == *holder, "A token account that is named is the wallet's own.");
    Ok(account)
}

/// Move units. Refuses more than there are.
fn shift(books: &mut Books, from: &Pubkey, to: Option<&Pubkey>, amount: u64) -> Verdict {
    let source = books.accounts.get_mut(from).ok_or("Units come out of a token account.")?;
    must!(source.amount >= amount, "Nobody gives more units than there are.");
    source.amount -= amount;
    let stock = source.stock;
    match to {
        Some(to) => {
            let target = books.accounts.get_mut(to).ok_or("Units go to a token account.")?;
            must!(target.stock == stock, "Units of a stock stay that stock's.");
            target.amount += amount;
        }
        None => books.stocks[stock].supply -= amount,
    }
    Ok(())
}

fn pay(books: &mut Books, from: &Pubkey, to: &Pubkey, amount: u64) -> Verdict {
    let source = books.coins.entry(*from).or_default();
    must!(*source >= amount, "Nobody pays more than there is.");
    *source -= amount;
    *books.coins.entry(*to).or_default() += amount;
    Ok(())
}

/// The record of what is bound of a wallet, as the chain has it, and its sum.
fn record(chain: &Chain, at: &Pubkey) -> Result<(Locked, u64), String> {
    let data = chain.data(at).ok_or("What is bound has a record.")?.data;
    let found = Locked::try_deserialize(&mut &data[..]).map_err(|_| "What is bound has a record.")?;
    let sum = found.tranches.iter().map(|one| one.amount).sum::<u64>() + found.frozen;
    Ok((found, sum))
}

/// A wallet's vault has from now on what its record says; the rest is in the wallet's own account.
fn rebind(books: &mut Books, chain: &Chain, stock: usize, holder: Pubkey, own: &Pubkey) -> Verdict {
    let at = books.stocks[stock].stock;
    let (place, vault) = (cast::locked(&at, &holder), cast::vault(&at, &holder));
    let born = Account { stock, owner: place, amount: 0, frozen: true };
    let before = books.accounts.entry(vault).or_insert(born).amount;
    let (_, sum) = record(chain, &place)?;
    if sum > before {
        shift(books, own, Some(&vault), sum - before)?;
    } else {
        shift(books, &vault, Some(own), before - sum)?;
    }
    let bound = &books.bound[&(stock, holder)];
    let still = bound.still(books.now);
    must!(sum >= still, "What is bound stays in its vault until its date: {sum} of {still}.");
    must!(bound.joined || sum == still, "What is not bound any more does not stay in a vault: {sum}, not {still}.");
    Ok(())
}

pub fn enter(books: &mut Books, given: &Given, chain: &Chain) -> Verdict {
    match given.name() {
        "mint" => mint(books, given)?,
        "redeem" => redeem(books, given)?,
        "close_quote" => {
            let gone = books.quotes.remove(&given.at("used_quote")).ok_or("A used quote's record is closed once.")?;
            must!(books.now >= gone.0, "The record of a quote stays until the quote has expired.");
            must!(given.at("payer") == gone.1, "The rent of a quote's record goes back to whoever paid it.");
        }
        "list_asset" => {
            books.listed = given.says::<ins::ListAsset>().listed && given.at("treasury") == treasury();
        }
        "set_custodian" => {
            must!(books.listed, "A custodian is named of an asset that is listed.");
            let daily = given.says::<ins::SetCustodian>().daily;
            if books.custodian.is_none_or(|(_, old)| daily != old) {
                books.withdrawn.clear();
            }
            books.custodian = Some((given.at("account"), daily));
        }
        "withdraw" => {
            let args: ins::Withdraw = given.says();
            used(books, args.key)?;
            let (custodian, daily) = books.custodian.ok_or("Nothing is withdrawn before a custodian is named.")?;
            must!(
                given.at("account") == custodian,
                "What leaves the treasury goes to the custodian, or for redeemed units."
            );
            books.withdrawn.push((books.now, args.amount));
            let mut sum = 0u128;
            for (then, amount) in books.withdrawn.iter().rev() {
                sum += u128::from(*amount);
                let room = u128::from(daily) * (86_400 + u128::try_from(books.now - then).unwrap_or(0));
                must!(
                    sum * 86_400 <= room,
                    "No more leaves to the custodian than a day's limit, and what drained since."
                );
            }
            pay(books, &given.at("treasury"), &custodian, args.amount)?;
        }
        "thaw" => {
            let (stock, at, holder) = (given.stock(books)?, given.at("token_account"), given.at("holder"));
            let amount = theirs(books, &at, stock, &holder)?.amount;
            must!(
                !books.stocks[stock].allow || books.is_canonical(&at),
                "Of an allow-list stock the canonical account alone is open."
            );
            must!(books.may_receive(stock, &holder), "Nobody's account is opened who may not hold the stock.");
            must!(!books.is_held(stock, &holder), "No account of a wallet that is held is opened.");
            let class = books.investor_of(&holder).map(|(id, one)| (id, one.class));
            if let Some((id, class)) = class {
                let of = &mut books.stocks[stock];
                if of.counts(class) && of.seats.insert(id) {
                    let full = of.most > 0 && of.seats.len() > of.most as usize;
                    must!(!full || amount > 0, "No more investors get a seat than the limit says.");
                }
            }
            books.accounts.get_mut(&at).expect("it is there").frozen = false;
        }
        "freeze" => {
            let (stock, at, holder) = (given.stock(books)?, given.at("token_account"), given.at("holder"));
            theirs(books, &at, stock, &holder)?.frozen = true;
            must!(!books.may_hold(stock, &holder), "Nobody freezes the account of a wallet that may hold.");
        }
        "freeze_page" => {
            let holder = given.at("holder");
            let size = if books.is_blocked(&holder) { 2 } else { 3 };
            for group in given.rest().chunks(size) {
                let stock = books.stock_of(&group[size - 2]).ok_or("What is frozen is a stock's.")?;
                theirs(books, &group[size - 1], stock, &holder)?.frozen = true;
                let may = size == 3 && books.may_receive(stock, &holder) && books.seated(stock, &holder);
                must!(!may, "Nobody freezes the account of a wallet that may hold.");
            }
        }
        "hold_account" => {
            let args: ins::HoldAccount = given.says();
            order(books, args.key, args.reason, args.document)?;
            let (stock, holder) = (given.stock(books)?, given.at("holder"));
            books.holds.insert((stock, holder));
            if let Some(account) = books.accounts.get_mut(&canonical(&holder, &given.at("mint"))) {
                account.frozen = true;
            }
        }
        "release_account" => {
            let args: ins::ReleaseAccount = given.says();
            order(books, args.key, args.reason, args.document)?;
            books.holds.remove(&(given.stock(books)?, given.at("holder")));
        }
        "seize" => {
            let args: ins::Seize = given.says();
            order(books, args.key, args.reason, args.document)?;
            let (stock, to) = (given.stock(books)?, given.at("to"));
            let target = given.at("to_account");
            theirs(books, &target, stock, &to)?;
            must!(given.at("holder") != to, "Nobody is given one's own units.");
            let may = books.may_receive(stock, &to) && !books.is_held(stock, &to);
            must!(may, "Nobody is given units who may not receive them.");
            take(books, given, stock, Some(&target), args.amount)?;
        }
        "forced_burn" => {
            let args: ins::ForcedBurn = given.says();
            order(books, args.key, args.reason, args.document)?;
            must!(args.amount > 0, "Nothing is no order.");
            let stock = given.stock(books)?;
            take(books, given, stock, None, args.amount)?;
        }
        "freeze_tokens" => {
            let args: ins::FreezeTokens = given.says();
            order(books, args.key, args.reason, args.document)?;
            bind(books, given, chain, |bound| bound.frozen = args.amount)?;
        }
        "lock" => {
            let args: ins::Lock = given.says();
            order(books, args.key, args.reason, args.document)?;
            must!(args.amount > 0 && args.until > books.now, "A lock-up binds something, and until later.");
            bind(books, given, chain, |bound| {
                bound.locks.push((args.until, args.amount));
                let mut dates: Vec<i64> = bound.locks.iter().map(|one| one.0).collect();
                dates.sort_unstable();
                dates.dedup();
                bound.joined |= dates.len() > 4;
            })?;
        }
        "release_locks" => {
            let args: ins::ReleaseLocks = given.says();
            order(books, args.key, args.reason, args.document)?;
            bind(books, given, chain, |bound| (bound.locks, bound.joined) = (Vec::new(), false))?;
        }
        "release_ended" => {
            let (stock, holder, own) = (given.stock(books)?, given.at("holder"), given.at("token_account"));
            theirs(books, &own, stock, &holder)?;
            must!(!books.stocks[stock].paused, "In a pause nothing moves but by force.");
            let may = !books.is_blocked(&holder) && !books.is_held(stock, &holder);
            must!(may, "A wallet gets back what was bound where it may redeem.");
            let now = books.now;
            books.bound.entry((stock, holder)).or_default().settle(now);
            rebind(books, chain, stock, holder, &own)?;
        }
        "recover_wallet" => recover(books, given)?,
        "recover_in" => {
            must!(heir(books, given)?, "What a wallet has goes to its successor, and to nobody else.");
            hand_over(books, given)?;
        }
        "recover_locks" => {
            must!(heir(books, given)?, "What a wallet has goes to its successor, and to nobody else.");
            let (old, new, rest) = (given.at("old"), given.at("new"), given.rest());
            let stock = books.stock_of(&rest[1]).ok_or("What is fetched is a stock's.")?;
            let gone = books.bound.insert((stock, old), Bound::default()).unwrap_or_default();
            let heirs = books.bound.entry((stock, new)).or_default();
            heirs.frozen += gone.frozen;
            heirs.locks.extend(gone.locks);
            // What has ended goes along as it is, so what is bound is told by the record alone.
            heirs.joined = true;
            let at = books.stocks[stock].stock;
            let (place, vault) = (cast::locked(&at, &new), cast::vault(&at, &new));
            let born = Account { stock, owner: place, amount: 0, frozen: true };
            books.accounts.entry(vault).or_insert(born);
            let from = cast::vault(&at, &old);
            let all = books.accounts.get(&from).ok_or("What is fetched is in a vault.")?.amount;
            must!(all > 0, "What is fetched is something.");
            shift(books, &from, Some(&vault), all)?;
        }
        other => panic!("{other}: the books do not know what it does"),
    }
    Ok(())
}

fn bind(books: &mut Books, given: &Given, chain: &Chain, change: impl FnOnce(&mut Bound)) -> Verdict {
    let (stock, holder, own) = (given.stock(books)?, given.at("holder"), given.at("token_account"));
    theirs(books, &own, stock, &holder)?;
    let now = books.now;
    let bound = books.bound.entry((stock, holder)).or_default();
    bound.settle(now);
    change(bound);
    rebind(books, chain, stock, holder, &own)
}

/// Units are taken of a wallet: of the account that is named and, where its vault is named too, of that.
fn take(books: &mut Books, given: &Given, stock: usize, to: Option<&Pubkey>, amount: u64) -> Verdict {
    let (holder, own, rest, now) = (given.at("holder"), given.at("token_account"), given.rest(), books.now);
    let there = theirs(books, &own, stock, &holder)?.amount;
    let first = if rest.is_empty() { amount } else { amount.min(there) };
    shift(books, &own, to, first)?;
    if amount > first {
        let at = books.stocks[stock].stock;
        must!(rest[1] == cast::vault(&at, &holder), "What is taken of a vault is taken of the wallet's own.");
        shift(books, &rest[1], to, amount - first)?;
        books.bound.entry((stock, holder)).or_default().dig(amount - first, now);
    }
    Ok(())
}

fn heir(books: &Books, given: &Given) -> Result<bool, String> {
    let (old, new) = (given.at("old"), given.at("new"));
    let lost = books.wallets.get(&old).filter(|one| one.successor == Some(new));
    Ok(lost.is_some_and(|one| books.wallets.get(&new).is_some_and(|other| other.investor == one.investor)))
}

fn recover(books: &mut Books, given: &Given) -> Verdict {
    let args: ins::RecoverWallet = given.says();
    order(books, args.key, args.reason, args.document)?;
    let (old, new) = (given.at("old"), given.at("new"));
    let lost = books.wallets.get_mut(&old).ok_or("A wallet that is recovered is somebody's.")?;
    must!(lost.successor.is_none(), "A wallet is recovered once.");
    lost.successor = Some(new);
    let investor = lost.investor;
    must!(!books.wallets.contains_key(&new), "Who takes a wallet's place was nobody's.");
    must!(new != Pubkey::default(), "Nobody's address is no wallet.");
    books.wallets.insert(new, Wallet { investor, successor: None });
    hand_over(books, given)
}

fn hand_over(books: &mut Books, given: &Given) -> Verdict {
    let (old, new) = (given.at("old"), given.at("new"));
    for group in given.rest().chunks(6) {
        let stock = books.stock_of(&group[1]).ok_or("What is fetched is a stock's.")?;
        let held = books.holds.remove(&(stock, old));
        if held {
            books.holds.insert((stock, new));
        }
        let (from, to) = (group[4], group[5]);
        if !books.accounts.contains_key(&from) {
            continue;
        }
        let source = theirs(books, &from, stock, &old)?;
        let all = source.amount;
        source.frozen = true;
        theirs(books, &to, stock, &new)?.frozen |= held;
        shift(books, &from, Some(&to), all)?;
    }
    Ok(())
}

/// What both sides of the market ask of a quote, and that it serves once.
fn quote(books: &mut Books, given: &Given, quote: &stock_token::Quote, side: Side) -> Result<usize, String> {
    let stock = given.stock(books)?;
    must!(quote.side == side, "A quote serves the side that it was made for.");
    must!(quote.account == given.at("account"), "A quote serves whom it was made for.");
    must!(!books.market_paused, "Nothing is traded while the market is stopped.");
    must!(
        books.listed && given.at("treasury") == treasury(),
        "Units are paid for in an asset that is listed, at its treasury."
    );
    must!(books.now < quote.expiry, "No quote serves after its expiry.");
    must!(!books.stocks[stock].paused, "In a pause nothing moves but by force.");
    must!(!books.stocks[stock].spoilt, "Nothing is traded while the mint shows another multiplier.");
    must!(quote.generation == books.stocks[stock].generation, "A quote serves at the multiplier that it was made at.");
    must!(quote.amount > 0, "Nothing is no trade.");
    let quotes = [key("quotes"), key("quotes2")];
    must!(quotes.contains(&books.roles[cast::QUOTES]), "The quote signer has signed.");
    let used = books.quotes.insert(given.at("used_quote"), (quote.expiry, quote.account));
    must!(used.is_none(), "A quote serves once.");
    Ok(stock)
}

fn mint(books: &mut Books, given: &Given) -> Verdict {
    let args = given.says::<ins::Mint>().quote;
    let stock = quote(books, given, &args, Side::Mint)?;
    let (to, holder) = (given.at("token_account"), args.account);
    pay(books, &given.at("account_settlement"), &treasury(), args.settlement)?;
    let account = theirs(books, &to, stock, &holder)?;
    must!(!account.frozen, "Nothing is minted to a frozen account.");
    account.amount += args.amount;
    let bound = books.bound.get(&(stock, holder)).map_or(0, |one| one.still(books.now));
    let then = books.accounts[&to].amount + bound;
    must!(books.may_hold(stock, &holder), "Nothing is minted to a wallet that may not hold.");
    let limited = books.investor_of(&holder).is_some_and(|(_, one)| books.stocks[stock].counts(one.class));
    let of = &mut books.stocks[stock];
    must!(!limited || of.maximum == 0 || then <= of.maximum, "Nobody is minted more than the limit says.");
    of.supply = of.supply.checked_add(args.amount).ok_or("A supply fits 64 bits.")?;
    let undecided = of.actions.values().any(|one| !one.scheduled && !one.ended && one.ex_at <= books.now);
    must!(!undecided, "Nothing is minted while the market trades ex of what is undecided.");
    must!(of.max_age > 0 && books.now - of.as_of <= of.max_age, "Nothing is minted on an attestation that is too old.");
    // Each dividend that is bought and each split rounds down what there is, by less than a unit of 18 decimals.
    let (owed, backing) = (of.owed(), of.backing() + of.roundings + of.due.len());
    must!(owed <= backing, "No more is owed after a mint than the custodian has and will buy: {owed} of {backing}.");
    Ok(())
}

fn redeem(books: &mut Books, given: &Given) -> Verdict {
    let args = given.says::<ins::Redeem>().quote;
    let stock = quote(books, given, &args, Side::Redeem)?;
    let (from, holder) = (given.at("token_account"), args.account);
    theirs(books, &from, stock, &holder)?;
    must!(!books.is_blocked(&holder), "Who is blocked does not redeem.");
    must!(!books.is_held(stock, &holder), "Who is held does not redeem.");
    shift(books, &from, None, args.amount)?;
    pay(books, &treasury(), &given.at("account_settlement"), args.settlement)
}
