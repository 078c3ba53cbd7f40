import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseSidecar } from "../../src/archive/sidecar.ts";
import type { Finding } from "../../src/core/finding.ts";
import type { RunReport } from "../../src/core/report.ts";
import { toStorageKey } from "../../src/core/storage-key.ts";
import type { FetchResult } from "../../src/ingest/fetch-run.ts";
import type { FaultKind } from "../../src/sandbox/faults/fault-kinds.ts";
import type { RecordingTruth } from "../../src/sandbox/sandbox-truth.ts";
import { listTree } from "../helpers/list-tree.ts";
import { FAULT_CODES } from "./fault-codes.ts";

/** What a fetch through faults has left behind and said, and what is so. */
export interface FetchCase {
  /** The folder of the archive. */
  readonly archive: string;
  readonly report: RunReport<FetchResult>;
  /** The truth, by the id that the listing has. */
  readonly truths: ReadonlyMap<string, RecordingTruth>;
  /** The best that can be known of bytes in this case. */
  readonly grade: NonNullable<FetchResult["evidence"]>;
  /** What must be in no file and no report. */
  readonly key: string;
  /** What this run and those before it into the same archive have found. */
  readonly findings: readonly Finding[];
  /** How many faults had struck each recording before this run. */
  readonly struck: ReadonlyMap<string, number>;
}

/** Holds all that a fetch has done and said against the truth; gives a sentence for each thing that is wrong. */
export async function judgeFetch(judged: FetchCase): Promise<readonly string[]> {
  const files = await listTree(judged.archive);
  const wrong = [...judgeNames(judged, files), ...judgeReport(judged)];
  for (const [id, truth] of judged.truths) wrong.push(...(await judgeRecording(judged, id, truth)));
  wrong.push(...(await judgeQuarantine(judged, files)));
  for (const file of files) wrong.push(...(await judgeSecrecy(judged, file)));
  return wrong;
}

/** Every file that stands in the archive is one that the report speaks of. */
function judgeNames({ report, truths }: FetchCase, files: readonly string[]): readonly string[] {
  const kept = report.results.filter(({ status }) => status === "fetched" || status === "already");
  const paths = kept.map(({ path = "" }) => path.replace(/^.*?(?=recordings\/)/, ""));
  const expected = new Set([...paths, ...paths.map((path) => path.replace(/\.\w+$/, ".json"))]);
  const fetched = new Set(kept.map(({ recordingId }) => recordingId));
  const isHeld = (file: string) => {
    const id = [...truths.keys()].find((one) => file.startsWith(`tmp/${one}.`));
    return id !== undefined && !fetched.has(id);
  };
  const strange = files.filter((file) => {
    if (file.startsWith("recordings/")) return !expected.has(file);
    return file.endsWith(".part") || (file.endsWith(".partial") && !isHeld(file));
  });
  return strange.map((file) => `${file} must not be there`);
}

/** Every recording is told of once; the list may have kept one back only if it is told to be incomplete. */
function judgeReport({ report, truths, key, struck }: FetchCase): readonly string[] {
  const { results, failures } = report;
  const wrong: string[] = [];
  const told = [...results.map(({ recordingId }) => recordingId)];
  if (new Set(told).size !== told.length) wrong.push("a recording has two results");
  const isIncomplete = failures.some(({ code }) => code === "VENDOR_LIST_INCOMPLETE");
  const named = new Set([...told, ...failures.map(({ subject }) => subject)]);
  // The account's list has only what is finished.
  const isReady = (id: string, { faults }: RecordingTruth) => !faults.includes("row-processing", struck.get(id) ?? 0);
  const missing = [...truths].filter(([id, truth]) => !named.has(id) && isReady(id, truth));
  if (missing.length > 0 && !isIncomplete) wrong.push(`nothing is said of ${JSON.stringify(missing)}`);
  wrong.push(...told.filter((id) => !truths.has(id)).map((id) => `${id} does not exist`));
  if (JSON.stringify(report).includes(key)) wrong.push("the key is in the report");
  return wrong;
}

