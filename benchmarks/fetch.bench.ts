import { basename, join } from "node:path";
import { type FetchScene, openPeers, type PeerWork, toFilesByName } from "./fetch-peers.ts";
import type { Benchmark, BenchmarkContext, Case, Ended, OpenBenchmark, Subject } from "./harness/benchmark.ts";
import { assertSameOutputs } from "./harness/compare-outputs.ts";
import { generateRecordings, toExpectedFiles } from "./harness/generated-recordings.ts";
import { hashFolder } from "./harness/hash-folder.ts";
import { parseResults, toHoldfastArgv } from "./harness/holdfast.ts";
import { openVendor, VENDOR_API_KEY } from "./harness/open-vendor.ts";

const FULL = { count: 2000, secondsEach: 15 };
const SMOKE = { count: 40, secondsEach: 15 };
const CONCURRENCY = 16;
const LATENCY_MS = 50;

/** Fetching a list of recordings, each proven as it comes, against downloading them and hashing them afterwards. */
export const fetchBenchmark: Benchmark = {
  name: "fetch",
  description:
    "holdfast fetch against curl --parallel and rclone, from nearby with sha256sum behind them, from afar without",
  rounds: 5,
  open,
};

async function open({ workspace, smoke, cores }: BenchmarkContext): Promise<OpenBenchmark> {
  const set = smoke ? SMOKE : FULL;
  const recordings = generateRecordings(set);
  const [nearby, faraway] = await Promise.all([openVendor(set), openVendor(set, { latencyMs: LATENCY_MS })]);
  const shared = { workspace, recordings, cores, concurrency: CONCURRENCY };
  return {
    parameters: {
      recordings: set.count,
      bytesEach: recordings[0]?.sizeBytes ?? 0,
      concurrency: CONCURRENCY,
      latencyMs: LATENCY_MS,
    },
    cases: [
      await toCase("fetch", { ...shared, vendor: nearby, isFaraway: false }, [
        ["curl", "sha256sum"],
        ["rclone", "sha256sum"],
        ["curl", "sha256sum", "sync"],
      ]),
      {
        ...(await toCase(`fetch with ${LATENCY_MS} ms of latency`, { ...shared, vendor: faraway, isFaraway: true }, [
          ["curl"],
          ["rclone"],
        ])),
        maxRounds: 3,
      },
    ],
    close: async () => {
      await Promise.all([nearby.close(), faraway.close()]);
    },
  };
}

async function toCase(name: string, scene: FetchScene, peers: readonly PeerWork[]): Promise<Case> {
  return {
    name,
    subjects: [toHoldfastSubject(scene), ...(await openPeers(scene, peers))],
    trials: [{ name: "sha256 of every file", succeeds: true, expected: toExpectedFiles(scene.recordings) }],
  };
}

function toHoldfastSubject({ workspace, vendor: { baseUrl }, concurrency }: FetchScene): Subject {
  const folder = workspace.path("holdfast");
  const args = ["fetch", "--base-url", baseUrl, "--concurrency", String(concurrency), "--archive", "archive"];
  return {
    name: "holdfast",
    description: `holdfast fetch --concurrency ${concurrency} --json: list, redirects, sha256, structure, fsync, sidecars, catalogue`,
    programs: [],
    commandLine: { argv: toHoldfastArgv(...args), folder, environment: { AUDIAN_API_KEY: VENDOR_API_KEY } },
    clear: () => workspace.setAside(folder),
    outputs: async (ended: Ended) => {
      const files = toFilesByName(await hashFolder(join(folder, "archive", "recordings")));
      const claimed = parseResults(ended).map(({ path = "", sha256 = "" }) => [basename(path), sha256] as const);
      assertSameOutputs("the digests that holdfast reports", new Map(claimed), files);
      return files;
    },
  };
}
