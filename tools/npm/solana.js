// Quotes of the program on Solana, as @solana/kit takes them: the 32 bytes that a quote's signer signs with ed25519.
import { keccak_256 } from "@noble/hashes/sha3";
import { getAddressEncoder, getPublicKeyFromAddress, verifySignature } from "@solana/kit";
import { sides, solanaDomain, solanaDecimals, coinDecimals } from "./quote-types.js";

export { sides, solanaDecimals, coinDecimals };

const text = new TextEncoder();
const place = getAddressEncoder();

function units(amount, decimals, field) {
  const found = /^([0-9]+)(?:\.([0-9]+))?$/.exec(amount);
  const part = found?.[2] ?? "";
  if (!found || part.length > decimals) {
    throw new TypeError(`${field}: is no decimal number of at most ${decimals} places (got ${amount})`);
  }
  return BigInt(found[1] + part.padEnd(decimals, "0"));
}

function number(value, signed = false) {
  const bytes = new Uint8Array(8);
  const view = new DataView(bytes.buffer);
  if (signed) view.setBigInt64(0, BigInt(value), true);
  else view.setBigUint64(0, BigInt(value), true);
  return bytes;
}

function hex(value) {
  return Uint8Array.from(value.replace(/^0x/, "").match(/../g) ?? [], (one) => parseInt(one, 16));
}

async function sha256(parts) {
  const whole = new Uint8Array(parts.reduce((size, one) => size + one.length, 0));
  let at = 0;
  for (const one of parts) {
    whole.set(one, at);
    at += one.length;
  }
  return new Uint8Array(await crypto.subtle.digest("SHA-256", whole));
}

/** The 32 bytes that stand for a quote's reference: 0x and 64 hex digits are the hash itself. */
export function quoteId(reference) {
  return /^0x[0-9a-fA-F]{64}$/.test(reference) ? hex(reference) : keccak_256(text.encode(reference));
}

/** The 32 bytes that are signed, of terms in the smallest units; `id` and `genesis` are 32 bytes. */
export async function termsDigest(terms) {
  return sha256([
    text.encode(solanaDomain),
    terms.genesis,
    place.encode(terms.program),
    place.encode(terms.mint),
    Uint8Array.of(terms.side),
    place.encode(terms.account),
    place.encode(terms.tokenAccount),
    place.encode(terms.settlementMint),
    number(terms.amount),
    number(terms.settlement),
    number(terms.generation),
    terms.id,
    number(terms.expiry, true),
  ]);
}

/** The same of a quote's file. `mint`, `tokenAccount` and `settlementMint` are where its stock, its account's canonical
 * token account and its coin are. */
export async function quoteDigest(file, { mint, tokenAccount, settlementMint }) {
  if (!(file.side in sides)) throw new TypeError(`side: is none of ${Object.keys(sides).join(", ")} (got ${file.side})`);
  return termsDigest({
    genesis: hex(file.genesis),
    program: file.program,
    mint,
    side: sides[file.side],
    account: file.account,
    tokenAccount,
    settlementMint,
    amount: units(file.amount, solanaDecimals, "amount"),
    settlement: units(file.settlement, coinDecimals, "settlement"),
    generation: file.generation,
    id: quoteId(file.id),
    expiry: file.expiry,
  });
}

/** Whether a quote's file carries its signer's signature of these very terms. */
export async function isSigned(file, places) {
  const key = await getPublicKeyFromAddress(file.signer);
  return verifySignature(key, hex(file.signature), await quoteDigest(file, places));
}
