// Screenshots as small pictures: at most 256 colours and a palette, as flat
// pages need no more.
import {deflateSync, inflateSync} from 'node:zlib';
import {png} from './picture.mjs';

// read undoes what a browser writes: 8 bits, true colour, with or without alpha,
// not interlaced.
function read(file) {
  const [width, height] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  const samples = {2: 3, 6: 4}[file[25]];
  if(file[24] !== 8 || !samples || file[28]) throw new Error('a kind of PNG that a screenshot is not');
  const packed = [];
  for(let at = 8; at < file.length;) {
    const length = file.readUInt32BE(at);
    if(file.toString('latin1', at + 4, at + 8) === 'IDAT') packed.push(file.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  const raw = inflateSync(Buffer.concat(packed)), line = width * samples, pixels = Buffer.alloc(line * height);
  for(let y = 0; y < height; y++) {
    const filter = raw[y * (line + 1)];
    for(let x = 0; x < line; x++) {
      const left = x < samples ? 0 : pixels[y * line + x - samples];
      const up = y ? pixels[(y - 1) * line + x] : 0;
      const corner = y && x >= samples ? pixels[(y - 1) * line + x - samples] : 0;
      pixels[y * line + x] = raw[y * (line + 1) + 1 + x] + [0, left, up, left + up >> 1, nearest(left, up, corner)][filter];
    }
  }
  return {width, height, samples, pixels};
}

function nearest(left, up, corner) {
  const [a, b, c] = [Math.abs(up - corner), Math.abs(left - corner), Math.abs(left + up - 2 * corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

// shrink gives a screenshot back with a palette: the colours met most often, of
// each neighbourhood one, and for every other pixel the one that is nearest.
export function shrink(file) {
  const {width, height, samples, pixels} = read(file);
  const counts = new Map();
  for(let i = 0; i < pixels.length; i += samples) {
    const colour = pixels[i] << 16 | pixels[i + 1] << 8 | pixels[i + 2];
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const [chosen, taken] = [[], new Set()];
  const common = [...counts].sort((a, b) => b[1] - a[1]);
  for(const near of [0x3, 0xf, 0x1f]) {
    for(const [colour] of common) {
      const place = colour & ~(near << 16 | near << 8 | near);
      if(chosen.length < 64 && !taken.has(`${near}:${place}`) && !chosen.includes(colour)) {
        taken.add(`${near}:${place}`);
        chosen.push(colour);
      }
    }
  }
  const known = new Map();
  const indexOf = colour => {
    let best = known.get(colour);
    if(best !== undefined) return best;
    let distance = Infinity;
    chosen.forEach((other, i) => {
      const d = ((colour >> 16) - (other >> 16)) ** 2 + ((colour >> 8 & 255) - (other >> 8 & 255)) ** 2 + ((colour & 255) - (other & 255)) ** 2;
      if(d < distance) [distance, best] = [d, i];
    });
    known.set(colour, best);
    return best;
  };
  const rows = Buffer.alloc((width + 1) * height);
  for(let i = 0; i < width * height; i++) {
    const at = i * samples;
    rows[i + Math.floor(i / width) + 1] = indexOf(pixels[at] << 16 | pixels[at + 1] << 8 | pixels[at + 2]);
  }
  const palette = Buffer.from(chosen.flatMap(c => [c >> 16, c >> 8 & 255, c & 255]));
  return png(width, height, 3, [['PLTE', palette], ['IDAT', deflateSync(rows, {level: 9})]]);
}
