"""Every bound stands once in scrip.parameters: contracts, program, manifest fields and readers are held to it."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import snekmate

from scrip import parameters as p
from scrip import units
from scrip.action_codes import ACTION_CODES, BOOK_CODES, REPAIR_CODES
from scrip.bounds import CODE, Chosen, Fixed, Parameter, Setting
from scrip.manifest import EvmManifest, SolanaManifest
from scrip.manifest.mistakes import field_paths
from scrip.model.laws.arithmetic import f64_bits

ROOT = Path(__file__).resolve().parents[1]
PROGRAM = "stock-token"

# --- where the contracts and the program hold the same numbers ---------------------------------------------------

VYPER: list[tuple[Parameter, str, int]] = [
    (p.MAX_TIME, "multiplier_math.MAX_U40", p.MAX_TIME.value),
    (p.MAX_TIME, "wallet_word.EXPIRY_MASK", p.MAX_TIME.value),
    (p.MAX_INDEX, "multiplier_math.MAX_U96", p.MAX_INDEX.value),
    (p.MAX_INDEX, "token_multiplier._U96", p.MAX_INDEX.value),
    (p.MAX_RATIO_TERM, "multiplier_math.MAX_U64", p.MAX_RATIO_TERM.value),
    (p.MAX_RATIO_TERM, "token_multiplier._U64", p.MAX_RATIO_TERM.value),
    (p.MAX_AMOUNT, "multiplier_math.MAX_U128", p.MAX_AMOUNT.value),
    (p.MAX_AMOUNT, "account_word.BALANCE_MASK", p.MAX_AMOUNT.value),
    (p.MAX_AMOUNT, "token_config.SUPPLY_MASK", p.MAX_AMOUNT.value),
    *((one, f"action_policy._FLOORS[{place}]", one.floor) for place, one in enumerate(p.NOTICES)),
    *((one, f"action_policy._DEFAULTS[{place}]", one.default) for place, one in enumerate(p.NOTICES)),
    *((one, "action_policy._MAX_NOTICE", one.ceiling) for one in p.NOTICES),
    (p.SPLIT_NOTICE, "action_policy.SPLIT_NOTICE", p.NOTICES.index(p.SPLIT_NOTICE)),
    (p.DIVIDEND_ANNOUNCE_NOTICE, "action_policy.ANNOUNCE_NOTICE", p.NOTICES.index(p.DIVIDEND_ANNOUNCE_NOTICE)),
    (p.DIVIDEND_STRIKE_NOTICE, "action_policy.STRIKE_NOTICE", p.NOTICES.index(p.DIVIDEND_STRIKE_NOTICE)),
    (p.CORRECTION_NOTICE, "action_policy.CORRECTION_NOTICE", p.NOTICES.index(p.CORRECTION_NOTICE)),
    (p.GRACE, "action_policy._DEFAULT_GRACE", p.GRACE.default),
    (p.GRACE, "action_policy._MAX_GRACE", p.GRACE.ceiling),
    (p.GRACE, "action_policy.GRACE", p.ACTION_SETTINGS.index(p.GRACE)),
    (p.WITHHOLDING_BPS, "multiplier_math.BPS", p.WITHHOLDING_BPS.ceiling),
    (p.WITHHOLDING_BPS, "action_policy.WITHHOLDING", p.ACTION_SETTINGS.index(p.WITHHOLDING_BPS)),
    (p.MAX_DIVIDEND_STEP, "multiplier_math.DIVIDEND_PART", p.BPS // p.MAX_DIVIDEND_STEP.value),
    (p.MAX_SPLIT, "multiplier_math.MAX_SPLIT", p.MAX_SPLIT.value),
    (p.OFFER_GRACE, "offer_book.GRACE", p.OFFER_GRACE.value),
    (p.MAX_OFFERED, "offer_book.MAX_UNITS", p.MAX_OFFERED.value),
    (p.MAX_SETTLED, "offer_outcomes.MAX_PAGE", p.MAX_SETTLED.value),
    (p.MAX_INDEX_RISE, "CorporateActions.RATE_NUM", 2 * (p.BPS + p.MAX_INDEX_RISE.value) // p.BPS),
    (p.MAX_INDEX_RISE, "CorporateActions.RATE_DEN", 2),
    (p.RATE_WINDOW, "CorporateActions.YEAR", p.RATE_WINDOW.value),
    (p.MAX_PARTS, "action_slot.MAX_PARTS", p.MAX_PARTS.value),
    (p.RESERVE_MAX_AGE, "reserve_book.MAX_AGE", p.RESERVE_MAX_AGE.ceiling),
    (p.RESERVE_MARGIN, "multiplier_math.BPS", p.RESERVE_MARGIN.ceiling + 1),
    (p.RESERVE_CEILING, "multiplier_math.MAX_U128", p.RESERVE_CEILING.ceiling),
    (p.MAX_ASSETS, "PrimaryMarket.MAX_ASSETS", p.MAX_ASSETS.value),
    (p.MAX_FEE, "market_limits.MAX_FEE", p.MAX_FEE.ceiling),
    (p.MAX_COIN_DECIMALS, "PrimaryMarket.MAX_DECIMALS", p.MAX_COIN_DECIMALS.value),
    (p.MAX_VAULT_COIN_DECIMALS, "VaultFactory.MAX_DECIMALS", p.MAX_VAULT_COIN_DECIMALS.value),
    (p.MAX_ORACLE_DECIMALS, "reserve_book.MAX_DECIMALS", p.MAX_ORACLE_DECIMALS.value),
    (p.PLAUSIBLE, "reserve_basis.PLAUSIBLE", p.PLAUSIBLE.value),
    (p.BLIND_MARGIN, "reserve_book.BLIND_MARGIN", p.BLIND_MARGIN.ceiling),
    (p.BLIND_SPLITS_APART, "reserve_basis.BLIND_SPLITS_APART", p.BLIND_SPLITS_APART.value),
    (p.MAX_RECEIVABLES, "reserve_receivables.MAX_RECEIVABLES", p.MAX_RECEIVABLES.value),
    (p.MAX_RECEIVABLE_DELTA, "reserve_receivables.MAX_DELTA", p.MAX_RECEIVABLE_DELTA.value),
    (p.EX_WINDOW, "action_terms.EX_WINDOW", p.EX_WINDOW.value),
    (p.EX_INSTANT, "action_terms.EX_INSTANT", p.EX_INSTANT.value),
    (p.MAX_PAY_DELAY, "action_terms.MAX_PAY_DELAY", p.MAX_PAY_DELAY.value),
    (p.MAX_ANNOUNCED, "multiplier_math.MAX_ANNOUNCED", p.MAX_ANNOUNCED.value),
    (p.SESSION_WORDS, "calendar_sessions.MAX_WORDS", p.SESSION_WORDS.value),
    (p.SESSION_DAYS, "calendar_sessions.LOOK_BACK", p.SESSION_DAYS.value),
    (p.SESSIONS_SEARCHED, "calendar_sessions.COUNTED_DAYS", p.SESSIONS_SEARCHED.value),
    (p.PRICE_MAX_AGE, "price_book.MAX_AGE", p.PRICE_MAX_AGE.ceiling),
    (p.PRICE_BAND, "price_book.MAX_BAND", p.PRICE_BAND.ceiling),
    (p.TRADE_BAND, "market_price.MAX_BAND", p.TRADE_BAND.ceiling),
    (p.PEG_BAND, "market_peg.MAX_BAND", p.PEG_BAND.ceiling),
    (p.PEG_MAX_AGE, "market_peg.MAX_AGE", p.PEG_MAX_AGE.ceiling),
    (p.PEG_GAS, "market_peg._GAS", p.PEG_GAS.value),
    (p.PEG_LEAST_GAS, "market_peg._LEAST_GAS", p.PEG_LEAST_GAS.value),
    (p.MAX_COIN_DECIMALS, "market_peg.MAX_DECIMALS", p.MAX_COIN_DECIMALS.value),
    (p.MAX_AMOUNT, "market_peg._MOST_ANSWER", p.MAX_AMOUNT.value),
    (p.MAX_AMOUNT, "market_price._MOST_AMOUNT", p.MAX_AMOUNT.value),
    (p.PRICE_DEVIATION, "price_book.MAX_DEVIATION", p.PRICE_DEVIATION.ceiling),
    (p.PRICE_LEAD, "price_reading.LEAD", p.PRICE_LEAD.value),
    (p.PRICE_ESCAPE, "SharePriceFeed.ESCAPE", p.PRICE_ESCAPE.value),
    (p.MAX_PRICE, "price_book.MAX_PRICE", p.MAX_PRICE.value),
    (p.MAX_PRICE_DECIMALS, "price_book.MAX_DECIMALS", p.MAX_PRICE_DECIMALS.value),
    (p.MAX_PRICE_DECIMALS, "DataStream.MAX_DECIMALS", p.MAX_PRICE_DECIMALS.value),
    (p.MAX_PRICE_DECIMALS, "PriceAdapter.MAX_LOAN_DECIMALS", p.MAX_PRICE_DECIMALS.value),
    (p.PRICE_GAS, "price_reading._GAS", p.PRICE_GAS.value),
    (p.SEQUENCER_GRACE, "price_reading.MAX_GRACE", p.SEQUENCER_GRACE.ceiling),
    (p.SERIES, "token_admin.MAX_SERIES", p.SERIES.ceiling),
    (p.MAX_STOCKS, "enrolments.MAX_STOCKS", p.MAX_STOCKS.value),
    (p.MAX_WALLETS, "wallet_word.MAX_WALLETS", p.MAX_WALLETS.value),
    (p.OPERATION_LIFE, "Timelock.OPERATION_LIFE", p.OPERATION_LIFE.value),
    (p.MAX_COUNTRY, "wallet_word.MAX_COUNTRY", p.MAX_COUNTRY.value),
    (p.PUSH_PAGE, "enrolments.PAGE", p.PUSH_PAGE.value),
    (p.MAX_SUCCESSIONS, "recovery.MAX_CHAIN", p.MAX_SUCCESSIONS.value),
    (p.MAX_RECOVERED, "recovery.MAX_STOCKS", p.MAX_RECOVERED.value),
    (p.MAX_SCREENED, "sanctions_screening.MAX_SCREENED", p.MAX_SCREENED.value),
    (p.SANCTIONS_GAS, "sanctions.ORACLE_GAS", p.SANCTIONS_GAS.value),
    (p.RESERVE_GAS, "reserve_reading._GAS", p.RESERVE_GAS.value),
    (p.MAX_SIGNATURE, "signatures.MAX_LENGTH", p.MAX_SIGNATURE.value),
    (p.HOLDERS, "holder_limits_totals.U32", p.HOLDERS.ceiling + 1),
    (p.MAX_HOLDING, "holder_limits_totals.U128", p.MAX_HOLDING.ceiling + 1),
    (p.MIN_HOLDING, "holder_limits_totals.U128", p.MIN_HOLDING.ceiling + 1),
    (p.MAX_COUNTED_STOCKS, "holder_limits_totals.MAX_CAPPED", p.MAX_COUNTED_STOCKS.value),
    (p.MAX_TRANCHES, "lockups.MAX_TRANCHES", p.MAX_TRANCHES.value),
    (p.REQUEST_PATIENCE, "vault_terms.MIN_PATIENCE", p.REQUEST_PATIENCE.floor),
    (p.REQUEST_PATIENCE, "vault_terms.MAX_PATIENCE", p.REQUEST_PATIENCE.ceiling),
    (p.STRIKE_BAND, "vault_terms.MAX_BAND", p.STRIKE_BAND.ceiling),
    (p.REFERENCE_SPAN, "strike_book.REFERENCE_SPAN", p.REFERENCE_SPAN.value),
    (p.MAX_STRIKE, "strike_book.MAX_STRIKE", p.MAX_STRIKE.value),
    (p.MAX_FILLED, "RequestVault.MAX_BATCH", p.MAX_FILLED.value),
    (p.MAX_END_BATCH, "WindUp.MAX_BATCH", p.MAX_END_BATCH.value),
    (p.MAX_END_BATCH, "RegionExit.MAX_BATCH", p.MAX_END_BATCH.value),
    (p.REGION_NOTICE, "RegionExit.MIN_NOTICE", p.REGION_NOTICE.value),
    (p.REGION_WAIT, "RegionExit.MIN_WAIT", p.REGION_WAIT.value),
    (p.END_DUST, "WindUp.DUST", p.END_DUST.value),
    (p.MAX_FILLED, "SubscriptionVault.MAX_BATCH", p.MAX_FILLED.value),
    (p.BATCHED_GAS, "payments.ALONE_GAS", p.BATCHED_GAS.value),
    (p.BATCHED_LEAST_GAS, "payments.LEAST_GAS", p.BATCHED_LEAST_GAS.value),
    (p.PUSHED_GAS, "payouts.ALONE_GAS", p.PUSHED_GAS.value),
    (p.PUSHED_LEAST_GAS, "payouts.LEAST_GAS", p.PUSHED_LEAST_GAS.value),
    (p.UNITS_GAS, "payouts.UNITS_GAS", p.UNITS_GAS.value),
    (p.UNITS_LEAST_GAS, "payouts.LEAST_UNITS_GAS", p.UNITS_LEAST_GAS.value),
    (p.ESCHEAT, "ActionBook.DEFAULT_ESCHEAT", p.ESCHEAT.default),
    (p.ESCHEAT, "ActionBook.MIN_ESCHEAT", p.ESCHEAT.floor),
    (p.ESCHEAT, "ActionBook.MAX_ESCHEAT", p.ESCHEAT.ceiling),
    (p.MAX_AMENDED, "book_records.MAX_AMENDED", p.MAX_AMENDED.value),
    (p.DIVIDEND_ANNOUNCE_NOTICE, "ActionBook.ANNOUNCE_NOTICE", p.NOTICES.index(p.DIVIDEND_ANNOUNCE_NOTICE)),
    (p.MAX_TREE_DEPTH, "merkle_sum.MAX_DEPTH", p.MAX_TREE_DEPTH.value),
    (p.MAX_TREE_DEPTH, "merkle_sum.MAX_BLOCKS_DEPTH", p.MAX_TREE_DEPTH.value - p.PUSHED_DEPTH.value),
    (p.PUSHED_DEPTH, "merkle_sum.PUSHED_DEPTH", p.PUSHED_DEPTH.value),
    (p.PUSHED_DEPTH, "merkle_sum.PUSHED", 1 << p.PUSHED_DEPTH.value),
    (p.MAX_RESOLUTIONS, "vote_book.MAX_RESOLUTIONS", p.MAX_RESOLUTIONS.value),
]
"""Each parameter with a constant that holds it, `module.NAME`, and what the constant must be."""

LENGTHS: list[tuple[Parameter, str, str, str, int]] = [
    (p.BATCH, "contracts", "investors", r"entries: DynArray\[\w+\.Entry, (\d+)\]", p.BATCH.ceiling),
    (p.MAX_SEEDED, "contracts", "holder_limits", r"accounts: DynArray\[address, (\d+)\]", p.MAX_SEEDED.value),
    (p.MAX_WALLETS, "contracts", "investor_records", r"DynArray\[address, (\d+)\]", p.MAX_WALLETS.value),
    (p.MAX_NAME, "contracts", "StockFactory", r"name: String\[(\d+)\]", p.MAX_NAME.value),
    (p.MAX_SYMBOL, "contracts", "StockFactory", r"symbol: String\[(\d+)\]", p.MAX_SYMBOL.value),
    (p.ISIN_LENGTH, "contracts", "StockFactory", r"isin: String\[(\d+)\]", p.ISIN_LENGTH.value),
    (p.ISIN_LENGTH, "programs", "create_stock", r"isin: \[u8; (\d+)\]", p.ISIN_LENGTH.value),
    (p.RESERVE_CEILING, "programs", "set_ceiling", r"(?:own|others): u(\d+)", p.RESERVE_CEILING.ceiling.bit_length()),
]
"""Each parameter that is the length of a type, or its width in bits: folder, module, pattern, what every match is."""

RUST: list[tuple[Parameter, str, int]] = [
    (p.MAX_TIME, "parameters.MAX_U40", p.MAX_TIME.value),
    (p.MAX_INDEX, "parameters.MAX_U96", p.MAX_INDEX.value),
    (p.MAX_INDEX, "multiplier.MAX_BITS", f64_bits(p.MAX_INDEX.value)),
    (p.SPLIT_NOTICE, "parameters.SPLIT_NOTICE_FLOOR", p.SPLIT_NOTICE.floor),
    (p.SPLIT_NOTICE, "parameters.DEFAULT_SPLIT_NOTICE", p.SPLIT_NOTICE.default),
    (p.SPLIT_NOTICE, "parameters.MAX_NOTICE", p.SPLIT_NOTICE.ceiling),
    (p.DIVIDEND_ANNOUNCE_NOTICE, "parameters.DIVIDEND_ANNOUNCE_FLOOR", p.DIVIDEND_ANNOUNCE_NOTICE.floor),
    (p.DIVIDEND_ANNOUNCE_NOTICE, "parameters.DEFAULT_DIVIDEND_ANNOUNCE", p.DIVIDEND_ANNOUNCE_NOTICE.default),
    (p.DIVIDEND_ANNOUNCE_NOTICE, "parameters.MAX_NOTICE", p.DIVIDEND_ANNOUNCE_NOTICE.ceiling),
    (p.DIVIDEND_STRIKE_NOTICE, "parameters.DIVIDEND_STRIKE_FLOOR", p.DIVIDEND_STRIKE_NOTICE.floor),
    (p.DIVIDEND_STRIKE_NOTICE, "parameters.DEFAULT_DIVIDEND_STRIKE", p.DIVIDEND_STRIKE_NOTICE.default),
    (p.DIVIDEND_STRIKE_NOTICE, "parameters.MAX_NOTICE", p.DIVIDEND_STRIKE_NOTICE.ceiling),
    (p.CORRECTION_NOTICE, "parameters.CORRECTION_NOTICE", p.CORRECTION_NOTICE.default),
    (p.SOLANA_DELAY_FLOOR, "parameters.DELAY_FLOOR", p.SOLANA_DELAY_FLOOR.value),
    (p.TIMELOCK_DELAY, "parameters.MAX_DELAY", p.TIMELOCK_DELAY.ceiling),
    (p.MAX_CALL_ACCOUNTS, "parameters.MAX_CALL_ACCOUNTS", p.MAX_CALL_ACCOUNTS.value),
    (p.MAX_CALL_DATA, "parameters.MAX_CALL_DATA", p.MAX_CALL_DATA.value),
    (p.OPERATION_LIFE, "parameters.OPERATION_LIFE", p.OPERATION_LIFE.value),
    (p.WITHDRAWAL_WINDOW, "parameters.WITHDRAWAL_WINDOW", p.WITHDRAWAL_WINDOW.value),
    (p.MAX_LIST_LIFE, "parameters.MAX_LIST_LIFE", p.MAX_LIST_LIFE.value),
    (p.GRACE, "parameters.DEFAULT_GRACE", p.GRACE.default),
    (p.GRACE, "parameters.MAX_GRACE", p.GRACE.ceiling),
    (p.SOLANA_MAX_WITHHOLDING, "parameters.MAX_WITHHOLDING_BPS", p.SOLANA_MAX_WITHHOLDING.value),
    (p.MAX_DIVIDEND_STEP, "parameters.MAX_STEP_BPS", p.MAX_DIVIDEND_STEP.value),
    (p.MAX_SPLIT, "parameters.MAX_SPLIT", p.MAX_SPLIT.value),
    (p.MAX_INDEX_RISE, "parameters.MAX_RATE_BPS", p.MAX_INDEX_RISE.value),
    (p.RATE_WINDOW, "parameters.YEAR", p.RATE_WINDOW.value),
    (p.MAX_PARTS, "parameters.MAX_PARTS", p.MAX_PARTS.value),
    (p.MAX_RISES, "parameters.MAX_RISES", p.MAX_RISES.value),
    (p.RESERVE_MAX_AGE, "parameters.MAX_AGE", p.RESERVE_MAX_AGE.ceiling),
    (p.RESERVE_MARGIN, "parameters.MAX_MARGIN_BPS", p.RESERVE_MARGIN.ceiling),
    (p.MAX_RECEIVABLES, "parameters.MAX_RECEIVABLES", p.MAX_RECEIVABLES.value),
    (p.MAX_RECEIVABLE_DELTA, "parameters.MAX_RECEIVABLE_DELTA", p.MAX_RECEIVABLE_DELTA.value),
    (p.EX_WINDOW, "parameters.EX_WINDOW", p.EX_WINDOW.value),
    (p.EX_INSTANT, "parameters.EX_INSTANT", p.EX_INSTANT.value),
    (p.MAX_PAY_DELAY, "parameters.MAX_PAY_DELAY", p.MAX_PAY_DELAY.value),
    (p.MAX_ANNOUNCED, "parameters.MAX_ANNOUNCED", p.MAX_ANNOUNCED.value),
    (p.MAX_NAME, "parameters.MAX_NAME", p.MAX_NAME.value),
    (p.MAX_SYMBOL, "parameters.MAX_SYMBOL", p.MAX_SYMBOL.value),
    (p.MAX_URI, "parameters.MAX_URI", p.MAX_URI.value),
    (p.SERIES, "parameters.MAX_SERIES", p.SERIES.ceiling),
    (p.MAX_WALLETS, "parameters.MAX_WALLETS", p.MAX_WALLETS.value),
    (p.MAX_SUCCESSIONS, "parameters.MAX_SUCCESSIONS", p.MAX_SUCCESSIONS.value),
    (p.HOLDERS, "parameters.MAX_HOLDERS", p.HOLDERS.ceiling),
    (p.MAX_SEATS, "parameters.MAX_SEATS", p.MAX_SEATS.value),
    (p.MAX_TRANCHES, "parameters.MAX_TRANCHES", p.MAX_TRANCHES.value),
]
"""The same for the program."""

SCALES = {
    "multiplier_math.WAD": units.WAD,
    "DataStream._WAD": units.WAD,
    "token_multiplier.WAD": units.WAD,
    "offer_book.WAD": units.WAD,
    "market_price._WAD": units.WAD,
    "WindUp.WAD": units.WAD,
    "RegionExit.WAD": units.WAD,
    "market_price._CENT_WAD": units.WAD // 100,
    "market_price._BPS": p.BPS,
    "market_peg._BPS": p.BPS,
    "PrimaryMarket._BPS": p.BPS,
    "multiplier_math.BPS": p.BPS,
    "strike_book.BPS": p.BPS,
    "strike_book.UNIT": 10**units.EVM_DECIMALS,
    "parameters.WAD": units.WAD,
    "parameters.BPS": p.BPS,
    "parameters.DECIMALS": units.SOLANA_DECIMALS,
    "parameters.UNIT": 10**units.SOLANA_DECIMALS,
}
"""What is no bound and yet the same everywhere: units of measure."""

NO_BOUND = {
    "what a scope of limits is called by": "market_limits: ISSUER STOCK INVESTOR",
    "what a way to pay is called by": "market_payment: ALLOWANCE PERMIT AUTHORIZATION",
    "the most that a band multiplies without running over": "market_price: _MOST_SETTLEMENT",
    "the most decimals of a coin that an offer multiplies without running over": "OfferTerms: _MAX_DECIMALS",
    "how many decimals a cent is, which limits count in": "PrimaryMarket: CENT",
    "a code of an action, which ACTION_CODES, REPAIR_CODES and BOOK_CODES hold": """
        action_records: SPLF SPLR DRIP CORR FOLD DVSE _KINDS
        book_terms: DVCA DVOP CAPD CHAN SOFF MRGR TEND RHTS DLST LIQU MEET KINDS ROOTED""",
    "how many accounts a group of an instruction's has": "recovery: GROUP",
    "a set's bits": "parameters: CLASSES COUNTRY_BYTES",
    "the reason of a block on the sanctions oracle's word, in the program": "parameters: SANCTIONED_REASON",
    "a place or a width in a stored word": """
        account_word: CLEARED_SHIFT CLEARED_MASK EPOCH_SHIFT EPOCH_UNIT EPOCH_MASK
        action_policy: _FIELD
        book_records: _MORE _MONEY _RATE _SOURCE _RATIO _OTHER _DOCUMENT _CHANGE
            _U160 _U32 _U8 _AMENDED_SHIFT _STATUS_SHIFT _KIND_SHIFT _CURRENCY_SHIFT
        action_slot: _APART
        action_records: _U160 _U32 _U24 _U8 _LEAD_SHIFT _WAIT_SHIFT _STATUS_MASK
        WindUp: _U128
        RegionExit: _U128 _COUNTRIES
        distribution_book: DEPTH_SHIFT PAY_SHIFT EXPIRY_SHIFT STATUS_SHIFT _STATUS_MASK IN_UNITS U8 U40 U128 U160
        merkle_sum: SUM_BITS TOP
        election_book: UNITS_BITS U40 U112 _U224 _ONE_CHANGE CHANGES_SHIFT DEADLINE_SHIFT DEPTH_SHIFT DEFAULT_SHIFT
            STATUS_SHIFT STATUS_MASK DEADLINE_MASK _U6
        record_roots: U200
        offer_book: U40 U96 U128 U160 SHUT SETTLED KIND_SHIFT HASH_MASK
        vote_book: _CANCELLED _ONCE _TIMES _TIMES_SHIFT ROOM _U6 _U7 U40 U96 U128 U160
            DEADLINE_SHIFT DEPTH_SHIFT RESOLUTIONS_SHIFT STATUS_SHIFT STATUS_MASK
        undecided_actions: _RECORD_SHIFT _WORDS _ENTRY _FIRST _COUNT_SHIFT
        holder_limits_totals: MOST_SHIFT HOLDERS_SHIFT ROUND_SHIFT
        index_history: _INDEX_SHIFT
        DataStream: _AS_OF_SHIFT _ROUND_SHIFT _U128 _U40
        calendar_sessions: _STEP _STEPS _DAY _DAYS _WIDTH _HALF _FIELD _BITS _LOADED _TOP _NUMBER _MODE
        enrolments: _DIRECTORY_WORDS
        lockups: AMOUNT_MASK UNTIL_MASK UNTIL_SHIFT
        price_book: _U160 _U40 _U24 _U16 _U8 _DECIMALS_SHIFT _AGE_SHIFT _BAND_SHIFT _DEVIATION_SHIFT _CALENDAR_SHIFT
            _AS_OF_SHIFT _UNTIL_SHIFT _KEPT_AGE_SHIFT _KEPT_CALENDAR_SHIFT _SEEN_SHIFT _SINCE_SHIFT
        price_reading: _GRACE_SHIFT
        request_book: U128 _U40 HIGH _IN_KIND
        recovery: _ADDRESS_MASK _REASON_SHIFT _DEPTH_SHIFT _DEPTH_MASK _OWNER_SHIFT
        reserve_book: _U160 _U32 _U14 _U6 _AGE_SHIFT _MARGIN_SHIFT _DECIMALS_SHIFT SETTINGS_MASK _COUNTER_SHIFT
            _STEP_AT_SHIFT _AS_OF_SHIFT _SAID_COUNTER_SHIFT _NONCE_SHIFT
            _SPLIT_AT_SHIFT
        reserve_receivables: _U3 _U24 _COUNT_SHIFT _LAST_SHIFT _LAST_STEP _COUNT_AND_LAST _DELTA_SHIFT _BUY_SHIFT
            _UNTIL_SHIFT _DELTA_MASK _EX_SHIFT _EX_DAYS _EX_MASK _DAY _DAY_ONE
        sanctions: _ADDRESS_MASK
        strike_book: _U128 _U40 _AT _EXPIRY _GENERATION
        stock_word: NUMBER_MASK NUMBER_FLAGS STOCK_FLAGS ADDRESS_MASK CLASSES_MASK
        token_multiplier: _U32 _U40 _U24 _PAIR_MASK _PAIR_AT_SHIFT
            _PENDING_SHIFT _AT_SHIFT _GENERATION_SHIFT _NUM_SHIFT _DEN_SHIFT
        wallet_word: DIRECT_STOCKS DIRECTORY_MASK COUNTRY_SHIFT WALLET_COUNTRY_MASK WALLET_CLASS_SHIFT WALLET_CLASS_MASK
            INVESTOR_SHIFT ADDRESS_MASK EXPIRY_SHIFT CLASS_SHIFT CLASS_MASK INVESTOR_COUNTRY_SHIFT COUNTRY_MASK
            COUNT_SHIFT COUNT_UNIT COUNT_MASK
        market_quotes: DESK_BITS _DESK_MASK
        PrimaryMarket: _TREASURY_MASK _UNIT_SHIFT _UNIT_MASK _PEG_SHIFT
        market_peg: _ADDRESS_MASK _BAND_SHIFT _AGE_SHIFT _U16 ALWAYS
        market_limits: _U48 _U40 _U24 _CAPS_MASK _NET_SHIFT _GROSS_SHIFT _TIME_SHIFT _CAP_NET_SHIFT _CAP_GROSS_SHIFT
            _BIAS MAX_CAP PAUSED _FEE_SHIFT _SECOND_SHIFT _U14
        market_price: _BAND_SHIFT _ADDRESS_MASK
        StockProxy: _BEACON_SLOT""",
    "a flag, or several": """
        book_records: _AT_PAR
        book_terms: _EX _RECORD _DEADLINE _PAY _EXPIRY _GROSS _FEE _CURRENCY _COIN _RATE _RATIO _OTHER _PRICE _MOST
            _DOCUMENT _CASH
        distribution_book: REMITTED STOPPED
        account_word: FROZEN BLOCKED ENROLLED PARTIAL LOCKED VENUE HELD_MASK REGISTRY_BITS STANDING_MASK STOPPED_MASK
        holder_limits_totals: SEEDING _INVESTOR
        price_book: RAW SECOND_RAW WINDOW SUSPENDED ENDS_IN_WINDOW
        reserve_book: _FOLD_FLAG _DOUBT_FLAG _SHORT_FLAG STEP_OPEN CEILINGS_AHEAD
        sanctions: _SUSPENDED
        stock_word: EVERY_CLASS CLASSES COUNTRIES RULED CAPPED
        token_config: END_MASK END_SHIFT PAUSED BLOCKLIST INITIALISED CAPPED SUSPENDED
        undecided_actions: _DIVIDEND
        wallet_word: KNOWN INVESTOR_BLOCKED""",
    "a number that stands for a state, a mode, a side, a class or a reason": """
        PrimaryMarket: MINT REDEEM
        book_records: ANNOUNCED EFFECTIVE CANCELLED COMPLETED
        distribution_book: POSTED FUNDED ENDED VOIDED
        offer_book: TEND RHTS MRGR OPEN FUNDED CANCELLED SWEPT LAPSED
        OfferEscrow: _WITHDRAWN
        OfferTerms: _ANNOUNCED _EFFECTIVE
        election_book: OPENED VOIDED CASH SECU
        Elections: _ANNOUNCED _CANCELLED _OPEN _VOID _OVER
        vote_book: OPENED VOIDED IN_FAVOUR ABSTENTION IN_PARTS _ACTIVE _CANCELED _QUEUED _EXECUTED
        Ballot: _ANNOUNCED _RUNNING _ABSTAIN _FRACTIONAL
        WindUp: _ANNOUNCED _EFFECTIVE _CANCELLED
        RegionExit: _OPENED _PRICED _CLOSED _VENUE
        ending_book: OPENED ARMED CLOSED
        SharePriceFeed: _NOTICES
        calendar_sessions: ALWAYS
        price_reading: GOOD NOT_CONFIGURED FAILED DECIMALS_CHANGED BAD FUTURE SECOND_FAILED DIFFERS IN_WINDOW JUMPED
            SEQUENCER NO_SESSIONS STALE
        action_records: UNKNOWN ANNOUNCED SCHEDULED CANCELLED EFFECTIVE
        holder_limits_totals: FREE NOT_SEEDED TOO_MANY TOO_MUCH TOO_LITTLE
        lockups: _NONE
        sanctions: CLEAN SANCTIONED NO_ANSWER
        sanctions_screening: SANCTIONED_REASON
        token_config: NORMAL STRICT HALTED ALLOWLIST_POLICY BLOCKLIST_POLICY
        token_restrictions: UNRESTRICTED FLEET_HALTED STOCK_PAUSED ZERO_SENDER ZERO_RECEIVER SENDER_FROZEN
            SENDER_BLOCKED SENDER_NOT_CLEARED RECEIVER_FROZEN RECEIVER_BLOCKED RECEIVER_NOT_CLEARED BALANCE_TOO_SMALL
            UNITS_FROZEN UNITS_LOCKED HOLDERS_NOT_COUNTED TOO_MANY_HOLDERS ABOVE_MAXIMUM BELOW_MINIMUM
        wallet_word: VENUE_CLASS
        token: SCALED_UI_AMOUNT INITIALISE UPDATE""",
    "as far as a stored second reaches: a receivable that ends later ends then, in the year 2242": """
        reserve_receivables: MAX_UNTIL""",
    "of another's standard: half of secp256k1's order, offsets in a signature's instruction and in a mint": """
        signatures: _MAX_S
        signature: KEY SIGNATURE MESSAGE END HERE
        token: VAULT_SPACE FIRST_EXTENSION TOKEN_ACCOUNT ACCOUNT MULTISIG KIND_OF_ACCOUNT""",
    "of another's standard: eight decimals, of eighteen": "PriceAdapter: _ANSWER_UNIT",
    "of another's standard: blocks whose hash a chain remembers": """
        DividendDistributor: _REMEMBERED
        record_roots: REMEMBERED""",
    "how many bytes a vote's amounts, its proof and its texts have": """
        Ballot: _AMOUNTS _MAX_PROOF _MAX_PARAMS _MAX_TEXT
        Elections: _MAX_TEXT""",
    "of another's standard: data streams' schemas, their words, nanoseconds": """
        DataStream: _NANO _V8 _V10 _V11 _VERSION_SHIFT _V8_WORDS _V10_WORDS _V11_WORDS""",
    "how accounts are laid out, and how much is kept for an event": "mod: VERSION events: LONGEST",
    "made of others in the same program": "math: STEP_PART RATE_PART LOW",
}
"""Integer constants that bound nothing, by the reason, `module: NAMES`."""


# --- reading constants -----------------------------------------------------------------------------------------------

OPERATIONS: Mapping[type, Any] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.floordiv,
    ast.FloorDiv: operator.floordiv,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.BitOr: operator.or_,
}
CONSTANT_OF = {
    "contracts": re.compile(
        r"^(?P<name>\w+): (?:public\()?constant\(u?int\d+(?:\[\d+\])?\)\)? = (?P<value>[^#\n]+)", re.M
    ),
    "programs": re.compile(r"^(?:pub )?const (?P<name>\w+): (?:[ui](?:8|16|32|64|128|size)) = (?P<value>[^;]+);", re.M),
}
ENDING = {"contracts": ".vy", "programs": ".rs"}


def sources(folder: str) -> Iterator[Path]:
    """The contracts' or the program's files, without mocks and the fuzzer, whose numbers bound nothing."""
    for path in sorted((ROOT / folder).rglob(f"*{ENDING[folder]}")):
        if not {"mocks", "tests", "target", "fuzz"} & set(path.relative_to(ROOT).parts):
            yield path


def source(folder: str, module: str) -> str:
    """The text of a module, wherever its file stands."""
    (path,) = (path for path in sources(folder) if path.stem == module)
    return path.read_text()


def evaluate(text: str, known: Mapping[str, Any]) -> Any:
    """The value of a constant's expression: integers, products, powers, masks, lists of these, earlier constants."""
    text = re.sub(r"\bu(\d+)::MAX\b", lambda found: str(2 ** int(found[1]) - 1), text)
    text = re.sub(r"\bas \w+", "", text)

    def value(node: ast.expr) -> Any:
        match node:
            case ast.Constant(value=int(number)):
                return number
            case ast.Name(id=name):
                return known[name]
            case ast.BinOp(left=left, op=op, right=right):
                return OPERATIONS[type(op)](value(left), value(right))
            case ast.List(elts=parts):
                return [value(part) for part in parts]
        raise ValueError(f"not an expression of integers: {text}")

    return value(ast.parse(text.strip(), mode="eval").body)


