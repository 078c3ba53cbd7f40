import { execFile } from "node:child_process";
import { open as openFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Benchmark, BenchmarkContext, Ended, OpenBenchmark, Subject, Trial } from "./harness/benchmark.ts";
import { parseCheckVerdicts, toChecksumList } from "./harness/checksum-list.ts";
import { BenchmarkError } from "./harness/errors.ts";
import { hashFolder } from "./harness/hash-folder.ts";
import { parseResults, toHoldfastArgv } from "./harness/holdfast.ts";
import { openVendor, VENDOR_API_KEY } from "./harness/open-vendor.ts";

const run = promisify(execFile);

const FULL = { count: 2000, secondsEach: 15 };
const SMOKE = { count: 40, secondsEach: 15 };

/** Verifying an archive by its digests, against sha256sum on a list of the same files. */
export const verifyBenchmark: Benchmark = {
  name: "verify",
  description: "holdfast verify of an archive against sha256sum -c of the same files",
  rounds: 5,
  open,
};

async function open({ workspace, smoke, cores, signal }: BenchmarkContext): Promise<OpenBenchmark> {
  const set = smoke ? SMOKE : FULL;
  const archive = workspace.path("archive");
  await fetchArchive(archive, { set, signal });
  const digests = await hashFolder(join(archive, "recordings"));
  const lists = await writeLists(digests, { cores, toPath: (name) => workspace.path(name) });
  const original = [...digests.keys()].find((path) => path.endsWith(".wav")) ?? "";
  const recordings = join(archive, "recordings");
  return {
    parameters: { recordings: set.count, files: digests.size, cache: "warm" },
    cases: [
      {
        name: "verify",
        subjects: [
          toHoldfastSubject(archive),
          toPeer("sha256sum -c", { programs: ["sha256sum"], folder: recordings, script: `sha256sum -c ${lists.whole}` }),
          toPeer(`xargs -P${cores} sha256sum -c`, {
            programs: ["xargs", "sha256sum"],
            folder: recordings,
            script: `printf '%s\\n' ${lists.parts.join(" ")} | xargs -P${cores} -n1 sha256sum -c`,
          }),
          toPeer("rhash -c", { programs: ["rhash"], folder: recordings, script: `rhash --sha256 -c ${lists.whole}` }),
        ],
        trials: [toWholeTrial(digests.keys()), toFlippedTrial(digests.keys(), { folder: recordings, path: original })],
      },
    ],
    close: async () => undefined,
  };
}
