import { basename, extname } from "node:path";
import type { Archive } from "../archive/archive.ts";
import { foldName } from "../bag/bag-names.ts";
import type { ArchivedRecording } from "../core/archived-file.ts";
import { toContent } from "../core/archived-file.ts";
import { NothingToDoError } from "../core/errors.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { PlanFailure } from "../core/run-log.ts";
import { type BatesPrefix, toBatesNumber } from "../loadfile/bates.ts";
import { MAX_FILES_IN_FOLDER, ORIGINALS_FOLDER } from "../packaging/package-layout.ts";
import { toPayloadName } from "../packaging/payload-name.ts";
import { listPlainFiles, type PlainFile } from "./list-plain-files.ts";
import { toForeignPayloadName } from "./payload-name.ts";
import { type ExportSelection, isEmptySelection, selectRecordings } from "./select-recordings.ts";

/** What is to be exported. */
export interface ExportRequest {
  readonly selection: ExportSelection;
  /** Files and folders that no archive knows. */
  readonly paths: readonly string[];
  /** Begins the names that originals get; undefined: they keep those that they have. */
  readonly batesPrefix: BatesPrefix | undefined;
}

/** What planning needs. */
export interface ExportPlanPorts {
  /** Undefined where nothing of an archive is asked for. */
  readonly archive: Pick<Archive, "recordings" | "holds" | "takenIn"> | undefined;
}

/** One original that goes into the package. */
export type ExportItem = {
  readonly controlNumber: string;
  readonly family: { readonly first: string; readonly last: string };
  /** In the package. */
  readonly path: string;
  readonly sizeBytes: number;
} & (
  | { readonly kind: "recording"; readonly recording: ArchivedRecording }
  | { readonly kind: "file"; readonly file: PlainFile }
);

/** What an export would do. Making it changes nothing. */
export interface ExportPlan {
  /** In the order of the package: recordings by call and time, then files. */
  readonly items: readonly ExportItem[];
  /** Selected recordings of which a tombstone is all that is left. */
  readonly removed: readonly ArchivedRecording[];
  /** Recordings that a hold names, and that the archive never had. */
  readonly absent: readonly RecordingId[];
  /** With any of these no package is made. */
  readonly failures: readonly PlanFailure[];
}

/**
 * Finds what is to be exported, and under which names.
 *
 * @throws {NothingToDoError} nothing is asked for, or nothing was found.
 * @throws {ArchiveConflictError} a file lies in an archive.
 */
export async function planExport(
  { archive }: ExportPlanPorts,
  { selection, paths, batesPrefix }: ExportRequest,
  signal?: AbortSignal,
): Promise<ExportPlan> {
  const isOfArchive = !isEmptySelection(selection);
  if (!isOfArchive && paths.length === 0) throw new NothingToDoError("nothing is to be exported", { hint: WHAT_HINT });
  const selected =
    isOfArchive && archive !== undefined
      ? await selectRecordings(archive, selection, signal)
      : { recordings: [], removed: [], absent: [], failures: [] };
  const plain = await listPlainFiles(paths);
  const failures = [...selected.failures, ...plain.failures];
  const sources: readonly Source[] = [
    ...toOrder(selected.recordings).map((recording) => ({ kind: "recording", recording }) as const),
    ...plain.files.map((file) => ({ kind: "file", file }) as const),
  ];
  if (sources.length + failures.length === 0) throw new NothingToDoError("nothing that is there was selected");
  const names = batesPrefix === undefined ? toOwnNames(sources) : toBatesNames(sources, batesPrefix);
  return { items: toItems(sources, names), removed: selected.removed, absent: selected.absent, failures };
}

const WHAT_HINT = "say what: --hold, --recording, --call-id, --since, --until, or files and folders";

type Source =
  | { readonly kind: "recording"; readonly recording: ArchivedRecording }
  | { readonly kind: "file"; readonly file: PlainFile };

interface Name {
  readonly controlNumber: string;
  /** Below the folder of the originals. */
  readonly name: string;
}

