import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Benchmark, BenchmarkContext, OpenBenchmark, Outputs, Subject } from "./harness/benchmark.ts";
import { parseChecksumList } from "./harness/checksum-list.ts";
import { assertSameOutputs } from "./harness/compare-outputs.ts";
import { fetchArchive } from "./harness/fetch-archive.ts";
import { generateRecordings, toExpectedFiles } from "./harness/generated-recordings.ts";
import { hashFolder } from "./harness/hash-folder.ts";
import { toHoldfastArgv } from "./harness/holdfast.ts";
import type { Workspace } from "./harness/workspace.ts";

const FULL = { count: 4000, secondsEach: 8 };
const SMOKE = { count: 40, secondsEach: 8 };
const CASE = "bench";

/** Exporting all of an archive into a package, against copying and hashing the same files. */
export const exportBenchmark: Benchmark = {
  name: "export",
  description: "holdfast export of an archive against cp -r and sha256sum of its files",
  rounds: 5,
  open,
};

async function open({ workspace, smoke, signal }: BenchmarkContext): Promise<OpenBenchmark> {
  const set = smoke ? SMOKE : FULL;
  const archive = workspace.path("archive");
  await fetchArchive(archive, { set, signal });
  const expected = toExpectedFiles(generateRecordings(set));
  const subjects = [
    toHoldfastSubject(workspace, archive),
    toPeer(workspace, { archive, steps: [COPY, HASH] }),
    toPeer(workspace, { archive, steps: [COPY, HASH, SYNC] }),
  ] as const;
  return {
    parameters: { recordings: set.count, cache: "warm" },
    cases: [
      {
        name: `package of ${set.count} recordings`,
        subjects,
        trials: [{ name: "originals", succeeds: true, expected }],
      },
    ],
    close: async () => undefined,
  };
}

function toHoldfastSubject(workspace: Workspace, archive: string): Subject {
  const folder = workspace.path("packages");
  const flags = ["--case", CASE, "--since", "1970-01-01T00:00:00Z", "--out", folder, "--archive", archive];
  return {
    name: "holdfast",
    description:
      "holdfast export: package with records, custody, PREMIS, review page and manifests, verified and on disk",
    programs: [],
    commandLine: { argv: toHoldfastArgv("export", ...flags), folder: workspace.path("work") },
    clear: () => workspace.setAside(folder),
    outputs: () => readPackage(join(folder, CASE)),
  };
}

/** The originals of a package, of which its manifest must say the truth. */
async function readPackage(folder: string): Promise<Outputs> {
  const originals = await hashOriginals(join(folder, "data/originals"));
  const listed = parseChecksumList(await readFile(join(folder, "manifest-sha256.txt"), "utf8"));
  const inOriginals = [...listed].filter(([path]) => path.startsWith("data/originals/"));
  assertSameOutputs("the manifest", toByName(inOriginals), originals);
  return originals;
}

interface PeerWork {
  readonly archive: string;
  readonly steps: readonly string[];
}

const COPY = 'cp -r "$0" copy';
const HASH = "find copy -name '*.wav' -print0 | xargs -0 sha256sum > SHA256SUMS";
const SYNC = "sync -f copy";

function toPeer(workspace: Workspace, { archive, steps }: PeerWork): Subject {
  const name = steps.map((step) => /(cp -r|sha256sum|sync)/.exec(step)?.[0]).join(", ");
  const folder = workspace.path(name.replaceAll(/\W+/g, "-"));
  const script = steps.join(" && ");
  return {
    ...{ name, description: script.replace('"$0"', "RECORDINGS"), programs: ["cp", "find", "xargs", "sha256sum"] },
    commandLine: { argv: ["/bin/sh", "-c", script, join(archive, "recordings")], folder },
    clear: () => workspace.setAside(folder),
    outputs: async () => {
      const copied = await hashOriginals(join(folder, "copy"));
      const listed = parseChecksumList(await readFile(join(folder, "SHA256SUMS"), "utf8"));
      assertSameOutputs("sha256sum", toByName(listed), copied);
      return copied;
    },
  };
}

async function hashOriginals(folder: string): Promise<Outputs> {
  return toByName([...(await hashFolder(folder))].filter(([path]) => path.endsWith(".wav")));
}

function toByName(digests: Iterable<readonly [string, string]>): Outputs {
  return new Map([...digests].map(([path, digest]) => [basename(path), digest] as const));
}
