//! The shared vectors that the model writes, answered by this program's arithmetic.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::arithmetic_side_effects)]
mod cases;

use anchor_lang::prelude::Pubkey;
use cases::{bytes32, cases, is, number, word32};
use serde_json::Value;
use stock_token::{
    math,
    messages::{list_digest, paper_digest, quote_digest, QuotePlace},
    parameters::WAD,
    state::{Action, Basis, ListProof, Paper, SignedList},
    Quote, Side,
};

fn word(case: &Value, field: &str) -> Option<u64> {
    number(case, field).and_then(|value| u64::try_from(value).ok())
}

#[test]
fn multipliers() {
    for case in cases("multiplier.json", "ui_multiplier") {
        let (index, num, den) = (number(&case, "index"), word(&case, "num"), word(&case, "den"));
        let expected = is(&case, "fits").then(|| number(&case, "multiplier").unwrap());
        assert_eq!(math::ui_multiplier(index.unwrap(), num.unwrap(), den.unwrap()), expected, "{case}");
    }
    for case in cases("multiplier.json", "f64") {
        let bits = u64::from_str_radix(case["bits"].as_str().unwrap().trim_start_matches("0x"), 16).unwrap();
        assert_eq!(math::nearest_f64(number(&case, "multiplier").unwrap()), Some(bits), "{case}");
    }
}

#[test]
fn amounts() {
    for case in cases("ui_amount.json", "ui_amount") {
        let (raw, multiplier) = (number(&case, "raw").unwrap(), number(&case, "multiplier").unwrap());
        assert_eq!(math::ui_amount(raw, multiplier), number(&case, "ui"), "{case}");
    }
    for case in cases("ui_amount.json", "raw_amount") {
        let (ui, multiplier) = (number(&case, "ui").unwrap(), number(&case, "multiplier").unwrap());
        assert_eq!(math::raw_amount(ui, multiplier), number(&case, "raw"), "{case}");
    }
}

#[test]
fn dividends() {
    for case in cases("dividend.json", "next_index") {
        let (price, net) = (number(&case, "price").unwrap(), number(&case, "net").unwrap());
        let next = number(&case, "next").filter(|next| *next < 1 << 96);
        // An index that no ledger can hold is no case of this program's.
        if let Some(index) = number(&case, "index").filter(|index| *index < 1 << 96) {
            assert_eq!(math::next_index(index, price, net), next, "{case}");
        }
        assert_eq!(math::step_in_bound(price, net), is(&case, "step_ok"), "{case}");
    }
    for case in cases("dividend.json", "withheld") {
        let bps = u16::try_from(word(&case, "bps").unwrap()).unwrap();
        assert_eq!(math::withheld(number(&case, "gross").unwrap(), bps), number(&case, "withheld"), "{case}");
    }
    for case in cases("dividend.json", "rate") {
        let (next, before) = (number(&case, "next").unwrap(), number(&case, "year_ago").unwrap());
        assert_eq!(math::rate_in_bound(next, before), is(&case, "rate_ok"), "{case}");
    }
}

#[test]
fn splits() {
    for case in cases("split.json", "next_split") {
        let (a, b) = (word(&case, "new").unwrap(), word(&case, "old").unwrap());
        let next = math::next_split(word(&case, "num").unwrap(), word(&case, "den").unwrap(), a, b);
        if is(&case, "fits") {
            assert_eq!(next, word(&case, "next_num").zip(word(&case, "next_den")), "{case}");
        } else {
            let held = next.and_then(|(num, den)| math::ui_multiplier(WAD, num, den));
            assert_eq!(held, None, "{case}");
        }
        assert_eq!(math::split_in_bound(a, b), is(&case, "step_ok"), "{case}");
    }
}

fn key(case: &Value, field: &str) -> Pubkey {
    Pubkey::from(word32(case, field))
}

/// UTC seconds, of either sign.
fn second(case: &Value, field: &str) -> i64 {
    match &case[field] {
        Value::String(digits) => digits.parse().unwrap(),
        other => other.as_i64().unwrap(),
    }
}

#[test]
fn action_ids() {
    for case in cases("action_id.json", "action_id") {
        let text = |field: &str| case[field].as_str().unwrap().as_bytes();
        let (isin, code) = (text("isin").try_into().unwrap(), text("code").try_into().unwrap());
        let id = Action::id_of(isin, word(&case, "series").unwrap(), code, &word32(&case, "reference"));
        assert_eq!(id, word32(&case, "id"), "{case}");
    }
}

#[test]
fn quotes() {
    for case in cases("quote.json", "solana") {
        assert_eq!(key(&case, "program"), stock_token::ID);
        let quote = Quote {
            id: word32(&case, "id"),
            side: if word(&case, "side") == Some(0) { Side::Mint } else { Side::Redeem },
            account: key(&case, "account"),
            amount: word(&case, "amount").unwrap(),
            settlement: word(&case, "settlement").unwrap(),
            generation: word(&case, "generation").unwrap(),
            expiry: second(&case, "expiry"),
        };
        let place = QuotePlace {
            genesis: &word32(&case, "genesis"),
            mint: &key(&case, "mint"),
            token_account: &key(&case, "token_account"),
            settlement_mint: &key(&case, "settlement_mint"),
        };
        assert_eq!(quote_digest(&quote, &place), word32(&case, "digest"), "{case}");
    }
}

