// What a refresh brings: a newer list that revokes, and what an issuer had yet to approve.
import assert from "node:assert/strict";
import { open, until } from "./fresh.mjs";

const pause = () => new Promise((ok) => setTimeout(ok, 50));
let truth = "green", noted;
globalThis.opened = "https://ente.example/wallet";
const nothing = globalThis.nothing = {};
const { acts, asked, engine, last } = await open(({ engine, kept }) => {
  kept.set("state", { counter: 1, state: "one", key: "key-1" });
  engine.answers["wallet.list"] = ({ quick }) => {
    if (!quick) noted = truth;
    return { cards: [{ status: noted }], later: [] };
  };
  engine.answers["wallet.collect"] = () => ({ kept: [], refused: [], waiting: [], never: [] });
  engine.answers["wallet.refresh"] = () => ({ fresh: 0, outcomes: [] });
});
await pause();
assert.deepEqual(last.view.cards, [{ status: "green" }]);

// A document that is revoked meanwhile is red as soon as the list is here.
truth = "red";
acts.refresh();
await pause();
assert.equal(last.name, "home");
assert.deepEqual(last.view.cards, [{ status: "red" }]);

// Issuers hear what became of what was collected, once that is stored.
const names = asked.map((a) => a.name);
assert.ok(names.indexOf("wallet.collect") >= 0 && names.indexOf("wallet.tell") > names.indexOf("wallet.collect"), names.join());

// Who has gone home meanwhile sees there what it brought, though no list is newer.
await acts.go("settings");
let collected = [];
engine.answers["wallet.list"] = () => ({ cards: collected, later: [] });
let answer;
engine.answers["wallet.refresh"] = () => new Promise((ok) => {
  answer = () => {
    collected = ["a document"];
    ok({ fresh: 0, outcomes: [] });
  };
});
nothing.newer = true;
acts.refresh();
await until(() => answer);
await acts.home();
assert.deepEqual(last.view.cards, []);
answer();
await until(() => last.view.cards?.[0]);
assert.equal(last.name, "home");
assert.deepEqual(last.view.cards, ["a document"]);

// What was awaited and will not come is said where it was awaited: it had gone without a word.
const never = [{ title: "Igiene", host: "ente.example" }];
engine.answers["wallet.collect"] = () => ({ kept: [], refused: [], never });
engine.answers["wallet.refresh"] = () => ({ fresh: 0, outcomes: [] });
acts.refresh();
await until(() => last.view.never?.[0]);
assert.equal(last.name, "home");
assert.deepEqual(last.view.never, never);
process.exit(0);
