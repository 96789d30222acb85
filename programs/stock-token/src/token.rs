//! Token-2022: what the program reads from mints and token accounts, and the calls it makes as their authority.
use crate::{
    errors::ScripError,
    parameters::DECIMALS,
    seeds::{AUTHORITY, AUTHORITY_AT},
    state::Multiplier,
};
use anchor_lang::{
    prelude::*,
    solana_program::{
        instruction::Instruction,
        program::{invoke, invoke_signed_unchecked},
    },
};
use spl_token_2022_interface::{
    extension::{
        default_account_state, metadata_pointer, pausable, pausable::PausableConfig,
        scaled_ui_amount::ScaledUiAmountConfig, transfer_hook, BaseStateWithExtensions, ExtensionType,
        StateWithExtensions,
    },
    instruction,
    state::{AccountState, Mint},
};

/// The token program of every stock.
#[derive(Clone)]
pub struct Token2022;

impl Id for Token2022 {
    fn id() -> Pubkey {
        spl_token_2022_interface::ID
    }
}

/// Address of the program that makes canonical token accounts.
pub const ASSOCIATED_TOKEN: Pubkey = pubkey!("ATokenGPvbdGVxr1b2hvZbsiqW5xWH25efTNsLJA8knL");
/// Address of the first token program, which most settlement assets are of.
pub const TOKEN: Pubkey = pubkey!("TokenkegQfeZyiNwAJbNbGKPFXCWuBvf9Ss623VQ5DA");

/// Extensions of a stock's mint that have a fixed size.
const EXTENSIONS: [ExtensionType; 6] = [
    ExtensionType::ScaledUiAmount,
    ExtensionType::PermanentDelegate,
    ExtensionType::Pausable,
    ExtensionType::DefaultAccountState,
    ExtensionType::MetadataPointer,
    ExtensionType::TransferHook,
];

/// Where the extensions of a mint or a token account begin: behind the account's kind, which follows the longer of both.
const FIRST_EXTENSION: usize = 166;

/// What the program reads of a stock's mint.
pub struct MintFacts {
    pub supply: u64,
    pub paused: bool,
    /// Bits of the extension's multiplier, of its next one, and the second from which the next one counts.
    pub current_bits: u64,
    pub next_bits: u64,
    pub effective_at: i64,
}

/// Read a stock's mint.
pub fn mint_facts(mint: &AccountInfo) -> Result<MintFacts> {
    let data = mint.try_borrow_data()?;
    let state = StateWithExtensions::<Mint>::unpack(&data)?;
    let scaled = state.get_extension::<ScaledUiAmountConfig>()?;
    Ok(MintFacts {
        supply: state.base.supply,
        paused: state.get_extension::<PausableConfig>()?.paused.into(),
        current_bits: u64::from_le_bytes(scaled.multiplier.0),
        next_bits: u64::from_le_bytes(scaled.new_multiplier.0),
        effective_at: scaled.new_multiplier_effective_timestamp.into(),
    })
}

impl MintFacts {
    /// Guard: the mint shows what the program last wrote. Nobody else can write it, so a difference means that the
    /// token program behaves in a way that this program does not know.
    pub fn require_no_drift(&self, multiplier: &Multiplier) -> Result<()> {
        let same = self.current_bits == multiplier.current_bits
            && self.next_bits == multiplier.next_bits
            && self.effective_at == multiplier.effective_at;
        ensure!(same, ScripError::MultiplierDrift);
        Ok(())
    }
}

/// What the program reads of a token account.
pub struct AccountFacts {
    pub mint: Pubkey,
    pub owner: Pubkey,
    pub amount: u64,
    pub frozen: bool,
    pub immutable_owner: bool,
}

/// Sizes of the token program's accounts: of a token account without extensions, behind which its kind stands where there
/// are more bytes, and of a multisig, which nothing else has. And that kind.
const ACCOUNT: usize = 165;
const MULTISIG: usize = 355;
const KIND_OF_ACCOUNT: u8 = 2;

