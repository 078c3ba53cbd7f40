import { createCipheriv } from "node:crypto";
import { sha256 } from "./hash-folder.ts";

/** How many recordings there are and how long each of them is. */
export interface RecordingSet {
  readonly count: number;
  readonly secondsEach: number;
}

/** A recording that exists only as a rule: a WAV file of noise that no other one shares a sample's place with. */
export interface GeneratedRecording {
  readonly recordingId: string;
  readonly callId: string;
  readonly createdAt: string;
  readonly durationSeconds: number;
  readonly sizeBytes: number;
  /** The file's bytes in two parts: header and samples. */
  readonly parts: readonly [Uint8Array, Uint8Array];
}

const SAMPLE_RATE_HZ = 16_000;
const BYTES_PER_SAMPLE = 2;
const HEADER_BYTES = 44;
/** How far apart two recordings begin in the one noise that all are cut from. */
const STRIDE_BYTES = 240;
const FIRST_CREATED_MS = Date.UTC(2024, 0, 1, 9);
const CREATED_EVERY_MS = 14 * 60_000;

/**
 * Makes recordings that are the same on every machine: cuts of one noise, the key stream of AES-128-CTR under an
 * all-zero key. They take the memory of little more than one of them.
 */
export function generateRecordings({ count, secondsEach }: RecordingSet): readonly GeneratedRecording[] {
  const dataBytes = secondsEach * SAMPLE_RATE_HZ * BYTES_PER_SAMPLE;
  const noise = createCipheriv("aes-128-ctr", Buffer.alloc(16), Buffer.alloc(16)).update(
    Buffer.alloc(dataBytes + count * STRIDE_BYTES),
  );
  const header = toWavHeader(dataBytes);
  return Array.from({ length: count }, (_, index) => ({
    recordingId: `rec_${index.toString(16).padStart(12, "0")}`,
    callId: `call_${index.toString(16).padStart(12, "0")}`,
    createdAt: new Date(FIRST_CREATED_MS + index * CREATED_EVERY_MS).toISOString().replace(".000Z", "Z"),
    durationSeconds: secondsEach,
    sizeBytes: HEADER_BYTES + dataBytes,
    parts: [header, noise.subarray(index * STRIDE_BYTES, index * STRIDE_BYTES + dataBytes)],
  }));
}

/** Gives the digest of every recording's file by its name, `rec_….wav`, computed from the rule alone. */
export function toExpectedFiles(recordings: readonly GeneratedRecording[]): ReadonlyMap<string, string> {
  return new Map(
    recordings.map(({ recordingId, parts }) => [`${recordingId}.wav`, sha256(Buffer.concat(parts))] as const),
  );
}

/** Writes the header of 16-bit mono PCM (Multimedia Programming Interface 1.0, "Waveform Audio File Format"). */
function toWavHeader(dataBytes: number): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.write("RIFF", 0);
  header.writeUInt32LE(HEADER_BYTES - 8 + dataBytes, 4);
  header.write("WAVEfmt ", 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(SAMPLE_RATE_HZ, 24);
  header.writeUInt32LE(SAMPLE_RATE_HZ * BYTES_PER_SAMPLE, 28);
  header.writeUInt16LE(BYTES_PER_SAMPLE, 32);
  header.writeUInt16LE(8 * BYTES_PER_SAMPLE, 34);
  header.write("data", 36);
  header.writeUInt32LE(dataBytes, 40);
  return header;
}
