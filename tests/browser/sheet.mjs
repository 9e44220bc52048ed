// Reads the first sheet of a workbook, as far as the program writes them.
import { inflateRawSync } from 'node:zlib';

const [ENDING, ENTRY] = [0x06054b50, 0x02014b50];

/** The parts of a zip file by name, by its directory at the end. */
function partsOf(bytes) {
  let end = bytes.length - 22;
  while (bytes.readUInt32LE(end) !== ENDING) end -= 1;
  const parts = new Map();
  for (let at = bytes.readUInt32LE(end + 16); bytes.readUInt32LE(at) === ENTRY; ) {
    const [method, size] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [name, extra, comment] = [28, 30, 32].map((where) => bytes.readUInt16LE(at + where));
    const local = bytes.readUInt32LE(at + 42);
    const from = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(from, from + size);
    parts.set(bytes.toString('utf8', at + 46, at + 46 + name), method === 0 ? packed : inflateRawSync(packed));
    at += 46 + name + extra + comment;
  }
  return parts;
}

const plain = (text) =>
  text.replace(/&(lt|gt|quot|apos|amp);/g, (_whole, name) => ({ lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' })[name]);
const textsIn = (xml) => [...xml.matchAll(/<t[^>]*>([^<]*)<\/t>/g)].map(([, text]) => plain(text)).join('');
const columnOf = (cell) => [...cell].reduce((n, letter) => n * 26 + letter.charCodeAt(0) - 64, 0) - 1;

/** The rows, each as the texts of its cells. */
export function rowsOf(bytes) {
  const parts = partsOf(bytes);
  const shared = [...String(parts.get('xl/sharedStrings.xml') ?? '').matchAll(/<si>(.*?)<\/si>/gs)].map(([, xml]) => textsIn(xml));
  const rows = String(parts.get('xl/worksheets/sheet1.xml')).matchAll(/<row [^>]*?(?:\/>|>(.*?)<\/row>)/gs);
  return [...rows].map(([, row]) => {
    const cells = [];
    for (const [, column, about, inside] of (row ?? '').matchAll(/<c r="([A-Z]+)\d+"([^>]*?)(?:\/>|>(.*?)<\/c>)/gs)) {
      const value = /<v>([^<]*)<\/v>/.exec(inside ?? '')?.[1] ?? '';
      cells[columnOf(column)] = about.includes('t="s"') ? shared[Number(value)] : textsIn(inside ?? '') || plain(value);
    }
    return Array.from(cells, (cell) => cell ?? '');
  });
}
