//! Accounts of mint and redeem, and the checks of a quote that both make.
use crate::{
    errors::ScripError,
    messages::{quote_digest, QuotePlace},
    pda::{create_with, is_vacant, load},
    seeds::{AUTHORITY_AT, ISSUER_AT, QUOTE},
    shared::accounts::{is_held, Standing},
    signature::require_signed,
    state::{Asset, Issuer, Reserve, Reserved, Stock, UsedQuote, Version},
    token::{require_memoless, Authority, Settlement, Token2022, TOKEN},
};
use anchor_lang::prelude::*;

/// Which way a quote goes.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    Mint,
    Redeem,
}

/// What a quote says, beyond the addresses that the instruction's accounts give.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy)]
pub struct Quote {
    pub id: [u8; 32],
    pub side: Side,
    /// The wallet that it is for.
    pub account: Pubkey,
    /// Raw units.
    pub amount: u64,
    /// Smallest units of the settlement asset.
    pub settlement: u64,
    /// Generation of the multiplier that the quote was made at.
    pub generation: u64,
    /// Valid while now is before it, UTC seconds.
    pub expiry: i64,
}

#[event_cpi]
#[derive(Accounts)]
#[instruction(quote: Quote)]
pub struct Market<'info> {
    /// The wallet that the quote is for. Pays for the record of its use.
    #[account(mut)]
    pub account: Signer<'info>,
    #[account(address = ISSUER_AT.0)]
    pub issuer: Box<Account<'info, Issuer>>,
    #[account(has_one = mint)]
    pub stock: Box<Account<'info, Stock>>,
    /// CHECK: the stock names it.
    #[account(mut, owner = spl_token_2022_interface::ID)]
    pub mint: UncheckedAccount<'info>,
    /// Writable for a mint, which keeps the supply that a receivable counts on.
    #[account(mut, has_one = stock)]
    pub reserve: Box<Account<'info, Reserve>>,
    /// CHECK: the wallet's record, or the empty address where it would be: see `Standing`.
    pub wallet: UncheckedAccount<'info>,
    /// CHECK: the investor that the wallet's record names; any address where there is no record.
    pub investor: UncheckedAccount<'info>,
    /// CHECK: the wallet's hold, or the empty address where it would be: see `is_held`.
    pub hold: UncheckedAccount<'info>,
    /// CHECK: the wallet's token account of the mint.
    #[account(mut)]
    pub token_account: UncheckedAccount<'info>,
    /// CHECK: the settlement asset's record, or the empty address where it would be.
    pub asset: UncheckedAccount<'info>,
    /// CHECK: the asset's record names it.
    pub settlement_mint: UncheckedAccount<'info>,
    /// CHECK: the token program judges it.
    #[account(mut)]
    pub account_settlement: UncheckedAccount<'info>,
    /// CHECK: the asset's record names it.
    #[account(mut)]
    pub treasury: UncheckedAccount<'info>,
    /// CHECK: created here.
    #[account(mut, seeds = [QUOTE, quote.id.as_ref()], bump)]
    pub used_quote: UncheckedAccount<'info>,
    /// CHECK: an address without an account.
    #[account(address = AUTHORITY_AT.0)]
    pub authority: UncheckedAccount<'info>,
    /// CHECK: the sysvar's own address.
    #[account(address = solana_instructions_sysvar::ID)]
    pub instructions: UncheckedAccount<'info>,
    /// CHECK: one of the two token programs.
    #[account(constraint = *settlement_program.key == TOKEN || *settlement_program.key == Token2022::id()
        @ ScripError::AssetNotListed)]
    pub settlement_program: UncheckedAccount<'info>,
    pub token_program: Program<'info, Token2022>,
    pub system_program: Program<'info, System>,
}

impl<'info> Market<'info> {
    /// Guards of a quote, in the order of the market's on the other chains; marks it as used.
    ///
    /// Refuses, in order: MarketPaused, WrongSide, NotYourQuote, QuoteExpired, AssetNotListed, MultiplierChanged,
    /// QuoteUsed, then as `require_signed` with NotAQuoteSigner.
    pub fn accept(&self, quote: &Quote, side: Side, now: i64, bump: u8) -> Result<()> {
        ensure!(!self.issuer.market_paused, ScripError::MarketPaused);
        ensure!(quote.side == side, ScripError::WrongSide);
        ensure_same!(quote.account, self.account.key(), ScripError::NotYourQuote);
        ensure!(now < quote.expiry, ScripError::QuoteExpired);
        let asset = load::<Asset>(&self.asset).ok_or(ScripError::AssetNotListed)?;
        let listed = asset.listed && asset.mint == self.settlement_mint.key() && asset.treasury == self.treasury.key();
        ensure!(listed, ScripError::AssetNotListed);
        ensure!(quote.generation == self.stock.multiplier.generation_at(now), ScripError::MultiplierChanged);
        ensure!(is_vacant(&self.used_quote), ScripError::QuoteUsed);
        let signer = &self.issuer.roles.quote_signer;
        require_signed(&self.instructions, signer, &self.digest(quote), ScripError::NotAQuoteSigner)?;
        let used =
            UsedQuote { version: Version, payer: self.account.key(), expiry: quote.expiry, bump, reserved: Reserved };
        create_with(&self.account, &self.used_quote, &self.system_program, &used, &[QUOTE, &quote.id, &[bump]])
    }

    /// What the issuer signs for these accounts.
    fn digest(&self, quote: &Quote) -> [u8; 32] {
        let place = QuotePlace {
            genesis: &self.issuer.genesis,
            mint: self.mint.key,
            token_account: self.token_account.key,
            settlement_mint: self.settlement_mint.key,
        };
        quote_digest(quote, &place)
    }

    /// What is known of the account at `now`. Refuses UnknownWallet, UnknownInvestor.
    pub fn standing(&self, now: i64) -> Result<Box<Standing>> {
        Standing::of(&self.wallet, &self.investor, self.account.key, now)
    }

    /// Whether an enforcer holds the account in this stock. Refuses UnknownHold.
    pub fn is_held(&self) -> Result<bool> {
        is_held(&self.hold, &self.stock.key(), self.account.key)
    }

    /// The address that signs for the program.
    pub fn signs(&self) -> Authority<'_, 'info> {
        Authority(&self.authority)
    }

    /// A movement of the settlement asset; `amount` must be there. Refuses, in order: AssetNotListed, InvalidReceiver (an
    /// account that is none of the asset's), StablecoinInsufficient, MemoDemanded.
    pub fn settlement<'a>(
        &'a self,
        from: &'a AccountInfo<'info>,
        to: &'a AccountInfo<'info>,
        amount: u64,
    ) -> Result<Settlement<'a, 'info>> {
        let movement = Settlement { program: &self.settlement_program, mint: &self.settlement_mint, from, to };
        ensure!(movement.available()? >= amount, ScripError::StablecoinInsufficient);
        if *self.settlement_program.key == Token2022::id() {
            require_memoless(to)?;
        }
        Ok(movement)
    }
}
