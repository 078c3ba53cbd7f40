import { describe, expect, it } from "vitest";
import { BAG_CASES } from "./bag-cases.ts";
import { judgeBag } from "./judge-bag.ts";
import { writeBag } from "./write-bag.ts";

describe("a BagIt bag", () => {
  it.each(BAG_CASES.map((entry) => [`${entry.clause}: ${entry.name}`, entry] as const))("%s", async (_name, entry) => {
    const verdict = await judgeBag(await writeBag(entry));
    const kinds = [...new Set(verdict.findings.map(({ kind }) => kind))].sort();
    expect(kinds, JSON.stringify(verdict)).toEqual([...entry.kinds].sort());
    if (entry.remark !== undefined) expect(verdict.remarks.join("\n")).toMatch(entry.remark);
  });

  it("has a name of its own in the set", () => {
    expect(new Set(BAG_CASES.map(({ clause, name }) => `${clause}: ${name}`)).size).toBe(BAG_CASES.length);
  });
});
