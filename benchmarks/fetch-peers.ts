import { readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import type { Outputs, Subject } from "./harness/benchmark.ts";
import { parseChecksumList } from "./harness/checksum-list.ts";
import { assertSameOutputs } from "./harness/compare-outputs.ts";
import type { GeneratedRecording } from "./harness/generated-recordings.ts";
import { hashFolder } from "./harness/hash-folder.ts";
import type { Vendor } from "./harness/open-vendor.ts";
import type { Workspace } from "./harness/workspace.ts";

/** What is fetched, and from where. */
export interface FetchScene {
  readonly workspace: Workspace;
  readonly vendor: Vendor;
  /** Whether its answers take a while. */
  readonly isFaraway: boolean;
  readonly recordings: readonly GeneratedRecording[];
  readonly concurrency: number;
  readonly cores: number;
}

/** What follows a download: all files hashed, or brought to disk as Holdfast's are. */
type Step = "sha256sum" | "sync";

/** A downloader, and what is done with its files. */
export type PeerWork = readonly ["curl" | "rclone", ...Step[]];

/** How a program downloads all recordings into `files/`. */
interface Download {
  readonly command: string;
  /** Without the paths of this run, for a person. */
  readonly description: string;
}

/** So few that each process writes its lines at once, in 4096 bytes: those of two are never torn. */
const FILES_PER_HASHER = 25;
const CHECKSUM_LIST = "SHA256SUMS";

/**
 * Makes the peers of one case. They go to the storage at once, with a list of what is there: neither the API's list nor
 * a redirect costs them anything, as it does Holdfast.
 */
export async function openPeers(scene: FetchScene, peers: readonly PeerWork[]): Promise<readonly Subject[]> {
  const downloads = { curl: await toCurl(scene), rclone: await toRclone(scene) };
  return peers.map((work) => toSubject(work, downloads[work[0]], scene));
}

/** Gives the digests of recordings by their names alone, whatever folders each subject makes. */
export function toFilesByName(digests: Outputs): Map<string, string> {
  return new Map([...toFilesByPath(digests)].map(([path, digest]) => [basename(path), digest]));
}

/** Sidecars and checksum lists are a subject's own; what all have fetched is the recordings. */
function toFilesByPath(digests: Outputs): Map<string, string> {
  return new Map([...digests].filter(([path]) => path.endsWith(".wav")));
}

function toSubject(work: PeerWork, download: Download, { workspace, cores }: FetchScene): Subject {
  const [program, ...steps] = work;
  const name = work.join(", ");
  const folder = workspace.path(program);
  const commands = steps.map((step) => (step === "sync" ? "sync -f files" : toHashing(cores)));
  return {
    name,
    description: [download.description, ...commands].join(" && "),
    programs: [...work, ...(steps.includes("sha256sum") ? ["find", "xargs"] : [])],
    commandLine: { argv: ["/bin/sh", "-c", [download.command, ...commands].join(" && ")], folder },
    clear: () => workspace.setAside(folder),
    outputs: async () => {
      const digests = await hashFolder(folder);
      if (steps.includes("sha256sum")) await assertList(name, join(folder, CHECKSUM_LIST), toFilesByPath(digests));
      return toFilesByName(digests);
    },
  };
}

function toHashing(cores: number): string {
  return `find files -type f -print0 | xargs -0 -P${cores} -n${FILES_PER_HASHER} sha256sum > ${CHECKSUM_LIST}`;
}

async function assertList(name: string, path: string, files: Outputs): Promise<void> {
  const list = parseChecksumList(await readFile(path, "utf8"));
  assertSameOutputs(`the digests that ${name} prints`, list, files);
}

/** Writes the list that curl reads. `-q` keeps the user's own settings out. */
async function toCurl({ workspace, vendor, recordings, isFaraway, concurrency }: FetchScene): Promise<Download> {
  const path = workspace.path(isFaraway ? "faraway-urls" : "urls");
  const lines = recordings.map(
    ({ recordingId }) => `url = "${vendor.storageUrl}${recordingId}.wav"\noutput = "files/${recordingId}.wav"\n`,
  );
  await writeFile(path, lines.join(""));
  const command = `curl -q --silent --show-error --fail --create-dirs --parallel --parallel-max ${concurrency} -K`;
  return { command: `${command} '${path}'`, description: `${command} URLS` };
}

/**
 * Writes the list that rclone reads. It asks for the size of each file first unless it is told not to; where answers come
 * at once that pays, for it handles files of unknown size more slowly (0.45 to 0.7 s for 500 against 0.8 to 1.2 s), and
 * where they are late it does not.
 */
async function toRclone({ workspace, vendor, recordings, isFaraway, concurrency }: FetchScene): Promise<Download> {
  const path = workspace.path("names");
  await writeFile(path, recordings.map(({ recordingId }) => `${recordingId}.wav\n`).join(""));
  const flags = [
    "--config ''",
    "--no-traverse",
    ...(isFaraway ? ["--http-no-head"] : []),
    `--transfers ${concurrency} --checkers ${concurrency}`,
  ].join(" ");
  const toCommand = (url: string, list: string) =>
    `rclone copy ${flags} --http-url ${url} --files-from ${list} :http: files`;
  return { command: toCommand(vendor.storageUrl, `'${path}'`), description: toCommand("STORAGE", "NAMES") };
}
