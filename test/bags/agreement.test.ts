import { spawn } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import type { FindingKind } from "../../src/core/finding.ts";
import { BAG_CASES } from "./bag-cases.ts";
import { judgeBag } from "./judge-bag.ts";
import { writeBag } from "./write-bag.ts";

/** What the programs of GNU coreutils notice, too. */
const SEEN_BY_BOTH: readonly FindingKind[] = ["missing", "moved", "digest-mismatch", "manifest-invalid"];
const COMMON = BAG_CASES.filter(({ unlikeCoreutils, clause }) => unlikeCoreutils === undefined && clause !== "5.1");

/** Verifies a bag as people do who have nothing else: `sha512sum -c manifest-sha512.txt`. */
async function isRightToCoreutils(folder: string, manifests: readonly string[]): Promise<boolean> {
  let isRight = true;
  for (const manifest of manifests) {
    const [, algorithm] = /manifest-(.+)\.txt/.exec(manifest) ?? [];
    const child = spawn(`${algorithm}sum`, ["--check", "--strict", "--quiet", manifest], {
      cwd: folder,
      stdio: "ignore",
    });
    const [code] = await once(child, "close");
    if (code !== 0) isRight = false;
  }
  return isRight;
}

describe("the checksum programs of GNU", () => {
  it.each(COMMON.map((entry) => [`${entry.clause}: ${entry.name}`, entry] as const))(
    "agree on %s",
    async (_name, entry) => {
      const folder = await writeBag(entry);
      const manifests = [...entry.files.keys()].filter((path) => /^(?:tag)?manifest-(?:md5|sha\d+)\.txt$/.test(path));
      const { findings } = await judgeBag(folder);
      const isRight = !findings.some(({ kind }) => SEEN_BY_BOTH.includes(kind));
      expect(await isRightToCoreutils(folder, manifests), JSON.stringify(findings)).toBe(isRight);
    },
  );

  it("are asked about most of the set", () => {
    expect(COMMON.length).toBeGreaterThan(BAG_CASES.length / 2);
  });
});
