/** Whether a call came in to the account or went out from it. */
export const DIRECTIONS = ["inbound", "outbound"] as const;
export type Direction = (typeof DIRECTIONS)[number];

/** Who called whom, as the vendor writes it and unchecked; undefined where it does not tell. */
export interface CallDetails {
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly direction: Direction | undefined;
}

/**
 * Takes what is known of a call out of a record that has more.
 *
 * @returns undefined when nothing of it is known.
 */
export function toCallDetails({ from, to, direction }: Partial<CallDetails>): CallDetails | undefined {
  const isUnknown = from === undefined && to === undefined && direction === undefined;
  return isUnknown ? undefined : { from, to, direction };
}