@cache
def constants(folder: str) -> dict[str, Any]:
    """Every integer constant, by `module.NAME`."""
    found: dict[str, Any] = {}
    shared: dict[str, Any] = {}
    for path in sorted(sources(folder), key=lambda path: path.stem != "parameters"):
        own: dict[str, Any] = {}
        for match in CONSTANT_OF[folder].finditer(path.read_text()):
            own[match["name"]] = evaluate(match["value"], shared | own)
            assert f"{path.stem}.{match['name']}" not in found, "two modules of one name"
            found[f"{path.stem}.{match['name']}"] = own[match["name"]]
        if path.stem == "parameters":
            shared = own
    return found


def listed() -> Iterator[str]:
    """The constants of NO_BOUND."""
    for text in NO_BOUND.values():
        module = ""
        for word in text.split():
            if word.endswith(":"):
                module = word[:-1]
            else:
                yield f"{module}.{word}"


def at(found: Mapping[str, Any], constant: str) -> Any:
    """A constant's value; that of its element, for NAME[2]."""
    name, _, place = constant.partition("[")
    return found[name][int(place[:-1])] if place else found[name]


# --- the tests -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("folder", "table"), [("contracts", VYPER), ("programs", RUST)], ids=("contracts", "program"))
def test_a_constant_of_a_chain_is_the_parameter(folder: str, table: list[tuple[Parameter, str, int]]) -> None:
    found = constants(folder)
    wrong = [(constant, value) for _, constant, value in table if at(found, constant) != value]
    assert not wrong, [f"{constant}: {at(found, constant)}, not {value}" for constant, value in wrong]


