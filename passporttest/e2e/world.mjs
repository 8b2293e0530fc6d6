// The world of the stories: a region that recognises a training body, a body
// that nobody knows, people with and without a phone, paper and the service.
import {appendFileSync, copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {busiest, dice, draw, film, writePNG, writeVideo} from './picture.mjs';
import {example, learnerOf, newFolder, newHome, serve} from './program.mjs';
import {openStreet} from './street.mjs';

export const base = 'https://passport.example';
export const verifyPage = `${base}/verify`;
export const walletPage = `${base}/wallet`;

// newWorld makes a home with a body, an authority that recognises it and a body
// that it does not. The street is open; the service is not yet there.
export async function newWorld() {
  const home = newHome();
  appendFileSync(home.path('home', 'config.yaml'), `\nverifyBase: ${verifyPage}\n`);
  home('issuer', 'add', 'ente', '--title', 'Ente Formazione Lucania', '--did', 'web', '--domain', 'ente.example', '--country', 'IT');
  home('issuer', 'add', 'ignoto', '--title', 'Scuola Ignota', '--did', 'key', '--status-base', 'https://ignoto.example', '--country', 'IT');
  home('template', 'add', example('templates', '01-food-hygiene-it.json'));
  home('template', 'add', example('templates', '02-digital-basics-it.json'));
  home('trust', 'init', 'regione', '--title', 'Regione Basilicata', '--did', 'web', '--domain', 'trust.example', '--verify-base', verifyPage);
  home('trust', 'recognise', 'did:web:ente.example', '--schema', 'MicroCredential', '--name', 'Ente Formazione Lucania');
  const street = await openStreet(home.dir, {});
  const world = {home, street, service: undefined, numbers: 0};
  world.anchor = home.lines('trust', 'list')[0].anchor;
  return world;
}

// openService runs "passport serve" under the names of the street.
export async function openService(world) {
  world.service = await serve(world.home, base);
  for(const host of ['passport.example', 'ente.example', 'trust.example']) world.street.houses[host] = world.service.port;
  return world;
}

// bundle makes one of what holds now, and returns its bytes.
export function bundle(world, ...flags) {
  const file = world.home.path(`bundle-${++world.numbers}`);
  world.home('trust', 'bundle', '--out', file, ...flags);
  return readFileSync(file);
}

// offered puts a bundle of ours in the place of the one that the service has.
export function offered(world, bytes) {
  for(const path of ['/trust/bundle', '/verify/trust.bundle', '/wallet/trust.bundle']) {
    world.street.doors.set(`passport.example${path}`, (_, response) => response.writeHead(200, {'content-type': 'application/octet-stream', 'cache-control': 'no-store'}).end(bytes));
  }
}

// issue signs one credential for Amina, or whoever more says, and writes it down.
export function issue(world, more = {}, {issuer = 'ente', template = 'food-hygiene'} = {}) {
  const number = `MC-PZ-2026-${String(1000 + ++world.numbers)}`;
  const learner = world.home.path(`${number}.json`);
  writeFileSync(learner, JSON.stringify({...learnerOf('01-amina-diallo'), documentNumber: number, ...more}));
  const made = JSON.parse(world.home('issue', '--issuer', issuer, '--template', template, '--learner', learner, '--json'));
  const file = world.home.path(`${number}.jwt`);
  writeFileSync(file, made.token);
  return {...made, number, file};
}

// offer makes one for Amina's phone.
export function offer(world, ...flags) {
  const number = `MC-OFFER-${++world.numbers}`, learner = world.home.path(`${number}.json`);
  writeFileSync(learner, JSON.stringify({...learnerOf('01-amina-diallo'), documentNumber: number}));
  return JSON.parse(world.home('offer', '--issuer', 'ente', '--template', 'food-hygiene', '--learner', learner, '--base-url', base, '--json', ...flags));
}

// link is what stands in a printed code.
export const link = (world, file, at = verifyPage) => world.home('qr', 'encode', file, '--base', at);

// tampered gives a credential another name and leaves the signature as it was.
export function tampered(world, {token, number}) {
  const [head, body, signature] = token.split('.');
  const other = Buffer.from(body, 'base64url').toString().replaceAll('Diallo', 'Rossi');
  const file = world.home.path(`${number}-tampered.jwt`);
  writeFileSync(file, [head, Buffer.from(other).toString('base64url'), signature].join('.'));
  return file;
}

// printed is the certificate on paper, as a PDF.
export function printed(world, number, ...flags) {
  const file = world.home.path(`${number}.pdf`);
  world.home('print', number, '--out', file, ...flags);
  return file;
}

// filmed puts a printed page before a camera and returns the video.
export function filmed(world, pdf, {dpi = 200, side = 34, ...how} = {}) {
  const page = draw(pdf, dpi);
  const frames = film(page, busiest(page, Math.round(side * dpi / 25.4)), {frames: 5, zoom: 1.3, blur: 1.2, ...how});
  const video = pdf.replace(/\.pdf$/, '.y4m'), photo = pdf.replace(/\.pdf$/, '.photo.png');
  writeVideo(video, frames);
  writePNG(photo, frames[0]);
  return {video, photo};
}

// pileUp fills a folder with count files of all kinds, as an employer's would be:
// tokens, texts of codes, pictures, PDFs, copies, and what is none of these.
export function pileUp(world, count = 500) {
  const folder = join(newFolder(), 'candidates');
  mkdirSync(folder);
  const rows = readFileSync(example('learners', 'class-2000.csv'), 'utf8').split('\n').slice(0, Math.round(count * 0.6) + 1);
  writeFileSync(world.home.path('class.csv'), rows.join('\n'));
  world.home('issue', '--issuer', 'ente', '--template', 'food-hygiene', '--sheet', world.home.path('class.csv'), '--skip-faulty', '--out', world.home.path('class'), '--quiet');
  const tokens = readdirSync(world.home.path('class')).sort();
  tokens.forEach((name, i) => copyFileSync(world.home.path('class', name), join(folder, `token-${String(i).padStart(3, '0')}.jwt`)));
  const made = {tokens: tokens.length, texts: 0, pictures: 0, papers: 0, other: 0};
  const file = i => world.home.path('class', tokens[i]);
  for(let i = 0; i < count / 20; i++) {
    const png = world.home.path(`picture-${i}.png`);
    if(i < 6) world.home('qr', 'encode', file(i), '--dots', '4', '--out', png);
    copyFileSync(world.home.path(`picture-${i % 6}.png`), join(folder, `picture-${made.pictures++}.png`));
    writeFileSync(join(folder, `code-${made.texts++}.txt`), link(world, file(i)));
  }
  for(let i = 0; i < count / 25; i++) {
    if(i < 4) world.home('print', file(i), '--out', world.home.path(`paper-${i}.pdf`));
    copyFileSync(world.home.path(`paper-${i % 4}.pdf`), join(folder, `paper-${made.papers++}.pdf`));
  }
  const random = dice(7);
  while(made.tokens + made.texts + made.pictures + made.papers + made.other < count) {
    const noise = Buffer.from(Array.from({length: 400}, () => random() * 256));
    const [name, body] = [['notes.txt', 'Call back on Monday.'], ['empty.jwt', ''], ['broken.pdf', '%PDF-1.7\n%%EOF'], ['holiday.jpg', noise], ['list.csv', 'a;b;c\n1;2;3\n'],
      ['broken.png', Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), noise])]][made.other % 6];
    writeFileSync(join(folder, `${made.other++}-${name}`), body);
  }
  return {folder, made};
}

// close ends everything that was opened.
export async function close(world) {
  await world.street.close();
  return world.service?.stop();
}
