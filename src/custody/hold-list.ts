import type { Archive } from "../archive/archive.ts";
import type { Certainty } from "../archive/hold-index.ts";
import type { Hold } from "../core/hold.ts";
import type { RecordingId } from "../core/recording-id.ts";
import type { RunReport } from "../core/report.ts";
import { RunLog, type RunOptions } from "../core/run-log.ts";
import { assertKnownCase } from "./hold-cases.ts";
import { groupHolds, type HoldGroup } from "./hold-group.ts";
import { type HoldRecord, toHoldRecord } from "./hold-record.ts";
import { type CaughtCount, countCaught, type SurveyedArchive } from "./hold-survey.ts";

/** Where holds are looked up. */
export interface HoldListPorts {
  readonly archive: SurveyedArchive & Pick<Archive, "holds">;
}

/** Which holds are asked for. */
export interface HoldListRequest {
  readonly case: string | undefined;
  /** Only those that catch this recording. */
  readonly recordingId: RecordingId | undefined;
  /** Those that were let go as well. */
  readonly withReleased: boolean;
}

/** One hold, and how many recordings of the archive it catches. */
export interface HoldListResult extends HoldRecord, CaughtCount {
  readonly subject: string;
  readonly case: string;
  readonly status: "held" | "released";
  /** How sure it is that the recording that was asked about is meant. */
  readonly certainty?: Certainty;
}

/**
 * Lists holds in the order in which they were added. Changes nothing.
 *
 * @throws {NothingToDoError} nothing was ever held for the case.
 */
export async function listHolds(
  { archive }: HoldListPorts,
  request: HoldListRequest,
  options: RunOptions,
): Promise<RunReport<HoldListResult>> {
  const log = new RunLog<HoldListResult>(options);
  const { holds, certainties } = await choose(archive, request);
  const groups = groupHolds(holds);
  const standing = groups.filter(({ release }) => release === undefined);
  const criteria = standing.map((group) => group.criteria);
  const counts = await countCaught(archive, criteria, options.signal);
  const countOf = new Map(standing.map((group, index) => [group, counts[index]]));
  log.planned(groups.length, []);
  for (const group of groups) {
    const certainty = worstOf(group.events.map((seq) => certainties.get(seq)));
    const result = toResult(group, countOf.get(group) ?? { certain: 0, undecidable: 0 }, certainty);
    log.ended({ type: "done", result, bytes: 0, audioSeconds: 0 });
  }
  return log.toReport("completed");
}

interface Chosen {
  readonly holds: readonly Hold[];
  readonly certainties: ReadonlyMap<number, Certainty>;
}

async function choose(
  archive: HoldListPorts["archive"],
  { case: name, recordingId, withReleased }: HoldListRequest,
): Promise<Chosen> {
  const book = await archive.holds();
  if (name !== undefined) assertKnownCase(book.holds, name);
  const isAskedFor = (hold: Hold) => name === undefined || hold.case === name;
  if (recordingId === undefined) {
    const holds = book.holds.filter((hold) => isAskedFor(hold) && (withReleased || hold.release === undefined));
    return { holds, certainties: new Map() };
  }
  const subject = (await archive.catalogued(recordingId)) ?? { recordingId };
  const catches = book.catching(subject).filter(({ hold }) => isAskedFor(hold));
  const certainties = new Map(catches.map(({ hold, certainty }) => [hold.seq, certainty]));
  return { holds: catches.map(({ hold }) => hold), certainties };
}

/** Of a hold that has several events one may name the recording, and another a call that it may be of. */
function worstOf(certainties: readonly (Certainty | undefined)[]): Certainty | undefined {
  return certainties.includes("certain") ? "certain" : certainties[0];
}

function toResult(group: HoldGroup, count: CaughtCount, certainty: Certainty | undefined): HoldListResult {
  return {
    subject: group.case,
    case: group.case,
    status: group.release === undefined ? "held" : "released",
    ...toHoldRecord(group),
    ...count,
    ...(certainty === undefined ? {} : { certainty }),
  };
}
