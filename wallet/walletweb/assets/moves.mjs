// What the modules of the wallet share: the engine, what there is at the moment, and
// the moves between screens.

import { $, has, keep, lang, root, t } from "./page.mjs";
import { read, sign, write } from "./keys.mjs";
import { acts, put, show } from "./screens.mjs";
import { Refusal, startEngine } from "./engine.mjs";

// my is what there is: wallet, what wallet.load says, undefined where there is none;
// draft, what the person is about to do, until they are back among their documents;
// signed, what they have signed last to show it; invited, the link of an offer that
// they have not answered yet, which stays when a phone drops the tab; never, what was awaited and
// will not come; trust, by which documents are judged; away, that another
// tab has the wallet. views make the view of a screen, given the word that goes with it;
// after is what goes on while one is up, and gives at once what ends it. The modules add their own.
let tab = {};
try { tab = sessionStorage; } catch { /* forbidden: it stays as long as the page does */ }

export const my = { draft: {}, never: [], get invited() { return tab.invited; }, set invited(link) { tab.invited = link; } }, views = {}, after = {},
  base = root.dataset.verify,
  store = keep("wallet-page"),
  engine = startEngine({ sign }),
  quiet = () => {},
  on = (...names) => names.includes(root.dataset.on),
  call = (name, input) => engine.call("wallet." + name, { lang: lang(), ...input }),
  list = () => call("list", { quick: true }),
  locked = () => my.wallet?.holder === "pin" && !my.wallet.keyOK,
  swap = (name) => go(name, "", true),
  home = () => swap(!my.wallet ? "start" : locked() ? "unlock" : "home"),
  again = () => go(history.state.name, history.state.word, true);

engine.onRestart = () => load().then(() => my.trust?.speak(lang()));

// change is a call whose outcome is kept before it is shown, in the order of the
// answers: who shows a document does not wait for issuers that a refresh asks, though a
// press waits for the one before it. What could not be kept is undone: the wallet is
// opened again as it is stored. Another tab that takes the wallet waits for what an
// issuer hands over but once; the rest is let go of, which would be in its way.
export async function change(name, input, kept) {
  const once = /take|collect/.test(name), run = async () => {
    if (my.away) throw "wp.tabs.title"; // no code is spent for what this tab cannot keep
    const { save, jwk, ...out } = await call(name, input);
    if (save && (once || !my.away)) await write(save, { jwk, ...kept }).catch(async (e) => { // transactions wait for each other
      await load().catch(quiet);
      throw e;
    });
    return out;
  };
  return once ? taking({ mode: "shared" }, run) : run();
}

export const taking = (how, f) => navigator.locks.request("wallet-taking", how, f);

export async function load(pin) {
  const stored = await read();
  my.wallet = stored?.state && await call("load", { state: stored.state, key: stored.key, pin });
  return stored;
}

let turn = 0, leave = quiet;

// told puts a sentence above the screen, where the person sees it.
export function told(name, view) {
  const place = $("#trouble");
  put(place, name, view);
  place.scrollIntoView({ block: "nearest" });
}

// trouble tells a refusal of the engine in its words, and all else in ours. A camera is off
// by then: it can be started again.
export const trouble = acts.trouble = (e) => {
  if (e.code === "wb_key_lost" && locked()) return swap("unlock");
  const own = e instanceof Refusal, key = e.name ? `wp.fault.${own ? e.code : e.name}` : e;
  told("trouble", { message: has(key) ? t(key) : own ? e.message : t("wp.fault.engine_fault"), hint: e.hint, scan: on("scan") });
};

// go shows a screen. A word goes with it to the one who makes its view. Of two that
// are on their way the later one shows; one that lacks what it needs does not. Where
// another tab has the wallet all of them lead to the one that says so.
export async function go(name, word = "", replace) {
  if (my.away) name = "tabs";
  const mine = ++turn, { needs } = $("#s-" + name).dataset;
  if (needs && !{ ...my, ...my.draft }[needs]) return home();
  const view = await views[name]?.(word) ?? my.draft[needs] ?? {};
  if (mine !== turn) return;
  leave();
  leave = quiet;
  history[replace ? "replaceState" : "pushState"]({ name, word }, "");
  show(name, view);
  leave = after[name]?.(view) ?? quiet;
}

// freshen draws the documents anew where they show, unless the person has gone
// elsewhere meanwhile.
export async function freshen() {
  const view = on("home") && await views.home();
  if (view && on("home")) show("home", view, true);
}
