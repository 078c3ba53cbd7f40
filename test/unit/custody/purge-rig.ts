import { join } from "node:path";
import { onTestFinished } from "vitest";
import type { Archive } from "../../../src/archive/archive.ts";
import { Pace } from "../../../src/async/pace.ts";
import { openSource } from "../../../src/compose.ts";
import { openCopyPlace, toWhereabouts } from "../../../src/compose-copies.ts";
import type { LedgerEntry } from "../../../src/core/ledger-event.ts";
import { parseRecordingId } from "../../../src/core/recording-id.ts";
import { Secret } from "../../../src/core/secret.ts";
import type { CheckStatus, VerifyLevel } from "../../../src/core/verification.ts";
import type { CopyPlace } from "../../../src/custody/purge-copies.ts";
import { type PurgeRules, planPurge } from "../../../src/custody/purge-plan.ts";
import { type PurgeReport, runPurge } from "../../../src/custody/purge-run.ts";
import { type DeletableRecording, type DeletingVendor, openDeletingVendor } from "../../helpers/deleting-vendor.ts";
import { makeWav, tone } from "../../helpers/make-wav.ts";
import { openTestArchive, TEST_CLOCK } from "../../helpers/open-test-archive.ts";
import { storeRecording } from "../../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { TEST_CUSTODIAN } from "../../helpers/test-custodian.ts";

const DAY_MS = 86_400_000;
const RULES: PurgeRules = { copies: 1, verifiedWithinMs: 7 * DAY_MS, olderThanMs: 3 * DAY_MS };

/** A look at a recording of the rig. */
export interface Verified {
  readonly daysAgo: number;
  readonly level?: VerifyLevel;
  readonly status?: CheckStatus;
}

/** An archive, a vendor that has the same recordings, and what is between them. */
export interface PurgeRig {
  readonly archive: Archive;
  readonly folder: string;
  readonly vendor: DeletingVendor;
  /** Of every recording. */
  readonly bytes: Buffer;
  purge(options?: PurgeWish): Promise<PurgeReport>;
  openCopy(place: string): Promise<CopyPlace>;
  events(): Promise<readonly LedgerEntry[]>;
}

/** What is asked of a purge. */
export interface PurgeWish {
  readonly rules?: Partial<PurgeRules>;
  readonly places?: readonly CopyPlace[];
  readonly isApplied?: boolean;
  readonly signal?: AbortSignal;
}

/** A recording that archive and vendor have; a day ago it was found ok at level structure, if nothing else is said. */
export type RigRecording = Partial<DeletableRecording> & {
  readonly id: string;
  readonly verified?: readonly Verified[];
  /** How many bytes its end lacks. @default 0 */
  readonly lostBytes?: number;
};

/** Stores recordings, notes how they were verified, and starts a vendor that has them too. */
export async function openPurgeRig(
  recordings: readonly RigRecording[],
  vendorOptions: Parameters<typeof openDeletingVendor>[1] = {},
): Promise<PurgeRig> {
  const folder = await makeTemporaryFolder();
  const archive = await openTestArchive(folder);
  const bytes = makeWav([tone(2000, 440)]);
  const vendor = await openDeletingVendor(
    recordings.map((one) => ({ sizeBytes: bytes.length - (one.lostBytes ?? 0), ...one })),
    vendorOptions,
  );
  const verify = async (id: string, { daysAgo, level = "structure", status = "ok" }: Verified) => {
    const checkedAtMs = TEST_CLOCK.now() - daysAgo * DAY_MS;
    const check = { recordingId: parseRecordingId(id), runId: "then", level, status, checkedAtMs, traces: {} };
    await archive.checks.note([check], []);
  };
  for (const { id, verified = [{ daysAgo: 1 }], lostBytes = 0 } of recordings) {
    await storeRecording(archive, id, bytes.subarray(0, bytes.length - lostBytes));
    for (const look of verified) await verify(id, look);
  }
  const settings = { baseUrl: vendor.baseUrl, auth: "token", dialect: "documented", accountId: undefined } as const;
  const source = await openSource(
    { ...settings, allowPrivateHosts: [], timeoutSeconds: 0.3 } as unknown as Parameters<typeof openSource>[0],
    { apiKey: new Secret("the-secret-key"), clock: TEST_CLOCK },
  );
  onTestFinished(() => source.close());

  const purge = async ({ rules = {}, places = [], isApplied = true, signal }: PurgeWish = {}) => {
    const plan = await planPurge({ archive }, {});
    const patience = { attempts: 2, firstDelayMs: 1, maxDelayMs: 1, random: () => 0 };
    const pace = new Pace({ concurrency: 8, firstPauseMs: 1, maxPauseMs: 1, random: () => 0, clock: TEST_CLOCK });
    return runPurge({ archive, source, places, locate: toWhereabouts(archive) }, plan, {
      ...{ rules: { ...RULES, ...rules }, isApplied, signatory: TEST_CUSTODIAN, concurrency: 8, clock: TEST_CLOCK },
      ...{ pace, retry: patience, signal },
    });
  };
  const events = async () => {
    const entries: LedgerEntry[] = [];
    for await (const entry of archive.ledger.find(["purge-intended", "purged"])) entries.push(entry);
    return entries;
  };
  const openCopy = async (place: string) => {
    const copy = await openCopyPlace(place, { archive, settings: { timeoutSeconds: 5 } });
    onTestFinished(() => copy.close());
    return copy;
  };
  return { archive, folder: join(folder, "archive"), vendor, bytes, purge, openCopy, events };
}
