//! Every rounding of the program's arithmetic, exhausted on small domains and held to what the words say: the largest whole
//! number that is not above the quotient, the smallest that is not below it. No division of the program's is used for it.
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]

use stock_token::{
    math,
    parameters::{BPS, UNIT, WAD},
};

/// The largest whole number whose `by`-fold is no more than `of`, counted up to.
fn down(of: u128, by: u128) -> Option<u128> {
    (by > 0).then(|| (0..).take_while(|found| found * by <= of).last().unwrap())
}

/// The smallest whole number whose `by`-fold is no less than `of`.
fn up(of: u128, by: u128) -> Option<u128> {
    (by > 0).then(|| (0..).find(|found| found * by >= of).unwrap())
}

#[test]
fn products_and_quotients_round_as_they_are_called_in_one_word_and_in_two() {
    for a in 0..24_u128 {
        for b in 0..24_u128 {
            for by in 0..24_u128 {
                assert_eq!(math::mul_div(a, b, by), down(a * b, by), "{a} {b} {by}");
                assert_eq!(math::mul_div_up(a, b, by), up(a * b, by), "{a} {b} {by}");
                // The same with 121 bits more on both sides of the division: products of more than 128 bits.
                let (x, y, under) = (a << 90, b << 31, by << 121);
                assert_eq!(math::mul_div(x, y, under), down(a * b, by), "wide {a} {b} {by}");
                assert_eq!(math::mul_div_up(x, y, under), up(a * b, by), "wide {a} {b} {by}");
            }
        }
    }
}

#[test]
fn amounts_by_a_multiplier_of_eighths() {
    for raw in 0..48_u128 {
        for eighths in 1..48_u128 {
            let multiplier = WAD / 8 * eighths;
            assert_eq!(math::ui_amount(raw, multiplier), down(raw * eighths, 8), "{raw} {eighths}");
            assert_eq!(math::raw_amount(raw, multiplier), down(raw * 8, eighths), "{raw} {eighths}");
            // There and back gives nobody more than there was.
            let back = math::raw_amount(math::ui_amount(raw, multiplier).unwrap(), multiplier).unwrap();
            assert!(back <= raw, "{raw} {eighths}");
        }
    }
}

#[test]
fn multipliers_and_indices() {
    for index in 0..24_u64 {
        for top in 0..24_u64 {
            for under in 0..24_u64 {
                let product = u128::from(index) * u128::from(top);
                let floor = down(product, under.into());
                let multiplier = math::ui_multiplier(index.into(), top, under);
                assert_eq!(multiplier, floor.filter(|value| *value > 0), "{index} {top} {under}");
                let next = math::next_index(index.into(), under.into(), top.into());
                assert_eq!(next, floor.map(|rise| u128::from(index) + rise), "{index} {top} {under}");
            }
        }
    }
}

#[test]
fn what_is_withheld_rounds_up_and_what_a_margin_leaves_rounds_down() {
    for bps in 0..=u16::try_from(BPS).unwrap() {
        for amount in [0, 1, 2, 3, 7, 9_999, 10_000, 10_001] {
            let part = amount * u128::from(bps);
            let (kept, left) = (math::withheld(amount, bps).unwrap(), math::after_margin(amount, bps).unwrap());
            assert!(kept * BPS >= part && (kept == 0 || (kept - 1) * BPS < part), "{amount} {bps}");
            let rest = amount * BPS - part;
            assert!(left * BPS <= rest && (left + 1) * BPS > rest, "{amount} {bps}");
            assert_eq!(kept + left, amount, "nothing is lost between the two");
        }
    }
    assert_eq!(math::after_margin(1, 10_001), None);
}

#[test]
fn what_is_owed_rounds_up_and_what_is_still_to_come_rounds_down() {
    for eighths in 0..24_u64 {
        let supply = u64::try_from(UNIT).unwrap() / 8 * eighths;
        for index in 0..12_u64 {
            for num in 1..8_u64 {
                for den in 1..8_u64 {
                    let (whole, under) = (u128::from(eighths * index * num), u128::from(8 * den));
                    assert_eq!(math::liability(supply, index.into(), num, den), up(whole, under));
                    let each = down(u128::from(index * num), den.into()).unwrap();
                    assert_eq!(math::receivable(supply, index.into(), num, den), down(u128::from(eighths) * each, 8));
                }
            }
        }
    }
}

#[test]
fn splits_are_the_same_ratio_in_its_smallest_terms() {
    for num in 1..16_u64 {
        for den in 1..16_u64 {
            for new in 1..16_u64 {
                for old in 1..16_u64 {
                    let (top, bottom) = math::next_split(num, den, new, old).unwrap();
                    assert_eq!(top * den * old, bottom * num * new);
                    assert!((2..=top.min(bottom)).all(|divisor| top % divisor != 0 || bottom % divisor != 0));
                }
            }
        }
    }
}

#[test]
fn what_a_wallet_shows_is_the_nearest_float() {
    // Both operands of these quotients are exact, and IEEE 754 rounds a quotient to the nearest, ties to even.
    for multiplier in 1..=1_u64 << 18 {
        assert_eq!(math::nearest_f64(multiplier.into()), Some((multiplier as f64 / 1e18).to_bits()));
        let high = multiplier << 34;
        assert_eq!(math::nearest_f64(high.into()), Some((high as f64 / 1e18).to_bits()));
    }
    assert_eq!(math::nearest_f64(0), None);
}

#[test]
fn every_day_from_1970_to_9999_begins_a_day_after_the_one_before() {
    let mut second = 0;
    for year in 1970..=9999_u32 {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        for (month, length) in (1..).zip([31, 28 + u32::from(leap), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]) {
            for day in 0..=length + 1 {
                let found = math::midnight(year * 10_000 + month * 100 + day);
                let is_one = (1..=length).contains(&day);
                assert_eq!(found, is_one.then_some(second), "{year}-{month}-{day}");
                second += if is_one { 86_400 } else { 0 };
            }
        }
    }
}
