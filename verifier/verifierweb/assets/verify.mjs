// The flow of the employer's page: how something to check comes in, and which
// screen shows what came of it. The engine judges; answer.mjs words the screens.
import { $, ahead, announce, keep, lang, link, onSpeak, save, t, work } from "./page.mjs";
import { go, greet, onBack, onLeave, put, screen } from "./screens.mjs";
import { startEngine } from "./engine.mjs";
import { openTrust } from "./trust.mjs";
import * as words from "./answer.mjs";

const root = document.documentElement;
const ANSWERS = ["answer", "table"]; // screens
const MOST = 5000; // files at once
const OLD = 3 * 60e3; // of a list, before it is asked for again
const LOOKED_AT = 1000; // ms that an answer may stand while it is judged again
const built = root.dataset.checker === "true";

let engine; // the verifier, in a worker
let scanner; // promise of what reads codes out of cameras and files
let trust; // promise of what the page trusts
let its = null; // that, once it is there
let asked = null; // what is answered on the screen, and by what it was judged
let drawn = { results: [], one: 0, only: "" }; // what is on the screen
let camera = null;
let live = true; // a code can be read from a moving picture
let scanned = false; // the last one came from the camera
let seen = null; // what the camera has said last
let wrong = null; // says what is wrong with the text, in the language of the moment
const told = new Set(); // notices of the page's own
let turn = 0; // a later question makes an earlier answer stale
let asking = null; // the turn of the question under way
let picking = false; // the phone's own camera or chooser is over the page

async function begin() {
  const code = link((text) => {
    go(screen(), { replace: true, focus: false }); // the link has made an entry of its own
    judge([{ name: "", texts: [text] }]);
  });
  await greet();
  go("start", { replace: true, focus: false });
  wire();
  scanner = import("./scan.mjs");
  if (built) {
    engine = startEngine();
    engine.onRestart = async () => its?.speak(); // what is not there yet asks for itself
    engine.ready.catch(() => notices("failed"));
    trust = openTrust({ call: (name, input) => engine.call(name, input), store: keep("passport-verify"), lang: lang() });
    trust.then(trusted).catch(() => notices("failed"));
    if (code) judge([{ name: "", texts: [code] }]);
    live = Boolean(await scanner.then((m) => m.canScan()).catch(() => ""));
  }
  notices(!built && "unbuilt");
  await work(() => screen() === "start" && asking !== turn && !picking); // a code that came by a link is asked about there
}

async function trusted(now) {
  its = now;
  its.onChange = () => {
    showTrust();
    again();
  };
  showTrust();
  await its.coming;
  ahead();
}

// renew asks for a newer list: whenever the page is looked at again, but never
// while somebody checks: the moment would tell. So what is on its way is waited for
// first. Opening the page has asked for one. What another tab has kept asks nobody.
async function renew() {
  const now = await trust?.catch(() => null);
  await now?.coming.catch(() => {});
  await now?.catchUp();
  if (navigator.onLine === false || picking || asking === turn || ["camera", "wait"].includes(screen())) return "offline";
  return now?.renew();
}

// atStart: who is back at the start screen checks the next one by a list that is
// not some minutes old.
function atStart() {
  if (screen() === "start" && its && Date.now() - its.askedAt > OLD) renew();
}

// judge asks the engine about inputs and shows the answer. It fetches nothing; it
// only waits a moment for the list that was asked for when the page was opened.
async function judge(inputs, audience) {
  if (!built) return;
  const mine = asking = ++turn;
  const late = setTimeout(() => { if (mine === turn) wait(t("vp.wait.loading")); }, 250);
  try {
    const question = { inputs, audience };
    const out = await ask(question);
    if (mine === turn) showResults(question, out);
  } catch {
    if (mine === turn) fail();
  } finally {
    clearTimeout(late);
    if (asking === mine) asking = null;
  }
}

// fail tells of a fault; what was on the screen before is not the answer.
function fail() {
  drawn = { results: [], one: 0, only: "" };
  go("start", { replace: screen() === "wait" });
  notices("failed");
}

// fits tells whether that is the list, the clock and the language of now. A list
// that is opened again, later, is another. holds: and it is of this hour.
const fits = ({ origin, doubted, tongue }) => origin === its.origin && doubted === its.doubted && tongue === lang();
const holds = (by) => fits(by) && !its.isStale;

// ask answers with what it was judged by.
async function ask({ inputs, audience }) {
  const now = await trust;
  await now.briefly();
  for (;;) {
    await now.catchUp();
    const by = { origin: now.origin, doubted: now.doubted, tongue: lang() };
    const out = await engine.call("verify", { lang: by.tongue, inputs, audience, clockDoubted: by.doubted, csv: inputs.length > 1 }, { onProgress: progress });
    now.remember(out.seen);
    if (fits(by)) return { ...out, by }; // else the network has told more meanwhile
  }
}

