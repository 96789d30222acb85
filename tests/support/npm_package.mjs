// Uses the TypeScript package as an integrator does: node npm_package.mjs. stdin: {"vectors", "evm", "solana", "rpc",
// "network", "account"}; stdout: what each quote's digest and signature come to, and what viem reads of a stock.
import { text } from "node:stream/consumers";
import { createPublicClient, hashTypedData, http, recoverTypedDataAddress } from "viem";
import { createSolanaRpc, getAddressDecoder } from "@solana/kit";
import { stockTokenAbi } from "scrip/abi";
import { networks } from "scrip/addresses";
import { idl } from "scrip/idl";
import { typedQuote, typedStruct, quoteStruct } from "scrip/evm";
import { isSigned, termsDigest } from "scrip/solana";

const given = JSON.parse(await text(process.stdin));
const bytes = (value) => Uint8Array.from(Buffer.from(value.slice(2), "hex"));
const place = (value) => getAddressDecoder().decode(bytes(value));
const told = { evm: [], solana: [] };
for (const { chain_id, market, digest, payer, ...quote } of given.vectors.evm) {
  const numbers = ["amount", "settlement", "fee", "generation", "nonce", "epoch", "expiry"];
  const message = { ...quote, ...Object.fromEntries(numbers.map((name) => [name, BigInt(quote[name])])) };
  told.evm.push(hashTypedData(typedStruct(message, BigInt(chain_id), market, payer)));
}
for (const one of given.vectors.solana) {
  const digest = await termsDigest({
    genesis: bytes(one.genesis),
    program: place(one.program),
    mint: place(one.mint),
    side: one.side,
    account: place(one.account),
    tokenAccount: place(one.token_account),
    settlementMint: place(one.settlement_mint),
    amount: BigInt(one.amount),
    settlement: BigInt(one.settlement),
    generation: BigInt(one.generation),
    id: bytes(one.id),
    expiry: BigInt(one.expiry),
  });
  told.solana.push("0x" + Buffer.from(digest).toString("hex"));
}
if (given.evm) {
  const { contracts } = networks[given.network];
  const client = createPublicClient({ transport: http(given.rpc) });
  const read = (functionName) =>
    client.readContract({ address: contracts.MSFT, abi: stockTokenAbi, functionName, args: [given.account] });
  told.balance = String(await read("balanceOf"));
  told.shares = String(await read("balanceOfUI"));
  const places = { token: contracts.MSFT, stablecoin: contracts.stablecoin };
  told.signer = await recoverTypedDataAddress({ ...typedQuote(given.evm, places), signature: given.evm.signature });
  told.struct = { ...quoteStruct(given.evm, places) };
}
if (given.solana) {
  const mint = networks[given.network].mints.MSFT;
  const places = { mint, tokenAccount: given.tokenAccount, settlementMint: given.settlementMint };
  told.signed = await isSigned(given.solana, places);
  told.forged = await isSigned({ ...given.solana, amount: "101" }, places);
  const { value } = await createSolanaRpc(given.rpc).getTokenSupply(mint).send();
  told.supply = value.amount;
  told.program = idl.address;
}
const plain = (_, value) => (typeof value === "bigint" ? value.toString() : value);
process.stdout.write(JSON.stringify(told, plain));
