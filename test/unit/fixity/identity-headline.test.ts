import { describe, expect, it } from "vitest";
import type { InspectResult } from "../../../src/fixity/inspect-file.ts";
import { toHeadline } from "../../../src/fixity/inspect-headline.ts";
import { withSameAudio } from "../../../src/fixity/same-audio.ts";
import { isServerError } from "../../../src/fixity/server-error.ts";

const WHOLE: InspectResult = {
  path: "a.mp3",
  status: "complete",
  sizeBytes: 1000,
  sha256: "a".repeat(64),
  packetSha256: "b".repeat(64),
  content: "an MP3 recording",
  container: "mp3",
  codec: "mp3",
  sampleRateHz: 16000,
  channels: 1,
  durationSeconds: 300,
  declaredDurationSeconds: 300,
  frames: 8334,
  bitrateKbps: 64,
  complete: true,
  defects: [],
  remarks: [],
  tags: {},
  audioIdenticalTo: [],
};

function damaged(changes: Partial<InspectResult>): InspectResult {
  return { ...WHOLE, status: "damaged", complete: false, ...changes };
}

const TRUNCATED = { kind: "truncated", message: "It is cut." } as const;

describe("the headline", () => {
  it("says that a recording is complete", () => {
    expect(toHeadline(WHOLE)).toBe("an MP3 recording, complete");
  });

  it("says what a recording declares and what it holds", () => {
    const result = damaged({ declaredDurationSeconds: 249.977, durationSeconds: 0.1306, defects: [TRUNCATED] });
    expect(toHeadline(result)).toBe("an MP3 recording, cut short: declares 250.0 s, holds 0.1 s");
    expect(toHeadline({ ...result, durationSeconds: 249.961 })).toContain("declares 249.977 s, holds 249.961 s");
  });

  it("says where an Opus file breaks off, which declares nothing", () => {
    const result = damaged({ declaredDurationSeconds: null, durationSeconds: 12, defects: [TRUNCATED] });
    expect(toHeadline(result)).toBe("an MP3 recording, cut short: holds 12.0 s, and has no end");
  });

  it("says how much is lost and where, as a player shows it", () => {
    const hole = { kind: "corrupt-frames", message: "", atSeconds: 150.2, lostSeconds: 3 } as const;
    const late = { ...hole, atSeconds: 3750 };
    expect(toHeadline(damaged({ defects: [hole] }))).toBe("an MP3 recording, damaged: 3.0 s lost at 02:30");
    expect(toHeadline(damaged({ defects: [late] }))).toContain("3.0 s lost at 1:02:30");
    expect(toHeadline(damaged({ defects: [hole, late] }))).toContain("6.0 s lost in 2 places, the first at 02:30");
    expect(toHeadline(damaged({ defects: [{ ...hole, lostSeconds: 0 }] }))).toBe("an MP3 recording, damaged at 02:30");
  });

  it("says that what follows is not part of it", () => {
    const defects = [{ kind: "trailing-data", message: "", found: 1000 } as const];
    expect(toHeadline(damaged({ complete: true, defects }))).toMatch(/complete, but 1000 bytes follow/);
  });

  it("falls back to the first defect, and says what is not known", () => {
    const defects = [{ kind: "corrupt-frames", message: "Its checksum differs." } as const];
    expect(toHeadline(damaged({ defects }))).toBe("an MP3 recording, damaged: Its checksum differs.");
    expect(toHeadline({ ...WHOLE, status: "unknown", complete: null })).toMatch(/does not say how much/);
  });
});

describe("a server's error", () => {
  it.each([
    ['{"error":"not_found","message":"Recording not found","code":404}'],
    ['{"errors":[{"title":"gone"}]}'],
    ['{"status":503,"message":"Service Unavailable"}'],
  ])("is %s", (text) => {
    expect(isServerError(text)).toBe(true);
  });

  it.each([
    ['{"id":"rec_1","status":"completed"}'],
    ['{"error":null,"data":[]}'],
    ['{"code":200,"message":"ok"}'],
    ["[1,2]"],
    ['"error"'],
    ['{"error":'],
  ])("is not %s", (text) => {
    expect(isServerError(text)).toBe(false);
  });
});

describe("files with the same audio", () => {
  it("name each other when their bytes differ, and only then", () => {
    const other = { ...WHOLE, path: "b.mp3", sha256: "c".repeat(64) };
    const copy = { ...WHOLE, path: "copy.mp3" };
    const silent = { ...WHOLE, path: "x.json", sha256: "d".repeat(64), packetSha256: null };
    const named = withSameAudio([WHOLE, other, copy, silent, { ...silent, sha256: "e".repeat(64) }]);
    expect(named.map(({ audioIdenticalTo }) => audioIdenticalTo)).toEqual([
      ["b.mp3"],
      ["a.mp3", "copy.mp3"],
      ["b.mp3"],
      [],
      [],
    ]);
  });
});
