import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { LedgerEntry, LedgerEvent } from "../../../src/core/ledger-event.ts";
import { makeTestLedger } from "./test-ledger.ts";

/** More than a chunk of the reader, so that lines lie across its ends. */
const EVENTS = 9000;

test("finds what reading all finds, across chunks, in order, and also what was just appended", async () => {
  const rig = await makeTestLedger();
  const ledger = await rig.open();
  const events = Array.from({ length: EVENTS }, (_, index): LedgerEvent => {
    const type = index % 97 === 0 ? "held" : index % 101 === 0 ? "released" : "fetched";
    return {
      type,
      subject: `rec_${index}`,
      detail: { note: '"type":"held"', inner: { type: "held" }, long: "x".repeat(index % 400) },
    };
  });
  await ledger.append(events);
  const all: LedgerEntry[] = [];
  for await (const entry of ledger.entries()) if (entry.type === "held" || entry.type === "released") all.push(entry);
  const found: LedgerEntry[] = [];
  for await (const entry of ledger.find(["released", "held"])) found.push(entry);
  expect(found).toEqual(all);
  expect(found).toHaveLength(93 + 89);
  await ledger.append([{ type: "held", subject: "last" }]);
  let last: LedgerEntry | undefined;
  for await (const entry of ledger.find(["held"])) last = entry;
  expect(last?.subject).toBe("last");
  await ledger.close();
  for (const cache of ["hashes", "offsets"]) await rm(join(rig.folder, cache));
  const again = await rig.open();
  expect((await again.entry(EVENTS)).subject).toBe(`rec_${EVENTS - 1}`);
  await again.close();
});

test("a type that is written with escapes is no event, rather than one that is not found", async () => {
  const rig = await makeTestLedger();
  await rig.run([]);
  await rig.rewrite((lines) => [
    ...lines,
    (lines[0] ?? "").replace('"seq":0', '"seq":1').replace("ledger-begun", "he\\u006cd"),
  ]);
  expect((await rig.verify()).findings).toMatchObject([{ message: /^no event stands where event 1 must be/ }]);
});