// again judges anew what is answered, where that was by an older list, another
// clock or in another language, and draws it in its place, unless the reader has
// turned to something else meanwhile, or has asked something else before: that one's
// "wait" would be taken for its own. News are told only where they change it.
async function again(place = screen()) {
  const mine = turn, question = asked, before = drawn;
  const stays = () => mine === turn && asked === question && (screen() === "wait" || ANSWERS.includes(screen()) && !holds(question.by));
  if (!question || asking === turn || !ANSWERS.includes(place) || !stays()) return;
  const late = setTimeout(() => {
    if (!stays()) return;
    if (screen() !== "wait") { place = screen(); go("wait", { replace: true }); }
    wait(t("vp.wait.loading"));
  }, screen() === "wait" ? 0 : LOOKED_AT);
  const out = await ask(question).catch(() => null);
  clearTimeout(late);
  if (!stays()) return;
  if (!out) return fail();
  const { by } = question, { results, csv } = out;
  Object.assign(question, { by: out.by, csv });
  const reworded = by.tongue !== out.by.tongue;
  const old = before.results.length ? before.results.map((r) => r.view) : [before.view];
  const other = gist(old, reworded) !== gist(results.map((r) => r.view), reworded);
  if (screen() !== "wait") {
    if (!reworded && !other) return;
    place = screen();
  }
  redraw(place, results);
  if (other) tell(by.origin?.seq !== out.by.origin?.seq ? "newer" : !by.doubted && out.by.doubted && "clock", place);
}

// redraw draws both screens of an answer: neither is left as it was.
function redraw(place, results) {
  if (place === "table") return showTable(results, drawn.only, drawn.all);
  const one = results[drawn.one] ?? results[0];
  if (results.length > 1) put("#table", "table", words.table(results, drawn.only, drawn.all));
  return show(one.view, one, results);
}

// tell puts a notice over what was drawn again.
function tell(news, place) {
  if (!news) return;
  const note = document.createElement("div");
  note.id = "news";
  $(`#${place}`).prepend(note);
  put("#news", "notices", { all: [{ code: news, words: t(`vp.notice.${news}`) }] });
  announce([t(`vp.notice.${news}`), place === "table" ? "" : words.spoken(drawn.view)].join(" "));
}

// gist is what an answer comes to; of two languages, without the words.
const gist = (views, bare) => JSON.stringify(views.map((v) => v && [v.colour, v.verdict, ...bare ? [] : [v.headline, v.reason, v.answers]]));

function showResults(question, { results, csv, by }) {
  const [first] = results;
  if (results.length < 2 && first.problem && question.inputs[0].text !== undefined && !first.name) {
    return notRead(async () => unread((await ask(question)).results[0]), unread(first));
  }
  asked = Object.assign(question, { csv, by });
  if (told.delete("failed")) notices();
  if (results.length > 1) return showTable(results);
  $("#text").value = "";
  noWrong();
  return show(first.view, first);
}

// show draws a view and goes to the screen of the answer. Tests call it with
// views that were made up.
export function show(view, { name, report } = {}, results = []) {
  drawn = { ...drawn, view, name, report, results };
  $("#totable").hidden = results.length < 2;
  put("#answer", "answer", words.answer({ view, name, report }, asked && !asked.audience && results.length < 2));
  to("answer");
  announce(words.spoken(view));
}

export function showTable(results, only = "", all = false) {
  drawn = { results, only, all };
  put("#table", "table", words.table(results, only, all));
  to("table");
}

// to leaves no waiting and no camera behind for "back" to return to.
const to = (name) => go(name, { replace: ["wait", "camera"].includes(screen()) });

const unread = ({ problem, view }) => (problem.code === "verify_unreadable" ? t("vp.write.wrong") : [view.reason, view.do].filter(Boolean).join(". "));

function notRead(say, now = say()) {
  if (screen() !== "write") to("write");
  wrong = say;
  $("#textwrong").textContent = now;
  $("#text").setAttribute("aria-invalid", "true");
  $("#text").focus();
}

function noWrong() {
  wrong = null;
  $("#textwrong").textContent = "";
  $("#text").removeAttribute("aria-invalid");
}

function wait(doing) {
  $("#waiting").textContent = doing;
  $("#progress").hidden = true;
  if (screen() !== "wait") to("wait");
}

function progress(n, total) {
  if (total < 2 || screen() !== "wait") return;
  $("#progress").hidden = false;
  $("#progress").value = n / total;
  $("#waiting").textContent = t("vp.wait.of", { n, total });
}

