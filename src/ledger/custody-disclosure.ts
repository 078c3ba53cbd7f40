import type { EventType, LedgerEntry } from "../core/ledger-event.ts";
import { PROFILE_NAME } from "../core/profile.ts";
import { toSafeName } from "../io/safe-name.ts";
import type { Withholding } from "./custody-line.ts";
import { toOrigin } from "./ledger-paths.ts";

/** Of what an extract of a ledger tells. */
export interface CustodyScope {
  readonly case: string;
  readonly recordingIds: ReadonlySet<string>;
  /** The calls of these recordings. */
  readonly callIds: ReadonlySet<string>;
  /** The numbers of the events of the case's holds that catch one of the recordings. Other holds are not spoken of. */
  readonly holds: ReadonlySet<number>;
}

/** Whether an event's own words are told, or only that it is there; undefined of one that is left out. */
export type Disclosure = "whole" | Withholding | undefined;

type Rule = (entry: LedgerEntry, disclosure: CustodyDisclosure) => Disclosure;

const ofRecording: Rule = ({ subject }, { scope }) => (scope.recordingIds.has(subject) ? "whole" : undefined);

/** An event of the archive as a whole that says nothing but numbers, and texts under these keys, which never name a recording. */
const ofArchive =
  (...texts: readonly string[]): Rule =>
  ({ subject, detail = {} }, { origin }) => {
    if (toOrigin(subject) !== origin) return undefined;
    const isBlind = Object.entries(detail).every(([key, value]) => isCounts(value) || isAmong(texts, key, value));
    return isBlind ? "whole" : "may name others";
  };

/** One for each type, so that nothing new is told before somebody has thought of whom it names. */
const RULES: Readonly<Record<EventType, Rule>> = {
  "ledger-begun": (entry, disclosure) =>
    entry.detail?.["previous"] === undefined
      ? ofArchive("origin", "verifierKey")(entry, disclosure)
      : "replaces a broken ledger",
  "ledger-mended": ofArchive("sha256"),
  "key-changed": ofArchive("verifierKey", "previous"),
  verified: ofArchive("level", "request", "runId", "outcome"),
  reindexed: ofArchive(),
  adopted: ofRecording,
  fetched: ofRecording,
  proven: ofRecording,
  noticed: ofRecording,
  converted: ofRecording,
  encrypted: ofRecording,
  settled: ofRecording,
  healed: ofRecording,
  quarantined: ofRecording,
  removed: ofRecording,
  "purge-intended": ofRecording,
  purged: ofRecording,
  "key-rewrapped": ofRecording,
  "key-destroyed": ofRecording,
  exported: (entry, disclosure) => {
    const isOurs = ofRecording(entry, disclosure) !== undefined;
    if (!isOurs) return undefined;
    return entry.detail?.["case"] === disclosure.scope.case ? "whole" : "another case";
  },
  held: (entry, disclosure) => disclosure.judgeHold(entry),
  released: (entry, disclosure) => disclosure.judgeRelease(entry),
  read: (entry, disclosure) => disclosure.judgeReading(entry),
  // It stands for all that was opened in one go, and names the first of it.
  "key-used": ({ detail }, { scope }) =>
    isAmongIds(scope.recordingIds, detail?.["firstRecordingId"]) ? "whole" : undefined,
};

/**
 * Decides of each event what an extract may tell. It is asked for all events in their order: a release is told as its holds were.
 */
export class CustodyDisclosure {
  readonly scope: CustodyScope;
  /** The ledger's name. */
  readonly origin: string;
  readonly #holds = new Map<number, Disclosure>();
  #safeNames: ReadonlySet<string> | undefined;

  constructor(scope: CustodyScope, origin: string) {
    this.scope = scope;
    this.origin = origin;
  }

  judge(entry: LedgerEntry): Disclosure {
    if (Object.hasOwn(RULES, entry.type)) return RULES[entry.type](entry, this);
    return this.scope.recordingIds.has(entry.subject) ? "unknown type" : undefined;
  }

  judgeHold({ seq, subject, detail }: LedgerEntry): Disclosure {
    if (subject !== this.scope.case || !this.scope.holds.has(seq)) return undefined;
    const disclosure = this.#namesNobodyElse(detail?.["criteria"]) ? "whole" : "may name others";
    this.#holds.set(seq, disclosure);
    return disclosure;
  }

  /** Its statement lists what each of its holds names. */
  judgeRelease({ subject, detail }: LedgerEntry): Disclosure {
    const holds = detail?.["holds"];
    if (subject !== this.scope.case || !Array.isArray(holds)) return undefined;
    const told = holds.map((seq) => this.#holds.get(seq));
    if (told.every((disclosure) => disclosure === undefined)) return undefined;
    return told.every((disclosure) => disclosure === "whole") ? "whole" : "may name others";
  }

  /** It was made of a note that anybody could leave who may write in the archive's folder. */
  judgeReading({ subject, detail }: LedgerEntry): Disclosure {
    const names: readonly unknown[] = Array.isArray(detail?.["names"]) ? detail["names"] : [];
    const isComplete = detail?.["files"] === names.length;
    if (this.scope.recordingIds.has(subject)) {
      return isComplete && names.every((name) => isNameOf(subject, name)) ? "whole" : "may name others";
    }
    if (toOrigin(subject) !== this.origin) return undefined;
    return isComplete && !names.some((name) => this.#mayBeOurs(name)) ? undefined : "may name others";
  }

  #namesNobodyElse(criteria: unknown): boolean {
    const { recordingIds, callIds } = this.scope;
    if (!isRecord(criteria)) return false;
    // Numbers and times name no recording, and they are those of the case.
    if (criteria["kind"] === "matching") return true;
    const [recordings, calls] = [criteria["recordingIds"], criteria["callIds"]];
    return isAllAmong(recordingIds, recordings) && isAllAmong(callIds, calls);
  }

  /** A name may be one recording's original and another one's derivative: both count. */
  #mayBeOurs(name: unknown): boolean {
    this.#safeNames ??= new Set([...this.scope.recordingIds].map(toSafeName));
    const baseName = toBaseName(String(name));
    for (let end = baseName.indexOf("."); end >= 0; end = baseName.indexOf(".", end + 1)) {
      if (this.#safeNames.has(baseName.slice(0, end))) return true;
    }
    return false;
  }
}

/** Tells whether a file of the archive is the recording's, by its name. */
function isNameOf(recordingId: string, name: unknown): boolean {
  const baseName = toBaseName(String(name));
  const stem = `${toSafeName(recordingId)}.`;
  return baseName.startsWith(stem) && ENDING.test(baseName.slice(stem.length));
}

const ENDING = new RegExp(`^(?:${PROFILE_NAME}\\.)?[a-z0-9]+$`);

function toBaseName(key: string): string {
  return key.slice(key.lastIndexOf("/") + 1);
}

function isAmong(keys: readonly string[], key: string, value: unknown): boolean {
  return typeof value === "string" && keys.includes(key);
}

function isAmongIds(ids: ReadonlySet<string>, value: unknown): boolean {
  return typeof value === "string" && ids.has(value);
}

function isAllAmong(ids: ReadonlySet<string>, values: unknown): boolean {
  return Array.isArray(values) && values.every((value) => isAmongIds(ids, value));
}

/** Tells whether a value is a number, or has only such below it. */
function isCounts(value: unknown): boolean {
  return typeof value === "number" || (isRecord(value) && Object.values(value).every(isCounts));
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
