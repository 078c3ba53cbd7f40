import { onTestFinished } from "vitest";
import { Secret } from "../../src/core/secret.ts";
import { type Fault, parseFaults } from "../../src/sandbox/faults/parse-faults.ts";
import type { Sandbox } from "../../src/sandbox/open-sandbox.ts";
import type { SandboxOptions } from "../../src/sandbox/sandbox-options.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { openTestSandbox } from "../unit/sandbox/sandbox-rig.ts";

export const API_KEY = "key-9b1f4c7702aa";
export const WEBHOOK_SECRET = "secret-51d0c3e8";

/** Mostly what is made without ffmpeg, of which a thousand are made in seconds. */
const FORMATS = ["wav", "wav", "wav", "wav", "wav", "wav", "wav", "wav", "mp3", "opus"] as const;

const REFUSED = ["401/download", "403/download", "410/download", "404/media", "401/media", "500/media"];
const PAGES = ["json/media", "html/media", "empty/media"];
const BROKEN = ["cut/media", "reset/media", "drip=500/media", "short", "short-chunked", "wrong-size"];
const ASTRAY = ["redirect-loop", "redirect-file", "redirect-ftp", "expired-403", "expired-410", "other-host"];

/** What can befall a recording whenever it is asked for. */
export const FOR_GOOD: readonly string[] = [...REFUSED, ...PAGES, ...BROKEN, ...ASTRAY];

/** What has few occasions, and is to strike all the same: pages of the list, and ranges. */
export const FROM_TIME_TO_TIME = [
  ...["row-repeated@0.1", "row-dropped@0.1", "row-appears@0.2", "row-vanishes@0.1"],
  ...["ignore-range@0.1", "range-start@0.1", "range-total@0.1", "empty-range@0.1"],
].join(",");

/** What goes wrong at a {@link FaultyVendor}. */
export interface FaultyVendorOptions extends Pick<SandboxOptions, "reprDigest"> {
  readonly seed: number;
  readonly recordings: number;
  /** As `--fault` takes it. */
  readonly faults: string;
  /** Leaves out of `mix` what could not be told from the truth. */
  readonly without?: readonly Fault["kind"][];
}

/** A sandbox with faults, and where it writes its webhooks down. */
export interface FaultyVendor {
  readonly sandbox: Sandbox;
  readonly eventsFile: string;
}

/** Starts a sandbox with many short recordings that goes wrong; it ends with the test. */
export async function openFaultyVendor(options: FaultyVendorOptions): Promise<FaultyVendor> {
  const { seed, recordings, without = [], reprDigest = false } = options;
  const directory = await makeTemporaryFolder();
  const sandbox = await openTestSandbox({
    directory,
    seed,
    seedCalls: recordings,
    formats: FORMATS,
    lengthSeconds: { min: 1, max: 3 },
    faults: parseFaults(options.faults)
      .filter(({ kind }) => !without.includes(kind))
      .map(toSeldom),
    reprDigest,
    rateLimited: false,
    apiKey: new Secret(API_KEY),
    webhookSecret: new Secret(WEBHOOK_SECRET),
  });
  onTestFinished(() => sandbox.close());
  return { sandbox, eventsFile: `${directory}/events.ndjson` };
}

/** Makes each of these befall a share of the recordings for good, whatever is done; words may stand behind a slash. */
export function toPermanentFaults(kinds: readonly string[], share: number): string {
  return kinds.map((kind) => kind.replace(/^[^/]*/, `$&@${share}/always`)).join(",");
}

/** A Retry-After of a 429 or 503 halts the whole run for a second or two: a few of them show as much as many. */
function toSeldom(fault: Fault): Fault {
  const halts = (fault.kind === "429" || fault.kind === "503") && fault.amount !== undefined;
  return halts ? { ...fault, probability: fault.probability / 10 } : fault;
}
