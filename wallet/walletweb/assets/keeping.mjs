// The key of a wallet and what brings it back: made with words, or under a PIN where the
// browser keeps no key; saved in a backup; restored from one.

import { $, lang, save, t } from "./page.mjs";
import { handle, make, probe, wipe } from "./keys.mjs";
import { acts, show } from "./screens.mjs";
import { base64 } from "./trust.mjs";
import { base, call, change, go, load, my, swap, trouble, views } from "./moves.mjs";
import { begin, brought, choose, rest } from "./receiving.mjs";

Object.assign(views, {
  words: async (kind) => {
    const out = my.draft.words ??= await call("words", { kind });
    // Words of the person's own language go before, digits come last.
    const others = out.kinds.filter((k) => k !== out.kind).sort((a, b) => (b === lang()) - (a === lang()));
    return { ...out, anew: !!kind, tongue: out.kind[2] ? "" : out.kind, others: others.map((k) => ({ k, key: "wp.words." + k })) };
  },
  check: () => {
    const all = my.draft.words.words, i = Math.random() * 8 | 0, right = all[i];
    return { n: i + 1, right, choices: [...new Set([0, 1, 3, 6].map((by) => all[(i + by) % 8]))].sort() };
  },
  backup: async () => {
    my.wallet = await call("state");
    return { ...my.wallet, pin: my.wallet.holder === "pin" };
  },
  say: (why) => { my.draft.why = why; },
});

// created makes the wallet: with words the key is sealed in it, without them no
// backup brings it back.
async function created(input, kept) {
  await change("create", input, kept);
  await load(input.pin);
  rest(0);
}

// made forgets the key and the words, which the browser and the person have now.
function made() {
  my.draft = {};
  return begin();
}

// worded offers words for a wallet that a PIN opens.
function worded(pin) {
  my.draft.pair = { pin };
  return swap("words");
}

// restore brings a backup back, with what more the person has said by now.
async function restore(more) {
  const { restore: input } = my.draft, keeps = await probe();
  if (!input) return go("restore"); // one that the person has left
  Object.assign(input, more);
  if (keeps === "pin" && !input.pin) return go("pin");
  // What is stored is in the way, unless nobody can read it any more: a newer program can.
  if (!my.wallet) await load().catch((e) => { if (e.code !== "wb_state") throw e; });
  const key = input.pin ? "" : handle(); // a key of the browser, or one under a PIN
  try {
    await change("restore", { ...input, key }, { key, force: !my.wallet });
  } catch (e) {
    const ask = { wb_older: "older", wb_other: "replace" }[e.code];
    if (!ask) throw e;
    return go(ask);
  }
  await load(input.pin);
  rest(0);
  my.draft = {};
  await swap("restored");
}

// heard is what there is to say of the words while somebody types them: the one that is
// not known, unless it is being typed, or how many are still missing.
function heard({ unknown = [], suggestions, complete, words, kind }, typing) {
  const n = unknown.find((i) => !typing || words[7] || i < words.length - 1), like = suggestions?.[n]?.join(", ");
  const digits = kind === "digits", count = 8 - (digits ? words.filter((w) => w[2]) : words).length;
  if (n >= 0) return t(like ? "wp.say.perhaps" : "wp.say.unknown", { n: n + 1, words: like });
  if (complete) return t("wp.say.good");
  return kind !== "own" && count > 0 ? t(digits ? "wp.say.numbers" : "wp.say.missing", { count }) : "";
}

Object.assign(acts, {
  make: async () => {
    const keeps = await probe();
    navigator.storage?.persist?.(); // some browsers ask the person first
    my.draft.restore = null; // one that was begun and left
    if (keeps !== "keys") return go(keeps === "pin" ? "pin" : "nostore");
    my.draft.pair = await make();
    await go("words");
  },
  wordsOf: (_, { k }) => {
    my.draft.words = null;
    return go("words", k, true);
  },
  checked: async (_, { it, right }) => {
    if (it !== right) return trouble("wp.check.wrong");
    const { pair, words: { text: words } } = my.draft;
    show("busy", { key: "wp.busy.seal" });
    if (pair.pin) await change("sealKey", { words, pin: pair.pin });
    else await created({ ...pair, words }, pair);
    await load(pair.pin);
    await made();
  },
  without: async () => {
    const { key, jwk } = my.draft.pair;
    if (jwk) await created({ key, jwk: { ...jwk, d: undefined } }, { key, jwk });
    await made();
  },
  pinned: async (form) => {
    const { draft } = my, pin = form.get("pin");
    if (/^(.)\1*$|^0?1234/.test(pin)) throw "wp.pin.easy"; // what a thief tries first
    if (pin !== form.get("again")) throw "wp.pin.differ";
    if (draft.restore) return restore({ pin });
    await created({ pin }, { key: "" });
    await worded(pin);
  },
  unlock: async (form) => {
    const pin = form.get("pin");
    await load(pin);
    await (history.state.word ? worded(pin) : begin());
  },
  typed: async (text) => {
    const said = await call("checkWords", { text });
    $("#trouble").replaceChildren(); // what was wrong is being mended
    $("#typed")?.replaceChildren(heard(said, /\S$/.test(text)));
  },
  said: async (form) => {
    const { draft } = my, words = form.get("words"), paper = draft.why === "paper";
    if (!draft.why) return restore({ words }); // also where a restore was begun before a backup
    draft.saved = { ...await change("backup", { words, paper, base }), today: new Date().toLocaleDateString(lang()) };
    if (!paper) acts.download();
    await swap("saved");
  },
  download: () => {
    const { name, file } = my.draft.saved;
    save(name, "application/octet-stream", Uint8Array.from(atob(file), (c) => c.charCodeAt(0)));
  },
  backupFile: () => choose("backupFiled"),
  backupFiled: async (one) => brought({ file: base64(new Uint8Array(await one.arrayBuffer())) }),
  sure: (yes) => restore({ [yes]: true }),
  wipe: () => {
    my.invited = "";
    return wipe().then(acts.reload);
  },
});
