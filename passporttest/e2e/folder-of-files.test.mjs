// The page as a folder of files: on anybody's web server, below any path, and
// on a stick with the tiny server of the program.
import assert from 'node:assert/strict';
import {createReadStream, existsSync, statSync, writeFileSync} from 'node:fs';
import {extname, join, normalize} from 'node:path';
import test, {after, before} from 'node:test';
import {launch, phone, watch} from './browser.mjs';
import {answer, bring, openVerify, shown, type} from './hands.mjs';
import {freePort, run} from './program.mjs';
import {bundle, close, issue, link, newWorld, printed} from './world.mjs';

let world, amina, browser, folder, file;
const kinds = {'.html': 'text/html', '.mjs': 'text/javascript', '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml', '.wasm': 'application/wasm'};
before(async () => {
  world = await newWorld();
  amina = issue(world);
  file = world.home.path('trust.bundle');
  writeFileSync(file, bundle(world));
  folder = world.home.path('checker');
  world.home('verify-page', '--out', folder, '--bundle', file, '--anchor', world.anchor);
  // A web server that knows nothing of the page: plain files, no headers of ours.
  world.street.houses['comune.example'] = (asked, response) => {
    let path = join(folder, normalize(new URL(asked.url, 'https://comune.example').pathname.replace(/^\/lavoro\/verifica/, '')));
    if(existsSync(path) && statSync(path).isDirectory()) path = join(path, 'index.html');
    if(!asked.url.startsWith('/lavoro/verifica/') || !existsSync(path)) return response.writeHead(404).end();
    response.writeHead(200, {'content-type': kinds[extname(path)] ?? 'application/octet-stream'});
    createReadStream(path).pipe(response);
  };
  browser = await launch(world.street);
});
after(async () => {
  await browser?.close();
  await close(world);
});

test('any web server, in any folder, and then none', async () => {
  const context = await phone(browser), page = await context.newPage(), seen = watch(page);
  const at = 'https://comune.example/lavoro/verifica/';
  await openVerify(page, {at});
  let verdicts;
  const asked = await world.street.during(async () => {
    verdicts = [await type(page, amina.token), await bring(page, printed(world, amina.number))];
  });
  assert.deepEqual(verdicts.map(v => v.colour), ['green', 'green']);
  assert.deepEqual(asked, []);
  assert.deepEqual(seen.errors, []);
  await context.setOffline(true);
  await page.goto(`${at}${new URL(link(world, amina.file)).hash}`);
  assert.equal((await answer(page)).colour, 'green');
  await context.close();
});

test('a stick with the tiny server', async () => {
  const port = await freePort();
  const server = await run(port, 'verify-page', '--serve', '--from', folder, '--listen', `127.0.0.1:${port}`);
  const own = await launch(world.street, {resolve: 'MAP *.example 127.0.0.1:9'});
  const page = await (await phone(own)).newPage();
  await page.goto(`http://127.0.0.1:${port}/verify`);
  await shown(page, 'start');
  assert.equal((await type(page, amina.token)).colour, 'green');
  await own.close();
  assert.equal(await server.stop(), 0);
});
