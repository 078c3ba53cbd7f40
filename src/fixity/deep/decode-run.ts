import type { StreamSpan } from "../../audio/structure.ts";
import { countSamples, type SampleCount } from "../../ffmpeg/count-samples.ts";
import { FfmpegFailedError } from "../../ffmpeg/errors.ts";
import { NotFoundError, StorageUnavailableError } from "../../io/errors.ts";
import { withFilePart } from "../../io/file-part.ts";
import { lookAtFile } from "../../io/look-at-file.ts";
import { toRealPath } from "../../io/real-path.ts";
import { withWorkingFolder } from "../../io/working-folder.ts";
import type { Decodable, DecodeContext, DecodeVerdict } from "./decoding.ts";
import { judgeComplaint, toUnreadable } from "./judge-complaint.ts";
import { judgeCount } from "./judge-count.ts";

/** ffmpeg gets this long to start, and then the recordings' own length: even the slowest decoder here is 100 times faster. */
const START_TIMEOUT_MS = 60_000;
/** More than a timer can hold would be no time at all. */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

/**
 * Decodes the recordings of one run, and each of them once more alone if there is anything about the run.
 *
 * @returns the verdicts, in the order of the recordings.
 */
export async function decodeRun(run: readonly Decodable[], context: DecodeContext): Promise<readonly DecodeVerdict[]> {
  const release = await context.slots.take();
  try {
    const together = run.length > 1 ? await tryDecodeTogether(run, context) : undefined;
    if (together !== undefined) return together;
    const verdicts: DecodeVerdict[] = [];
    for (const recording of run) verdicts.push(ifUnchanged(recording, await decodeAlone(recording, context)));
    return verdicts;
  } finally {
    release();
  }
}

/** Gives the verdicts if all of them are good. */
async function tryDecodeTogether(
  run: readonly Decodable[],
  context: DecodeContext,
): Promise<readonly DecodeVerdict[] | undefined> {
  try {
    const counts = await count(run, context);
    if (run.some((recording, index) => judgeCount(recording, counts[index]).length > 0)) return undefined;
    return run.map((recording) => ifUnchanged(recording, { kind: "decoded", findings: [] }));
  } catch (error) {
    if (error instanceof FfmpegFailedError) return undefined;
    throw error;
  }
}

async function decodeAlone(recording: Decodable, context: DecodeContext): Promise<DecodeVerdict> {
  const { streamSpan } = recording.structure;
  try {
    const [found] = streamSpan ? await countStream(recording, streamSpan, context) : await count([recording], context);
    return { kind: "decoded", findings: judgeCount(recording, found) };
  } catch (error) {
    if (error instanceof FfmpegFailedError) return judgeComplaint(recording, error);
    const isGone = error instanceof NotFoundError || error instanceof StorageUnavailableError;
    if (streamSpan === undefined || !isGone) throw error;
    return toUnreadable(recording, error.message);
  }
}

/** Decodes the stream without what stands around it, which ffmpeg would try to decode, or take for another kind. */
function countStream(recording: Decodable, span: StreamSpan, context: DecodeContext): Promise<readonly SampleCount[]> {
  return withWorkingFolder("stream", (folder) =>
    withFilePart({ path: recording.path, span, folder }, (path) => count([{ ...recording, path }], context)),
  );
}

/** Without symbolic links: a sandbox shows a file where it is. */
async function count(
  run: readonly Decodable[],
  { ffmpeg, confinement, signal }: DecodeContext,
): Promise<readonly SampleCount[]> {
  const files = await Promise.all(
    run.map(async ({ path, structure }) => ({ path: await toRealPath(path), demuxer: structure.container })),
  );
  return countSamples(ffmpeg, files, { confinement, signal, timeoutMs: toTimeoutMs(run) });
}

function toTimeoutMs(run: readonly Decodable[]): number {
  const seconds = run.reduce((sum, { structure }) => sum + structure.durationSeconds, 0);
  return Math.min(START_TIMEOUT_MS + Math.ceil(seconds * 1000), MAX_TIMEOUT_MS);
}

/** Nothing is said of bytes that may not be those that were read before. */
function ifUnchanged(recording: Decodable, verdict: DecodeVerdict): DecodeVerdict {
  const sight = lookAtFile(recording.path);
  if (sight.kind === "unreadable") return toUnreadable(recording, sight.reason);
  if (sight.kind !== "regular") return toUnreadable(recording, "it is not there any more");
  const { sizeBytes, inode, modifiedNs } = recording.trace;
  const isSame =
    sight.trace.sizeBytes === sizeBytes && sight.trace.inode === inode && sight.trace.modifiedNs === modifiedNs;
  return isSame ? verdict : toUnreadable(recording, "it changed while it was verified");
}
