import { join } from "node:path";
import type { Archive } from "../archive/archive.ts";
import { MARKER_KEY } from "../archive/archive-key.ts";
import { ArchiveConflictError } from "../archive/errors.ts";
import { toIsoInstant } from "../core/clock.ts";
import type { Finding } from "../core/finding.ts";
import { inGroups } from "../core/in-groups.ts";
import type { PackagedRecording } from "../core/packaged-recording.ts";
import type { Failure, LargeReport } from "../core/report.ts";
import type { RunOptions, RunStore } from "../core/run-log.ts";
import { sweepAbandoned } from "../io/abandoned-files.ts";
import { ConflictError } from "../io/errors.ts";
import { findUpwards } from "../io/find-upwards.ts";
import { assertFreeBytes } from "../io/free-space.ts";
import { isThere } from "../io/is-there.ts";
import { Spool } from "../io/spool.ts";
import { StagedFolder } from "../io/staged-folder.ts";
import type { ReviewAssets } from "../review/load-review-assets.ts";
import type { RemovedRecording } from "../review/page-data.ts";
import { type CompleteRows, completeRows, HELD_ROWS } from "./complete-rows.ts";
import type { Copier } from "./copy/copier.ts";
import { copyOriginals } from "./copy-originals.ts";
import { copyTombstone } from "./copy-tombstone.ts";
import { PackageUnverifiedError } from "./errors.ts";
import { ExportLog } from "./export-log.ts";
import type { ExportPlan } from "./export-plan.ts";
import type { ExportResult } from "./export-result.ts";
import { toExportedEvents } from "./exported-events.ts";
import { type GatheredCustody, gatherCustody } from "./gather-custody.ts";
import type { DecodeWaveforms, Listening } from "./listening-copies.ts";
import { packPackage } from "./pack-package.ts";
import { PackageFolder } from "./package-folder.ts";
import { toPackageName } from "./package-name.ts";
import type { PackageRequest } from "./package-request.ts";
import { RowTally } from "./row-tally.ts";
import { type WrittenPackage, writePackage } from "./write-package.ts";

/** What exporting needs of an archive. */
export type ExportedArchive = Pick<
  Archive,
  | "archiveId"
  | "parseCatalogued"
  | "withLocalFile"
  | "withPlainFile"
  | "toPath"
  | "read"
  | "custody"
  | "holds"
  | "record"
>;

/** What exporting needs. */
export interface ExportPorts {
  /** Undefined where there are only plain files. */
  readonly archive: ExportedArchive | undefined;
  readonly copier: Copier;
  /** Undefined where no copies for listening are wanted. */
  readonly listening: Listening | undefined;
  readonly decodeWaveforms: DecodeWaveforms;
  readonly assets: ReviewAssets;
  /** Verifies a package where it lies, reading every byte. */
  readonly verify: (path: string) => Promise<PackageVerdict>;
}

/** What came of verifying a package. */
export interface PackageVerdict {
  readonly findings: readonly Finding[];
  /** What could not be looked at. */
  readonly failures: readonly Failure[];
}

/** Options of an export. */
export interface ExportOptions extends Pick<RunOptions, "clock" | "signal" | "onEvent"> {
  /** Where results are gathered. @default in memory */
  readonly store?: RunStore<ExportResult>;
  /** Is told what begins when originals are copied. */
  readonly onPhase?: (phase: ExportPhase) => void;
}

/** What is done when originals are copied, in this order. */
export type ExportPhase = "listening" | "writing" | "packing" | "verifying";

/** What an export came to. */
export interface ExportReport extends LargeReport<ExportResult> {
  /** Null where none was made. */
  readonly package: ExportedPackage | null;
}

/** A package that was made, and verified where it lies. */
export interface ExportedPackage extends WrittenPackage {
  readonly path: string;
  readonly form: PackageRequest["form"];
}

/** Events that go to the ledger's disk together. */
const EVENTS_AT_ONCE = 1000;

/** What a package has beside its originals, at most: page, records and lists. */
const EXTRA_BYTES = { package: 8 << 20, item: 16 << 10 };

