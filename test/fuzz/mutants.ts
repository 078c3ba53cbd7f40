import fc from "fast-check";
import { spliced } from "../unit/audio/bytes.ts";
import { flacFrame, flacFrames, flacHead } from "../unit/audio/flac-bytes.ts";
import { apev2, id3v1, id3v2, infoFrame, mp3 } from "../unit/audio/mpeg-bytes.ts";
import { opusPages } from "../unit/audio/ogg-bytes.ts";
import { amr, amrFrames, amrWb, gsmFrames } from "../unit/audio/speech-bytes.ts";
import { chunk, wav } from "../unit/audio/wav-bytes.ts";

/** A file in the pieces that its format knows: chunks, frames, pages, tags. */
type Pieces = readonly Uint8Array[];

const MP3 = mp3(90);
const FRAMES = Array.from({ length: 91 }, (_, index) => MP3.subarray(index * 288, (index + 1) * 288));
const WAV = wav();
const FLAC_HEAD = flacHead(60 * 256);
const SIZES_64 = Buffer.alloc(28, 0x01);

const FILES: readonly Pieces[] = [
  [WAV.subarray(0, 12), WAV.subarray(12, 36), WAV.subarray(36, 44), WAV.subarray(44, 9000), WAV.subarray(9000)],
  [Buffer.from("RF64\xff\xff\xff\xffWAVE", "latin1"), chunk("ds64", SIZES_64), WAV.subarray(12, 36), WAV.subarray(36)],
  FRAMES,
  [id3v2(300), ...FRAMES, apev2(200), id3v1("x")],
  opusPages(),
  [...opusPages({ pages: 4 }), ...opusPages({ pages: 4, serial: 8 })],
  [FLAC_HEAD.subarray(0, 42), FLAC_HEAD.subarray(42), ...flacFrames(60)],
  [id3v2(300), flacHead(0), ...flacFrames(40, 100, { isVariable: true }), apev2(200), id3v1("x")],
  [Buffer.from("#!AMR\n"), ...amrFrames(60)],
  [amrWb(60)],
  gsmFrames(60),
];

/** What is put in where it does not belong: pieces of all formats, texts, and headers that promise too much. */
const FOREIGN: Pieces = [
  ...FILES.flatMap((pieces) => pieces.slice(0, 3)),
  infoFrame(Buffer.alloc(0), { frames: 0xffffffff, bytes: 0xffffffff }),
  chunk("data", Buffer.alloc(3), 0xfffffff0),
  chunk("fmt ", Buffer.alloc(40, 0xff)),
  Buffer.from("OggS\0\x02".padEnd(27, "\xff"), "latin1"),
  Buffer.alloc(2000, 0xff),
  flacFrame(9).subarray(0, 100),
  amr(9),
  Buffer.from("ID3\x04\0\0\x7f\x7f\x7f\x7f", "latin1"),
  Buffer.from('{"error":"not_found"}'),
];

const edit = fc.oneof(
  fc.record({ type: fc.constant("drop" as const), at: fc.nat(200) }),
  fc.record({ type: fc.constant("double" as const), at: fc.nat(200) }),
  fc.record({ type: fc.constant("swap" as const), at: fc.nat(200), with: fc.nat(200) }),
  fc.record({ type: fc.constant("insert" as const), at: fc.nat(200), piece: fc.constantFrom(...FOREIGN) }),
  fc.record({ type: fc.constant("cut" as const), at: fc.nat(200), length: fc.nat(600) }),
  fc.record({ type: fc.constant("patch" as const), at: fc.nat(200), offset: fc.nat(64), bytes: fieldBytes() }),
);
type Edit = typeof edit extends fc.Arbitrary<infer E> ? E : never;

/** What stands in a size, a count, a rate: the borders of the fields, and anything else. */
function fieldBytes(): fc.Arbitrary<Uint8Array> {
  const borders = ["00000000", "ffffffff", "ffffff7f", "00000080", "01000000", "fffffffe", "7fffffff", "0000"];
  return fc.oneof(
    fc.constantFrom(...borders.map((hex) => Buffer.from(hex, "hex"))),
    fc.uint8Array({ minLength: 1, maxLength: 8 }),
  );
}

/** Files of each format with their pieces changed, lost, doubled, moved, or mixed with those of others. */
export const mutants: fc.Arbitrary<Buffer> = fc
  .tuple(fc.constantFrom(...FILES), fc.array(edit, { maxLength: 6 }))
  .map(([pieces, edits]) => Buffer.concat(edits.reduce(applied, pieces)));

function applied(pieces: Pieces, change: Edit): Pieces {
  const at = change.at % (pieces.length + 1);
  const piece = pieces[at] ?? new Uint8Array();
  switch (change.type) {
    case "drop":
      return pieces.toSpliced(at, 1);
    case "double":
      return pieces.toSpliced(at, 0, piece);
    case "swap":
      return pieces.toSpliced(0, 1, piece).toSpliced(change.with % (pieces.length + 1), 0, pieces[0] ?? piece);
    case "insert":
      return pieces.toSpliced(at, 0, change.piece);
    case "cut":
      return pieces.toSpliced(at, 1, piece.subarray(0, change.length));
    case "patch":
      return pieces.toSpliced(at, 1, patched(piece, change.offset, change.bytes));
  }
}

function patched(piece: Uint8Array, offset: number, bytes: Uint8Array): Buffer {
  return spliced(piece, Math.min(offset, piece.length), { remove: bytes.length, insert: bytes });
}
