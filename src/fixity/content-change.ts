import type { StoredAudio } from "../archive/schema.ts";
import type { Identity } from "../audio/identify.ts";
import { type ContentKind, isAudioKind } from "../audio/sniff.ts";
import type { AudioFormat } from "../core/audio-format.ts";
import type { IdentityChange } from "./identity-change.ts";

/** What a recording looks like when its first bytes are damaged. */
const DAMAGED_HEADS: Readonly<Record<AudioFormat, readonly ContentKind[]>> = {
  wav: ["binary", "riff-other"],
  opus: ["binary", "ogg-other"],
  mp3: ["binary"],
};

/** Headers and one frame of the largest size fit in as much beyond them. */
const LARGEST_FRAME_BYTES = 1441;

/** Names the change when the bytes are no longer a recording in the format that was stored; undefined when they are. */
export function toContentChange(recorded: StoredAudio, found: Identity): IdentityChange | undefined {
  const { content, structure } = found;
  if (content.format === recorded.format && structure !== undefined) return undefined;
  if (isRemnant(recorded, found)) return toRemnant(recorded, found);
  if (DAMAGED_HEADS[recorded.format].includes(content.kind) || content.format === recorded.format) {
    const message = `it no longer reads as a recording in ${recorded.format} format: its beginning is damaged`;
    return { kind: "digest-mismatch", message, detail: { byteOffset: 0 } };
  }
  const message = `${content.label} stands in its place`;
  return { kind: isAudioKind(content.kind) ? "wrong-format" : "not-audio", message, detail: {} };
}

/** Tells whether so little is left that it can be a beginning without audio. */
function isRemnant(recorded: StoredAudio, { content, sizeBytes }: Identity): boolean {
  if (content.kind === "empty") return true;
  const headerBytes = recorded.sizeBytes - recorded.structure.packetBytes;
  const isSmall = sizeBytes < recorded.sizeBytes && sizeBytes <= headerBytes + LARGEST_FRAME_BYTES;
  return isSmall && DAMAGED_HEADS[recorded.format].includes(content.kind);
}

function toRemnant({ structure }: StoredAudio, { sizeBytes }: Identity): IdentityChange {
  const lostSeconds = structure.durationSeconds;
  const message = `cut short to ${sizeBytes} bytes: all ${lostSeconds.toFixed(1)} s of the recording are gone`;
  return { kind: "truncated", message, detail: { byteOffset: sizeBytes, atSeconds: 0, lostSeconds } };
}
