// What a compiler knows of the package: right uses compile, and each use that is said to be wrong is an error.
import { createPublicClient, http, type Address } from "viem";
import { stockTokenAbi, primaryMarketAbi } from "scrip/abi";
import { networks } from "scrip/addresses";
import { idl } from "scrip/idl";
import { typedQuote, type EvmQuoteFile } from "scrip/evm";

const client = createPublicClient({ transport: http("http://127.0.0.1:1") });
const account: Address = "0x0000000000000000000000000000000000000001";
export async function uses(file: EvmQuoteFile) {
  const units: bigint = await client.readContract({ address: account, abi: stockTokenAbi, functionName: "balanceOf", args: [account] });
  await client.readContract({ address: account, abi: stockTokenAbi, functionName: "balanceOff", args: [account] }); // wrong: the ABI has no such function
  await client.readContract({ address: account, abi: stockTokenAbi, functionName: "balanceOf", args: [1n] }); // wrong: a balance is of an account
  const kind: "evm" = networks.local.kind;
  networks.nowhere; // wrong: there is no such network
  const program: string = idl.address;
  const side: "mint" | "redeem" = file.side;
  return [units, kind, program, side, typedQuote(file, { token: account, stablecoin: account }).primaryType, primaryMarketAbi.length];
}
