//! The integer formulas, with the order of floors of `scrip.model.laws.arithmetic`. Every function is total: an amount
//! that does not fit is `None`, never a wrap and never a panic.

use crate::parameters::{BPS, MAX_RATE_BPS, MAX_SPLIT, MAX_STEP_BPS, MAX_U96, UNIT, WAD};

/// What a bound in basis points is a part of: one of so many. Each divides one, so nothing is rounded.
const STEP_PART: u128 = BPS / MAX_STEP_BPS;
const RATE_PART: u128 = BPS / MAX_RATE_BPS;
const _: () = assert!(STEP_PART * MAX_STEP_BPS == BPS && RATE_PART * MAX_RATE_BPS == BPS);
/// The low half of 128 bits.
const LOW: u128 = u64::MAX as u128;

/// `a * b` as (high, low) halves of 128 bits.
fn wide_mul(a: u128, b: u128) -> Option<(u128, u128)> {
    let (a1, a0) = (a >> 64, a & LOW);
    let (b1, b0) = (b >> 64, b & LOW);
    let low = a0.checked_mul(b0)?;
    // Neither sum overflows: each product is at most (2^64 - 1)^2, and each carry below 2^64.
    let middle = a1.checked_mul(b0)?.checked_add(low >> 64)?;
    let cross = a0.checked_mul(b1)?.checked_add(middle & LOW)?;
    let high = a1.checked_mul(b1)?.checked_add(middle >> 64)?.checked_add(cross >> 64)?;
    Some((high, (cross << 64) | (low & LOW)))
}

/// `(high * 2^128 + low) / by` and the remainder; `None` when the quotient does not fit 128 bits.
fn wide_div(high: u128, low: u128, by: u128) -> Option<(u128, u128)> {
    if high == 0 {
        return Some((low.checked_div(by)?, low.checked_rem(by)?));
    }
    if high >= by {
        return None;
    }
    // Schoolbook, a bit at a time. The remainder stays below `by`, and doubling it may carry one bit out.
    let (mut rest, mut quotient) = (high, 0_u128);
    for bit in (0_u32..128).rev() {
        let carry = rest >> 127;
        rest = (rest << 1) | ((low >> bit) & 1);
        quotient <<= 1;
        if carry == 1 || rest >= by {
            rest = rest.wrapping_sub(by);
            quotient |= 1;
        }
    }
    Some((quotient, rest))
}

/// `a * b / by`, rounded down.
pub fn mul_div(a: u128, b: u128, by: u128) -> Option<u128> {
    let (high, low) = wide_mul(a, b)?;
    wide_div(high, low, by).map(|(quotient, _)| quotient)
}

/// `a * b / by`, rounded up.
pub fn mul_div_up(a: u128, b: u128, by: u128) -> Option<u128> {
    let (high, low) = wide_mul(a, b)?;
    let (quotient, rest) = wide_div(high, low, by)?;
    if rest == 0 {
        Some(quotient)
    } else {
        quotient.checked_add(1)
    }
}

/// The greatest common divisor.
pub fn gcd(mut a: u128, mut b: u128) -> u128 {
    while let Some(rest) = a.checked_rem(b) {
        a = b;
        b = rest;
    }
    a
}

/// `floor(index * num / den)`, a wad; `None` when it is zero or does not fit 96 bits.
pub fn ui_multiplier(index: u128, num: u64, den: u64) -> Option<u128> {
    let value = mul_div(index, num.into(), den.into())?;
    (index <= MAX_U96 && value > 0 && value <= MAX_U96).then_some(value)
}

/// Shares that raw units stand for, in the raw units' decimals, rounded down.
pub fn ui_amount(raw: u128, multiplier: u128) -> Option<u128> {
    mul_div(raw, multiplier, WAD)
}

/// Raw units that shares stand for, rounded down.
pub fn raw_amount(ui: u128, multiplier: u128) -> Option<u128> {
    mul_div(ui, WAD, multiplier)
}

/// The index after a reinvested dividend of `net` at `price`, both wads of currency per share.
pub fn next_index(index: u128, price: u128, net: u128) -> Option<u128> {
    // floor(index × (price + net) ÷ price) = index + floor(index × net ÷ price), and the sum cannot overflow.
    index.checked_add(mul_div(index, net, price)?).filter(|next| *next <= MAX_U96)
}

