import type { StoredAudio } from "../archive/schema.ts";
import type { Digest } from "../core/digest.ts";
import type { Finding } from "../core/finding.ts";
import type { PlanFailure } from "../core/run-log.ts";
import type { CheckStatus, FileTrace, VerifyLevel } from "../core/verification.ts";
import type { FileSpan } from "../io/read-file.ts";
import type { Look } from "./look/look.ts";
import type { InsideLook, LookInsideOptions } from "./look-inside.ts";

/** One file that must be there, and what is recorded of it. */
export interface Expected {
  /** Where it lies; reports name it so, too. */
  readonly path: string;
  /** The part of another file that it is, where it lies in a container. @default it is a file of its own */
  readonly within?: FileSpan | undefined;
  /** Undefined where the record does not tell. */
  readonly sizeBytes: number | undefined;
  /** All of them must fit; none where the record has none that can be verified. */
  readonly digests: readonly Digest[];
  /** Whether nothing is recorded of it, so that it is judged by itself. @default false */
  readonly isUnrecorded?: boolean;
  /** Whether size and digests are of something encrypted; see {@link Holding.lookInside}. @default false */
  readonly isEncrypted?: boolean;
  /** What the file system said of it when its bytes were right; undefined where nobody noted it. */
  readonly trace?: FileTrace | undefined;
  /** Whether defects of its audio are those that it came with, so that they are told in remarks, while its bytes fit. @default false */
  readonly isAsReceived?: boolean;
  /** Whether the unit's {@link Unit.crossCheck} wants its text. @default false */
  readonly text?: boolean;
  /** What is known of why it may not be there, for its finding. @default nothing */
  readonly whenAbsent?: string;
}

/** Files that are verified together, such as those of one recording. */
export interface Unit {
  /** What a failure of all of them is told of: a recording's id, or the path of the only file. */
  readonly subject: string;
  readonly files: readonly Expected[];
  /** Holds what was seen of the files, in their order, against each other. Pure. */
  readonly crossCheck?: (looks: readonly Look[]) => readonly Finding[];
}

/** What a unit's files were found to be, in their order. */
export interface UnitOutcome {
  readonly unit: Unit;
  readonly level: VerifyLevel;
  readonly statuses: readonly CheckStatus[];
  readonly looks: readonly Look[];
  readonly findings: readonly Finding[];
  /** Whether its files do not fit together, though each may be what is recorded. */
  readonly hasContradiction: boolean;
  readonly checkedAtMs: number;
}

/** Something that stands among the files and that no record speaks of. */
export interface Stray {
  readonly path: string;
  /** As {@link Expected.within}. */
  readonly within?: FileSpan | undefined;
  /** False for a symbolic link, a pipe, a device. */
  readonly isRegular: boolean;
}

/**
 * A body of files with a record of what each must be: an archive, a sealed folder, somebody's list of checksums, a bag.
 * Opening one reads the record; nothing of the files has been looked at then.
 */
export interface Holding {
  /** What it is, in words for a headline: `archive`, `sealed folder`, `BagIt bag`, `checksum list`. */
  readonly noun: string;
  /** The folder, or the record, as reports name it. */
  readonly location: string;
  /** What is wrong with the record itself, such as a line that cannot be read or a path that leads elsewhere. */
  readonly findings: readonly Finding[];
  /** What of the record could not be read at all. @default none */
  readonly failures?: readonly PlanFailure[] | undefined;
  /** What a reader should know and what is no finding, a sentence each. */
  readonly remarks: readonly string[];
  /** How much {@link units} gives; nothing may be due. */
  readonly planned: { readonly files: number; readonly bytes: number | undefined };

  /** Gives the units, in the order in which they are to be looked at, in bounded memory. */
  units(): AsyncIterable<Unit>;

  /**
   * Gives what stands there unrecorded; undefined where other files are nobody's business, as beside a bare list.
   *
   * @throws {StorageUnavailableError} not all folders can be listed.
   */
  readonly strays?: (() => AsyncIterable<Stray>) | undefined;

  /**
   * Tells whether the place can be reached at all, so that files that are gone are told from a disk that is; asked whenever
   * something is missing.
   */
  isReachable(): Promise<boolean>;

  /** Gives the recorded identity of a unit's audio files, by path; asked for those that changed. */
  readonly loadAudio?: ((unit: Unit) => Promise<ReadonlyMap<string, StoredAudio>>) | undefined;

  /** Looks at what an encrypted file holds whose bytes are as recorded; there where files can be encrypted. */
  readonly lookInside?: ((file: UnitFile, options: LookInsideOptions) => Promise<InsideLook>) | undefined;

  /** Notes what was seen, durably soon: what is noted last before a crash may be lost, and is looked at again. */
  readonly note?: ((outcomes: readonly UnitOutcome[]) => Promise<void>) | undefined;

  /** Notes what was found beside the looks, soon: what stands there unrecorded, or what came of mending a file of `unit`. */
  readonly noteFindings?: ((findings: readonly Finding[], unit?: Unit) => Promise<void>) | undefined;

  /** Says for a script what was checked of each legal-hold package, and what was not; asked when the run has ended. */
  readonly packages?: (() => readonly PackageFacts[]) | undefined;

  /** Gives what shows only when all units have been noted, such as a total that does not fit; asked when all were looked at. */
  readonly conclude?: (() => readonly Finding[] | Promise<readonly Finding[]>) | undefined;
}

/** What came of checking a legal-hold package beside its files: of each check a `status`, and what goes with it; JSON-safe. */
export interface PackageFacts {
  readonly location: string;
  readonly case: string;
  /** What the sender can tell another way; null where it cannot be read. */
  readonly tagManifestSha256: string | null;
  readonly signature: Readonly<Record<string, unknown>>;
  readonly timeStamp: Readonly<Record<string, unknown>>;
  readonly custody: Readonly<Record<string, unknown>>;
  readonly loadFile: Readonly<Record<string, unknown>>;
}

/** One file of a unit, by its place. */
export interface UnitFile {
  readonly unit: Unit;
  readonly index: number;
}

/** Says that a disk is gone, and with it the files: none of them is missing. */
export function toUnreachable({ noun, location }: Pick<Holding, "noun" | "location">): Finding {
  const message = `the ${noun} cannot be reached: is its disk mounted? Nothing can be said of its files`;
  return { kind: "location-unreachable", subject: location, message, detail: {} };
}
