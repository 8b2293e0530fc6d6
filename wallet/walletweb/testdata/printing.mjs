// A code that becomes a picture for paper keeps the words that say what it is: the
// browser's PDF tells them to who cannot see it.
import assert from "node:assert/strict";
import { open } from "./fresh.mjs";

await open();
let drawn;
document.createElement = () => ({ getContext: () => ({ drawImage() {} }) });
globalThis.pictures = [
  { alt: "Code 1", naturalWidth: 90, replaceWith(c) { drawn = c; } },
  { alt: "not loaded", naturalWidth: 0, replaceWith() { assert.fail("nothing to draw"); } },
];
onbeforeprint();
assert.deepEqual([drawn.width, drawn.role, drawn.ariaLabel], [180, "img", "Code 1"]);
process.exit(0);