// files reads what was chosen or dropped, one after the other, then judges all.
async function files(list) {
  const given = [...list].filter((f) => !f.name.startsWith("."));
  const all = given.slice(0, MOST);
  if (!all.length || !built) return;
  const mine = ++turn;
  const inputs = [];
  wait(t("vp.wait.reading", { name: all[0].name }));
  const { readFile } = await scanner.catch(() => ({}));
  if (!readFile) return fail();
  for (const file of all) {
    inputs.push({ ...await readFile(file), name: file.webkitRelativePath || file.name });
    if (mine !== turn) return;
    progress(inputs.length, all.length);
  }
  for (const { name } of given.slice(MOST)) inputs.push({ name, problem: { code: "files_many", args: { file: name, max: String(MOST) } } });
  scanned = false;
  return judge(inputs);
}

async function scan() {
  if (!live) return snap();
  go("camera");
  look({ state: "" });
  const mine = ++turn;
  const started = await (await scanner).startCamera($("#video"), (taken) => { if (mine === turn) { scanned = true; judge([taken]); } }, look);
  if (mine !== turn || screen() !== "camera") started.stop(); else camera = started;
}

// snap takes one picture with the phone's own camera.
function snap() {
  const input = $("#files");
  Object.assign(input, { accept: "image/*", capture: "environment" });
  choose(input);
  input.removeAttribute("capture");
  input.accept = "";
}

// choose opens a chooser. On a phone it hides the page, which is no visit when it
// comes back: what is asked of the network then would tell that somebody checks.
function choose(input) {
  picking = true;
  input.click();
}

// look tells how the camera does. What stops it says how to go on.
function look(said) {
  let { state, torch, text = "", ...counts } = said;
  if (state === "stopped" || screen() !== "camera") return;
  seen = said;
  if (state === "other" && words.isOffer(text)) state = "offer"; // its secret is not shown
  if (state === "other" && words.isBackup(text)) state = "backup";
  const blind = ["blocked", "nocamera", "busy", "failed"].includes(state);
  if (state === "looking" || !state) $("#light").hidden = !torch;
  if (blind) {
    put("#blocked", "blind", { key: `vp.camera.${state}` });
    root.dataset.blind = state;
  }
  const seeing = state && !blind ? t(`vp.camera.${state}`, { ...counts, text: text.slice(0, 120) }) : "";
  if ($("#seeing").textContent !== seeing) $("#seeing").textContent = seeing;
}

function still() {
  camera?.stop();
  camera = null;
  seen = null;
  delete root.dataset.blind;
  $("#blocked").replaceChildren();
  $("#light").setAttribute("aria-pressed", "false");
}

// notices draws what the reader has to know before asking; code is one more.
export function notices(code) {
  if (code) told.add(code);
  const all = [...told, built && !live && "nolive", ...(its?.notices ?? [])].filter(Boolean).map((c) => [c, t(c === "refused" ? "vp.trust.refused" : `vp.notice.${c}`)]);
  if (its && its.state !== "ready") all.push([its.state, t(`vp.trust.${its.state}`)]);
  for (const c of its?.checks ?? []) all.push([c.code, `${c.sentence} ${c.meaning ?? ""}`]);
  if (its?.origin?.ageDays >= 7 && !its.origin.expired) all.push(["old", t("vp.trust.old", { date: its.origin.ends })]);
  const once = new Map(all.map(([c, text]) => [text, { code: c, words: text }]));
  put("#notices", "notices", { all: [...once.values()] });
}

function showTrust() {
  notices();
  const o = its?.origin;
  if (!o) return;
  const midnight = (...of) => new Date(...of).setHours(0, 0, 0, 0); // a list of last evening is of yesterday
  const days = Math.min(0, Math.round((midnight(o.issuedAt) - midnight()) / 864e5));
  const when = new Intl.RelativeTimeFormat(`${lang()}-u-nu-latn`, { numeric: "auto" }).format(days, "day");
  put("#trust", "trust", { name: o.name, when, icon: o.ageDays < 2 ? "seal" : "clock" });
  put("#trustfacts", "facts", { facts: [["authority", o.name], ["list", o.issued], ["until", o.ends], ["root", o.anchor, "code"]]
    .map(([key, value, code]) => ({ key: `vp.fact.${key}`, value, code })) });
}

async function askRenewal() {
  $("#renewed").textContent = t("vp.renew.asking"); // a dead network can take half a minute to be told from a slow one
  const came = await renew();
  const said = { newer: "vp.renew.newer", same: "vp.renew.same", older: "vp.notice.older", refused: "vp.trust.refused" };
  $("#renewed").textContent = t(said[came] || "vp.renew.offline", { date: its?.origin?.issued ?? "" });
}

