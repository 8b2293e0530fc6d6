// When the wallet asks by itself: what it holds and awaits is never forgotten.
import assert from "node:assert/strict";
import { open, until } from "./fresh.mjs";

const pause = () => new Promise((ok) => setTimeout(ok, 50));
const hour = 36e5, form = (values) => new Map(Object.entries(values));
let waits = []; // what the page means to do later
const soon = setTimeout;
globalThis.setTimeout = (f, ms, ...rest) => (ms >= 1e4 ? waits.push(f) : soon(f, ms, ...rest));
globalThis.opened = "https://ente.example/wallet";
navigator.onLine = true;

// opened is a wallet that is opened when its next hour is so far away, or a new phone.
async function opened(left, held = true) {
  waits = [];
  const parts = await open(({ kept, engine }) => {
    if (held) kept.set("state", { counter: 1, state: "one", key: "key-1" });
    if (left !== undefined) kept.set("due", Date.now() + left);
    engine.answers["wallet.collect"] = () => ({ kept: [], refused: [] });
    engine.answers["wallet.refresh"] = () => ({ fresh: 0, outcomes: [] });
  });
  await pause();
  self.ononline();
  await pause();
  return parts;
}

// It asks when the hour is over, and not before.
await opened(-1);
assert.equal(waits.length, 1);
await opened(29 * hour);
assert.equal(waits.length, 0);

// A wallet that came back on a new phone had no hour: its status was never asked for
// again, and what an issuer had approved was never collected.
const { asked, kept } = await opened();
assert.equal(waits.length, 1);
waits.pop()();
await until(() => asked.some((a) => a.name === "wallet.refresh"));
assert.ok(asked.some((a) => a.name === "wallet.collect"));
await until(() => kept.get("due") > Date.now());

// Nor does it wait for the day that a wrong clock has named.
await opened(1000 * hour);
assert.equal(waits.length, 1);

// What is restored is given its hour as what is made is.
const { acts, last, ...fresh } = await opened(undefined, false);
await acts.taken({ texts: ["https://x#3" + "1".repeat(20)] });
await acts.said(form({ words: "a b c" }));
assert.equal(last.name, "restored");
await until(() => fresh.kept.has("due"));
assert.ok(fresh.kept.get("due") < Date.now() + 12 * hour);
process.exit(0);
