// Reads frames of the camera and files, beside the page. Frames and pictures by
// zxing-cpp (WebAssembly, from this origin), or by the browser's own detector
// where the page was built without it. PDFs, badges, pictures in which that one
// reads nothing, and what lies in a picture beside the codes that it read, by the
// Go code of the command line.
// Messages in: {id, what: "live"}, {id, what: "frame", frame, n}, {id, what:
// "file", file, name}. Messages out: {id, answer} or {id, error}.

const MOST = 64 << 20; // bytes of a file
const LONGEST = 4 << 20; // bytes of a text, many times what any document has
const POINTS = 100e6; // of a PNG; a browser unpacks it whole
const BESIDE = 20000, ALONE = 60000; // ms of loading the thorough reader, for what must be answered in 90 s
const STALLED = 3e5; // ms after which a reader that is still on its way is asked for anew
const LONGER = 4096; // pixels of a picture's longer side, above which it is made smaller
export const OPTIONS = { formats: ["QRCode"], returnErrors: true, textMode: "Plain" };

const bytesOf = async (name) => {
  const packed = await fetch(new URL(name, import.meta.url), { signal: AbortSignal.timeout(STALLED) });
  if (!packed.ok) throw Error(name);
  return new Response(packed.body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
};

/** A function from a picture and settings to {texts, unread}; null where there is none. */
let reading;
const reader = () => (reading ??= zxing().catch(detector));

async function zxing() {
  const { prepareZXingModule, readBarcodes } = await import("./zxing/reader/index.js");
  const wasmBinary = await bytesOf("zxing/reader.wasm.gz");
  await prepareZXingModule({ overrides: { wasmBinary }, fireImmediately: true });
  const read = async (image, n) => {
    const found = await readBarcodes(prepared(pixels(image), n), OPTIONS);
    const whole = found.filter((f) => f.isValid);
    const known = whole.map(({ text, position }) => ({ text, position }));
    return { texts: [...new Set(whole.map((f) => f.text))], unread: found.filter((f) => !f.isValid && !covered(f, whole)).length, known };
  };
  return Object.assign(read, { by: "zxing" });
}

/** Whether all corners of what was not read lie in codes that were: finders of neighbours look like one more. */
function covered({ position }, whole) {
  return Object.values(position).slice(0, 3).every((p) => whole.some((f) => ["x", "y"].every((axis) => {
    const side = Object.values(f.position).map((q) => q[axis]);
    return p[axis] > Math.min(...side) - 9 && p[axis] < Math.max(...side) + 9;
  })));
}

async function detector() {
  if (!(await self.BarcodeDetector?.getSupportedFormats?.())?.includes("qr_code")) return null;
  const eye = new self.BarcodeDetector({ formats: ["qr_code"] });
  const read = async (image) => ({ texts: [...new Set((await eye.detect(image)).map((f) => f.rawValue))], unread: 0 });
  return Object.assign(read, { by: "detector" });
}

let canvas;
function pixels(image) {
  const { width, height } = image;
  canvas ??= new OffscreenCanvas(width, height);
  Object.assign(canvas, { width, height });
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  pen.fillStyle = "#fff"; // transparent is not black
  pen.fillRect(0, 0, width, height);
  pen.drawImage(image, 0, 0);
  return pen.getImageData(0, 0, width, height);
}

/**
 * What is done to frames, by turns: nothing, or they are smoothed, which takes out grain, and what
 * differs from the wider mean is made to differ more, which takes out blur.
 */
const TURNS = [0, 1, 2, 1];

export function prepared({ data, width, height }, n) {
  const more = TURNS[n % TURNS.length];
  if (!more) return { data, width, height };
  const grey = greys(data);
  const smooth = mean(grey, width, height, 1), wide = mean(smooth, width, height, 4), out = new Uint8ClampedArray(data.length).fill(255);
  for (let i = 0, k = 0; k < grey.length; i += 4, k++) out[i] = out[i + 1] = out[i + 2] = smooth[k] + more * (smooth[k] - wide[k]);
  return { data: out, width, height };
}

const greys = (data) => new Uint8ClampedArray(data.length / 4).map((_, k) => data[4 * k + 1]);

/** The mean of squares that reach so far around each point, by sums that slide along rows, then columns. */
function mean(from, width, height, reach) {
  const slide = (a, count, length, step, next) => {
    const b = new Uint8ClampedArray(a.length), size = 2 * reach + 1;
    for (let c = 0, at = 0; c < count; c++, at += next) {
      const value = (i) => a[at + step * Math.min(Math.max(i, 0), length - 1)];
      let sum = 0;
      for (let i = -reach; i < reach; i++) sum += value(i);
      for (let i = 0; i < length; i++) {
        sum += value(i + reach);
        b[at + step * i] = sum / size;
        sum -= value(i - reach);
      }
    }
    return b;
  };
  return slide(slide(from, height, width, 1, width), width, height, width, 1);
}

async function frame({ frame: image, n }) {
  const answer = await (await reader())?.(image, n);
  image.close();
  return answer ?? { texts: [], unread: 0 };
}

const holds = (data, word) => new TextDecoder("windows-1252").decode(data).includes(word);
const problem = (code, file) => ({ texts: [], problem: { code, args: { file } } });

async function file({ file: one, name }) {
  if (one.size > MOST) return problem("qr_picture_large", name);
  const data = new Uint8Array(await one.arrayBuffer());
  const magic = data[0] << 8 | data[1], head = data.subarray(0, 1024);
  const known = [0x8950, 0xffd8].includes(magic); // PNG, JPEG
  if (holds(head, "<svg") || holds(known ? data : head, "%PDF-") || known && holds(data, "openbadge")) {
    return take(data, name).catch(() => problem("reader_missing", name));
  }
  if (known || one.type.startsWith("image/")) return picture(one, data, name, known);
  if ([0xfffe, 0xfeff, 0x6500, 0x65].includes(magic)) return problem("text_utf16", name);
  if (magic === 0x1f8b) return problem("verify_is_bundle", name);
  if (data.includes(0)) return problem("verify_unreadable", name); // no text; a folder of them would fill the memory
  if (data.length > LONGEST) return problem("qr_picture_large", name);
  return { texts: [], text: new TextDecoder().decode(data) };
}

/**
 * A picture by the quick reader, and by the thorough one: beside what was read, or the whole where that was nothing.
 * Without the thorough one what was read stands, and cannot be VALID.
 */
async function picture(blob, data, name, known) {
  if (points(data) > POINTS) return problem("qr_picture_large", name);
  const quick = await glance(blob);
  if (quick?.texts.length) return beside(quick).catch(() => ({ texts: quick.texts, told: [{ code: "part_unread", args: { count: "1" } }] }));
  if (!quick && !known) return problem("qr_picture", name);
  return (known && await take(data, name).catch(() => null)) || problem(known ? "reader_missing" : "qr_none", name);
}

/** How many points a PNG says that it has (W3C PNG, section 11.2.2); 0 for other pictures. */
function points(data) {
  const view = new DataView(data.buffer);
  return data.length > 24 && view.getUint32(0) === 0x89504e47 ? view.getUint32(16) * view.getUint32(20) : 0;
}

async function glance(blob) {
  const read = await reader();
  if (read?.by !== "zxing") return null; // the browser's own tells nothing of a code that it cannot read
  let image;
  try {
    image = await bitmap(blob);
    const seen = await read(image, 0);
    return { ...seen, ...seen.texts.length && prepared(pixels(image), 0) };
  } catch {
    return null; // no picture for this browser
  } finally {
    image?.close();
  }
}

async function bitmap(blob) {
  const image = await createImageBitmap(blob);
  const longer = Math.max(image.width, image.height);
  if (longer <= LONGER) return image;
  return createImageBitmap(image, { resizeWidth: Math.round(image.width * LONGER / longer), resizeQuality: "high" }).finally(() => image.close());
}

/**
 * What the thorough reader sees beside the codes that were read: the quick one does not notice each, or reads it.
 * One that only the quick one has seen, and neither has read, stays unread.
 */
async function beside({ texts, unread, known, data, width }) {
  await thorough(BESIDE);
  const all = JSON.parse(await self.passportBeside(greys(data), width, JSON.stringify(known)));
  return { ...all, unread: Math.max(all.unread, unread - all.texts.length + texts.length) };
}

let taking, since;
/** The reader of the command line: {texts, tokens, told, unread, problem}. It rejects where it cannot be had; the next file asks again. */
async function take(data, name) {
  await thorough(ALONE);
  return JSON.parse(await self.passportFiles(name, data));
}

/** It rejects where loading has taken so long, which goes on for the next file. */
function thorough(patience) {
  if (!taking) {
    since = performance.now();
    taking = begin().catch((err) => { taking = null; throw err; });
  }
  let clock;
  const late = new Promise((_, bad) => { clock = setTimeout(bad, since + patience - performance.now(), Error("late")); });
  return Promise.race([taking, late]).finally(() => clearTimeout(clock));
}

async function begin() {
  await import("./wasm_exec.js");
  const started = new Promise((good) => { self.passportFilesReady = good; });
  const go = new self.Go();
  const module = await WebAssembly.instantiate(await bytesOf("files.wasm.gz"), go.importObject);
  go.run(module.instance).then(() => { taking = null; }); // a fault has ended it
  await started;
}

const answers = { live: async () => (await reader())?.by ?? "", frame, file };

self.onmessage = async ({ data }) => {
  try {
    postMessage({ id: data.id, answer: await answers[data.what](data) });
  } catch (err) {
    postMessage({ id: data.id, error: String(err?.message || err) });
  }
};
