import { ThreadedLooker } from "../../dist/fixity/look/threaded-looker.js";
import type { Look, Looker } from "../../src/fixity/look/look.ts";
import { planSeal } from "../../src/fixity/seal-plan.ts";
import { runSeal, type SealReport } from "../../src/fixity/seal-run.ts";

/** When the folders of tests are sealed. */
export const SEALED_AT = "2026-01-01T00:00:00.000Z";

/** What happens meanwhile, each once. */
export interface SealEvents {
  /** Before the first file is read. */
  readonly beforeReading?: () => unknown;
  /** When all have been read, before they are looked at again. */
  readonly afterReading?: () => unknown;
  readonly signal?: AbortSignal;
}

/** Seals a folder with the real threads. */
export async function sealFolder(folder: string, events: SealEvents = {}): Promise<SealReport> {
  const { beforeReading, afterReading, signal } = events;
  const threads = new ThreadedLooker({ readers: 1, maxBytesPerSecond: undefined });
  const reading = once(beforeReading);
  const lookingAgain = once(afterReading);
  const look: Looker["look"] = async (requests, ...rest) => {
    await (requests[0]?.algorithms.length === 0 ? lookingAgain() : reading());
    // The types of what was built are of the same shape, but not the same.
    return (await threads.look(requests, ...rest)) as unknown as readonly Look[];
  };
  try {
    const looker = { readers: 1, look, close: () => threads.close() };
    return await runSeal(await planSeal(folder), looker, { clock: { now: () => Date.parse(SEALED_AT) }, signal });
  } finally {
    await threads.close();
  }
}

/** Several batches are begun side by side, and all wait for what happens before the first. */
function once(work: (() => unknown) | undefined): () => Promise<unknown> {
  let done: Promise<unknown> | undefined;
  return () => {
    done ??= Promise.resolve(work?.());
    return done;
  };
}
