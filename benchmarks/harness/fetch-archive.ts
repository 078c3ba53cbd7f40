import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { toBaseEnvironment } from "./base-environment.ts";
import type { RecordingSet } from "./generated-recordings.ts";
import { toHoldfastArgv } from "./holdfast.ts";
import { openVendor, VENDOR_API_KEY } from "./open-vendor.ts";

const run = promisify(execFile);

/** Room for the report of some thousand recordings. */
const MAX_REPORT_BYTES = 64 * 1024 * 1024;

/** Makes an archive of generated recordings by fetching them, as an input of other benchmarks. */
export async function fetchArchive(
  archive: string,
  { set, signal }: { readonly set: RecordingSet; readonly signal: AbortSignal },
): Promise<void> {
  const vendor = await openVendor(set);
  try {
    const [program, ...args] = toHoldfastArgv("fetch", "--base-url", vendor.baseUrl, "--archive", archive);
    const env = { ...toBaseEnvironment(), AUDIAN_API_KEY: VENDOR_API_KEY };
    await run(program, args, { env, signal, maxBuffer: MAX_REPORT_BYTES });
  } finally {
    await vendor.close();
  }
}
