import { describe, expect, it } from "vitest";
import { parseRecordingId } from "../../../../src/core/recording-id.ts";
import { DocumentedSource } from "../../../../src/vendor/documented/documented-source.ts";
import { VendorResponseError, VendorUnavailableError } from "../../../../src/vendor/errors.ts";
import type { ListFilter, RemoteRecording } from "../../../../src/vendor/recording-source.ts";
import { sendJson } from "../local-server.ts";
import { thrownBy } from "../thrown-by.ts";
import { openApi } from "./api-under-test.ts";
import { LIST, RECORDING } from "./vendor-page.ts";

async function listAll(source: DocumentedSource, filter: ListFilter = {}): Promise<RemoteRecording[]> {
  const recordings: RemoteRecording[] = [];
  for await (const recording of source.list(filter)) recordings.push(recording);
  return recordings;
}

describe("DocumentedSource.list", () => {
  it("sends since in whole seconds and keeps to both borders by itself, whatever the vendor counts", async () => {
    const { api, server } = await openApi((_, response) =>
      sendJson(response, { ...LIST, pagination: { total: 2, has_more: false } }),
    );
    const source = new DocumentedSource(api);
    const [newer, older] = LIST.data.map(({ created_at }) => Date.parse(created_at)) as [number, number];
    expect(await listAll(source, { sinceMs: older, untilMs: newer })).toHaveLength(1);
    expect(await listAll(source, { sinceMs: older + 1 })).toHaveLength(1);
    expect(await listAll(source, { untilMs: newer + 1 })).toHaveLength(2);
    expect(server.requests).toHaveLength(3);
    expect(server.requests[1]?.path).toContain("since=2024-01-14T14%3A20%3A30Z");
  });

  it("gives what it has before a page that fails", async () => {
    const { api } = await openApi(({ path }, response) =>
      path.includes("offset=0") ? sendJson(response, LIST) : response.writeHead(500).end(),
    );
    const seen: string[] = [];
    const reading = (async () => {
      for await (const { recordingId } of new DocumentedSource(api).list({})) seen.push(recordingId);
    })();
    expect(await thrownBy(reading)).toBeInstanceOf(VendorUnavailableError);
    expect(seen).toEqual(["rec_abc123", "rec_abc124"]);
  });

  it("takes a row's checksum for a digest only if it is one", async () => {
    const values = ["AB".repeat(32), "abcdef0123456789"];
    const data = LIST.data.map((row, index) => ({
      ...row,
      checksum: { algorithm: "sha256", value: values[index] },
    }));
    const { api } = await openApi((_, response) => sendJson(response, { data, pagination: { has_more: false } }));
    const recordings = await listAll(new DocumentedSource(api));
    expect(recordings.map(({ sha256 }) => sha256)).toEqual(["ab".repeat(32), undefined]);
  });

  it.each([
    ["empty", []],
    ["repeated", [LIST.data[0]]],
  ])("fails on %s pages that never end", async (_what, later) => {
    const { api, server } = await openApi(({ path }, response) =>
      sendJson(response, { data: path.includes("offset=0") ? [LIST.data[0]] : later, pagination: { has_more: true } }),
    );
    const error = await thrownBy(listAll(new DocumentedSource(api)));
    expect(error).toBeInstanceOf(VendorResponseError);
    expect(error).toMatchObject({ message: expect.stringContaining("has_more") });
    expect(server.requests.length).toBeLessThan(7);
  });
});

describe("DocumentedSource.get", () => {
  it("takes the page's sample over", async () => {
    const { api } = await openApi((_, response) => sendJson(response, RECORDING));
    expect(await new DocumentedSource(api).get(parseRecordingId("rec_abc123"))).toEqual({
      recordingId: "rec_abc123",
      callId: "call_xyz789",
      status: "completed",
      createdAtMs: Date.UTC(2024, 0, 15, 10, 35, 10),
      completedAtMs: Date.UTC(2024, 0, 15, 10, 36, 0),
      durationSeconds: 305,
      sizeBytes: 1536000,
      format: "mp3",
      bitrateKbps: 64,
      sampleRateHz: 16000,
      channels: 1,
      sha256: undefined,
      ...{ from: undefined, to: undefined, direction: undefined },
    });
  });
});
