import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openVendorServer, readSample, runApi } from "../helpers/run-api.ts";
import { readFixture } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { sendJson } from "../unit/vendor/local-server.ts";

/** Starts an API that knows one recording and redirects to its bytes at another origin. */
async function openVendor(body: Buffer, { sizeBytes = body.length, type = "audio/mpeg" } = {}) {
  const storage = await openVendorServer((_, response) => response.writeHead(200, { "content-type": type }).end(body));
  const recording = { ...(await readSample("recording")), recording_id: "REC/1", file_size: sizeBytes };
  const api = await openVendorServer(({ path }, response) => {
    if (path.endsWith("/download")) response.writeHead(302, { location: `${storage.origin}/signed` }).end();
    else sendJson(response, recording);
  });
  return { api, storage };
}

test("names a file by its bytes and takes the key to no other origin", async () => {
  const bytes = await readFixture("opus-32k-16000.opus");
  const { api, storage } = await openVendor(bytes);
  const { code, stdout, cwd, files } = await runApi(api, ["recordings", "download", "REC/1", "--json"]);
  const report = JSON.parse(stdout);
  const [{ path }] = report.results;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  expect([code, files]).toEqual([0, [path]]);
  expect(path).toMatch(/^REC%2F1~[0-9a-f]{16}\.opus$/);
  expect(report.results).toEqual([
    { recordingId: "REC/1", path, sizeBytes: bytes.length, sha256, format: "opus", complete: true },
  ]);
  expect(report.counts.bytes).toBe(bytes.length);
  expect(await readFile(join(cwd, path))).toEqual(bytes);
  expect(storage.requests[0]?.headers).not.toHaveProperty("x-auth-token");
});

test("replaces nothing, and asks for nothing either", async () => {
  const { api } = await openVendor(await readFixture("mp3-32k-8000.mp3"));
  const cwd = await makeTemporaryFolder();
  await writeFile(join(cwd, "mine.mp3"), "mine");
  const { code, stderr } = await runApi(api, ["recordings", "download", "REC/1", "--out", "mine.mp3"], cwd);
  expect([code, await readFile(join(cwd, "mine.mp3"), "utf8"), api.requests.length]).toEqual([1, "mine", 0]);
  expect(stderr).toMatch(/STORAGE_CONFLICT/);
});

test.each([
  ["an error page", Buffer.from("<!doctype html><title>Sorry</title>"), {}, "MEDIA_NOT_AUDIO"],
  ["metadata", Buffer.from("{}"), { type: "application/json" }, "VENDOR_RESPONSE_INVALID"],
  ["nothing", Buffer.alloc(0), {}, "MEDIA_NOT_AUDIO"],
] as const)("leaves no file of %s", async (_, body, options, code) => {
  const { api } = await openVendor(body, options);
  const ran = await runApi(api, ["recordings", "download", "REC/1", "--out", "sub/a.mp3", "--json"]);
  expect([ran.code, JSON.parse(ran.stdout).failures[0].code]).toEqual([1, code]);
  expect(ran.files).toEqual([]);
});

test("leaves no file of a body that is shorter or longer than stated", async () => {
  const bytes = await readFixture("mp3-32k-8000.mp3");
  const runs = [-1, 1].map(async (surplus) => {
    const { api } = await openVendor(bytes, { sizeBytes: bytes.length - surplus });
    return runApi(api, ["recordings", "download", "REC/1", "--json"]);
  });
  for (const { code, stdout, files } of await Promise.all(runs)) {
    expect([code, JSON.parse(stdout).failures[0].code, files]).toEqual([1, "SIZE_MISMATCH", []]);
  }
});
