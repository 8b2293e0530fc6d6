// What becomes of an offer that the page is opened with, of a text that is none, and
// of a code that is wrong.
import assert from "node:assert/strict";
import { open, until } from "./fresh.mjs";

const good = "openid-credential-offer://?credential_offer_uri=https%3A%2F%2Fente.example%2Foid4vci%2FEnte%2Foffers%2Fs3cret";
const pause = () => new Promise((ok) => setTimeout(ok, 50));
const form = (values) => new Map(Object.entries(values));

// opened is a page opened with a link, where a wallet is or none.
async function opened(link, { held = true, reload, also } = {}) {
  globalThis.opened = "https://ente.example/wallet" + (link && "#" + link);
  const parts = await open(({ engine, kept, Refusal }) => {
    if (held) kept.set("state", { counter: 1, state: "one", key: "key-1" });
    engine.answers["wallet.offer"] = ({ link, host }) => {
      if (link !== good && link !== also) throw Object.assign(new Refusal("wb_not_offer"), { code: "wb_not_offer" });
      return host ? { host, titles: [] } : { host: "ente.example" };
    };
    engine.answers.kind = ({ text }) => ({ kind: text.startsWith("openid") ? "offer" : "other" });
  }, reload);
  await pause();
  return parts;
}

// The link of the claim page: a wallet that is there asks at once.
const { acts, asked, engine, last } = await opened("offer=" + encodeURIComponent(good));
assert.equal(last.name, "host");
assert.deepEqual(asked.filter((a) => a.name === "wallet.offer").map((a) => a.input.link), [good]);

// An offer waits at home until it is answered, and then no longer.
await acts.home();
assert.equal(last.view.invited, good);
await acts.go("host");
assert.equal(last.name, "host");
await acts.decline(null, last.view);
assert.ok(!last.view.invited);

// It waits too where the browser has dropped the tab meanwhile, which is asked anew,
// and a slip in another paste costs it nothing.
await opened("offer=" + encodeURIComponent(good));
const again = await opened("", { reload: true });
assert.equal(again.last.name, "host");
await assert.rejects(again.acts.pasted(form({ text: "openid-credential-offer://?cred" })), { code: "wb_not_offer" });
await again.acts.home();
assert.equal(again.last.view.invited, good);
await again.acts.go("host");
await again.acts.decline(null, again.last.view);
const declined = await opened("", { reload: true });
assert.equal(declined.last.name, "home");
assert.ok(!declined.last.view.invited);

// One that was used or has run out is let go of, and that is said at home, whether the
// issuer says so at the first question or at the last; any other refusal lets it wait.
for (const step of ["offer", "take"]) {
  for (const code of ["wb_offer_gone", "wb_unreachable"]) {
    const { acts, engine, last, Refusal } = await opened("offer=" + encodeURIComponent(good));
    const refuse = () => { throw Object.assign(new Refusal(code), { code }); }, reads = engine.answers["wallet.offer"];
    if (step === "offer") engine.answers["wallet.offer"] = (input) => (input.host ? refuse() : reads(input));
    else {
      await acts.trust(null, last.view);
      engine.answers["wallet.take"] = refuse;
    }
    await assert.rejects(step === "offer" ? acts.trust(null, last.view) : acts.take(form({}), last.view), { code });
    const gone = code === "wb_offer_gone";
    assert.equal(last.name === "home", gone, step + " " + code);
    assert.equal(!sessionStorage.invited, gone, step + " " + code);
  }
}

// A second link that comes in the same tab while the first is answered waits its turn,
// whatever became of the first.
const other = good + "2";
for (const answer of ["take", "gone", "decline"]) {
  const { acts, engine, last, Refusal } = await opened("offer=" + encodeURIComponent(good), { also: other });
  await acts.trust(null, last.view);
  const offer = last.view;
  engine.answers["wallet.take"] = async () => {
    follow("https://ente.example/wallet#offer=" + encodeURIComponent(other));
    await pause();
    if (answer === "gone") throw Object.assign(new Refusal("gone"), { code: "wb_offer_gone" });
    return { kept: [], refused: [] };
  };
  if (answer === "decline") {
    follow("https://ente.example/wallet#offer=" + encodeURIComponent(other));
    await pause();
    await acts.decline(null, offer); // of the screen before, by Back
  } else await acts.take(form({}), offer).catch((e) => assert.equal(e.code, "wb_offer_gone"));
  await acts.home();
  assert.equal(last.view.invited, other, answer);
}

// News that draw the documents anew while a link is being read cost the offer nothing.
{
  const { acts, engine, last } = await opened("");
  const reads = engine.answers["wallet.offer"];
  engine.answers["wallet.offer"] = async (input) => {
    if (!input.host) {
      self.ononline();
      await pause();
    }
    return reads(input);
  };
  await acts.home();
  follow("https://ente.example/wallet#offer=" + encodeURIComponent(good));
  await until(() => last.name === "host");
  await acts.trust(null, last.view);
  assert.equal(last.name, "offer");
  assert.equal(last.view.host, "ente.example");
}

// A text that is none leaves the form and an offer as they were.
await acts.go("paste");
engine.answers["wallet.import"] = () => ({ kept: [], refused: [{ code: "x", message: "no document" }] });
await assert.rejects(acts.pasted(form({ text: "rubbish" })), { message: "no document" });
assert.equal(asked.at(-1).input.text, "rubbish"); // not as the text of a code: lines and quotes are mended
assert.equal(last.name, "paste");
await assert.rejects(acts.pasted(form({ text: "openid-credential-offer://?cred" })), { code: "wb_not_offer" });
assert.equal(last.name, "paste");

// What was seen of a sheet and not read goes to the engine, which says so beside what is
// kept; where nothing is kept, why not is said.
const told = [{ code: "code_unread", args: { count: "1" } }], unread = { code: "wb_unread", message: "not all" };
engine.answers["wallet.import"] = () => ({ kept: [{ card: {}, new: true }], refused: [unread] });
await acts.taken({ texts: ["a code"], told });
assert.deepEqual(asked.at(-1).input.told, told);
assert.deepEqual(last.view.refused, [unread]);
engine.answers["wallet.import"] = () => ({ kept: [], refused: [unread, { code: "x", message: "forged" }] });
await assert.rejects(acts.taken({ texts: ["a code"], told }), { message: "forged" });
const problem = { code: "qr_picture_large", args: { file: "x.png" } };
await assert.rejects(acts.taken({ texts: [], told: [], problem }));
assert.deepEqual(asked.at(-1).input.problem, problem);

// What nobody can read goes home with its sentence.
for (const bad of ["offer=rubbish", "offer=%E0%A4%A", "rubbish"]) {
  const { last } = await opened(bad);
  assert.equal(last.name, "home", bad);
  assert.equal(last.trouble, "wb_not_offer", bad);
  assert.ok(!last.view.invited);
}

// A wallet that is made first asks when it is made.
delete localStorage["passport-wallet"];
const first = await opened("offer=" + encodeURIComponent(good), { held: false });
assert.equal(first.last.name, "start");
const later = await opened("", { held: false, reload: true });
assert.equal(later.last.name, "start");
await later.acts.make();
await later.acts.without();
assert.equal(later.last.name, "host");
process.exit(0);
