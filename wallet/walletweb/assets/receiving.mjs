// Takes documents: from an offer that the person says yes to, from codes and files that
// they have, from a text that they paste; and keeps fresh what is held.

import { $, has, lang, t } from "./page.mjs";
import { read } from "./keys.mjs";
import { acts, act, show } from "./screens.mjs";
import { Refusal } from "./engine.mjs";
import { readFile, startCamera } from "./scan.mjs";
import { openTrust } from "./trust.mjs";
import { after, call, change, engine, freshen, go, home, locked, my, on, quiet, store, swap, told, trouble, views } from "./moves.mjs";

Object.assign(views, {
  scan: (what) => ({ [what || "offer"]: true, label: t("wp.scan.title") }),
  host: async () => {
    const link = my.invited;
    return { link, ...await call("offer", { link }) };
  },
});

after.scan = (view) => {
  const wants = view.backup ? (text) => /#3\d+$/.test(text) : view.offer && ((text) => /credential_offer|\/claim\/|#[12]\d+$/.test(text));
  const tell = (how) => {
    if (!on("scan")) return; // it opened when the person had gone
    const { state } = how, key = "wp.scan." + state, seeing = $("#seeing"), text = has(key) ? t(key, how) : "";
    if (/^[bfn]/.test(state)) trouble("wp.scan.none"); // blocked, busy, failed, none
    else if (seeing.textContent !== text) seeing.textContent = text; // once: it is read aloud
  };
  const video = $("#camera"), camera = startCamera(video, (got) => act("taken", got, null, video), tell, wants);
  return () => camera.then((c) => c.stop()); // the browser may still be asking the person
};

// begin asks about an offer that waits. What is wrong with it is said at home, where
// it goes on waiting, unless nobody can read it.
export async function begin() {
  const link = my.invited;
  if (!link || locked()) return home();
  try { await swap("host"); } catch (e) {
    if (e instanceof Refusal) drop(link);
    await home();
    trouble(e);
  }
}

// choose lets the person pick a file of this device. Who picks none holds nothing up.
export function choose(name) {
  const input = document.createElement("input");
  input.type = "file";
  input.onchange = () => act(name, input.files[0]);
  input.click();
}

// drop lets an offer go, and none that has come meanwhile.
function drop(link) {
  if (my.invited === link) my.invited = "";
}

// over lets one go that nobody can take any more, and says it at home.
const over = (link) => async (e) => {
  if (e.code === "wb_offer_gone") await acts.decline(0, { link });
  throw e;
};

function keep(out) {
  my.draft = { got: { ...out, new: out.kept.some((k) => k.new) || out.later?.[0] } };
  return swap("got");
}

// brought asks for the words of a backup. What is none is refused before anybody types
// them: without words nothing opens.
export async function brought(restore) {
  await call("restore", { ...restore, key: "-", words: "" }).catch((e) => {
    if (e.code !== "wb_words_wrong") throw e;
  });
  my.draft = { restore };
  return go("say");
}

Object.assign(acts, {
  file: () => choose("filed"),
  filed: async (one) => {
    show("busy", { key: "wp.wait" });
    return acts.taken(await readFile(one));
  },
  taken: async ({ texts = [], tokens = [], text, told, problem }) => {
    const [first = text] = texts;
    const { kind } = await engine.call("kind", { text: first ?? "" });
    if (kind === "offer") {
      await call("offer", { link: first }); // what is none leaves another as it was
      my.invited = first;
      return go("host");
    }
    if (kind === "backup") return brought({ texts: texts[0] ? texts : [text] });
    if (!first && !tokens[0] && !problem) throw "wp.scan.nothing";
    const out = await change("import", { texts, tokens, text, told, problem });
    const why = out.refused.at(-1); // that of the import itself
    if (why && !out.kept[0]) throw new Refusal(why);
    await keep(out);
  },
  pasted: (form) => acts.taken({ text: form.get("text") }),
  trust: async (_, { link, host }) => {
    if (!my.wallet) return home();
    my.draft.offer = { link, ...await call("offer", { link, host }).catch(over(link)) };
    await swap("offer");
  },
  take: async (form, { link }) => {
    // Where there is no room for what comes, no code is spent: the whole state is written with
    // it, two bytes a letter at most.
    const { length } = (await read()).state;
    await store.set("room", Array.from({ length: 2 + length / 32768 }, () => crypto.getRandomValues(new Uint8Array(65536))));
    await store.drop("room");
    const out = await change("take", { code: form.get("code") ?? "" }).catch(over(link));
    drop(link);
    call("tell").catch(quiet);
    await keep(out);
  },
  decline: (_, { link }) => {
    drop(link);
    return home();
  },
});

// rest says when the status is due again: at an hour drawn by lot.
export const rest = (hours) => store.set("due", Date.now() + (hours + Math.random() * 12) * 36e5).catch(quiet);

// refresh asks the network for a newer list of bodies, and issuers for what they
// owe and for fresh status.
async function refresh() {
  await my.trust?.renew();
  await change("collect").then(({ never }) => {
    my.never.push(...never ?? []);
    return call("tell");
  }).catch(quiet);
  const out = await change("refresh", { jitter: 4000 });
  rest(18);
  return out;
}

// Who asks for it may go on meanwhile: an issuer can be slow to answer.
let busy;
acts.refresh = () => {
  told("asking");
  busy ??= refresh().then((out) => (on("settings") ? told("refreshed", out) : freshen())).catch(trouble).finally(() => { busy = null; });
};

// By itself it does so about once a day, some time after it is due, and never while
// the person shows something, which would tell an issuer when somebody applies for
// work. The engine holds that too. An hour that nobody has drawn, or that a clock which was
// wrong then has put too far ahead, is over.
let armed;
export async function tend() {
  if (armed || !my.wallet || !navigator.onLine) return;
  const left = await store.get("due").catch(quiet) - Date.now();
  if (left > 0 && left < 1116e5) return;
  armed = setTimeout(() => {
    armed = 0;
    if (!document.hidden && !on("pick", "who", "whom", "when", "code", "paper")) refresh().catch(quiet).then(freshen);
  }, 1e4 + Math.random() * 1e5);
}

// judge opens the trust and judges what is held by it, and again when there is news:
// they may revoke.
export async function judge() {
  my.trust = await openTrust({ call: engine.call.bind(engine), store, lang: lang() });
  await my.trust.coming;
  const judged = my.trust.onChange = async () => {
    if (my.wallet) await change("list").catch(quiet);
    await freshen();
  };
  await judged();
}
