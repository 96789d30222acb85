//! What the program stores of a stock: every sentence of an invariant can fail.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::arithmetic_side_effects)]
mod breaches;

use breaches::{broken, holds_after, holds_until, someone, Breach};
use stock_token::{math, parameters::*, state::*};

fn dividend() -> Action {
    Action {
        version: Version,
        stock: someone(1),
        id: [1; 32],
        code: DRIP,
        reference: [2; 32],
        status: Status::Scheduled,
        ex: 20_010_910,
        ex_at: 900,
        pay: 2_000,
        buy: 2_000,
        effective_at: 1_000,
        num: 0,
        den: 0,
        gross: 100,
        withheld: 15,
        net: 85,
        price: 1_000,
        index: 0,
        bump: 255,
        reserved: Reserved,
    }
}

fn split() -> Action {
    let (pay, buy, num, den, gross, withheld, net, price) = (0, 0, 2, 1, 0, 0, 0, 0);
    Action { code: SPLF, pay, buy, num, den, gross, withheld, net, price, ..dividend() }
}

#[test]
fn dividends() {
    let breaches: &[Breach<Action>] = &[
        ("Action", |action| action.effective_at = 0),
        ("Action", |action| (action.effective_at, action.pay) = (MAX_U40 + 1, MAX_U40 + 1)),
        ("Action", |action| action.pay = MAX_U40 + 1),
        ("Action", |action| action.pay = 0),
        ("Action", |action| action.buy = action.effective_at - 1),
        ("Action", |action| action.ex_at = action.effective_at + 1),
        ("Action", |action| action.ex_at = -1),
        ("Action", |action| (action.gross, action.withheld, action.net) = (0, 0, 0)),
        ("Action", |action| action.num = 1),
        ("Action", |action| action.den = 1),
        ("Action", |action| action.net += 1),
        ("Action", |action| (action.withheld, action.net) = (u128::MAX, 101)),
        ("Action", |action| (action.price, action.withheld, action.net) = (0, 0, 0)),
        ("Action", |action| action.price = 0),
        ("Action", |action| action.status = Status::Announced),
        ("Action", |action| action.index = 1),
    ];
    holds_until(&dividend(), breaches);
    let changes: &[fn(&mut Action)] = &[
        |action| (action.effective_at, action.pay, action.buy) = (MAX_U40, MAX_U40, MAX_U40),
        |action| (action.pay, action.buy, action.ex_at) = (action.effective_at, action.effective_at, 0),
        |action| action.pay = 1,
        |action| (action.withheld, action.net) = (0, 100),
        |action| action.status = Status::Cancelled,
        |action| {
            (action.status, action.price, action.withheld, action.net) = (Status::Announced, 0, 0, 0);
        },
    ];
    holds_after(&dividend(), changes);
}

#[test]
fn splits() {
    let breaches: &[Breach<Action>] = &[
        ("Action", |action| action.num = 0),
        ("Action", |action| action.den = 0),
        ("Action", |action| action.gross = 1),
        ("Action", |action| action.pay = action.effective_at),
        ("Action", |action| action.buy = action.effective_at),
        ("Action", |action| action.price = 1),
        ("Action", |action| action.net = 1),
        ("Action", |action| action.pay = -1),
        ("Action", |action| action.index = 1),
    ];
    holds_until(&split(), breaches);
    holds_after(&split(), &[|action| action.status = Status::Announced, |action| action.status = Status::Cancelled]);
}

#[test]
fn repairs() {
    let fold = Action { code: FOLD, index: 1, ..split() };
    let breaches: &[Breach<Action>] = &[
        ("Action", |action| action.status = Status::Announced),
        ("Action", |action| action.index = 0),
        ("Action", |action| action.num = 0),
        ("Action", |action| action.gross = 1),
        ("Action", |action| action.code = CORR),
    ];
    holds_until(&fold, breaches);
    let correction = Action { code: CORR, num: 0, den: 0, ..fold };
    let breaches: &[Breach<Action>] = &[
        ("Action", |action| action.den = 1),
        ("Action", |action| action.code = FOLD),
        ("Action", |action| action.price = 1),
    ];
    holds_until(&correction, breaches);
    holds_after(&correction, &[|action| action.status = Status::Cancelled]);
}

