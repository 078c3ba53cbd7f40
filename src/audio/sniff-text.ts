import type { ContentKind } from "./sniff.ts";

/** Enough to tell text from binary data. */
const LOOK_BYTES = 4096;

/** The first that matches wins. Matched against text without byte order mark and leading white space. */
const SHAPES: readonly (readonly [ContentKind, RegExp])[] = [
  ["ffconcat", /^ffconcat version/],
  // The concat demuxer of ffmpeg also takes a list without its signature when it is told to.
  ["ffconcat", /^(?:#[^\n]*\n\s*)*file\s+\S/],
  ["hls", /^#EXTM3U[\s\S]*#EXT-X-/],
  ["m3u", /^#EXTM3U/],
  ["sdp", /^v=0\r?\n[a-z]=/],
  ["html", /^(?:<!--[\s\S]*?-->\s*)?<(?:!doctype\s+html|html|head|body)\b/i],
  ["xml", /^<(?:\?xml|!DOCTYPE|[A-Za-z_][\w.:-]*[\s/>])/],
  ["json", /^(?:\{\s*(?:"|\}|$)|\[\s*(?:["{[\]\d-]|true|false|null|$))/],
];

/** Tells what kind of text the bytes begin with; undefined when they are no text. */
export function sniffText(head: Buffer): ContentKind | undefined {
  const text = tryDecode(head.subarray(0, LOOK_BYTES));
  if (text === undefined) return undefined;
  const shape = text.trimStart();
  return SHAPES.find(([, pattern]) => pattern.test(shape))?.[0] ?? "text";
}

function tryDecode(bytes: Buffer): string | undefined {
  const encoding = toEncoding(bytes);
  try {
    // In stream mode a character that is cut by the end of the head is no error.
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells binary data
    return /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

function toEncoding(bytes: Buffer): string {
  const mark = bytes.length < 2 ? 0 : bytes.readUInt16BE(0);
  if (mark === 0xfffe) return "utf-16le";
  return mark === 0xfeff ? "utf-16be" : "utf-8";
}
