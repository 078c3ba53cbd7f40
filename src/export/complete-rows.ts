import { join } from "node:path";
import { inGroups } from "../core/in-groups.ts";
import type { PackagedRecording } from "../core/packaged-recording.ts";
import type { Sequence } from "../core/sequence.ts";
import { Spool } from "../io/spool.ts";
import { type DecodeWaveforms, type Listening, type ListeningCopy, takeCopies } from "./listening-copies.ts";
import type { PackageFolder } from "./package-folder.ts";
import { isUndrawn } from "./row-tally.ts";

/** What completes the rows of a package. */
export interface RowCompletion {
  readonly folder: PackageFolder;
  readonly listening: Listening | undefined;
  readonly decodeWaveforms: DecodeWaveforms;
  /** Whether the waveform of a row is missing. */
  readonly hasUndrawn: boolean;
  readonly md5: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Rows with all that can be had of them. The caller closes them. */
export interface CompleteRows {
  readonly rows: Sequence<PackagedRecording>;
  /** Why there is no copy for listening, by the place of the original. */
  readonly uncopied: ReadonlyMap<string, string>;
  /** Whether there is any. */
  readonly hasCopies: boolean;
  close(): void;
}

/** Rows that stay in memory. */
export const HELD_ROWS = 1000;

/** Recordings that are decoded together. */
const DECODED_AT_ONCE = 64;

/** Adds to the rows of copied originals what takes a run of ffmpeg: copies for listening, and waveforms that cannot be had without. */
export async function completeRows(
  rows: Sequence<PackagedRecording>,
  completion: RowCompletion,
): Promise<CompleteRows> {
  const { copies, uncopied } = await makeCopies(rows, completion);
  const hasCopies = copies.size > 0;
  if (!hasCopies && !completion.hasUndrawn) return { rows, uncopied, hasCopies, close: () => undefined };
  const complete = new Spool<PackagedRecording>({ heldItems: HELD_ROWS });
  try {
    for (const group of inGroups(rows, DECODED_AT_ONCE)) {
      for (const row of await withWaveforms(group, completion)) {
        const listeningCopy = copies.get(row.original.path);
        complete.push(listeningCopy === undefined ? row : { ...row, listeningCopy });
      }
    }
  } catch (error) {
    complete.close();
    throw error;
  }
  return { rows: complete, uncopied, hasCopies, close: () => complete.close() };
}

async function makeCopies(
  rows: Iterable<PackagedRecording>,
  { folder, listening, md5, signal }: RowCompletion,
): Promise<{ copies: ReadonlyMap<string, ListeningCopy>; uncopied: ReadonlyMap<string, string> }> {
  const wanted = listening === undefined ? [] : [...toWanted(rows, listening)];
  if (listening === undefined || wanted.length === 0) return { copies: new Map(), uncopied: new Map() };
  const made = await listening.make(folder.path, wanted, signal);
  const uncopied = [...made].filter((entry): entry is [string, string] => typeof entry[1] === "string");
  return { copies: await takeCopies(made, folder, { md5 }), uncopied: new Map(uncopied) };
}

/** An original in the wanted format stands for itself. */
function* toWanted(rows: Iterable<PackagedRecording>, { format }: Listening) {
  for (const { original, audio } of rows) {
    if (audio !== undefined && audio.format !== format) yield { path: original.path, sizeBytes: original.sizeBytes };
  }
}

async function withWaveforms(
  rows: readonly PackagedRecording[],
  { folder, decodeWaveforms, signal }: RowCompletion,
): Promise<readonly PackagedRecording[]> {
  const files = rows.flatMap(({ original, audio, waveform }) =>
    audio === undefined || waveform !== undefined ? [] : [{ path: join(folder.path, original.path), audio }],
  );
  if (files.length === 0) return rows;
  const waveforms = (await decodeWaveforms(files, signal)).values();
  return rows.map((row) => (isUndrawn(row) ? { ...row, waveform: waveforms.next().value } : row));
}
