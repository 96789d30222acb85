//! The issuer: who holds which role, and the bounds that its administrator may move.
use crate::{
    errors::ScripError,
    parameters::{
        DEFAULT_DIVIDEND_ANNOUNCE, DEFAULT_DIVIDEND_STRIKE, DEFAULT_GRACE, DEFAULT_SPLIT_NOTICE,
        DIVIDEND_ANNOUNCE_FLOOR, DIVIDEND_STRIKE_FLOOR, MAX_GRACE, MAX_NOTICE, MAX_WITHHOLDING_BPS, SPLIT_NOTICE_FLOOR,
    },
    state::{is_somebodys, require_holds, Reserved, Version},
};
use anchor_lang::prelude::*;

/// What a role may do.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, PartialEq, Eq, InitSpace)]
pub enum Role {
    /// Settings, assets, reserve configuration, and offering roles.
    Admin,
    /// Create stocks.
    Issuer,
    /// Investors and wallets.
    Compliance,
    /// Freeze accounts, take units and burn them.
    Enforcer,
    /// Pause a stock or the market.
    Pauser,
    /// Resume a stock or the market.
    Unpauser,
    /// Corporate actions.
    Actions,
    /// Signs quotes; never sends a transaction for it.
    QuoteSigner,
    /// Signs reserve attestations; never sends a transaction for it.
    Attestor,
    /// Halt all stocks.
    Guardian,
    /// Put another wallet in a lost one's place.
    Recoverer,
}

/// One address per role. The default address stands for nobody.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, Default, PartialEq, Eq, InitSpace)]
pub struct Roles {
    pub admin: Pubkey,
    pub issuer: Pubkey,
    pub compliance: Pubkey,
    pub enforcer: Pubkey,
    pub pauser: Pubkey,
    pub unpauser: Pubkey,
    pub actions: Pubkey,
    pub quote_signer: Pubkey,
    pub attestor: Pubkey,
    pub guardian: Pubkey,
    pub recoverer: Pubkey,
}

impl Roles {
    /// The holder of a role.
    pub fn holder(&self, role: Role) -> Pubkey {
        match role {
            Role::Admin => self.admin,
            Role::Issuer => self.issuer,
            Role::Compliance => self.compliance,
            Role::Enforcer => self.enforcer,
            Role::Pauser => self.pauser,
            Role::Unpauser => self.unpauser,
            Role::Actions => self.actions,
            Role::QuoteSigner => self.quote_signer,
            Role::Attestor => self.attestor,
            Role::Guardian => self.guardian,
            Role::Recoverer => self.recoverer,
        }
    }

    /// Name a role's holder.
    pub fn set(&mut self, role: Role, holder: Pubkey) {
        let place = match role {
            Role::Admin => &mut self.admin,
            Role::Issuer => &mut self.issuer,
            Role::Compliance => &mut self.compliance,
            Role::Enforcer => &mut self.enforcer,
            Role::Pauser => &mut self.pauser,
            Role::Unpauser => &mut self.unpauser,
            Role::Actions => &mut self.actions,
            Role::QuoteSigner => &mut self.quote_signer,
            Role::Attestor => &mut self.attestor,
            Role::Guardian => &mut self.guardian,
            Role::Recoverer => &mut self.recoverer,
        };
        *place = holder;
    }

    /// What always holds of roles: somebody administers. Another role that was revoked has no holder until it is taken.
    pub fn invariant(&self) -> Result<()> {
        require_holds(is_somebodys(&self.admin), "Roles")
    }

    /// Whether every role has a holder.
    pub fn complete(&self) -> bool {
        is_somebodys(&self.admin)
            && is_somebodys(&self.issuer)
            && is_somebodys(&self.compliance)
            && is_somebodys(&self.enforcer)
            && is_somebodys(&self.pauser)
            && is_somebodys(&self.unpauser)
            && is_somebodys(&self.actions)
            && is_somebodys(&self.quote_signer)
            && is_somebodys(&self.attestor)
            && is_somebodys(&self.guardian)
            && is_somebodys(&self.recoverer)
    }
}

/// Bounds, rates and demands of all stocks. Seconds, but for the last two.
#[derive(AnchorSerialize, AnchorDeserialize, Clone, Copy, PartialEq, Eq, InitSpace)]
pub struct Settings {
    /// From scheduling a split to its effect.
    pub split_notice: i64,
    /// From announcing a dividend to its effect.
    pub dividend_announce: i64,
    /// From striking a dividend's price to its effect.
    pub dividend_strike: i64,
    /// From a dividend's pay date to the end of its receivable.
    pub grace: i64,
    /// Basis points of a gross dividend.
    pub withholding_bps: u16,
    /// Whether a thaw and a mint demand that the wallet was shown to be absent from the sanctions list.
    pub strict_list: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            split_notice: DEFAULT_SPLIT_NOTICE,
            dividend_announce: DEFAULT_DIVIDEND_ANNOUNCE,
            dividend_strike: DEFAULT_DIVIDEND_STRIKE,
            grace: DEFAULT_GRACE,
            withholding_bps: 0,
            strict_list: false,
        }
    }
}

impl Settings {
    /// Guard: what always holds of settings does. Refuses BadSetting.
    pub fn validate(&self) -> Result<()> {
        ensure!(self.in_bounds(), ScripError::BadSetting);
        Ok(())
    }

    /// What always holds of settings:
    ///
    /// - every notice lies between its floor and `MAX_NOTICE`;
    /// - the grace lies within `MAX_GRACE`;
    /// - the rate of withholding lies within `MAX_WITHHOLDING_BPS`.
    pub fn invariant(&self) -> Result<()> {
        require_holds(self.in_bounds(), "Settings")
    }

    fn in_bounds(&self) -> bool {
        (SPLIT_NOTICE_FLOOR..=MAX_NOTICE).contains(&self.split_notice)
            && (DIVIDEND_ANNOUNCE_FLOOR..=MAX_NOTICE).contains(&self.dividend_announce)
            && (DIVIDEND_STRIKE_FLOOR..=MAX_NOTICE).contains(&self.dividend_strike)
            && (0..=MAX_GRACE).contains(&self.grace)
            && self.withholding_bps <= MAX_WITHHOLDING_BPS
    }
}

/// The issuer of every stock of this program.
#[account]
#[derive(InitSpace)]
pub struct Issuer {
    pub version: Version,
    /// Hash of the cluster's genesis block, which signed messages bind to.
    pub genesis: [u8; 32],
    pub roles: Roles,
    /// The role that changes hands, and who may accept it; the default address when none does.
    pub offered: Role,
    pub offered_to: Pubkey,
    pub settings: Settings,
    /// Whether mints and redemptions on quotes are stopped.
    pub market_paused: bool,
    /// Whether all stocks are halted: nothing is minted, redeemed, thawed or resumed, and anyone may pause any mint.
    pub halted: bool,
    pub bump: u8,
    /// Bump of the address that holds every authority.
    pub authority_bump: u8,
    pub reserved: Reserved<128>,
}

impl Issuer {
    /// Guard: `signer` holds `role`.
    pub fn require(&self, role: Role, signer: &Pubkey) -> Result<()> {
        ensure_same!(self.roles.holder(role), *signer, ScripError::NotAuthorised);
        Ok(())
    }

    /// Guard: the stocks are not halted. Refuses Halted.
    pub fn require_running(&self) -> Result<()> {
        ensure!(!self.halted, ScripError::Halted);
        Ok(())
    }

    /// What always holds of the issuer: what always holds of its roles and of its settings.
    pub fn invariant(&self) -> Result<()> {
        self.roles.invariant()?;
        self.settings.invariant()
    }
}
