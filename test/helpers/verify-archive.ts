import { ThreadedLooker } from "../../dist/fixity/look/threaded-looker.js";
import type { Archive } from "../../src/archive/archive.ts";
import type { RunReport } from "../../src/core/report.ts";
import type { Looker } from "../../src/fixity/look/look.ts";
import { type VerifyArchiveOptions, verifyArchive } from "../../src/fixity/verify-archive.ts";
import type { VerifyResult } from "../../src/fixity/verify-run.ts";
import { TEST_CLOCK } from "./open-test-archive.ts";

/** Starts a real thread that looks at files; the caller closes it. */
export function openTestLooker(): Looker {
  // The types of what was built are of the same shape, but not the same.
  return new ThreadedLooker({ readers: 1, maxBytesPerSecond: undefined }) as unknown as Looker;
}

/** Verifies an archive with the real threads, by its digests unless the options say otherwise. */
export async function verifyTestArchive(
  archive: Archive,
  options: Partial<VerifyArchiveOptions> = {},
): Promise<RunReport<VerifyResult>> {
  const looker = options.looker ?? openTestLooker();
  try {
    const asked = { level: "digest", clock: TEST_CLOCK, request: "everything", ...options, looker } as const;
    const report = await verifyArchive(archive, asked);
    return { ...report, results: [...report.results], findings: [...report.findings] };
  } finally {
    if (options.looker === undefined) await looker.close();
  }
}
