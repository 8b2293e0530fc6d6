// The holder's key and the state of the wallet, in the browser's database.
//
// The key pair is made extractable once, so that it can be sealed with the words of
// a backup, and is kept as a key that nothing can take out again. A change of the
// state is one transaction that holds the stored counter against the one that the
// change began from: of two tabs the second is refused, and nothing is half there.
//
// What goes wrong is an Error by its name: "stale", another tab was first; "nokey",
// the key is gone; and the browser's own, "QuotaExceededError" where there is no room.

import { keep } from "./page.mjs";

const NAME = "passport-wallet";
const EC = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
const { subtle } = crypto;
const store = keep(NAME);
const fault = (name) => Object.assign(new Error(name), { name });

// A fresh pair: the handle that names it, and the private JWK, which is in memory
// only until write() has kept the key.
export async function make() {
  const { privateKey } = await subtle.generateKey(EC, true, ["sign"]);
  const { kty, crv, x, y, d } = await subtle.exportKey("jwk", privateKey);
  return { key: handle(), jwk: { kty, crv, x, y, d } };
}

// The name of a key that is to be kept.
export const handle = () => "key-" + crypto.randomUUID();

// What is stored: {counter, state, key}; undefined where there is nothing. lost says
// that there was something once: the browser has thrown it away.
export async function read() {
  return await store.get("state") ?? (mark() && { lost: true });
}

// Keeps a save of the engine and, with a jwk, its key under the handle: both or
// neither. An empty handle is that of no key: a PIN opens the wallet. force replaces whatever is stored.
export async function write(save, { key, jwk, force } = {}) {
  const own = jwk && await subtle.importKey("jwk", jwk, EC, false, ["sign"]);
  let why;
  await store.act("readwrite", (s) => {
    const r = s.get("state");
    r.onsuccess = () => {
      const was = r.result, named = key ?? was?.key;
      if (!force && (was?.counter ?? 0) !== save.was) {
        why = fault("stale");
        return s.transaction.abort();
      }
      if (was?.key && was.key !== named) s.delete(was.key);
      if (own) s.put(own, named);
      s.put({ counter: save.counter, state: save.state, key: named }, "state");
    };
    return r;
  }).catch((e) => { throw why ?? e; });
  mark("1");
}

// r||s, 64 bytes, over message by the key of a handle. For the engine.
export async function sign(named, message) {
  const key = await store.get(named);
  if (!(key instanceof CryptoKey)) throw fault("nokey");
  return new Uint8Array(await subtle.sign(EC, key, message));
}

// What this browser can keep: "keys", "pin" (a state, but no keys) or "nothing".
export async function probe() {
  const probe = "probe";
  let keeps = "nothing";
  try {
    await store.set(probe, probe);
    keeps = "pin";
    await store.set(probe, (await subtle.generateKey(EC, false, ["sign"])).privateKey);
    await sign(probe, new Uint8Array(1));
    keeps = "keys";
  } catch { /* keeps says how far it came */ }
  await store.drop(probe).catch(() => {});
  return keeps;
}

// Takes key and state out of this browser, for good.
export async function wipe() {
  await store.act("readwrite", (s) => s.clear());
  mark("");
}

// A mark outside the database, which a browser may throw away without it.
function mark(value) {
  try {
    if (value === undefined) return localStorage[NAME];
    if (value) localStorage[NAME] = value; else delete localStorage[NAME];
  } catch { /* forbidden: nobody will know */ }
}
