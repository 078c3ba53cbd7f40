import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Archive } from "../../src/archive/archive.ts";
import { openArchive } from "../../src/compose.ts";

/** A clock that always says the same. */
export const TEST_CLOCK = { now: () => Date.parse("2026-03-01T12:00:00Z") };

/** Opens the archive of a folder, making it if need be; it is closed when the test ends, if it was not before. */
export async function openTestArchive(folder: string): Promise<Archive> {
  const archive = await openArchive(join(folder, "archive"), { clock: TEST_CLOCK, create: true });
  onTestFinished(() => archive.close());
  return archive;
}
