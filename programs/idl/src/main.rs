//! Prints the IDL of the program at the given path, with every kind of account that the program owns.
//!
//! Anchor lists an account only where an instruction takes it as one. Records that this program creates or reads itself
//! would be missing, and no client could decode them.
use anchor_lang::{Discriminator, IdlBuild};
use anchor_lang_idl::{
    build::IdlBuilder,
    types::{Idl, IdlAccount, IdlArrayLen, IdlDefinedFields, IdlType, IdlTypeDef, IdlTypeDefTy},
};
use std::{collections::BTreeMap, env, error::Error};
use stock_token::state::{
    Action, Asset, Custodian, Hold, Investor, Locked, Operation, Provider, SanctionsList, Timelock, Unlisted, UsedKey,
    Wallet,
};

fn main() -> Result<(), Box<dyn Error>> {
    let program = env::args().nth(1).ok_or("usage: idl PROGRAM_PATH")?;
    let mut idl = IdlBuilder::new().program_path(program.into()).resolution(true).build()?;
    list::<Action>(&mut idl);
    list::<Asset>(&mut idl);
    list::<Custodian>(&mut idl);
    list::<Hold>(&mut idl);
    list::<Investor>(&mut idl);
    list::<Operation>(&mut idl);
    list::<Provider>(&mut idl);
    list::<SanctionsList>(&mut idl);
    list::<Timelock>(&mut idl);
    list::<Unlisted>(&mut idl);
    list::<Locked>(&mut idl);
    list::<UsedKey>(&mut idl);
    list::<Wallet>(&mut idl);
    idl.types.iter_mut().for_each(in_bytes);
    idl.accounts.sort_by(|one, other| one.name.cmp(&other.name));
    idl.types.sort_by(|one, other| one.name.cmp(&other.name));
    println!("{}", without_paths(&serde_json::to_string_pretty(&idl)?));
    Ok(())
}

/// Add an account and the types that it is made of.
fn list<T: Discriminator + IdlBuild>(idl: &mut Idl) {
    let mut types = BTreeMap::new();
    T::insert_types(&mut types);
    let own = T::create_type();
    if let Some(account) = &own {
        idl.accounts.push(IdlAccount { name: short(&account.name).into(), discriminator: T::DISCRIMINATOR.into() });
    }
    let new: Vec<IdlTypeDef> = own.into_iter().chain(types.into_values()).collect();
    for one in new {
        let name = short(&one.name).to_owned();
        if idl.types.iter().all(|known| known.name != name) {
            idl.types.push(IdlTypeDef { name, ..one });
        }
    }
}

/// The version that an account begins with, and the bytes that it ends with, are types to the program alone: to clients
/// a byte, and bytes.
fn in_bytes(one: &mut IdlTypeDef) {
    let IdlTypeDefTy::Struct { fields: Some(IdlDefinedFields::Named(fields)) } = &mut one.ty else { return };
    for field in fields {
        let IdlType::Defined { name, .. } = &field.ty else { continue };
        let count = short(name).strip_prefix("Reserved<").and_then(|rest| rest.strip_suffix('>'));
        if short(name) == "Version" {
            field.ty = IdlType::U8;
        } else if let Some(count) = count.and_then(|count| count.parse().ok()) {
            field.ty = IdlType::Array(Box::new(IdlType::U8), IdlArrayLen::Value(count));
        }
    }
}

/// A type's name without its module.
fn short(path: &str) -> &str {
    path.rsplit("::").next().unwrap_or(path)
}

/// The text with names of types where paths to them stood.
fn without_paths(text: &str) -> String {
    let mut parts = text.split("\"stock_token::");
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (path, rest) = part.split_once('"').unwrap_or((part, ""));
        plain.push_str(&format!("\"{}\"{rest}", short(path)));
    }
    plain
}
