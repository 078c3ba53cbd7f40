import type { ChildProcess } from "node:child_process";
import { appendFile, readFile, writeFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { Secret } from "../../src/core/secret.ts";
import { SIGNATURE_HEADER, signWebhook, TIMESTAMP_HEADER } from "../../src/vendor/webhook-signature.ts";
import { listTree } from "../helpers/list-tree.ts";
import { finish, runHoldfast, startHoldfast } from "../helpers/run-holdfast.ts";
import { readFixture } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { type HeldRecording, openTinyVendor } from "../helpers/tiny-vendor.ts";
import { openLocalServer, sendJson } from "../unit/vendor/local-server.ts";

const SECRET = "webhook-secret-that-nobody-must-see";
const bytes = await readFixture("mp3-64k-16000.mp3");
const rec1: HeldRecording = { id: "rec_1", bytes };
const rec2: HeldRecording = { id: "rec_2", bytes };

/** Starts a watch; it is killed with the test, if it has not ended by then. */
function startWatch(cwd: string, baseUrl: string, ...args: readonly string[]) {
  const env = { AUDIAN_BASE_URL: baseUrl, AUDIAN_API_KEY: "key", AUDIAN_WEBHOOK_SECRET: SECRET };
  const child = startHoldfast(["fetch", "--watch", "--json", ...args], { cwd, env });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = finish(child).then(({ code, stdout, stderr }) => ({ code, stderr, report: JSON.parse(stdout) }));
  return { child, ended };
}

/** Waits until the program has said something. */
async function untilSaid(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  let said = "";
  return new Promise((resolve, reject) => {
    child.once("close", () => reject(new Error(`ended without ${pattern}: ${said}`)));
    child.stderr?.on("data", (text: string) => {
      said += text;
      const match = pattern.exec(said);
      if (match !== null) resolve(match);
    });
  });
}

async function untilStored(cwd: string, name: string): Promise<void> {
  while (!(await listTree(cwd)).some((path) => path.endsWith(`/${name}`))) await sleep(20);
}

function post(url: string, body: string): Promise<Response> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = signWebhook(new Secret(SECRET), timestamp, body);
  return fetch(url, {
    method: "POST",
    body,
    headers: { [TIMESTAMP_HEADER]: timestamp, [SIGNATURE_HEADER]: signature },
  });
}

test("a webhook is fetched at once; SIGINT ends it with 130 and a report of all of it", async () => {
  const cwd = await makeTemporaryFolder();
  const held = [rec1];
  const vendor = await openTinyVendor(held);
  const { child, ended } = startWatch(cwd, vendor.baseUrl, "--listen", "0", "--poll", "86400");
  const [, url = ""] = await untilSaid(child, /webhooks are received at (\S+)/);
  await untilStored(cwd, "rec_1.json");
  held.push(rec2);
  expect((await post(url, vendor.eventLine("rec_2"))).status).toBe(200);
  await untilStored(cwd, "rec_2.json");
  child.kill("SIGINT");
  const { code, stderr, report } = await ended;
  expect([code, report.outcome]).toEqual([130, "cancelled"]);
  expect(report.counts).toMatchObject({ planned: 2, done: 2, failed: 0, bytes: 2 * bytes.length });
  expect(report.results).toMatchObject([
    { recordingId: "rec_1", status: "fetched", evidence: "size-only" },
    { recordingId: "rec_2", status: "fetched", evidence: "vendor-digest" },
  ]);
  expect(stderr + JSON.stringify(report)).not.toContain(SECRET);
  expect((await runHoldfast(["verify"], { cwd })).code).toBe(0);
});

test("an event that was acknowledged before the end is fetched by the next watch", async () => {
  const cwd = await makeTemporaryFolder();
  const held: HeldRecording[] = [];
  const vendor = await openTinyVendor([rec1]);
  const empty = await openTinyVendor(held);
  const first = startWatch(cwd, empty.baseUrl, "--listen", "0");
  const [, url = ""] = await untilSaid(first.child, /webhooks are received at (\S+)/);
  const completedAt = new Date().toISOString();
  const body = vendor.eventLine("rec_1").replace("2024-01-15T10:36:00Z", completedAt);
  expect((await post(url, body)).status).toBe(200);
  first.child.kill("SIGINT");
  expect((await first.ended).code).toBe(130);

  // The list is asked for nothing that is as old as this recording.
  const second = startWatch(cwd, vendor.baseUrl, "--since", completedAt);
  await untilStored(cwd, "rec_1.json");
  second.child.kill("SIGINT");
  expect((await second.ended).report.results).toMatchObject([{ recordingId: "rec_1", status: "fetched" }]);
});

test("what is appended to the file of events is fetched, also after it was begun anew", async () => {
  const cwd = await makeTemporaryFolder();
  const vendor = await openTinyVendor([rec1, rec2]);
  const events = join(cwd, "events.ndjson");
  await writeFile(events, `${"\n".repeat(2000)}`);
  // Nothing is that new, so the list gives nothing.
  const args = ["--since", "2024-02-01", "--events", "events.ndjson", "--poll", "0.05"];
  const { child, ended } = startWatch(cwd, vendor.baseUrl, ...args);
  await appendFile(events, `${vendor.eventLine("rec_1")}\n`);
  await untilStored(cwd, "rec_1.json");
  await writeFile(events, `${vendor.eventLine("rec_2")}\nnot json\n`);
  await untilStored(cwd, "rec_2.json");
  child.kill("SIGINT");
  const { code, report } = await ended;
  expect([code, report.counts.done]).toEqual([130, 2]);
  expect(report.failures).toMatchObject([{ subject: "events.ndjson:2", code: "WEBHOOK_INVALID" }]);
});

test("a bad list reply ends nothing; a refused key does, with a report of what was done", async () => {
  const cwd = await makeTemporaryFolder();
  const row = { recording_id: "rec_1", call_id: "call_1", status: "completed", created_at: new Date().toISOString() };
  const list = { data: [row], pagination: { total: 1, limit: 50, offset: 0, has_more: false } };
  const answers: ((response: ServerResponse) => void)[] = [
    (response) => void response.writeHead(200, { "content-type": "text/html" }).end("<html>down</html>"),
    (response) => sendJson(response, { error: "not_found", code: 404 }, 404),
    (response) => sendJson(response, list),
    (response) => sendJson(response, { error: "unauthorized", code: 401 }, 401),
  ];
  const server = await openLocalServer((request, response) => {
    if (request.path.endsWith("/download")) response.writeHead(200, { "content-length": bytes.length }).end(bytes);
    else answers[Math.min(server.requests.filter(({ path }) => !path.endsWith("/download")).length, 4) - 1]?.(response);
  });
  onTestFinished(() => server.close());
  const { code, stderr, report } = await startWatch(cwd, `${server.origin}/v2`, "--poll", "0.05").ended;
  expect(stderr).toMatch(/not found at the vendor.*trying again in 0\.05 s/);
  expect([code, report.outcome]).toEqual([1, "failed"]);
  expect(report.results).toMatchObject([{ recordingId: "rec_1", status: "fetched" }]);
  expect(report.failures).toMatchObject([{ subject: "watch", code: "VENDOR_UNAUTHORIZED" }]);
  expect((await readFile(join(cwd, report.results[0].path))).equals(bytes)).toBe(true);
});
