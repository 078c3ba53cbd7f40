import { describe, expect, it } from "vitest";
import { crossCheck, readTags } from "../../../src/audio/tags.ts";
import { noise } from "./bytes.ts";
import { encoded } from "./encoded.ts";
import { structureOf } from "./identified.ts";

const TITLE = ["-metadata", "title=Call 4711"];
const FILES = [
  ["mp3", encoded("a.mp3", ["-c:a", "libmp3lame", ...TITLE])],
  ["opus", encoded("a.opus", ["-c:a", "libopus", ...TITLE])],
  ["wav", encoded("a.wav", ["-c:a", "pcm_s16le", ...TITLE])],
] as const;

describe("readTags", () => {
  it.each(FILES)("reads the tags of %s", async (format, bytes) => {
    expect((await readTags(bytes, format))?.common.title).toBe("Call 4711");
  });

  it("gives nothing for what cannot be read", async () => {
    expect(await readTags(noise(100), "mp3")).toBeUndefined();
  });
});

describe("crossCheck", () => {
  it.each(FILES)("agrees with the other reader on a whole %s", async (format, bytes) => {
    const tags = await readTags(bytes, format);
    expect(tags && crossCheck(structureOf(bytes), tags.claims)).toEqual([]);
  });

  it("names each disagreement", () => {
    const structure = structureOf(FILES[2][1]);
    const claims = { codec: "IEEE_FLOAT", sampleRateHz: 8000, channels: 2, durationSeconds: 4 };
    expect(crossCheck(structure, claims)).toHaveLength(4);
    expect(crossCheck(structure, { ...claims, sampleRateHz: 16000, channels: 0, codec: undefined })).toEqual([
      "declared seconds: 2 here, 4 there",
    ]);
  });
});
