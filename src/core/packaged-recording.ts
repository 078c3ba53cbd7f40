import type { AudioFormat } from "./audio-format.ts";
import type { CallDetails } from "./call-details.ts";
import type { LedgerEntry } from "./ledger-event.ts";
import type { Notice } from "./notice.ts";
import type { RecordingId } from "./recording-id.ts";

/** A file of a package, as its manifests tell of it. */
export interface PackagedFile {
  /** From the package's own folder on, with forward slashes: `data/originals/…`. */
  readonly path: string;
  readonly sizeBytes: number;
  /** Lower-case hexadecimal, as all digests here. */
  readonly sha256: string;
  readonly sha512: string;
  /** There where a load file is made, whose readers ask for it; it proves nothing. */
  readonly md5: string | undefined;
}

/** What is known of the audio of an original, from its own bytes. */
export interface PackagedAudio {
  readonly format: AudioFormat;
  readonly codec: string;
  readonly sampleRateHz: number;
  readonly channels: number;
  readonly durationSeconds: number;
  /** Whether all that its headers declare is there; null when they do not tell. */
  readonly complete: boolean | null;
  readonly packetSha256: string | null;
  /** What is wrong with its structure, a sentence each. */
  readonly defects: readonly string[];
}

/** What speaks for an original's bytes being the vendor's; never more than was checked. */
export interface PackagedEvidence {
  readonly grade: string;
  /** The digests and sizes that were promised, and by whom, in the words of the sidecar. */
  readonly detail: Readonly<Record<string, string | number>>;
}

/** How loud a recording is over its length. */
export interface Waveform {
  /** For each channel that is told apart, its loudness in equal stretches of time, 0 to 255, as bytes in base64. */
  readonly channels: readonly string[];
  /** Of what it was taken: the samples, or how loud the encoder said that they are. */
  readonly basis: "samples" | "coded-gain";
}

/** One recording of a package, or one plain file: what load file, PREMIS record and review page tell of it. */
export interface PackagedRecording {
  /** Its Bates number, or else the name that it has in the package, without extension; unique in the package. */
  readonly controlNumber: string;
  /** The first and last control number of the recordings of the same call, itself included. */
  readonly family: { readonly first: string; readonly last: string };
  /** Undefined of a plain file that was given, which no archive knows. */
  readonly recordingId: RecordingId | undefined;
  readonly callId: string | undefined;
  /** The name that it had where it came from: its key in the archive, or its path from the folder on that was given. */
  readonly sourceName: string;
  readonly original: PackagedFile;
  /** Undefined of a file that is no recording. */
  readonly audio: PackagedAudio | undefined;
  /** Who called whom, as the vendor said. */
  readonly call: CallDetails | undefined;
  /** Instants in UTC, as the vendor said; undefined where it did not. */
  readonly startedAt: string | undefined;
  readonly endedAt: string | undefined;
  /** When the archive got it; undefined of a plain file. */
  readonly fetchedAt: string | undefined;
  readonly evidence: PackagedEvidence | undefined;
  readonly notice: Notice | undefined;
  /** A copy that was made for listening; the original is the evidence. */
  readonly listeningCopy: (PackagedFile & { readonly profile: string; readonly madeBy: string }) | undefined;
  /** The archive's own record of it, byte for byte. */
  readonly record: PackagedFile | undefined;
  /** What the ledger tells of it, in order; empty of a plain file. */
  readonly custody: readonly LedgerEntry[];
  /** Undefined where it could not be computed. */
  readonly waveform: Waveform | undefined;
}
