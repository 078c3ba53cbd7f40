import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Archive } from "../../src/archive/archive.ts";
import { openArchive } from "../../src/compose.ts";
import { TEST_CLOCK } from "./test-clock.ts";
import { TEST_CUSTODIAN } from "./test-custodian.ts";

export { TEST_CLOCK };

/** Opens the archive of a folder, making it if need be; it is closed when the test ends, if it was not before. */
export async function openTestArchive(folder: string): Promise<Archive> {
  const archive = await openArchive(join(folder, "archive"), {
    clock: TEST_CLOCK,
    create: true,
    custodian: TEST_CUSTODIAN,
  });
  onTestFinished(() => archive.close());
  return archive;
}
