import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runHoldfast } from "../helpers/run-holdfast.ts";
import { id3v2, mp3 } from "../unit/audio/mpeg-bytes.ts";
import { opusPages } from "../unit/audio/ogg-bytes.ts";

const OK = fileURLToPath(new URL("../../fixtures/audio/ok/", import.meta.url));

async function inspect(...args: readonly string[]) {
  const { code, stdout, stderr } = await runHoldfast(["inspect", ...args], { cwd: folder });
  return { status: code, stdout, stderr };
}

let folder = "";
const at = (name: string) => join(folder, name);

const MP3 = mp3(8000);

const FILES: Readonly<Record<string, Uint8Array | string>> = {
  "whole.mp3": MP3,
  "retagged.mp3": Buffer.concat([id3v2(500), MP3]),
  "cut.mp3": MP3.subarray(0, 2000),
  "error.wav": '{"error":"not_found","message":"Recording not found","code":404}',
  "list.wav": "ffconcat version 1.0\nfile other.wav\n",
};

/** Pages 1500 to 1529, of 0.1 s each, are gone. */
function withHole(): Buffer {
  const pages = opusPages({ pages: 2000 });
  return Buffer.concat(pages.toSpliced(2 + 1500, 30));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "holdfast-inspect-"));
  for (const [name, content] of Object.entries(FILES)) await writeFile(at(name), content);
  await writeFile(at("hole.opus"), withHole());
});

afterAll(() => rm(folder, { recursive: true }));

describe("holdfast inspect", () => {
  it("calls a whole file complete and ends with 0", async () => {
    const { status, stdout } = await inspect(join(OK, "opus-32k-16000.opus"));
    expect(status).toBe(0);
    expect(stdout).toMatch(/opus-32k-16000\.opus: an Ogg Opus recording, complete\n/);
    expect(stdout).toMatch(/sha256 [0-9a-f]{64}/);
  });

  it.each([
    ["hole.opus", "an Ogg Opus recording, damaged: 3.0 s lost at 02:30", "corrupt-frames"],
    ["cut.mp3", "an MP3 recording, cut short: declares 287.9 s, holds 0.1 s", "truncated"],
    ["error.wav", "not audio: a JSON error from the server", "not-audio"],
    ["list.wav", "not audio: an ffconcat playlist", "not-audio"],
  ])("says of %s: %s", async (name, headline, kind) => {
    const { status, stdout } = await inspect(at(name));
    expect(stdout.split("\n")[0]).toBe(`${at(name)}: ${headline}`);
    expect(stdout).toContain(`${kind}: ${at(name)}`);
    expect(status).toBe(4);
  });

  it("says of two files that their audio is identical and their tags are not", async () => {
    const { status, stdout } = await inspect(at("whole.mp3"), at("retagged.mp3"));
    expect(status).toBe(0);
    expect(stdout).toContain(`audio identical to ${at("retagged.mp3")}, tags or container differ`);
    expect(stdout).toContain(`audio identical to ${at("whole.mp3")}, tags or container differ`);
  });

  it("prints one JSON report with identity, facts and defects, and nothing else", async () => {
    const { status, stdout } = await inspect("--json", at("whole.mp3"), at("cut.mp3"), at("error.wav"));
    const report = JSON.parse(stdout);
    expect(report).toMatchObject({ schema: "holdfast.report/1", command: "inspect", outcome: "findings" });
    const [whole, cut, error] = report.results;
    expect(whole).toMatchObject({ path: at("whole.mp3"), container: "mp3", frames: 8000, complete: true, defects: [] });
    expect(cut).toMatchObject({ complete: false, defects: [{ kind: "truncated", byteOffset: expect.any(Number) }] });
    expect(error).toMatchObject({ complete: null, packetSha256: null, container: null });
    expect(status).toBe(4);
  });

  it("goes on past a file that is not there, and says which", async () => {
    const { status, stdout, stderr } = await inspect(at("missing.mp3"), at("whole.mp3"));
    expect(`${stdout}${stderr}`).toContain("missing.mp3");
    expect(stdout).toContain("whole.mp3: an MP3 recording, complete");
    expect(status).toBe(3);
  });

  it("changes nothing about the file", async () => {
    const before = await readFile(at("whole.mp3"));
    await inspect(at("whole.mp3"));
    expect(await readFile(at("whole.mp3"))).toEqual(before);
  });

  it("wants a file", async () => {
    expect((await inspect()).status).toBe(2);
  });
});
