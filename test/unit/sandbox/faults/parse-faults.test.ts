import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { FaultSpecError } from "../../../../src/sandbox/errors.ts";
import { FAULT_KINDS } from "../../../../src/sandbox/faults/fault-kinds.ts";
import { parseFaults } from "../../../../src/sandbox/faults/parse-faults.ts";

const ANYWHERE = ["list", "recording", "download", "media"];

describe("parseFaults", () => {
  it("reads kinds with and without number, probability and words", () => {
    expect(parseFaults("reset=65536@0.05, stall@.5,503,429=date2@1/list/once,flip/always")).toEqual([
      { kind: "reset", amount: 65536, isDate: false, probability: 0.05, places: ANYWHERE, repeats: "anew" },
      { kind: "stall", amount: undefined, isDate: false, probability: 0.5, places: ANYWHERE, repeats: "anew" },
      { kind: "503", amount: undefined, isDate: false, probability: 1, places: ANYWHERE, repeats: "anew" },
      { kind: "429", amount: 2, isDate: true, probability: 1, places: ["list"], repeats: "once" },
      { kind: "flip", amount: undefined, isDate: false, probability: 1, places: ["media"], repeats: "always" },
    ]);
  });

  it("takes a mix for every kind that patience can outlast, each with its probability", () => {
    const mix = parseFaults("mix@0.02");
    const kinds = new Set(mix.map(({ kind }) => kind));
    expect(Object.keys(FAULT_KINDS).filter((kind) => !kinds.has(kind as never))).toEqual([
      "wrong-digest",
      "wrong-size",
    ]);
    expect(new Set(mix.map(({ probability }) => probability))).toEqual(new Set([0.02]));
    expect(mix.find(({ kind }) => kind === "404")?.places).toEqual(["download", "media"]);
    expect(new Set(parseFaults("mix").map(({ probability }) => probability))).toEqual(new Set([0.01]));
  });

  it.each([
    ["reset@0.1,flop", 'fault "flop" names no kind'],
    ["", 'fault "" is not KIND[=NUMBER][@PROBABILITY][/WORD]'],
    ["reset=-1", 'fault "reset=-1" is not KIND[=NUMBER][@PROBABILITY][/WORD]'],
    ["reset@1.5", 'fault "reset@1.5" has a probability above 1'],
    ["mix@2", 'fault "mix@2" has a probability above 1'],
    ["json=3", 'fault "json=3" takes no number'],
    ["stall=date3", 'fault "stall=date3" takes byte and no date'],
    ["flip/list", 'fault "flip/list" cannot strike at list, only at media'],
    ["flip/often", 'fault "flip/often" has the unknown word often'],
    ["flip/once/always", 'fault "flip/once/always" cannot be both once and always'],
    ["row-dropped/always", 'fault "row-dropped/always" cannot be always'],
  ])("refuses %j and names the kinds", (spec, message) => {
    const parse = () => parseFaults(spec);
    expect(parse).toThrow(FaultSpecError);
    expect(parse).toThrow(message);
    expect(parse).toThrow(expect.objectContaining({ hint: expect.stringContaining("redirect-file") }));
  });

  it("has every kind in its document", async () => {
    const document = await readFile(new URL("../../../../docs/sandbox-faults.md", import.meta.url), "utf8");
    expect(Object.keys(FAULT_KINDS).filter((kind) => !document.includes(`| \`${kind}\` |`))).toEqual([]);
  });
});