/// What is withheld of `gross`, rounded up.
pub fn withheld(gross: u128, bps: u16) -> Option<u128> {
    mul_div_up(gross, bps.into(), BPS)
}

/// The split factor after a split of `a` new shares for `b` old ones, reduced; `None` when a term does not fit 64 bits.
pub fn next_split(num: u64, den: u64, a: u64, b: u64) -> Option<(u64, u64)> {
    let top = u128::from(num).checked_mul(a.into())?;
    let bottom = u128::from(den).checked_mul(b.into())?;
    let divisor = gcd(top, bottom);
    Some((u64::try_from(top.checked_div(divisor)?).ok()?, u64::try_from(bottom.checked_div(divisor)?).ok()?))
}

/// Whether a dividend stays within `MAX_STEP_BPS` of the price.
pub fn step_in_bound(price: u128, net: u128) -> bool {
    net.checked_mul(STEP_PART).is_some_and(|whole| whole <= price)
}

/// Whether a split stays within 1:`MAX_SPLIT` and `MAX_SPLIT`:1.
pub fn split_in_bound(a: u64, b: u64) -> bool {
    let (a, b) = (u128::from(a), u128::from(b));
    let within = |more: u128, less: u128| less.checked_mul(MAX_SPLIT).is_some_and(|bound| more <= bound);
    within(a, b) && within(b, a)
}

/// Whether an index rises by no more than `MAX_RATE_BPS` of what it was a year before.
pub fn rate_in_bound(next: u128, year_before: u128) -> bool {
    match (next.checked_mul(RATE_PART), year_before.checked_mul(RATE_PART + 1)) {
        (Some(reached), Some(bound)) => reached <= bound,
        _ => false,
    }
}

/// Days of a common year before each of its months.
const DAYS_BEFORE: [i64; 12] = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];

/// Leap days from the year 1 up to and including a year of the Gregorian calendar.
fn leap_days(year: i64) -> i64 {
    (year / 4).saturating_sub(year / 100).saturating_add(year / 400)
}

/// The UTC second at which the date `ex`, YYYYMMDD, begins; `None` for what is no date from 1970 to 9999.
pub fn midnight(ex: u32) -> Option<i64> {
    let (year, month, day) = (i64::from(ex / 10_000), usize::try_from(ex / 100 % 100).ok()?, i64::from(ex % 100));
    let before = *DAYS_BEFORE.get(month.checked_sub(1)?)?;
    let leap = leap_days(year) != leap_days(year.saturating_sub(1));
    let common = DAYS_BEFORE.get(month).unwrap_or(&365).saturating_sub(before);
    let last = common.saturating_add(i64::from(leap && month == 2));
    if !(1970..=9999).contains(&year) || !(1..=last).contains(&day) {
        return None;
    }
    let years = year.saturating_sub(1970).saturating_mul(365);
    let leaps = leap_days(year.saturating_sub(1)).saturating_sub(leap_days(1969));
    let days = years.saturating_add(leaps).saturating_add(before).saturating_add(day.saturating_sub(1));
    Some(days.saturating_add(i64::from(leap && month > 2)).saturating_mul(86_400))
}

/// Shares (18 decimals) that `supply` raw units of 8 decimals stand for, rounded up: ceil(supply × index × num ÷ (den ×
/// 10^8)) as one division. The product has up to 224 bits, so what the division leaves is multiplied apart.
pub fn liability(supply: u64, index: u128, num: u64, den: u64) -> Option<u128> {
    let divisor = u128::from(den).checked_mul(UNIT)?;
    let (high, low) = wide_mul(index, num.into())?;
    let (each, rest) = wide_div(high, low, divisor)?;
    let whole = u128::from(supply).checked_mul(each)?;
    whole.checked_add(mul_div_up(supply.into(), rest, divisor)?)
}

/// Shares that a mint may count on: the reserve within the ceiling and beside the other chains', and open receivables.
pub fn there(reserve: u128, ceiling: u128, others: u128, due: u128) -> Option<u128> {
    reserve.min(ceiling).min(reserve.saturating_sub(others)).checked_add(due)
}