/**
 * Makes a package of what a plan names, verifies it where it lies, tells the ledger, and gives it its name. All of it is there
 * then, or none: what is missing, damaged or cannot be read leaves no package.
 *
 * @throws {ConflictError} something has the package's name; it was left as it is.
 * @throws {ArchiveConflictError} it would lie in an archive, where nothing stands that the archive does not record.
 * @throws {StorageFullError | StorageUnavailableError} it cannot be written; nothing is left of it.
 * @throws {TimestampFailedError | TimestampInvalidError} it was to be stamped, and could not be.
 * @throws {LoadFileValueError} the load file's encoding has not all characters.
 */
export function runExport(
  plan: ExportPlan,
  request: PackageRequest,
  ports: ExportPorts,
  options: ExportOptions,
): Promise<ExportReport> {
  return new Exporting(plan, request, { ports, options }).run();
}

class Exporting {
  readonly #plan: ExportPlan;
  readonly #request: PackageRequest;
  readonly #ports: ExportPorts;
  readonly #options: ExportOptions;
  readonly #log: ExportLog;
  readonly #tally = new RowTally();

  constructor(
    plan: ExportPlan,
    request: PackageRequest,
    { ports, options }: { readonly ports: ExportPorts; readonly options: ExportOptions },
  ) {
    this.#plan = plan;
    this.#request = request;
    this.#ports = ports;
    this.#options = options;
    const { clock, store } = options;
    this.#log = new ExportLog(plan, { clock, concurrency: ports.copier.threads }, store);
  }

