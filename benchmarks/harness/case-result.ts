import type { CaseResult, MeasuredSubject, PeerRatio, RoundFigures } from "./schema.ts";
import { toRatio, toSpread } from "./statistics.ts";

type Named = Pick<MeasuredSubject, "name" | "description">;

/** Sums up the rounds of one subject. */
export function toMeasuredSubject({ name, description }: Named, rounds: readonly RoundFigures[]): MeasuredSubject {
  const memory = rounds.flatMap(({ peakRssBytes }) => (peakRssBytes === null ? [] : [peakRssBytes]));
  return {
    ...{ name, description, status: "measured", rounds: [...rounds] },
    wallSeconds: toSpread(rounds.map(({ wallSeconds }) => wallSeconds)),
    cpuSeconds: toSpread(rounds.map(({ cpuSeconds }) => cpuSeconds)),
    peakRssBytes: memory.length === rounds.length ? toSpread(memory) : null,
  };
}

/** Holds the first measured subject, which is Holdfast, against each other one. */
export function toRatios(subjects: CaseResult["subjects"]): PeerRatio[] {
  const measured = subjects.filter((subject) => subject.status === "measured");
  const [holdfast, ...peers] = measured;
  if (holdfast === undefined) return [];
  return peers.map((peer) => ({
    peer: peer.name,
    wall: compare(holdfast, peer, ({ wallSeconds }) => wallSeconds),
    cpu: compare(holdfast, peer, ({ cpuSeconds }) => cpuSeconds),
    peakRss: compare(holdfast, peer, ({ peakRssBytes }) => peakRssBytes ?? undefined),
  }));
}

function compare(
  holdfast: MeasuredSubject,
  peer: MeasuredSubject,
  pick: (figures: RoundFigures) => number | undefined,
): PeerRatio["wall"] {
  return toRatio(holdfast.rounds.map(pick), peer.rounds.map(pick)) ?? null;
}
