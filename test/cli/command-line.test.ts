import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { listTree } from "../helpers/list-tree.ts";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { makeTemporaryFolder } from "../helpers/temporary-folder.ts";

const NO_VENDOR = { AUDIAN_BASE_URL: "http://127.0.0.1:1/v2" };

test("help and version go to stdout, with 0", async () => {
  const cwd = await makeTemporaryFolder();
  const help = await runHoldfast(["--help"], { cwd });
  expect([help.code, help.stderr]).toEqual([0, ""]);
  for (const word of ["fetch", "convert", "verify", "inspect", "sandbox", "demo", "Exit codes"]) {
    expect(help.stdout).toContain(word);
  }
  expect(await runHoldfast(["--version"], { cwd })).toMatchObject({ code: 0, stdout: "0.1.0\n", stderr: "" });
});

describe("what cannot be understood or used ends with 2, one clear line and no trace of a stack", () => {
  test.each([
    ["no command", [], /name a command/],
    ["unknown command", ["frobnicate"], /frobnicate/],
    ["unknown flag", ["verify", "--nope"], /nope/],
    ["missing value", ["verify", "--concurrency"], /concurrency/],
    ["repeated flag", ["verify", "--config", "a", "--config", "b"], /--config/],
    ["bad level", ["verify", "--level", "deepest"], /presence, digest, structure/],
    ["bad number", ["verify", "--concurrency", "many"], /concurrency/],
    ["no target", ["convert", "a.wav"], /to/],
    ["unknown target", ["convert", "a.wav", "--to", "ogg"], /mp3, wav, opus/],
    ["illegal rate", ["convert", "a.wav", "--to", "mp3", "--sample-rate", "44100"], /16000, 8000/],
    ["--out without inputs", ["convert", "--to", "mp3", "--out", "x"], /--out/],
    ["three channels", ["convert", "a.wav", "--to", "mp3", "--channels", "3"], /1 or 2/],
    ["no instant", ["fetch", "--since", "yesterday"], /--since/],
    ["no key", ["fetch"], /AUDIAN_API_KEY/],
    ["base URL", ["fetch", "--base-url", "ftp://x"], /baseUrl/],
    ["base URL with a password", ["fetch", "--base-url", "https://u:p4ss@host/v2"], /baseUrl/],
    ["config file that is not there", ["verify", "--config", "none.json"], /none\.json/],
    ["ffmpeg that is not there", ["convert", "a.wav", "--to", "mp3", "--ffmpeg", "/none/ffmpeg"], /ffmpeg/],
    ["a dry run of what has none", ["demo", "--dry-run"], /no dry run/],
    ["sandbox port", ["sandbox", "--port", "99999"], /--port/],
  ] as const)("%s", async (_, args, message) => {
    const cwd = await makeTemporaryFolder();
    await writeFile(join(cwd, "a.wav"), "");
    const { code, stdout, stderr } = await runHoldfast(args, { cwd, env: NO_VENDOR });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/\n\s+at |p4ss/);
    expect([code, stdout]).toEqual([2, ""]);
    expect(await listTree(cwd)).toEqual(["a.wav"]);
  });

  test("a key that no header takes", async () => {
    const cwd = await makeTemporaryFolder();
    const { code, stderr } = await runHoldfast(["fetch"], {
      cwd,
      env: { ...NO_VENDOR, AUDIAN_API_KEY: "sch\u00fcssel" },
    });
    expect(code).toBe(2);
    expect(stderr).not.toContain("ssel");
  });

  test("an unknown setting in the configuration file", async () => {
    const cwd = await makeTemporaryFolder();
    await writeFile(join(cwd, "holdfast.config.json"), `{"archiv": "x"}`);
    const { code, stderr } = await runHoldfast(["config", "show"], { cwd });
    expect([code, stderr.includes("archiv")]).toEqual([2, true]);
  });
});

describe("--json is exactly one document on stdout", () => {
  test.each([
    ["usage", ["verify", "--nope", "--json"], 2, "USAGE"],
    ["configuration", ["fetch", "--json"], 2, "CONFIG_INVALID"],
    ["no archive", ["reindex", "--json"], 1, "ARCHIVE_NOT_FOUND"],
    ["no input", ["convert", "none.wav", "--to", "mp3", "--json"], 1, "INPUT_NOT_FOUND"],
    ["nothing matches", ["inspect", "none.wav", "--json"], 1, "STORAGE_NOT_FOUND"],
  ] as const)("%s", async (_, args, code, failure) => {
    const cwd = await makeTemporaryFolder();
    const ran = await runHoldfast(args, { cwd, env: NO_VENDOR });
    const report = JSON.parse(ran.stdout);
    expect(ran.code).toBe(code);
    expect(report).toMatchObject({ schema: "holdfast.report/1", tool: { name: "holdfast" }, outcome: "failed" });
    expect(report.failures.map((entry: { code: string }) => entry.code)).toEqual([failure]);
  });

  test("doctor", async () => {
    const { code, stdout } = await runHoldfast(["doctor", "--json"], { cwd: await makeTemporaryFolder() });
    const report = JSON.parse(stdout);
    const ffmpeg = report.results.find((result: { subject: string }) => result.subject === "ffmpeg");
    expect(code).toBe(0);
    expect(ffmpeg).toMatchObject({ origin: "embedded", copyrightYear: 2018 });
    expect(ffmpeg.encoders).toEqual(expect.arrayContaining(["libmp3lame", "libopus", "pcm_s16le"]));
    expect(ffmpeg.sha256).toMatch(/^[0-9a-f]{64}$/);
    // Nothing is on this PATH.
    expect(report.results).toContainEqual(
      expect.objectContaining({
        subject: "limits",
        status: "ok",
        message: expect.stringMatching(/ffmpeg ends with holdfast/),
      }),
    );
    expect(report.results).toContainEqual(
      expect.objectContaining({ subject: "sandbox", status: "none", message: expect.stringMatching(/^no sandbox/) }),
    );
  });
});

test("flags beat environment beats file beats defaults, and config show says so", async () => {
  const cwd = await makeTemporaryFolder();
  await writeFile(
    join(cwd, "c.json"),
    JSON.stringify({ archive: "from-file", baseUrl: "https://file/v2", auth: "bearer" }),
  );
  const args = ["config", "show", "--json", "--config", "c.json", "--archive", "from-flag"];
  const env = { HOLDFAST_ARCHIVE: "from-env", AUDIAN_BASE_URL: "https://env/v2", HOLDFAST_FFMPEG: "" };
  const { stdout } = await runHoldfast(args, { cwd, env });
  const shown = JSON.parse(stdout).results.map((r: { subject: string; value: unknown; status: string }) => [
    r.subject,
    r.value,
    r.status,
  ]);
  expect(shown).toEqual(
    expect.arrayContaining([
      ["archive", "from-flag", "flag"],
      ["baseUrl", "https://env/v2", "environment"],
      ["auth", "bearer", "file"],
      ["logFormat", "text", "default"],
      ["ffmpeg", null, "unset"],
    ]),
  );
});

test("a file where the archive should be is told so", async () => {
  const cwd = await makeTemporaryFolder();
  await writeFile(join(cwd, "archive"), "x");
  const { code, stderr } = await runHoldfast(["fetch"], { cwd, env: { ...NO_VENDOR, AUDIAN_API_KEY: "k" } });
  expect(code).toBe(1);
  expect(stderr).toMatch(/STORAGE_UNAVAILABLE/);
  expect(stderr).not.toMatch(/\n\s+at /);
});
