// What is said after the status was asked for.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { $, parse, templates } from "./page.mjs";

Object.assign(globalThis, { document: {}, scrollTo() {} });
const { put } = await import("./screens.mjs");
const html = readFileSync(new URL("shell.html", import.meta.url), "utf8");
templates.refreshed = parse(html.match(/<template id="s-refreshed"[^>]*>([^]*?)<\/template>/)[1]);
const notes = (view) => {
  put($("#screen"), "refreshed", view);
  return [...$("#screen").all()].filter((e) => e.tag === "p").map((e) => e.getAttribute("class"));
};

// A tick is for what was brought up to date: it stood beside "0" too, where nobody had answered.
assert.deepEqual(notes({ fresh: 2, ended: false }), ["note green"]);
assert.deepEqual(notes({ fresh: 0, ended: false }), ["note"]);
assert.deepEqual(notes({ fresh: 0, ended: true }), ["note red"]);
process.exit(0);
