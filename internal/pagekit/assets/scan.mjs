// Takes texts of codes, and tokens, out of a camera, pictures, PDFs and other
// files. Nothing leaves the page: the readers run in workers of this origin.
//
//   const taken = await readFile(file)        // or a Blob; any kind of file
//   const camera = await startCamera(video, onTaken, onState, wants)
//   camera.stop(); await camera.torch(true)   // both may be called at any time
//   await canScan()                           // "" where no live code can be read
//
// taken is what engine.verify wants as one input:
//   { name, texts: [...], tokens: [...], told: [...], text?, problem? }
// texts are those of codes, tokens what was inside the file (attached to a PDF,
// baked into a badge), told what the reading itself has to tell the verdict (a
// code that was seen and could not be read), text the content of a file that is
// neither picture nor PDF, problem { code, args } why nothing could be read.
//
// onTaken(taken) is called once; by then the camera is off. wants(text) tells a
// text that the page is looking for; without it the codes of documents are. The
// parts of a code in several pictures, or of a backup, are gathered and given together.
// While the page is hidden the camera is dark; it goes on when the page is back.
// onState({ state, ...}) tells how it goes:
//   looking { torch: true where there is a light } · parts { have, total } ·
//   several { seen, read } (keep one code in view, or hold still) ·
//   other { text } (a code, but not one that is wanted) ·
//   blocked · nocamera · busy · failed { message } · stopped


const OURS = /#[12]\d{17,}$/;
const PART = /#[23](\d\d)(\d\d)(\d{5})\d+$/; // which, of how many, of what
const PACE = 90; // ms from frame to frame
const TOGETHER = 2000; // ms for the codes beside the first one, and after the last one out of sight
const LONGEST = 90000; // ms for one file
const WHY = { NotAllowedError: "blocked", SecurityError: "blocked", NotFoundError: "nocamera", TypeError: "nocamera", NotReadableError: "busy", AbortError: "busy" };

/** A worker and the questions that wait for it. */
class Reader {
  ask(message, transfer = []) {
    if (!this.worker) this.start();
    return new Promise((good, bad) => {
      this.waiting.set(++this.last, { good, bad });
      this.worker.postMessage({ ...message, id: this.last }, transfer);
    });
  }

  start() {
    this.worker = new Worker(new URL("scan-worker.mjs", import.meta.url), { type: "module" });
    this.waiting = new Map();
    this.last = 0;
    this.worker.onmessage = ({ data: { id, error, answer } }) => {
      const one = this.waiting.get(id);
      this.waiting.delete(id);
      if (error) one?.bad(Error(error)); else one?.good(answer);
    };
    this.worker.onerror = () => this.end();
  }

  end() {
    this.worker?.terminate();
    this.worker = null;
    for (const one of this.waiting?.values() ?? []) one.bad(Error("ended"));
  }
}

const frames = new Reader(), files = new Reader(); // a long PDF must not hold up the camera

/** What reads a live camera here: "zxing", "detector", or "" for nothing. */
export async function canScan() {
  if (!navigator.mediaDevices?.getUserMedia || !self.OffscreenCanvas) return "";
  return frames.ask({ what: "live" }).catch(() => "");
}

/** Takes a file apart. It always gives an answer, at the latest after a minute and a half. */
export async function readFile(file) {
  const name = file.name ?? "";
  const late = setTimeout(() => files.end(), LONGEST);
  try {
    const { unread, ...answer } = await files.ask({ what: "file", file, name });
    return { name, told: untold(unread), ...answer };
  } catch {
    return { name, texts: [], problem: { code: "file_unread", args: { file: name } } };
  } finally {
    clearTimeout(late);
  }
}

/** Shows the camera in video and looks for codes until it has one, or is stopped. */
export async function startCamera(video, onTaken, onState = () => {}, wants = (text) => OURS.test(text)) {
  const camera = { stop() {}, torch: async () => false };
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      audio: false, video: { facingMode: { ideal: "environment" }, width: { ideal: 1920 }, height: { ideal: 1080 } },
    });
  } catch (err) {
    onState({ state: WHY[err.name] ?? "failed", message: err.message });
    return camera;
  }
  const [track] = stream.getVideoTracks();
  let on = true;
  const hidden = () => { track.enabled = !document.hidden; }; // a chooser, another app: it goes on afterwards
  camera.stop = () => {
    if (!on) return;
    on = false;
    for (const t of stream.getTracks()) t.stop();
    if (video.srcObject === stream) video.srcObject = null; // not that of a camera which was started since
    document.removeEventListener("visibilitychange", hidden);
    onState({ state: "stopped" });
  };
  camera.torch = (lit) => track.applyConstraints({ advanced: [{ torch: lit }] }).then(() => lit, () => false);
  track.onended = () => {
    camera.stop();
    onState({ state: "busy" });
  };
  document.addEventListener("visibilitychange", hidden);
  Object.assign(video, { srcObject: stream, muted: true, playsInline: true });
  await video.play().catch(() => {}); // a browser that wants a touch first shows its first picture
  const looking = { state: "looking", torch: track.getCapabilities?.().torch };
  onState(looking);
  look(video, () => on, new Hunt(wants, looking), onState).then((taken) => {
    camera.stop();
    if (taken) onTaken(taken);
  }, (err) => {
    camera.stop();
    onState({ state: "failed", message: err.message });
  });
  return camera;
}

/** Hands frame after frame to the worker, one at a time. */
async function look(video, on, hunt, onState) {
  for (let n = 0; on(); n++) {
    const began = performance.now();
    const frame = video.videoWidth && !document.hidden ? await createImageBitmap(video).catch(() => null) : null;
    const seen = frame && on() ? await frames.ask({ what: "frame", frame, n }, [frame]) : null;
    if (seen && on()) {
      const taken = hunt.see(seen, performance.now(), onState);
      if (taken) return taken;
    }
    await new Promise((go) => { setTimeout(go, Math.max(0, began + PACE - performance.now())); });
  }
  return null;
}

/** What the frames have shown so far. */
class Hunt {
  constructor(wants, looking) { Object.assign(this, { wants, looking, texts: new Set(), parts: new Map() }); }

  /** Takes in one frame; gives what there is once that is all. */
  see({ texts, unread }, now, onState) {
    for (const text of texts.filter(this.wants)) this.add(text);
    const seen = texts.length + unread;
    if (seen) this.last = now;
    if (this.texts.size === 0) {
      const other = texts.find((text) => !this.wants(text));
      const [set] = this.parts.values();
      if (set) onState({ state: "parts", have: set.size, total: set.total });
      else if (seen > 1) onState({ state: "several", seen, read: 0 });
      else if (other) onState({ state: "other", text: other });
      else if (now - this.last > TOGETHER) onState(this.looking);
      return null;
    }
    this.since ??= now;
    if (unread > 0 && now - this.since < TOGETHER) {
      onState({ state: "several", seen, read: this.texts.size });
      return null;
    }
    return { name: "", texts: [...this.texts], tokens: [], told: untold(unread) };
  }

  add(text) {
    const part = PART.exec(text);
    if (!part) return this.texts.add(text);
    const [, , total, id] = part;
    const set = this.parts.get(id + total) ?? Object.assign(new Set(), { total: Number(total) });
    this.parts.set(id + total, set.add(text));
    if (set.size === set.total) for (const each of set) this.texts.add(each);
    return null;
  }
}

const untold = (n) => (n > 0 ? [{ code: "code_unread", args: { count: String(n) } }] : []);