@pytest.mark.parametrize(
    ("parameter", "folder", "module", "pattern", "value"), LENGTHS, ids=lambda one: getattr(one, "name", "")
)
def test_a_length_of_a_type_is_the_parameter(parameter, folder, module, pattern, value) -> None:
    found = {int(length) for length in re.findall(pattern, source(folder, module))}
    assert found == {value}, parameter.name


def test_scales_are_the_same_everywhere() -> None:
    found = constants("contracts") | constants("programs")
    assert {name: found[name] for name in SCALES} == SCALES


@pytest.mark.parametrize("folder", ["contracts", "programs"])
def test_every_constant_of_a_chain_is_a_parameter_or_said_to_be_none(folder: str) -> None:
    mapped = {constant.partition("[")[0] for _, constant, _ in (*VYPER, *RUST)} | set(SCALES)
    assert not mapped & set(listed()), "a bound is listed as none"
    new = set(constants(folder)) - mapped - set(listed())
    assert not new, "map them to scrip.parameters, or list them in NO_BOUND with the reason"


def test_what_is_said_to_be_no_bound_is_there() -> None:
    assert set(listed()) <= set(constants("contracts")) | set(constants("programs"))


def test_a_list_of_constants_is_held_to_its_last_element() -> None:
    found = constants("contracts")
    for name in ("action_policy._FLOORS", "action_policy._DEFAULTS"):
        assert len(found[name]) == sum(constant.startswith(f"{name}[") for _, constant, _ in VYPER)


