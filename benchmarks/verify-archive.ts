import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { BenchmarkContext, Case, Outputs, Subject, Trial } from "./harness/benchmark.ts";
import {
  dealOut,
  parseChecksumList,
  parseCheckVerdicts,
  toChecksumList,
  toVerdicts,
  type Verdicts,
} from "./harness/checksum-list.ts";
import { fetchArchive } from "./harness/fetch-archive.ts";
import { flipByte } from "./harness/flip-byte.ts";
import type { RecordingSet } from "./harness/generated-recordings.ts";
import { hashFolder } from "./harness/hash-folder.ts";
import { parseResults, toHoldfastArgv } from "./harness/holdfast.ts";
import type { Workspace } from "./harness/workspace.ts";

/** So few that what one process prints is less than a pipe takes at once (4096 bytes): lines are never torn. */
const FILES_PER_HASHER = 25;

/** An archive and what is right about it. */
interface Scene {
  readonly archive: string;
  /** Where its recordings and their sidecars lie; paths below are from here. */
  readonly folder: string;
  readonly digests: Outputs;
  /** The same list whole, and dealt out. */
  readonly lists: { readonly whole: string; readonly parts: readonly string[] };
  readonly cores: number;
}

/** Verifying an archive by its digests, against sha256sum on a list of the same files. */
export async function openArchiveCase(
  { workspace, cores, signal }: BenchmarkContext,
  set: RecordingSet,
): Promise<Case> {
  const archive = workspace.path("archive");
  await fetchArchive(archive, { set, signal });
  const folder = join(archive, "recordings");
  const digests = await hashFolder(folder);
  const scene = { archive, folder, digests, lists: await writeLists(workspace, digests, cores), cores };
  return {
    name: `archive of ${set.count} recordings with their sidecars`,
    subjects: [toHoldfastSubject(scene), toPlainSubject(scene), toParallelSubject(scene), toOpensslSubject(scene)],
    trials: [toWholeTrial(scene), toFlippedTrial(scene)],
  };
}

async function writeLists(workspace: Workspace, digests: Outputs, cores: number): Promise<Scene["lists"]> {
  const write = async (name: string, entries: Iterable<readonly [string, string]>) => {
    const path = workspace.path(name);
    await writeFile(path, toChecksumList(entries));
    return path;
  };
  const parts = dealOut(digests, cores).map((entries, index) => write(`SHA256SUMS.${index}`, entries));
  return { whole: await write("SHA256SUMS", digests), parts: await Promise.all(parts) };
}

function toHoldfastSubject({ archive, folder }: Scene): Subject {
  return {
    name: "holdfast",
    description: "holdfast verify --level digest --json: recordings and sidecars, and nothing else among them",
    programs: [],
    commandLine: { argv: toHoldfastArgv("verify", "--archive", archive), folder },
    clear: async () => undefined,
    outputs: async (ended) =>
      new Map(parseResults(ended).map(({ path = "", status }) => [path.slice(folder.length + 1), status])),
  };
}

function toPlainSubject({ folder, lists }: Scene): Subject {
  return toShellSubject({
    name: "sha256sum -c",
    programs: ["sha256sum"],
    folder,
    script: `sha256sum -c '${lists.whole}'`,
  });
}

function toParallelSubject({ folder, lists, cores }: Scene): Subject {
  return toShellSubject({
    name: `xargs -P${cores} sha256sum -c`,
    programs: ["xargs", "sha256sum"],
    folder,
    script: `printf '%s\\n' ${lists.parts.join(" ")} | xargs -P${cores} -n1 sha256sum -c`,
  });
}

/** The fastest hashing that lies about on most machines; its digests are put in order and compared with the list. */
function toOpensslSubject({ archive, folder, digests, lists, cores }: Scene): Subject {
  const found = join(archive, "..", "found");
  const hash = `xargs -0 -P${cores} -n${FILES_PER_HASHER} openssl dgst -sha256 -r`;
  const subject = toShellSubject({
    name: `xargs -P${cores} openssl`,
    programs: ["xargs", "openssl", "find", "sed", "sort", "cmp"],
    folder,
    script: `find * -type f -print0 | ${hash} | sed 's/ \\*/  /' | sort -k2 > '${found}' && cmp '${found}' '${lists.whole}'`,
  });
  return {
    ...subject,
    clear: () => rm(found, { force: true }),
    outputs: async () => toVerdicts(parseChecksumList(await readFile(found, "utf8")), digests),
  };
}

function toShellSubject(parts: Pick<Subject, "name" | "programs"> & { folder: string; script: string }): Subject {
  const { name, programs, folder, script } = parts;
  return {
    ...{ name, programs, description: script.replaceAll(/'?\/\S*\/(\w[\w.]*)'?/g, "$1") },
    commandLine: { argv: ["/bin/sh", "-c", script], folder },
    clear: async () => undefined,
    outputs: async ({ stdout }) => parseCheckVerdicts(stdout),
  };
}

function toWholeTrial({ digests }: Scene): Trial {
  return {
    name: "every file ok",
    succeeds: true,
    expected: toVerdicts(digests, digests),
  };
}

/** One bit of one recording is turned over: each must say so of that file and of no other. */
function toFlippedTrial({ folder, digests }: Scene): Trial {
  const damaged = [...digests.keys()].findLast((path) => path.endsWith(".wav")) ?? "";
  const expected: Verdicts = new Map([...toVerdicts(digests, digests), [damaged, "damaged"]]);
  const flip = () => flipByte(join(folder, damaged));
  const arrange = async () => {
    await flip();
    return flip;
  };
  return { name: "one flipped bit found", succeeds: false, expected, arrange };
}
