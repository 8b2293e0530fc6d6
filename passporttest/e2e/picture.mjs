// Pictures in grey: what pdftoppm draws, what a camera would see of it, and the
// formats that the browser takes.
import {execFileSync} from 'node:child_process';
import {openSync, readFileSync, writeSync, closeSync, writeFileSync} from 'node:fs';
import {deflateSync} from 'node:zlib';

// draw gives the pages of a PDF as pictures {width, height, data} of a byte a pixel.
export function draw(pdf, dpi = 200, page = 1) {
  const out = execFileSync('pdftoppm', ['-gray', '-r', String(dpi), '-f', String(page), '-l', String(page), pdf], {maxBuffer: 1 << 28});
  const [head, width, height] = /^P5\s+(\d+)\s+(\d+)\s+255\s/.exec(out.subarray(0, 64).toString('latin1'));
  return {width: +width, height: +height, data: out.subarray(head.length)};
}

// busiest finds the square of a side where dark and light change most often: a
// code on a page of text.
export function busiest({width, height, data}, side) {
  const sums = new Float64Array((width + 1) * (height + 1));
  for(let y = 0; y < height; y++) {
    let row = 0;
    for(let x = 0; x < width; x++) {
      row += x > 0 && Math.abs(data[y * width + x] - data[y * width + x - 1]) > 96 ? 1 : 0;
      sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
    }
  }
  const at = (x, y) => sums[y * (width + 1) + x];
  let best = {count: -1};
  for(let y = 0; y + side <= height; y += 4) {
    for(let x = 0; x + side <= width; x += 4) {
      const count = at(x + side, y + side) - at(x, y + side) - at(x + side, y) + at(x, y);
      if(count > best.count) best = {x, y, count};
    }
  }
  return {x: best.x + side / 2, y: best.y + side / 2};
}

// dice gives numbers that look like chance and are the same in every run.
export function dice(seed = 1) {
  let state = seed >>> 0;
  return () => {
    state = Math.imul(state ^ state >>> 15, 2246822519) + 0x9e3779b9 >>> 0;
    return (state ^ state >>> 13) / 2 ** 32;
  };
}

// film holds a page before a camera: a hand that shakes a little, light from one
// side, noise, and a lens that is not quite in focus. middle is the point of
// the page before the lens, zoom how many pixels of the film one of the page is.
export function film(page, middle, {width = 1280, height = 720, frames = 8, zoom = 1, blur = 1, seed = 1} = {}) {
  const random = dice(seed);
  return Array.from({length: frames}, (_, n) => {
    const turn = 2 * Math.PI * n / frames;
    const angle = 0.05 + 0.02 * Math.sin(turn), [dx, dy] = [6 * Math.sin(turn), 5 * Math.cos(turn)];
    const [cos, sin] = [Math.cos(angle) / zoom, Math.sin(angle) / zoom];
    const seen = new Float32Array(width * height);
    for(let y = 0; y < height; y++) {
      for(let x = 0; x < width; x++) {
        const [u, v] = [x - width / 2 + dx, y - height / 2 + dy];
        seen[y * width + x] = pixel(page, middle.x + cos * u - sin * v, middle.y + sin * u + cos * v);
      }
    }
    const soft = smooth(seen, width, height, blur);
    const frame = new Uint8Array(width * height);
    for(let i = 0; i < frame.length; i++) {
      const light = 0.72 + 0.22 * (i % width) / width;
      frame[i] = Math.max(16, Math.min(235, 18 + soft[i] * light * 0.88 + 8 * (random() - 0.5)));
    }
    return {width, height, data: frame};
  });
}

// pixel reads between the pixels; what is beside the page is a grey table.
function pixel({width, height, data}, x, y) {
  const [left, top] = [Math.floor(x), Math.floor(y)];
  if(left < 0 || top < 0 || left + 1 >= width || top + 1 >= height) return 110;
  const [a, b, at] = [x - left, y - top, top * width + left];
  return (data[at] * (1 - a) + data[at + 1] * a) * (1 - b) + (data[at + width] * (1 - a) + data[at + width + 1] * a) * b;
}

function smooth(from, width, height, sigma) {
  if(!sigma) return from;
  const reach = Math.ceil(2.5 * sigma);
  const weights = Array.from({length: 2 * reach + 1}, (_, i) => Math.exp(-((i - reach) ** 2) / (2 * sigma * sigma)));
  const total = weights.reduce((a, b) => a + b);
  let now = from;
  for(const [step, length, line] of [[1, width, i => i % width], [width, height, i => Math.floor(i / width)]]) {
    const next = new Float32Array(now.length);
    for(let i = 0; i < now.length; i++) {
      const at = line(i);
      let value = 0;
      for(let k = -reach; k <= reach; k++) {
        const inside = Math.max(-at, Math.min(length - 1 - at, k));
        value += now[i + inside * step] * weights[k + reach];
      }
      next[i] = value / total;
    }
    now = next;
  }
  return now;
}

// writeVideo writes YUV4MPEG2 without colour, which Chromium takes for a camera.
export function writeVideo(file, frames, rate = 15) {
  const {width, height} = frames[0];
  const out = openSync(file, 'w');
  writeSync(out, `YUV4MPEG2 W${width} H${height} F${rate}:1 Ip A1:1 C420jpeg\n`);
  const colourless = Buffer.alloc(width * height / 2, 128);
  for(const {data} of frames) {
    writeSync(out, 'FRAME\n');
    writeSync(out, data);
    writeSync(out, colourless);
  }
  closeSync(out);
}

// writePNG writes a picture in grey.
export function writePNG(file, {width, height, data}) {
  const rows = Buffer.alloc((width + 1) * height);
  for(let y = 0; y < height; y++) Buffer.from(data.buffer, data.byteOffset + y * width, width).copy(rows, y * (width + 1) + 1);
  writeFileSync(file, png(width, height, 0, [['IDAT', deflateSync(rows)]]));
}

// png puts chunks between the head and the end of a file of 8 bits a sample.
export function png(width, height, kind, chunks) {
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width, 0);
  head.writeUInt32BE(height, 4);
  head.set([8, kind, 0, 0, 0], 8);
  const parts = [['IHDR', head], ...chunks, ['IEND', Buffer.alloc(0)]].map(([name, body]) => {
    const part = Buffer.alloc(12 + body.length);
    part.writeUInt32BE(body.length, 0);
    part.write(name, 4, 'latin1');
    part.set(body, 8);
    part.writeUInt32BE(checksum(part.subarray(4, 8 + body.length)), 8 + body.length);
    return part;
  });
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...parts]);
}

// checksum is the CRC-32 of PNG; older Node has none of its own.
const table = Array.from({length: 256}, (_, n) => {
  for(let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ n >>> 1 : n >>> 1;
  return n >>> 0;
});
function checksum(bytes) {
  let c = 0xffffffff;
  for(const b of bytes) c = table[(c ^ b) & 255] ^ c >>> 8;
  return (c ^ 0xffffffff) >>> 0;
}
