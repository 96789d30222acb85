import type { Address } from "@solana/kit";

export { sides, solanaDecimals, coinDecimals } from "./quote-types.js";

/** A quote's file, as `ape run market quote` writes it. Amounts are decimals, times UTC seconds. */
export interface SolanaQuoteFile {
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
  signature: string;
  genesis: string;
  program: Address;
}

export interface SolanaQuotePlaces {
  mint: Address;
  tokenAccount: Address;
  settlementMint: Address;
}

export interface SolanaTerms extends SolanaQuotePlaces {
  genesis: Uint8Array;
  program: Address;
  side: number;
  account: Address;
  amount: bigint;
  settlement: bigint;
  generation: bigint | number;
  id: Uint8Array;
  expiry: bigint | number;
}

export declare function quoteId(reference: string): Uint8Array;
export declare function termsDigest(terms: SolanaTerms): Promise<Uint8Array>;
export declare function quoteDigest(file: SolanaQuoteFile, places: SolanaQuotePlaces): Promise<Uint8Array>;
export declare function isSigned(file: SolanaQuoteFile, places: SolanaQuotePlaces): Promise<boolean>;
