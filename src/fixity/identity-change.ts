import type { StoredAudio } from "../archive/schema.ts";
import type { Identity } from "../audio/identify.ts";
import type { Defect, Structure } from "../audio/structure.ts";
import type { FindingDetail, FindingKind } from "../core/finding.ts";
import { toContentChange } from "./content-change.ts";

/** What became of a recording since its identity was written down. */
export interface IdentityChange {
  readonly kind: FindingKind;
  /** Half a sentence for a person, to stand behind the name of the file. */
  readonly message: string;
  readonly detail: FindingDetail;
}

/** Longer by less than this is the rounding of a length, not audio. */
const SAME_LENGTH_SECONDS = 0.001;

/**
 * Compares a recording with what was recorded of it, and names the change. Pure.
 *
 * `tags-changed`: the audio packets are the same and are read the same way. `trailing-data`: so they are, and something
 * stands behind them. `truncated`: bytes and time are gone; `lostSeconds` is what the recording has become shorter by.
 * `not-audio`, `wrong-format`: something else stands in its place. `digest-mismatch`: all else, with place and loss where
 * the structure shows them.
 *
 * A piece that was cut out of the middle of a WAV, or whole frames out of an MP3, leave nothing that tells them from a
 * cut at the end: they are `truncated` too, and `lostSeconds` is right.
 *
 * @returns undefined when the digests are equal.
 */
export function toIdentityChange(recorded: StoredAudio, found: Identity): IdentityChange | undefined {
  if (recorded.sha256 === found.sha256) return undefined;
  const { kind, message, detail } = nameChange(recorded, found);
  const digests = { algorithm: "sha256", expected: recorded.sha256, found: found.sha256 } as const;
  return { kind, message, detail: { ...digests, ...detail } };
}

function nameChange(recorded: StoredAudio, found: Identity): IdentityChange {
  const otherContent = toContentChange(recorded, found);
  if (otherContent !== undefined) return otherContent;
  const { structure } = found;
  if (structure === undefined) throw new Error("internal error: a recording without a structure");
  const isSameAudio = recorded.packetSha256 !== null && recorded.packetSha256 === found.packetSha256;
  return isSameAudio ? nameAroundAudio(recorded, found, structure) : nameInAudio(recorded, found, structure);
}

/** The audio packets are the same: what changed stands around them. */
function nameAroundAudio(recorded: StoredAudio, found: Identity, structure: Structure): IdentityChange {
  const reading = toReadingChange(recorded, structure);
  if (reading !== undefined) return { kind: "digest-mismatch", message: reading, detail: { byteOffset: 0 } };
  const trailing = findNew(recorded, structure, "trailing-data");
  if (trailing !== undefined) {
    const message = "bytes that do not belong to it follow the recording, audio identical";
    return { kind: "trailing-data", message, detail: toPlace(trailing) };
  }
  if (found.sizeBytes < recorded.sizeBytes && findNew(recorded, structure, "truncated") !== undefined) {
    const message = "cut short in what follows the audio, audio identical";
    return { kind: "truncated", message, detail: { byteOffset: found.sizeBytes, lostSeconds: 0 } };
  }
  const junk = findNew(recorded, structure, "corrupt-frames");
  if (junk !== undefined) {
    const message = "what stands around the audio is damaged or more than there was, audio identical";
    return { kind: "tags-changed", message, detail: toPlace(junk) };
  }
  return { kind: "tags-changed", message: "tags or container changed, audio identical", detail: {} };
}

/** The bytes of PCM mean nothing without their header, which no checksum guards; of Opus the same is true of channels. */
function toReadingChange({ structure: was }: StoredAudio, is: Structure): string | undefined {
  const isWav = was.container === "wav";
  const isReadAlike =
    was.channels === is.channels && (!isWav || (was.codec === is.codec && was.sampleRateHz === is.sampleRateHz));
  if (isReadAlike) return undefined;
  const toWords = ({ codec, sampleRateHz, channels }: Pick<Structure, "codec" | "sampleRateHz" | "channels">) =>
    `${codec}, ${sampleRateHz} Hz, ${channels} channels`;
  return `its header states ${toWords(is)} instead of ${toWords(was)}: the same bytes sound different`;
}

/** The audio packets differ. */
function nameInAudio(recorded: StoredAudio, found: Identity, structure: Structure): IdentityChange {
  const lostSeconds = recorded.structure.durationSeconds - structure.durationSeconds;
  if (structure.packetBytes === 0 && found.sizeBytes >= recorded.sizeBytes) {
    const message = "no audio can be found in it any more: its header is damaged";
    return { kind: "digest-mismatch", message, detail: { byteOffset: 0 } };
  }
  const reading = recorded.structure.container === "wav" ? toReadingChange(recorded, structure) : undefined;
  if (reading !== undefined) return { kind: "digest-mismatch", message: reading, detail: { byteOffset: 0 } };
  if (lostSeconds < -SAME_LENGTH_SECONDS) return toLonger(-lostSeconds);
  const damage = findNew(recorded, structure, "corrupt-frames");
  if (damage !== undefined) return toDamaged(damage, Math.max(0, lostSeconds));
  const isShorter = found.sizeBytes < recorded.sizeBytes;
  if (isShorter && (lostSeconds > 0 || findNew(recorded, structure, "truncated") !== undefined)) {
    return toTruncated({ lostSeconds: Math.max(0, lostSeconds), atSeconds: structure.durationSeconds }, found);
  }
  return { kind: "digest-mismatch", message: toSizeWords(recorded.sizeBytes, found.sizeBytes), detail: {} };
}

function toLonger(surplusSeconds: number): IdentityChange {
  const message = `the bytes are not those that were stored: the recording is ${surplusSeconds.toFixed(1)} s longer`;
  return { kind: "digest-mismatch", message, detail: {} };
}

function toDamaged(damage: Defect, lostSeconds: number): IdentityChange {
  const place = damage.atSeconds === undefined ? "" : ` at ${damage.atSeconds.toFixed(1)} s`;
  const loss = lostSeconds < 0.05 ? "" : `, ${lostSeconds.toFixed(1)} s of the recording are gone`;
  const message = `the bytes are not those that were stored: damaged${place}${loss}`;
  return { kind: "digest-mismatch", message, detail: { ...toPlace(damage), lostSeconds } };
}

function toTruncated(
  time: { readonly lostSeconds: number; readonly atSeconds: number },
  { sizeBytes }: Identity,
): IdentityChange {
  const message = `cut short: ${time.lostSeconds.toFixed(1)} s of the recording are gone`;
  return { kind: "truncated", message, detail: { ...time, byteOffset: sizeBytes } };
}

/** Tells of the number of bytes, for a change of which nothing else is known. */
export function toSizeWords(expectedBytes: number, foundBytes: number): string {
  if (expectedBytes === foundBytes) return "the bytes are not those that were stored, though their number is";
  return `the bytes are not those that were stored: ${foundBytes} instead of ${expectedBytes}`;
}

/** Finds a defect that the recording did not have when it was stored. */
function findNew({ structure }: StoredAudio, { defects }: Structure, kind: FindingKind): Defect | undefined {
  const isKnown = (one: Defect) =>
    structure.defects.some((other) => other.kind === one.kind && other.byteOffset === one.byteOffset);
  return defects.find((defect) => defect.kind === kind && !isKnown(defect));
}

function toPlace({ byteOffset, atSeconds }: Defect): Pick<FindingDetail, "byteOffset" | "atSeconds"> {
  return {
    ...(byteOffset === undefined ? {} : { byteOffset }),
    ...(atSeconds === undefined ? {} : { atSeconds }),
  };
}