def test_a_parameter_says_which_chains_read_it() -> None:
    """A contract among its readers has a constant or a length here, and so has the program."""
    contracts = {path.stem for path in sources("contracts") if path.stem[0].isupper()}
    vyper = {one.name for one, *_ in VYPER} | {one.name for one, folder, *_ in LENGTHS if folder == "contracts"}
    vyper.add(p.TIMELOCK_PAYLOAD.name)
    rust = {one.name for one, *_ in RUST} | {one.name for one, folder, *_ in LENGTHS if folder == "programs"}
    for name, one in p.PARAMETERS.items():
        readers = set(one.read_in)
        assert bool(readers & contracts) == (name in vyper), name
        assert (PROGRAM in readers) == (name in rust), name
        assert all(reader in contracts | {PROGRAM} or reader.startswith("scrip") for reader in readers), name


def test_the_timelocks_own_bounds_are_snekmates() -> None:
    """The contract is snekmate's: what it takes stands in the package."""
    text = (Path(snekmate.__path__[0]) / "governance" / "timelock_controller.vy").read_text()
    assert {int(size.replace("_", "")) for size in re.findall(r"payloads: DynArray\[Bytes\[([\d_]+)\]", text)} == {
        p.TIMELOCK_PAYLOAD.value
    }
    assert "_DYNARRAY_BOUND: constant(uint8) = max_value(uint8)" in text
    assert p.TIMELOCK_CALLS.value <= 255