#[test]
fn attestations() {
    for case in cases("quote.json", "attestation") {
        assert_eq!(key(&case, "program"), stock_token::ID);
        let paper = Paper {
            shares: number(&case, "shares").unwrap(),
            ceiling: number(&case, "ceiling").unwrap(),
            others: number(&case, "others").unwrap(),
            basis: Basis {
                num: word(&case, "num").unwrap(),
                den: word(&case, "den").unwrap(),
                counter: word(&case, "counter").unwrap(),
            },
            as_of: second(&case, "as_of"),
            nonce: word(&case, "nonce").unwrap(),
            expiry: second(&case, "expiry"),
        };
        let digest = paper_digest(&paper, &word32(&case, "genesis"), &key(&case, "issuer"), &key(&case, "mint"));
        assert_eq!(digest, word32(&case, "digest"), "{case}");
    }
}

/// Supplies of the vectors have 18 decimals, those of this chain 8: `None` for one that this chain cannot have.
fn raw_supply(case: &Value, field: &str) -> Option<u64> {
    let supply = number(case, field)?;
    (supply % 10_000_000_000 == 0).then(|| u64::try_from(supply / 10_000_000_000).ok()).flatten()
}

#[test]
fn backing() {
    let mut answered = 0;
    for case in cases("reserve.json", "liability") {
        let (num, den) = (word(&case, "num").unwrap(), word(&case, "den").unwrap());
        let Some(supply) = raw_supply(&case, "supply") else { continue };
        let owed = math::liability(supply, number(&case, "index").unwrap(), num, den);
        assert_eq!(owed, number(&case, "liability"), "{case}");
        answered += 1;
    }
    for case in cases("reserve.json", "receivable") {
        let (num, den) = (word(&case, "num").unwrap(), word(&case, "den").unwrap());
        let supplies = raw_supply(&case, "supply").zip(raw_supply(&case, "recorded_supply"));
        let Some((supply, recorded)) = supplies else { continue };
        let owed = math::receivable(supply.min(recorded), number(&case, "delta").unwrap(), num, den);
        assert_eq!(owed, number(&case, "receivable"), "{case}");
        answered += 1;
    }
    for case in cases("reserve.json", "there") {
        let [reserve, ceiling, others, due] =
            ["reserve", "ceiling", "others", "receivable"].map(|field| number(&case, field).unwrap());
        assert_eq!(math::there(reserve, ceiling, others, due), number(&case, "there"), "{case}");
        answered += 1;
    }
    for case in cases("reserve.json", "scaled") {
        let [ceiling, num, den] = ["ceiling", "num", "den"].map(|field| number(&case, field).unwrap());
        let most = |scaled: Option<u128>| Some(scaled.unwrap_or(u128::MAX));
        assert_eq!(most(math::mul_div(ceiling, num, den)), number(&case, "down"), "{case}");
        assert_eq!(most(math::mul_div_up(ceiling, num, den)), number(&case, "up"), "{case}");
        answered += 1;
    }
    for case in cases("reserve.json", "counted_reserve") {
        let margin = u16::try_from(word(&case, "margin_bps").unwrap()).unwrap();
        if word(&case, "decimals") == Some(18) {
            let counted = math::after_margin(number(&case, "answer").unwrap(), margin);
            assert_eq!(counted, number(&case, "reserve"), "{case}");
            answered += 1;
        }
    }
    assert!(answered > 20, "only {answered} cases concern this chain");
}

#[test]
fn sanctions() {
    for case in cases("sanctions.json", "gap") {
        let path = case["path"].as_array().unwrap().iter().map(bytes32).collect();
        let proof = ListProof { low: word32(&case, "low"), high: word32(&case, "high"), path };
        assert_eq!(proof.root(), word32(&case, "computed"), "{case}");
        let told = proof.answer(&word32(&case, "root"), &word32(&case, "address"));
        let expected = match case["answer"].as_str().unwrap() {
            "listed" => Some(true),
            "clean" => Some(false),
            _ => None,
        };
        assert_eq!(told, expected, "{case}");
    }
    for case in cases("sanctions.json", "list") {
        assert_eq!(key(&case, "program"), stock_token::ID);
        let list = SignedList {
            root: word32(&case, "root"),
            serial: word(&case, "serial").unwrap(),
            issued: second(&case, "issued"),
            expiry: second(&case, "expiry"),
        };
        let digest = list_digest(&list, &word32(&case, "genesis"), &key(&case, "issuer"));
        assert_eq!(digest, word32(&case, "digest"), "{case}");
    }
}
