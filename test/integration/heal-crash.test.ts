import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { flipBit, makeHealRig } from "../helpers/heal-rig.ts";

const SCRIPT = join(import.meta.dirname, "heal-and-die.ts");

/** Heals in a process of its own; gives how it ended and what it said. */
async function healAndDie(root: string, copy: string, step: string) {
  const child = spawn(process.execPath, ["--import", "tsx", SCRIPT, root, copy, step], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let said = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  const [, signal] = (await once(child, "close")) as [number | null, string | null];
  return signal ?? said;
}

/** What stands under the original's name after a kill, by the step that was done last. */
const STEPS = { copied: "damaged", noted: "damaged", moved: "nothing", named: "good" } as const;

test.each(Object.entries(STEPS))(
  "killed when it has %s, the place holds what is %s, and the next run mends it",
  async (step, left) => {
    const rig = await makeHealRig();
    const file = await rig.file("original");
    const good = await rig.read(file.key);
    const bad = flipBit(good);
    await writeFile(rig.pathOf(file), bad);
    await rig.archive.close();
    const root = join(rig.folder, "archive");

    expect(await healAndDie(root, rig.copy, step)).toBe("SIGKILL");
    const standing = { damaged: bad, nothing: undefined, good }[left];
    expect(await rig.read(file.key).catch(() => undefined)).toEqual(standing);

    expect(await healAndDie(root, rig.copy, "none")).toBe(left === "good" ? "sound" : "healed");
    expect(await rig.read(file.key)).toEqual(good);
    const tree = await rig.tree();
    const kept = tree.filter((path) => path.startsWith("quarantine/"));
    expect(kept).toHaveLength(2);
    expect(await rig.read(kept[0] ?? "")).toEqual(bad);
    expect(tree.filter((path) => path.startsWith("tmp/"))).toEqual([]);
  },
);
