// Opens the wallet in this tab, in the person's language, and lists what it holds. What a
// wallet is and does, the engine decides; what is kept, keys.mjs writes; the modules of
// this page ask, show, and send nothing that the person did not send.

import { $, $$, ahead, link, onSpeak, remember, root, speak, work } from "./page.mjs";
import { acts, put, whisper } from "./screens.mjs";
import { again, call, change, freshen, go, home, list, load, locked, my, on, quiet, swap, taking, trouble, views } from "./moves.mjs";
import { begin, judge, tend } from "./receiving.mjs";
import "./keeping.mjs";
import "./showing.mjs";

const spoken = () => ({ [root.lang]: true });

Object.assign(views, {
  welcome: spoken,
  helper: spoken,
  home: async () => {
    my.draft = {};
    return {
      ...await list(), nokey: !my.wallet.keyOK && !locked(),
      offline: !navigator.onLine, invited: my.invited, never: my.never, old: my.trust?.origin?.ageDays > 7,
    };
  },
  one: async (id) => {
    const { card, view } = await call("view", { id });
    my.draft = { card };
    return { ...view.documents[0], card };
  },
  menu: () => my,
  wipe: () => my.wallet && list(),
  progress: (definition) => call("progress", { definition }),
  history: () => call("history"),
  settings: async () => {
    const loose = my.wallet && !await navigator.storage.persisted();
    return { ...my, loose, ...my.trust?.origin };
  },
});

Object.assign(acts, {
  home,
  again,
  go: (place) => go(...place.split(":")),
  back: () => history.back(),
  print: () => print(),
  open: (_, { id }) => go("one", id),
  definition: (_, { id }) => go("progress", id, true),
  remove: () => change("remove", { id: my.draft.card.id }).then(home),
  forget: () => change("forget").then(again),
  reload: () => location.reload(),
  // The other tab is waited for while it takes what an issuer hands over but once: a token,
  // and a document asked for three times, are seven answers of 30 seconds at most. One that
  // hangs longer, or while it takes the wallet over itself, loses its turn.
  steal: () => {
    let got;
    return taking({ signal: AbortSignal.timeout(24e4) }, (lock) => got = own(lock)).catch(() => got ?? taking({ steal: true }, own));
  },
  tongue: async (_, __, { lang }) => {
    await speak(lang);
    remember(lang);
    return home();
  },
  help: async (_, __, { lang: code, dir }) => {
    whisper({ code, dir, words: await (await fetch(new URL(`words.${code}.json`, import.meta.url))).json() });
    put($("#helping"), "helping");
    return home();
  },
  helped: () => {
    whisper();
    $("#helping").replaceChildren();
    return go("helped");
  },
});

// own keeps the wallet to one tab: the first, or the one that takes it over. The
// lock is held for as long as the tab is there, or until another takes it; then
// this one can only take it back.
const own = (steal) => new Promise((done) => {
  navigator.locks.request("wallet-open", { steal, ifAvailable: !steal }, (lock) => {
    if (!lock) throw lock; // away, as when it is taken later
    my.away = false;
    done(start());
    return new Promise(quiet);
  }).catch(() => {
    my.away = true;
    done(home());
  });
});

async function start() {
  const stored = await load().catch(async (e) => {
    await swap(e.name === "Error" ? "start" : "nostore"); // a Refusal, or the browser's own
    throw e;
  });
  await (stored ? begin() : swap(root.dataset.wish ? "start" : "welcome"));
  if (stored?.lost) trouble("wp.evicted");
  judge().catch(quiet);
}

// offered takes the offer that a link to this page has behind its "#offer=".
function offered(href) {
  if (!href) return;
  my.invited = href.replace(/^.*?#(offer=)?/, "");
  try { my.invited = decodeURIComponent(my.invited); } catch { /* what is no text is no offer: the engine says so */ }
  if (root.dataset.on) begin().catch(trouble);
}

onSpeak(async (code) => {
  const at = root.dataset.on;
  await my.trust?.speak(code);
  if (at && at !== "welcome" && on(at)) await again(); // a choice there leads home by itself
});
self.onpopstate = () => history.state?.name && again().catch(trouble);
self.ononline = self.onoffline = () => freshen().then(tend);
setInterval(tend, 60000);

// A browser's PDF would have the lines of these pictures, which no reader of pictures reads.
self.onbeforeprint = () => {
  for (const e of $$(".sheet img")) {
    const c = document.createElement("canvas"), n = c.width = c.height = 2 * e.naturalWidth;
    if (!n) continue;
    c.getContext("2d").drawImage(e, 0, 0, n, n);
    c.role = "img";
    c.ariaLabel = e.alt;
    e.replaceWith(c);
  }
};

if ($("#screen noscript")) { // built with the engine
  await speak(root.dataset.wish || root.lang);
  offered(link(offered));
  await own().catch(trouble);
  work(() => on("welcome", "home"));
  ahead();
}
