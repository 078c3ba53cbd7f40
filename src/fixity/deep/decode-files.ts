import { decodeRun } from "./decode-run.ts";
import { toDecodeRuns } from "./decode-runs.ts";
import type { Decodable, DecodeContext, DecodeRequest, DecodeVerdict } from "./decoding.ts";

/**
 * Decodes recordings from the first to the last sample with ffmpeg, and judges each by two things: ffmpeg ends well and says
 * nothing, and as many samples come out as our own reading of the bytes has counted. Short recordings go many to a run; where
 * anything is wrong with a run, each of its recordings is decoded once more alone, so that nothing is said of one that another
 * has caused.
 *
 * ffmpeg is held to the format that the bytes have and to these files. Bytes around a stream that are neither audio nor tag
 * are kept from it.
 *
 * @returns the verdicts, in the order of the requests.
 * @throws {FfmpegFailedError} ffmpeg could not be started.
 * @throws {StorageFullError | StorageUnavailableError} there can be no working folder.
 * @throws the reason of `signal` when it aborts; no ffmpeg of this call runs any more then.
 * @see docs/verify-levels.md for what this finds and what it cannot find
 */
export async function decodeFiles(
  requests: readonly DecodeRequest[],
  context: DecodeContext,
): Promise<readonly DecodeVerdict[]> {
  const recordings = requests.map(toDecodable);
  const runs = toDecodeRuns(recordings.filter((recording) => recording !== undefined));
  const ended = await Promise.allSettled(runs.map((run) => decodeRun(run, context)));
  const verdicts = new Map<Decodable, DecodeVerdict>();
  for (const [at, outcome] of ended.entries()) {
    if (outcome.status === "rejected") throw outcome.reason;
    for (const [index, verdict] of outcome.value.entries()) verdicts.set(runs[at]?.[index] as Decodable, verdict);
  }
  return recordings.map((recording) => (recording && verdicts.get(recording)) ?? { kind: "nothing-to-decode" });
}

function toDecodable({ path, identity: { structure }, trace }: DecodeRequest): Decodable | undefined {
  return structure === undefined || structure.samples === 0 ? undefined : { path, structure, trace };
}
