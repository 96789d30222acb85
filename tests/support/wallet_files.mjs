// Reads what a signed quote or attestation is to wallets, with the two libraries that they are written with.
// stdin: {"typed_data", "signature"}; stdout: {"ethers": signer, "viem": signer, "digests": [2]}.
import { text } from "node:stream/consumers";
import { TypedDataEncoder, verifyTypedData } from "ethers";
import { hashTypedData, recoverTypedDataAddress } from "viem";

const { typed_data: typed, signature } = JSON.parse(await text(process.stdin));
const { EIP712Domain, ...types } = typed.types;
const { domain, message, primaryType } = typed;
process.stdout.write(
  JSON.stringify({
    ethers: verifyTypedData(domain, types, message, signature),
    viem: await recoverTypedDataAddress({ domain, types, message, primaryType, signature }),
    digests: [TypedDataEncoder.hash(domain, types, message), hashTypedData({ domain, types, message, primaryType })],
  }),
);
