import type { Sha256Hex } from "../core/digest.ts";
import type { RecordingState } from "../core/recording.ts";
import type { RecordingId } from "../core/recording-id.ts";

/** What the vendor says of one recording: in its list, or, where the list is silent, when asked for that one. */
export type VendorSide =
  | {
      readonly type: "has";
      readonly isListed: boolean;
      readonly callId: string;
      readonly status: RecordingState;
      readonly createdAtMs: number;
      readonly sha256: Sha256Hex | undefined;
    }
  /** It was asked for by its id, and the vendor does not know it: no longer, or not yet. */
  | { readonly type: "gone" }
  /** It was asked for by its id, and there was no answer. */
  | { readonly type: "unknown"; readonly error: unknown };

/** What all webhooks together say of one recording. */
export interface EventSide {
  readonly callId: string;
  /** The first and the last time that they name; none of them names the creation. */
  readonly earliestMs: number;
  readonly latestMs: number;
  readonly isCompleted: boolean;
  readonly isFailed: boolean;
  readonly sha256: Sha256Hex | undefined;
}

/** What the archive has of one recording: the catalogue's word, and whether the original is there with its size. */
export type ArchiveSide = {
  readonly callId: string;
  readonly createdAtMs: number;
  readonly sha256: Sha256Hex;
} & (
  | { readonly state: "whole" | "missing" }
  | { readonly state: "damaged"; readonly expectedBytes: number; readonly foundBytes: number }
  | { readonly state: "unknown"; readonly error: unknown }
);

/** The three sides. A recording that a side does not know is not in its map. */
export interface Sides {
  readonly vendor: ReadonlyMap<RecordingId, VendorSide>;
  readonly events: ReadonlyMap<RecordingId, EventSide>;
  readonly archive: ReadonlyMap<RecordingId, ArchiveSide>;
}

/** One recording as the three sides see it; at least one of them does. */
export interface RecordingSides {
  readonly vendor: VendorSide | undefined;
  readonly events: EventSide | undefined;
  readonly archive: ArchiveSide | undefined;
}

/** Gives one recording's place in each of the sides. */
export function toRecordingSides({ vendor, events, archive }: Sides, recordingId: RecordingId): RecordingSides {
  return { vendor: vendor.get(recordingId), events: events.get(recordingId), archive: archive.get(recordingId) };
}

/** Gives a digest that a webhook or the list names and the archive's original has not. */
export function findOtherDigest({ vendor, events, archive }: RecordingSides): Sha256Hex | undefined {
  const named = [events?.sha256, vendor?.type === "has" ? vendor.sha256 : undefined];
  return archive && named.find((sha256) => sha256 !== undefined && sha256 !== archive.sha256);
}

/** Gives when a recording was created, if a side that is told of it is there. */
export function toCreatedAtMs({ vendor, archive }: RecordingSides): number | undefined {
  return vendor?.type === "has" ? vendor.createdAtMs : archive?.createdAtMs;
}
