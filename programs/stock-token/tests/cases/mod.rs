//! Reads the shared vectors that the model writes.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::arithmetic_side_effects)]
use serde_json::Value;
use std::{fs, path::Path};

/// The cases of one list of a file.
pub fn cases(file: &str, name: &str) -> Vec<Value> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/vectors").join(file);
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let all: Value = serde_json::from_str(&text).unwrap();
    let found = all[name].as_array().expect("a list of cases").clone();
    assert!(!found.is_empty());
    found
}

/// A number of a case; `None` when it is negative or does not fit 128 bits, which nobody can send to the program.
pub fn number(case: &Value, field: &str) -> Option<u128> {
    whole(&case[field])
}

/// A number, which the file writes as text where JSON's readers would lose digits; `None` as above.
pub fn whole(value: &Value) -> Option<u128> {
    match value {
        Value::String(digits) => digits.parse().ok(),
        other => other.as_u64().map(u128::from),
    }
}

/// Whether a case says so.
pub fn is(case: &Value, field: &str) -> bool {
    case[field].as_bool().unwrap()
}

/// 32 bytes of a case.
pub fn word32(case: &Value, field: &str) -> [u8; 32] {
    bytes32(&case[field])
}

/// 32 bytes, in hexadecimal.
pub fn bytes32(value: &Value) -> [u8; 32] {
    let digits = value.as_str().unwrap().strip_prefix("0x").unwrap();
    let bytes = (0..32).map(|at| u8::from_str_radix(&digits[2 * at..2 * at + 2], 16).unwrap());
    assert_eq!(digits.len(), 64);
    bytes.collect::<Vec<_>>().try_into().unwrap()
}
