// An employer's phone: its camera sees a printed certificate, with and without a
// network, before and after it was revoked.
import assert from 'node:assert/strict';
import test, {after, before} from 'node:test';
import {launch, phone, watch} from './browser.mjs';
import {answer, isKept, isRenewed, openVerify, shown, type} from './hands.mjs';
import {serve} from './program.mjs';
import {base, bundle, close, filmed, issue, link, newWorld, offered, openService, printed, verifyPage} from './world.mjs';

let world, amina, browser, context, page, seen;
before(async () => {
  world = await newWorld();
  amina = issue(world);
  await openService(world);
  const {video} = filmed(world, printed(world, amina.number));
  browser = await launch(world.street, {video});
  context = await phone(browser, {permissions: ['camera']});
  page = await context.newPage();
  seen = watch(page);
});
after(async () => {
  await browser?.close();
  await close(world);
});

const scan = async () => {
  await page.locator('#scan').click();
  return answer(page);
};

test('the camera reads the paper, and nothing is asked of anybody', async () => {
  await openVerify(page);
  let verdict;
  const asked = await world.street.during(async () => { verdict = await scan(); });
  assert.equal(verdict.colour, 'green', verdict.text);
  assert.match(verdict.text, /Igiene degli alimenti in cucina/);
  assert.match(verdict.text, /Ente Formazione Lucania/);
  assert.match(verdict.text, /Amina Diallo/);
  assert.deepEqual(asked, []);
  assert.deepEqual(seen.errors, []);
});

test('the link in the code opens the page with the answer, and leaves the address at once', async () => {
  const other = await context.newPage();
  const asked = await world.street.during(async () => {
    await other.goto(link(world, amina.file));
    assert.equal((await answer(other)).colour, 'green');
  });
  assert.equal(other.url(), verifyPage);
  assert.ok(asked.every(line => !line.includes('#')));
  assert.deepEqual(await other.evaluate(() => navigation.entries().filter(e => e.url.includes('#'))), [], 'no way back leads to the code');
  await other.close();
});

test('the network is cut and the service has stopped: it opens again and judges', async () => {
  await world.service.stop();
  await world.street.close();
  await context.setOffline(true);
  await page.close();
  page = await context.newPage();
  seen = watch(page);
  await openVerify(page, {kept: false});
  assert.equal((await scan()).colour, 'green');
  await page.locator('#again').click();
  await shown(page, 'start', 'camera');
  await page.goto(verifyPage);
  assert.equal((await type(page, amina.token)).colour, 'green');
  assert.deepEqual(seen.errors.filter(text => !/ERR_INTERNET_DISCONNECTED/.test(text)), []);
});

test('a phone that has been here once opens the short address of a printed code, with no network and no service', async () => {
  await page.goto('about:blank');
  await page.goto(link(world, amina.file, `${base}/v`));
  const verdict = await answer(page);
  assert.equal(verdict.colour, 'green', verdict.text);
  assert.match(verdict.text, /Amina Diallo/);
  assert.equal(page.url(), `${base}/v`);
  await page.goto(verifyPage);
  await shown(page, 'start');
});

let older;
test('a revocation is red once the newer bundle has come', async () => {
  older = bundle(world);
  world.home('revoke', amina.id, '--reason', 'issued-in-error');
  await page.reload();
  assert.equal((await scan()).colour, 'green', 'nobody has told this phone');

  world.service = await serve(world.home, base);
  for(const host of Object.keys(world.street.houses)) world.street.houses[host] = world.service.port;
  await world.street.reopen();
  await context.setOffline(false);
  await page.reload();
  await shown(page, 'start');
  await isKept(page);
  await isRenewed(page);
  const verdict = await scan();
  assert.equal(verdict.colour, 'red', verdict.text);
  assert.ok(verdict.codes.includes('revoked'), verdict.codes.join());
});

test('an older bundle is refused, and the revocation stays known', async () => {
  offered(world, older);
  await page.reload();
  await shown(page, 'start');
  await isRenewed(page);
  await page.locator('#notices').getByText(/older/i).waitFor();
  assert.equal((await scan()).colour, 'red');
  world.street.doors.clear();
});

test('who checks at once after opening has the news, from a link too', async () => {
  const other = await phone(browser);
  const one = await other.newPage();
  offered(world, older);
  await openVerify(one);
  assert.equal((await type(one, amina.token)).colour, 'green', 'nobody has told this phone');
  world.street.doors.clear();
  await one.goto('about:blank');
  await one.goto(link(world, amina.file));
  assert.equal((await answer(one)).colour, 'red');
  await other.close();
});

test('an answer by an older list is judged again when the newer one comes', async () => {
  const other = await phone(browser);
  const one = await other.newPage();
  offered(world, older);
  await openVerify(one);
  assert.equal((await type(one, amina.token)).colour, 'green');
  world.street.doors.clear();
  await one.evaluate(() => dispatchEvent(new Event('online')));
  await one.locator('#news').waitFor();
  await one.locator('#answer .red').first().waitFor();
  assert.ok((await answer(one)).codes.includes('revoked'));
  await other.close();
});

test('a green answer that was left does not come back by the button of the browser', async () => {
  const other = await phone(browser);
  const one = await other.newPage();
  offered(world, older);
  await openVerify(one);
  assert.equal((await type(one, amina.token)).colour, 'green');
  await one.locator('#again').click();
  await shown(one, 'start');
  world.street.doors.clear();
  await one.locator('[data-do="go:about"]').click();
  await one.locator('[data-do=renew]').click();
  await one.locator('#renewed').filter({hasText: 'There is a new list'}).waitFor();
  await one.goBack();
  await shown(one, 'start');
  await one.goBack();
  assert.equal((await answer(one)).colour, 'red');
  await one.locator('#news [data-notice=newer]').waitFor();
  await other.close();
});

test('threat K10: a tab that was left open judges by what another tab has fetched, with no network', async () => {
  const other = await phone(browser);
  const left = await other.newPage();
  offered(world, older);
  await openVerify(left);
  assert.equal((await type(left, amina.token)).colour, 'green', 'nobody has told this phone');
  world.street.doors.clear();
  const next = await other.newPage();
  await openVerify(next);
  await other.setOffline(true);
  await left.bringToFront();
  assert.equal((await type(left, amina.token)).colour, 'red');
  await other.close();
});
