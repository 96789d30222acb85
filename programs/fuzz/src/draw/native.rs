//! What holders do without the program: the token programs' own instructions, and what the books make of them.
use super::{Draw, Step};
use crate::{
    books::{Account, Books},
    cast::*,
};
use solana_instruction::{AccountMeta, Instruction};
use solana_pubkey::Pubkey;

#[derive(Clone, Debug)]
pub enum Native {
    Open {
        stock: usize,
        holder: Pubkey,
    },
    /// A token account that is not the canonical one.
    OpenOther {
        stock: usize,
        holder: Pubkey,
        at: Pubkey,
    },
    Transfer {
        stock: usize,
        from: Pubkey,
        to: Pubkey,
        amount: u64,
        by: Pubkey,
    },
    Burn {
        stock: usize,
        from: Pubkey,
        amount: u64,
        by: Pubkey,
    },
    Close {
        at: Pubkey,
        by: Pubkey,
    },
    /// A token account is given to somebody else.
    Give {
        at: Pubkey,
        to: Pubkey,
        by: Pubkey,
    },
}

/// Bytes of a token account of a stock: what its mint's extensions make every one have.
const SPACE: u64 = 175;

impl Native {
    pub fn calls(&self, books: &Books) -> Vec<Instruction> {
        let token = |data: Vec<u8>, accounts| vec![Instruction { program_id: TOKEN_2022, accounts, data }];
        let (written, read) = (AccountMeta::new, AccountMeta::new_readonly);
        match self {
            Self::Open { stock, holder } => {
                let mint = books.stocks[*stock].mint;
                let accounts = vec![
                    written(key("payer"), true),
                    written(canonical(holder, &mint), false),
                    read(*holder, false),
                    read(mint, false),
                    read(SYSTEM, false),
                    read(TOKEN_2022, false),
                ];
                vec![Instruction { program_id: ASSOCIATED, accounts, data: vec![1] }]
            }
            Self::OpenOther { stock, holder, at } => {
                let mut data = vec![0, 0, 0, 0];
                data.extend(3_000_000u64.to_le_bytes());
                data.extend(SPACE.to_le_bytes());
                data.extend(TOKEN_2022.as_ref());
                let accounts = vec![written(key("payer"), true), written(*at, true)];
                let create = Instruction { program_id: SYSTEM, accounts, data };
                let accounts = vec![written(*at, false), read(books.stocks[*stock].mint, false)];
                let data = [&[18], holder.as_ref()].concat();
                vec![create, Instruction { program_id: TOKEN_2022, accounts, data }]
            }
            Self::Transfer { stock, from, to, amount, by } => {
                let mint = read(books.stocks[*stock].mint, false);
                let data = [&[12], &amount.to_le_bytes()[..], &[8]].concat();
                token(data, vec![written(*from, false), mint, written(*to, false), read(*by, true)])
            }
            Self::Burn { stock, from, amount, by } => {
                let mint = written(books.stocks[*stock].mint, false);
                token([&[8], &amount.to_le_bytes()[..]].concat(), vec![written(*from, false), mint, read(*by, true)])
            }
            Self::Close { at, by } => {
                token(vec![9], vec![written(*at, false), written(key("payer"), false), read(*by, true)])
            }
            Self::Give { at, to, by } => {
                token([&[6, 2, 1], to.as_ref()].concat(), vec![written(*at, false), read(*by, true)])
            }
        }
    }

    /// Enter what was carried out.
    pub fn accept(&self, books: &mut Books) -> Result<(), String> {
        let open = |books: &Books, at: &Pubkey, by: &Pubkey| -> Result<usize, String> {
            let account = books.accounts.get(at).ok_or("What holders do is about token accounts.")?;
            match (account.owner == *by, account.frozen, books.stocks[account.stock].paused) {
                (false, ..) => Err("Nobody but its owner moves what is in a token account.".into()),
                (_, true, _) => Err("Nothing moves out of a frozen account or into one, but by force.".into()),
                (.., true) => Err("In a pause nothing moves but by force.".into()),
                _ => Ok(account.stock),
            }
        };
        match self {
            Self::Open { stock, holder } => {
                let at = canonical(holder, &books.stocks[*stock].mint);
                let frozen = books.stocks[*stock].born_frozen;
                let born = Account { stock: *stock, owner: *holder, amount: 0, frozen };
                books.accounts.entry(at).or_insert(born);
            }
            Self::OpenOther { stock, holder, at } => {
                let frozen = books.stocks[*stock].born_frozen;
                books.accounts.insert(*at, Account { stock: *stock, owner: *holder, amount: 0, frozen });
            }
            Self::Transfer { from, to, amount, by, .. } => {
                open(books, from, by)?;
                let owner = books.accounts.get(to).map(|one| one.owner).unwrap_or_default();
                open(books, to, &owner)?;
                let source = books.accounts.get_mut(from).expect("it is there");
                source.amount = source.amount.checked_sub(*amount).ok_or("Nobody gives more units than there are.")?;
                books.accounts.get_mut(to).expect("it is there").amount += amount;
            }
            Self::Burn { from, amount, by, .. } => {
                let stock = open(books, from, by)?;
                let source = books.accounts.get_mut(from).expect("it is there");
                source.amount = source.amount.checked_sub(*amount).ok_or("Nobody gives more units than there are.")?;
                books.stocks[stock].supply -= amount;
            }
            Self::Close { at, by } => {
                let gone = books.accounts.remove(at).ok_or("What holders do is about token accounts.")?;
                if gone.amount != 0 || gone.owner != *by {
                    return Err("Nobody but its owner closes a token account, and none with units in it.".into());
                }
            }
            Self::Give { at, to, by } => {
                let account = books.accounts.get_mut(at).ok_or("What holders do is about token accounts.")?;
                if account.owner != *by || account.frozen {
                    return Err("Nobody but its owner gives a token account away, and no frozen one.".into());
                }
                account.owner = *to;
            }
        }
        Ok(())
    }
}

impl Draw<'_> {
    /// What somebody does without the program.
    pub fn native(&mut self) -> Step {
        let (stock, holder) = (self.stock(), self.holder());
        let Some((at, account)) = self.account(stock) else { return Step::Native(Native::Open { stock, holder }) };
        let by = if self.chance(12) { self.somebody() } else { account.owner };
        let amount = self.part(account.amount);
        Step::Native(match self.below(12) {
            0..=2 => Native::Open { stock, holder },
            3 => Native::OpenOther { stock, holder, at: key(&format!("aux{}", self.below(6))) },
            4 => Native::Burn { stock, from: at, amount: amount.min(1 << 30), by },
            5 => Native::Close { at, by },
            6 => Native::Give { at, to: holder, by },
            _ => {
                let to = self.account(stock).map_or(at, |one| one.0);
                Native::Transfer { stock, from: at, to, amount, by }
            }
        })
    }
}
