//! Every number that bounds or scales something, once: its unit, what it means, and who may move it.
//!
//! What also stands in Python (`scrip`) or in Vyper (`contracts`) has the same value there.

// --- scales

/// One, in 18-decimal fixed point: the unit of indices, multipliers, prices and dividends.
pub const WAD: u128 = 1_000_000_000_000_000_000;
/// Basis points in one.
pub const BPS: u128 = 10_000;
/// Decimals of every stock's raw units.
pub const DECIMALS: u8 = 8;
/// Raw units of one token: 10 to the power of `DECIMALS`.
pub const UNIT: u128 = 100_000_000;
/// Seconds of 365 days: the window of the bound on the index's rise.
pub const YEAR: i64 = 365 * 86_400;

// --- what fits

/// The last second that a time may name, and the last expiry: 2^40 - 1, what the other chains store.
pub const MAX_U40: i64 = 1_099_511_627_775;
/// The greatest index and the greatest multiplier, wads: 2^96 - 1, what the other chains store.
pub const MAX_U96: u128 = 79_228_162_514_264_337_593_543_950_335;

// --- notices of corporate actions, which the administrator sets between floor and maximum

/// Least seconds from scheduling a split to its effect.
pub const SPLIT_NOTICE_FLOOR: i64 = 3_600;
/// Least seconds from announcing a dividend to its effect.
pub const DIVIDEND_ANNOUNCE_FLOOR: i64 = 3_600;
/// Least seconds from striking a dividend's price to its effect.
pub const DIVIDEND_STRIKE_FLOOR: i64 = 600;
/// Seconds from a correction of the index to its effect, which nobody can move.
pub const CORRECTION_NOTICE: i64 = 86_400;
/// Most seconds of every notice.
pub const MAX_NOTICE: i64 = 30 * 86_400;
/// Seconds of a split's notice unless the administrator sets another.
pub const DEFAULT_SPLIT_NOTICE: i64 = 86_400;
/// Seconds of a dividend's announcement unless the administrator sets another.
pub const DEFAULT_DIVIDEND_ANNOUNCE: i64 = 86_400;
/// Seconds of a dividend's strike unless the administrator sets another.
pub const DEFAULT_DIVIDEND_STRIKE: i64 = 3_600;
/// Most seconds past its pay date for which a dividend counts as receivable.
pub const MAX_GRACE: i64 = 30 * 86_400;
/// Seconds of that grace unless the administrator sets another.
pub const DEFAULT_GRACE: i64 = 5 * 86_400;
/// Most seconds from the market's ex instant to the effect, which is never before it.
pub const EX_WINDOW: i64 = 30 * 86_400;
/// Most seconds between the ex instant and UTC midnight of the ex date, either way.
pub const EX_INSTANT: i64 = 86_400;
/// Most seconds from a dividend's effect to its pay date.
pub const MAX_PAY_DELAY: i64 = 120 * 86_400;
/// Most actions of a stock that are announced and neither scheduled nor cancelled.
pub const MAX_ANNOUNCED: usize = 16;
/// The highest rate of withholding, basis points of a gross dividend.
pub const MAX_WITHHOLDING_BPS: u16 = 9_999;

// --- steps of the multiplier, which nobody can move

/// The most that one dividend may be, basis points of its price.
pub const MAX_STEP_BPS: u128 = 2_500;
/// The most that the index may rise within `YEAR`, basis points of what it was.
pub const MAX_RATE_BPS: u128 = 5_000;
/// The most shares that one split may make of one, and the most that it may join into one.
pub const MAX_SPLIT: u128 = 100;
/// Most changes that join in one slot.
pub const MAX_PARTS: usize = 4;
/// Most changes of the index that are remembered, those of `YEAR`: a weekly dividend, and some.
pub const MAX_RISES: usize = 64;

// --- the administrator's delay

/// Least seconds from scheduling an operation of the administrator's to its execution.
pub const DELAY_FLOOR: i64 = 3_600;
/// Most seconds of that delay.
pub const MAX_DELAY: i64 = 30 * 86_400;
/// Seconds for which an operation may be carried out, from when it is ready. One that lapses is cancelled, or stays.
pub const OPERATION_LIFE: i64 = 14 * 86_400;
/// Most accounts that an operation names.
pub const MAX_CALL_ACCOUNTS: usize = 16;
/// Most bytes of an operation's data.
pub const MAX_CALL_DATA: usize = 256;

// --- backing

/// Most seconds of an attestation's age that the administrator may accept: 2^32 - 1.
pub const MAX_AGE: i64 = 4_294_967_295;
/// The greatest margin, basis points of the reserve.
pub const MAX_MARGIN_BPS: u16 = 9_999;
/// Most dividends of a stock between their scheduling and the end of their grace; one more is refused.
pub const MAX_RECEIVABLES: usize = 4;
/// The most of a dividend's rise of the index that counts as receivable, a wad: 2^71 - 1, what the other chains store.
pub const MAX_RECEIVABLE_DELTA: u128 = 2_361_183_241_434_822_606_847;

// --- the treasury

/// Seconds in which what was withdrawn of the treasury drains: a day.
pub const WITHDRAWAL_WINDOW: i64 = 86_400;

// --- the sanctions list

/// Most seconds from the issue of a sanctions list to its expiry.
pub const MAX_LIST_LIFE: i64 = 30 * 86_400;
/// The reason code of a block on a sanctions list's word; its document is the list's root.
pub const SANCTIONED_REASON: u16 = 65_535;

// --- names and counts

/// Longest name of a stock, bytes.
pub const MAX_NAME: usize = 64;
/// Longest symbol of a stock, bytes.
pub const MAX_SYMBOL: usize = 16;
/// Longest address of a stock's description, bytes.
pub const MAX_URI: usize = 200;
/// The last series of an ISIN, what the other chains store.
pub const MAX_SERIES: u64 = 16_777_215;
/// All classes of investors, a bit each.
pub const CLASSES: u8 = 15;
/// Bytes in which each country's number has its bit.
pub const COUNTRY_BYTES: usize = 128;
/// Stocks with limits on holders in which one investor has a seat.
pub const MAX_SEATS: usize = 16;
/// Lock-ups of one wallet in one stock.
pub const MAX_TRANCHES: usize = 4;
/// Most holders of a stock, where they are limited.
pub const MAX_HOLDERS: u32 = 4_294_967_294;
/// Most wallets of one investor.
pub const MAX_WALLETS: u8 = 8;
/// Most wallets that one succeeds, in a chain.
pub const MAX_SUCCESSIONS: u8 = 255;
