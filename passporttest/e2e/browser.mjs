// A real Chromium, Debian's own, with a street for the world.
import {chromium} from 'playwright-core';

const executablePath = process.env.CHROMIUM || '/usr/bin/chromium';

// launch starts it. video is a file that its camera shows; without one it has no
// camera.
export function launch(street, {video, resolve = `MAP * 127.0.0.1:${street.port}`} = {}) {
  return chromium.launch({executablePath, headless: true, args: [
    '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update',
    '--disable-sync', '--disable-quic', '--disable-features=OptimizationHints,MediaRouter,Translate',
    '--ignore-certificate-errors', `--host-resolver-rules=${resolve}`,
    ...video ? ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${video}`] : []
  ]});
}

// phone is a context of the size of a cheap phone, in a language.
export async function phone(browser, {locale = 'en-GB', size = {width: 360, height: 740}, ...more} = {}) {
  const context = await browser.newContext({locale, viewport: size, hasTouch: true, deviceScaleFactor: 2, acceptDownloads: true, ...more});
  context.setDefaultTimeout(Number(process.env.PATIENCE) || 40_000);
  await context.addInitScript(counted);
  return context;
}

// counted keeps, in every page of a context, how much of what it has asked of the
// network and of its workers is not answered yet.
function counted() {
  globalThis.unanswered = 0;
  const plain = fetch, Plain = Worker;
  const count = asked => {
    globalThis.unanswered++;
    asked.then(() => {}, () => {}).then(() => { globalThis.unanswered--; });
    return asked;
  };
  globalThis.fetch = (...given) => count(plain(...given));
  globalThis.Worker = class extends Plain {
    postMessage(said, ...rest) {
      if(said.id) count(new Promise(done => this.addEventListener('message', ({data}) => data.id === said.id && ('answer' in data || 'error' in data) && done())));
      super.postMessage(said, ...rest);
    }
  };
}

// settled waits until everything that a page has asked is answered, for a while.
export const settled = page => page.evaluate(async () => {
  for(let calm = 0; calm < 20; calm = globalThis.unanswered ? 0 : calm + 1) await new Promise(later => setTimeout(later, 25));
});

// watch records what goes wrong in a page, and what it asks.
export function watch(page) {
  const seen = {errors: [], requests: []};
  page.on('pageerror', error => seen.errors.push(String(error)));
  page.on('console', message => message.type() === 'error' && seen.errors.push(message.text()));
  page.on('request', request => seen.requests.push(`${request.method()} ${request.url()}`));
  return seen;
}

// slow throttles the processor of a page, as a cheap phone's.
export async function slow(page, rate) {
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', {rate});
  return session;
}

// shift sets the clock of a device wrong by so many milliseconds, in the page and
// in its workers. What it returns waits until all that have begun know it.
export async function shift(page, skew) {
  const wrong = by => {
    const Right = Date;
    globalThis.Date = class extends Right {
      constructor(...given) { given.length ? super(...given) : super(Right.now() + by); }
      static now() { return Right.now() + by; }
    };
  };
  const told = [];
  const tell = async (worker, tries = 20) => {
    try {
      await worker.evaluate(wrong, skew);
    } catch { // it has hardly begun, or is gone already
      if(!tries || !page.workers().includes(worker)) return;
      await new Promise(later => setTimeout(later, 50));
      return tell(worker, tries - 1);
    }
  };
  await page.addInitScript(wrong, skew);
  page.on('worker', worker => told.push(tell(worker)));
  return () => Promise.all(told);
}

// slowly holds the answers of the engine back, which a cheap phone does by itself.
export const slowly = page => page.addInitScript(() => {
  const Quick = Worker;
  globalThis.Worker = class extends Quick {
    set onmessage(f) { super.onmessage = event => setTimeout(f, event.data.answer ? globalThis.late ?? 0 : 0, event); }
  };
});
