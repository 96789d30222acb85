// Signs EIP-712 typed data with the two libraries that wallets and front ends are written with.
// stdin: {"key", "domain", "types", "primaryType", "message"}; stdout: {"ethers": "0x…", "viem": "0x…"}.
import { text } from "node:stream/consumers";
import { Wallet } from "ethers";
import { privateKeyToAccount } from "viem/accounts";

const { key, domain, types, primaryType, message } = JSON.parse(await text(process.stdin));
for (const { name, type } of types[primaryType]) {
  if (type.startsWith("uint")) message[name] = BigInt(message[name]);
}
const signatures = {
  ethers: await new Wallet(key).signTypedData(domain, types, message),
  viem: await privateKeyToAccount(key).signTypedData({ domain, types, primaryType, message }),
};
process.stdout.write(JSON.stringify(signatures));
