import { cp, lstat, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { DatabaseSync } from "@photostructure/sqlite";
import type { Archive } from "../../src/archive/archive.ts";
import { Slots } from "../../src/async/slots.ts";
import { openArchive } from "../../src/compose.ts";
import type { Finding } from "../../src/core/finding.ts";
import { locateConfinement } from "../../src/ffmpeg/locate-confinement.ts";
import { decodeFiles } from "../../src/fixity/deep/decode-files.ts";
import type { VerifyArchiveOptions } from "../../src/fixity/verify-archive.ts";
import type { VerifyResult } from "../../src/fixity/verify-run.ts";
import { listTree } from "./list-tree.ts";
import { TEST_CLOCK } from "./open-test-archive.ts";
import { EMBEDDED } from "./real-ffmpegs.ts";
import { makeSidecar, readFixture } from "./store-recording.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";
import { TEST_CUSTODIAN } from "./test-custodian.ts";
import { verifyTestArchive } from "./verify-archive.ts";

/** What the archive holds: two recordings of one day and one of the next, by their names below {@link MONTH}. */
const RECORDINGS = [
  { id: "rec_a", day: 15, fixture: "mp3-32k-8000.mp3" },
  { id: "rec_b", day: 15, fixture: "opus-16k-8000.opus" },
  { id: "rec_c", day: 16, fixture: "wav-128k-8000.wav" },
] as const;

/** The folder of all of them. */
export const MONTH = "recordings/2024/01";

/** What a verification came to, in few words: paths are those below {@link MONTH}, or below the archive. */
export interface Verdict {
  readonly outcome: string;
  /** `digest-mismatch 15/rec_a.mp3`, in the order of the alphabet. */
  readonly found: readonly string[];
  /** `damaged 15/rec_a.mp3`: the files that are not ok. */
  readonly unwell: readonly string[];
  readonly findings: readonly Finding[];
}

/** Makes a sound archive in a folder, and gives where. */
export async function makeSoundArchive(folder: string): Promise<string> {
  const root = join(folder, "made");
  const archive = await openArchive(root, { clock: TEST_CLOCK, create: true, custodian: TEST_CUSTODIAN });
  for (const { id, day, fixture } of RECORDINGS) {
    const bytes = await readFixture(fixture);
    const sidecar = await makeSidecar(id, bytes);
    const staged = archive.stage(id);
    await staged.write(Readable.from([bytes]), () => undefined);
    const createdAt = `2024-01-${day}T10:35:10.000Z`;
    await archive.storeOriginal(staged, { ...sidecar, vendor: { ...sidecar.vendor, createdAt } });
  }
  await archive.close();
  const path = join(root, "catalogue.sqlite");
  const database = new DatabaseSync(path);
  database.exec("PRAGMA wal_checkpoint(TRUNCATE)");
  database.close();
  // SQLite removes its log when it likes, which must not happen while an archive is copied.
  const sound = join(folder, "archive");
  await cp(root, sound, { recursive: true, filter: (source) => !source.startsWith(`${path}-`) });
  return sound;
}

/** Copies an archive into a folder that is removed when the test ends, so that each harm begins with a sound one. */
export async function copyArchive(sound: string): Promise<string> {
  const root = join(await makeTemporaryFolder(), "archive");
  await cp(sound, root, { recursive: true });
  return root;
}

/** Decodes with the embedded ffmpeg. */
export const decode: NonNullable<VerifyArchiveOptions["decode"]> = async (requests, signal) => {
  const confinement = await locateConfinement({ searchPath: "", sandbox: false });
  return decodeFiles(requests, { ffmpeg: EMBEDDED, confinement, slots: new Slots(2), signal });
};

/** Opens an archive, verifies it and closes it. */
export async function verifyAt(
  root: string,
  {
    toMend,
    ...options
  }: Partial<VerifyArchiveOptions> & { readonly toMend?: (archive: Archive) => VerifyArchiveOptions["mend"] },
): Promise<Verdict> {
  const archive = await openArchive(root, { clock: TEST_CLOCK, create: false, custodian: TEST_CUSTODIAN });
  try {
    return toVerdict(root, await verifyTestArchive(archive, { decode, ...options, mend: toMend?.(archive) }));
  } finally {
    await archive.close();
  }
}

/** Puts a report in few words. */
export function toVerdict(
  root: string,
  report: { readonly outcome: string; readonly findings: Iterable<Finding>; readonly results: Iterable<VerifyResult> },
): Verdict {
  const [findings, results] = [[...report.findings], [...report.results]];
  const toName = (path: string) => path.replace(`${root}/`, "").replace(`${MONTH}/`, "");
  const found = findings.map(({ kind, subject }) => `${kind} ${toName(subject)}`).toSorted();
  const unwell = results.filter(({ status }) => status !== "ok").map(({ status, path }) => `${status} ${toName(path)}`);
  return { outcome: report.outcome, found, unwell: unwell.toSorted(), findings };
}

/** Reads all that lies in a folder and is no catalogue, by path; of a link, where it leads. */
export async function readTree(folder: string): Promise<ReadonlyMap<string, string>> {
  const tree = new Map<string, string>();
  for (const path of await listTree(folder)) {
    if (/^(catalogue|ledger\/|tmp\/writer)/.test(path)) continue;
    const place = join(folder, path);
    const isLink = (await lstat(place)).isSymbolicLink();
    tree.set(path, isLink ? `-> ${await readlink(place)}` : await readFile(place, "latin1"));
  }
  return tree;
}