def test_codes_of_actions_are_the_contracts_and_the_programs() -> None:
    found = constants("contracts")
    numbers = {code: one.number for code, one in ACTION_CODES.items()} | dict(REPAIR_CODES)
    assert numbers == {code: found[f"action_records.{code}"] for code in numbers}
    booked = {code: one.number for code, one in BOOK_CODES.items()}
    assert booked == {code: found[f"book_terms.{code}"] for code in booked}
    assert found["book_terms.KINDS"] == len(booked)
    assert found["book_terms.ROOTED"] == sum(1 << one.number for one in BOOK_CODES.values() if one.legs)
    text = source("programs", "action")
    assert re.findall(r'pub const (\w+): \[u8; 4\] = \*b"(\w+)";', text) == [
        (code, code) for code in (*(code for code, one in ACTION_CODES.items() if one.on_solana), *REPAIR_CODES)
    ]


def test_names_are_those_of_the_constants_and_stand_once() -> None:
    here = {name.lower(): one for name, one in vars(p).items() if isinstance(one, Parameter)}
    assert dict(p.PARAMETERS) == here
    assert all(one.name == name for name, one in here.items())


@pytest.mark.parametrize("one", p.PARAMETERS.values(), ids=lambda one: one.name)
def test_a_parameter_is_possible_and_explained(one: Parameter) -> None:
    assert one.what[:1].islower()
    assert not one.what.endswith(".")
    assert one.read_in
    if isinstance(one, Chosen):
        assert one.floor <= one.ceiling
        assert one.set_in != CODE
        assert one.floor in one
        assert one.ceiling + 1 not in one
    if isinstance(one, Setting):
        assert one.default in one
    assert isinstance(one, Fixed) != isinstance(one, Chosen)


