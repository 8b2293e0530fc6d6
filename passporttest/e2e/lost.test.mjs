// "I lost my phone", at an officer's desk: who it is, is seen on an identity
// document and nowhere else; then the new phone has a copy and the old one's is
// revoked, in one act.
import assert from 'node:assert/strict';
import test, {after, before} from 'node:test';
import {launch, phone, watch} from './browser.mjs';
import {aNewWallet, bring, openVerify, show, take} from './hands.mjs';
import {base, close, issue, link, newWorld, offer, openService} from './world.mjs';

let world, browser, desk, seen, lost;
before(async () => {
  world = await newWorld();
  await openService(world);
  world.home('user', 'add', 'anna', '--role', 'officer', '--issuer', 'ente', '--quiet');
  browser = await launch(world.street);
});
after(async () => {
  await browser?.close();
  await close(world);
});

const picture = buffer => ({name: 'shown.png', mimeType: 'image/png', buffer});
const device = async () => (await phone(browser)).newPage();

test('a phone has a document, and its code is green', async () => {
  const old = await device();
  await aNewWallet(old);
  const made = offer(world);
  await take(old, made);
  lost = {number: `MC-OFFER-${world.numbers}`, code: await show(old)};
  const employer = await device();
  await openVerify(employer);
  assert.equal((await bring(employer, picture(lost.code))).colour, 'green');
  await employer.context().close();
  await old.context().close();
});

test('an officer signs in by the link of an invitation', async () => {
  desk = await (await phone(browser, {size: {width: 1000, height: 800}})).newPage();
  seen = watch(desk);
  const keys = await desk.context().newCDPSession(desk);
  await keys.send('WebAuthn.enable');
  await keys.send('WebAuthn.addVirtualAuthenticator', {options: {
    protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true
  }});
  await desk.goto(world.home('user', 'invite', 'anna', '--quiet'));
  await desk.locator('button[data-do]').click();
  await desk.waitForURL(`${base}/console/home`);
});

test('a paper leads to what was issued, and reissues nothing', async () => {
  const paper = issue(world, {documentNumber: 'MC-PAPER-1'});
  await desk.goto(`${base}/console/lost`);
  await desk.locator('#text').fill(link(world, paper.file));
  await desk.locator('form:has(#text) button').click();
  await desk.waitForURL(/\/console\/lost\/./);
  await desk.locator('#seen').waitFor();
  const insist = async to => {
    await desk.locator('form:has(#seen)').evaluate(form => { form.noValidate = true; });
    const [answer] = await Promise.all([desk.waitForResponse(got => got.request().method() === 'POST'), desk.locator(`button[name=to][value=${to}]`).click()]);
    assert.equal(answer.status(), 409);
    await desk.locator('.trouble').waitFor();
  };
  await insist('paper'); // nobody has seen anything
  await desk.locator('#seen').selectOption({index: 1});
  await insist('phone'); // a kind is chosen, and nobody says that this is the person
  const log = world.home('audit', '--json');
  assert.doesNotMatch(log, /lost\.seen/);
  assert.doesNotMatch(log, /revoke/);
});

test('with an identity document, one act revokes the old copy and offers the new one', async () => {
  await desk.goto(`${base}/console/lost`);
  await desk.locator('#number').fill(lost.number);
  await desk.locator('form:has(#number) button').click();
  await desk.waitForURL(/\/console\/lost\/./);
  assert.match(await desk.locator('h1').innerText(), /Amina Diallo/);
  assert.match(await desk.locator('main').innerText(), /identity document/i);
  await desk.locator('#seen').selectOption({index: 1});
  await desk.locator('input[name=sure]').check();
  await desk.locator('button[name=to][value=phone]').click();
  await desk.locator('.digits').waitFor();
  lost.offer = {link: await desk.locator('a[href*="/claim/"]').getAttribute('href'), txCode: (await desk.locator('.digits').innerText()).replace(/\D/g, '')};
  assert.match(world.home('audit', '--json'), /lost\.seen/);
});

test('the new phone takes it; what the old one has shown is red, what the new one shows green', async () => {
  const next = await device();
  await aNewWallet(next);
  const {got} = await take(next, lost.offer);
  assert.match(got, /Igiene degli alimenti/);
  const employer = await device();
  let old;
  for(let tries = 0; tries < 60 && old?.colour !== 'red'; tries++) { // the news take some seconds
    await openVerify(employer, {kept: false});
    old = await bring(employer, picture(lost.code));
    if(old.colour !== 'red') await employer.waitForTimeout(1000);
  }
  assert.equal(old.colour, 'red', old.text);
  assert.ok(old.codes.includes('revoked'), old.codes.join());
  assert.equal((await bring(employer, picture(await show(next)))).colour, 'green');
  assert.deepEqual(seen.errors.filter(text => !/409/.test(text)), []);
});
