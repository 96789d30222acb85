// A wallet that nobody here wrote, with web3.js: what a file beside a quote holds, signed as Solana Pay and Actions say.
// A transaction that nobody has signed gets the account as its payer and a newer blockhash; then it is signed and sent.
import { readFileSync } from "node:fs";
import { Connection, Keypair, Transaction, VersionedTransaction } from "@solana/web3.js";

const [url, seedHex, file] = process.argv.slice(2);
const connection = new Connection(url, "confirmed");
const account = Keypair.fromSeed(Buffer.from(seedHex, "hex"));
const found = JSON.parse(readFileSync(file, "utf8"));
const told = [];
for (const name of ["opening", "transaction"].filter((one) => one in found)) {
  const bytes = Buffer.from(found[name], "base64");
  const versioned = VersionedTransaction.deserialize(bytes);
  const legacy = Transaction.from(bytes);
  const empty = versioned.signatures.every((one) => one.every((byte) => byte === 0));
  legacy.recentBlockhash = (await connection.getLatestBlockhash()).blockhash;
  legacy.sign(account);
  const signature = await connection.sendRawTransaction(legacy.serialize());
  const { value } = await connection.confirmTransaction({ signature, ...(await connection.getLatestBlockhash()) });
  told.push({
    name,
    version: versioned.version,
    empty,
    signers: versioned.message.header.numRequiredSignatures,
    payer: versioned.message.staticAccountKeys[0].toBase58(),
    bytes: bytes.length,
    blockhash: versioned.message.recentBlockhash,
    error: value.err,
  });
}
process.stdout.write(JSON.stringify(told));
process.exit(0);
