// A Merkle tree over COUNT accounts by @openzeppelin/merkle-tree: its root, and the CPU seconds that it took.
//
//   node openzeppelin_tree.mjs COUNT
//
// The accounts are those of tools/holders_job.py `merkle`: account i is 20 bytes of i's own, due i + 1. The time begins
// once all rows stand in memory.
import { StandardMerkleTree } from "@openzeppelin/merkle-tree";

const count = Number(process.argv[2]);
const rows = Array.from({ length: count }, (_, index) => {
  const account = "0x" + (BigInt(index) * 0x9e3779b97f4a7c15n + 1n).toString(16).padStart(40, "0").slice(-40);
  return [index, account, String(index + 1)];
});
const started = process.cpuUsage();
const tree = StandardMerkleTree.of(rows, ["uint256", "address", "uint256"]);
const { user, system } = process.cpuUsage(started);
console.log(JSON.stringify({ leaves: count, seconds: (user + system) / 1e6, root: tree.root }));
