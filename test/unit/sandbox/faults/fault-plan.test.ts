import { describe, expect, it } from "vitest";
import { FaultPlan, type Occasion } from "../../../../src/sandbox/faults/fault-plan.ts";
import { parseFaults } from "../../../../src/sandbox/faults/parse-faults.ts";

function plan(spec: string, seed = 1): FaultPlan {
  return new FaultPlan(parseFaults(spec), seed);
}

function media(index: number): Occasion {
  const recordingId = `rec_${index}`;
  return { stage: "http", place: "media", subject: recordingId, recordingId };
}

function kindsOf(drawing: FaultPlan, indices: readonly number[]) {
  return indices.map((index) => drawing.draw(media(index))?.fault.kind);
}

const HUNDRED = Array.from({ length: 100 }, (_, index) => index);

describe("FaultPlan", () => {
  it("draws the same for the same seed, whatever comes in between", () => {
    const forwards = kindsOf(plan("503@0.3,cut@0.3"), HUNDRED);
    const backwards = kindsOf(plan("503@0.3,cut@0.3"), HUNDRED.toReversed());
    expect(backwards.toReversed()).toEqual(forwards);
    expect(kindsOf(plan("503@0.3,cut@0.3", 2), HUNDRED)).not.toEqual(forwards);
    expect(new Set(forwards)).toEqual(new Set(["503", "cut", undefined]));
  });

  it("draws about as often as the probability says", () => {
    const struck = kindsOf(plan("503@0.3"), HUNDRED).filter((kind) => kind === "503");
    expect(struck.length).toBeGreaterThan(15);
    expect(struck.length).toBeLessThan(45);
  });

  it("draws anew for the same request", () => {
    const drawing = plan("503@0.5");
    expect(new Set(kindsOf(drawing, Array(30).fill(1)))).toEqual(new Set(["503", undefined]));
  });

  it("strikes once what is to be struck once", () => {
    const drawing = plan("503/once");
    const first = drawing.draw(media(1));
    if (first !== undefined) drawing.strike(first);
    expect(first?.fault.kind).toBe("503");
    expect(kindsOf(drawing, [1, 2, 1])).toEqual([undefined, "503", undefined]);
  });

  it("keeps to a share of recordings what is always so, and names it", () => {
    const drawing = plan("404@0.2/media/always");
    const first = kindsOf(drawing, HUNDRED);
    expect(kindsOf(drawing, HUNDRED)).toEqual(first);
    expect(HUNDRED.map((index) => drawing.permanentFaultOf(`rec_${index}`))).toEqual(first);
    expect(first.filter((kind) => kind === "404").length).toBeGreaterThan(5);
    expect(first.filter((kind) => kind === undefined).length).toBeGreaterThan(50);
  });

  it("strikes only where the kind or its words allow, and ranges only when there is one", () => {
    const drawing = plan("404/download,empty-range");
    expect(drawing.draw(media(1))).toBeUndefined();
    expect(drawing.draw({ ...media(1), place: "download" })?.fault.kind).toBe("404");
    expect(drawing.draw({ ...media(1), hasRange: true })?.fault.kind).toBe("empty-range");
  });

  it("counts what struck, not what was drawn", () => {
    const drawing = plan("503");
    const drawn = drawing.draw(media(1));
    expect(drawing.counts.size).toBe(0);
    if (drawn !== undefined) drawing.strike(drawn);
    expect(drawing.counts).toEqual(new Map([["503", 1]]));
    expect(drawing.struck("rec_1")).toEqual(["503"]);
    expect(drawing.struck("rec_2")).toEqual([]);
  });
});
