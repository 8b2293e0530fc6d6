// Shows documents: which, to whom, for how long; then the code that is read from the
// screen or from paper. What is shown is signed once, when the person has chosen; to
// draw it again, in another language or after a step back, signs nothing.

import { $, $$, lang, t } from "./page.mjs";
import { acts } from "./screens.mjs";
import { after, again, base, call, change, go, list, my, quiet, told, trouble, views } from "./moves.mjs";

// owned lists the documents that have such ids, each with the name of its person.
async function owned(ids) {
  const { cards, person } = await list();
  return cards.filter((c) => ids.includes(c.id)).map((c) => ({ ...c, name: c.otherPerson || person }));
}

// sign signs what is asked for. On paper each person's documents are signed and drawn
// apart: who reads a sheet may keep it.
async function sign(ask) {
  const people = {}, sheets = [];
  for (const c of await owned(ask.ids)) (people[ask.paper && c.name] ??= []).push(c.id);
  for (const ids of Object.values(people)) sheets.push({ ids, ...await change("present", { ...ask, ids, base }) });
  my.signed = { ask, sheets };
}

// worded is a signed sheet in the words of the person's language. Where a document has
// been deleted meanwhile it keeps the words that it has.
async function worded(sheet) {
  const { ids, untilTime: signed } = sheet, shown = await owned(ids);
  Object.assign(sheet, await call("present", { ids, signed }).catch(quiet));
  return {
    ...sheet, shown, person: shown[0]?.name, mixed: shown.some((c) => c.name !== shown[0].name),
    codes: sheet.codes.map((c, i, all) => ({ ...c, n: i + 1, of: all[1] && all.length })),
  };
}

Object.assign(views, {
  pick: async () => {
    const { cards } = await list();
    for (const c of cards) c.picked = c.showable && (my.draft.ids?.includes(c.id) || cards.length === 1);
    return { cards };
  },
  who: () => { my.draft = { ids: my.draft.ids }; },
  whom: (paper) => { my.draft.paper = !!paper; },
  code: async () => {
    const { ask, sheets } = my.signed, all = await Promise.all(sheets.map(worded)), [one, more] = all;
    const link = !more && one.link;
    return { ...ask, ...one, sheets: all, turns: more || one.codes[1], link, share: link && navigator.share, prints: !one.chunks && !one.mixed };
  },
  paper: async () => {
    const { card } = my.draft, { id } = card;
    return { card, name: (await owned([id]))[0].name, ...await call("paper", { id, base }) };
  },
});

after.code = (view) => {
  const end = Date.parse(view.untilTime), all = $$(".sheet img");
  let n = 0, lock;
  acts.turn = (by) => {
    n = (n + all.length + +by) % all.length;
    $("#qr").src = all[n].src;
    if (all[1]) $("#nth").textContent = t("wp.code.nth", { n: n + 1, of: all.length });
  };
  const awake = () => document.hidden || navigator.wakeLock?.request("screen").then((l) => { lock = l; }, quiet);
  const stop = () => {
    timers.forEach(clearInterval);
    document.onvisibilitychange = null;
    lock?.release();
  };
  const tick = () => {
    const left = end - Date.now();
    $("#left").textContent = left < 36e5 ? t("wp.code.left", { left: new Date(Math.max(0, left)).toISOString().slice(14, 19) }) : "";
    if (left > 0) return;
    stop();
    for (const e of $$("[data-over]")) e.hidden = !e.dataset.over;
  };
  const still = !view.chunks || matchMedia("(prefers-reduced-motion: reduce)").matches;
  const timers = [setInterval(tick, 1000), still ? 0 : setInterval(acts.turn, 400, 1)];
  document.onvisibilitychange = awake;
  acts.turn(0);
  awake();
  tick();
  return stop;
};

// chosen is what is to be shown.
const chosen = (...ids) => {
  my.draft = { ids };
  return go("who");
};

Object.assign(acts, {
  showOne: () => chosen(my.draft.card.id),
  picked: (form) => {
    const ids = form.getAll("id");
    return ids[0] && !ids[10] ? chosen(...ids) : trouble(ids[0] ? "wp.pick.many" : "wp.pick.none");
  },
  here: () => acts.timed(5),
  named: (form) => {
    my.draft.audience = form.get("audience").trim();
    return go("when");
  },
  timed: async (minutes) => {
    await sign({ ...my.draft, minutes: +minutes });
    return go("code");
  },
  renew: async () => {
    await sign(my.signed.ask);
    return again();
  },
  share: (_, { link: url }) => { navigator.share({ url }).catch(quiet); },
  copy: (_, view) => navigator.clipboard.writeText(view.link).then(() => told("copied")),
});
