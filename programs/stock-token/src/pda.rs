//! Creating, reading and writing the program's own accounts where Anchor's `init` would refuse without a name of ours.
use crate::{errors::ScripError, state::State};
use anchor_lang::{
    prelude::*,
    solana_program::{
        instruction::Instruction,
        program::{invoke_signed, invoke_signed_unchecked},
    },
};

/// What stands at an address at which a record of one kind belongs.
pub enum Place<T> {
    /// Nothing has been created there. Lamports that somebody sent there do not count.
    Vacant,
    /// Another program's account, or a record of another kind.
    Foreign,
    Found(T),
}

/// What stands at an address, told by its owner and its discriminator.
///
/// The address is not checked: an account of this program at a foreign address cannot exist, so comparing the fields
/// that its seeds are made of is enough, and costs no derivation. That nothing stands says something at the one address
/// alone where it would.
pub fn look<T: AccountDeserialize>(account: &AccountInfo) -> Place<T> {
    if is_vacant(account) {
        return Place::Vacant;
    }
    load(account).map_or(Place::Foreign, Place::Found)
}

/// The record of one kind at an address; `None` where nothing has been created. What may be a record of another layout is
/// never passed over as none. Refuses AccountDidNotDeserialize.
pub fn find<T: AccountDeserialize>(account: &AccountInfo) -> Result<Option<T>> {
    match look(account) {
        Place::Found(found) => Ok(Some(found)),
        Place::Vacant => Ok(None),
        Place::Foreign => Err(ErrorCode::AccountDidNotDeserialize.into()),
    }
}

/// Whether nothing has been created at this address. Lamports that somebody sent there do not count.
pub fn is_vacant(account: &AccountInfo) -> bool {
    account.owner == &System::id() && account.data_is_empty()
}

/// The bump of the address that these seeds give: that nothing stands is known there alone. Refuses with `refusal` any
/// other address.
pub fn require_at(account: &AccountInfo, seeds: &[&[u8]], refusal: ScripError) -> Result<u8> {
    let (expected, bump) = Pubkey::find_program_address(seeds, &crate::ID);
    ensure_same!(*account.key, expected, refusal);
    Ok(bump)
}

/// Create an account at a program-derived address.
///
/// `create_account` would fail on an address that anyone sent a lamport to, so anyone could stop anything: there what
/// the rent lacks is paid, and the account allocated and assigned, one by one.
pub fn create<'info>(
    payer: &AccountInfo<'info>,
    account: &AccountInfo<'info>,
    system_program: &AccountInfo<'info>,
    owner: &Pubkey,
    space: usize,
    rent_space: usize,
    seeds: &[&[u8]],
) -> Result<()> {
    let rent = Rent::get()?.minimum_balance(rent_space);
    let space = u64::try_from(space).map_err(|_| ProgramError::InvalidArgument)?.to_le_bytes();
    if account.lamports() == 0 {
        // The instruction's number, 0, stands in front.
        let mut terms = [0; 52];
        terms[4..12].copy_from_slice(&rent.to_le_bytes());
        terms[12..20].copy_from_slice(&space);
        terms[20..].copy_from_slice(owner.as_ref());
        return system(&[payer, account], system_program, terms.to_vec(), seeds);
    }
    let lacking = rent.saturating_sub(account.lamports());
    if lacking > 0 {
        let terms: [&[u8]; 2] = [&TRANSFER, &lacking.to_le_bytes()];
        system(&[payer, account], system_program, terms.concat(), seeds)?;
    }
    system(&[account], system_program, [&ALLOCATE[..], &space].concat(), seeds)?;
    system(&[account], system_program, [&ASSIGN[..], owner.as_ref()].concat(), seeds)
}

