// How the wallet moves, with an engine that notes what it is asked.
import assert from "node:assert/strict";
import { open } from "./fresh.mjs";

const { acts, asked, engine, kept, last, quota } = await open();
const form = (values) => new Map(Object.entries(values));
const calls = (name) => asked.filter((a) => a.name === "wallet." + name).map((a) => a.input);
const backup = { texts: ["https://x#3" + "1".repeat(20)] };

// Once the key is kept nothing of it, and no word, is left in the page's memory:
// the screens that need them lead home.
await acts.make();
assert.equal(last.name, "words");
const { words } = last.view;
const i = words.indexOf("w3");
await acts.go("check");
await acts.checked(null, { it: words[i], right: words[i] });
assert.equal(last.name, "home");
assert.equal(calls("create").length, 1);
for (const screen of ["words", "check"]) {
  await acts.go(screen);
  assert.equal(last.name, "home");
}

// Where the browser keeps no key a backup comes back under a PIN, and under that alone.
const subtle = crypto.subtle.generateKey;
crypto.subtle.generateKey = async () => { throw new Error("no keys here"); };
await acts.taken(backup);
await acts.said(form({ words: "a b c" }));
assert.equal(last.name, "pin");
for (const easy of ["000000", "123456", "01234567"]) { // a guess opens what is sealed
  await assert.rejects(acts.pinned(form({ pin: easy, again: easy })), (e) => e === "wp.pin.easy");
}
await acts.pinned(form({ pin: "271828", again: "271828" }));
assert.equal(last.name, "restored");
const input = calls("restore").at(-1);
assert.equal(input.pin, "271828");
assert.equal(input.key || "", "");
assert.deepEqual([...kept.keys()].filter((k) => k.startsWith("key-")), []);

// Who leaves a restore and makes a wallet gets one: it was restored, without words.
const made = await open();
await made.acts.taken(backup);
await made.acts.go("start");
await made.acts.make();
await made.acts.pinned(form({ pin: "271828", again: "271828" }));
assert.equal(made.last.name, "words");
assert.deepEqual(made.asked.filter((a) => a.name === "wallet.create").map((a) => a.input.pin), ["271828"]);
crypto.subtle.generateKey = subtle;

// Who leaves one and makes a backup gets a backup; the screen of the restore, by Back,
// still restores, and begins anew once that is forgotten.
{
  const { acts, asked, engine, last } = await open(({ kept }) => { kept.set("state", { counter: 1, state: "one", key: "key-1" }); });
  const of = (name) => asked.filter((a) => a.name === "wallet." + name && a.input.words).length;
  engine.answers["wallet.backup"] = () => ({ file: "", name: "x.age" });
  await acts.taken(backup);
  await acts.go("menu");
  await acts.go("say:file");
  await acts.said(form({ words: "a b c" }));
  assert.equal(last.name, "saved");
  assert.deepEqual([of("backup"), of("restore")], [1, 0]);
  await acts.go("say");
  engine.answers["wallet.restore"] = () => { throw Object.assign(new Error("older"), { code: "wb_older" }); };
  await acts.said(form({ words: "a b c" }));
  assert.equal(last.name, "older");
  assert.equal(of("restore"), 1);
  await acts.home();
  await acts.go("say");
  await acts.said(form({ words: "a b c" }));
  assert.equal(last.name, "restore");
  assert.deepEqual([of("backup"), of("restore")], [1, 1]);
}

// Where there is no room for a document, the code of its offer is not spent.
quota.full = true;
await assert.rejects(acts.take(form({ code: "123456" }), {}), { name: "QuotaExceededError" });
assert.equal(calls("take").length, 0);
quota.full = false;
{ // nor where the state, which is written whole, is all that there is room for
  const stored = kept.get("state");
  kept.set("state", { ...stored, state: "s".repeat(200000) });
  quota.room = 200000;
  await assert.rejects(acts.take(form({ code: "123456" }), {}), { name: "QuotaExceededError" });
  assert.equal(calls("take").length, 0);
  quota.room = Infinity;
  kept.set("state", stored);
}
await acts.take(form({ code: "123456" }), {});
assert.deepEqual(calls("take").map((i) => i.code), ["123456"]);
assert.ok(!kept.has("room"));

// To look at the backup locks nothing; a locked wallet asks for its PIN, and is not
// said to have lost its key.
const loads = calls("load").length;
await acts.go("backup");
assert.equal(calls("load").length, loads);
engine.answers["wallet.load"] = () => ({ holder: "pin", keyOK: false });
await engine.onRestart();
await acts.home();
assert.equal(last.name, "unlock");

// Who has forgotten it can start again, and so can who has lost the key.
globalThis.location = { reload() {} };
await acts.go("wipe");
assert.equal(last.name, "wipe");

const before = kept.get("state");
await acts.wipe();
assert.ok(!kept.has("state"));

// What a newer program has stored is not restored over.
const newer = await open((parts) => {
  parts.kept.set("state", before);
  parts.engine.answers["wallet.load"] = () => { throw Object.assign(new Error("newer"), { code: "wb_newer" }); };
});
await newer.acts.taken(backup);
await assert.rejects(newer.acts.said(form({ words: "a b c" })), { code: "wb_newer" });
assert.deepEqual(newer.kept.get("state"), before);
process.exit(0);
