import type { Archive, LedgerVerification } from "../../archive/archive.ts";
import type { StoredAudio } from "../../archive/schema.ts";
import { toSiblingKey } from "../../archive/sidecar.ts";
import type { ArchivedFile, ArchivedRecording } from "../../core/archived-file.ts";
import type { Clock } from "../../core/clock.ts";
import { NothingToDoError } from "../../core/errors.ts";
import type { Finding } from "../../core/finding.ts";
import type { PlanFailure } from "../../core/run-log.ts";
import type {
  CheckStatus,
  DueRecording,
  DueSelection,
  FileTrace,
  RecordingCheck,
  RunFinding,
} from "../../core/verification.ts";
import type { Expected, Holding, Stray, Unit, UnitFile, UnitOutcome } from "../holding.ts";
import { type InsideLook, type LookInsideOptions, lookInside } from "../look-inside.ts";
import { findContradictions } from "./sidecar-contradictions.ts";

/** A recording of an archive with its files, in the order of the unit's. */
export interface ArchiveUnit extends Unit {
  readonly recording: ArchivedRecording;
}

/** Which recordings are looked at, and in which run. */
export interface ArchiveHoldingOptions {
  readonly selection: DueSelection;
  readonly runId: string;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
}

/** Recordings whose notes share a trip to the disk, and how long one waits for others. */
const NOTES_AT_ONCE = 1000;
const NOTE_LINGER_MS = 1000;

/** From what is not known to what is: a recording that could not be looked at whole was not looked at. */
const WORST_FIRST: readonly CheckStatus[] = ["unreachable", "missing", "damaged"];

/** An archive's recordings that are due, with what is noted of looking at them. */
export class ArchiveHolding implements Holding {
  readonly noun = "archive";
  readonly location: string;
  readonly findings: readonly Finding[];
  readonly failures: readonly PlanFailure[];
  readonly remarks: readonly string[] = [];
  readonly planned: Holding["planned"];
  readonly #archive: Archive;
  readonly #options: ArchiveHoldingOptions;
  #ledger: LedgerVerification | undefined;
  #notes: { checks: RecordingCheck[]; findings: RunFinding[] } = { checks: [], findings: [] };
  #notedAtMs: number;

  private constructor(
    archive: Archive,
    options: ArchiveHoldingOptions,
    planned: Holding["planned"],
    isRebuilt: boolean,
  ) {
    this.#archive = archive;
    this.#options = options;
    this.#notedAtMs = options.clock.now();
    this.location = archive.traits.location;
    this.planned = planned;
    this.failures = archive.rebuilt.invalid;
    this.findings = isRebuilt ? [toRebuiltFinding(archive)] : [];
  }

  /** @throws {NothingToDoError} the archive holds nothing, which is no success. */
  static async open(archive: Archive, options: ArchiveHoldingOptions): Promise<ArchiveHolding> {
    const planned = await archive.checks.summariseDue(options.selection);
    if (planned.files === 0 && (await archive.summarise()).files === 0) {
      throw new NothingToDoError(`nothing to verify: no recordings in ${archive.traits.location}`);
    }
    return new ArchiveHolding(archive, options, planned, await archive.wasRebuilt());
  }

