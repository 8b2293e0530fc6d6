// The camera: what is pressed while it opens, and what it has seen.
import assert from "node:assert/strict";
import { open, until } from "./fresh.mjs";

const pause = () => new Promise((ok) => setTimeout(ok, 50));
globalThis.opened = "https://ente.example/wallet";
const { acts, last, seeing } = await open(({ kept }) => { kept.set("state", { counter: 1, state: "one", key: "key-1" }); });
await pause();

// While the browser asks whether it may, every other way is open: each press waited for
// the answer. A camera that opens later is off at once, and one that does not says nothing.
let allow, stopped = 0, tell;
globalThis.camera = (video, taken, state) => new Promise((ok) => {
  tell = state;
  allow = () => ok({ stop() { stopped++; } });
});
const went = acts.go("scan").then(() => true);
assert.ok(await Promise.race([went, pause()]), "the camera is waited for");
await acts.go("menu");
assert.equal(last.name, "menu");
tell({ state: "blocked", message: "no" });
assert.ok(!last.trouble, "a camera of another screen");
allow();
await until(() => stopped);
assert.equal(stopped, 1);

// One that does not open says so where it was to be.
await acts.go("scan");
tell({ state: "blocked", message: "no" });
assert.ok(last.trouble);

// How many codes of a sheet are read stands beside the camera for who sees it, once each:
// only a screen reader was told.
await acts.go("scan:backup");
let said = [];
Object.defineProperty(seeing, "textContent", { get: () => said.at(-1) ?? "", set: (text) => said.push(text) });
for (const have of [1, 1, 2]) tell({ state: "parts", have, total: 4 });
tell({ state: "other", text: "https://x" });
tell({ state: "looking", torch: false });
assert.deepEqual(said, ["1: wp.scan.parts", "2: wp.scan.parts", "wp.scan.other", ""]);
assert.ok(!last.trouble);

// A code that is refused leaves no empty box: by the time it is read the camera is off.
let starts = 0;
globalThis.camera = () => { starts++; };
await acts.go("scan:paper");
await acts.taken({}).catch(acts.trouble);
assert.ok(last.trouble && last.can.scan);
await acts.again();
assert.deepEqual([last.name, last.view.paper, starts], ["scan", true, 2]);
await acts.home();
acts.trouble("wp.scan.nothing");
assert.ok(!last.can.scan);

// Whether the page may keep what it stores is asked too, and the key is made meanwhile:
// "creating your key" stayed for ever.
navigator.storage.persist = () => new Promise(() => {});
const fresh = await open();
const made = fresh.acts.make().then(() => true);
assert.ok(await Promise.race([made, pause()]), "the answer is waited for");
assert.equal(fresh.last.name, "words");
process.exit(0);