fn calendar() -> Calendar {
    let split = Part { action: someone(1), num: 2, den: 1, net: 0, price: 0 };
    let dividend = Part { action: someone(2), num: 0, den: 0, net: 1, price: 10 };
    let rise = |number: i64| Rise { effective_at: number * 100, index: WAD + number as u128 };
    let rises = vec![rise(1), rise(2), rise(3)];
    Calendar {
        version: Version,
        stock: someone(3),
        parts: vec![split, dividend],
        base: WAD,
        rises,
        bump: 255,
        reserved: Reserved,
    }
}

#[test]
fn calendars() {
    let breaches: &[Breach<Calendar>] = &[
        ("Calendar", |calendar| calendar.parts = vec![calendar.parts[0]; MAX_PARTS + 1]),
        ("Calendar", |calendar| calendar.rises = vec![calendar.rises[0]; MAX_RISES + 1]),
        ("Calendar", |calendar| calendar.parts[0].den = 0),
        ("Calendar", |calendar| calendar.parts[0].num = 0),
        ("Calendar", |calendar| calendar.parts[0].net = 1),
        ("Calendar", |calendar| calendar.parts[0].price = 1),
        ("Calendar", |calendar| calendar.parts[1].num = 1),
        ("Calendar", |calendar| calendar.parts[1].den = 1),
        ("Calendar", |calendar| calendar.parts[1].net = 0),
        ("Calendar", |calendar| calendar.parts[1].price = 0),
        ("Calendar", |calendar| (calendar.parts[0].net, calendar.parts[0].price) = (1, 1)),
        ("Calendar", |calendar| (calendar.base, calendar.rises) = (0, Vec::new())),
        ("Calendar", |calendar| calendar.rises[2].effective_at = calendar.rises[1].effective_at),
    ];
    holds_until(&calendar(), breaches);
    let changes: &[fn(&mut Calendar)] = &[
        |calendar| calendar.parts.clear(),
        |calendar| calendar.rises.truncate(1),
        |calendar| calendar.rises.clear(),
        |calendar| calendar.parts = vec![calendar.parts[1]; MAX_PARTS],
        |calendar| calendar.rises[2].index = 1,
        |calendar| calendar.parts = vec![Part { price: 0, ..calendar.parts[1] }],
        |calendar| calendar.parts = vec![Part { net: 1, ..calendar.parts[0] }],
    ];
    holds_after(&calendar(), changes);
}

#[test]
fn a_calendar_is_of_its_multiplier() {
    let (full, pending) = (calendar(), stock().multiplier);
    let empty = Calendar { parts: Vec::new(), ..calendar() };
    let dividend = Calendar { parts: vec![full.parts[1]], ..calendar() };
    let idle = Multiplier::new().unwrap();
    assert_eq!(broken(full.agrees(&pending)), None);
    assert_eq!(broken(empty.agrees(&idle)), None);
    for (calendar, multiplier) in [(&full, &idle), (&empty, &pending), (&dividend, &pending)] {
        assert_eq!(broken(calendar.agrees(multiplier)).as_deref(), Some("Calendar"));
    }
}

#[test]
fn an_index_falls_by_a_repair_alone() {
    let mut multiplier = Multiplier::new().unwrap();
    let lower = Factors { index: WAD - 1, ..Factors::ONE };
    multiplier.put(lower, 1_000, false).unwrap();
    let mut kept = calendar();
    kept.parts = vec![kept.parts[1]];
    assert_eq!(broken(kept.agrees(&multiplier)).as_deref(), Some("Calendar"));
    kept.parts = vec![Part { net: WAD - 1, price: 0, ..kept.parts[0] }];
    assert_eq!(broken(kept.agrees(&multiplier)), None);
    let (next, rises) = kept.joined(&multiplier.current).unwrap();
    assert!(next == lower && rises.is_empty());
}

#[test]
fn past_indices_are_told_in_the_terms_of_a_fold() {
    let mut kept = calendar();
    kept.scale(2, 3).unwrap();
    let seen: Vec<_> = kept.rises.iter().map(|rise| rise.index).collect();
    assert_eq!((kept.base, seen), (WAD / 2 * 3, vec![WAD / 2 * 3 + 1, WAD / 2 * 3 + 3, WAD / 2 * 3 + 4]));
    kept.scale(u128::MAX, 1).unwrap();
    assert_eq!(kept.base, 1);
    kept.invariant().unwrap();
}

