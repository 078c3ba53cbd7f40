import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { identifyBytes, isSuspect } from "./judge-damage.ts";

/** Judges every file of a folder as if it were whole; gives a line for each. */
export function judgeFolder(folder: string): readonly string[] {
  return readdirSync(folder).map((name) => {
    const bytes = readFileSync(join(folder, name));
    const startedMs = performance.now();
    const identity = identifyBytes(bytes);
    const elapsedMs = performance.now() - startedMs;
    const words = (identity.structure?.defects ?? []).map(({ kind, message }) => `${kind}: ${message}`);
    const verdict = isSuspect(identity) ? `ALARM ${words.join(" ")}` : "no alarm";
    return `${elapsedMs.toFixed(1).padStart(6)} ms  ${name}: ${identity.content.label}: ${verdict}`;
  });
}
