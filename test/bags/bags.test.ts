import { execFileSync } from "node:child_process";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { BAG_CASES } from "./bag-cases.ts";
import { type BagVerdict, judgeBag } from "./judge-bag.ts";
import { writeBag } from "./write-bag.ts";

const ZIP = ["zip", "-0", "-q", "-r", "-y", "bag.zip", "bag"] as const;
const TAR = ["tar", "-cf", "bag.tar", "bag"] as const;

/** What a verdict comes to, wherever the bag lies. */
function toWords({ findings, remarks, files }: BagVerdict, at: string): object {
  const found = findings.map(({ kind, subject }) => `${kind} ${subject.replace(at, "BAG")}`);
  return { found: found.sort(), remarks: remarks.length, files };
}

describe("a BagIt bag", () => {
  it.each(BAG_CASES.map((entry) => [`${entry.clause}: ${entry.name}`, entry] as const))("%s", async (_name, entry) => {
    const verdict = await judgeBag(await writeBag(entry));
    const kinds = [...new Set(verdict.findings.map(({ kind }) => kind))].sort();
    expect(kinds, JSON.stringify(verdict)).toEqual([...entry.kinds].sort());
    if (entry.remark !== undefined) expect(verdict.remarks.join("\n")).toMatch(entry.remark);
  });

  /** Programs differ in what a backslash in a container is, so it is not followed. */
  const packable = BAG_CASES.filter(({ files }) => [...files.keys()].every((path) => !path.includes("\\")));

  it.each(packable.map((entry, index) => [entry.name, entry, index] as const))(
    "is judged in a container as in its folder: %s",
    async (_name, entry, index) => {
      const folder = await writeBag(entry);
      const [program, ...args] = index % 2 === 0 ? ZIP : TAR;
      execFileSync(program, args, { cwd: dirname(folder) });
      const container = `${folder}.${program}`;
      expect(toWords(await judgeBag(container), container)).toEqual(toWords(await judgeBag(folder), folder));
    },
  );

  it("has a name of its own in the set", () => {
    expect(new Set(BAG_CASES.map(({ clause, name }) => `${clause}: ${name}`)).size).toBe(BAG_CASES.length);
  });
});
