import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { Archive } from "../../../src/archive/archive.ts";
import type { LedgerEntry } from "../../../src/core/ledger-event.ts";
import { parseRecordingId } from "../../../src/core/recording-id.ts";
import { planRelease, runRelease } from "../../../src/custody/hold-release.ts";
import { APPROVAL_NAMESPACE } from "../../../src/custody/hold-statement.ts";
import { parseAllowedSigners } from "../../../src/signing/allowed-signers.ts";
import { generateSigningKey, type SigningKey } from "../../../src/signing/signing-key.ts";
import { toSshSignature } from "../../../src/signing/ssh-signature.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { HAS_SSH_KEYGEN, makeKeyFile, NO_SSH_KEYGEN, runProgram, signByProgram } from "../signing/programs.ts";
import { hold, named, openHeldArchive, RUN } from "./held-archive.ts";

const [ANN, BOB, CARL] = [generateSigningKey(), generateSigningKey(), generateSigningKey()];
const line = (principal: string, key: SigningKey, options = "") =>
  `${principal} ${options} ${key.publicKey.toSshLine()}`;
const SIGNERS = [line("ann@firm", ANN), line("bob@firm", BOB), line("carl@firm", CARL)].join("\n");
const REQUEST = { case: "Smith", reason: "settled", actor: "ann@firm" } as const;

function sign(statement: string, key: SigningKey, name = "a.sig") {
  return { name, signature: toSshSignature(Buffer.from(statement), { key, namespace: APPROVAL_NAMESPACE }) };
}

interface Terms {
  readonly needs?: number;
  readonly reason?: string;
  readonly signers?: string;
}

function plan(
  archive: Archive,
  approvals: Parameters<typeof planRelease>[1]["approvals"] = [],
  { needs = 2, reason = REQUEST.reason, signers = SIGNERS }: Terms = {},
) {
  const policy = { releaseNeeds: needs, signers: parseAllowedSigners(signers).signers, nowMs: RUN.clock.now() };
  return planRelease({ archive }, { ...REQUEST, reason, approvals }, policy);
}

function toDetail(entry: LedgerEntry | undefined): Readonly<Record<string, unknown>> {
  return entry?.detail ?? {};
}

async function openCase() {
  const archive = await openHeldArchive({ rec_1: {} });
  await hold(archive, "Smith", named(["rec_1"]));
  const { statement } = await plan(archive);
  return { archive, statement };
}

test("with one person needed, all holds of the case and of no other are released", async () => {
  const { archive } = await openCase();
  await hold(archive, "Smith", { kind: "matching", sinceMs: 0 });
  await hold(archive, "Jones", named(["rec_1"]));
  const report = await runRelease({ archive }, await plan(archive, [], { needs: 1 }), RUN);
  expect(report).toMatchObject({ outcome: "ok", results: [{ status: "released", approvedBy: [], releaseNeeds: 1 }] });
  const { holds } = await archive.holds();
  expect(holds.map(({ case: name, release }) => [name, release?.reason])).toEqual([
    ["Smith", "settled"],
    ["Smith", "settled"],
    ["Jones", undefined],
  ]);
  const caught = archive.assertFree(parseRecordingId("rec_1"), "remove");
  await expect(caught).rejects.toMatchObject({ cases: ["Jones"] });
});

test("without enough approvals nothing is released and nothing is written", async () => {
  const { archive } = await openCase();
  const before = archive.ledger.size;
  const report = await runRelease({ archive }, await plan(archive), RUN);
  expect(report).toMatchObject({ outcome: "refused", failures: [{ code: "POLICY_REFUSED", subject: "Smith" }] });
  expect(archive.ledger.size).toBe(before);
});

test("with enough, the event says who approved, and all that it takes to check it later", async () => {
  const { archive, statement } = await openCase();
  const approvals = [sign(statement, BOB, "b.sig"), sign(statement, CARL, "c.sig")];
  const report = await runRelease({ archive }, await plan(archive, approvals, { needs: 3 }), RUN);
  expect(report.results).toMatchObject([{ status: "released", approvedBy: ["bob@firm", "carl@firm"] }]);
  const entries = [];
  for await (const entry of archive.ledger.find(["released"])) entries.push(entry);
  const [{ principal, signature }] = toDetail(entries[0])["approvals"] as [Record<string, string>];
  expect([principal, signature, toDetail(entries[0])["statement"]]).toEqual([
    ...["bob@firm", approvals[0]?.signature, statement],
  ]);
  await archive.assertFree(parseRecordingId("rec_1"), "remove");
});