/// Read a token account; an error when it is none of Token-2022's. By hand: to unpack all of it costs 400 units more.
pub fn account_facts(account: &AccountInfo) -> Result<AccountFacts> {
    ensure_same!(*account.owner, spl_token_2022_interface::ID, ScripError::InvalidReceiver);
    let data = account.try_borrow_data()?;
    let base = data.first_chunk::<ACCOUNT>().ok_or(ScripError::InvalidReceiver)?;
    let kind = data.get(ACCOUNT).is_none_or(|kind| *kind == KIND_OF_ACCOUNT) && data.len() != MULTISIG;
    let frozen = base[108] == AccountState::Frozen as u8;
    ensure!(kind && (frozen || base[108] == AccountState::Initialized as u8), ScripError::InvalidReceiver);
    let key =
        |at: usize| base.get(at..).and_then(|rest| rest.first_chunk::<32>()).map(|key| Pubkey::new_from_array(*key));
    let amount = base.get(64..).and_then(|rest| rest.first_chunk::<8>()).map(|bytes| u64::from_le_bytes(*bytes));
    Ok(AccountFacts {
        mint: key(0).ok_or(ScripError::InvalidReceiver)?,
        owner: key(32).ok_or(ScripError::InvalidReceiver)?,
        amount: amount.ok_or(ScripError::InvalidReceiver)?,
        frozen,
        immutable_owner: extension(&data, ExtensionType::ImmutableOwner).is_some(),
    })
}

/// A token account that must be `holder`'s, of `mint`. Refuses InvalidReceiver, NotTheWalletsAccount.
pub fn theirs(account: &AccountInfo, mint: &Pubkey, holder: &Pubkey) -> Result<AccountFacts> {
    let facts = account_facts(account)?;
    ensure!(facts.mint == *mint && facts.owner == *holder, ScripError::NotTheWalletsAccount);
    Ok(facts)
}

/// Guard: the owner has not shut the account to programs that act on the owner's signature, as this one does to burn
/// and to collect. Whoever did opens it in the same transaction, before. Refuses CpiGuarded.
pub fn require_unguarded(account: &AccountInfo) -> Result<()> {
    let data = account.try_borrow_data()?;
    let shut = extension(&data, ExtensionType::CpiGuard).is_some_and(is_set);
    ensure!(!shut, ScripError::CpiGuarded);
    Ok(())
}

/// Guard: the account takes what is sent without a memo in the instruction just before, where a quote's signature stands.
/// Whoever demanded one stops that in the same transaction, before. Refuses MemoDemanded.
pub fn require_memoless(account: &AccountInfo) -> Result<()> {
    let data = account.try_borrow_data()?;
    let demanded = extension(&data, ExtensionType::MemoTransfer).is_some_and(is_set);
    ensure!(!demanded, ScripError::MemoDemanded);
    Ok(())
}

/// Guard: all that is sent of a settlement asset arrives, now and later: it keeps no fee, asks no hook, and nobody could
/// give it either. Refuses AssetKeepsFee, AssetHasHook.
pub fn require_whole(asset: &AccountInfo) -> Result<()> {
    let data = asset.try_borrow_data()?;
    // Who may set the fee; the rates of this epoch and of the next.
    let fee = extension(&data, ExtensionType::TransferFeeConfig);
    let kept = |value: &[u8]| [0..32, 88..90, 106..108].into_iter().filter_map(|at| value.get(at)).any(is_set);
    ensure!(!fee.is_some_and(kept), ScripError::AssetKeepsFee);
    // Who may set the program, and the program.
    ensure!(!extension(&data, ExtensionType::TransferHook).is_some_and(is_set), ScripError::AssetHasHook);
    Ok(())
}

/// The value of an extension that the token program wrote into an account; `None` where it has none of that kind.
fn extension(data: &[u8], kind: ExtensionType) -> Option<&[u8]> {
    let kind = u16::from(kind).to_le_bytes();
    let mut rest = data.get(FIRST_EXTENSION..)?;
    loop {
        let [first, second, low, high] = *rest.first_chunk::<4>()?;
        let (value, others) = rest.get(4..)?.split_at_checked(u16::from_le_bytes([low, high]).into())?;
        match [first, second] {
            found if found == kind => return Some(value),
            [0, 0] => return None,
            _ => rest = others,
        }
    }
}

/// Whether this program may pause a mint.
pub fn is_ours_to_pause(mint: &AccountInfo) -> Result<bool> {
    let data = mint.try_borrow_data()?;
    let named = extension(&data, ExtensionType::Pausable).and_then(|value| value.get(..32));
    Ok(named == Some(AUTHORITY_AT.0.as_ref()))
}