  async run(): Promise<ExportReport> {
    const { onEvent, signal } = this.#options;
    onEvent?.({ type: "planned", count: this.#plan.items.length, audioSeconds: 0 });
    if (!this.#log.isClean) return this.#giveUp();
    await this.#assertRoom();
    const staged = new StagedFolder(this.#request.outFolder, toPackageName(this.#request.case));
    const folder = new PackageFolder(staged);
    const rows = new Spool<PackagedRecording>({ heldItems: HELD_ROWS });
    try {
      return await this.#export(staged, folder, rows);
    } catch (error) {
      if (!signal?.aborted || error !== signal.reason) throw error;
      return this.#giveUp("cancelled");
    } finally {
      rows.close();
      folder.close();
      await staged.discard();
    }
  }

  get #finalPath(): string {
    const { outFolder, form } = this.#request;
    return join(outFolder, `${toPackageName(this.#request.case)}${form === "dir" ? "" : `.${form}`}`);
  }

  async #assertRoom(): Promise<void> {
    const { outFolder, form } = this.#request;
    const path = this.#finalPath;
    if (await isThere(path)) {
      throw new ConflictError(`already exists: ${path}`, { hint: "no package is replaced: give another --out" });
    }
    const archive = await findUpwards(outFolder, MARKER_KEY);
    if (archive !== undefined) {
      throw new ArchiveConflictError(`a package may not be put into an archive: ${path}`, {
        hint: "give another --out",
      });
    }
    if (!(await isThere(outFolder))) return;
    await sweepAbandoned(outFolder);
    const bytes = this.#plan.items.reduce(
      (sum, { sizeBytes }) => sum + sizeBytes + EXTRA_BYTES.item,
      EXTRA_BYTES.package,
    );
    await assertFreeBytes(outFolder, form === "dir" ? bytes : 2 * bytes);
  }

  async #export(staged: StagedFolder, folder: PackageFolder, rows: Spool<PackagedRecording>): Promise<ExportReport> {
    const { archive, listening, decodeWaveforms } = this.#ports;
    const { signal, onPhase } = this.#options;
    const { case: name } = this.#request;
    const custody = archive && (await gatherCustody(this.#plan, { case: name, archive, folder, signal }));
    await this.#copy(folder, rows, custody);
    const removed = await this.#copyTombstones(folder);
    if (!this.#log.isClean) return this.#giveUp();
    const settled = this.#settle(folder);
    if (listening !== undefined) onPhase?.("listening");
    const complete = await completeRows(rows, {
      ...{ folder, listening, decodeWaveforms, md5: this.#md5, signal },
      hasUndrawn: this.#tally.hasUndrawn,
    });
    try {
      return await this.#write(staged, { folder, complete, removed, ledger: custody?.statement ?? null, settled });
    } finally {
      complete.close();
    }
  }

  get #md5(): boolean {
    return this.#request.loadFile !== undefined;
  }

  async #copy(
    folder: PackageFolder,
    rows: Spool<PackagedRecording>,
    custody: GatheredCustody | undefined,
  ): Promise<void> {
    const { signal, onEvent } = this.#options;
    const takeCustody = custody?.takeEvents ?? (() => []);
    const options = { md5: this.#md5, takeCustody, signal };
    for await (const outcome of copyOriginals(this.#plan.items, { ...this.#ports, folder }, options)) {
      if (outcome.kind === "copied") {
        const { row } = outcome;
        rows.push(row);
        this.#tally.add(row);
        const audioSeconds = row.audio?.durationSeconds ?? 0;
        onEvent?.({ type: "ended", ended: "done", bytes: row.original.sizeBytes, audioSeconds });
      } else {
        this.#log.missed(outcome);
        onEvent?.({ type: "ended", ended: "failed", bytes: 0, audioSeconds: 0 });
      }
    }
  }

  /** What is left of those that were removed tells that there were such. */
  async #copyTombstones(folder: PackageFolder): Promise<readonly RemovedRecording[]> {
    const { archive } = this.#ports;
    const removed: RemovedRecording[] = [];
    for (const { recordingId, files } of this.#plan.removed) {
      const [file] = files;
      if (archive === undefined || file === undefined) continue;
      const { removedAt, reason } = await copyTombstone(file, { archive, folder });
      removed.push({ recordingId, removedAt, reason });
    }
    return removed;
  }

  async #write(
    staged: StagedFolder,
    { folder, complete, removed, ledger, settled }: CopiedPackage,
  ): Promise<ExportReport> {
    const { archive, assets } = this.#ports;
    const { clock, signal, onPhase } = this.#options;
    onPhase?.("writing");
    const madeOn = toIsoInstant(clock.now()).slice(0, "2026-01-01".length);
    const written = await writePackage(folder, {
      ...{ rows: complete.rows, hasCopies: complete.hasCopies, tally: this.#tally },
      ...{ request: this.#request, removed, assets, clock, signal, madeOn },
      ledger,
      archiveId: archive?.archiveId ?? null,
    });
    if (this.#request.form !== "dir") onPhase?.("packing");
    const packed = await packPackage(staged, { ...this.#request, madeOn, signal });
    try {
      onPhase?.("verifying");
      const { findings, failures } = await this.#ports.verify(packed.path);
      await settled;
      signal?.throwIfAborted();
      // By the name that it has now nobody will find it.
      const toNamed = (subject: string) => subject.replace(packed.path, this.#finalPath);
      this.#log.found(findings.map((finding) => ({ ...finding, subject: toNamed(finding.subject) })));
      for (const { subject, message } of failures) {
        const name = toNamed(subject);
        this.#log.failed({ subject: name, error: new PackageUnverifiedError(name, message) });
      }
      if (!this.#log.isClean) return this.#giveUp();
      await this.#tellLedger(complete.rows, written);
      await packed.commit(this.#finalPath);
    } finally {
      await packed.discard();
    }
    const made = { path: this.#finalPath, form: this.#request.form, ...written };
    return { ...this.#log.toSuccess(complete), package: made };
  }

  /** Brings the copies to disk, while all else goes on; of a package that is packed what counts is the packed one. */
  #settle(folder: PackageFolder): Promise<void> {
    if (this.#request.form !== "dir") return Promise.resolve();
    const settled = this.#ports.copier.settle([...folder.payload()], this.#options.signal);
    // Whoever waits for it is told; if something else fails before, that is told.
    settled.catch(() => undefined);
    return settled;
  }

  /** Before the package has its name: what was given away is told rather once too often than not. */
  async #tellLedger(
    rows: Iterable<PackagedRecording>,
    { tagManifestSha256, descriptor }: WrittenPackage,
  ): Promise<void> {
    const { case: name, form } = this.#request;
    const facts = { case: name, form, tagManifestSha256, signedBy: descriptor.signature?.fingerprint };
    const groups = inGroups(toExportedEvents(rows, facts), EVENTS_AT_ONCE);
    for (const events of groups) await this.#ports.archive?.record(events);
  }

  #giveUp(ending: "completed" | "cancelled" = "completed"): ExportReport {
    return { ...this.#log.toFailure(ending), package: null };
  }
}

/** A package whose originals stand in it. */
interface CopiedPackage {
  readonly folder: PackageFolder;
  readonly complete: CompleteRows;
  readonly removed: readonly RemovedRecording[];
  readonly ledger: GatheredCustody["statement"] | null;
  /** Settles when the copies are on disk. */
  readonly settled: Promise<void>;
}
