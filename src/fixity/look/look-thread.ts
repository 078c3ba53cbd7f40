import { workerData } from "node:worker_threads";
import { tellLoaded } from "../../async/thread-pool.ts";
import { ByteThrottle, type ByteThrottleOptions } from "../../io/byte-throttle.ts";
import { type FileReading, lookAtFile } from "../../io/look-at-file.ts";
import { ContentReading } from "./content-reading.ts";
import type { Look, LookRequest } from "./look.ts";
import { type PackedLooks, packLooks } from "./packed-looks.ts";
import { StopFlag } from "./stop-flag.ts";

/*
 * The program of a thread that looks at files.
 */

/** What all threads are given. */
export interface LookThreadSettings {
  readonly throttle: ByteThrottleOptions | undefined;
}

/** What a thread does at a time. */
export interface LookTask {
  readonly requests: readonly LookRequest[];
  /** The memory of a {@link StopFlag}. */
  readonly stop: SharedArrayBuffer;
}

/** Large enough that the hash, not the system calls, sets the pace. */
const BUFFER_BYTES = 1 << 20;

const settings = workerData as LookThreadSettings;
const throttle = settings.throttle && new ByteThrottle(settings.throttle);
const buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);

/**
 * Does one task.
 *
 * @throws {StoppedError} the flag was raised.
 */
export default async function lookAtFiles({ requests, stop }: LookTask): Promise<PackedLooks> {
  const flag = new StopFlag(stop);
  const audio = requests.some(({ identity }) => identity) ? await import("../../audio/identify.ts") : undefined;
  return packLooks(requests.map((request) => look(request, { flag, audio })));
}

/** What a look needs; the readers of audio are loaded by the threads that are asked for some. */
interface LookTools {
  readonly flag: StopFlag;
  readonly audio: typeof import("../../audio/identify.ts") | undefined;
}

function look(request: LookRequest, { flag, audio }: LookTools): Look {
  flag.throwIfRaised();
  const { path, within, identity } = request;
  const identifier = identity ? audio && new audio.Identifier({ headerless: audio.toHeaderless(path) }) : undefined;
  const content = new ContentReading(request, identifier);
  const reading = isContentWanted(request) ? toReading(content, flag) : undefined;
  const sight = lookAtFile(within?.path ?? path, reading, within);
  return sight.kind === "regular" ? { ...sight, ...content.end() } : sight;
}

function isContentWanted({ algorithms, identity, text }: LookRequest): boolean {
  return algorithms.length > 0 || identity === true || text === true;
}

function toReading(content: ContentReading, flag: StopFlag): FileReading {
  return {
    buffer,
    beforeChunk: (chunkBytes) => {
      flag.throwIfRaised();
      if (throttle !== undefined) flag.sleep(throttle.book(chunkBytes, process.hrtime.bigint()));
    },
    onChunk: (chunk, sizeBytes) => content.push(chunk, sizeBytes),
  };
}

tellLoaded();
