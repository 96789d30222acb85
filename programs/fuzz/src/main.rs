//! Draws sequences of instructions against the program's binary in LiteSVM, and holds the chain to books of its own.
//!
//!     fuzz --program stock_token.so --idl stock_token.json [--instructions N] [--length N] [--seed N] [--json FILE]
//!          [--sequence N]
//!
//! A run is told by its seed, and each of its sequences by its number: `--sequence` plays that one again and says each
//! step. Exit 1 when a sentence does not hold: the sequence is then made as short as it can be, and shown.
mod books;
mod cast;
mod chain;
mod draw;
mod idl;
mod judge;
mod run;

use draw::{Step, BLOCK, WEIGHTS};
use rand_chacha::{
    rand_core::{RngCore, SeedableRng},
    ChaCha8Rng,
};
use run::{Counts, World};
use serde_json::{json, Map, Value};
use std::{collections::BTreeSet, env, fs, path::PathBuf, process::exit, time::Instant};

/// Instructions that no sequence has, and why: where the interface has one that is neither here nor drawn, nothing runs.
const UNREACHED: &[(&str, &str)] = &[
    ("publish_list", LISTS),
    ("screen", LISTS),
    ("set_sanctions_oracle", LISTS),
    ("suspend_sanctions_oracle", LISTS),
    ("unblock_wallet", LISTS),
];
const LISTS: &str = "no books are kept of sanctions lists: no issuer here asks for one";
/// From how many instructions on each must have been carried out once.
const WHOLE: u64 = 50_000;
/// Different sentences that may break before a run ends.
const SENTENCES: usize = 8;
/// Shorter sequences that are tried for one that breaks something.
const ATTEMPTS: usize = 600;

struct Options {
    program: PathBuf,
    idl: PathBuf,
    instructions: u64,
    length: usize,
    seed: u64,
    sequence: Option<u64>,
    json: Option<PathBuf>,
}

fn options() -> Options {
    let mut found = Options {
        program: "target/deploy/stock_token.so".into(),
        idl: "target/idl/stock_token.json".into(),
        instructions: 20_000,
        length: 400,
        seed: 1,
        sequence: None,
        json: None,
    };
    let words: Vec<String> = env::args().skip(1).collect();
    for pair in words.chunks(2) {
        let [name, value] = pair else { panic!("{} needs a value", pair[0]) };
        let number = || value.parse::<u64>().unwrap_or_else(|_| panic!("{name}: {value} is no number"));
        match name.as_str() {
            "--program" => found.program = value.into(),
            "--idl" => found.idl = value.into(),
            "--instructions" => found.instructions = number(),
            "--length" => found.length = number() as usize,
            "--seed" => found.seed = number(),
            "--sequence" => found.sequence = Some(number()),
            "--json" => found.json = Some(value.into()),
            _ => panic!("no such option: {name}"),
        }
    }
    found
}

/// The bytes of a sequence's steps.
fn blocks(seed: u64, sequence: u64, length: usize) -> Vec<Vec<u8>> {
    let mut random = ChaCha8Rng::seed_from_u64(seed);
    random.set_stream(sequence);
    (0..length)
        .map(|_| {
            let mut block = vec![0; BLOCK];
            random.fill_bytes(&mut block);
            block
        })
        .collect()
}

/// What a sequence broke: the sentence, and in which of its steps.
struct Broken {
    sentence: String,
    at: usize,
}

fn tell(number: usize, step: &Step, outcome: &run::Outcome, known: &[idl::Known]) {
    let verdict = if outcome.done { "done" } else { "refused" };
    let more = match step {
        Step::Call(call) => {
            let slots = known[call.known].accounts.iter().map(|slot| slot.name.as_str());
            let named = |(name, at): (&str, &solana_instruction::AccountMeta)| {
                let who =
                    cast::name_of(&at.pubkey).map_or_else(|| at.pubkey.to_string()[..6].to_owned(), str::to_owned);
                format!("{name}={who}{}", if at.is_signer { "!" } else { "" })
            };
            let rest = std::iter::repeat("+");
            let accounts: Vec<String> = slots.chain(rest).zip(&call.metas).map(named).collect();
            let data: String = call.data[8..].iter().map(|byte| format!("{byte:02x}")).collect();
            format!("{}{} {data}", accounts.join(" "), if call.bent { " BENT" } else { "" })
        }
        Step::Native(native) => format!("{native:?}"),
        Step::Pass(seconds) => format!("{seconds} s"),
        Step::Deposit(stock, shares) => format!("{shares} of stock {stock}"),
        Step::Spoil(stock) => format!("of stock {stock}"),
    };
    println!("{number:4} {verdict:7} {} {more} {}", outcome.name, outcome.why);
}

fn play(
    base: &World,
    blocks: &[Vec<u8>],
    known: &[idl::Known],
    counts: &mut Counts,
    talk: bool,
) -> Result<u64, Broken> {
    let mut world = base.clone();
    let mut sent = 0;
    for (at, block) in blocks.iter().enumerate() {
        let (step, outcome) = world.take(block, known, counts);
        sent += u64::from(matches!(step, Step::Call(_)));
        if talk {
            tell(at, &step, &outcome, known);
        }
        if let Some(sentence) = outcome.broken {
            return Err(Broken { sentence: format!("{}: {sentence}", outcome.name), at });
        }
    }
    let end = blocks.len().saturating_sub(1);
    world.audit().map_err(|sentence| Broken { sentence: format!("the end: {sentence}"), at: end })?;
    Ok(sent)
}

