import { createHash } from "node:crypto";
import { appendFile, cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { flipByte } from "../helpers/archive-harms.ts";
import { CASE, CASE_ENV, CASE_IDS, makeCaseArchive, NASTY_ID, STRANGERS } from "../helpers/case-archive.ts";
import { listTree } from "../helpers/list-tree.ts";
import {
  checkCustody,
  checkPremis,
  NO_PROGRAMS,
  readCommands,
  readRows,
  run,
  runShell,
} from "../helpers/receive-package.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { issueTinyTsa, makeTinyPki, openTinyTsa } from "../helpers/tiny-tsa.ts";

let cwd: string;
/** A package of all that is held for the case, in a folder. */
let root: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "holdfast-export-"));
  await makeCaseArchive(cwd);
  const made = await exportCase("out", "--hold", CASE, "--loadfile", "dat", "--bates", "AB-");
  expect([made.code, made.report?.outcome, made.stderr]).toEqual([0, "ok", ""]);
  root = join(cwd, "out", CASE);
});
afterAll(() => rm(cwd, { recursive: true, force: true }));

function holdfast(...args: readonly string[]) {
  return runHoldfast([...args, "--quiet"], { cwd, env: CASE_ENV });
}

async function exportCase(out: string, ...args: readonly string[]) {
  const ran = await holdfast("export", "--case", CASE, "--out", out, ...args, "--json");
  return { ...ran, report: ran.stdout === "" ? undefined : JSON.parse(ran.stdout) };
}

const subjectsOf = (results: readonly { subject: string; status: string }[], wanted: string) =>
  results.filter(({ status }) => status === wanted).map(({ subject }) => subject);

