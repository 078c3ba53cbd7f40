import { toDefectFindings } from "../archive/defect-findings.ts";
import type { StoredAudio } from "../archive/schema.ts";
import type { Identity } from "../audio/identify.ts";
import { type HoldfastError, isHoldfastError } from "../core/errors.ts";
import type { Finding } from "../core/finding.ts";
import type { CheckStatus, VerifyLevel } from "../core/verification.ts";
import type { Decode, DecodeVerdict } from "./deep/decoding.ts";
import { judgeAlone } from "./deep/judge-alone.ts";
import { UndecodableError } from "./errors.ts";
import type { Expected, Holding, Unit, UnitOutcome } from "./holding.ts";
import { type Judgement, judge, type RegularLook } from "./judge.ts";
import type { Look, Looker, LookRequest } from "./look/look.ts";
import type { InsideLook } from "./look-inside.ts";
import type { Suspect } from "./move-tracer.ts";
import { nameChange } from "./name-change.ts";
import { toLookRequest } from "./to-look-request.ts";

/** How units are inspected. */
export interface InspectionOptions {
  readonly level: VerifyLevel;
  readonly looker: Pick<Looker, "look">;
  readonly decode?: Decode | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What became of one file. */
export interface FileVerdict {
  readonly expected: Expected;
  readonly status: CheckStatus;
  readonly sha256: string | undefined;
  readonly level: VerifyLevel;
  readonly bytesRead: number;
  readonly audioSeconds: number;
  /** What is wrong, but for what may be found elsewhere. */
  readonly findings: readonly Finding[];
  /** There if the file is gone, cannot be read or is not what it was. */
  readonly suspect: Suspect | undefined;
  /** What could not be told, a sentence each. */
  readonly remarks: readonly string[];
  /** Why it was not looked at as closely as was asked for. */
  readonly undone: HoldfastError | undefined;
  /** How closely its recording counts as looked at because of it; undefined for as closely as was asked for. */
  readonly limit: VerifyLevel | undefined;
}

/** What became of the files of one unit. */
export interface UnitVerdict {
  readonly unit: Unit;
  readonly files: readonly FileVerdict[];
  readonly looks: readonly Look[];
  /** What does not fit between its files. */
  readonly contradictions: readonly Finding[];
}

/** A file on its way to a verdict. */
interface Entry {
  readonly unit: Unit;
  readonly index: number;
  readonly expected: Expected;
  readonly request: LookRequest;
  look: Look;
  judgement: Judgement;
}

const NO_FINDINGS: readonly Finding[] = [];
const NO_REMARKS: readonly string[] = [];
const NOTHING_DECODED: ReadonlyMap<Entry, DecodeVerdict> = new Map();
const NOTHING_ENCRYPTED: ReadonlyMap<Entry, InsideLook> = new Map();
const NOT_DECODED: DecodeVerdict = { kind: "nothing-to-decode" };
const NOT_UNPACKED: DecodeVerdict = {
  kind: "undecodable",
  reason: "it lies in a container: unpack that, and verify the folder",
};
const NOT_LOOKED: Look = { kind: "absent" };
const NOT_JUDGED: Judgement = { status: "missing", finding: undefined };

/**
 * Looks at units in one go, names what changed, and decodes what was asked to be decoded.
 *
 * @throws the reason of `signal` when it aborts.
 */
export async function inspectUnits(
  holding: Pick<Holding, "loadAudio" | "lookInside">,
  units: readonly Unit[],
  options: InspectionOptions,
): Promise<readonly UnitVerdict[]> {
  const { level, looker, signal } = options;
  const entries = units.flatMap((unit) => toEntries(unit, level));
  const looks = await looker.look(
    entries.map(({ request }) => request),
    signal,
  );
  for (const [index, entry] of entries.entries()) {
    entry.look = looks[index] ?? NOT_LOOKED;
    entry.judgement = judge(entry.expected, entry.request, entry.look);
  }
  await nameChanges(holding, entries, options);
  const decoded = await decodeSound(entries, options);
  const inside = await lookIntoEncrypted(holding, entries, options);
  const verdicts = entries.map((entry) => toVerdict(entry, decoded.get(entry), inside.get(entry)));
  let from = 0;
  return units.map((unit) => {
    const [first, end] = [from, from + unit.files.length];
    from = end;
    const seen = looks.slice(first, end);
    const contradictions = level === "presence" ? NO_FINDINGS : (unit.crossCheck?.(seen) ?? NO_FINDINGS);
    return { unit, files: verdicts.slice(first, end), looks: seen, contradictions };
  });
}

/** From the coarsest on. */
const LIMITS: readonly VerifyLevel[] = ["digest", "structure"];

/**
 * Makes of a verdict what a holding notes: a unit of which something could not be decrypted, or not be decoded, was not looked
 * at as closely as was asked for.
 */
export function toOutcome(
  { unit, files, looks, contradictions }: UnitVerdict,
  { level, checkedAtMs }: Pick<UnitOutcome, "level" | "checkedAtMs">,
): UnitOutcome {
  const statuses = files.map(({ status }) => status);
  const told = files.flatMap(({ findings, suspect }) =>
    suspect === undefined ? findings : [suspect.finding, ...findings],
  );
  return {
    unit,
    level: LIMITS.find((limit) => files.some((file) => file.limit === limit)) ?? level,
    checkedAtMs,
    statuses,
    looks,
    findings: [...told, ...contradictions],
    hasContradiction: contradictions.length > 0,
  };
}

function toEntries(unit: Unit, level: VerifyLevel): readonly Entry[] {
  return unit.files.map((expected, index) => {
    const request = toLookRequest(expected, level);
    return { unit, index, expected, request, look: NOT_LOOKED, judgement: NOT_JUDGED };
  });
}

/** Reads files whose digest differs once more, for their identity, and says what became of them. */
async function nameChanges(
  holding: Pick<Holding, "loadAudio">,
  entries: readonly Entry[],
  { looker, signal }: InspectionOptions,
): Promise<void> {
  const changed = entries.filter(({ judgement }) => judgement.finding?.kind === "digest-mismatch");
  if (changed.length === 0) return;
  // Of what was changed in something encrypted nothing can be told.
  const isNameable = ({ expected, look }: Entry) => !expected.isEncrypted && toIdentity(look) === undefined;
  const unread = holding.loadAudio === undefined ? [] : changed.filter(isNameable);
  const again = await looker.look(
    unread.map(({ request }) => ({ ...request, identity: true })),
    signal,
  );
  for (const [index, entry] of unread.entries()) if (isSame(again[index], entry.look)) entry.look = again[index];
  const audio = new Map<Unit, ReadonlyMap<string, StoredAudio>>();
  for (const { unit } of changed) if (!audio.has(unit)) audio.set(unit, await tryLoadAudio(holding, unit));
  for (const entry of changed) {
    const { unit, expected, look, judgement } = entry;
    if (look.kind !== "regular" || judgement.finding === undefined) continue;
    const recorded = expected.isEncrypted ? undefined : audio.get(unit)?.get(expected.path);
    const finding = nameChange(expected, judgement.finding, look, recorded);
    entry.judgement = { ...judgement, finding };
  }
}

/** A record of the audio that cannot be read has a finding of its own. */
async function tryLoadAudio(
  holding: Pick<Holding, "loadAudio">,
  unit: Unit,
): Promise<ReadonlyMap<string, StoredAudio>> {
  try {
    return (await holding.loadAudio?.(unit)) ?? new Map();
  } catch (error) {
    if (isHoldfastError(error)) return new Map();
    throw error;
  }
}

/** What is said of a file must be of the bytes that were found first. */
function isSame(again: Look | undefined, first: Look): again is RegularLook {
  return again?.kind === "regular" && first.kind === "regular" && again.digests[0] === first.digests[0];
}

/** Decodes what is sound so far. */
async function decodeSound(
  entries: readonly Entry[],
  { level, decode, signal }: InspectionOptions,
): Promise<ReadonlyMap<Entry, DecodeVerdict>> {
  if (level !== "deep") return NOTHING_DECODED;
  if (decode === undefined) throw new Error("internal error: level deep without a decoder");
  const sound = entries.flatMap((entry) => {
    const { look, judgement, expected } = entry;
    if (judgement.status !== "ok" || look.kind !== "regular" || look.identity === undefined) return [];
    return [{ entry, request: { path: expected.path, identity: look.identity, trace: look.trace } }];
  });
  const unpacked = sound.filter(({ entry }) => entry.expected.within === undefined);
  const packed = sound.filter(({ entry }) => entry.expected.within !== undefined);
  const verdicts = await decode(
    unpacked.map(({ request }) => request),
    signal,
  );
  return new Map([
    ...packed.map(({ entry, request }) => [entry, toPackedVerdict(request.identity)] as const),
    ...unpacked.map(({ entry }, index) => [entry, verdicts[index] ?? NOT_DECODED] as const),
  ]);
}

/** ffmpeg reads files by their paths, and what is no recording has nothing to be decoded. */
function toPackedVerdict({ structure }: Identity): DecodeVerdict {
  return structure === undefined || structure.samples === 0 ? NOT_DECODED : NOT_UNPACKED;
}

/** Opens what is encrypted and has its recorded digest, to look at what it holds. */
async function lookIntoEncrypted(
  holding: Pick<Holding, "lookInside">,
  entries: readonly Entry[],
  { level, looker, decode, signal }: InspectionOptions,
): Promise<ReadonlyMap<Entry, InsideLook>> {
  if (holding.lookInside === undefined || level === "presence" || level === "digest") return NOTHING_ENCRYPTED;
  const options = { looker, decode: level === "deep" ? decode : undefined, signal };
  const looks = new Map<Entry, InsideLook>();
  for (const entry of entries) {
    const { expected, judgement, unit, index } = entry;
    if (expected.isEncrypted && judgement.status === "ok")
      looks.set(entry, await holding.lookInside({ unit, index }, options));
  }
  return looks;
}

/** All fields are named here: objects that are made of others by spreading cost several times as much, for each file. */
function toVerdict(entry: Entry, decoded: DecodeVerdict | undefined, inside: InsideLook | undefined): FileVerdict {
  const { unit, index, expected, request, look, judgement } = entry;
  const { status, finding } = judgement;
  const isRead = look.kind === "regular" && request.algorithms.length > 0;
  const identity = toIdentity(look);
  const verdict: FileVerdict = {
    expected,
    status,
    sha256: isRead ? look.digests[request.algorithms.indexOf("sha256")] : undefined,
    level: toLevel(entry, decoded),
    bytesRead: isRead ? look.trace.sizeBytes : 0,
    audioSeconds: identity?.structure?.durationSeconds ?? 0,
    findings: NO_FINDINGS,
    suspect: finding === undefined ? undefined : { unit, index, finding, foundHex: toFoundHex(entry) },
    remarks: NO_REMARKS,
    undone: undefined,
    limit: undefined,
  };
  if (inside !== undefined) return withInside(verdict, inside);
  if (finding !== undefined || identity === undefined) return verdict;
  return withDecoded(
    expected.isUnrecorded ? judgeUnrecorded(verdict, identity) : tellDefects(verdict, identity),
    decoded,
  );
}

function withInside(verdict: FileVerdict, inside: InsideLook): FileVerdict {
  switch (inside.kind) {
    case "opened": {
      const { identity, decoded } = inside;
      const audioSeconds = identity.structure?.durationSeconds ?? 0;
      const level = decoded?.kind === "decoded" ? "deep" : "structure";
      return withDecoded(tellDefects({ ...verdict, level, audioSeconds }, identity), decoded);
    }
    case "closed":
      return { ...verdict, remarks: [`not looked into: ${inside.reason}`], limit: "digest" };
    case "failed":
      return { ...verdict, undone: inside.error, limit: "digest" };
    case "damaged":
      return { ...verdict, status: "damaged", findings: [inside.finding] };
  }
}

/** Tells how closely a file was looked at, which may be less than was asked for, or more. */
function toLevel({ request, look, judgement }: Entry, decoded: DecodeVerdict | undefined): VerifyLevel {
  if (look.kind !== "regular" || request.algorithms.length === 0) return "presence";
  if (judgement.status === "ok" && decoded?.kind === "decoded") return "deep";
  return request.identity && look.identity?.structure !== undefined ? "structure" : "digest";
}

/** The bytes are those that were stored; defects that they had then are told of again. */
function tellDefects(verdict: FileVerdict, { structure }: Identity): FileVerdict {
  if (structure === undefined || structure.defects.length === 0) return verdict;
  const findings = toDefectFindings(verdict.expected.path, structure.defects);
  return verdict.expected.isAsReceived ? withOwnDefects(verdict, findings) : { ...verdict, findings };
}

/** Its bytes are those that are recorded, so that what is wrong with them came with them. */
function withOwnDefects(verdict: FileVerdict, findings: readonly Finding[]): FileVerdict {
  const told = findings.map(({ message }) => `it was received so: ${message}`);
  return { ...verdict, remarks: [...verdict.remarks, ...told] };
}

function judgeUnrecorded(verdict: FileVerdict, identity: Identity): FileVerdict {
  const { findings, remarks } = judgeAlone(verdict.expected.path, identity);
  return { ...verdict, status: findings.length > 0 ? "damaged" : "ok", findings, remarks };
}

function withDecoded(verdict: FileVerdict, decoded: DecodeVerdict | undefined): FileVerdict {
  switch (decoded?.kind) {
    case "decoded": {
      const { findings } = decoded;
      if (verdict.expected.isAsReceived) return withOwnDefects(verdict, findings);
      return findings.length === 0
        ? verdict
        : { ...verdict, status: "damaged", findings: [...verdict.findings, ...findings] };
    }
    case "unreadable":
      return { ...verdict, status: "unreachable", findings: [...verdict.findings, decoded.finding] };
    case "undecodable":
      return { ...verdict, undone: new UndecodableError(verdict.expected.path, decoded.reason), limit: "structure" };
    default:
      return verdict;
  }
}

function toFoundHex({ expected, request, look }: Entry): string | undefined {
  const [digest] = expected.digests;
  return digest === undefined || look.kind !== "regular"
    ? undefined
    : look.digests[request.algorithms.indexOf(digest.algorithm)];
}

function toIdentity(look: Look): Identity | undefined {
  return look.kind === "regular" ? look.identity : undefined;
}
