// What keys.mjs keeps, over a database in memory.
import assert from "node:assert/strict";
import { kept, quota } from "./page.mjs";

globalThis.localStorage = {};
const { make, probe, read, sign, wipe, write } = await import("./keys.mjs");
const keys = () => [...kept.keys()].filter((k) => k.startsWith("key-"));
const stale = { name: "stale" };

assert.equal(await probe(), "keys");
assert.equal(kept.size, 0);
assert.equal(await read(), undefined);

const { key, jwk } = await make();
await write({ was: 0, counter: 1, state: "one" }, { key, jwk });
assert.equal(kept.get(key).extractable, false);
await assert.rejects(crypto.subtle.exportKey("jwk", kept.get(key)));
assert.equal((await sign(key, new Uint8Array(3))).length, 64);
assert.ok(!JSON.stringify([...kept]).includes(jwk.d));

// Another tab was first, or there is no room: nothing is half there.
await write({ was: 1, counter: 2, state: "two" });
const other = await make();
await assert.rejects(write({ was: 1, counter: 2, state: "too late" }, other), stale);
await assert.rejects(write({ was: 0, counter: 1, state: "a second wallet" }, other), stale);
quota.full = true;
await assert.rejects(write({ was: 2, counter: 3, state: "no room" }, other), { name: "QuotaExceededError" });
quota.full = false;
assert.deepEqual(await read(), { counter: 2, state: "two", key });
assert.deepEqual(keys(), [key]);

// The key of a wallet that gave way is gone with it, and with none in its place too.
await write({ was: 2, counter: 3, state: "three" }, other);
assert.deepEqual(keys(), [other.key]);
await assert.rejects(sign(key, new Uint8Array(3)), { name: "nokey" });
await write({ was: 3, counter: 4, state: "four" }, { key: "" });
assert.deepEqual(keys(), []);
await write({ was: 4, counter: 5, state: "five" });
assert.deepEqual(await read(), { counter: 5, state: "five", key: "" });

kept.clear();
assert.deepEqual(await read(), { lost: true });
await wipe();
assert.equal(await read(), undefined);
