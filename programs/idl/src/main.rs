//! Prints the IDL of the Anchor program at the given path.
use anchor_lang_idl::build::IdlBuilder;
use std::{env, error::Error};

fn main() -> Result<(), Box<dyn Error>> {
    let program = env::args().nth(1).ok_or("usage: idl PROGRAM_PATH")?;
    let idl = IdlBuilder::new().program_path(program.into()).resolution(true).build()?;
    println!("{}", serde_json::to_string_pretty(&idl)?);
    Ok(())
}
