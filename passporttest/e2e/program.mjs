// The real program: homes made by its command line, and "passport serve".
import {execFileSync, spawn} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from 'node:fs';
import {createServer} from 'node:net';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';

export const project = fileURLToPath(new URL('../..', import.meta.url));
export const binary = process.env.PASSPORT_BINARY || join(project, 'bin', 'passport');
export const example = (...parts) => join(project, 'examples', ...parts);
export const learnerOf = name => JSON.parse(readFileSync(example('learners', `${name}.json`), 'utf8'));

// A variable of whoever runs the tests must not lead the program to another home.
const environment = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PASSPORT_')));

// newFolder is empty and gone when the process ends.
export function newFolder() {
  const dir = mkdtempSync(join(tmpdir(), 'passport-e2e-'));
  process.on('exit', () => rmSync(dir, {recursive: true, force: true}));
  return dir;
}

// newHome makes one and returns what runs the program in it: a function that
// gives back standard output. It has dir, args and path (of a file beside it).
export function newHome(dir = newFolder()) {
  const args = ['--home', join(dir, 'home'), '--wallet', join(dir, 'wallet.age'), '--passphrase-file', join(dir, 'passphrase'), '--lang', 'en'];
  const passport = (...words) => execFileSync(binary, [...args, ...words.map(String)], {encoding: 'utf8', env: environment, stdio: ['ignore', 'pipe', 'pipe']}).trim();
  passport.dir = dir;
  passport.args = args;
  passport.path = (...parts) => join(dir, ...parts);
  passport.lines = (...words) => passport(...words, '--json').split('\n').filter(Boolean).map(line => JSON.parse(line));
  writeFileSync(join(dir, 'passphrase'), randomBytes(12).toString('hex'), {mode: 0o600});
  passport('init', '--work-factor', '1', '--quiet');
  return passport;
}

export const freePort = () => new Promise(found => {
  const probe = createServer().listen(0, '127.0.0.1', () => {
    const {port} = probe.address();
    probe.close(() => found(port));
  });
});

// run starts a command of the program that serves on a port, and waits until
// it answers. stop ends it in order.
export async function run(port, ...args) {
  const child = spawn(binary, args, {env: environment, stdio: ['ignore', 'ignore', 'pipe']});
  let log = '';
  child.stderr.on('data', text => { log += text; });
  const ended = new Promise(done => child.once('exit', done));
  process.on('exit', () => child.kill('SIGKILL'));
  const server = {port, log: () => log, stop: async () => {
    child.kill('SIGTERM');
    return ended;
  }};
  for(let tries = 0; ; tries++) {
    if(await fetch(`http://127.0.0.1:${port}/`, {redirect: 'manual'}).then(r => r.status > 0, () => false)) return server;
    if(tries > 900 || child.exitCode !== null) throw new Error(`the server does not start: ${log}`);
    await new Promise(later => setTimeout(later, 50));
  }
}

// serve runs the service of a home under a public address.
export async function serve(home, base) {
  const port = await freePort();
  return run(port, ...home.args, 'serve', '--listen', `127.0.0.1:${port}`, '--base-url', base);
}