/// A stock with a split pending.
fn stock() -> Stock {
    let mut multiplier = Multiplier::new().unwrap();
    let next = Factors { num: 2, ..Factors::ONE };
    multiplier.put(next, 1_000, true).unwrap();
    Stock {
        version: Version,
        mint: someone(1),
        isin: *b"US5949181045",
        series: 1,
        policy: Policy::Allowlist,
        default_frozen: true,
        multiplier,
        rules: StockRules::EVERYBODY,
        limits: HolderLimits::default(),
        seats: 0,
        bump: 255,
        reserved: Reserved,
    }
}

#[test]
fn stocks_and_multipliers() {
    let breaches: &[Breach<Stock>] = &[
        ("Factors", |stock| stock.multiplier.current.index = 0),
        ("Factors", |stock| stock.multiplier.next.index = MAX_U96 + 1),
        ("Factors", |stock| stock.multiplier.current.num = 0),
        ("Factors", |stock| stock.multiplier.next.den = 0),
        ("Multiplier", |stock| stock.multiplier.current_bits = 0),
        ("Multiplier", |stock| stock.multiplier.next_bits = f64::INFINITY.to_bits()),
        ("Multiplier", |stock| stock.multiplier.next_bits = (-1_f64).to_bits()),
        ("Multiplier", |stock| stock.multiplier.effective_at = 0),
        ("Multiplier", |stock| stock.multiplier.splits = false),
        ("Multiplier", |stock| stock.multiplier.effective_at = MAX_U40 + 1),
        ("Multiplier", |stock| stock.multiplier.effective_at = -1),
    ];
    holds_until(&stock(), breaches);
    let idle = Stock { multiplier: Multiplier::new().unwrap(), ..stock() };
    let breaches: &[Breach<Stock>] = &[
        ("Stock", |stock| stock.default_frozen = false),
        ("StockRules", |stock| stock.rules.classes = 0),
        ("StockRules", |stock| stock.rules.classes = 16),
        ("Multiplier", |stock| stock.multiplier.splits = true),
        ("Multiplier", |stock| stock.multiplier.next.index += 1),
        ("Multiplier", |stock| stock.multiplier.next_bits += 1),
    ];
    holds_until(&idle, breaches);
    let open = Stock { policy: Policy::Blocklist, ..idle };
    let breaches: &[Breach<Stock>] =
        &[("Stock", |stock| stock.rules.classes = 1), ("Stock", |stock| stock.limits.most = 1)];
    holds_until(&open, breaches);
    holds_after(&stock(), &[|stock| stock.multiplier.effective_at = MAX_U40]);
}

#[test]
fn no_mint_shows_more_than_the_greatest_multiplier() {
    let mut stock = stock();
    stock.multiplier.next_bits = math::nearest_f64(MAX_U96).unwrap();
    stock.invariant().unwrap();
    stock.multiplier.next_bits += 1;
    assert_eq!(broken(stock.invariant()).as_deref(), Some("Multiplier"));
}

fn reserve() -> Reserve {
    Reserve {
        version: Version,
        stock: someone(1),
        max_age: 86_400,
        margin_bps: 100,
        ceilings: Ceilings { own: 1, others: 1, counter: 4 },
        basis: Basis { num: 1, den: 1, counter: 4 },
        step: Step { basis: Basis { num: 2, den: 1, counter: 5 }, effective_at: 400, fold: false },
        latest: Attestation { shares: 1, as_of: 300, counter: 4 },
        nonce: 7,
        receivables: Receivables { open: vec![receivable(2)], exes: vec![1] },
        bump: 255,
        reserved: Reserved,
    }
}

fn receivable(action: u8) -> Receivable {
    Receivable { action: someone(action), delta: 0, supply: 100, buy: 10, until: 20 }
}