/// The same sentence, whatever its numbers are.
fn alike(one: &str, other: &str) -> bool {
    let plain =
        |text: &str| -> String { text.split([':', '(']).take(2).collect::<String>().chars().take(90).collect() };
    plain(one) == plain(other)
}

/// Leave out steps for as long as the same sentence breaks.
fn shrink(base: &World, mut steps: Vec<Vec<u8>>, sentence: &str, known: &[idl::Known]) -> Vec<Vec<u8>> {
    let (mut size, mut tries) = (steps.len() / 2, 0);
    while size > 0 && tries < ATTEMPTS {
        let mut at = 0;
        while at < steps.len() && tries < ATTEMPTS {
            tries += 1;
            let end = (at + size).min(steps.len());
            let shorter: Vec<_> = steps[..at].iter().chain(&steps[end..]).cloned().collect();
            match play(base, &shorter, known, &mut Counts::new(), false) {
                Err(broken) if alike(&broken.sentence, sentence) => steps = shorter[..=broken.at].to_vec(),
                _ => at = end,
            }
        }
        size /= 2;
    }
    steps
}

/// What the generator lacks of the interface, and what it has that the interface lacks.
fn strangers(known: &[idl::Known]) -> Vec<String> {
    let told: BTreeSet<&str> = known.iter().map(|one| one.name.as_str()).collect();
    let drawn: BTreeSet<&str> = WEIGHTS.iter().map(|one| one.0).collect();
    let judged: BTreeSet<&str> = judge::RULES.iter().map(|one| one.0).collect();
    let undrawn = |name: &&&str| !UNREACHED.iter().any(|(one, _)| one == *name);
    let lists = [&drawn, &judged];
    lists
        .iter()
        .flat_map(|list| told.symmetric_difference(list))
        .filter(undrawn)
        .map(|name| (*name).to_owned())
        .collect()
}

fn main() {
    let options = options();
    let known = idl::read(&options.idl);
    let strangers = strangers(&known);
    if !strangers.is_empty() {
        eprintln!("fuzz: the interface and what is drawn and judged differ: {}", strangers.join(", "));
        exit(1);
    }
    let started = Instant::now();
    let mut counts = Counts::new();
    let base = World::new(&options.program, &known, &mut counts);
    if let Some(number) = options.sequence {
        let broken = play(&base, &blocks(options.seed, number, options.length), &known, &mut counts, true).err();
        println!("{}", broken.as_ref().map_or("nothing found", |one| one.sentence.as_str()));
        exit(i32::from(broken.is_some()));
    }
    let (mut sent, mut sequence, mut failures, mut told) = (0, 0, Vec::new(), Vec::<String>::new());
    while sent < options.instructions && failures.len() < SENTENCES {
        let steps = blocks(options.seed, sequence, options.length);
        match play(&base, &steps, &known, &mut counts, false) {
            Ok(more) => sent += more,
            Err(broken) => {
                println!("seed {}, sequence {sequence}, step {}: {}", options.seed, broken.at, broken.sentence);
                sent += broken.at as u64;
                if told.iter().any(|one| alike(one, &broken.sentence)) {
                    sequence += 1;
                    continue;
                }
                told.push(broken.sentence.clone());
                let short = shrink(&base, steps[..=broken.at].to_vec(), &broken.sentence, &known);
                println!("{} steps break it:", short.len());
                let _ = play(&base, &short, &known, &mut Counts::new(), true);
                failures.push(json!({"sentence": broken.sentence, "sequence": sequence, "step": broken.at,
                                     "shortest": short.len(), "instructions": sent}));
            }
        }
        sequence += 1;
    }
    let names: BTreeSet<&str> = known.iter().map(|one| one.name.as_str()).collect();
    let never: Vec<&str> = names
        .iter()
        .filter(|name| counts.get(**name).is_none_or(|count| count.done == 0))
        .filter(|name| !UNREACHED.iter().any(|(one, _)| one == *name))
        .copied()
        .collect();
    let missed = sent >= WHOLE && !never.is_empty();
    let (mut by, mut holders) = (Map::new(), Map::new());
    for (name, count) in &counts {
        let told = json!({"done": count.done, "refused": count.refused});
        let list = if names.contains(name.as_str()) { &mut by } else { &mut holders };
        list.insert(name.clone(), told);
    }
    let seconds = started.elapsed().as_secs_f64();
    let figures = json!({
        "instructions": sent, "failures": failures.len() + usize::from(missed), "found": Value::Array(failures.clone()),
        "seed": options.seed, "sequences": sequence, "length": options.length, "seconds": seconds.round(),
        "each_second": (sent as f64 / seconds).round(), "by_instruction": by, "beside": holders, "never": never,
    });
    if let Some(path) = &options.json {
        let text = serde_json::to_string_pretty(&figures).expect("figures are JSON");
        fs::write(path, text + "\n").unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }
    println!(
        "{sent} instructions in {seconds:.0} s, {} found; never carried out: {}",
        failures.len(),
        never.join(", ")
    );
    exit(i32::from(!failures.is_empty() || missed));
}
