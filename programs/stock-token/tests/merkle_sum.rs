//! The Merkle-sum tree that cash dividends are paid by, written a second time: from the layout, and in another language
//! than the model and the contract. It answers the shared vectors.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::arithmetic_side_effects)]
mod cases;

use cases::{bytes32, cases, is, number, whole, word32};
use serde_json::Value;
use solana_keccak_hasher::{hash, hashv};

type Word = [u8; 32];

/// A node: its hash, and the sum of the net amounts under it.
type Node = (Word, u128);

/// The depth of a block that is pushed at once, and the least of any tree.
const PUSHED_DEPTH: usize = 7;

/// An integer as a word, the highest byte first; `top` sets the word's first bit.
fn word(value: u128, top: bool) -> Word {
    let mut found = [0; 32];
    found[16..].copy_from_slice(&value.to_be_bytes());
    found[0] = u8::from(top) << 7;
    found
}

/// index | pushable << 255, account, gross << 128 | withheld, net.
fn leaf(index: u128, account: &Word, [gross, withheld, net]: [u128; 3], pushable: bool) -> Node {
    let amounts = [gross.to_be_bytes(), withheld.to_be_bytes()].concat();
    let hashed = hashv(&[&word(index, pushable), account, &amounts, &word(net, false)]);
    (hashed.to_bytes(), net)
}

/// Left hash, left sum, right hash, right sum | 1 << 255; `None` where the sum has more than 128 bits.
fn parent(left: Node, right: Node) -> Option<Node> {
    let sum = left.1.checked_add(right.1)?;
    Some((hashv(&[&left.0, &word(left.1, false), &right.0, &word(right.1, true)]).to_bytes(), sum))
}

/// The node at a level under which nobody stands.
fn nothing(level: usize) -> Node {
    (0..level).fold(([0; 32], 0), |node, _| parent(node, node).unwrap())
}

/// The node over leaves that stand from the left on, at a depth.
fn over(mut nodes: Vec<Node>, depth: usize) -> Node {
    for level in 0..depth {
        if nodes.len() % 2 == 1 {
            nodes.push(nothing(level));
        }
        nodes = nodes.chunks(2).map(|pair| parent(pair[0], pair[1]).unwrap()).collect();
    }
    assert_eq!(nodes.len(), 1);
    nodes[0]
}

/// The leaves of a tree's or a block's row: account, gross, withheld, net, pushable.
fn rows(case: &Value, first: u128) -> Vec<Node> {
    let rows = case["leaves"].as_array().unwrap().iter();
    let node = |(index, row): (u128, &Value)| {
        let amounts = [1, 2, 3].map(|at| whole(&row[at]).unwrap());
        leaf(index, &bytes32(&row[0]), amounts, row[4].as_bool().unwrap())
    };
    (first..).zip(rows).map(node).collect()
}

/// The siblings of a proof; `None` where a sum has more than 128 bits.
fn siblings(case: &Value) -> Option<Vec<Node>> {
    let (hashes, sums) = (case["hashes"].as_array().unwrap(), case["sums"].as_array().unwrap());
    assert_eq!(hashes.len(), sums.len());
    hashes.iter().zip(sums).map(|(at, sum)| Some((bytes32(at), whole(sum)?))).collect()
}

/// From a node up, by its siblings; `None` where a sum leaves 128 bits.
fn climb(from: Node, mut path: u128, proof: &[Node]) -> Option<Node> {
    proof.iter().try_fold(from, |node, sibling| {
        let above = if path & 1 == 1 { parent(*sibling, node) } else { parent(node, *sibling) };
        path >>= 1;
        above
    })
}

fn depth_of(case: &Value) -> usize {
    usize::try_from(number(case, "depth").unwrap()).unwrap()
}

fn root_of(case: &Value) -> Node {
    (word32(case, "root"), number(case, "root_sum").unwrap())
}

