import { expect, it } from "vitest";
import { mergeListed } from "../../../src/checksum/merge-listed.ts";
import type { Digest } from "../../../src/core/digest.ts";

const MD5: Digest = { algorithm: "md5", hex: "0".repeat(32) };
const SHA256: Digest = { algorithm: "sha256", hex: "0".repeat(64) };
const OTHER: Digest = { algorithm: "sha256", hex: "1".repeat(64) };

function line(lineNumber: number, path: string, digest: Digest, sizeBytes?: number) {
  return { lineNumber, path, digests: [digest], sizeBytes };
}

it("puts digests of different algorithms together", () => {
  const { files, repeated, contradictions } = mergeListed([
    line(1, "a", MD5),
    line(2, "b", MD5),
    line(3, "a", SHA256, 7),
  ]);
  expect([...files.keys()]).toEqual(["a", "b"]);
  expect(files.get("a")).toEqual({ lineNumber: 1, digests: [MD5, SHA256], sizeBytes: 7 });
  expect({ repeated, contradictions }).toEqual({ repeated: 0, contradictions: [] });
});

it("counts lines that only repeat others", () => {
  const { files, repeated, contradictions } = mergeListed([line(1, "a", SHA256), line(2, "a", SHA256)]);
  expect(files.get("a")?.digests).toEqual([SHA256]);
  expect({ repeated, contradictions }).toEqual({ repeated: 1, contradictions: [] });
});

it("tells of contradictions, and keeps both digests so that no file fits", () => {
  const { files, contradictions } = mergeListed([line(1, "a", SHA256), line(4, "a", OTHER)]);
  expect(files.get("a")?.digests).toEqual([SHA256, OTHER]);
  expect(contradictions).toEqual([{ path: "a", lineNumbers: [1, 4], what: "sha256 digests" }]);
});

it("tells of different sizes", () => {
  expect(mergeListed([line(1, "a", SHA256, 1), line(2, "a", MD5, 2)]).contradictions).toMatchObject([
    { what: "sizes" },
  ]);
});