/// Whether a stock's mint is paused.
fn is_paused(mint: &AccountInfo) -> Result<bool> {
    let data = mint.try_borrow_data()?;
    let flag = extension(&data, ExtensionType::Pausable).and_then(|value| value.get(32)).copied();
    Ok(flag.ok_or(ProgramError::InvalidAccountData)? != 0)
}

/// Whether a byte is other than 0.
fn is_set(bytes: &[u8]) -> bool {
    bytes.iter().any(|byte| *byte != 0)
}

/// Bytes of a token account of a stock: with its kind, and the two extensions that a stock's mint makes every account have.
pub const VAULT_SPACE: usize = ACCOUNT + 1 + 4 + 4 + 1;

/// Turn a new account of the token program into a token account of a stock.
pub fn initialise_vault<'info>(vault: &AccountInfo<'info>, mint: &AccountInfo<'info>, owner: &Pubkey) -> Result<()> {
    let call = instruction::initialize_account3(&Token2022::id(), vault.key, mint.key, owner)?;
    invoke(&call, &[vault.clone(), mint.clone()]).map_err(Into::into)
}

/// The canonical token account of a wallet.
pub fn canonical(wallet: &Pubkey, mint: &Pubkey) -> Pubkey {
    let token = spl_token_2022_interface::ID;
    Pubkey::find_program_address(&[wallet.as_ref(), token.as_ref(), mint.as_ref()], &ASSOCIATED_TOKEN).0
}

/// The address that holds every authority, ready to sign.
pub struct Authority<'a, 'info>(pub &'a AccountInfo<'info>);

