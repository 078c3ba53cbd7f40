import type { Archive } from "../archive/archive.ts";
import { RECORDINGS_PREFIX } from "../archive/archive-key.ts";
import type { StoredAudio } from "../archive/schema.ts";
import { toSiblingKey } from "../archive/sidecar.ts";
import { runItems } from "../async/run-items.ts";
import type { ArchivedFile } from "../core/archived-file.ts";
import { toIsoInstant } from "../core/clock.ts";
import { isHoldfastError, NothingToDoError } from "../core/errors.ts";
import type { Finding } from "../core/finding.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { RunReport } from "../core/report.ts";
import { type Ended, RunLog, type RunOptions } from "../core/run-log.ts";
import type { StorageKey } from "../core/storage-key.ts";
import { StorageUnavailableError } from "../io/errors.ts";
import { type FileVerdict, verifyFile } from "./verify-file.ts";
import type { VerifyLevel } from "../core/verification.ts";

/** What was seen of one file, and when. */
export interface VerifyResult {
  readonly path: string;
  readonly status: FileVerdict["status"];
  readonly sha256?: string;
  readonly level: VerifyLevel;
  readonly checkedAt: string;
}

/** Options of a verification. */
export interface VerifyOptions extends RunOptions {
  readonly level: VerifyLevel;
}

/**
 * Verifies an archive: every file that its catalogue names, and that nothing else stands among them. One file
 * that cannot be read stops nothing; a run that could not look at everything has findings or failures.
 *
 * @throws {NothingToDoError} the archive holds nothing, which is no success.
 */
export async function runVerify(archive: Archive, options: VerifyOptions): Promise<RunReport<VerifyResult>> {
  const { files } = await archive.summarise();
  if (files === 0) throw new NothingToDoError(`nothing to verify: no recordings in ${archive.traits.location}`);
  const log = new RunLog<VerifyResult>(options);
  log.planned(files, archive.rebuilt.invalid);
  const wasRebuilt = await archive.wasRebuilt();
  if (wasRebuilt) log.found([toRebuiltFinding(archive)]);
  const run = new ArchiveVerification(archive, log, options);
  const work = (recordingId: RecordingId) => run.verifyRecording(recordingId);
  const toFailed = (subject: RecordingId, error: unknown) => [
    { type: "failed", subject, error, result: undefined } as const,
  ];
  const ending = await runItems(archive.recordingIds(), { work, toFailed }, { ...options, log });
  if (ending === "completed") await run.findUnexpected();
  if (ending === "completed" && wasRebuilt) await archive.acknowledgeRebuilt();
  return log.toReport(ending);
}

/** Without the catalogue that stood there before, nobody knows what else there was. */
function toRebuiltFinding({ traits }: Archive): Finding {
  const message =
    "the catalogue has been rebuilt from the sidecars; a recording that is gone together with its sidecar cannot be noticed";
  return { kind: "missing", subject: `${traits.location}/catalogue.sqlite`, message, detail: {} };
}

class ArchiveVerification {
  readonly #archive: Archive;
  readonly #log: RunLog<VerifyResult>;
  readonly #options: VerifyOptions;

  constructor(archive: Archive, log: RunLog<VerifyResult>, options: VerifyOptions) {
    this.#archive = archive;
    this.#log = log;
    this.#options = options;
  }

  async verifyRecording(recordingId: RecordingId): Promise<readonly Ended<VerifyResult>[]> {
    const known = await this.#archive.catalogued(recordingId);
    const files = known?.files ?? [];
    const audio = await this.#readAudioRecords(files);
    const ended: Ended<VerifyResult>[] = [];
    for (const file of files) ended.push(await this.#verify(file, audio.get(file.key)));
    return ended;
  }

  /** Tells of everything in the recordings' folders that no recording owns. */
  async findUnexpected(): Promise<void> {
    try {
      for await (const { key } of this.#archive.present()) await this.#expect(key);
    } catch (error) {
      if (!(error instanceof StorageUnavailableError)) throw error;
      const subject = this.#archive.toPath(RECORDINGS_PREFIX);
      const message = `not all folders could be listed, so what does not belong there cannot be noticed: ${error.message}`;
      this.#log.found([{ kind: "unreadable", subject, message, detail: {} }]);
    }
  }

  async #expect(key: StorageKey): Promise<void> {
    if (await this.#archive.isCatalogued(key)) return;
    const message =
      "nothing in the catalogue speaks of this; if a run was killed, fetching or converting again settles it";
    this.#log.found([{ kind: "unexpected", subject: this.#archive.toPath(key), message, detail: {} }]);
  }

  async #verify(file: ArchivedFile, audio: StoredAudio | undefined): Promise<Ended<VerifyResult>> {
    const { level, signal, clock } = this.#options;
    const verdict = await verifyFile(this.#archive, { file, audio }, { level, signal });
    this.#log.found(verdict.findings);
    if (audio !== undefined && audio.sha256 !== file.sha256) this.#log.found([this.#toContradiction(file, audio)]);
    const { status, sha256 } = verdict;
    const seen = { path: this.#archive.toPath(file.key), status, level, checkedAt: toIsoInstant(clock.now()) };
    const result = sha256 === undefined ? seen : { ...seen, sha256 };
    return { type: "done", result, bytes: verdict.bytesRead, audioSeconds: audio?.structure.durationSeconds ?? 0 };
  }

  #toContradiction({ key, sha256 }: ArchivedFile, audio: StoredAudio): Finding {
    const message = "the catalogue and the sidecar name different digests for this file";
    const detail = { algorithm: "sha256", expected: sha256, found: audio.sha256 } as const;
    return { kind: "digest-mismatch", subject: this.#archive.toPath(key), message, detail };
  }

  /** Reads the audio records of a recording; a sidecar that cannot be read has its own verdict, and none then. */
  async #readAudioRecords(files: readonly ArchivedFile[]): Promise<ReadonlyMap<StorageKey, StoredAudio>> {
    const key = files.find(({ role }) => role === "sidecar")?.key;
    if (key === undefined) return new Map();
    try {
      const { sidecar } = await this.#archive.readSidecar(key);
      const stored = [sidecar.original, ...sidecar.derivatives];
      return new Map(stored.map((audio) => [toSiblingKey(key, audio.file), audio]));
    } catch (error) {
      if (isHoldfastError(error)) return new Map();
      throw error;
    }
  }
}
