import { createHash } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { openSource, type VendorSettings } from "../../src/compose.ts";
import { ConfigError } from "../../src/config/errors.ts";
import { type Clock, systemClock } from "../../src/core/clock.ts";
import type { Sandbox } from "../../src/sandbox/open-sandbox.ts";
import { HttpTransport } from "../../src/vendor/http/http-transport.ts";
import { openDownload } from "../../src/vendor/http/open-download.ts";
import type { RecordingSource, RemoteRecording } from "../../src/vendor/recording-source.ts";
import { TestClock } from "../unit/sandbox/sandbox-rig.ts";
import { openSeeded, seedFolder } from "../unit/sandbox/seeded-folder.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-dialects-"));
  await seedFolder(folder);
});

afterAll(() => rm(folder, { recursive: true }));

async function openJoined(sandbox: Sandbox, settings: Partial<VendorSettings>, clock: Clock): Promise<RecordingSource> {
  const vendor: VendorSettings = {
    baseUrl: sandbox.baseUrl,
    auth: "token",
    dialect: "documented",
    allowPrivateHosts: false,
    timeoutSeconds: 5,
    ...settings,
  };
  const source = await openSource(vendor, { apiKey: sandbox.apiKey, clock });
  onTestFinished(() => source.close());
  return source;
}

async function listAll(source: RecordingSource): Promise<RemoteRecording[]> {
  const recordings: RemoteRecording[] = [];
  for await (const recording of source.list({})) recordings.push(recording);
  return recordings;
}

async function sha256Of(source: RecordingSource, { recordingId }: RemoteRecording): Promise<string> {
  const baseUrl = source.traits.origin;
  const transport = new HttpTransport({ baseUrl, timeoutMs: 5000, clock: systemClock });
  onTestFinished(() => transport.close());
  const { url, headers } = await source.locate(recordingId);
  const { chunks } = await openDownload(transport.send, { url: new URL(url), headers, subject: recordingId });
  const hash = createHash("sha256");
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest("hex");
}

describe.each([
  ["documented", "token"],
  ["documented", "bearer"],
  ["documented", "exchange"],
  ["account", "token"],
  ["account", "exchange"],
] as const)("the %s dialect with --auth %s", (dialect, auth) => {
  it("lists and gives the vendor's recordings", async () => {
    const clock = new TestClock();
    const sandbox = await openSeeded(folder, { clock });
    const accountId = auth === "exchange" ? undefined : sandbox.accountId;
    const source = await openJoined(sandbox, { dialect, auth, accountId }, clock);
    const listed = new Map((await listAll(source)).map((recording) => [String(recording.recordingId), recording]));
    const truths = sandbox.recordings();
    expect(listed.size).toBe(truths.length);
    for (const { recordingId, accountRecordingId, sha256 } of truths) {
      const remote = listed.get(dialect === "account" ? accountRecordingId : recordingId);
      if (remote === undefined) throw new Error(`not listed: ${recordingId}`);
      expect(await source.get(remote.recordingId)).toMatchObject({ callId: remote.callId, status: "completed" });
      expect(await sha256Of(source, remote)).toBe(sha256);
    }
    expect(sandbox.leakedKeys).toBe(0);
  });
});

describe("--auth exchange", () => {
  it.each(["documented", "account"] as const)(
    "goes on when the token has ended, in the %s dialect",
    async (dialect) => {
      const clock = new TestClock();
      const sandbox = await openSeeded(folder, { clock, tokenLifeMs: 60_000 });
      const source = await openJoined(sandbox, { dialect, auth: "exchange" }, clock);
      const before = await listAll(source);
      clock.advance(61);
      expect(await listAll(source)).toEqual(before);
      clock.advance(61);
      const [first] = before;
      if (first === undefined) throw new Error("nothing was listed");
      const refused = await source.locate(first.recordingId);
      const renewed = await source.locate(first.recordingId, { refused });
      expect(renewed.headers["x-auth-token"]).not.toBe(refused.headers["x-auth-token"]);
    },
  );
});

describe("the account dialect", () => {
  it("needs to be told the account when the key is not exchanged", async () => {
    const sandbox = await openSeeded(folder);
    const error = await openJoined(sandbox, { dialect: "account" }, systemClock).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ hint: expect.stringContaining("AUDIAN_ACCOUNT_ID") });
  });
});

describe("a list that tells false things once", () => {
  it.each(["row-dropped/once", "row-repeated/once", "row-dropped@0.5,row-repeated@0.5"])(
    "is had whole in spite of %s",
    async (faults) => {
      const clock = new TestClock();
      const sandbox = await openSeeded(folder, { clock, faults });
      const source = await openJoined(sandbox, {}, clock);
      const ids = (await listAll(source)).map(({ recordingId }) => String(recordingId)).sort();
      expect(ids).toEqual(
        sandbox
          .recordings()
          .map(({ recordingId }) => recordingId)
          .sort(),
      );
      expect(sandbox.faultCounts.size).toBeGreaterThan(0);
    },
  );
});
