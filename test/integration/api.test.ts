import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { COMMANDS } from "../../src/cli/commands.ts";
import { toErrorExitCode } from "../../src/cli/exit-codes.ts";
import { parseCommandLine } from "../../src/cli/parse-command-line.ts";
import { KEY, openVendorServer, readSample, runApi } from "../helpers/run-api.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { openTestSandbox } from "../unit/sandbox/sandbox-rig.ts";
import { type LocalServer, sendJson } from "../unit/vendor/local-server.ts";

const CREATED = { call_id: "call_1", status: "ringing" };
const FLOW = { call_flow_id: "flow_1", name: "Line", phone_number: "+1415" };
const PAUSED = { call_id: "call_1", recording_id: "rec_1", status: "paused" };
const NUMBERS = ["--from", "+14155552671", "--to", "+14155552672"];
const ROUTE = { pattern: "*", destination: "+1416", destination_type: "phone_number" };
const LINE = { name: "Line", phone_number: "+1415" };

describe("each documented call is sent as the page shows it, and its checked reply is what is printed", () => {
  test.each([
    ["calls create", NUMBERS, "POST /v2/calls", { from: NUMBERS[1], to: NUMBERS[3] }, CREATED],
    [
      "calls create",
      [...NUMBERS, "--record", "--format", "mp3", "--participant", "caller", "--announce", "--announcement", "Hear"],
      "POST /v2/calls",
      {
        from: NUMBERS[1],
        to: NUMBERS[3],
        recording: { enabled: true, format: "mp3", participant: "caller", announce: true, announcement: "Hear" },
      },
      CREATED,
    ],
    [
      "record start",
      ["call/1", "--format", "opus", "--bitrate", "24", "--sample-rate", "16000"],
      "POST /v2/calls/call%2F1/record/start",
      { format: "opus", bitrate: 24, sample_rate: 16000 },
      "record-start",
    ],
    ["record stop", ["call_1"], "POST /v2/calls/call_1/record/stop", undefined, "record-stop"],
    ["record pause", ["007"], "POST /v2/calls/007/record/pause", undefined, PAUSED],
    ["record resume", ["call_1"], "POST /v2/calls/call_1/record/resume", undefined, PAUSED],
    [
      "call-flows create",
      ["--name", "Line", "--phone-number", "+1415", "--route", "*=+1416", "--record"],
      "POST /v2/call-flows",
      { ...LINE, recording: { enabled: true }, routing: [ROUTE] },
      FLOW,
    ],
    [
      "call-flows create",
      ["--name", "Line", "--phone-number", "+1415", "--route", "a=b=+1416", "--route", "*=+1416"],
      "POST /v2/call-flows",
      { ...LINE, routing: [{ ...ROUTE, pattern: "a=b" }, ROUTE] },
      FLOW,
    ],
    ["recordings list", [], "GET /v2/recordings", undefined, "recording-list"],
    [
      "recordings list",
      ["--call-id", "call_1", "--since", "2024-01-08", "--limit", "5", "--offset", "10"],
      "GET /v2/recordings?call_id=call_1&since=2024-01-08T00%3A00%3A00Z&limit=5&offset=10",
      undefined,
      "recording-list",
    ],
    ["recordings get", ["rec_abc123"], "GET /v2/recordings/rec_abc123", undefined, "recording"],
    [
      "recordings delete",
      ["rec_abc123", "--yes", "--quiet"],
      "DELETE /v2/recordings/rec_abc123",
      undefined,
      "recording-deleted",
    ],
  ] as const)("%s %j", async (command, args, asked, body, sample) => {
    const reply = typeof sample === "string" ? await readSample(sample) : sample;
    // Replies echo the key [K]; a list is bare, for its own `data` is an array.
    const echoed = { ...reply, auth_token: KEY };
    const server = await openVendorServer((_, response) =>
      sendJson(response, "data" in reply ? echoed : { auth_token: KEY, data: echoed }),
    );
    const line = [...command.split(" "), ...args];
    const [plain, reported] = await Promise.all([runApi(server, line), runApi(server, [...line, "--json"])]);
    expect([plain.code, plain.stderr, JSON.parse(plain.stdout)]).toEqual([0, "", reply]);
    const report = JSON.parse(reported.stdout);
    expect(report).toMatchObject({ command: `api ${command}`, outcome: "ok", results: [reply], failures: [] });

    const [seen] = server.requests;
    expect(`${seen?.method} ${seen?.path}`).toBe(asked);
    expect(seen?.body === "" ? undefined : JSON.parse(seen?.body ?? "")).toEqual(body);
    expect([server.requests.length, plain.files]).toEqual([2, []]);
  });
});