/** The legs of a call stand together, calls in the order of their first. */
function toOrder(recordings: readonly ArchivedRecording[]): readonly ArchivedRecording[] {
  const beginnings = new Map<string, number>();
  for (const { callId, createdAtMs } of recordings) {
    beginnings.set(callId, Math.min(createdAtMs, beginnings.get(callId) ?? createdAtMs));
  }
  const toBeginning = ({ callId }: ArchivedRecording) => beginnings.get(callId) ?? 0;
  return recordings.toSorted(
    (a, b) =>
      toBeginning(a) - toBeginning(b) ||
      compare(a.callId, b.callId) ||
      a.createdAtMs - b.createdAtMs ||
      compare(a.recordingId, b.recordingId),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The safe names of recordings differ already; those of files are made to. */
function toOwnNames(sources: readonly Source[]): readonly Name[] {
  const taken = new TakenNames();
  const volumes = new Volumes(sources.filter(({ kind }) => kind === "recording").length);
  return sources.map((source) => {
    if (source.kind === "recording") {
      const name = toPayloadName(basename(toOriginal(source.recording).key));
      const place = volumes.put(name);
      taken.take(place);
      return { controlNumber: toStem(name), name: place };
    }
    const parts = source.file.relativePath.split("/").map((part) => toForeignPayloadName(part));
    let name = parts.join("/");
    for (let number = 2; !taken.take(name); number += 1) name = toNumbered(parts, number);
    return { controlNumber: name, name };
  });
}

/** Marks the first part, so that what lies in one folder stays in one. */
function toNumbered([first = "", ...rest]: readonly string[], number: number): string {
  const extension = rest.length === 0 ? extname(first) : "";
  return [`${first.slice(0, first.length - extension.length)}-${number}${extension}`, ...rest].join("/");
}

/** Names that are in use on a disk that ignores case, where a folder and a file cannot have the same. */
class TakenNames {
  readonly #files = new Set<string>();
  readonly #folders = new Set<string>();

  /** Takes a name if nothing stands in its way. */
  take(name: string): boolean {
    const folded = foldName(name);
    const parts = folded.split("/");
    const folders = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join("/"));
    const isTaken = [folded, ...folders].some((path) => this.#files.has(path)) || this.#folders.has(folded);
    if (isTaken) return false;
    this.#files.add(folded);
    for (const folder of folders) this.#folders.add(folder);
    return true;
  }
}

function toBatesNames(sources: readonly Source[], prefix: BatesPrefix): readonly Name[] {
  const volumes = new Volumes(sources.length);
  return sources.map((source, index) => {
    const controlNumber = toBatesNumber(prefix, index + 1, sources.length);
    const extension = extname(source.kind === "recording" ? toOriginal(source.recording).key : source.file.path);
    return { controlNumber, name: volumes.put(`${controlNumber}${toForeignPayloadName(extension)}`) };
  });
}

/** Spreads names over numbered folders, where they are too many for one. */
class Volumes {
  readonly #isOne: boolean;
  #count = 0;

  constructor(total: number) {
    this.#isOne = total <= MAX_FILES_IN_FOLDER;
  }

  put(name: string): string {
    const volume = Math.floor(this.#count / MAX_FILES_IN_FOLDER) + 1;
    this.#count += 1;
    return this.#isOne ? name : `${String(volume).padStart(4, "0")}/${name}`;
  }
}

function toItems(sources: readonly Source[], names: readonly Name[]): readonly ExportItem[] {
  const families = new Map<string, { first: string; last: string }>();
  const familyOf = sources.map((source, index) => {
    const number = names[index]?.controlNumber ?? "";
    if (source.kind === "file") return { first: number, last: number };
    const { callId } = source.recording;
    const family = families.get(callId) ?? { first: number, last: number };
    family.last = number;
    families.set(callId, family);
    return family;
  });
  return sources.map((source, index) => {
    const { controlNumber, name } = names[index] ?? { controlNumber: "", name: "" };
    const family = familyOf[index] ?? { first: "", last: "" };
    const path = `${ORIGINALS_FOLDER}/${name}`;
    const { sizeBytes } = source.kind === "file" ? source.file : toContent(toOriginal(source.recording));
    return { controlNumber, family, path, sizeBytes, ...source };
  });
}

function toOriginal({ recordingId, files }: ArchivedRecording) {
  const original = files.find(({ role }) => role === "original");
  if (original === undefined) throw new Error(`internal error: a recording without an original: ${recordingId}`);
  return original;
}

function toStem(name: string): string {
  const extension = extname(name);
  return extension === "" ? name : name.slice(0, -extension.length);
}
