import { join } from "node:path";
import { expect } from "vitest";
import { openSource } from "../../src/compose.ts";
import { systemClock } from "../../src/core/clock.ts";
import type { RunReport } from "../../src/core/report.ts";
import { planFetch } from "../../src/ingest/fetch-plan.ts";
import { type FetchResult, runFetch, toPace, toVendorCall } from "../../src/ingest/fetch-run.ts";
import { DirectTransfers } from "../../src/ingest/transfer/direct-transfers.ts";
import { openTestArchive } from "../helpers/open-test-archive.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { seededRandom } from "./crash-rounds.ts";
import { API_KEY, type FaultyVendor, WEBHOOK_SECRET } from "./faulty-vendor.ts";
import { type FetchCase, judgeFetch } from "./judge-fetch.ts";

const CONCURRENCY = 8;
const TIMEOUT_SECONDS = 1;

/** How the list alone is fetched. */
export interface DirectFetch {
  readonly dialect: "documented" | "account";
  readonly readsTwice: boolean;
}

/** Fetches into a folder's archive, and tells what the program said. */
export type Fetch = (vendor: FaultyVendor, folder: string) => Promise<RunReport<FetchResult>>;

/** Fetches all that the list and the webhooks give, as a user does: with a thread for each core. */
export const fetchByCommand: Fetch = async ({ sandbox, eventsFile }, cwd) => {
  const key = { AUDIAN_BASE_URL: sandbox.baseUrl, AUDIAN_API_KEY: API_KEY, AUDIAN_WEBHOOK_SECRET: WEBHOOK_SECRET };
  const patience = ["--timeout", String(TIMEOUT_SECONDS), "--concurrency", String(CONCURRENCY)];
  const args = ["fetch", "--events", eventsFile, "--since", "2000-01-01", ...patience, "--json"];
  const { stdout, stderr, code } = await runHoldfast(args, { cwd, env: key });
  expect(stderr).toMatch(/^(?:holdfast: .*\n)*$/);
  expect(stdout + stderr).not.toContain(API_KEY);
  expect([0, 3, 4]).toContain(code);
  return JSON.parse(stdout);
};

/** Makes what fetches all that the list gives, through the use cases and in this very thread. */
export function fetchDirectly({ dialect, readsTwice }: DirectFetch, seed: number): Fetch {
  return async ({ sandbox: { baseUrl, accountId, apiKey } }, folder) => {
    const clock = systemClock;
    const hosts = { baseUrl, allowPrivateHosts: false };
    const archive = await openTestArchive(folder);
    const vendor = { ...hosts, auth: "token", dialect, accountId, timeoutSeconds: TIMEOUT_SECONDS } as const;
    const source = await openSource(vendor, { apiKey, clock });
    const speed = { timeoutMs: TIMEOUT_SECONDS * 1000, concurrency: CONCURRENCY, bytesPerSecond: undefined };
    const transfers = new DirectTransfers({ ...hosts, ...speed });
    const retry = { attempts: 5, firstDelayMs: 20, maxDelayMs: 200, random: seededRandom(seed) };
    const patience = { retry, pace: toPace({ concurrency: CONCURRENCY, perSecond: undefined, retry, clock }) };
    try {
      const request = { filter: {}, events: [], recordingIds: [] };
      const asking = { concurrency: CONCURRENCY, call: toVendorCall(patience) };
      const plan = await planFetch({ archive, source }, request, asking);
      const limits = { maxFileSizeBytes: undefined, readsTwice };
      return await runFetch({ archive, source, transfers }, plan, { ...asking, ...patience, limits, clock });
    } finally {
      await Promise.all([source.close(), transfers.close(), archive.close()]);
    }
  };
}

/** What a run is judged by, beside the truth. */
export interface Rounds extends Pick<FetchCase, "grade"> {
  readonly dialect: "documented" | "account";
  readonly count: number;
}

/** Fetches some times into the same archive and judges every run: the later ones meet what the first has left. */
export async function expectTrueFetches(
  vendor: FaultyVendor,
  { fetch, cwd }: { readonly fetch: Fetch; readonly cwd: string },
  { grade, dialect, count }: Rounds,
): Promise<void> {
  const earlier: Pick<FetchCase, "findings" | "struck"> = { findings: [], struck: new Map() };
  let before = earlier;
  for (let round = 1; round <= count; round += 1) {
    const report = await fetch(vendor, cwd);
    const truths = new Map(
      vendor.sandbox
        .recordings()
        .map((truth) => [dialect === "account" ? truth.accountRecordingId : truth.recordingId, truth]),
    );
    const own = { findings: [...before.findings, ...report.findings], struck: before.struck };
    const archive = join(cwd, "archive");
    const wrong = await judgeFetch({ archive, report, truths, grade, key: API_KEY, ...own });
    expect(wrong, `run ${round}`).toEqual([]);
    expect(vendor.sandbox.leakedKeys).toBe(0);
    before = { ...own, struck: new Map([...truths].map(([id, { faults }]) => [id, faults.length])) };
  }
}
