import { expect, it } from "vitest";
import { toDialogue } from "../../../src/sandbox/dialogue.ts";

it("splits a stereo conversation where the speaker changes, keeping pauses within a turn only", () => {
  const caller = [0, 5, 0, 6, 0, 0, 0, 0, 9];
  const callee = [0, 0, 0, 0, 0, 7, 8, 0, 0];
  const interleaved = Int16Array.from(caller.flatMap((sample, frame) => [sample, callee[frame] ?? 0]));
  expect(toDialogue(interleaved)).toEqual([
    { party: "caller", samples: Int16Array.of(5, 0, 6) },
    { party: "callee", samples: Int16Array.of(7, 8) },
    { party: "caller", samples: Int16Array.of(9) },
  ]);
});

it("finds no turn in silence", () => {
  expect(toDialogue(new Int16Array(20))).toEqual([]);
});
