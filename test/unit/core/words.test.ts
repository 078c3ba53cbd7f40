import { readFileSync } from "node:fs";
import { inspect } from "node:util";
import { describe, expect, test } from "vitest";
import { toIsoInstant, tryParseInstant } from "../../../src/core/clock.ts";
import { tryParseSha256 } from "../../../src/core/digest.ts";
import { UnsafeNameError } from "../../../src/core/errors.ts";
import { canTransition, RECORDING_STATES } from "../../../src/core/recording.ts";
import { parseRecordingId } from "../../../src/core/recording-id.ts";
import { Secret } from "../../../src/core/secret.ts";
import { TOOL_VERSION } from "../../../src/core/tool-version.ts";

test("a secret shows itself nowhere", () => {
  const secret = new Secret("s3cr3t");
  const shown = [String(secret), `${secret}`, JSON.stringify({ secret }), inspect({ secret }, { showHidden: true })];
  expect(shown.join()).not.toContain("s3cr3t");
  expect(secret.reveal()).toBe("s3cr3t");
});

describe("instants", () => {
  test.each([
    ["2024-01-15", "2024-01-15T00:00:00.000Z"],
    ["2024-01-15T10:30", "2024-01-15T10:30:00.000Z"],
    ["2024-01-15T10:30:05", "2024-01-15T10:30:05.000Z"],
    ["2024-01-15T10:30:05Z", "2024-01-15T10:30:05.000Z"],
    ["2024-01-15T10:30:05.250+02:00", "2024-01-15T08:30:05.250Z"],
    ["2024-02-29", "2024-02-29T00:00:00.000Z"],
  ])("%s", (text, instant) => {
    expect(toIsoInstant(tryParseInstant(text) ?? Number.NaN)).toBe(instant);
  });

  test.each(["", "yesterday", "2024", "2024-13-01", "2024-02-31", "2023-02-29", "2024-01-15T25:00", "15.01.2024"])(
    "%j is none",
    (text) => {
      expect(tryParseInstant(text)).toBeUndefined();
    },
  );
});

describe("a sha256 has 64 hexadecimal digits", () => {
  test("of either case", () => {
    expect(tryParseSha256("AB".repeat(32))).toBe("ab".repeat(32));
  });
  test.each(["", "abcdef0123456789", "a".repeat(63), "a".repeat(65), "g".repeat(64), ` ${"a".repeat(63)}`])(
    "%j",
    (text) => {
      expect(tryParseSha256(text)).toBeUndefined();
    },
  );
});

test.each(["", "a\u0000b", "a\nb", "a\ud800b", "x".repeat(513)])("%j is no recording id", (text) => {
  expect(() => parseRecordingId(text)).toThrow(UnsafeNameError);
});

describe("states", () => {
  test("a recording walks from initiated to completed", () => {
    const way = ["initiated", "recording", "paused", "recording", "stopped", "processing", "completed"] as const;
    way.slice(1).forEach((to, index) => {
      expect(canTransition(way[index] ?? "failed", to)).toBe(true);
    });
  });
  test("all but the ends can fail, and the ends lead nowhere", () => {
    const canFail = RECORDING_STATES.filter((from) => canTransition(from, "failed"));
    expect(canFail).toEqual(["initiated", "recording", "paused", "stopped", "processing"]);
    for (const to of RECORDING_STATES) expect(canTransition("completed", to)).toBe(false);
  });
  test("nothing is skipped", () => {
    expect(canTransition("recording", "completed")).toBe(false);
    expect(canTransition("stopped", "recording")).toBe(false);
  });
});

test("the version is that of the package", () => {
  const manifest = JSON.parse(readFileSync(new URL("../../../package.json", import.meta.url), "utf8"));
  expect(TOOL_VERSION).toBe(manifest.version);
});