#[test]
fn a_receivable_is_derived_anew_with_its_slot() {
    let mut kept = Receivables::default();
    kept.add(someone(1), 100, 10, 20, 0).unwrap();
    kept.add(someone(2), 100, 30, 20, 0).unwrap();
    kept.fill(&[(someone(1), 5), (someone(2), 6)], 90, WAD, 0).unwrap();
    let seen: Vec<_> = kept.open.iter().map(|one| (one.delta, one.supply, one.buy, one.until)).collect();
    assert_eq!(seen, [(5, 90, 10, 20), (6, 90, 20, 20)]);
    kept.remove(&someone(1), 0);
    kept.fill(&[(someone(2), u128::MAX)], 95, WAD, 0).unwrap();
    assert_eq!((kept.open[0].delta, kept.open[0].supply), (MAX_RECEIVABLE_DELTA, 90));
    kept.mark(80, 0);
    assert_eq!(kept.open[0].supply, 80);
    kept.mark(70, 20);
    assert_eq!(kept.open[0].supply, 80);
}

#[test]
fn a_dividend_is_paid_on_what_those_before_it_have_bought() {
    let (first, second) = (someone(1), someone(2));
    let mut kept = Receivables::default();
    kept.add(first, 100, 10, 20, 0).unwrap();
    kept.fill(&[(first, WAD / 4)], 100, WAD, 0).unwrap();
    kept.add(second, 100, 15, 30, 5).unwrap();
    kept.fill(&[(second, WAD / 4)], 100, WAD / 4 * 5, 5).unwrap();
    assert_eq!(kept.open.iter().map(|one| one.delta).collect::<Vec<_>>(), [WAD / 4, WAD / 5]);
    kept.fill(&[(second, WAD / 4)], 100, WAD / 4 * 5, 20).unwrap();
    assert_eq!(kept.open.iter().map(|one| one.delta).collect::<Vec<_>>(), [WAD / 4]);
}

#[test]
fn a_receivable_ends_with_the_answer_of_its_buying_and_with_its_grace() {
    let mut kept = Receivables::default();
    kept.add(someone(1), 100, 10, 20, 0).unwrap();
    kept.fill(&[(someone(1), WAD)], 100, WAD, 0).unwrap();
    let counted = |as_of, now| kept.counted(100, (1, 1), as_of, now).unwrap();
    assert!(counted(9, 19) > 0);
    assert_eq!((counted(10, 19), counted(9, 20)), (0, 0));
}

#[test]
fn one_receivable_more_than_fits_is_refused() {
    let mut kept = Receivables::default();
    for number in 0..MAX_RECEIVABLES {
        kept.add(someone(u8::try_from(number).unwrap()), 100, 10, 20, 0).unwrap();
    }
    kept.add(someone(9), 100, 10, 30, 19).unwrap_err();
    kept.add(someone(9), 100, 10, 30, 20).unwrap();
    assert_eq!(kept.open.len(), 1);
}

#[test]
fn what_is_undecided_is_past_the_earliest_ex() {
    let mut kept = Receivables::default();
    for ex_at in [7, 5, 5] {
        kept.announce(ex_at).unwrap();
    }
    assert!(!kept.undecided(4) && kept.undecided(5));
    kept.decide(5);
    assert!(kept.undecided(5));
    kept.decide(5);
    assert!(!kept.undecided(6) && kept.undecided(7));
    kept.exes = vec![1; MAX_ANNOUNCED];
    kept.announce(1).unwrap_err();
}

