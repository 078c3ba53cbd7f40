import { expect, test } from "vitest";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { FOR_GOOD, FROM_TIME_TO_TIME, openFaultyVendor, toPermanentFaults } from "./faulty-vendor.ts";
import { expectTrueFetches, fetchByCommand } from "./fetch-through-faults.ts";

const SEED = Number(process.env["FAULT_SEED"] ?? 1);
const RECORDINGS = Number(process.env["FAULT_RECORDINGS"] ?? 500);
const ROUNDS = Number(process.env["FAULT_ROUNDS"] ?? 1);

test(`${RECORDINGS} recordings with webhooks and through all faults end right or in a true failure (FAULT_SEED=${SEED})`, async () => {
  const forGood = toPermanentFaults([...FOR_GOOD, "flip", "wrong-digest"], 0.003);
  const vendor = await openFaultyVendor({
    seed: SEED,
    recordings: RECORDINGS,
    faults: `${forGood},${FROM_TIME_TO_TIME},mix@0.005`,
    reprDigest: true,
  });
  const fetch = { fetch: fetchByCommand, cwd: await makeTemporaryFolder() };
  await expectTrueFetches(vendor, fetch, { grade: "vendor-digest", dialect: "documented", count: ROUNDS });
  expect(vendor.sandbox.faultCounts.size).toBeGreaterThan(28);
}, 300_000);
