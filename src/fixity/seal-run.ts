import { toStoredAudio } from "../archive/stored-audio.ts";
import { forEachBounded } from "../async/for-each-bounded.ts";
import type { Identity } from "../audio/identify.ts";
import { toIsoInstant } from "../core/clock.ts";
import { parseSha256, type Sha256Hex } from "../core/digest.ts";
import type { RunReport } from "../core/report.ts";
import { type PlanFailure, RunLog, type RunOptions } from "../core/run-log.ts";
import type { FileTrace } from "../core/verification.ts";
import { SealIncompleteError } from "./errors.ts";
import { type Places, toPlaces } from "./holdings/listed-place.ts";
import { MANIFEST_FILE } from "./holdings/record-names.ts";
import type { Look, Looker, LookRequest } from "./look/look.ts";
import { listSealable, type SealPlan } from "./seal-plan.ts";
import type { SealedAudio, SealedFile } from "./seal-record.ts";
import { SealWriting } from "./seal-writing.ts";

/** One file that was sealed. */
export interface SealResult {
  readonly path: string;
  readonly status: "sealed";
  readonly sizeBytes: number;
  readonly sha256: string;
  readonly packetSha256: string | null;
  /** The format of the bytes, whatever the name says; null for what is no wav, mp3 or opus recording. */
  readonly format: string | null;
}

/** What sealing a folder came to. */
export interface SealReport extends RunReport<SealResult> {
  /** The list that was written; whoever knows its digest can tell later whether it was changed. Null when nothing was sealed. */
  readonly manifest: { readonly path: string; readonly sha256: Sha256Hex } | null;
}

/** Options of a seal. */
export type SealOptions = Pick<RunOptions, "clock" | "signal" | "onEvent">;

/** Files that one thread looks at in one go: fewer where there are few, for they may be large. */
const MAX_BATCH = 256;
const BATCHES_PER_READER = 8;

/** Batches for each reader: one that is read, one that waits. */
const BATCHES_AHEAD = 2;

/**
 * Reads all files of a plan and writes `SHA256SUMS` and `holdfast-seal.json` beside them, or nothing at all: when one cannot
 * be read, came, went or was changed in the meantime, the report tells which, and no file counts as done.
 *
 * @throws {ConflictError} another list has come to stand there.
 * @throws {StorageFullError | StorageUnavailableError} the seal cannot be written.
 */
export function runSeal(plan: SealPlan, looker: Looker, options: SealOptions): Promise<SealReport> {
  return new Sealing(plan, looker, options).run();
}

class Sealing {
  readonly #plan: SealPlan;
  readonly #places: Places;
  readonly #looker: Looker;
  readonly #options: SealOptions;
  /** What is done shows in progress; in the report only when all is. */
  readonly #log: RunLog<SealResult>;
  readonly #files: SealedFile[] = [];
  readonly #failures: PlanFailure[];

  constructor(plan: SealPlan, looker: Looker, options: SealOptions) {
    this.#plan = plan;
    this.#places = toPlaces(plan.folder);
    this.#looker = looker;
    this.#options = options;
    this.#failures = [...plan.failures];
    this.#log = new RunLog({ clock: options.clock, concurrency: looker.readers });
  }

