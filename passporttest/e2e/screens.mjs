// Draws every screen of the two pages in light, in dark, 320 pixels wide and in
// Arabic, each look in a language of its own, into a folder, with a page that shows
// them side by side.
import {mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {launch, phone} from './browser.mjs';
import {speak} from './hands.mjs';
import {shrink} from './palette.mjs';
import {walkVerify, walkWallet} from './walk.mjs';
import {close, filmed, issue, newWorld, openService, printed} from './world.mjs';

const folder = process.argv[2];
const looks = {
  light: {size: {width: 390, height: 780}, lang: 'it'},
  dark: {size: {width: 390, height: 780}, colorScheme: 'dark', lang: 'en'},
  narrow: {size: {width: 320, height: 640}, lang: 'el'},
  arabic: {size: {width: 390, height: 780}, lang: 'ar'}
};

const world = await newWorld();
const {video} = filmed(world, printed(world, issue(world).number), {frames: 1, zoom: 0.5});
await openService(world);
const browser = await launch(world.street, {video});
mkdirSync(folder, {recursive: true});
for(const name of readdirSync(folder)) if(name.endsWith('.png')) rmSync(join(folder, name));

const drawn = [];
async function draw(page, screen) {
  for(const [look, {size, colorScheme = 'light', lang}] of Object.entries(looks)) {
    await page.setViewportSize(size);
    await page.emulateMedia({colorScheme, reducedMotion: 'reduce'});
    await speak(page, lang);
    await page.evaluate(() => { document.activeElement?.blur(); scrollTo(0, 0); });
    const whole = await page.evaluate(() => Math.min(document.documentElement.scrollHeight, 2400));
    await page.setViewportSize({width: size.width, height: Math.max(size.height, whole)});
    writeFileSync(join(folder, `${screen}-${look}.png`), shrink(await page.screenshot()));
    await page.setViewportSize(size);
  }
  await page.emulateMedia({colorScheme: null, reducedMotion: null});
  await speak(page, 'en');
  drawn.push(screen);
}
const device = async () => (await phone(browser, {deviceScaleFactor: 1, permissions: ['camera']})).newPage();
const only = process.argv[3];
if(only !== 'wallet') await walkVerify(world, device, draw);
if(only !== 'verify') await walkWallet(world, device, draw);
if(!only) await strip(['verify-1-start', 'verify-4-valid', 'verify-10-revoked', 'wallet-12-documents', 'wallet-18-code']);
await browser.close();
await close(world);

// strip puts the first look of some screens beside one another, cut to a phone's
// height, for who reads about them before trying them.
async function strip(screens) {
  const page = await (await browser.newContext({viewport: {width: 1360, height: 560}})).newPage();
  const pictures = screens.map(s => `<div><img width="250" src="data:image/png;base64,${readFileSync(join(folder, `${s}-light.png`), 'base64')}"></div>`);
  await page.setContent(`<style>body{margin:0;padding:16px;display:flex;gap:16px;background:#e8ebf0}
    div{width:250px;height:526px;overflow:hidden;background:#fff;border:1px solid #8a93a3;border-radius:14px}</style>${pictures.join('')}`);
  await page.waitForFunction(() => [...document.images].every(i => i.complete));
  writeFileSync(join(folder, 'pages.png'), shrink(await page.screenshot()));
}

const title = screen => screen.replace(/^(verify|wallet)-\d+-/, '').replaceAll('-', ' ');
const table = kind => ['| | light | dark | 320 pixels | Arabic |', '|---|---|---|---|---|', ...drawn.filter(s => s.startsWith(kind)).map(s =>
  `| ${title(s)} | ${Object.keys(looks).map(look => `<img src="${s}-${look}.png" width="180" alt="${title(s)}, ${look}">`).join(' | ')} |`)].join('\n');
writeFileSync(join(folder, 'README.md'), `# Every screen
Drawn by \`make screens\` in Debian's Chromium from the running service: nothing here is made up. Light in
Italian, dark in English, 320 pixels wide in Greek, and in Arabic from right to left.

## The page of employers
${table('verify')}

## The wallet
${table('wallet')}
`);
