// The camera of both pages, with frames that a test makes up.
import assert from 'node:assert/strict';
import test from 'node:test';

let frames = [], asked = 0, now = 0;
class Reader {
  postMessage({id, what}) {
    asked++;
    const answer = what === 'frame' ? frames.shift() ?? {texts: [], unread: 0} : undefined;
    setImmediate(() => this.onmessage({data: answer ? {id, answer} : {id, error: 'gone'}}));
  }
  terminate() {}
}
const heard = new Set();
const track = {enabled: true, stop() {}, getCapabilities: () => ({torch: true})};
const stream = {getTracks: () => [track], getVideoTracks: () => [track]};
Object.assign(globalThis, {
  self: globalThis, Worker: Reader, createImageBitmap: async () => ({}),
  setTimeout: (f, ms) => { now += ms ?? 0; return setImmediate(f); },
  document: {hidden: false, addEventListener: (_, f) => heard.add(f), removeEventListener: (_, f) => heard.delete(f)}
});
performance.now = () => now;
Object.defineProperty(globalThis, 'navigator', {value: {mediaDevices: {getUserMedia: async () => stream}}, configurable: true});
const {readFile, startCamera} = await import('../assets/scan.mjs');
const video = {videoWidth: 640, play: async () => {}};
const frame = (...texts) => ({texts, unread: 0});
const later = async times => { for(let n = 0; n < times; n++) await new Promise(setImmediate); };

// film gives what was told and what was taken, once the frames are over.
async function film(all, wants) {
  frames = all;
  const told = [];
  let taken;
  const camera = await startCamera(video, got => { taken = got; }, said => told.push(said), wants);
  while(frames.length && !taken) await later(1);
  await later(5);
  return {told, taken, camera};
}

test('a backup on paper is read one code after the other', async () => {
  const codes = [1, 2, 3, 4].map(n => `https://passport.example/wallet#30${n}0412345678901234567890`);
  const {told, taken} = await film([frame(codes[0]), frame(codes[0]), frame(), ...codes.slice(1).map(code => frame(code))], text => /#3\d+$/.test(text));
  assert.deepEqual(taken.texts.toSorted(), codes);
  assert.deepEqual(told.filter(({state}) => state === 'parts').map(({have, total}) => `${have}/${total}`), ['1/4', '1/4', '1/4', '2/4', '3/4']);
});

test('a code that is none of a document is not spoken of any more when it is out of sight', async () => {
  const {told, camera} = await film([frame('https://manifesto.example'), ...Array(30).fill(frame())]);
  camera.stop();
  const states = told.map(({state, torch}) => torch ? `${state} with its light` : state);
  assert.deepEqual([...new Set(states)], ['looking with its light', 'other', 'stopped']);
  assert.equal(states.at(-2), 'looking with its light');
});

test('a page that was hidden, as by a chooser of photos, looks again when it is back, and not before', async () => {
  const {camera} = await film([frame()]);
  document.hidden = true;
  for(const f of heard) f();
  assert.equal(track.enabled, false);
  await later(10);
  const before = asked;
  await later(30);
  assert.equal(asked, before, 'nothing is read meanwhile');
  document.hidden = false;
  for(const f of heard) f();
  assert.equal(track.enabled, true);
  await later(30);
  assert.ok(asked > before);
  camera.stop();
  assert.equal(heard.size, 0);
});

test('a camera that another program takes away says so', async () => {
  const {told} = await film([frame()]);
  track.onended();
  assert.deepEqual(told.slice(-2).map(({state}) => state), ['stopped', 'busy']);
  assert.equal(video.srcObject, null);
});

test('a file that nobody could read is not called too large', async () => {
  const {problem} = await readFile({name: 'cloud.pdf'});
  assert.deepEqual(problem, {code: 'file_unread', args: {file: 'cloud.pdf'}});
});
