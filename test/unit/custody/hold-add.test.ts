import { expect, test } from "vitest";
import { HoldPreventsError } from "../../../src/archive/errors.ts";
import { parseRecordingId } from "../../../src/core/recording-id.ts";
import { planHold } from "../../../src/custody/hold-add.ts";
import { listHolds } from "../../../src/custody/hold-list.ts";
import { countCaught } from "../../../src/custody/hold-survey.ts";
import { hold, named, openHeldArchive, RUN, store } from "./held-archive.ts";

const ALL = { case: undefined, recordingId: undefined, withReleased: false } as const;

test("a hold by name says what it catches now, and holds what comes later", async () => {
  const archive = await openHeldArchive({ rec_1: {}, rec_2: { callId: "call_2" }, rec_3: { callId: "call_3" } });
  const { plan: _, ...result } = await hold(archive, "Smith", named(["rec_1", "rec_9"], ["call_2"]));
  expect(result).toMatchObject({ outcome: "ok", status: "held", certain: 2, undecidable: 0, notInArchive: ["rec_9"] });
  await store(archive, "rec_9", { callId: "call_9" });
  for (const id of ["rec_1", "rec_2", "rec_9"]) {
    await expect(archive.assertFree(parseRecordingId(id), "remove")).rejects.toThrow(HoldPreventsError);
  }
  await archive.assertFree(parseRecordingId("rec_3"), "remove");
});

test("a hold by number counts what it cannot tell as held, and says so", async () => {
  const archive = await openHeldArchive({
    known: { from: "+49301234567" },
    other: { from: "+49307654321" },
    silent: {},
  });
  const { certain, undecidable } = await hold(archive, "Smith", { kind: "matching", from: "0049 30 1234567" });
  expect([certain, undecidable]).toEqual([1, 1]);
  await store(archive, "later", { from: "tel:+49-30-1234567" });
  for (const id of ["known", "silent", "later"]) {
    await expect(archive.assertFree(parseRecordingId(id), "purge")).rejects.toThrow(HoldPreventsError);
  }
  await archive.assertFree(parseRecordingId("other"), "purge");
});

test("what the case holds is not held a second time, and only what is new is added", async () => {
  const archive = await openHeldArchive();
  await hold(archive, "Smith", named(["rec_1", "rec_2"]));
  const before = archive.ledger.size;
  expect(await hold(archive, "Smith", named(["rec_2", "rec_1"]))).toMatchObject({ status: "already-held", events: [] });
  expect(archive.ledger.size).toBe(before);
  const wider = await hold(archive, "Smith", named(["rec_2", "rec_3"]));
  expect(wider).toMatchObject({ status: "held", alreadyNamed: 1, plan: { added: [named(["rec_3"])] } });
  expect(await hold(archive, "Jones", named(["rec_1"]))).toMatchObject({ status: "held" });
  const matching = { kind: "matching", sinceMs: 1 } as const;
  expect(await hold(archive, "Smith", matching)).toMatchObject({ status: "held" });
  expect(await hold(archive, "Smith", matching)).toMatchObject({ status: "already-held" });
  expect(await hold(archive, "Smith", { ...matching, untilMs: 2 })).toMatchObject({ status: "held" });
});

test("all recordings are counted in one go, without a look-up for each", async () => {
  const archive = await openHeldArchive({ rec_1: {}, rec_2: { callId: "call_2" } });
  const whole = { recordings: () => archive.recordings(), catalogued: () => expect.fail("looked up") };
  const criteria = [{ kind: "matching", sinceMs: 0 } as const, named(["rec_1"]), named([], ["call_2"])];
  const counts = await countCaught(whole, criteria);
  expect(counts.map(({ certain, undecidable }) => certain + undecidable)).toEqual([2, 1, 1]);
  const looked = { recordings: () => expect.fail("gone through"), catalogued: archive.catalogued.bind(archive) };
  expect(await countCaught(looked, [named(["rec_2", "rec_9"])])).toEqual([{ certain: 1, undecidable: 0 }]);
});

test("planning writes nothing", async () => {
  const archive = await openHeldArchive({ rec_1: {} });
  const before = archive.ledger.size;
  await planHold({ archive }, { case: "Smith", criteria: named(["rec_1"]), reason: undefined });
  expect([archive.ledger.size, (await archive.holds()).holds]).toEqual([before, []]);
});

test("a list of any size becomes events that each fit a line, and is listed as one hold", async () => {
  const archive = await openHeldArchive({ rec_7: {} });
  const ids = Array.from({ length: 2500 }, (_, index) => `rec_${index}`);
  const long = Array.from({ length: 600 }, (_, index) => `${"\u20ac".repeat(500)}${index}`);
  expect(await hold(archive, "Smith", named(ids))).toMatchObject({
    events: [expect.any(Number), expect.any(Number), expect.any(Number)],
  });
  const { events = [] } = await hold(archive, "Jones", named([], long));
  expect(events.length).toBe(2);
  const { results } = await listHolds({ archive }, ALL, RUN);
  expect(results.map(({ subject, certain, criteria }) => [subject, certain, criteria])).toEqual([
    ["Smith", 1, named(ids)],
    ["Jones", 0, named([], long)],
  ]);
});

test("a recording that was removed is counted no more", async () => {
  const archive = await openHeldArchive({ rec_1: {}, rec_2: {} });
  const located = await archive.findCatalogued(parseRecordingId("rec_1"));
  await archive.remove(located, { removedBy: "ada", reason: "five years" });
  const result = await hold(archive, "Smith", named(["rec_1", "rec_2"]));
  expect(result).toMatchObject({ certain: 1, removed: ["rec_1"], notInArchive: [] });
  expect(await hold(archive, "Jones", named([], ["call_1"]))).toMatchObject({ certain: 1 });
});

test("asked for one recording, the list tells what holds it and how sure that is", async () => {
  const archive = await openHeldArchive({ rec_1: {} });
  await hold(archive, "Smith", named(["rec_1"]));
  await hold(archive, "Jones", { kind: "matching", from: "+49301234567" });
  await hold(archive, "Brown", named(["rec_2"]));
  const list = async (id: string) => {
    const { results } = await listHolds({ archive }, { ...ALL, recordingId: parseRecordingId(id) }, RUN);
    return results.map(({ subject, certainty }) => [subject, certainty]);
  };
  expect(await list("rec_1")).toEqual([
    ["Smith", "certain"],
    ["Jones", "undecidable"],
  ]);
  expect(await list("rec_99")).toEqual([["Jones", "undecidable"]]);
});

test("a case that nothing was ever held for is told from one that holds nothing", async () => {
  const archive = await openHeldArchive();
  await hold(archive, "Smith", named(["rec_1"]));
  const listing = listHolds({ archive }, { ...ALL, case: "Smiht" }, RUN);
  await expect(listing).rejects.toMatchObject({ code: "NOTHING_TO_DO", hint: expect.stringContaining("Smith") });
});
