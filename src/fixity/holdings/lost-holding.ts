import type { Holding } from "../holding.ts";

/** Stands for a place at which there is nothing to be seen of what should be there. */
export function toLostHolding(noun: string, location: string): Holding {
  return {
    noun,
    location,
    findings: [],
    remarks: [],
    planned: { files: 0, bytes: 0 },
    units: async function* () {},
    isReachable: async () => false,
  };
}