  async run(): Promise<SealReport> {
    const { clock, signal, onEvent } = this.#options;
    const { folder, paths } = this.#plan;
    onEvent?.({ type: "planned", count: paths.length, audioSeconds: 0 });
    const writing = new SealWriting(folder);
    if (this.#failures.length > 0) return this.#giveUp();
    await writing.prepare();
    try {
      await this.#eachBatch((batch, from) => this.#read(batch, from));
      if (this.#failures.length === 0) await this.#findChanges();
    } catch (error) {
      if (!signal?.aborted || error !== signal.reason) throw error;
      this.#log.planned(paths.length, []);
      return { ...this.#log.toReport("cancelled"), manifest: null };
    }
    if (this.#failures.length > 0) return this.#giveUp();
    const sha256 = await writing.write(this.#files, toIsoInstant(clock.now()));
    this.#log.planned(paths.length, []);
    for (const file of this.#files) this.#tell(file);
    return { ...this.#log.toReport("completed"), manifest: { path: this.#toPlace(MANIFEST_FILE), sha256 } };
  }

  async #eachBatch(work: (batch: readonly string[], from: number) => Promise<void>): Promise<void> {
    const { paths } = this.#plan;
    const { readers } = this.#looker;
    const size = Math.min(MAX_BATCH, Math.ceil(paths.length / (readers * BATCHES_PER_READER)));
    const starts = Array.from({ length: Math.ceil(paths.length / size) }, (_, index) => index * size);
    const options = { concurrency: readers * BATCHES_AHEAD, signal: this.#options.signal };
    await forEachBounded(starts, (from) => work(paths.slice(from, from + size), from), options);
  }

  async #read(batch: readonly string[], from: number): Promise<void> {
    const looks = await this.#look(batch, { algorithms: ["sha256"], identity: true });
    for (const [index, look] of looks.entries()) {
      const path = batch[index] ?? "";
      if (look.kind === "regular") this.#files[from + index] = toSealedFile(path, look);
      else this.#fail(path, toReason(look));
      const bytes = look.kind === "regular" ? look.trace.sizeBytes : 0;
      const audioSeconds = look.kind === "regular" ? (look.identity?.structure?.durationSeconds ?? 0) : 0;
      const ended = look.kind === "regular" ? "done" : "failed";
      this.#options.onEvent?.({ type: "ended", ended, bytes, audioSeconds });
    }
  }

  #look(batch: readonly string[], how: Omit<LookRequest, "path">): Promise<readonly Look[]> {
    const requests = batch.map((path) => ({ path: this.#toPlace(path), ...how }));
    return this.#looker.look(requests, this.#options.signal);
  }

  /** What was read first may have been written to while the rest was read; and files may have come. */
  async #findChanges(): Promise<void> {
    await this.#eachBatch(async (batch, from) => {
      const looks = await this.#look(batch, { algorithms: [] });
      for (const [index, look] of looks.entries()) {
        const isSame = look.kind === "regular" && isSameTrace(look.trace, this.#files[from + index]);
        if (!isSame) this.#fail(batch[index] ?? "", "it was changed while the folder was read");
      }
    });
    const { paths, failures } = await listSealable(this.#plan.folder);
    this.#failures.push(...failures);
    const known = new Set(this.#plan.paths);
    for (const path of paths) if (!known.has(path)) this.#fail(path, "it came while the folder was read");
  }

  #fail(path: string, reason: string): void {
    this.#failures.push({ subject: this.#toPlace(path), error: new SealIncompleteError(reason) });
  }

  /** Nothing was sealed: whatever was read has failed with what could not be. */
  #giveUp(): SealReport {
    const { folder, paths, failures } = this.#plan;
    const own = this.#failures.slice(failures.length);
    // More can have come than were planned.
    this.#log.planned(Math.max(paths.length, own.length), failures);
    for (const { subject, error } of own) this.#log.ended({ type: "failed", result: undefined, subject, error });
    const count = this.#failures.length;
    const error = new SealIncompleteError(`nothing was sealed, because of ${count} ${count === 1 ? "file" : "files"}`);
    for (let left = paths.length - own.length; left > 0; left -= 1) {
      this.#log.ended({ type: "failed", result: undefined, subject: folder, error });
    }
    return { ...this.#log.toReport("completed"), manifest: null };
  }

  #tell({ path, sizeBytes, sha256, audio }: SealedFile): void {
    const { packetSha256 = null, format = null } = audio ?? {};
    const result = { path: this.#toPlace(path), status: "sealed", sizeBytes, sha256, packetSha256, format } as const;
    this.#log.ended({ type: "done", result, bytes: sizeBytes, audioSeconds: audio?.structure.durationSeconds ?? 0 });
  }

  #toPlace(path: string): string {
    return this.#places.toPlace(path);
  }
}

function toSealedFile(path: string, { trace, digests, identity }: Extract<Look, { kind: "regular" }>): SealedFile {
  const sealed = { path, ...trace, sha256: parseSha256(digests[0] ?? "") };
  const audio = identity === undefined ? undefined : tryToAudio(path, identity);
  return audio === undefined ? sealed : { ...sealed, audio };
}

function tryToAudio(path: string, identity: Identity): SealedAudio | undefined {
  if (identity.content.format === undefined || identity.structure === undefined) return undefined;
  const { packetSha256, format, structure } = toStoredAudio(path, identity, () => path);
  return { packetSha256, format, structure };
}

function toReason(look: Exclude<Look, { kind: "regular" }>): string {
  switch (look.kind) {
    case "absent":
      return "it went while the folder was read";
    case "other":
      return `a ${look.what} has taken its place`;
    case "unreadable":
      return `it cannot be read: ${look.reason}`;
  }
}

function isSameTrace(one: FileTrace, other: FileTrace | undefined): boolean {
  return one.sizeBytes === other?.sizeBytes && one.inode === other.inode && one.modifiedNs === other.modifiedNs;
}