#[test]
fn reserves() {
    let breaches: &[Breach<Reserve>] = &[
        ("Reserve", |reserve| reserve.basis.num = 0),
        ("Reserve", |reserve| reserve.basis.den = 0),
        ("Reserve", |reserve| reserve.basis.counter = 3),
        ("Reserve", |reserve| reserve.step.basis.num = 0),
        ("Reserve", |reserve| reserve.step.basis.den = 0),
        ("Reserve", |reserve| reserve.step.basis.num = 1),
        ("Reserve", |reserve| reserve.step.basis.counter = 6),
        ("Reserve", |reserve| reserve.step.effective_at = -1),
        ("Reserve", |reserve| reserve.step.effective_at = MAX_U40 + 1),
        ("Reserve", |reserve| reserve.step.effective_at = 0),
        ("Reserve", |reserve| reserve.ceilings.counter = 3),
        ("Reserve", |reserve| reserve.ceilings.counter = 6),
        ("Reserve", |reserve| reserve.latest.counter = 6),
        ("Reserve", |reserve| reserve.max_age = -1),
        ("Reserve", |reserve| reserve.max_age = MAX_AGE + 1),
        ("Reserve", |reserve| reserve.margin_bps = MAX_MARGIN_BPS + 1),
        ("Receivables", |reserve| reserve.receivables.open = vec![receivable(2); MAX_RECEIVABLES + 1]),
        ("Receivables", |reserve| reserve.receivables.open[0].delta = MAX_RECEIVABLE_DELTA + 1),
        ("Receivables", |reserve| reserve.receivables.open[0].buy = 0),
        ("Receivables", |reserve| reserve.receivables.open[0].until = 0),
        ("Receivables", |reserve| reserve.receivables.exes = vec![1; MAX_ANNOUNCED + 1]),
    ];
    holds_until(&reserve(), breaches);
    let changes: &[fn(&mut Reserve)] = &[
        |reserve| (reserve.max_age, reserve.margin_bps) = (MAX_AGE, MAX_MARGIN_BPS),
        |reserve| (reserve.ceilings.counter, reserve.latest.counter) = (5, 5),
        |reserve| (reserve.step, reserve.latest) = (Step::NONE, Attestation::default()),
        |reserve| reserve.receivables.open = vec![receivable(2); MAX_RECEIVABLES],
        |reserve| reserve.receivables.open[0].delta = MAX_RECEIVABLE_DELTA,
        |reserve| reserve.receivables.exes = vec![1; MAX_ANNOUNCED],
        |reserve| reserve.latest.shares = u128::MAX,
    ];
    holds_after(&reserve(), changes);
}

#[test]
fn ceilings_follow_a_split_once_and_each_to_its_safe_side() {
    let mut kept = Reserve { ceilings: Ceilings { own: 7, others: 7, counter: 4 }, ..reserve() };
    kept.step.basis = Basis { num: 1, den: 2, counter: 5 };
    assert!(kept.ceilings_in(5) == Ceilings { own: 3, others: 4, counter: 5 });
    kept.ceilings = Ceilings { own: 7, others: 7, counter: 5 };
    assert!(kept.ceilings_in(4) == Ceilings { own: 14, others: 14, counter: 4 });
    kept.adopt();
    assert!(kept.ceilings == Ceilings { own: 7, others: 7, counter: 5 });
    assert_eq!((kept.basis.counter, kept.latest.shares, kept.nonce), (5, 0, 8));
    kept.invariant().unwrap();
}

#[test]
fn a_fold_leaves_every_share_one() {
    let multiplier = stock().multiplier;
    let mut kept = Reserve { step: Step::NONE, ..reserve() };
    kept.ceilings = Ceilings { own: 7, others: 7, counter: 4 };
    kept.latest.shares = 9;
    kept.follow((3, 2), 400, true, 100).unwrap();
    assert!(kept.ceilings_in(5) == Ceilings { own: 7, others: 7, counter: 5 });
    // In the pair in force: one share a unit here until second 1,000, two from then on, whatever the basis says.
    let owed = |now| kept.coverage(100_000_000, 100_000_000, &multiplier, now).unwrap().required;
    assert_eq!((owed(999), owed(1_000)), (WAD, 2 * WAD));
    kept.adopt();
    assert!(kept.ceilings == Ceilings { own: 7, others: 7, counter: 5 });
    kept.invariant().unwrap();
}

#[test]
fn a_slot_that_changes_voids_what_was_said_of_it() {
    let mut kept = Reserve { latest: Attestation { shares: 9, as_of: 300, counter: 5 }, ..reserve() };
    kept.ceilings = Ceilings { own: 7, others: 7, counter: 5 };
    kept.follow((3, 1), 400, false, 100).unwrap();
    assert!(kept.ceilings == Ceilings { own: 3, others: 4, counter: 4 });
    assert_eq!((kept.step.basis.num, kept.latest.shares, kept.nonce), (3, 0, 8));
    kept.follow((1, 1), 400, false, 100).unwrap();
    assert!(kept.step == Step::NONE && kept.invariant().is_ok());
    kept.follow((2, 1), 400, false, 100).unwrap();
    assert!(kept.follow((3, 1), 900, false, 400).is_err());
}
