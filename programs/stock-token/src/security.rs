//! Where to report a fault, in the form that explorers look for in a program's binary (security.txt, version 1).

/// Names and values, each ended by a zero, between the two marks.
#[used]
pub static SECURITY_TXT: [u8; TEXT.len()] = text();

const TEXT: &str = concat!(
    "=======BEGIN SECURITY.TXT V1=======\0",
    "name\0Scrip stock-token\0",
    "project_url\0the repository that this program was built from\0",
    "contacts\0other:a private vulnerability report on that repository's host\0",
    "policy\0SECURITY.md of that repository\0",
    "preferred_languages\0en\0",
    "source_revision\0",
    env!("CARGO_PKG_VERSION"),
    "\0",
    "auditors\0None\0",
    "=======END SECURITY.TXT V1=======\0"
);

#[allow(clippy::arithmetic_side_effects, clippy::indexing_slicing)] // when it is compiled: an overflow stops that
const fn text() -> [u8; TEXT.len()] {
    let (mut bytes, mut at) = ([0; TEXT.len()], 0);
    while at < TEXT.len() {
        bytes[at] = TEXT.as_bytes()[at];
        at += 1;
    }
    bytes
}
