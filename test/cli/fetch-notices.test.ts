import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, onTestFinished, test } from "vitest";
import { parseRecordingId } from "../../src/core/recording-id.ts";
import { listTree } from "../helpers/list-tree.ts";
import { openTestArchive } from "../helpers/open-test-archive.ts";
import { finish, runHoldfast, startHoldfast } from "../helpers/run-holdfast.ts";
import { readFixture } from "../helpers/store-recording.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { openTinyVendor } from "../helpers/tiny-vendor.ts";
import { ACCOUNT_ID, openAccountServer, TOKEN } from "../unit/vendor/account/account-server.ts";

const bytes = await readFixture("mp3-32k-8000.mp3");
const INBOUND = { from: "+4930123456", to: "sip:+4940987@pbx.example" };
const NOTICES = [
  {
    name: "hotline",
    match: { direction: "inbound", to: "+49 40 987" },
    ...{ announcement: "played", announcementText: "This call is recorded.", consent: "given" },
    ...{ ground: "GDPR art. 6(1)(a)", policy: "P-12" },
  },
  {
    name: "desk",
    match: { since: "2024-03-02" },
    ...{ announcement: "not-played", consent: "not-asked", ground: "MiFID II art. 16(7)" },
  },
];

async function fetchAccount(cwd: string, ...args: readonly string[]) {
  const held = [
    { id: "202403-in", says: INBOUND, startMs: Date.parse("2024-03-05T10:00:00Z") },
    { id: "202403-out", says: { direction: "outbound" }, startMs: Date.parse("2024-03-06T10:00:00Z") },
    { id: "202403-early", says: { direction: "odd" }, startMs: Date.parse("2024-03-01T10:00:00Z") },
  ];
  const server = await openAccountServer(held.map((each) => ({ ...each, callId: "call", bytes })));
  onTestFinished(() => server.close());
  const env = { AUDIAN_BASE_URL: `${server.origin}/v2`, AUDIAN_API_KEY: TOKEN, AUDIAN_ACCOUNT_ID: ACCOUNT_ID };
  const span = ["--since", "2024-03-01", "--until", "2024-03-10"];
  return runHoldfast(["fetch", "--dialect", "account", ...span, ...args], { cwd, env });
}

async function readSidecar(cwd: string, id: string) {
  const path = (await listTree(cwd)).find((each) => each.endsWith(`/${id}.json`)) ?? "";
  return JSON.parse(await readFile(join(cwd, path), "utf8"));
}

test("what the listing tells of calls, and what the operator states of them, is in sidecars and catalogue", async () => {
  const cwd = await makeTemporaryFolder();
  await writeFile(join(cwd, "holdfast.config.json"), JSON.stringify({ notices: NOTICES }));
  expect((await fetchAccount(cwd)).code).toBe(0);

  const [hotline, desk] = NOTICES.map(({ name, match: _, ...statement }) => ({ ...statement, rule: name }));
  const sidecars = await Promise.all(["in", "out", "early"].map((name) => readSidecar(cwd, `202403-${name}`)));
  const byRule = (at: number) => ({ statedBy: "rule", statedAt: sidecars[at].fetchedAt });
  const notices = sidecars.map(({ notice }) => notice);
  expect(notices).toEqual([{ ...hotline, ...byRule(0) }, { ...desk, ...byRule(1) }, undefined]);
  expect(sidecars[0].vendor).toMatchObject({ ...INBOUND, direction: "inbound" });
  expect(sidecars[1].vendor).toMatchObject({ direction: "outbound" });
  for (const name of ["from", "to", "direction"]) expect(sidecars[2].vendor).not.toHaveProperty(name);

  const archive = await openTestArchive(cwd);
  const callOf = async (id: string) => (await archive.catalogued(parseRecordingId(id)))?.call;
  const calls = [{ ...INBOUND, direction: "inbound" }, { direction: "outbound" }, undefined];
  const ids = ["202403-in", "202403-out", "202403-early"];
  expect(await Promise.all(ids.map(callOf))).toEqual(calls);
  await archive.reindex();
  expect(await Promise.all(ids.map(callOf))).toEqual(calls);
});

test("a rule that cannot be used ends the run before anything is asked for, and `config show` has those that can", async () => {
  const cwd = await makeTemporaryFolder();
  const [hotline, desk] = NOTICES;
  const file = join(cwd, "holdfast.config.json");
  await writeFile(file, JSON.stringify({ notices: [hotline, { ...desk, ground: "" }] }));
  const { code, stderr } = await fetchAccount(cwd);
  expect([code, stderr]).toEqual([2, expect.stringContaining("holdfast.config.json: notices.1.ground: holds nothing")]);
  await writeFile(file, JSON.stringify({ notices: [desk] }));
  const { stdout } = await runHoldfast(["config", "show", "--json"], { cwd });
  expect(JSON.parse(stdout).results.at(-1)).toEqual({ subject: "notices desk", status: "file", value: desk });
});

test("a watch states them too, of what the documented list names as far as they ask for no number", async () => {
  const cwd = await makeTemporaryFolder();
  await writeFile(join(cwd, "holdfast.config.json"), JSON.stringify({ notices: NOTICES.map(withoutTime) }));
  const { baseUrl } = await openTinyVendor([{ id: "rec_1", bytes }]);
  const env = { AUDIAN_BASE_URL: baseUrl, AUDIAN_API_KEY: TOKEN };
  const child = startHoldfast(["fetch", "--watch", "--json"], { cwd, env });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ended = finish(child);
  while (!(await listTree(cwd)).some((path) => path.endsWith("/rec_1.json"))) await sleep(20);
  child.kill("SIGINT");
  expect((await ended).code).toBe(130);
  expect((await readSidecar(cwd, "rec_1")).notice).toMatchObject({ rule: "desk", announcement: "not-played" });
});

function withoutTime({ match: { since: _, ...match }, ...notice }: (typeof NOTICES)[number]) {
  return { ...notice, match };
}
