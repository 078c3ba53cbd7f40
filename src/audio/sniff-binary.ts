import { looksLikeGsm } from "./gsm-frame.ts";
import { sniffMpeg } from "./mpeg-sync.ts";
import { leadingTagBytes } from "./mpeg-tag.ts";
import { hasOpusHead } from "./opus-head.ts";
import type { ContentKind } from "./sniff.ts";

interface Signature {
  readonly kind: ContentKind;
  /** Latin-1, as the bytes stand in the file. */
  readonly magic: string;
  readonly offset?: number;
}

/** Two names and an encrypted key stand in it. */
const MAX_MESSAGE_HEADER_BYTES = 2048;

const SIGNATURES: readonly Signature[] = [
  { kind: "flac", magic: "fLaC" },
  { kind: "amr-wb", magic: "#!AMR-WB" },
  { kind: "amr", magic: "#!AMR" },
  { kind: "aiff", magic: "FORM" },
  { kind: "mp4", magic: "ftyp", offset: 4 },
  { kind: "matroska", magic: "\x1a\x45\xdf\xa3" },
  { kind: "zip", magic: "PK\x03\x04" },
  { kind: "gzip", magic: "\x1f\x8b\x08" },
  { kind: "pdf", magic: "%PDF-" },
  { kind: "image", magic: "\x89PNG" },
  { kind: "image", magic: "\xff\xd8\xff" },
  { kind: "image", magic: "GIF8" },
  { kind: "aac", magic: "\xff\xf1" },
  { kind: "aac", magic: "\xff\xf9" },
];

/**
 * Tells what kind of binary data the bytes begin with.
 *
 * @param isWhole - The bytes are the whole file, so that a frame may end with them.
 */
export function sniffBinary(head: Buffer, isWhole: boolean): ContentKind {
  const container = sniffRiff(head) ?? sniffOgg(head);
  if (container !== undefined) return container;
  const start = leadingTagBytes(head);
  const mpeg = sniffMpeg(head, { start, isEnd: isWhole });
  if (mpeg?.atStart === true) return mpeg.kind;
  const signature = SIGNATURES.find(({ magic, offset = 0 }) => hasMagic(head, magic, start + offset));
  if (isEncrypted(head)) return "encrypted";
  return signature?.kind ?? (looksLikeGsm(head) ? "gsm" : mpeg?.kind) ?? "binary";
}

/**
 * Tells a message of the AWS Encryption SDK that was made here: its version, the suite, and who has wrapped its key.
 *
 * @see https://docs.aws.amazon.com/encryption-sdk/latest/developer-guide/message-format.html
 */
function isEncrypted(head: Buffer): boolean {
  return hasMagic(head, "\x02\x04\x78", 0) && head.subarray(0, MAX_MESSAGE_HEADER_BYTES).includes("holdfast");
}

function sniffRiff(head: Buffer): ContentKind | undefined {
  // Big-endian RIFX may be audio too, but none that anything here reads.
  if (hasMagic(head, "RIFX", 0)) return "riff-other";
  if (!["RIFF", "RF64", "BW64"].some((magic) => hasMagic(head, magic, 0))) return undefined;
  return hasMagic(head, "WAVE", 8) ? "wav" : "riff-other";
}

function sniffOgg(head: Buffer): ContentKind | undefined {
  if (!hasMagic(head, "OggS", 0)) return undefined;
  return hasOpusHead(head) ? "opus" : "ogg-other";
}

function hasMagic(head: Buffer, magic: string, offset: number): boolean {
  return head.toString("latin1", offset, offset + magic.length) === magic;
}
