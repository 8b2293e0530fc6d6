// Every screen of the two pages, one after the other, each handed to a visitor
// with its name while it shows.
import {execFileSync} from 'node:child_process';
import {shift} from './browser.mjs';
import {aNewWallet, backUp, bring, home, isRenewed, openVerify, press, restore, show, shown, type, wipe} from './hands.mjs';
import {binary} from './program.mjs';
import {bundle, issue, link, offer, offered, pileUp, tampered, walletPage} from './world.mjs';

const day = 86400e3;

// walkVerify visits the screens of an employer. device makes a page of a context
// of its own.
export async function walkVerify(world, device, visit) {
  const amina = issue(world), revoked = issue(world), unknown = issue(world, {}, {issuer: 'ignoto'});
  world.home('revoke', revoked.id, '--reason', 'issued-in-error');
  const page = await device();
  const see = (name, where = page) => visit(where, `verify-${name}`);
  await openVerify(page, {kept: false});
  await isRenewed(page);
  await see('1-start');
  await page.locator('#scan').click();
  await shown(page, 'camera');
  await see('2-camera');
  await page.goBack();
  await page.locator('#write').click();
  await page.locator('#text').fill('Call me on Monday.');
  await page.locator('#typed [type=submit]').click();
  await page.locator('#textwrong').filter({hasText: /\w/}).waitFor();
  await see('3-write');
  await type(page, amina.token);
  await see('4-valid');
  await bring(page, tampered(world, amina));
  await see('5-tampered');
  await type(page, unknown.token);
  await see('6-unknown-issuer');
  await type(page, presentation(world, amina));
  await see('7-presentation');
  await page.locator('.brand').click();
  await page.locator('#dir').setInputFiles(pileUp(world, 40).folder);
  await shown(page, 'table');
  await see('8-table');
  await page.locator('[data-do="go:about"]').last().click();
  await shown(page, 'about');
  await see('9-about');
  await page.context().close();

  offered(world, bundle(world));
  const told = await device();
  await openVerify(told, {kept: false});
  await type(told, revoked.token);
  await see('10-revoked', told);
  await told.context().close();
  world.street.doors.clear();
  for(const [name, by] of [['11-three-days-later', 3 * day], ['12-forty-days-later', 40 * day], ['13-clock-set-back', -3 * day]]) {
    const before = await device();
    await openVerify(before);
    await before.context().setOffline(true);
    const after = await before.context().newPage();
    const told = await shift(after, by);
    await openVerify(after, {kept: false});
    await isRenewed(after);
    await told();
    if(by > 0) await see(`${name}-start`, after);
    await type(after, amina.token);
    await see(name, after);
    await before.context().close();
  }
  offered(world, Buffer.from('this is no bundle'));
  const empty = await device();
  await openVerify(empty, {kept: false});
  await empty.locator('#notices').filter({hasText: /\w/}).waitFor();
  await see('14-no-bundle', empty);
  await type(empty, link(world, amina.file));
  await see('15-no-bundle-answer', empty);
  await empty.context().close();
  world.street.doors.clear();
}

// presentation is signed by a wallet of the command line.
export function presentation(world, {file}, ...more) {
  const args = ['--wallet', world.home.path(`wallet-${++world.numbers}.age`), '--passphrase-file', world.home.path('passphrase'), '--quiet', 'wallet'];
  const run = (...words) => execFileSync(binary, [...args, ...words], {encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe']}).trim();
  const holder = run('init').split('\n').at(-1);
  const own = issue(world, {holder});
  run('import', own.file, file);
  return run('present', own.id, '--format', 'jwt', '--out', '-', ...more);
}

// walkWallet visits the screens of a jobseeker.
export async function walkWallet(world, device, visit) {
  const page = await device();
  const see = (name, where = page) => visit(where, `wallet-${name}`);
  const menu = async (...steps) => {
    await home(page);
    await page.locator('#menu').click();
    await shown(page, 'menu');
    for(const step of steps) await press(page, `go:${step}`);
    if(steps.length) await shown(page, steps.at(-1).split(':')[0]);
  };
  await page.goto(walletPage);
  await shown(page, 'welcome');
  await see('01-welcome');
  await page.locator('[data-do="tongue"][lang="en"]').click();
  await shown(page, 'start');
  await see('02-start');
  await press(page, 'make');
  await shown(page, 'words');
  await see('03-words');
  await press(page, 'go:nowords');
  await shown(page, 'nowords');
  await see('04-without-words');
  await page.goto(walletPage);
  const words = await aNewWallet(page, {visit: () => see('05-check')});
  await see('06-empty');
  await press(page, 'go:add');
  await shown(page, 'add');
  await see('07-add');
  await press(page, 'go:paste');
  await shown(page, 'paste');
  await see('08-paste');
  const made = offer(world, '--tx-code');
  await page.locator('textarea[name=text]').fill(made.link);
  await page.locator('form[data-do=pasted] .primary').click();
  await shown(page, 'host');
  await see('09-host');
  await press(page, 'trust');
  await shown(page, 'offer');
  await see('10-offer');
  await page.locator('input[name=code]').fill(made.txCode);
  await page.locator('form[data-do=take] .primary').click();
  await shown(page, 'got');
  await see('11-received');
  await press(page, 'home');
  await shown(page, 'home');
  await see('12-documents');
  await page.locator('.card').first().click();
  await shown(page, 'one');
  await see('13-document');
  await home(page);
  await press(page, 'go:pick');
  await shown(page, 'pick');
  await see('14-choose');
  await page.locator('.pick input').first().check();
  await page.locator('form[data-do=picked] .primary').click();
  await shown(page, 'who');
  await see('15-for-whom');
  await press(page, 'go:whom');
  await shown(page, 'whom');
  await see('16-firm');
  await page.locator('input[name=audience]').fill('Trattoria da Rosa');
  await page.locator('form[data-do=named] .primary').click();
  await shown(page, 'when');
  await see('17-how-long');
  await page.locator('[data-do^=timed]').first().click();
  await shown(page, 'code');
  await see('18-code');
  await menu();
  await see('19-menu');
  for(const [name, step] of [['20-history', 'history'], ['21-progress', 'progress'], ['22-backup', 'backup'], ['23-lost', 'lost'], ['24-helper', 'helper'], ['25-settings', 'settings'], ['26-restore', 'restore']]) {
    await menu(step);
    await see(name);
  }
  await menu('backup', 'say:file');
  await see('27-say-words');
  const file = await backUp(page, words);
  await see('28-saved');
  await menu('settings', 'wipe');
  await see('29-wipe');
  await wipe(page);
  await restore(page, file, words, {visit: () => see('30-restored')});
  await page.context().close();

  const closed = await device();
  await closed.addInitScript(() => { IDBFactory.prototype.open = () => { throw new DOMException('private mode', 'SecurityError'); }; });
  await closed.goto(walletPage);
  await shown(closed, 'nostore');
  await see('31-keeps-nothing', closed);
  await closed.context().close();
}
