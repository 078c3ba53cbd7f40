import { describe, expect, test } from "vitest";
import type { Catalogue, PendingSidecar } from "../../src/catalogue/catalogue.ts";
import type { ArchivedRecording } from "../../src/core/archived-file.ts";
import { parseSha256 } from "../../src/core/digest.ts";
import { parseRecordingId } from "../../src/core/recording-id.ts";
import { toStorageKey } from "../../src/core/storage-key.ts";

const SHA256 = parseSha256("ab".repeat(32));

function recording(id: string, createdAtMs = 0, sizes: readonly number[] = [1, 2]): ArchivedRecording {
  const recordingId = parseRecordingId(id);
  const files = sizes.map((sizeBytes, index) => ({
    key: toStorageKey("recordings", `${id}.${index}`),
    recordingId,
    role: index === 0 ? ("sidecar" as const) : ("original" as const),
    sizeBytes,
    sha256: SHA256,
    plain: index === 0 ? undefined : { sizeBytes: sizeBytes + 1, sha256: parseSha256("ef".repeat(32)) },
  }));
  return { recordingId, callId: `call of ${id}`, createdAtMs, call: undefined, storedAtMs: createdAtMs + 1, files };
}

function noteOf(id: string): PendingSidecar {
  const key = toStorageKey(`${id}.json`);
  return {
    recordingId: parseRecordingId(id),
    key,
    sha256: SHA256,
    originalSha256: SHA256,
    isKeyInSidecar: id === "a",
    ledgerSize: 7,
    proof: "signed",
  };
}

async function pendingOf(catalogue: Catalogue): Promise<readonly string[]> {
  return (await catalogue.pending()).map(({ recordingId }) => recordingId).toSorted();
}

async function idsOf(catalogue: Catalogue): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const id of catalogue.recordingIds()) ids.push(id);
  return ids;
}

/** What every driver of the catalogue port does. `open` gives a new, empty catalogue; the suite closes it. */
export function describeCatalogue(name: string, open: () => Promise<Catalogue>): void {
  const withCatalogue = (work: (catalogue: Catalogue) => Promise<void>) => async () => {
    const catalogue = await open();
    await work(catalogue).finally(() => catalogue.close());
  };

  describe(name, () => {
    test(
      "gives back what was put, and nothing for what was not",
      withCatalogue(async (catalogue) => {
        await catalogue.put([recording("a", 5)]);
        expect(await catalogue.find(parseRecordingId("a"))).toEqual(recording("a", 5));
        expect(await catalogue.find(parseRecordingId("b"))).toBeUndefined();
      }),
    );

    test.each([
      { from: "+4930123456", to: "sip:+4940@pbx", direction: "outbound" as const },
      { from: undefined, to: "'; DROP TABLE recordings; --", direction: undefined },
      { from: undefined, to: undefined, direction: "inbound" as const },
    ])("gives back what is known of the call: %j", (call) =>
      withCatalogue(async (catalogue) => {
        await catalogue.put([{ ...recording("a"), call }, recording("b")]);
        expect((await catalogue.find(parseRecordingId("a")))?.call).toEqual(call);
        expect((await catalogue.find(parseRecordingId("b")))?.call).toBeUndefined();
        await catalogue.put([recording("a")]);
        expect((await catalogue.find(parseRecordingId("a")))?.call).toBeUndefined();
      })(),
    );

    test(
      "tells which keys are not known, in the order in which it was asked",
      withCatalogue(async (catalogue) => {
        await catalogue.put([recording("a"), recording("b")]);
        const keys = ["recordings/z.0", "recordings/b.1", "recordings/a.2", "recordings/a.1"].map((key) =>
          toStorageKey(key),
        );
        expect(await catalogue.unknownAmong(keys)).toEqual([keys[0], keys[2]]);
        expect(await catalogue.unknownAmong([])).toEqual([]);
      }),
    );

    test(
      "a second put replaces the first, files included",
      withCatalogue(async (catalogue) => {
        await catalogue.put([recording("a", 0, [1, 2, 3])]);
        await catalogue.put([recording("a", 9, [7])]);
        expect(await catalogue.find(parseRecordingId("a"))).toEqual(recording("a", 9, [7]));
        expect(await catalogue.summarise()).toEqual({ recordings: 1, files: 1, bytes: 7 });
      }),
    );

    test(
      "ids come oldest first, each once, over more than a page",
      withCatalogue(async (catalogue) => {
        const ids = Array.from({ length: 2100 }, (_, index) => `r${String(index).padStart(4, "0")}`);
        await catalogue.put(ids.toReversed().map((id) => recording(id, -Math.floor(Number(id.slice(1)) / 3), [])));
        const found = await idsOf(catalogue);
        expect(found.length).toBe(2100);
        expect(new Set(found).size).toBe(2100);
        expect(found.slice(0, 3)).toEqual(["r2097", "r2098", "r2099"]);
      }),
    );

    test(
      "a note about a sidecar stands until it is put or dropped",
      withCatalogue(async (catalogue) => {
        await catalogue.intend([noteOf("a"), noteOf("b"), noteOf("c")]);
        expect(await pendingOf(catalogue)).toEqual(["a", "b", "c"]);
        await catalogue.put([recording("a"), recording("c")]);
        expect(await pendingOf(catalogue)).toEqual(["b"]);
        await catalogue.drop(parseRecordingId("b"));
        expect(await catalogue.pending()).toEqual([]);
      }),
    );

    test(
      "a later note about the same sidecar takes the place of the earlier",
      withCatalogue(async (catalogue) => {
        await catalogue.intend([noteOf("a")]);
        const later = { ...noteOf("a"), sha256: parseSha256("cd".repeat(32)) };
        await catalogue.intend([later]);
        expect(await catalogue.pending()).toEqual([later]);
      }),
    );

    test(
      "of several rows all are written or none",
      withCatalogue(async (catalogue) => {
        await catalogue.intend([noteOf("a"), noteOf("b")]);
        const [a, b] = [recording("a"), recording("b")];
        // A file belongs to one recording.
        await expect(catalogue.put([a, { ...b, files: a.files }])).rejects.toThrow();
        expect(await catalogue.summarise()).toEqual({ recordings: 0, files: 0, bytes: 0 });
        expect(await pendingOf(catalogue)).toEqual(["a", "b"]);
      }),
    );

    test(
      "nothing at all can be noted and put",
      withCatalogue(async (catalogue) => {
        await catalogue.intend([]);
        await catalogue.put([]);
        expect(await catalogue.summarise()).toEqual({ recordings: 0, files: 0, bytes: 0 });
      }),
    );

    test(
      "is as reliable as it was said to be, and not at all when cleared",
      withCatalogue(async (catalogue) => {
        expect(await catalogue.state()).toBe("incomplete");
        await catalogue.put([recording("a")]);
        for (const state of ["rebuilt", "complete"] as const) {
          await catalogue.setState(state);
          expect(await catalogue.state()).toBe(state);
        }
        await catalogue.clear();
        expect(await catalogue.state()).toBe("incomplete");
        expect(await catalogue.summarise()).toEqual({ recordings: 0, files: 0, bytes: 0 });
      }),
    );
  });
}
