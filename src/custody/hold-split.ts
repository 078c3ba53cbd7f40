import type { HoldCriteria } from "../core/hold.ts";
import type { RecordingId } from "../core/recording-id.ts";

/** A line of the ledger is 1 MiB at most; what else stands in it takes far less than the other half. */
const MAX_PIECE_BYTES = 512 * 1024;
const MAX_PIECE_IDS = 1000;

/** Splits criteria into as many as it takes to give each an event of its own: lists may name hundreds of thousands. */
export function splitCriteria(criteria: HoldCriteria): readonly HoldCriteria[] {
  if (criteria.kind === "matching") return [criteria];
  return [
    ...splitIds(criteria.recordingIds).map((recordingIds) => toNamed(recordingIds, [])),
    ...splitIds(criteria.callIds).map((callIds) => toNamed([], callIds)),
  ];
}

function toNamed(recordingIds: readonly RecordingId[], callIds: readonly string[]): HoldCriteria {
  return { kind: "named", recordingIds, callIds };
}

function splitIds<T extends string>(ids: readonly T[]): readonly (readonly T[])[] {
  const pieces: T[][] = [];
  let pieceBytes = 0;
  for (const id of ids) {
    const idBytes = Buffer.byteLength(JSON.stringify(id)) + 1;
    const piece = pieces.at(-1);
    const isFull = piece === undefined || piece.length >= MAX_PIECE_IDS || pieceBytes + idBytes > MAX_PIECE_BYTES;
    if (isFull) pieces.push([id]);
    else piece.push(id);
    pieceBytes = isFull ? idBytes : pieceBytes + idBytes;
  }
  return pieces;
}