describe.skipIf(NO_PROGRAMS !== "")(`what a receiver can do without Holdfast${NO_PROGRAMS}`, () => {
  test("checks digests, signature and time stamp by the commands of README.txt, to the letter", async () => {
    const pki = await makeTinyPki(await makeTemporaryFolder());
    await writeFile(join(cwd, "root.pem"), await issueTinyTsa(pki));
    run(cwd, "ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "sender"]);
    const attest = ["--sign", "sender", "--tsa", await openTinyTsa(pki), "--tsa-ca", "root.pem"];
    const { code, report } = await exportCase("attested", "--hold", CASE, "--with", "mp3", ...attest);
    expect([code, report.package.timeStamp.chain]).toEqual([0, "verified"]);

    const received = join(await makeTemporaryFolder(), "received");
    await cp(join(cwd, "attested", CASE), received, { recursive: true });
    await cp(join(cwd, "root.pem"), join(received, "root.pem"));
    const commands = readCommands(received);
    const said = commands.map((command) => runShell(received, `LC_ALL=C ${command}`));
    expect(commands.map((command, index) => [command, said[index]?.code, said[index]?.stderr])).toEqual([
      ["sha256sum -c tagmanifest-sha256.txt", 0, ""],
      ["sha256sum -c manifest-sha256.txt", 0, ""],
      [expect.stringContaining("ssh-keygen -Y verify"), 0, ""],
      [expect.stringContaining("openssl ts -verify"), 0, expect.any(String)],
      [expect.stringContaining("openssl ts -reply"), 0, expect.any(String)],
      ["sha256sum tagmanifest-sha256.txt", 0, ""],
    ]);
    const { fingerprint } = report.package.signature;
    expect(said[2]?.stdout).toContain(`Good "file" signature for ada@lovelace with ED25519 key ${fingerprint}`);
    expect(run(cwd, "ssh-keygen", ["-l", "-f", "sender.pub"]).stdout).toContain(fingerprint);
    expect(said[3]?.stdout).toContain("Verification: OK");
    expect(said.at(-1)?.stdout).toContain(report.package.tagManifestSha256);

    await appendFile(join(received, "bag-info.txt"), "Note: x\n");
    expect(commands.map((command) => runShell(received, command).code)).toEqual([1, 0, 0, 0, 0, 0]);
    await appendFile(join(received, "tagmanifest-sha256.txt"), "\n");
    expect(commands.map((command) => runShell(received, command).code).slice(2, 4)).toEqual([255, 1]);

    const verify = ["verify", join("attested", CASE), "--signer", "sender.pub", "--tsa-ca", "root.pem"];
    expect((await holdfast(...verify, "--level", "structure")).code).toBe(0);
    const copies = report.results.map((result: { listeningPath?: string }) => result.listeningPath);
    expect(copies.filter(Boolean)).toHaveLength(3);
    for (const path of copies.filter(Boolean)) {
      const record = JSON.parse(await readFile(join(cwd, "attested", CASE, `${path}.holdfast.json`), "utf8"));
      expect(record.source.path).toMatch(/^\.\.\/originals\//);
    }
  });

  test("reads the load file, the legs of a call together, each row by its own original", async () => {
    const rows = readRows(join(root, `data/loadfile/${CASE}.dat`));
    expect(rows.map(({ RECORDINGID }) => RECORDINGID).toSorted()).toEqual(
      [...CASE_IDS].map((id) => (id === NASTY_ID ? expect.stringContaining("=cmd|") : id)).toSorted(),
    );
    for (const { NATIVEPATH = "", SHA256, MD5HASH, FILESIZE, BEGBATES } of rows) {
      const bytes = await readFile(join(root, NATIVEPATH.replaceAll("\\", "/")));
      const [sha256, md5] = ["sha256", "md5"].map((name) => createHash(name).update(bytes).digest("hex"));
      expect([SHA256, MD5HASH, FILESIZE]).toEqual([sha256, md5, String(bytes.length)]);
      expect(BEGBATES).toMatch(/^AB-\d{7}$/);
    }
    const legs = rows.filter(({ CALLID }) => CALLID === "call_anna");
    expect(new Set(legs.map(({ BEGATTACH, ENDATTACH }) => `${BEGATTACH} ${ENDATTACH}`)).size).toBe(1);
    const [anna] = rows.filter(({ RECORDINGID }) => RECORDINGID === "rec_anna");
    expect(anna).toMatchObject({ CALLER: "+4930111", DIRECTION: "inbound", EVIDENCE: "vendor-digest" });
  });

  test("finds the preservation metadata well-formed, by its schema where PREMIS_XSD names it", () => {
    expect(checkPremis(root)).toMatchObject({ code: 0 });
  });

  test("proves that the events of custody are in the ledger", async () => {
    expect(checkCustody(root)).toMatch(/^\d+ events are in the ledger of \d+$/);
    const path = join(root, "data/custody.jsonl");
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replace("rec_bert", "rec_burt"));
    expect(checkCustody(root)).toContain("is not in the ledger");
    await writeFile(path, text);
  });

  test.each(["zip", "tar"] as const)(
    "unpacks a package in one file (%s), and verifies it packed as well",
    async (form) => {
      const { code, report } = await exportCase(form, "--hold", CASE, "--package", form);
      expect([code, report.package.form]).toEqual([0, form]);
      const path = join(cwd, form, `${CASE}.${form}`);
      expect(await readdir(join(cwd, form))).toEqual([`${CASE}.${form}`]);
      if (form === "zip") expect(run(cwd, "unzip", ["-tqq", path])).toMatchObject({ code: 0, stdout: "" });
      const into = await makeTemporaryFolder();
      const [program, args] = form === "zip" ? ["unzip", ["-q", path]] : ["tar", ["-xf", path]];
      expect(run(into, program as string, args as string[]).code).toBe(0);
      expect(await readdir(into)).toEqual([CASE]);
      const sums = "sha256sum -c --strict --quiet tagmanifest-sha256.txt manifest-sha256.txt";
      expect(runShell(join(into, CASE), sums)).toMatchObject({ code: 0 });
      expect((await holdfast("verify", path)).code).toBe(0);
      await flipByte(path, (await readFile(path)).indexOf("OggS") + 60);
      const damaged = await holdfast("verify", path, "--json");
      expect([damaged.code, damaged.stdout]).toEqual([4, expect.stringContaining("rec_bert.opus")]);
    },
  );
});

describe("what is in a package", () => {
  test("is what was selected: originals byte for byte, records, tombstones, and what was left out is told", async () => {
    const { report } = await exportCase("plain", "--hold", CASE);
    expect(subjectsOf(report.results, "exported").toSorted()).toEqual([...CASE_IDS].toSorted());
    expect([subjectsOf(report.results, "removed"), subjectsOf(report.results, "not-in-archive")]).toEqual([
      ["rec_gone"],
      ["rec_never"],
    ]);
    expect(report).toMatchObject({ schema: "holdfast.report/1", command: "export", outcome: "ok", findings: [] });
    const day = join(cwd, "archive/recordings/2024/01/15");
    const folder = join(cwd, "plain", CASE);
    for (const name of ["rec_anna.mp3", "rec_anna_2.wav", "rec_bert.opus"]) {
      expect(await readFile(join(folder, "data/originals", name))).toEqual(await readFile(join(day, name)));
    }
    for (const name of ["rec_anna.json", "rec_gone.json"]) {
      expect(await readFile(join(folder, "data/records", name))).toEqual(await readFile(join(day, name)));
    }
    const sealed = await readFile(join(folder, "data/originals/rec_sealed.mp3"));
    expect(sealed).toEqual(await readFile(join(day, "rec_anna.mp3")));
  });

  test("has no word of any other recording, call or case, in no file", async () => {
    for (const path of await listTree(root)) {
      const text = `${path} ${await readFile(join(root, path), "latin1")}`;
      for (const word of STRANGERS) expect(text.includes(word), `${word} in ${path}`).toBe(false);
    }
  });

  test("is held against its lists: what was changed, is missing or was added, verify names", async () => {
    const copy = join(await makeTemporaryFolder(), "copy");
    await cp(root, copy, { recursive: true });
    await flipByte(join(copy, "data/originals/AB-0000004.opus"), 60);
    await rm(join(copy, "data/premis.xml"));
    for (const path of ["data/originals/more.mp3", "more.txt"]) await writeFile(join(copy, path), "x");
    const { code, stdout } = await holdfast("verify", copy, "--json");
    const findings: readonly { kind: string; subject: string }[] = JSON.parse(stdout).findings;
    expect([code, findings.map(({ kind, subject }) => `${kind} ${subject.slice(copy.length + 1)}`).toSorted()]).toEqual(
      [
        4,
        [
          "digest-mismatch data/originals/AB-0000004.opus",
          "missing data/premis.xml",
          "unexpected data/originals/more.mp3",
          "unexpected more.txt",
        ],
      ],
    );
  });
});

describe("selection", () => {
  /** What a dry run would export. */
  const plan = async (...args: readonly string[]) => {
    const { report } = await exportCase("nowhere", ...args, "--dry-run");
    return [report.counts.planned, subjectsOf(report.results, "planned").toSorted(), report.selected];
  };

  test("is by recordings, calls, lists and times, each once; a dry run counts and writes nothing", async () => {
    await writeFile(join(cwd, "ids.txt"), `rec_bert\n# and\n${NASTY_ID}\n`);
    const named = ["--recording", "rec_anna", "--call-id", "call_anna", "--list", "ids.txt"];
    expect(await plan(...named)).toEqual([
      4,
      [NASTY_ID, "rec_anna", "rec_anna_2", "rec_bert"],
      { recordings: 4, files: 0, bytes: expect.any(Number), durationSeconds: expect.closeTo(19.9, 0) },
    ]);
    expect((await plan("--since", "2025-01-01", "--until", "2025-06-15"))[1]).toEqual(["rec_late"]);
    expect((await plan("--hold", CASE, "--since", "2025-01-01"))[1]).toEqual([]);
    const args = ["export", "--case", CASE, "--out", "nowhere", "--since", "2025-01-01", "--dry-run"];
    const { code, stdout } = await holdfast(...args);
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^would export 2 recordings, 0:10 .*: [\d.]+ kB\n/)]);
    expect((await readdir(cwd)).includes("nowhere")).toBe(false);
  });
});
