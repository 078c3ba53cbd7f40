import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Subject } from "./harness/benchmark.ts";
import { parseChecksumList, parseCheckVerdicts, toVerdicts } from "./harness/checksum-list.ts";
import type { ListedScene } from "./verify-listed.ts";
import { CHECKSUM_LIST } from "./verify-listed-folder.ts";

/** So many that starting a process is nothing, and so few that all cores have work to the end. */
const MAX_FILES_PER_PROCESS = 1000;

/** What checks the list, on one core. */
export function toCheckingPeer({ folder }: ListedScene): Subject {
  const argv = ["sha256sum", "-c", CHECKSUM_LIST] as const;
  return {
    name: "sha256sum -c",
    description: argv.join(" "),
    programs: ["sha256sum"],
    commandLine: { argv, folder },
    clear: async () => undefined,
    outputs: async ({ stdout }) => parseCheckVerdicts(stdout),
  };
}

/** What only reads and hashes: on all cores, but for the last. */
export function toHashingPeers(scene: ListedScene): readonly Subject[] {
  const { cores } = scene;
  return [
    toSpreadPeer(scene, "openssl dgst -sha256 -r"),
    toSpreadPeer(scene, "sha256sum"),
    toHashingPeer(scene, {
      name: "rclone hashsum",
      programs: ["rclone"],
      script: `rclone hashsum sha256 . --config '' --checkers ${cores} --exclude ${CHECKSUM_LIST} > "$FOUND/all"`,
    }),
    toHashingPeer(scene, {
      name: "rhash",
      programs: ["rhash", "find", "xargs"],
      script: `find * -type f ! -name ${CHECKSUM_LIST} -print0 | xargs -0 rhash --sha256 >> "$FOUND/all"`,
    }),
  ];
}

/** Each process has a file of its own for what it prints, so that no line is torn. */
function toSpreadPeer(scene: ListedScene, hasher: string): Subject {
  const { cores, digests } = scene;
  const share = Math.min(MAX_FILES_PER_PROCESS, Math.ceil(digests.size / cores / 4));
  const [program = "", command = ""] = hasher.split(" ");
  const each = `sh -c 'exec ${hasher} "$@" > "$FOUND/$$"' sh`;
  return toHashingPeer(scene, {
    name: `xargs -P${cores} ${program} ${command}`.trim(),
    programs: ["xargs", "find", program],
    script: `find * -type f ! -name ${CHECKSUM_LIST} -print0 | xargs -0 -P${cores} -n${share} ${each}`,
  });
}

function toHashingPeer(
  { folder, digests, foundFolder }: ListedScene,
  { script, ...parts }: Pick<Subject, "name" | "programs"> & { readonly script: string },
): Subject {
  return {
    ...parts,
    description: script,
    commandLine: { argv: ["/bin/sh", "-c", script], folder, environment: { FOUND: foundFolder } },
    clear: async () => {
      await rm(foundFolder, { recursive: true, force: true });
      await mkdir(foundFolder);
    },
    outputs: async () => {
      const names = await readdir(foundFolder);
      const texts = await Promise.all(names.map((name) => readFile(join(foundFolder, name), "utf8")));
      return toVerdicts(parseChecksumList(texts.join("")), digests);
    },
  };
}
