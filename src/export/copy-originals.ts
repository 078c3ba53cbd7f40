import { basename } from "node:path";
import type { Archive } from "../archive/archive.ts";
import type { LocatedSidecar } from "../archive/sidecar.ts";
import { mapAhead } from "../async/map-ahead.ts";
import { type ArchivedRecording, findFile } from "../core/archived-file.ts";
import type { DigestAlgorithm } from "../core/digest.ts";
import { isHoldfastError } from "../core/errors.ts";
import type { Finding } from "../core/finding.ts";
import type { LedgerEntry } from "../core/ledger-event.ts";
import type { PackagedFile, PackagedRecording } from "../core/packaged-recording.ts";
import { NotFoundError, StorageUnavailableError } from "../io/errors.ts";
import { RECORDS_FOLDER } from "../packaging/package-layout.ts";
import { toPayloadName } from "../packaging/payload-name.ts";
import type { Copied, Copier, CopyRequest } from "./copy/copier.ts";
import type { ExportItem } from "./export-plan.ts";
import { PACKAGE_ALGORITHMS, type PackageFolder } from "./package-folder.ts";
import { toFileRow, toRecordingRow } from "./packaged-row.ts";

/** What copying needs. */
export interface CopyPorts {
  /** Undefined where there are only plain files. */
  readonly archive: Pick<Archive, "parseCatalogued" | "withLocalFile" | "withPlainFile" | "toPath"> | undefined;
  readonly copier: Copier;
  readonly folder: PackageFolder;
}

/** How originals are copied. */
export interface CopyOptions {
  /** Whether MD5 is wanted as well. */
  readonly md5: boolean;
  readonly takeCustody: (recordingId: string) => readonly LedgerEntry[];
  readonly signal?: AbortSignal | undefined;
}

/** What became of one original. */
export type CopyOutcome =
  | { readonly kind: "copied"; readonly item: ExportItem; readonly row: PackagedRecording }
  /** It is not what it must be, or not there. */
  | { readonly kind: "found"; readonly item: ExportItem; readonly finding: Finding }
  | { readonly kind: "failed"; readonly item: ExportItem; readonly error: unknown };

/** For each thread one item that it works on, and some that are being prepared. */
const ITEMS_AHEAD = 4;

/**
 * Copies originals into a package, with the archive's records of them, in the order of the items. Each is held against its
 * recorded digest in the reading in which it is copied.
 *
 * @throws {StorageFullError | StorageUnavailableError} the package cannot be written.
 * @throws the reason of `signal` when it aborts.
 */
export async function* copyOriginals(
  items: readonly ExportItem[],
  ports: CopyPorts,
  options: CopyOptions,
): AsyncGenerator<CopyOutcome> {
  const copying = new OriginalCopying(ports, options);
  for await (const outcome of mapAhead(items, (item) => copying.tryCopy(item), ports.copier.threads * ITEMS_AHEAD)) {
    options.signal?.throwIfAborted();
    copying.throwIfUnwritable();
    if (outcome.kind === "copied") {
      const { original, record } = outcome.row;
      ports.folder.list(original);
      if (record !== undefined) ports.folder.list(record);
    }
    yield outcome;
  }
}

class OriginalCopying {
  readonly #ports: CopyPorts;
  readonly #options: CopyOptions;
  readonly #algorithms: readonly DigestAlgorithm[];
  /** What kept a copy from being written; it would keep the others as well. */
  readonly #unwritable: unknown[] = [];

  constructor(ports: CopyPorts, options: CopyOptions) {
    this.#ports = ports;
    this.#options = options;
    this.#algorithms = options.md5 ? [...PACKAGE_ALGORITHMS, "md5"] : PACKAGE_ALGORITHMS;
  }

