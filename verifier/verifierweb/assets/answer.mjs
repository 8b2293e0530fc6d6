// What the screens of an answer and of a table show, from the engine's view of a
// report. Nothing is decided here: words, colours and order are the view's own.
import { lang, t } from "./page.mjs";

const SHAPE = { check: "yes", cross: "no", question: "unknown", attention: "warn" };
const ANSWER = { yes: "yes", no: "no", unknown: "unknown", audience: "firm", authority: "seal" };
const TOLD = ["base_unknown", "several_people"]; // said at the top though they decide nothing
const COLOURS = ["green", "amber", "grey", "red"];
const QUOTES = ["rule", "shape", "context", "issuer"]; // their sentences repeat what stands in a document
const WORST = ["red", "grey", "amber", "green"];
const FEW = 100;

export const word = (view) => (view.verdict ? t(`vp.word.${view.colour}`) : view.headline);
const asOf = (view) => (view.date ? t("vp.asof", { date: view.date }) : "");
export const isOffer = (text) => /credential[-_]offer|:\/\/.*\/claim\//.test(text); // as the engine tells it
export const isBackup = (text) => /#3\d{17,}$/.test(text); // the same
export const spoken = (view) => [word(view), asOf(view), view.reason].filter(Boolean).join(". ");

// answer is the view of the answer's screen; mayAsk: it can be asked again, for
// the name that it was signed for.
export function answer({ view, name = "", report }, mayAsk) {
  const several = view.documents.length > 1;
  const documents = view.documents.map(document);
  return {
    ...view, name, several, word: word(view), banner: `banner ${view.colour}`,
    more: more(view),
    expired: !view.ask && view.checks.some((c) => c.code === "presentation_expired"),
    judged: view.answers.length > 0, // not of what could not be read: there is nothing to tell or to keep
    warnings: view.checks.filter((c) => TOLD.includes(c.code)),
    audience: mayAsk && view.ask,
    compares: several ? everybodys(documents) : documents.filter((d) => d.people).slice(0, 1),
    answers: view.answers.map((a) => ({ ...a, icon: ANSWER[a.state || a.code] || "firm" })),
    contents: several ? [] : documents.filter((d) => d.shown),
    parts: several ? documents : [],
    checks: view.checks.map((c) => ({ ...c, icon: SHAPE[c.shape], number: several && c.credential ? `${c.credential}. ` : "" })),
    report: report && JSON.stringify(report, null, 2),
    receipt: receipt(view, report).map(([label, value]) => ({ label, value })),
  };
}

// everybodys is the frame of the one person whom all documents name, if they do:
// the first that is still to be compared.
function everybodys(documents) {
  const who = ({ people }) => people && JSON.stringify(people.filter((i) => i.large).map((i) => i.text));
  const same = documents.every((d) => d.name && who(d) === who(documents[0]));
  return same ? [documents.find((d) => d.frame === "compare") ?? documents[0]] : [];
}

// more is what is missing beside the reason of the verdict, each once.
function more({ missing, reason, do: advice }) {
  const all = new Map(missing.filter((c) => c.sentence !== reason).map((c) => [c.sentence, { ...c, meaning: c.meaning !== advice && c.meaning }]));
  return all.size > 0 && { all: [...all.values()] };
}

function document(d) {
  const items = d.compare?.items ?? [];
  const name = items.find((i) => i.code === "name")?.text ?? "";
  return {
    ...d, name, badge: `vp.word.${d.colour}`, open: d.colour === "green" ? undefined : "", seal: d.vouched ? "seal" : "firm",
    people: items.length > 0 && items.filter((i) => !["givenName", "familyName"].includes(i.code) || !name.includes(i.text))
      .map((i) => ({ ...i, large: !i.code || ["name", "birthDate"].includes(i.code) ? "large" : undefined })),
    frame: d.compare?.code === "do.compare" && d.colour !== "red" ? "compare" : "compare calm",
    lines: d.lines.map((l) => ({ ...l, items: l.items?.map((i) => ({ text: i.text, label: i.label && `${i.label}: `, faint: i.declared && "faint" })) })),
  };
}

// receipt is what may be kept: the answer, its date, the kind of document and who
// issued it; nobody's name, nor for whom it was signed, no number, nothing that leads to a person. Of a file
// that could not be read not its name either, nor what a foreign code says.
export function receipt(view, report) {
  const now = new Intl.DateTimeFormat(lang() === "en" ? "en-GB" : `${lang()}-u-nu-latn`, { dateStyle: "long", timeStyle: "short" }).format(new Date(report?.checkedAt ?? Date.now()));
  const decided = view.checks.find((c) => c.sentence === view.reason);
  const reason = view.answers.length ? (QUOTES.includes(decided?.code) ? view.do : view.reason) : view.headline;
  return [
    [t("vp.table.answer"), `${word(view)} ${asOf(view)}`.trim()], [t("vp.receipt.made"), now], [t("vp.reason"), reason],
    ...view.answers.filter((a) => a.code !== "audience" && !(view.ask && a.code === "holder")).map((a) => [a.label, a.value]),
    ...view.documents.filter((d) => d.shown).map((d) => [t("vp.table.document"), `${d.title}, ${d.issuer}`]),
  ].filter(([, value]) => value);
}

// entitled is a document by its title and number.
function entitled({ title, lines }) {
  const number = lines.find((l) => l.code === "label.document_number")?.value;
  return number ? `${title} (${number})` : title;
}

// table is the view of the table's screen: a row a result, the worst first, and
// how many there are of each colour; only leaves one colour, all shows more than the first rows.
export function table(results, only, all) {
  const rows = results.map(({ name, view }, i) => ({
    name, i, open: `open:${i}`, colour: view.colour, badge: `vp.word.${view.colour}`, asof: asOf(view), label: t("vp.table.details", { name }),
    what: view.documents.filter((d) => d.shown).map(entitled).join("; ") || view.reason,
    who: [...new Set(view.documents.map((d) => document(d).name))].filter(Boolean).join(", "),
    why: view.colour !== "green" && view.documents.some((d) => d.shown) && view.reason,
  })).filter((r) => !only || r.colour === only)
    .sort((a, b) => WORST.indexOf(a.colour) - WORST.indexOf(b.colour) || a.name.localeCompare(b.name, lang(), { numeric: true }));
  return {
    head: t("vp.table.head", { n: results.length }), rows: all ? rows : rows.slice(0, FEW), rest: !all && rows.length > FEW,
    counts: COLOURS.map((colour) => ({ colour, act: `only:${colour}`, n: results.filter((r) => r.view.colour === colour).length, badge: `vp.word.${colour}`, pressed: String(colour === only) }))
      .filter(({ n }) => n > 0),
  };
}
