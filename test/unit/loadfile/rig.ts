import fc from "fast-check";
import type { PackagedRecording } from "../../../src/core/packaged-recording.ts";
import type { LoadFileRow } from "../../../src/loadfile/fields.ts";
import type { LoadFileProfile } from "../../../src/loadfile/profiles.ts";
import { readLoadFile } from "../../../src/loadfile/read-load-file.ts";
import { toLoadFile } from "../../../src/loadfile/to-load-file.ts";
import { NASTY_TEXTS, sampleRecording } from "../../helpers/sample-package.ts";

const TELLING = ["þ", "®", "\u0014", "þ\u0014þ", '"', '","', "'", "=", ";", "\t", "\r", "\n", "{", "{U+00AE}", "\\"];

/** Any text, halves of surrogate pairs too, with what means something in a load file more often than chance has it. */
export const anyText = fc
  .array(fc.oneof(fc.constantFrom(...TELLING, ...NASTY_TEXTS), fc.string({ unit: "binary" }), fc.string()))
  .map((pieces) => pieces.join(""));

/** A recording of which an outside text says who called, and in which call. */
export function calledBy(from: string): PackagedRecording {
  return { ...sampleRecording(21), callId: from, call: { from, to: undefined, direction: "inbound" } };
}

export function write(recordings: Iterable<PackagedRecording>, profile: LoadFileProfile): Buffer {
  return Buffer.concat([...toLoadFile(recordings, { profile, custodian: undefined })]);
}

/** Reads a load file in chunks of so many bytes, all of which lie in one buffer. */
export async function read(bytes: Uint8Array, profile: LoadFileProfile, chunkBytes = 1 << 16): Promise<LoadFileRow[]> {
  const rows: LoadFileRow[] = [];
  for await (const row of readLoadFile(toChunks(bytes, chunkBytes), profile)) rows.push(row);
  return rows;
}

async function* toChunks(bytes: Uint8Array, chunkBytes: number): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.alloc(chunkBytes);
  for (let at = 0; at < bytes.length; at += chunkBytes) {
    const chunk = bytes.subarray(at, at + chunkBytes);
    buffer.set(chunk);
    yield buffer.subarray(0, chunk.length);
  }
}
