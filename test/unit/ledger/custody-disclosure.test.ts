import { expect, test } from "vitest";
import type { LedgerEvent } from "../../../src/core/ledger-event.ts";
import { extractCustody, SCOPE } from "./test-custody.ts";
import { ARCHIVE_ID } from "./test-ledger.ts";

/** Gives what the extract says of an event: `whole`, why it is withheld, or nothing. The ledger's first event is left aside. */
async function tell(events: readonly LedgerEvent[], holds: readonly number[] = []): Promise<readonly string[]> {
  const { texts } = await extractCustody(events, { holds: new Set(holds) });
  const lines = texts.map((text) => JSON.parse(text));
  return events.map((_, place) => {
    const line = lines.find(({ index }) => index === place + 1);
    if (line === undefined) return "left out";
    return "event" in line ? "whole" : line.withheld;
  });
}

const archive = (type: LedgerEvent["type"], detail: LedgerEvent["detail"]): LedgerEvent => {
  return { type, subject: ARCHIVE_ID, detail };
};
const named = (recordingIds: readonly string[], callIds: readonly string[] = []): LedgerEvent["detail"] => {
  return { criteria: { kind: "named", recordingIds, callIds } };
};
const held = (detail: LedgerEvent["detail"], subject = SCOPE.case): LedgerEvent => ({ type: "held", subject, detail });
const released = (holds: readonly number[], subject = SCOPE.case): LedgerEvent => {
  return { type: "released", subject, detail: { holds, reason: "settled", approvedBy: [] } };
};
const day = "recordings/2026/01/15";
const read = (subject: string, names: readonly string[], files = names.length): LedgerEvent => {
  return { type: "read", subject, detail: { command: "inspect", files, names } };
};

test("tells what was done to the recordings, and nothing of others", async () => {
  const types = [
    "adopted",
    "fetched",
    "converted",
    "healed",
    "quarantined",
    "removed",
    "purged",
    "key-destroyed",
  ] as const;
  const ours = types.map((type) => ({ type, subject: "rec_ada" }) as const);
  const others = types.map((type) => ({ type, subject: "rec_foreign" }) as const);
  expect(await tell([...ours, ...others])).toEqual([...types.map(() => "whole"), ...types.map(() => "left out")]);
});

test("tells of an export for another case that there was one, and of another recording's nothing", async () => {
  const exported = (subject: string, name?: string): LedgerEvent => ({
    type: "exported",
    subject,
    detail: { case: name },
  });
  expect(
    await tell([
      exported("rec_ada", SCOPE.case),
      exported("rec_ada", "foreign"),
      exported("rec_ada"),
      exported("rec_foreign", SCOPE.case),
    ]),
  ).toEqual(["whole", "another case", "another case", "left out"]);
});

test("tells of the case's holds that catch a recording, whole where they name nobody else", async () => {
  const events = [
    held(named(["rec_ada"], ["call_bob"])),
    held(named(["rec_ada", "rec_foreign"])),
    held(named([], ["call_ada", "call_foreign"])),
    held({ criteria: { kind: "matching", from: "+4930123456" } }),
    held(named(["rec_foreign"])),
    held(named(["rec_ada"]), "foreign"),
    held({ criteria: "?" }),
  ];
  const others = "may name others";
  expect(await tell(events, [1, 2, 3, 4, 6, 7])).toEqual([
    "whole",
    others,
    others,
    "whole",
    "left out",
    "left out",
    others,
  ]);
});

test("tells of a release as its holds were told: its statement lists what they name", async () => {
  const holds = [held(named(["rec_ada"])), held(named(["rec_ada", "rec_foreign"])), held(named(["rec_foreign"]))];
  const releases = [released([1]), released([1, 2]), released([1, 3]), released([3]), released([1], "foreign")];
  const told = await tell([...holds, ...releases], [1, 2]);
  expect(told.slice(3)).toEqual(["whole", "may name others", "may name others", "left out", "left out"]);
});

test("tells what concerns all of the archive, where it says nothing but numbers and known words", async () => {
  const tally = { ok: 3, damaged: 0 };
  expect(
    await tell([
      archive("verified", {
        level: "deep",
        request: "everything",
        outcome: "ok",
        counts: { done: 3 },
        tally,
        mended: 0,
      }),
      archive("verified", { level: "deep", recordings: ["rec_foreign"] }),
      archive("verified", { tally: { rec: "rec_foreign" } }),
      archive("reindexed", { indexed: 3, invalid: 0 }),
      { type: "verified", subject: "rec_foreign" },
    ]),
  ).toEqual(["whole", "may name others", "may name others", "whole", "left out"]);
});

test("does not tell the words of a ledger that took the place of a broken one", async () => {
  const previous = { reason: "the hold of rec_foreign was lost" };
  expect(await tell([archive("ledger-begun", { previous })])).toEqual(["replaces a broken ledger"]);
});

test("tells who read a recording, and not what else they read", async () => {
  const [ada, foreign] = [`${day}/rec_ada.mp3`, `${day}/rec_foreign.mp3`];
  expect(
    await tell([
      read("rec_ada", [ada, `${day}/rec_ada.json`, `${day}/rec_ada.opus-32k-16000.opus`]),
      read("rec_ada", [ada, foreign]),
      read("rec_ada", [ada], 2),
      read("rec_ada", [`${day}/rec_ada.b.mp3`]),
      read(ARCHIVE_ID, [ada, foreign]),
      read(ARCHIVE_ID, [foreign]),
      read(ARCHIVE_ID, [foreign], 30),
      read("rec_foreign", [foreign]),
    ]),
  ).toEqual([
    "whole",
    "may name others",
    "may name others",
    "may name others",
    "may name others",
    "left out",
    "may name others",
    "left out",
  ]);
});

test("tells of a key's use where it names one of the recordings", async () => {
  const used = (firstRecordingId: string) => archive("key-used", { keyId: "k", firstRecordingId });
  expect(await tell([used("rec_bob"), used("rec_foreign")])).toEqual(["whole", "left out"]);
});

test("does not tell what a type says that nobody has thought of", async () => {
  const later = (type: string, subject: string) => ({ type, subject, detail: { beside: "rec_foreign" } }) as never;
  const told = await tell([later("later", "rec_ada"), later("later", "rec_foreign"), later("toString", "rec_ada")]);
  expect(told).toEqual(["unknown type", "left out", "unknown type"]);
});

test("names no other recording, call or case, whatever the ledger has of them", async () => {
  const foreign = Array.from({ length: 40 }, (_, one): readonly LedgerEvent[] => [
    { type: "fetched", subject: `rec_foreign_${one}`, detail: { callId: `call_foreign_${one}` } },
    { type: "exported", subject: `rec_foreign_${one}`, detail: { case: SCOPE.case } },
    { type: "exported", subject: "rec_ada", detail: { case: `foreign ${one}` } },
    { type: "fetched", subject: "rec_bob", detail: { callId: "call_bob" } },
    held(named(["rec_ada", `rec_foreign_${one}`])),
    held(named(["rec_ada"]), `foreign ${one}`),
    read(ARCHIVE_ID, [`${day}/rec_ada.mp3`, `${day}/rec_foreign_${one}.mp3`]),
  ]).flat();
  const holds = new Set(foreign.flatMap(({ type }, place) => (type === "held" ? [place + 1] : [])));
  const { texts, entries } = await extractCustody(foreign, { holds });
  expect(texts).toHaveLength(1 + 4 * 40);
  expect(`${texts.join("")}${JSON.stringify(entries)}`).not.toContain("foreign");
});
