import { describe, expect, it } from "vitest";
import { parseArguments } from "../../../benchmarks/harness/arguments.ts";
import { BenchmarkUsageError } from "../../../benchmarks/harness/errors.ts";

const KNOWN = ["fetch", "convert", "verify"];

describe("parseArguments", () => {
  it("takes nothing as a wish for the list", () => {
    expect(parseArguments([], KNOWN)).toEqual({ names: [], smoke: false, rounds: undefined });
  });

  it("takes names in the order given, each once", () => {
    expect(parseArguments(["verify", "fetch", "verify"], KNOWN).names).toEqual(["verify", "fetch"]);
  });

  it("takes `all` for every known name", () => {
    expect(parseArguments(["all"], KNOWN).names).toEqual(KNOWN);
    expect(parseArguments(["verify", "all"], KNOWN).names).toEqual(["verify", "fetch", "convert"]);
  });

  it("takes its flags wherever they stand", () => {
    expect(parseArguments(["--rounds", "7", "fetch", "--smoke"], KNOWN)).toEqual({
      names: ["fetch"],
      smoke: true,
      rounds: 7,
    });
  });

  it("names the known ones when it is asked for another", () => {
    expect(() => parseArguments(["speed"], KNOWN)).toThrow(/speed.*fetch, convert, verify, all/);
  });

  it.each(["0", "-1", "1.5", "100", "many", "", "1e1", " 3"])("refuses %j rounds", (rounds) => {
    expect(() => parseArguments(["fetch", `--rounds=${rounds}`], KNOWN)).toThrow(BenchmarkUsageError);
  });

  it("refuses unknown flags", () => {
    expect(() => parseArguments(["fetch", "--fast"], KNOWN)).toThrow(BenchmarkUsageError);
  });
});
