// A photo made small enough for one bar of signal: 2048 px, at most 400 KB, with its EXIF kept.

const LONGEST_SIDE = 2048;
const MOST_BYTES = 400_000;
const QUALITIES = [0.82, 0.74, 0.66, 0.58, 0.5, 0.42];
const THUMB_SIDE = 320;
const ORIGINALS = 'gexun.originals';

/** Whether photos go as they were taken; chosen on this phone, where data is no matter. */
export function sendsOriginals() {
  return localStorage.getItem(ORIGINALS) === '1';
}

export function sendOriginals(yes) {
  localStorage.setItem(ORIGINALS, yes ? '1' : '0');
}

/** `{bytes, type, thumb, sha256}` of a file; what this browser cannot open goes as it is. */
export async function prepared(file, { original = sendsOriginals() } = {}) {
  const bytes = await file.arrayBuffer();
  const sha256 = await digest(bytes);
  const bitmap = await createImageBitmap(file).catch(() => null);
  if (!bitmap) return { bytes, type: file.type, thumb: null, sha256 };
  const thumb = await encoded(bitmap, THUMB_SIDE, [0.6]);
  const small = file.type === 'image/jpeg' && bytes.byteLength <= MOST_BYTES;
  const fits = Math.max(bitmap.width, bitmap.height) <= LONGEST_SIDE;
  if (original || (small && fits)) return { bytes, type: file.type, thumb, sha256 };
  const smaller = await encoded(bitmap, LONGEST_SIDE, QUALITIES);
  bitmap.close();
  return { bytes: withExif(smaller, exifOf(bytes)), type: 'image/jpeg', thumb, sha256 };
}

async function digest(bytes) {
  if (!crypto.subtle) return null;
  const found = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return [...found].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function encoded(bitmap, side, qualities) {
  const scale = Math.min(1, side / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  const context = canvas.getContext('2d');
  context.imageSmoothingQuality = 'high';
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  let blob;
  for (const quality of qualities) {
    blob = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality));
    if (blob.size <= MOST_BYTES) break;
  }
  return blob.arrayBuffer();
}

/** The APP1 segment that holds a JPEG's EXIF, marker included, or null. */
export function exifOf(bytes) {
  const view = new DataView(bytes);
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return null;
  let at = 2;
  while (at + 10 <= view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    const length = view.getUint16(at + 2);
    if (marker === 0xda || length < 2) return null;
    // "Exif"
    if (marker === 0xe1 && view.getUint32(at + 4) === 0x45786966) {
      return bytes.slice(at, at + 2 + length);
    }
    at += 2 + length;
  }
  return null;
}

/** A JPEG with an APP1 segment put behind its first marker; its pixels are upright by now. */
export function withExif(bytes, segment) {
  if (!segment) return bytes;
  const joined = new Uint8Array(bytes.byteLength + segment.byteLength);
  joined.set(new Uint8Array(bytes, 0, 2));
  joined.set(new Uint8Array(upright(segment)), 2);
  joined.set(new Uint8Array(bytes, 2), 2 + segment.byteLength);
  return joined.buffer;
}

/** The segment with its orientation set to 1. */
function upright(segment) {
  const copy = segment.slice(0);
  const view = new DataView(copy);
  const tiff = 10;
  if (view.byteLength < tiff + 8) return copy;
  const little = view.getUint16(tiff) === 0x4949;
  const first = tiff + view.getUint32(tiff + 4, little);
  if (first + 2 > view.byteLength) return copy;
  const count = view.getUint16(first, little);
  for (let entry = first + 2; entry < first + 2 + count * 12; entry += 12) {
    if (entry + 12 > view.byteLength) break;
    if (view.getUint16(entry, little) === 0x0112) view.setUint16(entry + 8, 1, little);
  }
  return copy;
}
