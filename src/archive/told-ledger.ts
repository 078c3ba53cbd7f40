import type { Ledger } from "../ledger/ledger.ts";

/** A ledger as those see it who tell it what they did. */
export type ToldLedger = Pick<Ledger, "append" | "size" | "vouch">;
