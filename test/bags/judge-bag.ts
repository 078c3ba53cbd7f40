import { createHash } from "node:crypto";
import type { Finding } from "../../src/core/finding.ts";
import type { VerifyLevel } from "../../src/core/verification.ts";
import type { Holding } from "../../src/fixity/holding.ts";
import { openBagHolding } from "../../src/fixity/holdings/bag-holding.ts";
import type { Look, Looker, LookRequest } from "../../src/fixity/look/look.ts";
import { runVerify } from "../../src/fixity/verify-run.ts";
import { lookAtFile } from "../../src/io/look-at-file.ts";

/** What a verification says of a bag. */
export interface BagVerdict {
  readonly findings: readonly Finding[];
  readonly remarks: readonly string[];
  readonly files: number;
}

/** Verifies a bag. */
export async function judgeBag(folder: string, level: VerifyLevel = "digest"): Promise<BagVerdict> {
  return judgeHolding(await openBagHolding(folder), level);
}

/** Verifies a bag that was opened, or several. */
export async function judgeHolding(holding: Holding, level: VerifyLevel): Promise<BagVerdict> {
  const report = await runVerify(holding, { level, looker: LOOKER, clock: { now: () => 0 } });
  return { findings: [...report.findings], remarks: holding.remarks, files: [...report.results].length };
}

/** Looks at files without threads. */
const LOOKER: Looker = {
  readers: 1,
  look: async (requests) => requests.map(look),
  close: async () => {},
};

function look({ path, within, algorithms }: LookRequest): Look {
  const hashes = algorithms.map((algorithm) => createHash(algorithm));
  const onChunk = (chunk: Buffer) => hashes.forEach((each) => void each.update(chunk));
  const reading = { buffer: Buffer.alloc(1 << 16), beforeChunk: () => undefined, onChunk };
  const sight = lookAtFile(within?.path ?? path, algorithms.length === 0 ? undefined : reading, within);
  return sight.kind === "regular" ? { ...sight, digests: hashes.map((each) => each.digest("hex")) } : sight;
}
