import { buffer } from "node:stream/consumers";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "../../src/core/clock.ts";
import { parseRecordingId } from "../../src/core/recording-id.ts";
import { VendorNotFoundError, VendorUnauthorizedError, VendorUnsupportedError } from "../../src/vendor/errors.ts";
import { HttpTransport } from "../../src/vendor/http/http-transport.ts";
import { type Download, openDownload } from "../../src/vendor/http/open-download.ts";
import type { CallOptions, ListFilter, RecordingSource } from "../../src/vendor/recording-source.ts";

/** A recording that the vendor under test holds. */
export interface HeldRecording {
  readonly recordingId: string;
  readonly callId: string;
  readonly createdAtMs: number;
  readonly bytes: Uint8Array;
}

/** A driver joined to a vendor that holds what was asked for. */
export interface SourceFixture {
  readonly source: RecordingSource;
  /** Whether the key is exchanged for a token, of which there can be a new one. */
  readonly exchangesKey: boolean;
  close(): Promise<void>;
}

const START_MS = Date.parse("2024-01-15T10:00:00Z");

/** More than two pages of any driver; three recordings to a call, ids that are no file names among them. */
const HELD: readonly HeldRecording[] = Array.from({ length: 230 }, (_, index) => ({
  recordingId: index % 10 === 0 ? `rec/${index}:é ?` : `rec_${index}`,
  callId: `call_${Math.floor(index / 3)}`,
  createdAtMs: START_MS - index * 60_000,
  bytes: Buffer.alloc(100_000 + index, index),
}));
const UNKNOWN = parseRecordingId("rec_unknown");

