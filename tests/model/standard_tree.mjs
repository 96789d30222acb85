// Trees over sanctions lists by @openzeppelin/merkle-tree: for each list of stdin (JSON, lists of 0x-prefixed 32 bytes) its
// root, and for each of its gaps the two ends and the path from their leaf.
import { readFileSync } from "node:fs";
import { StandardMerkleTree } from "@openzeppelin/merkle-tree";

const least = "0x" + "00".repeat(32);
const greatest = "0x" + "ff".repeat(32);
const told = JSON.parse(readFileSync(0, "utf8")).map((listed) => {
  const ends = [least, ...[...listed].sort(), greatest];
  const gaps = ends.slice(1).map((high, at) => [ends[at], high]);
  const tree = StandardMerkleTree.of(gaps, ["bytes32", "bytes32"]);
  return { root: tree.root, gaps: gaps.map((gap) => [...gap, tree.getProof(gap)]) };
});
console.log(JSON.stringify(told));
