import { describe, expect, it } from "vitest";
import {
  dealOut,
  parseChecksumList,
  parseCheckVerdicts,
  toChecksumList,
  toVerdicts,
} from "../../../benchmarks/harness/checksum-list.ts";

const [ONE, TWO] = ["1".repeat(64), "2".repeat(64)];

describe("checksum lists", () => {
  it("reads back what it writes", () => {
    const digests = new Map([
      ["2024/01/a b.wav", ONE],
      ["c.wav", TWO],
    ]);
    expect(parseChecksumList(toChecksumList(digests))).toEqual(digests);
  });

  it("reads the forms of sha256sum and of openssl dgst -r, with and without ./", () => {
    const text = `${ONE}  ./a.wav\n${TWO} *files/b.wav\n`;
    expect(parseChecksumList(text)).toEqual(new Map([["a.wav", ONE]]).set("files/b.wav", TWO));
  });

  it("reads the verdicts of sha256sum -c and no other line", () => {
    const text = "a.wav: OK\nb: c.wav: FAILED\nsha256sum: WARNING: 1 computed checksum did NOT match\n";
    expect([...parseCheckVerdicts(text)]).toEqual([
      ["a.wav", "ok"],
      ["b: c.wav", "damaged"],
    ]);
  });

  it("judges a digest that nobody recorded as damage", () => {
    const recorded = new Map([["a", ONE]]);
    expect([...toVerdicts(new Map([...recorded, ["b", TWO]]), recorded)]).toEqual([
      ["a", "ok"],
      ["b", "damaged"],
    ]);
  });

  it("deals everything out once", () => {
    expect(dealOut(["a", "b", "c"], 2)).toEqual([["a", "c"], ["b"]]);
  });
});
