import { describe, expect, it } from "vitest";
import { makeDamageSet } from "./damage-set.ts";
import { identifyBytes, isSuspect, judge, toGroup } from "./judge-damage.ts";
import type { Sample } from "./make-damage.ts";
import { makeSamples, readFixtures } from "./samples.ts";

const SAMPLES: readonly Sample[] = [...readFixtures(), ...makeSamples(30)];

/** The short form of `npm run damage`. */
const SHORT = { seeds: 4, cutEveryPercent: 7, copies: 1 };

describe.each(SAMPLES.map((sample) => [sample.name, sample] as const))("%s", (_, sample) => {
  const judgements = [...makeDamageSet(sample, SHORT)].map(judge);
  const of = (...kinds: readonly string[]) => judgements.filter(({ damaged }) => kinds.includes(damaged.kind));
  const toPlace = ({ damaged }: (typeof judgements)[number]) => `${damaged.kind} ${damaged.seed}`;

  it("raises no alarm as it is", () => {
    const { structure, content } = identifyBytes(sample.bytes);
    expect({ format: content.format, defects: structure?.defects }).toEqual({ format: sample.format, defects: [] });
    expect(structure?.durationSeconds).toBeCloseTo(sample.map.durationSeconds, 2);
  });

  if (toGroup(sample) !== "MP3 without one") {
    it("is found to be cut with nothing to compare it with", () => {
      expect(of("cut").length).toBeGreaterThan(10);
      const missed = of("cut").filter(({ isFoundAlone }) => !isFoundAlone);
      expect(missed.map(toPlace)).toEqual([]);
    });
  }

  if (sample.format === "opus") {
    it("shows every damage by its checksums", () => {
      const damaged = judgements.filter(({ damaged: { kind } }) => kind !== "retagged" && kind !== "remuxed");
      expect(damaged.filter(({ isFoundAlone }) => !isFoundAlone).map(toPlace)).toEqual([]);
    });
  }

  it("keeps its packet digest when it is retagged or wrapped anew, and raises no alarm", () => {
    const { packetSha256 } = identifyBytes(sample.bytes);
    for (const { identity } of of("retagged", "remuxed")) {
      expect(identity.packetSha256).toBe(packetSha256);
      expect(isSuspect(identity)).toBe(false);
    }
  });

  it("differs from its stored identity by the right name whatever was done to it", () => {
    expect(judgements.filter(({ change }) => change === undefined).map(toPlace)).toEqual([]);
    const wrong = judgements.filter(({ isRightName }) => !isRightName);
    expect(wrong.map((one) => `${toPlace(one)}: ${one.change?.kind}`)).toEqual([]);
  });

  it("tells within 0.1 s how much was lost", () => {
    const stated = judgements.filter(({ lostErrorSeconds }) => lostErrorSeconds !== undefined);
    expect(of("cut").every((judgement) => stated.includes(judgement))).toBe(true);
    expect(stated.filter(({ lostErrorSeconds = 0 }) => lostErrorSeconds > 0.1).map(toPlace)).toEqual([]);
  });
});
