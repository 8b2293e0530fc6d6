// A tab whose wallet another tab has taken over: it can take it back, and nothing else.
import assert from "node:assert/strict";
import { open } from "./fresh.mjs";

const good = "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fente.example%2Foffers%2Fs3cret";
const pause = () => new Promise((ok) => setTimeout(ok, 50));
globalThis.opened = "https://ente.example/wallet";
const { acts, asked, last } = await open(({ engine, kept }) => {
  kept.set("state", { counter: 1, state: "one", key: "key-1" });
  engine.answers["wallet.offer"] = ({ host }) => (host ? { host, titles: [] } : { host: "ente.example" });
});
const calls = (name) => asked.filter((a) => a.name === "wallet." + name);
await pause();
assert.equal(last.name, "home");

lock.gone();
await pause();
assert.equal(last.name, "tabs");

// Back, the menu, and a link with an offer lead nowhere.
history.state = { name: "home" };
onpopstate({ state: history.state });
await pause();
assert.equal(last.name, "tabs");
await acts.go("menu");
assert.equal(last.name, "tabs");
follow("https://ente.example/wallet#offer=" + encodeURIComponent(good));
await pause();
assert.equal(last.name, "tabs");

// No code is spent, whatever was pressed before.
await assert.rejects(acts.take(new Map([["code", "123456"]]), {}), (e) => e === "wp.tabs.title");
assert.equal(calls("take").length, 0);

// Taken back, the wallet is loaded anew and the offer is asked about; the old place of
// that screen in the history leads home.
const loads = calls("load").length;
await acts.steal();
assert.equal(last.name, "host");
assert.equal(calls("load").length, loads + 1);
history.state = { name: "tabs" };
onpopstate({ state: history.state });
await pause();
assert.equal(last.name, "home");

// A tab that was second from the beginning keeps the offer of a later link too.
lock.elsewhere = true;
const second = await open(({ kept, engine }) => {
  kept.set("state", { counter: 1, state: "one", key: "key-1" });
  engine.answers["wallet.offer"] = () => ({ host: "ente.example" });
});
assert.equal(second.last.name, "tabs");
follow("https://ente.example/wallet#offer=" + encodeURIComponent(good));
await pause();
assert.equal(second.last.name, "tabs");
await second.acts.steal();
assert.equal(second.last.name, "host");
process.exit(0);
