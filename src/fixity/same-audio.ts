import type { InspectResult } from "./inspect-file.ts";

/** Notes for each file which of the others hold the same audio packets in other bytes. */
export function withSameAudio(results: readonly InspectResult[]): readonly InspectResult[] {
  const byAudio = new Map<string, InspectResult[]>();
  for (const result of results) {
    const { packetSha256 } = result;
    if (packetSha256 !== null) byAudio.set(packetSha256, [...(byAudio.get(packetSha256) ?? []), result]);
  }
  return results.map((result) => {
    const alike = byAudio.get(result.packetSha256 ?? "") ?? [];
    const likes = alike.filter(({ sha256 }) => sha256 !== result.sha256);
    return likes.length === 0 ? result : { ...result, audioIdenticalTo: likes.map(({ path }) => path) };
  });
}