describe("what the vendor refuses or cannot do", () => {
  test("is told by its code, with nothing on stdout but the one report of --json", async () => {
    const server = await openVendorServer((_, response) =>
      sendJson(response, { error: "not_found", message: KEY }, 404),
    );
    const plain = await runApi(server, ["recordings", "get", "rec_1"]);
    expect([plain.code, plain.stdout]).toEqual([1, ""]);
    expect(plain.stderr).toMatch(/recording rec_1 \(VENDOR_NOT_FOUND\)/);
    const { stdout } = await runApi(server, ["recordings", "get", "rec_1", "--json"]);
    const [failure] = JSON.parse(stdout).failures;
    expect(failure).toMatchObject({ subject: "api recordings get", code: "VENDOR_NOT_FOUND" });
  });

  test.each([
    ["GET", ["recordings", "get", "rec_abc123"], 0, 2],
    ["POST", ["record", "stop", "call_1"], 1, 1],
    ["DELETE", ["recordings", "delete", "rec_abc123", "--yes"], 1, 1],
  ] as const)("is asked again only where that changes nothing: %s", async (_, args, code, requests) => {
    const reply = await readSample("recording");
    const server: LocalServer = await openVendorServer((_, response) => {
      if (server.requests.length > 1) sendJson(response, reply);
      else response.writeHead(503, { "retry-after": "0" }).end();
    });
    const ran = await runApi(server, args);
    expect([ran.code, server.requests.length]).toEqual([code, requests]);
  });
});

function toMessageAndExit(error: Error): readonly [string, number] {
  return [error.message, toErrorExitCode(error)];
}

describe("what cannot be meant is refused before anything is sent, with one line that says what can", () => {
  test.each([
    ["", /calls, record, call-flows, recordings/],
    ["frobnicate", /calls, record, call-flows, recordings/],
    ["record explode call_1", /start, stop, pause, resume/],
    ["recordings", /list, get, download, delete/],
    ["recordings get", /at least 1/],
    ["recordings get a b", /Unknown argument: b/],
    ["recordings list --until 2024-01-01", /until/],
    ["recordings list --since yesterday", /--since/],
    ["recordings list --limit 0", /--limit takes a whole number from 1/],
    ["recordings list --offset 1.5", /--offset takes a whole number from 0/],
    ["recordings list --dry-run", /no dry run/],
    ["calls create --from +1", /to/],
    ["calls create --from +1 --to +2 --format ogg", /mp3, wav, opus/],
    ["calls create --from +1 --to +2 --record --participant both", /all, caller, callee/],
    ["calls create --from +1 --to +2 --record --format mp3 --sample-rate 44100", /16000, 8000/],
    ["calls create --from +1 --to +2 --format mp3", /--record/],
    ["calls create --from +1 --to +2 --record --announcement Hear", /--announce/],
    ["call-flows create --name a --phone-number +1 --route +2", /PATTERN=NUMBER/],
  ] as const)("api %s", async (line, message) => {
    const parsed = parseCommandLine(["api", ...line.split(" ").filter(Boolean)], COMMANDS);
    const error = await parsed.then(() => undefined, toMessageAndExit);
    expect(error).toEqual([expect.stringMatching(message), 2]);
  });

  test("deleting, which is the one that cannot be undone", async () => {
    const server = await openVendorServer((_, response) => response.end());
    const { code, stdout, stderr } = await runApi(server, ["recordings", "delete", "rec_1"]);
    expect([code, stdout, server.requests.length]).toEqual([2, "", 0]);
    expect(stderr).toMatch(/cannot be undone: rec_1.*--yes/s);
  });
});

test.each([
  ["", "holdfast api recordings"],
  ["recordings", "holdfast api recordings delete <recording-id>"],
  ["recordings delete", "--yes"],
] as const)("help of api %s", async (line, text) => {
  const parsed = await parseCommandLine(["api", ...line.split(" ").filter(Boolean), "--help"], COMMANDS);
  expect(parsed).toEqual({ type: "text", text: expect.stringContaining(text) });
});

test("a call is made, recorded, paused, resumed, stopped, downloaded and deleted at the sandbox", async () => {
  const cwd = await makeTemporaryFolder();
  const sandbox = await openTestSandbox({ directory: join(cwd, "sandbox") });
  onTestFinished(() => sandbox.close());
  const env = { AUDIAN_BASE_URL: sandbox.baseUrl, AUDIAN_API_KEY: sandbox.apiKey.reveal() };
  const api = async (line: string) => {
    const { code, stdout, stderr } = await runHoldfast(["api", ...line.split(" ")], { cwd, env });
    expect([code, stderr]).toEqual([0, ""]);
    return JSON.parse(stdout);
  };
  await api("call-flows create --name Line --phone-number +14155550101 --route *=+14155550102");
  const { call_id } = await api("calls create --from +14155550100 --to +14155550101");
  const { recording_id } = await api(`record start ${call_id} --format wav`);
  expect(await api(`record pause ${call_id}`)).toMatchObject({ recording_id, status: "paused" });
  expect(await api(`record resume ${call_id}`)).toMatchObject({ recording_id, status: "recording" });
  expect(await api(`record stop ${call_id}`)).toMatchObject({ recording_id, status: "stopped" });
  while ((await api(`recordings get ${recording_id}`)).status !== "completed");
  const saved = await api(`recordings download ${recording_id} --out call.wav`);
  const listed = await api(`recordings list --call-id ${call_id}`);
  expect(listed.data).toMatchObject([{ recording_id, file_size: saved.sizeBytes }]);
  expect(await api(`recordings delete ${recording_id} --yes --quiet`)).toMatchObject({ recording_id });
  expect((await api("recordings list")).data).toEqual([]);
});
