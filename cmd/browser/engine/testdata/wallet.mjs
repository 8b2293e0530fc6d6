// Runs calls of the wallet as a page does, with a key of this machine's WebCrypto:
// node wallet.mjs DIR, see engine.mjs. Each line
// of standard input is {name, input, now}, where the name "make" makes a key and
// "import" takes one back; each answer is {answer, took}.
import { answer, start } from "./engine.mjs";

const curve = { name: "ECDSA", namedCurve: "P-256" };
const keys = new Map();
const keep = async (handle, jwk) => keys.set(handle, await crypto.subtle.importKey("jwk", jwk, curve, false, ["sign"]));
const own = {
  async make({ key }) {
    const pair = await crypto.subtle.generateKey(curve, true, ["sign"]);
    const { kty, crv, x, y, d } = await crypto.subtle.exportKey("jwk", pair.privateKey);
    await keep(key, { kty, crv, x, y, d });
    return { kty, crv, x, y, d };
  },
  async import({ key, jwk }) {
    await keep(key, jwk);
    return {};
  },
};
let now = 0;
await start(process.argv[2], {
  now: () => now,
  sign: async (handle, message) => new Uint8Array(await crypto.subtle.sign({ name: "ECDSA", hash: "SHA-256" }, keys.get(handle), message)),
});
await answer(async (one) => {
  now = one.now;
  const began = performance.now();
  const said = own[one.name] ? await own[one.name](one.input) : JSON.parse(await globalThis.passport(one.name, JSON.stringify(one.input)));
  return { answer: said, took: performance.now() - began };
});
