import {
  isFreeFormat,
  isProtected,
  isSameStream,
  mpegFrameBytes,
  paddingBytes,
  tryParseMpegHeader,
} from "./mpeg-header.ts";
import { tagBytesAt } from "./mpeg-tag.ts";
import { tryParseVbrHeader } from "./vbr-header.ts";

/** More than three free-format frames at 640 kbit/s and a Lyrics3 tag behind them. */
export const SYNC_LOOKAHEAD_BYTES = 40 * 1024;

/** Headers in a row, each where the one before said, that random bytes do not show: about 1 in 10^14. */
const CHAIN_FRAMES = 3;
/** 640 kbit/s at 8 kHz, the most that a free-format Layer III frame may hold. */
const MAX_FREE_BYTES = 5760;
const MIN_FREE_BYTES = 24;

/** Where to look: bytes up to `end`, behind which more may come unless `isEnd`. */
interface SyncBytes {
  readonly bytes: Buffer;
  readonly end: number;
  readonly isEnd: boolean;
}

/**
 * What speaks for a frame at this place before its followers are asked: nothing, the begin of the file,
 * a tag right before it, or a stream that is known already.
 */
type SyncHint = "none" | "start" | "tag" | { readonly header: number; readonly freeBytes: number };

/** Where audio begins. */
export interface MpegSync {
  readonly position: number;
  /** Length of an unpadded frame when the stream is in free format, otherwise 0. */
  readonly freeBytes: number;
}

/**
 * Finds the first position from `from` and before `to` at which MPEG frames begin.
 *
 * Only positions with {@link SYNC_LOOKAHEAD_BYTES} behind them, or with the end of the file, can be judged
 * for good; the caller sets `to` so.
 */
export function findSync(
  at: SyncBytes,
  { from, to, hint }: { readonly from: number; readonly to: number; readonly hint: SyncHint },
): MpegSync | undefined {
  let position = at.bytes.indexOf(0xff, from);
  while (position !== -1 && position < to) {
    const sync = confirmSync(at, position, hint);
    if (sync !== undefined) return sync;
    position = at.bytes.indexOf(0xff, position + 1);
  }
  return undefined;
}

/** Tells whether frames begin at exactly this position. */
export function confirmSync(at: SyncBytes, position: number, hint: SyncHint): MpegSync | undefined {
  if (position + 4 > at.end) return undefined;
  const header = at.bytes.readUInt32BE(position);
  // Most bytes fail here; any length will do to let free format pass.
  if (mpegFrameBytes(header, MIN_FREE_BYTES) === 0) return undefined;
  const known = typeof hint === "object" ? hint : undefined;
  if (known !== undefined && !isSameStream(header, known.header)) return undefined;
  const isFirst = hint === "start" || hint === "tag";
  const freeBytes = known?.freeBytes ?? (isFirst ? findFreeBytes(at, position, header) : 0);
  const chain = followChain(at, position, freeBytes);
  return isConvincing(chain, hint, at.bytes.subarray(position, at.end)) ? { position, freeBytes } : undefined;
}

interface Chain {
  readonly frames: number;
  /** What stopped it: enough frames, the end of the file or a tag, the end inside a frame, or other bytes. */
  readonly stop: "enough" | "end" | "cut" | "other";
}

function followChain({ bytes, end, isEnd }: SyncBytes, from: number, freeBytes: number): Chain {
  const first = bytes.readUInt32BE(from);
  let position = from;
  for (let frames = 0; frames < CHAIN_FRAMES; frames += 1) {
    if (isEnd && position === end) return { frames, stop: "end" };
    if (position + 4 > end) return { frames, stop: "cut" };
    const header = bytes.readUInt32BE(position);
    const frameBytes = isSameStream(header, first) ? mpegFrameBytes(header, freeBytes) : 0;
    if (frameBytes === 0) return { frames, stop: tagBytesAt(bytes, position, end) > 0 ? "end" : "other" };
    position += frameBytes;
  }
  return { frames: CHAIN_FRAMES, stop: position > end ? "cut" : "enough" };
}

function isConvincing({ frames, stop }: Chain, hint: SyncHint, bytes: Buffer): boolean {
  if (frames === 0 || stop === "other") return false;
  if (frames >= CHAIN_FRAMES || (frames >= 2 && stop === "cut")) return true;
  if (stop === "end") return frames >= 2 || hint !== "none";
  return hint === "tag" || (hint === "start" && hasVbrHeader(bytes));
}

function hasVbrHeader(frame: Buffer): boolean {
  const format = tryParseMpegHeader(frame.readUInt32BE(0));
  return format !== undefined && tryParseVbrHeader(frame, format) !== undefined;
}

/** Finds the distance at which two more free-format headers follow; 0 when there is none. */
function findFreeBytes({ bytes, end }: SyncBytes, position: number, header: number): number {
  if (!isFreeFormat(header) || tryParseMpegHeader(header) === undefined) return 0;
  const isLike = (at: number) => {
    const other = at + 4 > end ? 0 : bytes.readUInt32BE(at);
    return isSameStream(header, other) && isFreeFormat(other) && isProtected(other) === isProtected(header);
  };
  const last = Math.min(position + MAX_FREE_BYTES, end - 4);
  for (let next = position + MIN_FREE_BYTES; next <= last; next += 1) {
    if (!isLike(next)) continue;
    const freeBytes = next - position - paddingBytes(header);
    if (isLike(next + freeBytes + paddingBytes(bytes.readUInt32BE(next)))) return freeBytes;
  }
  return 0;
}

/**
 * Finds MPEG audio in the first bytes of a file.
 *
 * @param start - Where the tags in front end.
 * @param isEnd - The bytes are the whole file.
 * @returns which layer, and whether nothing but tags stands before it; undefined when there is no sign of it.
 */
export function sniffMpeg(
  bytes: Buffer,
  { start, isEnd }: { readonly start: number; readonly isEnd: boolean },
): { readonly kind: "mp1" | "mp2" | "mp3"; readonly atStart: boolean } | undefined {
  // A tag with pictures may fill the head; nothing but an MP3 commonly begins so.
  if (start > 0 && start >= bytes.length) return { kind: "mp3", atStart: true };
  const at = { bytes, end: bytes.length, isEnd };
  const exact = confirmSync(at, start, start > 0 ? "tag" : "start");
  const to = isEnd ? bytes.length : bytes.length - SYNC_LOOKAHEAD_BYTES;
  const sync = exact ?? findSync(at, { from: start + 1, to, hint: "none" });
  if (sync === undefined) return undefined;
  const layer = tryParseMpegHeader(bytes.readUInt32BE(sync.position))?.layer ?? 3;
  return { kind: `mp${layer}`, atStart: exact !== undefined };
}
