import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { LedgerEvent } from "../../../src/core/ledger-event.ts";
import { Ledger, type OpenLedgerOptions } from "../../../src/ledger/ledger.ts";
import { type LedgerVerification, type VerifyLedgerOptions, verifyLedger } from "../../../src/ledger/verify-ledger.ts";
import { generateSigningKey, type SigningKey } from "../../../src/signing/signing-key.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

export const ARCHIVE_ID = "3f1c";

/** A ledger's folder, and what opens it. */
export interface TestLedger {
  readonly folder: string;
  readonly key: SigningKey;
  readonly events: string;
  open(options?: Partial<OpenLedgerOptions>): Promise<Ledger>;
  verify(options?: Partial<VerifyLedgerOptions>): Promise<LedgerVerification>;
  /** Replaces the lines of the events, which are given with their line feeds. */
  rewrite(change: (lines: string[]) => readonly string[]): Promise<void>;
  /** Opens, appends, signs if `signs`, and closes: one run. */
  run(events: readonly LedgerEvent[], signs?: boolean): Promise<void>;
  listCheckpoints(): Promise<readonly string[]>;
}

export async function makeTestLedger(): Promise<TestLedger> {
  const folder = join(await makeTemporaryFolder(), "ledger");
  const key = generateSigningKey();
  const events = join(folder, "events.ndjson");
  const open = (options: Partial<OpenLedgerOptions> = {}) => {
    const clock = { now: () => Date.parse("2026-03-01T10:00:00Z") };
    return Ledger.open(folder, {
      archiveId: ARCHIVE_ID,
      key,
      actor: "ada",
      run: "r1",
      clock,
      create: true,
      ...options,
    });
  };
  return {
    folder,
    key,
    events,
    open,
    verify: (options = {}) =>
      verifyLedger(folder, { archiveId: ARCHIVE_ID, publicKey: key.publicKey, anchors: [], ...options }),
    rewrite: async (change) => {
      const text = await readFile(events, "utf8");
      await writeFile(events, change(text.split(/(?<=\n)/)).join(""));
    },
    run: async (newEvents, signs = true) => {
      const ledger = await open();
      await ledger.append(newEvents);
      if (signs) await ledger.checkpoint();
      await ledger.close();
    },
    listCheckpoints: async () => (await readdir(join(folder, "checkpoints"))).sort(),
  };
}

/** Makes events of recordings. */
export function toEvents(count: number, first = 0): readonly LedgerEvent[] {
  return Array.from({ length: count }, (_, index) => ({ type: "fetched", subject: `rec_${first + index}` }) as const);
}