describe("an approval does not count", () => {
  const EXPIRED = 'valid-before="20250101Z"';
  test.each([
    ["of the one who asks", () => [ANN], SIGNERS, /who asks/],
    ["of the one who asks in other letters", () => [ANN], line("Ann@Firm", ANN), /who asks/],
    ["a second time", () => [BOB, BOB], SIGNERS, /has approved already/],
    [
      "with a second key of the same person",
      () => [BOB, CARL],
      [line("bob@firm", BOB), line("BOB@firm", CARL)].join("\n"),
      /has approved already/,
    ],
    ["of a key that nobody knows", () => [generateSigningKey()], SIGNERS, /does not allow its key/],
    ["of a key that is not valid any more", () => [BOB], line("bob@firm", BOB, EXPIRED), /does not allow its key/],
    ["of a key for other purposes", () => [BOB], line("bob@firm", BOB, 'namespaces="git"'), /does not allow its key/],
    ["of a key that is not one person's", () => [BOB], line("*@firm", BOB), /whose key it is/],
  ] as const)("%s", async (_, keys, signers, problem) => {
    const { archive, statement } = await openCase();
    const approvals = keys().map((key, index) => sign(statement, key, `${index}.sig`));
    const { isAllowed, rejected, counted } = await plan(archive, approvals, { needs: keys().length + 1, signers });
    expect([isAllowed, counted.length]).toEqual([false, keys().length - 1]);
    expect(rejected).toEqual([{ name: `${keys().length - 1}.sig`, problem: expect.stringMatching(problem) }]);
  });

  test("for another purpose, or when it is no signature", async () => {
    const { archive, statement } = await openCase();
    const other = toSshSignature(Buffer.from(statement), { key: BOB, namespace: "file" });
    const { rejected } = await plan(archive, [
      { name: "1", signature: other },
      { name: "2", signature: "yes" },
    ]);
    expect(rejected.map(({ name }) => name)).toEqual(["1", "2"]);
  });

  test("for another reason, or when a hold was added since", async () => {
    const { archive, statement } = await openCase();
    const approvals = [sign(statement, BOB)];
    expect((await plan(archive, approvals)).isAllowed).toBe(true);
    expect((await plan(archive, approvals, { reason: "tired of it" })).isAllowed).toBe(false);
    await hold(archive, "Jones", named(["rec_2"]));
    expect((await plan(archive, approvals)).isAllowed).toBe(true);
    await hold(archive, "Smith", named(["rec_2"]));
    expect((await plan(archive, approvals)).isAllowed).toBe(false);
  });
});

test.skipIf(!HAS_SSH_KEYGEN)(`ssh-keygen signs what counts, and verifies it later${NO_SSH_KEYGEN}`, async () => {
  const { archive, statement } = await openCase();
  const folder = await makeTemporaryFolder();
  const key = makeKeyFile(folder);
  const signers = `bob@firm ${readFileSync(`${key}.pub`, "utf8")}`;
  const signature = await signByProgram(key, statement, { namespace: APPROVAL_NAMESPACE });
  const planned = await plan(archive, [{ name: "b.sig", signature }], { signers });
  expect(planned).toMatchObject({ isAllowed: true, counted: [{ principal: "bob@firm" }] });
  const files = [join(folder, "signers"), join(folder, "b.sig")] as const;
  await writeFile(files[0], signers);
  await writeFile(files[1], planned.counted[0]?.signature ?? "");
  const args = ["-Y", "verify", "-f", files[0], "-I", "bob@firm", "-n", APPROVAL_NAMESPACE, "-s", files[1]];
  expect(runProgram("ssh-keygen", args, planned.statement).status).toBe(0);
});

test("the statement says what is let go, the same every time", async () => {
  const archive = await openHeldArchive();
  await hold(archive, "Smith", named(["rec_1"], ["call_2"]));
  const many = named(Array.from({ length: 1500 }, (_, index) => `rec_${index + 10}`));
  await hold(archive, "Smith", many, "another letter");
  await hold(archive, "Smith", { kind: "matching", from: "+49 30 1", untilMs: 0 });
  const { statement } = await plan(archive);
  expect(await plan(archive)).toMatchObject({ statement });
  expect(JSON.parse(statement)).toMatchObject({
    archiveId: archive.archiveId,
    case: "Smith",
    reason: "settled",
    holds: [
      {
        events: { first: 1, count: 2 },
        catches: { kind: "named", recordings: 1, calls: 1, recordingIds: ["rec_1"], callIds: ["call_2"] },
      },
      { events: { count: 2 }, catches: { kind: "named", recordings: 1500, calls: 0, sha256: expect.any(String) } },
      { catches: { kind: "matching", from: "+49 30 1", until: "1970-01-01T00:00:00.000Z" } },
    ],
  });
  expect(statement).not.toContain("rec_11");
});

test("a case that holds nothing cannot be released; the hint names those that do", async () => {
  const { archive } = await openCase();
  await hold(archive, "Jones", named(["rec_1"]));
  const unknown = planRelease(
    { archive },
    { ...REQUEST, case: "Smiht", approvals: [] },
    { releaseNeeds: 1, signers: [], nowMs: 0 },
  );
  await expect(unknown).rejects.toMatchObject({ code: "NOTHING_TO_DO", hint: "there are: Smith, Jones" });
  await runRelease({ archive }, await plan(archive, [], { needs: 1 }), RUN);
  await expect(plan(archive)).rejects.toMatchObject({ code: "NOTHING_TO_DO", hint: "there are: Jones" });
});
