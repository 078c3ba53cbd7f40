import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Benchmark, BenchmarkContext, Ended, OpenBenchmark, Outputs, Subject } from "./harness/benchmark.ts";
import { parseChecksumList } from "./harness/checksum-list.ts";
import { assertSameOutputs } from "./harness/compare-outputs.ts";
import { type GeneratedRecording, generateRecordings, toExpectedFiles } from "./harness/generated-recordings.ts";
import { hashFolder } from "./harness/hash-folder.ts";
import { parseResults, toHoldfastArgv } from "./harness/holdfast.ts";
import { openVendor, VENDOR_API_KEY, type Vendor } from "./harness/open-vendor.ts";
import type { Workspace } from "./harness/workspace.ts";

const FULL = { count: 2000, secondsEach: 15 };
const SMOKE = { count: 40, secondsEach: 15 };
const CONCURRENCY = 16;
/** So few that each process writes its lines at once, in 4096 bytes: those of two are never torn. */
const FILES_PER_HASHER = 25;

/** Fetching a list of recordings with their sha256, against curl and sha256sum. */
export const fetchBenchmark: Benchmark = {
  name: "fetch",
  description: "holdfast fetch against curl --parallel with sha256sum behind it",
  rounds: 5,
  open,
};

async function open({ workspace, smoke, cores }: BenchmarkContext): Promise<OpenBenchmark> {
  const set = smoke ? SMOKE : FULL;
  const recordings = generateRecordings(set);
  const vendor = await openVendor(set);
  const urlFile = workspace.path("urls");
  await writeFile(urlFile, toCurlConfig(recordings, vendor));
  const peer = { workspace, urlFile, cores };
  return {
    parameters: { recordings: set.count, bytesEach: recordings[0]?.sizeBytes ?? 0, concurrency: CONCURRENCY },
    cases: [
      {
        name: "fetch",
        subjects: [
          toHoldfastSubject(workspace, vendor),
          toCurlSubject("curl, sha256sum", { ...peer, hasher: "sha256sum", isDurable: false }),
          toCurlSubject("curl, sha256sum, sync", { ...peer, hasher: "sha256sum", isDurable: true }),
          toCurlSubject("curl, openssl, sync", { ...peer, hasher: "openssl dgst -sha256 -r", isDurable: true }),
        ],
        trials: [
          {
            name: "sha256 of every file",
            succeeds: true,
            expected: toExpectedFiles(recordings),
          },
        ],
      },
    ],
    close: vendor.close,
  };
}

function toHoldfastSubject(workspace: Workspace, { baseUrl }: Vendor): Subject {
  const folder = workspace.path("holdfast");
  const args = ["fetch", "--base-url", baseUrl, "--concurrency", String(CONCURRENCY), "--archive", "archive"];
  return {
    name: "holdfast",
    description: `holdfast fetch --concurrency ${CONCURRENCY} --json: list, redirects, sha256, structure, fsync, sidecars, catalogue`,
    programs: [],
    commandLine: { argv: toHoldfastArgv(...args), folder, environment: { AUDIAN_API_KEY: VENDOR_API_KEY } },
    clear: () => workspace.setAside(folder),
    outputs: async (ended: Ended) => {
      const files = byBaseName(await hashFolder(join(folder, "archive", "recordings")));
      const claimed = parseResults(ended).map(({ path = "", sha256 = "" }) => [basename(path), sha256] as const);
      assertSameOutputs("the digests that holdfast reports", new Map(claimed), files);
      return files;
    },
  };
}

interface CurlParts {
  readonly workspace: Workspace;
  /** Addresses and file names, as curl reads them. */
  readonly urlFile: string;
  readonly hasher: string;
  /** Whether the bytes are on disk when it ends, as they are with Holdfast. */
  readonly isDurable: boolean;
  readonly cores: number;
}

function toCurlSubject(name: string, { workspace, urlFile, hasher, isDurable, cores }: CurlParts): Subject {
  const folder = workspace.path("curl");
  const steps = [
    `curl -q --silent --show-error --fail --create-dirs --parallel --parallel-max ${CONCURRENCY} -K '${urlFile}'`,
    `find files -type f -print0 | xargs -0 -P${cores} -n${FILES_PER_HASHER} ${hasher} > SHA256SUMS`,
    ...(isDurable ? ["sync -f files"] : []),
  ];
  const [hashProgram = ""] = hasher.split(" ");
  return {
    name,
    description: steps.join(" && ").replace(`'${urlFile}'`, "URLS"),
    programs: ["curl", "find", "xargs", hashProgram, ...(isDurable ? ["sync"] : [])],
    commandLine: { argv: ["/bin/sh", "-c", steps.join(" && ")], folder },
    clear: () => workspace.setAside(folder),
    outputs: async () => {
      const digests = await hashFolder(folder);
      const list = parseChecksumList(await readFile(join(folder, "SHA256SUMS"), "utf8"));
      digests.delete("SHA256SUMS");
      assertSameOutputs(`the digests that ${name} prints`, list, digests);
      return byBaseName(digests);
    },
  };
}

/** Sidecars are Holdfast's own; what both have fetched is the recordings. */
function byBaseName(digests: Outputs): Map<string, string> {
  const recordings = [...digests].filter(([path]) => path.endsWith(".wav"));
  return new Map(recordings.map(([path, digest]) => [basename(path), digest]));
}

function toCurlConfig(recordings: readonly GeneratedRecording[], { toStorageUrl }: Vendor): string {
  const lines = recordings.map(
    ({ recordingId }) => `url = "${toStorageUrl(recordingId)}"\noutput = "files/${recordingId}.wav"\n`,
  );
  return lines.join("");
}
