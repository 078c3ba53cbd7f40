import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/open-sandbox.ts";
import { countSamples } from "../helpers/count-samples.ts";
import { listTree } from "../helpers/list-tree.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { openTestSandbox } from "../unit/sandbox/sandbox-rig.ts";

/** One short recording, one of five minutes and one between, each in another format. */
const CALLS = 3;
let folder: string;
let sandbox: Sandbox;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-test-"));
  sandbox = await openTestSandbox({ directory: join(folder, "sandbox"), seedCalls: CALLS });
});

afterAll(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true });
});

async function run(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const keys = { AUDIAN_BASE_URL: sandbox.baseUrl, AUDIAN_API_KEY: sandbox.apiKey.reveal() };
  const secret = { AUDIAN_WEBHOOK_SECRET: sandbox.webhookSecret.reveal() };
  const ran = await runHoldfast([...args, "--json"], { cwd: folder, env: { ...keys, ...secret, ...env } });
  for (const value of [...Object.values(keys).slice(1), ...Object.values(secret)]) {
    expect(ran.stdout + ran.stderr).not.toContain(value);
  }
  return { code: ran.code, report: JSON.parse(ran.stdout) };
}

const FETCH = ["fetch", "--events", "sandbox/events.ndjson"];

test("events with a signature of another secret are each refused, and nothing is fetched by them", async () => {
  const { code, report } = await run([...FETCH, "--archive", "other"], { AUDIAN_WEBHOOK_SECRET: "another" });
  const kinds = new Set(report.findings.map((finding: { kind: string }) => finding.kind));
  expect([code, report.counts.done, kinds]).toEqual([4, 0, new Set(["signature-invalid"])]);
  expect((await listTree(join(folder, "other"))).filter((path) => path.startsWith("recordings/"))).toEqual([]);
});

test("fetch by signed webhooks, verify, convert and verify again", async () => {
  const fetched = await run(FETCH);
  expect([fetched.code, fetched.report.counts.done]).toEqual([0, CALLS]);
  for (const { evidence, complete, path } of fetched.report.results) {
    expect([evidence, complete]).toEqual(["vendor-digest", true]);
    const sidecar = JSON.parse(await readFile(join(folder, path.replace(/\.\w+$/, ".json")), "utf8"));
    expect(sidecar.evidence).toMatchObject({ grade: "vendor-digest", webhookSignature: "verified" });
  }
  expect(sandbox.leakedKeys).toBe(0);
  expect((await run(["verify", "--level", "structure"])).code).toBe(0);

  const converted = await run(["convert", "--to", "mp3", "--bitrate", "32"]);
  expect([converted.code, converted.report.counts.done]).toEqual([0, CALLS]);
  const verified = await run(["verify"]);
  expect([verified.code, verified.report.counts.done]).toEqual([0, 3 * CALLS]);

  expect((await run(FETCH)).report.counts).toMatchObject({ done: 0, skipped: CALLS });
  expect((await run(["convert", "--to", "mp3", "--bitrate", "32"])).report.counts).toMatchObject({
    done: 0,
    skipped: CALLS,
  });

  for (const { source, output } of converted.report.results) {
    const [before, after] = [
      await countSamples(join(folder, source.path)),
      await countSamples(join(folder, output.path)),
    ];
    expect(Math.abs(after.samples / after.rateHz - before.samples / before.rateHz)).toBeLessThan(0.005);
  }
});
