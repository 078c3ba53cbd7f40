import { describe, expect, it } from "vitest";
import { parseRecordingId } from "../../../../src/core/recording-id.ts";
import { DocumentedSource } from "../../../../src/vendor/documented/documented-source.ts";
import { VendorResponseError, VendorUnavailableError } from "../../../../src/vendor/errors.ts";
import type { ListFilter, RemoteRecording } from "../../../../src/vendor/recording-source.ts";
import { type LocalServer, sendJson } from "../local-server.ts";
import { thrownBy } from "../thrown-by.ts";
import { openApi } from "./api-under-test.ts";
import { LIST, RECORDING } from "./vendor-page.ts";

interface Page {
  readonly ids: readonly string[];
  readonly hasMore: boolean;
}

/** Opens a source whose list gives these pages one after the other, and the last one for ever. */
async function openSource(...pages: Page[]): Promise<{ source: DocumentedSource; server: LocalServer }> {
  let asked = 0;
  const { api, server } = await openApi((_, response) => {
    const page = pages[Math.min(asked++, pages.length - 1)];
    const data = page?.ids.map((recording_id) => ({ ...LIST.data[0], recording_id }));
    sendJson(response, { data, pagination: { has_more: page?.hasMore } });
  });
  return { source: new DocumentedSource(api), server };
}

async function listAll(source: DocumentedSource, filter: ListFilter = {}): Promise<RemoteRecording[]> {
  const recordings: RemoteRecording[] = [];
  for await (const recording of source.list(filter)) recordings.push(recording);
  return recordings;
}

async function listIds(source: DocumentedSource): Promise<string[]> {
  return (await listAll(source)).map(({ recordingId }) => recordingId);
}

describe("DocumentedSource.list", () => {
  it("asks for pages of 50 from where the last one ended", async () => {
    const { source, server } = await openSource({ ids: ["a", "b"], hasMore: true }, { ids: ["c"], hasMore: false });
    expect(await listIds(source)).toEqual(["a", "b", "c"]);
    expect(server.requests.map(({ path }) => path)).toEqual([
      "/v2/recordings?limit=50&offset=0",
      "/v2/recordings?limit=50&offset=2",
    ]);
  });

  it("gives a recording once that two pages hold", async () => {
    const { source } = await openSource({ ids: ["a", "b", "a"], hasMore: true }, { ids: ["b", "c"], hasMore: false });
    expect(await listIds(source)).toEqual(["a", "b", "c"]);
  });

  it("ends with an empty last page", async () => {
    const { source } = await openSource({ ids: ["a"], hasMore: true }, { ids: [], hasMore: false });
    expect(await listIds(source)).toEqual(["a"]);
  });

  it.each([
    ["empty", []],
    ["repeated", ["a"]],
  ])("fails on %s pages that never end", async (_what, ids) => {
    const { source, server } = await openSource({ ids: ["a"], hasMore: true }, { ids, hasMore: true });
    const error = await thrownBy(listIds(source));
    expect(error).toBeInstanceOf(VendorResponseError);
    expect(error).toMatchObject({ message: expect.stringContaining("has_more") });
    expect(server.requests).toHaveLength(2);
  });

  it("sends since in whole seconds and keeps to both borders by itself", async () => {
    const { api, server } = await openApi((_, response) =>
      sendJson(response, { ...LIST, pagination: { has_more: false } }),
    );
    const source = new DocumentedSource(api);
    const [newer, older] = LIST.data.map(({ created_at }) => Date.parse(created_at)) as [number, number];
    expect(await listAll(source, { sinceMs: older, untilMs: newer })).toHaveLength(1);
    expect(await listAll(source, { sinceMs: older + 1 })).toHaveLength(1);
    expect(await listAll(source, { untilMs: newer + 1 })).toHaveLength(2);
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
    });
  });
});