impl<'info> Authority<'_, 'info> {
    fn sign(&self, call: &Instruction, accounts: &[AccountInfo<'info>]) -> Result<()> {
        // No data of theirs is borrowed here: what reads an account has ended. To ask that of each costs 250 units a call.
        invoke_signed_unchecked(call, accounts, &[&[AUTHORITY, &[AUTHORITY_AT.1]]]).map_err(Into::into)
    }

    /// New units.
    pub fn mint_to(&self, mint: &AccountInfo<'info>, to: &AccountInfo<'info>, amount: u64) -> Result<()> {
        let call = instruction::mint_to(&Token2022::id(), mint.key, to.key, self.0.key, &[], amount)?;
        self.sign(&call, &[mint.clone(), to.clone(), self.0.clone()])
    }

    /// Take units of `from`: for `to`, or out of the supply where nobody is given them. Each account comes with whether
    /// it is frozen. What is frozen or paused is let go for it and then is as it was found.
    pub fn take(
        &self,
        mint: &AccountInfo<'info>,
        from: (&AccountInfo<'info>, bool),
        to: Option<(&AccountInfo<'info>, bool)>,
        amount: u64,
    ) -> Result<()> {
        let paused = is_paused(mint)?;
        let frozen = || [Some(from), to].into_iter().flatten().filter(|(_, frozen)| *frozen);
        // Cloned once for all the calls: each clone costs 50 units.
        let named = [from.0.clone(), mint.clone(), to.unwrap_or(from).0.clone(), self.0.clone()];
        if paused {
            self.sign(&self.resuming(mint)?, &named)?;
        }
        for (account, _) in frozen() {
            self.sign(&self.thawing(mint, account)?, &named)?;
        }
        let (program, source) = (Token2022::id(), from.0.key);
        if let Some((target, _)) = to {
            let key = self.0.key;
            let call =
                instruction::transfer_checked(&program, source, mint.key, target.key, key, &[], amount, DECIMALS)?;
            self.sign(&call, &named)?;
        } else {
            let call = instruction::burn(&program, source, mint.key, self.0.key, &[], amount)?;
            self.sign(&call, &named)?;
        }
        for (account, _) in frozen() {
            self.sign(&self.freezing(mint, account)?, &named)?;
        }
        if paused {
            self.sign(&self.pausing(mint)?, &named)?;
        }
        Ok(())
    }

    fn freezing(&self, mint: &AccountInfo, account: &AccountInfo) -> Result<Instruction> {
        Ok(instruction::freeze_account(&Token2022::id(), account.key, mint.key, self.0.key, &[])?)
    }

    fn thawing(&self, mint: &AccountInfo, account: &AccountInfo) -> Result<Instruction> {
        Ok(instruction::thaw_account(&Token2022::id(), account.key, mint.key, self.0.key, &[])?)
    }

    fn pausing(&self, mint: &AccountInfo) -> Result<Instruction> {
        Ok(pausable::instruction::pause(&Token2022::id(), mint.key, self.0.key, &[])?)
    }

    fn resuming(&self, mint: &AccountInfo) -> Result<Instruction> {
        Ok(pausable::instruction::resume(&Token2022::id(), mint.key, self.0.key, &[])?)
    }

    /// Freeze a token account.
    pub fn freeze(&self, mint: &AccountInfo<'info>, account: &AccountInfo<'info>) -> Result<()> {
        self.sign(&self.freezing(mint, account)?, &[account.clone(), mint.clone(), self.0.clone()])
    }

    /// Thaw a token account.
    pub fn thaw(&self, mint: &AccountInfo<'info>, account: &AccountInfo<'info>) -> Result<()> {
        self.sign(&self.thawing(mint, account)?, &[account.clone(), mint.clone(), self.0.clone()])
    }

    /// Stop every transfer, mint and burn.
    pub fn pause(&self, mint: &AccountInfo<'info>) -> Result<()> {
        self.sign(&self.pausing(mint)?, &[mint.clone(), self.0.clone()])
    }

    /// Allow them again.
    pub fn resume(&self, mint: &AccountInfo<'info>) -> Result<()> {
        self.sign(&self.resuming(mint)?, &[mint.clone(), self.0.clone()])
    }

    /// Make the mint show a multiplier: (current, 0) first, then what is pending, so that no build of the token program
    /// rolls the current one back. A mint whose first number is the current one already is not told it again.
    pub fn show(&self, mint: &AccountInfo<'info>, shown: &MintFacts, multiplier: &Multiplier) -> Result<()> {
        if multiplier.effective_at == 0 || shown.current_bits != multiplier.current_bits {
            return self.restore(mint, multiplier);
        }
        self.write(mint, multiplier.next_bits, multiplier.effective_at)
    }

    /// Make the mint show a multiplier, whatever it shows: (current, 0) first, then what is pending.
    pub fn restore(&self, mint: &AccountInfo<'info>, multiplier: &Multiplier) -> Result<()> {
        self.write(mint, multiplier.current_bits, 0)?;
        if multiplier.effective_at != 0 {
            self.write(mint, multiplier.next_bits, multiplier.effective_at)?;
        }
        Ok(())
    }

    /// Say the ISIN that the stock carries now: of the same length as before, so that nothing grows.
    pub fn carry(&self, mint: &AccountInfo<'info>, isin: &str) -> Result<()> {
        self.describe(mint, ISIN_FIELD, isin)
    }

    /// The token-metadata interface's UpdateField, of an additional field.
    fn describe(&self, mint: &AccountInfo<'info>, name: &str, value: &str) -> Result<()> {
        // The number of a field with a name of its own.
        let mut field = vec![3];
        push(&mut field, name);
        self.update(mint, field, value)
    }

    fn update(&self, mint: &AccountInfo<'info>, field: Vec<u8>, value: &str) -> Result<()> {
        // sha256("spl_token_metadata_interface:updating_field")[..8]
        let mut data = vec![221, 233, 49, 45, 181, 202, 220, 200];
        data.extend_from_slice(&field);
        push(&mut data, value);
        let accounts = vec![AccountMeta::new(*mint.key, false), AccountMeta::new_readonly(*self.0.key, true)];
        let call = Instruction { program_id: Token2022::id(), accounts, data };
        self.sign(&call, &[mint.clone(), self.0.clone()])
    }

    /// The token-metadata interface's UpdateField, of the field of a number that every mint's metadata have.
    pub fn relabel(&self, mint: &AccountInfo<'info>, field: u8, text: &str) -> Result<()> {
        self.update(mint, vec![field], text)
    }

    /// UpdateMultiplier, encoded by hand: an f64 must not appear in this program.
    fn write(&self, mint: &AccountInfo<'info>, bits: u64, effective_at: i64) -> Result<()> {
        let mut data = Vec::with_capacity(18);
        data.extend_from_slice(&[SCALED_UI_AMOUNT, UPDATE]);
        data.extend_from_slice(&bits.to_le_bytes());
        data.extend_from_slice(&effective_at.to_le_bytes());
        let accounts = vec![AccountMeta::new(*mint.key, false), AccountMeta::new_readonly(*self.0.key, true)];
        let call = Instruction { program_id: Token2022::id(), accounts, data };
        self.sign(&call, &[mint.clone(), self.0.clone()])
    }

    /// Move a settlement asset that the authority owns or may spend.
    pub fn pay<'a>(&self, asset: &Settlement<'a, 'info>, amount: u64) -> Result<()> {
        let call = asset.transfer(self.0.key, amount)?;
        self.sign(&call, &asset.infos(self.0))
    }
}

/// Numbers of the extension's instructions in the token program.
const SCALED_UI_AMOUNT: u8 = 43;
const INITIALISE: u8 = 0;
const UPDATE: u8 = 1;

/// A movement of a settlement asset.
pub struct Settlement<'a, 'info> {
    pub program: &'a AccountInfo<'info>,
    pub mint: &'a AccountInfo<'info>,
    pub from: &'a AccountInfo<'info>,
    pub to: &'a AccountInfo<'info>,
}

impl<'info> Settlement<'_, 'info> {
    /// What the paying account holds. Both token programs keep it at the same place.
    ///
    /// Refuses, in order: AssetNotListed (the mint or the paying account is not the token program's, or of another coin),
    /// InvalidReceiver (the same of the account that is paid).
    pub fn available(&self) -> Result<u64> {
        let ours = |account| coins_of(account, self.program.key).is_some_and(|coins| coins.mint == *self.mint.key);
        ensure!(*self.mint.owner == *self.program.key && ours(self.from), ScripError::AssetNotListed);
        ensure!(ours(self.to), ScripError::InvalidReceiver);
        let data = self.from.try_borrow_data()?;
        let amount = data.get(64..72).and_then(|bytes| bytes.try_into().ok()).ok_or(ScripError::AssetNotListed)?;
        Ok(u64::from_le_bytes(amount))
    }

    fn transfer(&self, authority: &Pubkey, amount: u64) -> Result<Instruction> {
        // Both token programs keep the decimals at the same place of the mint.
        let decimals = *self.mint.try_borrow_data()?.get(44).ok_or(ProgramError::InvalidAccountData)?;
        let (program, mint, from, to) = (self.program.key, self.mint.key, self.from.key, self.to.key);
        Ok(instruction::transfer_checked(program, from, mint, to, authority, &[], amount, decimals)?)
    }

    fn infos(&self, authority: &AccountInfo<'info>) -> [AccountInfo<'info>; 4] {
        [self.from.clone(), self.mint.clone(), self.to.clone(), authority.clone()]
    }

    /// Move what the transaction's signer owns.
    pub fn pay(&self, owner: &AccountInfo<'info>, amount: u64) -> Result<()> {
        let call = self.transfer(owner.key, amount)?;
        invoke(&call, &self.infos(owner)).map_err(Into::into)
    }
}

