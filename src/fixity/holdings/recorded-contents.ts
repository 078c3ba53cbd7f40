import { toBaseName } from "../../archive/archive-key.ts";
import type { Finding } from "../../core/finding.ts";
import type { LedgerEntry } from "../../core/ledger-event.ts";
import { RECORDS_FOLDER } from "../../packaging/package-layout.ts";
import { toPayloadName } from "../../packaging/payload-name.ts";
import { isOriginal, type PackageContents } from "./package-contents.ts";

/** What a ledger recorded last of one recording. */
interface Recorded {
  original: string | undefined;
  record: string | undefined;
  isRemoved: boolean;
}

/** More of them say no more, and memory must stay bounded. */
const MOST_FINDINGS = 100;

/** Gathers from events, in their order, by which digests recordings are known. */
export class RecordedContents {
  readonly #recordings = new Map<string, Recorded>();

  /** How many recordings were spoken of. */
  get size(): number {
    return this.#recordings.size;
  }

  take({ type, subject, digests = {} }: LedgerEntry): void {
    const { original, sidecar } = digests;
    if (original === undefined && sidecar === undefined) return;
    const recorded = this.#recordings.get(subject) ?? { original: undefined, record: undefined, isRemoved: false };
    recorded.original = original ?? recorded.original;
    recorded.record = sidecar ?? recorded.record;
    if (sidecar !== undefined) recorded.isRemoved = type === "removed";
    this.#recordings.set(subject, recorded);
  }

  /** Gives the digest of a recording's original; undefined where nothing was recorded. */
  originalOf(recordingId: string): string | undefined {
    return this.#recordings.get(recordingId)?.original;
  }

  /** Finds the originals of a package whose digest was recorded of no recording: files from elsewhere, or what was put there. */
  findUnrecorded({ files }: PackageContents): readonly string[] {
    const digests = new Set([...this.#recordings.values()].map(({ original }) => original));
    return [...files].flatMap(([path, { sha256 }]) => (isOriginal(path) && !digests.has(sha256) ? [path] : []));
  }

  /** Holds the originals and records of a package against what was recorded. */
  compare(contents: PackageContents, location: string): readonly Finding[] {
    const findings = [...this.#compareAll(new NamedContents(contents), location)];
    const left = findings.length - MOST_FINDINGS;
    if (left <= 0) return findings;
    const message = `${left} more originals and records are not those that the ledger recorded`;
    const more: Finding = { kind: "digest-mismatch", subject: location, message, detail: {} };
    return [...findings.slice(0, MOST_FINDINGS), more];
  }

  *#compareAll(named: NamedContents, location: string): Generator<Finding> {
    const spokenOf = new Set<string>();
    for (const [recordingId, { original, record, isRemoved }] of this.#recordings) {
      const name = tryToSafeName(recordingId);
      spokenOf.add(name);
      if (record !== undefined) yield* named.compareRecord(name, record, location);
      if (original !== undefined && !isRemoved) yield* named.compareOriginal({ name, recordingId }, original, location);
    }
    for (const [name, { path }] of named.records) {
      if (spokenOf.has(name)) continue;
      const message = "the custody has no digest of this record";
      yield { kind: "ledger-broken", subject: `${location}/${path}`, message, detail: {} };
    }
  }
}

interface NamedFile {
  readonly path: string;
  readonly sha256: string | undefined;
}

/** The originals and records of a package by their names without folder and extension. */
class NamedContents {
  readonly records = new Map<string, NamedFile>();
  /** A plain file may have the name of a recording. */
  readonly #originals = new Map<string, NamedFile[]>();
  readonly #digests = new Set<string | undefined>();

  constructor({ files }: PackageContents) {
    for (const [path, { sha256 }] of files) {
      if (path.startsWith(`${RECORDS_FOLDER}/`)) this.records.set(toStem(path), { path, sha256 });
      if (!isOriginal(path)) continue;
      const namesakes = this.#originals.get(toStem(path)) ?? [];
      namesakes.push({ path, sha256 });
      this.#originals.set(toStem(path), namesakes);
      this.#digests.add(sha256);
    }
  }

  *compareRecord(name: string, expected: string, location: string): Generator<Finding> {
    const file = this.records.get(name);
    if (file?.sha256 === expected) return;
    const subject = `${location}/${file?.path ?? `${RECORDS_FOLDER}/${name}.json`}`;
    if (file === undefined) {
      yield { kind: "missing", subject, message: "the custody tells of a record that the package has not", detail: {} };
    } else {
      const message = "this is not the record that the ledger recorded last";
      yield { kind: "digest-mismatch", subject, message, detail: toDetail(expected, file) };
    }
  }

  /** Under a Bates number it is known by its digest alone; the load file tells which one it is. */
  *compareOriginal(
    { name, recordingId }: { readonly name: string; readonly recordingId: string },
    expected: string,
    location: string,
  ): Generator<Finding> {
    const namesakes = this.#originals.get(name) ?? [];
    const [file] = namesakes;
    if (file === undefined && !this.#digests.has(expected)) {
      const message = `no original of the package has the digest that the ledger recorded last of ${recordingId}`;
      yield { kind: "missing", subject: location, message, detail: { algorithm: "sha256", expected } };
    }
    if (file === undefined || namesakes.some(({ sha256 }) => sha256 === expected)) return;
    const message = `this is not the original that the ledger recorded of ${recordingId}`;
    yield { kind: "digest-mismatch", subject: `${location}/${file.path}`, message, detail: toDetail(expected, file) };
  }
}

function toDetail(expected: string, { sha256 }: NamedFile): Finding["detail"] {
  return { algorithm: "sha256", expected, found: sha256 };
}

/** What no file can be called has none. */
function tryToSafeName(recordingId: string): string {
  return /^\.{0,2}$/.test(recordingId) ? "" : toPayloadName(toBaseName(recordingId));
}

function toStem(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const end = name.lastIndexOf(".");
  return end <= 0 ? name : name.slice(0, end);
}
