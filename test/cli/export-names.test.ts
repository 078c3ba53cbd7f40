import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { openArchive } from "../../src/compose.ts";
import { listTree } from "../helpers/list-tree.ts";
import { checkPremis, NO_PROGRAMS, readCommands, readRows, run, runShell } from "../helpers/receive-package.ts";
import { type Ran, runHoldfast } from "../helpers/run-holdfast.ts";
import { NASTY_TEXTS } from "../helpers/sample-package.ts";
import { storeCall } from "../helpers/store-call.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";
import { TEST_CLOCK } from "../helpers/test-clock.ts";
import { TEST_CUSTODIAN } from "../helpers/test-custodian.ts";

const ESCAPE = "\u001b]0;owned\u0007";
const MARKUP = `</title><script>globalThis.wasHere = 1</script><img src=x onerror=alert(1)> & ' " ]]> %ZZ`;
const CASE = `../=cmd|' /C calc'!A0 ${MARKUP}`;
const ORGANISATION = `@SUM(1+1) þ® ${MARKUP}`;

/** Read as a name, it would be that of another recording's derivative. */
const LIKE_DERIVATIVE = "rec_1.mp3-64k-16000";

/** An archive whose recordings have every nasty text as id, where the vendor could send it, as call id and as number. */
async function makeNastyArchive(cwd: string): Promise<void> {
  const options = { clock: TEST_CLOCK, create: true, custodian: TEST_CUSTODIAN };
  const archive = await openArchive(join(cwd, "archive"), options);
  for (const [index, text] of [...NASTY_TEXTS, ESCAPE, MARKUP, LIKE_DERIVATIVE].entries()) {
    const id = /[\p{Cc}\p{Cs}]/u.test(text) ? `rec_${index}` : text;
    await storeCall(archive, id, { callId: text, vendor: { from: text, to: `${text}${text}` } });
  }
  await archive.close();
}

/** Files whose names are nasty, as far as a file can have such; one has the name of a recording of the archive. */
async function writeNastyFiles(folder: string): Promise<void> {
  const names = [
    ...NASTY_TEXTS,
    ESCAPE,
    MARKUP,
    "100%25",
    "a\\b",
    "CON",
    "con.txt",
    " .",
    "A",
    "a",
    "-rf",
    "rec_8.mp3",
  ];
  const inner = join(folder, "=in%\n<script>");
  await mkdir(inner, { recursive: true });
  for (const name of names) await writeFile(join(inner, name.replaceAll("/", "\u2215")), name);
}

/** All that a nasty name could break out of, in a package that lies in a folder. */
async function assertContained(root: string, { stdout, stderr }: Ran): Promise<void> {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  expect(`${stdout}${stderr}`).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u2028\u202e]/);
  for (const path of await listTree(root)) {
    expect(path).not.toMatch(/[%\\:"|?*<>]|[\p{C}\p{Zl}\p{Zp}]|[. ](?:\/|$)/u);
  }
  const page = await readFile(join(root, "review/index.html"), "utf8");
  expect(page).not.toMatch(/<script>globalThis|<img src=x|<\/title><script/);
  const info = (await readFile(join(root, "bag-info.txt"), "utf8"))
    .split(/\r?\n/)
    .filter((line) => !/^[ \t]/.test(line));
  expect(info.filter(Boolean).map((line) => line.split(":")[0])).toEqual([
    "Source-Organization",
    "External-Identifier",
    "External-Description",
    "Bagging-Date",
    "Bag-Software-Agent",
    "Payload-Oxum",
  ]);
  const sums = "sha256sum -c --strict --quiet tagmanifest-sha256.txt manifest-sha256.txt";
  expect(runShell(root, sums)).toEqual({ code: 0, stdout: "", stderr: "" });
  expect(checkPremis(root)).toMatchObject({ code: 0 });
}

describe.skipIf(NO_PROGRAMS !== "")(`names from outside do not break out of a package${NO_PROGRAMS}`, () => {
  let cwd: string;
  const exportAll = async (env: Record<string, string>, ...args: readonly string[]) => {
    const what = ["--case", CASE, "--organisation", ORGANISATION, "--out", "out"];
    const ran = await runHoldfast(["export", ...what, ...args], { cwd, env });
    expect([ran.code, ran.stderr, ran.stdout]).toEqual([0, "", expect.any(String)]);
    return ran;
  };

  test("of recordings, calls, callers and files, as folder, with a CSV", async () => {
    cwd = await makeTemporaryFolder();
    await makeNastyArchive(cwd);
    await writeNastyFiles(join(cwd, "in"));
    const before = (await listTree(cwd)).filter((path) => !path.startsWith("archive/"));
    const ran = await exportAll({}, "--since", "2024-01-01", "in", "--loadfile", "csv");
    const after = (await listTree(cwd)).filter((path) => !path.startsWith("archive/"));
    const [[, name = ""] = []] = after.filter((path) => path.startsWith("out/")).map((path) => path.split("/"));
    expect(after.filter((path) => !path.startsWith(`out/${name}/`))).toEqual(before);
    const root = join(cwd, "out", name);
    await assertContained(root, ran);
    const rows = readRows(join(root, `data/loadfile/${name}.csv`));
    expect(rows).toHaveLength(2 * NASTY_TEXTS.length + 14);
    for (const cell of rows.flatMap((row) => Object.values(row))) expect(cell).not.toMatch(/^[=+\-@\t\r]|\0/);
    expect((await runHoldfast(["verify", `out/${name}`], { cwd })).code).toBe(0);
  });

  test("of who exports and signs, with a DAT: the commands of README.txt do what they say and nothing else", async () => {
    cwd = await makeTemporaryFolder();
    await writeNastyFiles(join(cwd, "in"));
    run(cwd, "ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", "sender"]);
    const HOLDFAST_ACTOR = `$(touch owned) \`touch owned\`; touch owned # "' ${MARKUP}`;
    const ran = await exportAll({ HOLDFAST_ACTOR }, "in", "--loadfile", "dat", "--bates", "B", "--sign", "sender");
    const [name = ""] = await readdir(join(cwd, "out"));
    const root = join(cwd, "out", name);
    await assertContained(root, ran);
    const commands = readCommands(root);
    expect(commands).toHaveLength(4);
    for (const command of commands) expect(runShell(root, command).code, command).toBe(0);
    expect((await listTree(cwd)).filter((path) => path.endsWith("owned"))).toEqual([]);
    const rows = readRows(join(root, `data/loadfile/${name}.dat`));
    expect(rows).toHaveLength(NASTY_TEXTS.length + 11);
    for (const { BEGBATES, SHA256, NATIVEPATH = "" } of rows) {
      const bytes = await readFile(join(root, NATIVEPATH.replaceAll("\\", "/")));
      expect([SHA256, BEGBATES]).toEqual([
        createHash("sha256").update(bytes).digest("hex"),
        expect.stringMatching(/^B\d{7}$/),
      ]);
    }
  });
});
