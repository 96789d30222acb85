// Quotes of a market on an Ethereum-family chain, as viem takes them. The file of a quote is what `ape run market quote`
// writes; amounts in it are decimals, large numbers texts.
import { keccak256, parseUnits, stringToBytes } from "viem";
import { quoteTypes, domain, sides, tokenDecimals, coinDecimals } from "./quote-types.js";

export { quoteTypes, sides, tokenDecimals, coinDecimals };

/** The EIP-712 domain of a market. */
export function quoteDomain(chainId, market) {
  return { ...domain, chainId, verifyingContract: market };
}

/** A quote as the market's `mint` and `redeem` take it: a struct by the names of the ABI. */
export function quoteStruct(file, { token, stablecoin }) {
  if (!(file.side in sides)) throw new TypeError(`side: is none of ${Object.keys(sides).join(", ")} (got ${file.side})`);
  return {
    token,
    side: sides[file.side],
    account: file.account,
    stablecoin,
    amount: parseUnits(file.amount, tokenDecimals),
    settlement: parseUnits(file.settlement, coinDecimals),
    fee: BigInt(file.fee_bps ?? 0),
    generation: BigInt(file.generation),
    ref: keccak256(stringToBytes(file.id)),
    nonce: BigInt(file.nonce),
    epoch: BigInt(file.epoch),
    expiry: BigInt(file.expiry),
  };
}

/** What the quote's signer signed: for `verifyTypedData`, `recoverTypedDataAddress` and `hashTypedData`. */
export function typedQuote(file, places) {
  return typedStruct(quoteStruct(file, places), BigInt(file.chain_id), file.market, file.payer);
}

/** The same of a struct. A payer that is not the quote's account is signed with it, under a type of its own. */
export function typedStruct(quote, chainId, market, payer = "") {
  const typed = { domain: quoteDomain(chainId, market), types: { Quote: quoteTypes }, primaryType: "Quote", message: quote };
  if (!payer || payer.toLowerCase() === quote.account.toLowerCase()) return typed;
  const QuotePaidBy = [
    { name: "quote", type: "Quote" },
    { name: "payer", type: "address" },
  ];
  return { ...typed, types: { ...typed.types, QuotePaidBy }, primaryType: "QuotePaidBy", message: { quote, payer } };
}
