import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Sandbox } from "../../../../src/sandbox/open-sandbox.ts";
import { call } from "../sandbox-rig.ts";
import { openSeeded, seedFolder } from "../seeded-folder.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-faults-"));
  await seedFolder(folder);
});

afterAll(() => rm(folder, { recursive: true }));

async function list(sandbox: Sandbox, query: string): Promise<{ ids: string[]; total: number }> {
  const { data, pagination } = (await call(sandbox, `GET /recordings?${query}`)).json;
  return { ids: data.map(({ recording_id }: { recording_id: string }) => recording_id), total: pagination.total };
}

async function wholeList(): Promise<string[]> {
  return (await list(await openSeeded(folder), "limit=100")).ids;
}

describe("faults of lists", () => {
  it("repeats a row, and not when asked again", async () => {
    const sandbox = await openSeeded(folder, { faults: "row-repeated/once" });
    const { ids } = await list(sandbox, "limit=3");
    expect(ids).toHaveLength(4);
    expect(new Set(ids).size).toBe(3);
    expect((await list(sandbox, "limit=3")).ids).toHaveLength(3);
  });

  it("drops a row and says nothing of it", async () => {
    const sandbox = await openSeeded(folder, { faults: "row-dropped/once" });
    const { ids, total } = await list(sandbox, "limit=3");
    expect(ids).toHaveLength(2);
    expect(total).toBe(6);
    expect((await list(sandbox, "limit=3")).ids).toEqual(expect.arrayContaining(ids));
  });

  it("lets the newest recording appear between two pages, so that a row comes twice", async () => {
    const all = await wholeList();
    const sandbox = await openSeeded(folder, { faults: "row-appears/once" });
    expect(await list(sandbox, "limit=3")).toEqual({ ids: all.slice(1, 4), total: 5 });
    expect(await list(sandbox, "limit=3&offset=3")).toEqual({ ids: all.slice(3), total: 6 });
  });

  it("lets a recording of an earlier page vanish, so that a row is missed", async () => {
    const all = await wholeList();
    const sandbox = await openSeeded(folder, { faults: "row-vanishes/once" });
    expect(await list(sandbox, "limit=3")).toEqual({ ids: all.slice(0, 3), total: 6 });
    expect(await list(sandbox, "limit=3&offset=3")).toEqual({ ids: all.slice(4), total: 5 });
  });

  it("calls a recording `processing` for some looks, and has no download of it until then", async () => {
    const sandbox = await openSeeded(folder, { faults: "row-processing=3" });
    const { data } = (await call(sandbox, "GET /recordings")).json;
    expect(data[0]).toMatchObject({ status: "processing" });
    expect(data[0]).not.toHaveProperty("file_size");
    const path = `GET /recordings/${data[0].recording_id}`;
    expect((await call(sandbox, `${path}/download`)).status).toBe(404);
    expect((await call(sandbox, path)).json.status).toBe("processing");
    expect((await call(sandbox, path)).json.status).toBe("completed");
    expect((await call(sandbox, `${path}/download`)).status).toBe(302);
  });

  it("states a size that is always wrong in the same way, and knows the right one", async () => {
    const sandbox = await openSeeded(folder, { faults: "wrong-size/always" });
    for (const { recordingId, sizeBytes, permanentFault } of sandbox.recordings()) {
      const { file_size } = (await call(sandbox, `GET /recordings/${recordingId}`)).json;
      const { data } = (await call(sandbox, "GET /recordings")).json;
      const row = data.find(({ recording_id }: { recording_id: string }) => recording_id === recordingId);
      expect(permanentFault).toBe("wrong-size");
      expect(file_size).not.toBe(sizeBytes);
      expect(row.file_size).toBe(file_size);
    }
  });
});