def test_what_a_manifest_sets_is_a_field_of_it() -> None:
    known = {*field_paths(EvmManifest), *field_paths(SolanaManifest)}
    for one in p.PARAMETERS.values():
        if one.set_in != CODE and "--" not in one.set_in:
            assert one.set_in in known, one.name


@cache
def readers() -> dict[str, set[str]]:
    """The packages that name each parameter in their code, by the parameter's name."""
    groups = {one.name: [one.name] for one in p.PARAMETERS.values()}
    groups |= {"notices": [one.name for one in p.NOTICES], "action_settings": [one.name for one in p.ACTION_SETTINGS]}
    found: dict[str, set[str]] = {name: set() for name in p.PARAMETERS}
    for path in (*(ROOT / "scrip").rglob("*.py"), *(ROOT / "scripts").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        package = ".".join(parts[:2]) if parts[0] == "scrip" else parts[0]
        if package == "scrip.parameters":
            continue
        for name in _named(ast.parse(path.read_text())):
            for one in groups.get(name.lower(), ()):
                found[one].add(package)
    return found


def _named(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "scrip.parameters":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "parameters":
            yield node.attr


def test_a_parameter_says_which_packages_read_it() -> None:
    for name, one in p.PARAMETERS.items():
        assert {reader for reader in one.read_in if reader.startswith("scrip")} == readers()[name], name
