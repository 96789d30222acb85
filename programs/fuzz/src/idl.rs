//! The program's interface, as its IDL tells it: which instructions there are, and which accounts each one names.
use serde_json::Value;
use std::{fs, path::Path};

/// An account that an instruction names.
pub struct Slot {
    pub name: String,
    pub writable: bool,
    pub signer: bool,
}

/// An instruction of the program.
pub struct Known {
    pub name: String,
    pub discriminator: Vec<u8>,
    pub accounts: Vec<Slot>,
}

impl Known {
    /// Where the account of a name stands.
    pub fn place(&self, name: &str) -> Option<usize> {
        self.accounts.iter().position(|slot| slot.name == name)
    }
}

fn list<'a>(of: &'a Value, key: &str) -> &'a [Value] {
    of[key].as_array().map_or(&[], Vec::as_slice)
}

/// Every instruction of an IDL, in its order.
pub fn read(path: &Path) -> Vec<Known> {
    let text = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let idl: Value = serde_json::from_slice(&text).expect("an IDL is JSON");
    let known = |one: &Value| Known {
        name: one["name"].as_str().expect("an instruction has a name").to_owned(),
        discriminator: list(one, "discriminator").iter().map(|byte| byte.as_u64().unwrap_or(0) as u8).collect(),
        accounts: list(one, "accounts").iter().map(slot).collect(),
    };
    let found: Vec<Known> = list(&idl, "instructions").iter().map(known).collect();
    assert!(!found.is_empty(), "{}: no instructions", path.display());
    found
}

fn slot(one: &Value) -> Slot {
    Slot {
        name: one["name"].as_str().expect("an account has a name").to_owned(),
        writable: one["writable"].as_bool().unwrap_or(false),
        signer: one["signer"].as_bool().unwrap_or(false),
    }
}