/// A case's own leaf; `None` where an amount has more than 128 bits.
fn leaf_of(case: &Value) -> Option<Node> {
    let [gross, withheld, net] = ["gross", "withheld", "net"].map(|field| number(case, field));
    let amounts = [gross?, withheld?, net?];
    Some(leaf(number(case, "index").unwrap(), &word32(case, "account"), amounts, is(case, "pushable")))
}

/// Why a proof is not good, as the vectors name it; empty where it is.
fn fault(case: &Value) -> &'static str {
    let depth = depth_of(case);
    let Some(index) = number(case, "index").filter(|index| index >> depth == 0) else { return "index" };
    if case["hashes"].as_array().unwrap().len() != depth {
        return "length";
    }
    let Some((node, proof)) = leaf_of(case).zip(siblings(case)) else { return "amount" };
    match climb(node, index, &proof) {
        None => "sum",
        Some(top) if top == root_of(case) => "",
        Some(_) => "root",
    }
}

#[test]
fn leaves() {
    for case in cases("merkle_sum.json", "leaf") {
        assert_eq!(leaf_of(&case).unwrap().0, word32(&case, "hash"), "{case}");
    }
}

#[test]
fn nodes() {
    for case in cases("merkle_sum.json", "node") {
        let [left, right] = [("left_hash", "left_sum"), ("right_hash", "right_sum")]
            .map(|(at, sum)| (word32(&case, at), number(&case, sum).unwrap()));
        let expected = is(&case, "fits").then(|| (word32(&case, "hash"), number(&case, "sum").unwrap()));
        assert_eq!(parent(left, right), expected, "{case}");
    }
    for case in cases("merkle_sum.json", "empty") {
        let level = usize::try_from(number(&case, "level").unwrap()).unwrap();
        assert_eq!(nothing(level), (word32(&case, "hash"), 0), "{case}");
    }
}

#[test]
fn trees() {
    let mut built = 0;
    for case in cases("merkle_sum.json", "tree") {
        let (count, nodes) = (number(&case, "count").unwrap(), rows(&case, 0));
        let least = usize::try_from(128 - (count - 1).leading_zeros()).unwrap();
        assert_eq!(depth_of(&case), least.max(PUSHED_DEPTH), "{case}");
        if nodes.is_empty() {
            continue; // of a large one the file holds the root alone
        }
        let root = (word32(&case, "root"), number(&case, "sum").unwrap());
        assert_eq!(over(nodes, depth_of(&case)), root, "{case}");
        built += 1;
    }
    assert!(built > 2, "only {built} trees were built");
}

#[test]
fn blocks() {
    for case in cases("merkle_sum.json", "block") {
        let first = number(&case, "first").unwrap();
        let node = over(rows(&case, first), PUSHED_DEPTH);
        assert_eq!(node, (word32(&case, "hash"), number(&case, "sum").unwrap()));
        assert_eq!(climb(node, first >> PUSHED_DEPTH, &siblings(&case).unwrap()), Some(root_of(&case)));
    }
}

#[test]
fn proofs() {
    let mut refused = Vec::new();
    for case in cases("merkle_sum.json", "proof") {
        assert_eq!(fault(&case), case["refused"].as_str().unwrap(), "{case}");
        refused.push(fault(&case));
    }
    for reason in ["", "index", "length", "amount", "sum", "root"] {
        assert!(refused.contains(&reason), "no proof is refused for: {reason}");
    }
}

#[test]
fn roots_are_bound() {
    let domain = hash(b"Scrip Merkle-sum root 1").to_bytes();
    for case in cases("merkle_sum.json", "bound") {
        let [chain, token, action, block_hash] =
            ["chain", "token", "action", "block_hash"].map(|field| word32(&case, field));
        let [block, depth] = ["block", "depth"].map(|field| word(number(&case, field).unwrap(), false));
        let (root, sum) = root_of(&case);
        let parts: [&[u8]; 9] =
            [&domain, &chain, &token, &action, &block, &block_hash, &depth, &root, &word(sum, false)];
        assert_eq!(hashv(&parts).to_bytes(), word32(&case, "bound"), "{case}");
    }
}
