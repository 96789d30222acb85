// A wallet that nobody here wrote: @solana/spl-token and web3.js, given a node's URL and a mint. One JSON object comes out.
import { Connection, Keypair, PublicKey, sendAndConfirmTransaction, Transaction } from "@solana/web3.js";
import * as spl from "@solana/spl-token";

const [url, mintText, seedHex, bobText, outsiderText] = process.argv.slice(2);
const connection = new Connection(url, "confirmed");
const mint = new PublicKey(mintText);
const alice = Keypair.fromSeed(Buffer.from(seedHex, "hex"));
const program = spl.TOKEN_2022_PROGRAM_ID;
const accountOf = (owner) => spl.getAssociatedTokenAddressSync(mint, owner, true, program);
const from = accountOf(alice.publicKey);

async function show() {
  const state = await spl.getMint(connection, mint, "confirmed", program);
  const scaled = spl.getScaledUiAmountConfig(state);
  const metadata = await spl.getTokenMetadata(connection, mint, "confirmed", program);
  const account = await spl.getAccount(connection, from, "confirmed", program);
  const balance = await connection.getTokenAccountBalance(from, "confirmed");
  const parsed = await connection.getParsedAccountInfo(from, "confirmed");
  return {
    decimals: state.decimals,
    supply: state.supply.toString(),
    multiplier: scaled.multiplier,
    nextMultiplier: scaled.newMultiplier,
    nextFrom: Number(scaled.newMultiplierEffectiveTimestamp),
    paused: spl.getPausableConfig(state).paused,
    delegate: spl.getPermanentDelegate(state).delegate.toBase58(),
    name: metadata.name,
    symbol: metadata.symbol,
    raw: account.amount.toString(),
    frozen: account.isFrozen,
    ui: balance.value.uiAmountString,
    uiParsed: parsed.value.data.parsed.info.tokenAmount.uiAmountString,
    uiSimulated: await spl.amountToUiAmount(connection, alice, mint, account.amount, program),
    uiComputed: await spl.amountToUiAmountForMintWithoutSimulation(connection, mint, account.amount),
  };
}

async function transfer(to, units) {
  const target = accountOf(to);
  const calls = [
    spl.createAssociatedTokenAccountIdempotentInstruction(alice.publicKey, target, to, mint, program),
    spl.createTransferCheckedInstruction(from, mint, target, alice.publicKey, units, 8, [], program),
  ];
  try {
    const signature = await sendAndConfirmTransaction(connection, new Transaction().add(...calls), [alice]);
    const landed = await connection.getTransaction(signature, { commitment: "confirmed", maxSupportedTransactionVersion: 0 });
    return { landed: landed.meta.err === null, logs: landed.meta.logMessages, fee: landed.meta.fee };
  } catch (error) {
    return { landed: false, message: error.message, logs: error.logs ?? [] };
  }
}

const before = await show();
const toBob = await transfer(new PublicKey(bobText), 150_000_000n);
const toOutsider = await transfer(new PublicKey(outsiderText), 1n);
const after = await show();
console.log(JSON.stringify({ before, after, toBob, toOutsider }));
