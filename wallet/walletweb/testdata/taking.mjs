// Two tabs of one wallet, and what the first has under way when the second takes it over.
import assert from "node:assert/strict";
import { open, until } from "./fresh.mjs";

const pause = () => new Promise((ok) => setTimeout(ok, 50));
globalThis.opened = "https://ente.example/wallet";

// tabs are two that share what is stored; the first has the wallet. An issuer answers
// when issuer() is called.
async function tabs(call) {
  globalThis.shelf = new Map([["state", { counter: 1, state: "one", key: "key-1" }]]);
  lock.gone = null;
  lock.elsewhere = false;
  let issuer;
  const first = await open(({ engine }) => {
    engine.answers["wallet." + call] = () => new Promise((ok) => {
      issuer = () => ok({ kept: [], refused: [], save: { was: 1, counter: 2, state: "with what came" } });
    });
  });
  await pause();
  lock.elsewhere = true;
  const second = await open();
  assert.equal(second.last.name, "tabs");
  const loads = () => second.asked.filter((a) => a.name === "wallet.load").map((a) => a.input.state);
  return { first, second, loads, asks: () => issuer, issuer: () => issuer() };
}

// What an issuer hands over but once is stored before the other tab opens the wallet.
{
  const { first, second, loads, asks, issuer } = await tabs("take");
  const taken = first.acts.take(new Map(), {});
  await until(asks);
  const stolen = second.acts.steal();
  await pause();
  assert.deepEqual(loads(), []);
  issuer();
  await Promise.all([taken, stolen]);
  assert.deepEqual(loads(), ["with what came"]);
  assert.equal(shelf.get("state").state, "with what came");
}

// An issuer that is slow keeps nobody for ever: a token, and a document asked for three
// times with a nonce each, are seven answers, and the page gives up on each after 30
// seconds. What comes later still is stored where nothing else was meanwhile.
{
  const { first, second, loads, asks, issuer } = await tabs("take");
  const late = assert.rejects(first.acts.take(new Map(), {}), { name: "AbortError" });
  await until(asks);
  const stolen = second.acts.steal();
  await pause();
  assert.deepEqual(loads(), []);
  assert.ok(lock.waits > 7 * 30000);
  lock.tired();
  await stolen;
  assert.deepEqual(loads(), ["one"]);
  issuer();
  await until(() => shelf.get("state").counter === 2);
  assert.equal(shelf.get("state").state, "with what came");
  await late;
}

// A tab that hangs while it takes the wallet over is waited for as little, and has then lost
// its turn: the one that takes the wallet back had waited for ever with its next offer.
{
  const { first, second, asks, issuer } = await tabs("take");
  let wakes;
  second.engine.answers["wallet.load"] = () => new Promise((ok) => { wakes = ok; });
  const hung = second.acts.steal();
  await until(() => wakes && first.last.name === "tabs");
  const back = first.acts.steal();
  await pause();
  assert.equal(first.last.name, "tabs");
  lock.tired();
  await back;
  assert.equal(first.last.name, "home");
  const taken = first.acts.take(new Map(), {});
  await until(asks);
  assert.ok(asks(), "the issuer is asked");
  wakes({ holder: "webcrypto", keyOK: true, count: 0 });
  await hung;
  assert.equal(second.last.name, "tabs");
  issuer();
  await taken;
  assert.equal(shelf.get("state").state, "with what came");
  assert.equal(first.last.name, "got");
}

// What came of a refresh that was under way is not put under the feet of the other tab,
// whose next save it would make too late; nor does a tab that waits for its turn begin.
{
  const { first, second, loads, asks, issuer } = await tabs("refresh");
  first.engine.answers["wallet.collect"] = () => ({ kept: [], refused: [] });
  first.acts.refresh();
  await until(asks);
  await second.acts.steal();
  assert.deepEqual(loads(), ["one"]);
  issuer();
  await pause();
  assert.equal(shelf.get("state").state, "one");
  await assert.rejects(first.acts.take(new Map(), {}), (e) => e === "wp.tabs.title");
}
process.exit(0);
