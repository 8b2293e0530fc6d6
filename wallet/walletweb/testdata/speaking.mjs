// A language that is chosen in a wallet that is there leads home, and drawn anew is what
// stands there: it had stayed on the choice for good, as the words of the trust came late.
import assert from "node:assert/strict";
import { open } from "./fresh.mjs";

const pause = () => new Promise((ok) => setTimeout(ok, 100));
globalThis.opened = "https://ente.example/wallet";
const { acts, engine, last, speak } = await open(({ kept, engine }) => {
  kept.set("state", { counter: 1, state: "one", key: "key-1" });
  engine.answers["wallet.list"] = async () => {
    await new Promise((ok) => setTimeout(ok, 40)); // longer than the trust takes to speak
    return { cards: [], later: [] };
  };
});
await pause();
await acts.go("welcome");
await acts.tongue(null, null, { lang: "el" });
await pause();
assert.equal(last.name, "home");

// Elsewhere a language changes the words alone.
await acts.go("menu");
await speak("it");
await pause();
assert.equal(last.name, "menu");

// What a wipe costs it knows from the wallet.
engine.answers["wallet.list"] = () => ({ cards: [], later: [], bare: true });
await acts.go("wipe");
assert.equal(last.view.bare, true);
process.exit(0);