  async *units(): AsyncGenerator<ArchiveUnit> {
    for await (const due of this.#archive.checks.due(this.#options.selection)) yield this.#toUnit(due);
  }

  async *strays(): AsyncGenerator<Stray> {
    for await (const { key, isRegular } of this.#archive.strays()) {
      yield { path: this.#archive.toPath(key), isRegular };
    }
  }

  isReachable(): Promise<boolean> {
    return this.#archive.isReachable();
  }

  /** @throws {SidecarInvalidError} somebody changed the sidecar: it cannot tell what became of the audio. */
  async loadAudio(unit: Unit): Promise<ReadonlyMap<string, StoredAudio>> {
    const { key, sidecar } = await this.#archive.findCatalogued((unit as ArchiveUnit).recording.recordingId);
    const stored = [sidecar.original, ...sidecar.derivatives];
    return new Map(stored.map((audio) => [this.#archive.toPath(toSiblingKey(key, audio.file)), audio]));
  }

  async lookInside({ unit, index }: UnitFile, options: LookInsideOptions): Promise<InsideLook> {
    const { recordingId, files } = (unit as ArchiveUnit).recording;
    return lookInside(this.#archive, { recordingId, key: files[index]?.key }, options);
  }

  async note(outcomes: readonly UnitOutcome[]): Promise<void> {
    for (const outcome of outcomes) {
      this.#notes.checks.push(this.#toCheck(outcome));
      for (const finding of outcome.findings) this.#notes.findings.push(this.#toRunFinding(outcome, finding));
    }
    await this.#flushIfDue();
  }

  async noteFindings(findings: readonly Finding[], unit?: Unit): Promise<void> {
    const { runId, clock } = this.#options;
    const recordingId = unit && (unit as ArchiveUnit).recording.recordingId;
    const foundAtMs = clock.now();
    for (const finding of findings) this.#notes.findings.push({ runId, recordingId, foundAtMs, finding });
    await this.#flushIfDue();
  }

  /** Holds the catalogue, by which all was judged, against the ledger. */
  async conclude(): Promise<readonly Finding[]> {
    this.#ledger = await this.#archive.checkLedger(this.#options.signal);
    return this.#ledger.findings;
  }

  /** What is known of the ledger; undefined when the run ended before it was read. */
  get ledger(): LedgerVerification | undefined {
    return this.#ledger;
  }

  /** Makes durable what was noted. */
  async flush(): Promise<void> {
    const { checks, findings } = this.#notes;
    this.#notes = { checks: [], findings: [] };
    this.#notedAtMs = this.#options.clock.now();
    if (checks.length + findings.length > 0) await this.#archive.checks.note(checks, findings);
  }

  async #flushIfDue(): Promise<void> {
    const { checks, findings } = this.#notes;
    const isLate = this.#options.clock.now() - this.#notedAtMs >= NOTE_LINGER_MS;
    if (isLate || checks.length >= NOTES_AT_ONCE || findings.length >= NOTES_AT_ONCE) await this.flush();
  }

  #toUnit({ recording, traces }: DueRecording): ArchiveUnit {
    const files = recording.files.map((file) => this.#toExpected(file, traces));
    const crossCheck: Unit["crossCheck"] = (looks) => findContradictions(this.#archive, recording, looks);
    return { subject: recording.recordingId, recording, files, crossCheck };
  }

  #toExpected({ key, role, sizeBytes, sha256, plain }: ArchivedFile, traces: DueRecording["traces"]): Expected {
    const digests = [{ algorithm: "sha256", hex: sha256 }] as const;
    const path = this.#archive.toPath(key);
    const isEncrypted = plain !== undefined;
    return { path, sizeBytes, digests, trace: traces[key], text: role === "sidecar", isEncrypted };
  }

  #toCheck({ unit, level, statuses, looks, hasContradiction, checkedAtMs }: UnitOutcome): RecordingCheck {
    const { recordingId, files } = (unit as ArchiveUnit).recording;
    const traces: Record<string, FileTrace> = {};
    for (const [index, { key }] of files.entries()) {
      const look = looks[index];
      if (level !== "presence" && statuses[index] === "ok" && look?.kind === "regular") traces[key] = look.trace;
    }
    const status = WORST_FIRST.find((one) => statuses.includes(one)) ?? (hasContradiction ? "damaged" : "ok");
    return { recordingId, runId: this.#options.runId, level, status, checkedAtMs, traces };
  }

  #toRunFinding({ unit, checkedAtMs }: UnitOutcome, finding: Finding): RunFinding {
    const { recordingId } = (unit as ArchiveUnit).recording;
    return { runId: this.#options.runId, recordingId, foundAtMs: checkedAtMs, finding };
  }
}

/** Without the catalogue that stood there before, nobody knows what else there was. */
function toRebuiltFinding({ traits }: Archive): Finding {
  const message =
    "the catalogue has been rebuilt from the sidecars; a recording that is gone together with its sidecar cannot be noticed";
  return { kind: "missing", subject: `${traits.location}/catalogue.sqlite`, message, detail: {} };
}