async function judgeRecording(judged: FetchCase, id: string, truth: RecordingTruth): Promise<readonly string[]> {
  const { report, grade, struck } = judged;
  const faults = truth.faults.slice(struck.get(id) ?? 0);
  const result = report.results.find(({ recordingId }) => recordingId === id);
  const failure = report.failures.find(({ subject }) => subject === id);
  const story = `${id}: ${JSON.stringify({ result, failure, truth })}`;
  if (failure !== undefined) {
    const isTrue = isTrueFailure({ code: failure.code, attempts: result?.attempts ?? 1 }, { ...truth, faults });
    return isTrue ? [] : [`an untrue failure of ${story}`];
  }
  if (result === undefined) return [];
  if (result.status === "skipped") {
    const isReal = result.reason === "not-completed" && faults.includes("row-processing");
    return isReal ? [] : [`skipped without a reason: ${story}`];
  }
  if (result.status === "failed") return [`a failure without its error: ${story}`];
  const { sizeBytes, sha256, path = "", evidence } = result;
  const key = path.replace(/^.*?(?=recordings\/)/, "");
  const onDisk = await hashFile(join(judged.archive, key));
  const sidecarKey = toStorageKey(key.replace(/\.\w+$/, ".json"));
  const sidecar = parseSidecar(sidecarKey, await readFile(join(judged.archive, sidecarKey), "utf8"));
  const isRight = [onDisk, sha256, sidecar.original.sha256].every((digest) => digest === truth.sha256);
  const isGraded = sidecar.evidence.grade === evidence && evidence === grade;
  return [
    ...(isRight && sizeBytes === truth.sizeBytes ? [] : [`other bytes than the vendor's: ${story}`]),
    ...(isGraded ? [] : [`graded ${evidence} in place of ${grade}: ${story}`]),
  ];
}

/** Its code is that of a fault that struck, and there were as many faults as attempts: one that is always there suffices. */
function isTrueFailure(
  { code, attempts }: { readonly code: string; readonly attempts: number },
  { permanentFault, faults }: RecordingTruth,
): boolean {
  const isFatal = permanentFault !== undefined && FAULT_CODES[permanentFault].length > 0;
  const isCause = (kind: FaultKind) => FAULT_CODES[kind].some((possible) => possible === code);
  return faults.some(isCause) && (isFatal || faults.length >= attempts);
}

/** Quarantine holds what findings tell of, and nothing else. */
async function judgeQuarantine({ archive, findings }: FetchCase, files: readonly string[]): Promise<readonly string[]> {
  const wrong: string[] = [];
  const told = findings.filter(({ message }) => message.endsWith("quarantine")).map(({ subject }) => subject);
  const notes = files.filter((file) => /^quarantine\/.*\.json$/.test(file));
  const bytes = files.filter((file) => /^quarantine\/.*(?<!\.json)$/.test(file));
  if (notes.join() !== bytes.map((file) => `${file}.json`).join())
    wrong.push("quarantine has bytes without their note");
  const noted: string[] = [];
  for (const file of notes) {
    const note = JSON.parse(await readFile(join(archive, file), "utf8"));
    noted.push(note.recordingId);
    const found = await hashFile(join(archive, file.replace(/\.json$/, "")));
    if (found !== note.sha256) wrong.push(`${file} speaks of other bytes`);
  }
  const untold = noted.filter((id) => !told.includes(id));
  const unkept = told.filter((id) => !noted.includes(id));
  if (untold.length + unkept.length > 0) wrong.push(`quarantine without finding: ${untold}; without bytes: ${unkept}`);
  return wrong;
}

/** The key stands nowhere. */
async function judgeSecrecy({ archive, key }: FetchCase, file: string): Promise<readonly string[]> {
  const bytes = await readFile(join(archive, file));
  return bytes.includes(key) ? [`the key is in ${file}`] : [];
}

async function hashFile(path: string): Promise<string> {
  return createHash("sha256")
    .update(await readFile(path))
    .digest("hex");
}
