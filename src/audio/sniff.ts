import type { AudioFormat } from "../core/audio-format.ts";
import { sniffBinary } from "./sniff-binary.ts";
import { sniffText } from "./sniff-text.ts";

/** How many of a file's first bytes {@link sniff} looks at. */
export const SNIFF_BYTES = 64 * 1024;

/** Everything a file is told apart as, with its name for a person. */
const LABELS = {
  wav: "a WAV recording",
  mp3: "an MP3 recording",
  opus: "an Ogg Opus recording",
  mp2: "an MPEG Layer II recording",
  mp1: "an MPEG Layer I recording",
  "ogg-other": "an Ogg file without Opus audio",
  flac: "a FLAC recording",
  amr: "an AMR recording",
  "amr-wb": "an AMR-WB recording",
  gsm: "a raw GSM recording",
  g722: "a raw G.722 recording",
  aac: "an AAC recording",
  aiff: "an AIFF recording",
  mp4: "an MP4 file",
  matroska: "a Matroska or WebM file",
  "riff-other": "a RIFF file of another kind than WAV",
  encrypted: "a recording that is encrypted in an archive of Holdfast",
  zip: "a ZIP archive",
  gzip: "gzip-compressed data",
  pdf: "a PDF document",
  image: "a picture",
  json: "a JSON document",
  html: "an HTML page",
  xml: "an XML document",
  ffconcat: "an ffconcat playlist",
  hls: "an HLS playlist",
  m3u: "an M3U playlist",
  sdp: "an SDP session description",
  text: "a text",
  empty: "an empty file",
  binary: "unknown binary data",
} as const;

export type ContentKind = keyof typeof LABELS;

/** An MP4 or Matroska file may hold a film, an Ogg file too; among recordings they are recordings. */
const AUDIO_KINDS: readonly ContentKind[] = [
  ...(["wav", "mp3", "opus", "mp2", "mp1", "ogg-other", "flac", "amr", "amr-wb", "gsm", "g722"] as const),
  ...(["aac", "aiff", "mp4", "matroska"] as const),
];

/** Tells whether such content is a recording, in whatever format. */
export function isAudioKind(kind: ContentKind): boolean {
  return AUDIO_KINDS.includes(kind);
}

/** What a file is by its bytes. `format` is set for exactly the three formats that Holdfast works on. */
export type Sniffed =
  | { readonly kind: AudioFormat; readonly format: AudioFormat; readonly label: string }
  | { readonly kind: Exclude<ContentKind, AudioFormat>; readonly format: undefined; readonly label: string };

/**
 * Tells what a file is by its first bytes; its name plays no part.
 *
 * A playlist or an error page must be known before any decoder sees it: ffmpeg follows an ffconcat list that
 * is named `.wav` to the files it lists.
 *
 * @param head - The first {@link SNIFF_BYTES} of the file; when shorter, the whole file.
 */
export function sniff(head: Uint8Array): Sniffed {
  if (head.length === 0) return toSniffed("empty");
  const bytes = Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, SNIFF_BYTES));
  return toSniffed(sniffText(bytes) ?? sniffBinary(bytes, head.length < SNIFF_BYTES));
}

/** Returns the full description of a kind of content. */
export function toSniffed(kind: ContentKind): Sniffed {
  const label = LABELS[kind];
  return kind === "wav" || kind === "mp3" || kind === "opus"
    ? { kind, format: kind, label }
    : { kind, format: undefined, label };
}