/// What is read of an account of a settlement asset.
pub struct Coins {
    pub mint: Pubkey,
    pub owner: Pubkey,
}

/// An account of a settlement asset, of the token program that is named; `None` where it is none. Both token programs
/// keep the mint, the owner and the state at the same places.
pub fn coins_of(account: &AccountInfo, program: &Pubkey) -> Option<Coins> {
    let data = account.try_borrow_data().ok()?;
    // A mint is shorter; an account with extensions says its kind behind the 165 bytes that every account has.
    let plain = data.len() == FIRST_EXTENSION - 1 || data.get(FIRST_EXTENSION - 1) == Some(&TOKEN_ACCOUNT);
    if account.owner != program || !plain || *data.get(108)? == 0 {
        return None;
    }
    let (mint, rest) = data.split_first_chunk::<32>()?;
    Some(Coins { mint: (*mint).into(), owner: (*rest.first_chunk::<32>()?).into() })
}

/// What an account with extensions says it is: a token account.
const TOKEN_ACCOUNT: u8 = 2;

/// Burn units whose owner signs the transaction.
pub fn burn<'info>(
    mint: &AccountInfo<'info>,
    from: &AccountInfo<'info>,
    owner: &AccountInfo<'info>,
    amount: u64,
) -> Result<()> {
    let call = instruction::burn(&Token2022::id(), from.key, mint.key, owner.key, &[], amount)?;
    invoke(&call, &[from.clone(), mint.clone(), owner.clone()]).map_err(Into::into)
}