  throwIfUnwritable(): void {
    if (this.#unwritable.length > 0) throw this.#unwritable[0];
  }

  async tryCopy(item: ExportItem): Promise<CopyOutcome> {
    try {
      return item.kind === "file" ? await this.#copyFile(item) : await this.#copyRecording(item);
    } catch (error) {
      return { kind: "failed", item, error };
    }
  }

  async #copyFile(item: Extract<ExportItem, { kind: "file" }>): Promise<CopyOutcome> {
    const { path } = item.file;
    const request = { from: path, ...(await this.#toRequest(item.path)), identity: true, waveform: true };
    const [copied] = await this.#copy([request]);
    if (copied?.kind !== "copied") throw toUnread(path, copied);
    return { kind: "copied", item, row: toFileRow(item, { original: toFile(item.path, copied), ...copied }) };
  }

  async #copyRecording(item: Extract<ExportItem, { kind: "recording" }>): Promise<CopyOutcome> {
    const { archive } = this.#ports;
    if (archive === undefined) throw new Error("internal error: a recording without an archive");
    const { original, sidecar } = toRows(item.recording);
    const subject = archive.toPath(original.key);
    const recordPath = `${RECORDS_FOLDER}/${toPayloadName(basename(sidecar.key))}`;
    const forOriginal = { ...(await this.#toRequest(item.path)), waveform: true };
    const forRecord = { ...(await this.#toRequest(recordPath)), text: true };
    const [record, inClear] = await archive.withLocalFile(sidecar.key, (recordFrom) =>
      archive.withLocalFile(original.key, (from) => {
        const ofRecord = { from: recordFrom, ...forRecord };
        return this.#copy(original.plain === undefined ? [ofRecord, { from, ...forOriginal }] : [ofRecord]);
      }),
    );
    if (record?.kind !== "copied") throw toUnread(archive.toPath(sidecar.key), record);
    const located = archive.parseCatalogued(sidecar, record.text ?? "");
    // What is encrypted is opened with what the record says.
    const use = async (from: string) => (await this.#copy([{ from, ...forOriginal }]))[0];
    const { signal } = this.#options;
    const copied = inClear ?? (await archive.withPlainFile(located, located.sidecar.original, { use, signal }));
    const finding = findDifference(subject, located, copied);
    if (finding !== undefined) return { kind: "found", item, finding };
    if (copied?.kind !== "copied") throw toUnread(subject, copied);
    const row = toRecordingRow(item, {
      located,
      original: toFile(item.path, copied),
      record: toFile(recordPath, record),
      waveform: copied.waveform,
      custody: this.#options.takeCustody(item.recording.recordingId),
    });
    return { kind: "copied", item, row };
  }

  #copy(requests: readonly CopyRequest[]): Promise<readonly Copied[]> {
    return this.#writing(this.#ports.copier.copy(requests, this.#options.signal));
  }

  async #toRequest(path: string) {
    return { to: await this.#writing(this.#ports.folder.prepare(path)), algorithms: this.#algorithms };
  }

  async #writing<T>(work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (error) {
      this.#unwritable.push(error);
      throw error;
    }
  }
}

function toRows(recording: ArchivedRecording) {
  const [original, sidecar] = [findFile(recording, "original"), findFile(recording, "sidecar")];
  if (original !== undefined && sidecar !== undefined) return { original, sidecar };
  throw new Error(`internal error: a recording without an original or a sidecar: ${recording.recordingId}`);
}

function toFile(path: string, { sizeBytes, digests }: Extract<Copied, { kind: "copied" }>): PackagedFile {
  const [sha256 = "", sha512 = "", md5] = digests;
  return { path, sizeBytes, sha256, sha512, md5 };
}

/** Holds what was copied of an original against what the archive recorded of it. */
function findDifference(subject: string, { sidecar }: LocatedSidecar, copied: Copied | undefined): Finding | undefined {
  const { sha256, sizeBytes } = sidecar.original;
  if (copied?.kind === "absent") {
    return { kind: "missing", subject, message: "the original is gone; nothing was exported", detail: {} };
  }
  if (copied?.kind !== "copied" || copied.digests[0] === sha256) return undefined;
  if (copied.sizeBytes !== sizeBytes) {
    const message = "the original has not its recorded size; nothing was exported";
    return { kind: "size-mismatch", subject, message, detail: { expected: sizeBytes, found: copied.sizeBytes } };
  }
  const message = "the original has not its recorded digest; nothing was exported";
  const detail = { algorithm: "sha256", expected: sha256, found: copied.digests[0] ?? "" } as const;
  return { kind: "digest-mismatch", subject, message, detail };
}

function toUnread(path: string, copied: Exclude<Copied, { kind: "copied" }> | undefined): Error {
  if (copied?.kind === "unreadable") return new StorageUnavailableError(`cannot be read: ${path}: ${copied.reason}`);
  return new NotFoundError(`not found: ${path}`);
}

/** Tells whether going on is pointless. */
export function isFatal(error: unknown): boolean {
  return !isHoldfastError(error) || error.code === "STORAGE_FULL";
}