/** Says what every {@link RecordingSource} keeps to. `open` is called before each test. */
export function describeRecordingSource(
  name: string,
  open: (held: readonly HeldRecording[]) => Promise<SourceFixture>,
): void {
  describe(`${name} as a RecordingSource`, () => {
    let fixture: SourceFixture;
    let transport: HttpTransport;
    beforeEach(async () => {
      fixture = await open(HELD);
      const baseUrl = fixture.source.traits.origin;
      transport = new HttpTransport({ baseUrl, timeoutMs: 5000, clock: systemClock });
    });
    afterEach(async () => {
      await transport.close();
      await fixture.close();
    });

    /** Downloads as the transfer of a fetch does: from the address that the source gives, over its own connections. */
    const download = async (recordingId: string, options: CallOptions = {}): Promise<Download> => {
      const { url, headers } = await fixture.source.locate(parseRecordingId(recordingId), options);
      return openDownload(transport.send, { url: new URL(url), headers, subject: recordingId, ...options });
    };

    const listIds = async (filter: ListFilter): Promise<string[]> => {
      const ids: string[] = [];
      for await (const { recordingId } of fixture.source.list(filter)) ids.push(recordingId);
      return ids;
    };
    const idsOf = (held: readonly HeldRecording[]): string[] => held.map(({ recordingId }) => recordingId).sort();

    it("names itself and the origin of the key", () => {
      const { traits } = fixture.source;
      expect(traits.name).not.toBe("");
      expect(new URL(traits.origin).origin).toBe(traits.origin);
    });

    it("lists every recording once", async () => {
      expect((await listIds({})).sort()).toEqual(idsOf(HELD));
    });

    it("lists the recordings of one call", async () => {
      expect((await listIds({ callId: "call_5" })).sort()).toEqual(idsOf(HELD.slice(15, 18)));
    });

    it("lists from since, inclusive, to until, exclusive", async () => {
      const [untilMs, sinceMs] = [HELD[60]?.createdAtMs, HELD[180]?.createdAtMs];
      expect((await listIds({ sinceMs, untilMs })).sort()).toEqual(idsOf(HELD.slice(61, 181)));
      const justAfterMs = START_MS - 180 * 60_000 + 1;
      expect((await listIds({ sinceMs: justAfterMs, untilMs })).sort()).toEqual(idsOf(HELD.slice(61, 180)));
    });

    it("lists nothing when there is nothing", async () => {
      expect(await listIds({ callId: "call_unknown" })).toEqual([]);
    });

    it("stops listing when the reader stops", async () => {
      for await (const { recordingId } of fixture.source.list({})) {
        expect(idsOf(HELD)).toContain(recordingId);
        break;
      }
      expect(await listIds({ callId: "call_0" })).toHaveLength(3);
    });

    it.each([0, 1, 229])("gets recording %i by its id, as it is listed", async (index) => {
      const held = HELD[index] as HeldRecording;
      const recording = await fixture.source.get(parseRecordingId(held.recordingId));
      expect(recording).toMatchObject({
        recordingId: held.recordingId,
        callId: held.callId,
        createdAtMs: held.createdAtMs,
        status: "completed",
      });
    });

    it("downloads bytes as they are held, several at a time", async () => {
      const some = HELD.slice(0, 12);
      const read = some.map(async ({ recordingId }) => {
        const { chunks } = await download(recordingId);
        return buffer(chunks as AsyncIterable<Buffer>);
      });
      const all = await Promise.all(read);
      expect(all.map((bytes, index) => bytes.equals(some[index]?.bytes ?? Buffer.alloc(0)))).not.toContain(false);
      expect(all).toHaveLength(12);
    });

    it("goes on after a download that was stopped early", async () => {
      const { chunks } = await download("rec_1");
      for await (const chunk of chunks) {
        expect(chunk.length).toBeGreaterThan(0);
        break;
      }
      const again = await download("rec_1");
      expect((await buffer(again.chunks as AsyncIterable<Buffer>)).length).toBe(100_001);
    });

    it("tells that it does not know a recording", async () => {
      await expect(fixture.source.get(UNKNOWN)).rejects.toBeInstanceOf(VendorNotFoundError);
      await expect(download(UNKNOWN)).rejects.toBeInstanceOf(VendorNotFoundError);
    });

    it("deletes a recording for good, or says that it cannot and does not", async () => {
      const { source } = fixture;
      const recordingId = parseRecordingId("rec_1");
      if (!source.traits.deletes) {
        await expect(source.delete(recordingId)).rejects.toBeInstanceOf(VendorUnsupportedError);
        expect((await source.get(recordingId)).recordingId).toBe(recordingId);
        return;
      }
      const { deletedAt } = await source.delete(recordingId);
      expect(Date.parse(deletedAt)).not.toBeNaN();
      await expect(source.get(recordingId)).rejects.toBeInstanceOf(VendorNotFoundError);
      await expect(source.delete(recordingId)).rejects.toBeInstanceOf(VendorNotFoundError);
      expect((await source.get(parseRecordingId("rec_2"))).recordingId).toBe("rec_2");
    });

    it("rejects every call with the reason of an aborted signal", async () => {
      const reason = new Error("stopped by the caller");
      const options = { signal: AbortSignal.abort(reason) };
      const recordingId = parseRecordingId("rec_1");
      await expect(fixture.source.list({}, options)[Symbol.asyncIterator]().next()).rejects.toBe(reason);
      await expect(fixture.source.get(recordingId, options)).rejects.toBe(reason);
      await expect(download(recordingId, options)).rejects.toBe(reason);
    });

    it("makes every request the way it is told to", async () => {
      let calls = 0;
      const call = <T>(request: () => Promise<T>): Promise<T> => {
        calls += 1;
        return calls % 2 === 0 ? request() : request().then(request);
      };
      const ids: string[] = [];
      for await (const { recordingId } of fixture.source.list({}, { call })) ids.push(recordingId);
      expect(ids.sort()).toEqual(idsOf(HELD));
      const listCalls = calls;
      expect(listCalls).toBeGreaterThan(2);
      await fixture.source.get(parseRecordingId("rec_1"), { call });
      expect(calls).toBe(listCalls + 1);
      await expect(fixture.source.get(UNKNOWN, { call })).rejects.toBeInstanceOf(VendorNotFoundError);
    });

    it("gives another address for one that was refused, unless the key itself was", async () => {
      const recordingId = parseRecordingId("rec_1");
      const refused = await fixture.source.locate(recordingId);
      const located = fixture.source.locate(recordingId, { refused });
      if (!fixture.exchangesKey) {
        await expect(located).rejects.toBeInstanceOf(VendorUnauthorizedError);
        return;
      }
      const { url, headers } = await located;
      const again = await openDownload(transport.send, { url: new URL(url), headers, subject: "rec_1" });
      expect((await buffer(again.chunks as AsyncIterable<Buffer>)).length).toBe(100_001);
    });
  });
}