/// Shares (18 decimals) that a dividend still owes on `supply` raw units of 8 decimals, rounded down.
pub fn receivable(supply: u64, delta: u128, num: u64, den: u64) -> Option<u128> {
    mul_div(supply.into(), mul_div(delta, num.into(), den.into())?, UNIT)
}

/// What remains of an attested reserve after the margin, rounded down.
pub fn after_margin(reserve: u128, margin_bps: u16) -> Option<u128> {
    mul_div(reserve, BPS.checked_sub(margin_bps.into())?, BPS)
}

/// Bits of the f64 nearest to `multiplier / 1e18`, ties to even; 0 < multiplier < 2^96. Integers only.
pub fn nearest_f64(multiplier: u128) -> Option<u64> {
    if multiplier == 0 || multiplier > MAX_U96 {
        return None;
    }
    // Scale by a power of two so that the quotient has 53 bits: its dividend then lies in [2^111, 2^113).
    let length = 128_u32.checked_sub(multiplier.leading_zeros())?;
    let mut shift = 113_u32.checked_sub(length)?;
    let mut scaled = multiplier.checked_shl(shift)?;
    if scaled.checked_div(WAD)? >> 53 != 0 {
        shift = shift.checked_sub(1)?;
        scaled >>= 1;
    }
    let (mut significand, rest) = (scaled.checked_div(WAD)?, scaled.checked_rem(WAD)?);
    let twice = rest.checked_mul(2)?;
    if twice > WAD || (twice == WAD && significand & 1 == 1) {
        significand = significand.checked_add(1)?;
    }
    // Rounding up to 2^53 carries into the exponent, which is what adding the hidden bit does below.
    let exponent = 1_022_u32.checked_add(52)?.checked_sub(shift)?;
    u64::try_from(significand).ok()?.checked_add(u64::from(exponent) << 52)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::arithmetic_side_effects)]
mod tests {
    use super::*;

    #[test]
    fn wide_arithmetic_agrees_with_128_bits() {
        assert_eq!(mul_div(u128::MAX, u128::MAX, u128::MAX), Some(u128::MAX));
        assert_eq!(mul_div(u128::MAX, 2, 1), None);
        assert_eq!(mul_div(1, 1, 0), None);
        assert_eq!(mul_div(u128::MAX, 3, 4), Some(u128::MAX / 4 * 3 + 2));
        assert_eq!(mul_div_up(7, 3, 2), Some(11));
    }

    #[test]
    fn f64_is_the_nearest() {
        // Below 2^53 both operands are exact, and IEEE division rounds to nearest, ties to even.
        for value in [1_u64, 3, 999, 1 << 52, (1 << 53) - 1, 123_456_789_012_345] {
            assert_eq!(nearest_f64(value.into()).unwrap(), (value as f64 / 1e18).to_bits());
        }
        assert_eq!(nearest_f64(WAD).unwrap(), 1_f64.to_bits());
        assert_eq!(nearest_f64(WAD * 3 / 2).unwrap(), 1.5_f64.to_bits());
        assert_eq!(nearest_f64(MAX_U96).unwrap(), ((1_u128 << 96) as f64 / 1e18).to_bits());
    }

    #[test]
    fn splits_are_reduced() {
        assert_eq!(next_split(1, 1, 4, 2), Some((2, 1)));
        assert_eq!(next_split(2, 1, 1, 2), Some((1, 1)));
        assert_eq!(next_split(u64::MAX, 1, 2, 1), None);
    }

    #[test]
    fn the_midnight_of_a_date() {
        let known =
            [(19_700_101, 0), (20_010_910, 1_000_080_000), (20_000_229, 951_782_400), (20_000_301, 951_868_800)];
        for (ex, second) in known {
            assert_eq!(midnight(ex), Some(second), "{ex}");
        }
        assert_eq!(midnight(99_991_231), Some(253_402_214_400));
        assert_eq!(midnight(21_000_301), Some(4_107_542_400));
        for ex in [
            0,
            10_661_014,
            19_691_231,
            20_010_229,
            21_000_229,
            20_010_431,
            20_011_301,
            20_010_900,
            100_000_101,
            u32::MAX,
        ] {
            assert_eq!(midnight(ex), None, "{ex}");
        }
    }
}
