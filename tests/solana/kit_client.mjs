// A wallet that nobody here wrote: @solana/kit with @solana-program/token-2022. One command a line of JSON comes in, one
// answer goes out, so that a test moves the clock and freezes between two.
import { createInterface } from "node:readline";
import {
  address, appendTransactionMessageInstructions, createKeyPairSignerFromPrivateKeyBytes, createSolanaRpc,
  createTransactionMessage, getBase64EncodedWireTransaction, pipe, setTransactionMessageFeePayerSigner,
  setTransactionMessageLifetimeUsingBlockhash, signTransactionMessageWithSigners, unwrapOption,
} from "@solana/kit";
import {
  amountToUiAmountForMintWithoutSimulation, fetchMaybeToken, fetchMint, fetchToken, findAssociatedTokenPda,
  getApproveCheckedInstruction, getBurnCheckedInstruction, getCreateAssociatedTokenIdempotentInstruction,
  getTransferCheckedInstruction, TOKEN_2022_PROGRAM_ADDRESS as tokenProgram,
} from "@solana-program/token-2022";

const [url, mintText, seedHex] = process.argv.slice(2);
const rpc = createSolanaRpc(url);
const mint = address(mintText);
const alice = await createKeyPairSignerFromPrivateKeyBytes(Buffer.from(seedHex, "hex"));
const accountOf = async (owner) => (await findAssociatedTokenPda({ owner, mint, tokenProgram }))[0];
const plain = (value) => JSON.parse(JSON.stringify(value, (_, one) => (typeof one === "bigint" ? one.toString() : one)));
const one = (list, kind) => list.find((each) => each.__kind === kind);

async function look() {
  const { data } = await fetchMint(rpc, mint);
  const extensions = unwrapOption(data.extensions);
  const metadata = one(extensions, "TokenMetadata");
  return {
    decimals: data.decimals,
    supply: data.supply,
    kinds: extensions.map((each) => each.__kind).sort(),
    freezer: unwrapOption(data.freezeAuthority),
    scale: one(extensions, "ScaledUiAmountConfig"),
    paused: one(extensions, "PausableConfig").paused,
    delegate: one(extensions, "PermanentDelegate").delegate,
    hook: one(extensions, "TransferHook"),
    born: one(extensions, "DefaultAccountState").state,
    name: metadata.name,
    symbol: metadata.symbol,
    uri: metadata.uri,
    more: Object.fromEntries(metadata.additionalMetadata),
  };
}

async function holding({ owner }) {
  const at = await accountOf(address(owner));
  if (!(await fetchMaybeToken(rpc, at)).exists) return null;
  const { data } = await fetchToken(rpc, at);
  const balance = await rpc.getTokenAccountBalance(at).send();
  return {
    raw: data.amount,
    owner: data.owner,
    state: data.state,
    delegate: unwrapOption(data.delegate),
    delegated: data.delegatedAmount,
    kinds: (unwrapOption(data.extensions) ?? []).map((each) => each.__kind).sort(),
    ui: balance.value.uiAmountString,
    uiComputed: await amountToUiAmountForMintWithoutSimulation(rpc, mint, data.amount),
  };
}

async function send(instructions) {
  const { value: blockhash } = await rpc.getLatestBlockhash().send();
  const message = pipe(
    createTransactionMessage({ version: 0 }),
    (given) => setTransactionMessageFeePayerSigner(alice, given),
    (given) => setTransactionMessageLifetimeUsingBlockhash(blockhash, given),
    (given) => appendTransactionMessageInstructions(instructions, given),
  );
  const wire = getBase64EncodedWireTransaction(await signTransactionMessageWithSigners(message));
  const told = await rpc.simulateTransaction(wire, { encoding: "base64" }).send();
  if (told.value.err) return { landed: false, logs: told.value.logs };
  const signature = await rpc.sendTransaction(wire, { encoding: "base64" }).send();
  for (let tries = 0; tries < 200; tries += 1) {
    const [status] = (await rpc.getSignatureStatuses([signature]).send()).value;
    if (status) return { landed: status.err === null, logs: told.value.logs };
    await new Promise((done) => setTimeout(done, 25));
  }
  return { landed: false, logs: ["it was never confirmed"] };
}

async function transfer({ to, units }) {
  const [source, destination] = [await accountOf(alice.address), await accountOf(address(to))];
  return send([
    getCreateAssociatedTokenIdempotentInstruction({ payer: alice, ata: destination, owner: address(to), mint, tokenProgram }),
    getTransferCheckedInstruction({ source, mint, destination, authority: alice, amount: BigInt(units), decimals: 8 }),
  ]);
}

async function approve({ to, units }) {
  const source = await accountOf(alice.address);
  return send([
    getApproveCheckedInstruction({ source, mint, delegate: address(to), owner: alice, amount: BigInt(units), decimals: 8 }),
  ]);
}

async function burn({ units }) {
  const account = await accountOf(alice.address);
  return send([getBurnCheckedInstruction({ account, mint, authority: alice, amount: BigInt(units), decimals: 8 })]);
}

const commands = { look, holding, transfer, approve, burn };
for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...given } = JSON.parse(line);
  try {
    console.log(JSON.stringify(plain(await commands[command](given))));
  } catch (error) {
    console.log(JSON.stringify({ error: String(error.stack ?? error), cause: String(error.cause ?? "") }));
  }
}
