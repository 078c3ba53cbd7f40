import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { call, TestClock } from "./sandbox-rig.ts";
import { openSeeded, seedFolder } from "./seeded-folder.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-retention-"));
  await seedFolder(folder);
});

afterAll(() => rm(folder, { recursive: true }));

it("lets recordings vanish 30 days after they were created, with their links", async () => {
  const clock = new TestClock();
  const sandbox = await openSeeded(folder, { clock, rateLimited: false });
  const { data } = (await call(sandbox, "GET /recordings")).json;
  const newest = data[0];
  const createdSeconds = Date.parse(newest.created_at) / 1000;
  const nowSeconds = clock.now() / 1000;
  clock.advance(createdSeconds - nowSeconds + 30 * 86_400 - 1);
  expect((await call(sandbox, "GET /recordings")).json.data).toEqual([newest]);
  const path = `GET /recordings/${newest.recording_id}`;
  const { location = "" } = await call(sandbox, `${path}/download`);
  const { accountRecordingId } = sandbox.recordings()[0] ?? {};

  clock.advance(1);
  expect((await call(sandbox, "GET /recordings")).json).toMatchObject({ data: [], pagination: { total: 0 } });
  expect((await call(sandbox, path)).status).toBe(404);
  expect((await call(sandbox, `${path}/download`)).status).toBe(404);
  expect((await fetch(location)).status).toBe(404);
  const ofAccount = `/accounts/${sandbox.accountId}/recordings`;
  expect((await call(sandbox, `GET ${ofAccount}`)).json.data).toEqual([]);
  expect((await call(sandbox, `GET ${ofAccount}/${accountRecordingId}`)).status).toBe(404);
  expect(sandbox.recordings()).toEqual([]);
});

it("keeps recordings as long as it is told to", async () => {
  const clock = new TestClock();
  const sandbox = await openSeeded(folder, { clock, retentionDays: 60 });
  clock.advance(39 * 86_400);
  expect((await call(sandbox, "GET /recordings")).json.data).toHaveLength(6);
});