// What a press does: data-do="act:word".
const acts = {
  go, scan, print: () => print(), renew: askRenewal,
  pick: () => choose($("#files")),
  folder: () => choose($("#dir")),
  write: () => to("write"),
  back: () => { turn++; history.back(); },
  again: () => { if (scanned && live) scan(); else go("start"); },
  audience: () => judge(asked.inputs, drawn.view.ask),
  save: () => save("passport-check.txt", "text/plain;charset=utf-8", words.receipt(drawn.view, drawn.report).map((pair) => `${pair.join(": ")}\n`).join("")),
  csv: () => save("passport-check.csv", "text/csv;charset=utf-8", asked.csv),
  open: (i) => { drawn.one = i; const one = drawn.results[i]; show(one.view, one, drawn.results); },
  all: () => showTable(drawn.results, drawn.only, true),
  only: (colour) => {
    showTable(drawn.results, drawn.only === colour ? "" : colour);
    $(`#table [data-do="only:${colour}"]`).focus();
  },
  light: async (_, button) => {
    const lit = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(Boolean(await camera?.torch(lit)) && lit));
  },
  paste: async () => {
    noWrong();
    try { $("#text").value = await navigator.clipboard.readText(); } catch { notRead(() => t("vp.paste.refused")); }
    $("#text").focus();
  },
};

function wire() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-do]");
    if (!button) return;
    event.preventDefault();
    const [act, word] = button.dataset.do.split(":");
    picking = false; // also where no browser says that nothing was chosen
    acts[act](word, button);
  });
  for (const input of [$("#files"), $("#dir")]) {
    input.addEventListener("cancel", () => { picking = false; });
    input.addEventListener("change", () => { const list = [...input.files]; input.value = ""; picking = false; files(list); });
  }
  $("#typed").addEventListener("submit", (event) => { event.preventDefault(); typed($("#text").value); });
  $("#text").addEventListener("input", noWrong);
  wireDrops();
  onLeave((from) => {
    announce(""); // an answer that is gone is not to be read as one
    if (from === "camera") still();
    if (from === "wait") turn++; // who leaves waits no more
    setTimeout(atStart);
  });
  onBack(back);
  onSpeak(spoken);
  addEventListener("visibilitychange", () => { if (!document.hidden) renew(); });
  addEventListener("online", renew);
}

// back: what is no longer there cannot be shown again; it begins anew. An answer
// that the list at hand may not bear out any more is not shown before it is judged again.
function back(name) {
  const gone = name === "answer" && !drawn.view || name === "table" && drawn.results.length < 2;
  if (gone || name === "camera" || name === "wait") return "start";
  if (!ANSWERS.includes(name) || !asked || holds(asked.by)) return name;
  const mine = ++turn; // who goes back waits for nothing else
  setTimeout(() => { if (mine === turn) again(name); });
  return "wait";
}

// spoken draws the page again in the new language: what the camera says, what is
// wrong with a text, the answer.
async function spoken(code) {
  if (seen) look(seen);
  $("#renewed").textContent = "";
  if (wrong) {
    const [say, now] = [wrong, await wrong()];
    if (wrong === say) $("#textwrong").textContent = now;
  }
  if (!trust) return;
  await (await trust).speak(code);
  showTrust();
  await again();
}

function typed(text) {
  scanned = false;
  return text.trim() ? judge([{ name: "", text: text.trim() }]) : notRead(() => t("vp.write.empty"));
}

function wireDrops() {
  let over = 0;
  const shade = (n) => { over = n; $("#drop").hidden = over <= 0; };
  addEventListener("dragenter", (event) => { event.preventDefault(); shade(over + 1); });
  addEventListener("dragleave", () => shade(over - 1));
  addEventListener("dragover", (event) => event.preventDefault());
  addEventListener("drop", (event) => { event.preventDefault(); shade(0); brought(event.dataTransfer); });
  addEventListener("paste", (event) => { if (!event.target.closest("textarea")) { event.preventDefault(); brought(event.clipboardData); } });
}

// brought takes files, folders and texts that were dropped or pasted.
async function brought(data) {
  const text = data.getData("text/plain");
  const entries = [...data.items].map((i) => i.webkitGetAsEntry?.()).filter(Boolean);
  const list = entries.length ? (await Promise.all(entries.map(walk))).flat() : data.files;
  if (list.length) files(list); else if (text.trim()) typed(text);
}

async function walk(entry) {
  if (entry.isFile) return new Promise((ok) => { entry.file((f) => ok([f]), () => ok([])); });
  const reader = entry.createReader();
  const all = [];
  for (;;) { // a hundred at a time (File and Directory Entries API, 7.3)
    const some = await new Promise((ok) => { reader.readEntries(ok, () => ok([])); });
    if (!some.length) return (await Promise.all(all.map(walk))).flat();
    all.push(...some);
  }
}

await begin();
