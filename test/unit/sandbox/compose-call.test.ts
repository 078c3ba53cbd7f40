import { describe, expect, it } from "vitest";
import { type CallScript, composeCall } from "../../../src/sandbox/compose-call.ts";
import { type Dialogue, SPEECH_RATE_HZ } from "../../../src/sandbox/dialogue.ts";
import { SeededRandom } from "../../../src/sandbox/seeded-random.ts";

const SECOND = SPEECH_RATE_HZ;
const SPEECH_LEVEL = 3000;
const DIALOGUE: Dialogue = [
  { party: "caller", samples: new Int16Array(SECOND).fill(SPEECH_LEVEL) },
  { party: "callee", samples: new Int16Array(SECOND).fill(-SPEECH_LEVEL) },
];
const SCRIPT: CallScript = { durationSeconds: 8, participant: "all", channels: 1, announce: false };

function compose(script: Partial<CallScript>, seed = "s"): Int16Array {
  return composeCall([DIALOGUE], { ...SCRIPT, ...script }, new SeededRandom(seed));
}

function toChannel(interleaved: Int16Array, channel: 0 | 1): Int16Array {
  return interleaved.filter((_, index) => index % 2 === channel);
}

function countSpoken(samples: Int16Array, sign: 1 | -1): number {
  return samples.filter((sample) => sample * sign > SPEECH_LEVEL / 2).length;
}

function meanPower(samples: Int16Array): number {
  return samples.reduce((sum, sample) => sum + sample ** 2, 0) / samples.length;
}

describe("composeCall", () => {
  it("is exactly as long as asked, in one channel or two", () => {
    expect(compose({})).toHaveLength(8 * SECOND);
    expect(compose({ channels: 2 })).toHaveLength(16 * SECOND);
  });

  it("gives the same samples for the same seed only", () => {
    expect(compose({}, "a")).toEqual(compose({}, "a"));
    expect(compose({}, "a")).not.toEqual(compose({}, "b"));
  });

  it("puts the caller left and the callee right", () => {
    const stereo = compose({ channels: 2 });
    const [left, right] = [toChannel(stereo, 0), toChannel(stereo, 1)];
    expect(countSpoken(left, 1)).toBeGreaterThan(SECOND);
    expect(countSpoken(left, -1)).toBe(0);
    expect(countSpoken(right, -1)).toBeGreaterThan(SECOND);
    expect(countSpoken(right, 1)).toBe(0);
  });

  it("holds one leg when one party is recorded, and both when all are", () => {
    const stereo = compose({ channels: 2 });
    expect(compose({ participant: "caller" })).toEqual(toChannel(stereo, 0));
    expect(compose({ participant: "callee" })).toEqual(toChannel(stereo, 1));
    expect(countSpoken(compose({}), 1)).toBe(countSpoken(toChannel(stereo, 0), 1));
    expect(countSpoken(compose({}), -1)).toBe(countSpoken(toChannel(stereo, 1), -1));
  });

  it("lies on line noise, never on digital silence", () => {
    const noise = compose({}).subarray(0, SECOND);
    expect(meanPower(noise)).toBeGreaterThan(1);
    expect(meanPower(noise)).toBeLessThan(16 ** 2);
  });

  it("begins with half a second of 1 kHz in both legs when announced", () => {
    for (const participant of ["caller", "callee"] as const) {
      const announced = compose({ participant, announce: true });
      const tone = announced.subarray(0.25 * SECOND, 0.75 * SECOND);
      // A sine of amplitude 8000 has a mean power of 8000² / 2 and crosses zero upwards once in a period.
      expect(Math.abs(meanPower(tone) / (8000 ** 2 / 2) - 1)).toBeLessThan(0.01);
      expect(tone.filter((sample, index) => sample >= 1000 && (tone[index - 1] ?? 0) < 1000)).toHaveLength(500);
      expect(meanPower(announced.subarray(0.76 * SECOND, SECOND))).toBeLessThan(16 ** 2);
    }
  });
});