/// Pay what an account lacks of the rent of what it has grown to.
pub fn top_up<'info>(
    payer: &AccountInfo<'info>,
    account: &AccountInfo<'info>,
    system_program: &AccountInfo<'info>,
) -> Result<()> {
    let lacking = Rent::get()?.minimum_balance(account.data_len()).saturating_sub(account.lamports());
    if lacking > 0 {
        let terms: [&[u8]; 2] = [&TRANSFER, &lacking.to_le_bytes()];
        // Only who signs the transaction pays: the account itself is no signer.
        system_between(payer, account, system_program, terms.concat())?;
    }
    Ok(())
}

/// Numbers of the system program's instructions.
const ASSIGN: [u8; 4] = [1, 0, 0, 0];
const TRANSFER: [u8; 4] = [2, 0, 0, 0];
const ALLOCATE: [u8; 4] = [8, 0, 0, 0];

/// Call the system program, on accounts that sign: by the transaction, or by these seeds. Encoded by hand: its own crate
/// brings an encoder that takes more of this program than all that is created.
#[inline(never)]
fn system<'info>(
    accounts: &[&AccountInfo<'info>],
    system_program: &AccountInfo<'info>,
    data: Vec<u8>,
    seeds: &[&[u8]],
) -> Result<()> {
    let metas = accounts.iter().map(|account| AccountMeta::new(*account.key, true)).collect();
    let mut named = Vec::with_capacity(3);
    accounts.iter().for_each(|one| named.push((*one).clone()));
    named.push(system_program.clone());
    let call = Instruction { program_id: System::id(), accounts: metas, data };
    // No data of theirs is borrowed here; see `Authority::sign`.
    invoke_signed_unchecked(&call, &named, &[seeds]).map_err(Into::into)
}

/// Call the system program on what a signer gives to an account that does not sign.
fn system_between<'info>(
    from: &AccountInfo<'info>,
    to: &AccountInfo<'info>,
    system_program: &AccountInfo<'info>,
    data: Vec<u8>,
) -> Result<()> {
    let accounts = vec![AccountMeta::new(*from.key, true), AccountMeta::new(*to.key, false)];
    let call = Instruction { program_id: System::id(), accounts, data };
    invoke_signed(&call, &[from.clone(), to.clone(), system_program.clone()], &[]).map_err(Into::into)
}

/// Create one of the program's own accounts and write its first state. Refuses InvariantBroken.
pub fn create_with<'info, T: State + Space>(
    payer: &AccountInfo<'info>,
    account: &AccountInfo<'info>,
    system_program: &AccountInfo<'info>,
    state: &T,
    seeds: &[&[u8]],
) -> Result<()> {
    let space = T::INIT_SPACE.saturating_add(8);
    create(payer, account, system_program, &crate::ID, space, space, seeds)?;
    save(account, state)
}

/// Write an account's state. Refuses InvariantBroken.
pub fn save<T: State>(account: &AccountInfo, state: &T) -> Result<()> {
    state.invariant()?;
    write(account, state)
}

/// Write an account's state as it is. For what only stops something: a stop must work when something is wrong already.
pub fn write<T: State>(account: &AccountInfo, state: &T) -> Result<()> {
    state.try_serialize(&mut &mut account.try_borrow_mut_data()?[..])
}

/// Read one of the program's own accounts; `None` where there is none of this type. Its address is not checked, as in
/// `look`.
pub fn load<T: AccountDeserialize>(account: &AccountInfo) -> Option<T> {
    if account.owner != &crate::ID {
        return None;
    }
    T::try_deserialize(&mut &account.try_borrow_data().ok()?[..]).ok()
}

/// Close an account of this program and send its rent away.
pub fn close<'info>(account: &AccountInfo<'info>, to: &AccountInfo<'info>) -> Result<()> {
    let rent = account.lamports();
    **to.try_borrow_mut_lamports()? = to.lamports().checked_add(rent).ok_or(ProgramError::ArithmeticOverflow)?;
    **account.try_borrow_mut_lamports()? = 0;
    account.assign(&System::id());
    account.resize(0).map_err(Into::into)
}
