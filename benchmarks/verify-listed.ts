import { join } from "node:path";
import type { BenchmarkContext, Case, Outputs, Subject, Trial } from "./harness/benchmark.ts";
import { toVerdicts, type Verdicts } from "./harness/checksum-list.ts";
import { flipByte } from "./harness/flip-byte.ts";
import { parseResults, toHoldfastArgv } from "./harness/holdfast.ts";
import { CHECKSUM_LIST, type ListedFiles, writeListedFolder } from "./verify-listed-folder.ts";
import { toCheckingPeer, toHashingPeers } from "./verify-listed-peers.ts";

/** A folder with its list, and what is right about it. */
export interface ListedScene {
  readonly folder: string;
  readonly digests: Outputs;
  readonly cores: number;
  /** Where peers put what they print; outside the folder. */
  readonly foundFolder: string;
}

/**
 * Verifying what a list of checksums names. Of the peers only `sha256sum -c` does the same work; the others read and hash, and
 * what they print is judged after their time is taken.
 */
export async function openListedCase(
  { workspace, cores }: BenchmarkContext,
  { name, ...files }: ListedFiles & { readonly name: string },
): Promise<Case> {
  const folder = workspace.path(name.replaceAll(" ", "-"));
  const digests = await writeListedFolder(folder, files);
  const scene: ListedScene = { folder, digests, cores, foundFolder: `${folder}.found` };
  const judges = [toHoldfastSubject(scene), toCheckingPeer(scene)] as const;
  return {
    name: `${name}, ${files.files} × ${files.sizeBytes} bytes`,
    subjects: [...judges, ...toHashingPeers(scene)],
    trials: [
      { name: "every file ok", succeeds: true, expected: toVerdicts(digests, digests) },
      { ...toFlippedTrial(scene), subjects: judges },
    ],
  };
}

function toHoldfastSubject({ folder }: ListedScene): Subject {
  return {
    name: "holdfast",
    description: `holdfast verify FOLDER/${CHECKSUM_LIST} --json`,
    programs: [],
    commandLine: { argv: toHoldfastArgv("verify", join(folder, CHECKSUM_LIST)), folder },
    clear: async () => undefined,
    outputs: async (ended) =>
      new Map(parseResults(ended).map(({ path = "", status }) => [path.slice(folder.length + 1), status])),
  };
}

function toFlippedTrial({ folder, digests }: ListedScene): Trial {
  const damaged = [...digests.keys()].at(-1) ?? "";
  const expected: Verdicts = new Map([...toVerdicts(digests, digests), [damaged, "damaged"]]);
  const flip = () => flipByte(join(folder, damaged));
  const arrange = async () => {
    await flip();
    return flip;
  };
  return { name: "one flipped bit found", succeeds: false, expected, arrange };
}
