import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFile, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Sandbox } from "../../src/sandbox/open-sandbox.ts";
import { signWebhook } from "../../src/vendor/webhook-signature.ts";
import { listTree } from "../helpers/list-tree.ts";
import { finish } from "../helpers/run-holdfast.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { openTestSandbox } from "../unit/sandbox/sandbox-rig.ts";

const EXAMPLES = join(import.meta.dirname, "../../examples");

/** Each example: how it is started, and what must be there for it. */
const PROGRAMS = [
  { file: "node/record-and-fetch.mjs", command: process.execPath, needs: "true" },
  { file: "python/record_and_fetch.py", command: "python3", needs: "python3 -c 'import requests'" },
  {
    file: "curl/record-and-fetch.sh",
    command: "bash",
    needs: "bash --version && curl --version && jq --version && openssl version && sha256sum --version",
  },
].map((program) => ({ ...program, isMissing: spawnSync("sh", ["-c", program.needs]).status !== 0 }));

/** One recording in each format. */
const CALLS = 3;
let folder: string;
let eventsFile: string;
let sandbox: Sandbox;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-test-"));
  sandbox = await openTestSandbox({ directory: folder, seedCalls: CALLS });
  eventsFile = join(folder, "events.ndjson");
});

afterAll(async () => {
  await sandbox.close();
  await rm(folder, { recursive: true });
});

/** Runs an example the way its README says. */
function run({ file, command }: (typeof PROGRAMS)[number], out: string, secret = sandbox.webhookSecret.reveal()) {
  const child = spawn(command, [join(EXAMPLES, file), eventsFile, out], {
    env: {
      ...{ PATH: process.env["PATH"], HOME: process.env["HOME"], AUDIAN_BASE_URL: sandbox.baseUrl },
      ...{ AUDIAN_API_KEY: sandbox.apiKey.reveal(), AUDIAN_WEBHOOK_SECRET: secret },
    },
  });
  return finish(child);
}

/** The sha256 that the last webhook about a recording carries. */
async function readChecksums(): Promise<ReadonlyMap<string, string>> {
  const lines = (await readFile(eventsFile, "utf8")).trimEnd().split("\n");
  const bodies = lines.map((line) => JSON.parse(JSON.parse(line).body));
  const completed = bodies.filter(({ event }) => event === "recording.completed");
  return new Map(completed.map(({ data }) => [data.recording_id, data.checksum.value]));
}

describe.each(PROGRAMS)("$file", (program) => {
  test("records a call and downloads all recordings, each as its signed webhook says", async ({ skip }) => {
    skip(program.isMissing, `not there: ${program.needs}`);
    const out = await makeTemporaryFolder();
    const { code, stdout, stderr } = await run(program, out);
    expect([code, stderr]).toEqual([0, ""]);
    const checksums = await readChecksums();
    const files = await listTree(out);
    const ids = files.map((file) => file.replace(/\.(?:mp3|wav|opus)$/, ""));
    expect(ids).toEqual([...checksums.keys()].toSorted());
    expect(ids.length).toBeGreaterThan(CALLS);
    for (const file of files) {
      const found = createHash("sha256")
        .update(await readFile(join(out, file)))
        .digest("hex");
      expect(found).toBe(checksums.get(file.replace(/\.\w+$/, "")));
      expect(stdout).toContain(`verified ${join(out, file)}`);
    }
    expect(new Set(files.map((file) => file.split(".").at(-1)))).toEqual(new Set(["mp3", "wav", "opus"]));
    expect(sandbox.leakedKeys).toBe(0);
  });

  test("believes no webhook that is signed with another secret", async ({ skip }) => {
    skip(program.isMissing, `not there: ${program.needs}`);
    const out = await makeTemporaryFolder();
    const { code, stdout, stderr } = await run(program, out, "another-secret");
    expect([code, stdout, await listTree(out)]).toEqual([1, "", []]);
    expect(stderr).toMatch(/not signed with our secret/);
  });
});

describe("with a webhook that names another sha256 than that of the bytes", () => {
  let recordingId: string;

  beforeAll(async () => {
    const [id = "", value = ""] = [...(await readChecksums())][0] ?? [];
    const checksum = { algorithm: "sha256", value: [...value].toReversed().join("") };
    const body = JSON.stringify({ event: "recording.completed", data: { recording_id: id, checksum } });
    const signature = signWebhook(sandbox.webhookSecret, "1", body);
    await appendFile(eventsFile, `${JSON.stringify({ timestamp: "1", signature, body })}\n`);
    recordingId = id;
  });

  test.for(PROGRAMS)("$file leaves nothing of that recording", async (program, { skip }) => {
    skip(program.isMissing, `not there: ${program.needs}`);
    const out = await makeTemporaryFolder();
    const { code, stderr } = await run(program, out);
    expect(code).toBe(1);
    expect(stderr).toContain(`${recordingId} is not what its webhook says`);
    expect((await listTree(out)).filter((file) => file.startsWith(recordingId) || file.endsWith(".part"))).toEqual([]);
  });
});