/// What a new mint is called, and where a client finds more of it.
pub struct Name<'a> {
    pub name: &'a str,
    pub symbol: &'a str,
    pub uri: &'a str,
    pub isin: &'a str,
    pub series: &'a str,
}

/// The names of the additional fields of a mint's metadata.
const ISIN_FIELD: &str = "isin";
const SERIES_FIELD: &str = "series";

impl Name<'_> {
    /// Bytes of the metadata entry that the token program will append.
    fn space(&self) -> usize {
        // Type and length, update authority, mint, the count of additional fields; then seven strings, each with four
        // bytes of its length.
        let strings = [self.name, self.symbol, self.uri, ISIN_FIELD, self.isin, SERIES_FIELD, self.series];
        strings.iter().fold(4 + 64 + 4, |sum: usize, text| sum.saturating_add(4).saturating_add(text.len()))
    }
}

/// Space that a mint is created with, and space that its rent must cover once its metadata is appended.
pub fn mint_space(name: &Name) -> Result<(usize, usize)> {
    let space = ExtensionType::try_calculate_account_len::<Mint>(&EXTENSIONS)?;
    Ok((space, space.saturating_add(name.space())))
}

/// Turn a new account of the token program into a stock's mint with every extension and its metadata.
pub fn initialise_mint<'info>(
    mint: &AccountInfo<'info>,
    authority: &Authority<'_, 'info>,
    default_frozen: bool,
    arm_hook: bool,
    name: &Name,
    bits: u64,
) -> Result<()> {
    let (program, key, holder) = (Token2022::id(), mint.key, *authority.0.key);
    let state = if default_frozen { AccountState::Frozen } else { AccountState::Initialized };
    let mut scaled = Vec::with_capacity(42);
    scaled.extend_from_slice(&[SCALED_UI_AMOUNT, INITIALISE]);
    scaled.extend_from_slice(holder.as_ref());
    scaled.extend_from_slice(&bits.to_le_bytes());
    let scaled = Instruction { program_id: program, accounts: vec![AccountMeta::new(*key, false)], data: scaled };
    let calls = [
        scaled,
        instruction::initialize_permanent_delegate(&program, key, &holder)?,
        pausable::instruction::initialize(&program, key, &holder)?,
        default_account_state::instruction::initialize_default_account_state(&program, key, &state)?,
        metadata_pointer::instruction::initialize(&program, key, Some(holder), Some(*key))?,
        transfer_hook::instruction::initialize(&program, key, Some(holder), None)?,
        instruction::initialize_mint2(&program, key, &holder, Some(&holder), DECIMALS)?,
    ];
    for call in &calls {
        invoke(call, std::slice::from_ref(mint))?;
    }
    if !arm_hook {
        // The slot cannot be made with neither program nor authority, so its authority is given up afterwards.
        let kind = instruction::AuthorityType::TransferHookProgramId;
        let renounce = instruction::set_authority(&program, key, None, kind, &holder, &[])?;
        authority.sign(&renounce, &[mint.clone(), authority.0.clone()])?;
    }
    authority.sign(&metadata(key, &holder, name), &[mint.clone(), authority.0.clone()])?;
    authority.describe(mint, ISIN_FIELD, name.isin)?;
    authority.describe(mint, SERIES_FIELD, name.series)
}

/// Append a text as the token program reads it. Lengths are bounded by the caller, far below 2^32.
fn push(data: &mut Vec<u8>, text: &str) {
    data.extend_from_slice(&u32::try_from(text.len()).unwrap_or(u32::MAX).to_le_bytes());
    data.extend_from_slice(text.as_bytes());
}

/// The token-metadata interface's Initialize.
fn metadata(mint: &Pubkey, authority: &Pubkey, name: &Name) -> Instruction {
    // sha256("spl_token_metadata_interface:initialize_account")[..8]
    let mut data = vec![210, 225, 30, 162, 88, 184, 77, 141];
    for text in [name.name, name.symbol, name.uri] {
        push(&mut data, text);
    }
    let accounts = vec![
        AccountMeta::new(*mint, false),
        AccountMeta::new_readonly(*authority, false),
        AccountMeta::new_readonly(*mint, false),
        AccountMeta::new_readonly(*authority, true),
    ];
    Instruction { program_id: Token2022::id(), accounts, data }
}
