import type { Address, Hex, TypedDataDomain } from "viem";

export { quoteTypes, sides, tokenDecimals, coinDecimals } from "./quote-types.js";

/** A quote's file, as `ape run market quote` writes it. Amounts are decimals, times UTC seconds. */
export interface EvmQuoteFile {
  schema: 1;
  stock: string;
  side: "mint" | "redeem";
  account: Address;
  amount: string;
  settlement: string;
  generation: number;
  id: string;
  expiry: number;
  signer: Address;
  signature: Hex | "";
  chain_id: number;
  market: Address;
  nonce: number | string;
  epoch: Hex;
  fee_bps?: number;
  second?: Address | "";
  second_epoch?: Hex;
  second_signature?: Hex | "";
  payer?: Address | "";
}

/** A quote as contracts take it: amounts in the smallest units, the fee in basis points. */
export interface QuoteStruct {
  token: Address;
  side: number;
  account: Address;
  stablecoin: Address;
  amount: bigint;
  settlement: bigint;
  fee: bigint;
  generation: bigint;
  ref: Hex;
  nonce: bigint;
  epoch: bigint;
  expiry: bigint;
}

/** Where the quote's stock and its settlement coin are. */
export interface QuotePlaces {
  token: Address;
  stablecoin: Address;
}

export interface TypedQuote {
  domain: TypedDataDomain;
  types: Record<string, { name: string; type: string }[]>;
  primaryType: "Quote" | "QuotePaidBy";
  message: any;
}

export declare function quoteDomain(chainId: bigint | number, market: Address): TypedDataDomain;
export declare function quoteStruct(file: EvmQuoteFile, places: QuotePlaces): QuoteStruct;
export declare function typedQuote(file: EvmQuoteFile, places: QuotePlaces): TypedQuote;
export declare function typedStruct(quote: QuoteStruct, chainId: bigint, market: Address, payer?: string): TypedQuote;
