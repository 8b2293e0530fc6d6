// What becomes of a press while something else goes on, with the screens of the page.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { $, parse, root, templates } from "./page.mjs";

Object.assign(globalThis, { document: {}, scrollTo() {} });
const { act, acts, show } = await import("./screens.mjs");
const html = readFileSync(new URL("documents.html", import.meta.url), "utf8");
templates.home = parse(html.match(/<template id="s-home"[^>]*>([^]*?)<\/template>/)[1]);
templates.busy = parse('<h1 data-k="key"></h1>');

const pause = () => new Promise((ok) => setTimeout(ok, 10));
const cards = () => [...$("#screen").all()].filter((e) => e.getAttribute("class") === "card");
const home = (...ids) => ({ cards: ids.map((id) => ({ id })), later: [], offline: false });
const opened = [], troubles = [];
let go;
acts.slow = () => new Promise((ok) => { go = ok; });
acts.open = (_, { id }) => { opened.push(id); };
acts.trouble = (e) => { troubles.push(e); };

// A card that is pressed while something goes on waits, though the documents are drawn
// anew meanwhile.
show("home", home("a", "b"));
act("slow");
await pause();
cards()[1].press();
show("home", home("a", "b"), true);
assert.equal(cards()[1].getAttribute("aria-busy"), "true");
go();
await pause();
assert.deepEqual(opened, ["b"]);
assert.ok(!cards()[1].hasAttribute("aria-busy"));

// As many cards, and others: a press opens what it shows.
show("home", home("c", "b"), true);
cards()[0].press();
await pause();
assert.deepEqual(opened, ["b", "c"]);

// While a file is read the page as a whole is not marked as busy, and a second file that
// is chosen meanwhile is read after it.
const read = [];
acts.filed = async (file) => {
  read.push(file);
  await acts.slow();
  throw file;
};
act("filed", "one");
await pause();
assert.ok(!root.hasAttribute("aria-busy"));
assert.ok($("#screen h1").hasAttribute("aria-busy"));
show("home", home("c"));
act("filed", "two");
go();
await pause();
assert.deepEqual(read, ["one", "two"]);
go();
await pause();
assert.deepEqual(troubles, ["one", "two"]);
process.exit(0);
