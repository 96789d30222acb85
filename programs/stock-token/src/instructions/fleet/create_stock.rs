//! Create a stock: its mint with every extension, its calendar and its reserve, in one instruction.
use crate::{
    errors::ScripError,
    events::StockCreated,
    parameters::{MAX_NAME, MAX_SERIES, MAX_SYMBOL, MAX_URI, WAD},
    pda::{create, create_with, is_vacant},
    seeds::{AUTHORITY_AT, CALENDAR, ISSUER_AT, MINT, RESERVE, STOCK},
    state::{
        Attestation, Basis, Calendar, Ceilings, HolderLimits, Issuer, Multiplier, Policy, Receivables, Reserve,
        Reserved, Role, Step, Stock, StockRules, Version,
    },
    token::{initialise_mint, mint_space, Authority, Name, Token2022},
};
use anchor_lang::prelude::*;

/// What the stock is.
#[derive(AnchorSerialize, AnchorDeserialize)]
pub struct CreateStockArgs {
    /// ISIN at birth.
    pub isin: [u8; 12],
    /// Which stock of that ISIN it is, from 1; the same on every chain that has the stock.
    pub series: u64,
    pub policy: Policy,
    /// Whether a block-list stock's token accounts are born frozen, as an allow-list one's always are.
    pub default_frozen: bool,
    pub name: String,
    pub symbol: String,
    pub uri: String,
    /// Whether the empty transfer-hook slot keeps an authority that could fill it; false renounces it for ever.
    pub arm_hook: bool,
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(args: CreateStockArgs)]
pub struct CreateStock<'info> {
    #[account(mut)]
    pub signer: Signer<'info>,
    #[account(address = ISSUER_AT.0)]
    pub issuer: Box<Account<'info, Issuer>>,
    /// CHECK: created here; an address with lamports is fine.
    #[account(mut, seeds = [MINT, args.isin.as_ref(), args.series.to_le_bytes().as_ref()], bump)]
    pub mint: UncheckedAccount<'info>,
    /// CHECK: created here.
    #[account(mut, seeds = [STOCK, mint.key().as_ref()], bump)]
    pub stock: UncheckedAccount<'info>,
    /// CHECK: created here.
    #[account(mut, seeds = [CALENDAR, stock.key().as_ref()], bump)]
    pub calendar: UncheckedAccount<'info>,
    /// CHECK: created here.
    #[account(mut, seeds = [RESERVE, stock.key().as_ref()], bump)]
    pub reserve: UncheckedAccount<'info>,
    /// CHECK: an address without an account.
    #[account(address = AUTHORITY_AT.0)]
    pub authority: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token2022>,
    pub system_program: Program<'info, System>,
}

/// An ISIN as text: capital letters and digits. Refuses BadIsin.
pub(crate) fn isin_text(isin: &[u8; 12]) -> Result<&str> {
    let plain = |letter: &u8| letter.is_ascii_uppercase() || letter.is_ascii_digit();
    ensure!(isin.iter().all(plain), ScripError::BadIsin);
    std::str::from_utf8(isin).map_err(|_| ScripError::BadIsin.into())
}

/// Callable by the issuer role. Accounts: [`CreateStock`].
///
/// Refuses, in order: NotAuthorised, BadName, BadIsin, BadSeries, StockExists.
pub(crate) fn create_stock(ctx: Context<CreateStock>, args: CreateStockArgs) -> Result<()> {
    let accounts = &ctx.accounts;
    accounts.issuer.require(Role::Issuer, accounts.signer.key)?;
    ensure!(!args.name.is_empty() && args.name.len() <= MAX_NAME, ScripError::BadName);
    ensure!(!args.symbol.is_empty() && args.symbol.len() <= MAX_SYMBOL, ScripError::BadName);
    ensure!(args.uri.len() <= MAX_URI, ScripError::BadName);
    let isin = isin_text(&args.isin)?;
    ensure!((1..=MAX_SERIES).contains(&args.series), ScripError::BadSeries);
    ensure!(is_vacant(&accounts.mint), ScripError::StockExists);

    let (payer, system, mint) = (&*accounts.signer, &*accounts.system_program, &*accounts.mint);
    let number = args.series.to_string();
    let name = Name { name: &args.name, symbol: &args.symbol, uri: &args.uri, isin, series: &number };
    let (space, rent_space) = mint_space(&name)?;
    let series = args.series.to_le_bytes();
    let seeds: &[&[u8]] = &[MINT, &args.isin, &series, &[ctx.bumps.mint]];
    create(payer, mint, system, &Token2022::id(), space, rent_space, seeds)?;
    let multiplier = Multiplier::new()?;
    let authority = Authority(&accounts.authority);
    let default_frozen = args.default_frozen || args.policy == Policy::Allowlist;
    initialise_mint(mint, &authority, default_frozen, args.arm_hook, &name, multiplier.current_bits)?;

    let (stock_key, mint_key) = (accounts.stock.key(), mint.key());
    let stock = Stock {
        version: Version,
        mint: mint_key,
        isin: args.isin,
        series: args.series,
        policy: args.policy,
        default_frozen,
        multiplier,
        rules: StockRules::EVERYBODY,
        limits: HolderLimits::default(),
        seats: 0,
        bump: ctx.bumps.stock,
        reserved: Reserved,
    };
    create_with(payer, &accounts.stock, system, &stock, &[STOCK, mint_key.as_ref(), &[stock.bump]])?;
    let calendar = Calendar {
        version: Version,
        stock: stock_key,
        parts: Vec::new(),
        base: WAD,
        rises: Vec::new(),
        bump: ctx.bumps.calendar,
        reserved: Reserved,
    };
    let seeds: &[&[u8]] = &[CALENDAR, stock_key.as_ref(), &[calendar.bump]];
    create_with(payer, &accounts.calendar, system, &calendar, seeds)?;
    let reserve = Reserve {
        version: Version,
        stock: stock_key,
        max_age: 0,
        margin_bps: 0,
        ceilings: Ceilings::default(),
        basis: Basis::FIRST,
        step: Step::NONE,
        latest: Attestation::default(),
        nonce: 0,
        receivables: Receivables::default(),
        bump: ctx.bumps.reserve,
        reserved: Reserved,
    };
    create_with(payer, &accounts.reserve, system, &reserve, &[RESERVE, stock_key.as_ref(), &[reserve.bump]])?;
    tell!(
        ctx,
        StockCreated {
            mint: mint_key,
            isin: args.isin,
            series: args.series,
            policy: args.policy,
            default_frozen,
            name: args.name,
            symbol: args.symbol,
            uri: args.uri,
            arm_hook: args.arm_hook,
        }
    );
    Ok(())
}
