import { test } from "vitest";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import {
  type FaultyVendorOptions,
  FOR_GOOD,
  FROM_TIME_TO_TIME,
  openFaultyVendor,
  toPermanentFaults,
} from "./faulty-vendor.ts";
import { type DirectFetch, expectTrueFetches, fetchDirectly, type Rounds } from "./fetch-through-faults.ts";

const SEED = Number(process.env["FAULT_SEED"] ?? 2);
const RECORDINGS = Number(process.env["FAULT_RECORDINGS"] ?? 100);

type Case = DirectFetch & Pick<Rounds, "grade"> & Pick<FaultyVendorOptions, "without" | "reprDigest">;

/** The account's list states no sizes and no total: neither an early end nor a row that it leaves out can be known. */
const UNTOLD_BY_ACCOUNT = ["short", "short-chunked", "row-dropped", "row-appears"] as const;

const CASES: readonly Case[] = [
  // That bytes in the middle of a recording are others does not show in its size.
  { dialect: "documented", grade: "size-only", readsTwice: false, without: ["flip"] },
  { dialect: "documented", grade: "http-digest", readsTwice: false, reprDigest: true },
  { dialect: "documented", grade: "two-reads", readsTwice: true },
  { dialect: "account", grade: "two-reads", readsTwice: true, without: UNTOLD_BY_ACCOUNT },
];

test.each(CASES)(
  `${RECORDINGS} recordings of the $dialect list, $grade, end right or in a true failure (FAULT_SEED=${SEED})`,
  async ({ dialect, grade, readsTwice, ...faulty }) => {
    const faults = `${toPermanentFaults(FOR_GOOD, 0.003)},${FROM_TIME_TO_TIME},mix@0.01`;
    const vendor = await openFaultyVendor({ seed: SEED, recordings: RECORDINGS, faults, ...faulty });
    const fetch = { fetch: fetchDirectly({ dialect, readsTwice }, SEED), cwd: await makeTemporaryFolder() };
    await expectTrueFetches(vendor, fetch, { grade, dialect, count: 2 });
  },
  300_000,
);
