import { spawnSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { generateSigningKey } from "../../../src/signing/signing-key.ts";
import { toVerifierKey } from "../../../src/signing/verifier-key.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";
import { extractCustody } from "./test-custody.ts";

const NO_PYTHON = spawnSync("python3", ["--version"]).status === 0 ? "" : " (skipped: there is no python3)";

async function makePackage() {
  const events = Array.from({ length: 12 }, (_, one) => ({ type: "fetched", subject: `rec_þ_${one}` }) as const);
  const exported = { type: "exported", subject: "rec_þ_3", detail: { case: "another" } } as const;
  const recordingIds = new Set(events.map(({ subject }) => subject).filter((id) => id !== "rec_þ_7"));
  const custody = await extractCustody([...events, exported], { recordingIds });
  const folder = await makeTemporaryFolder();
  await mkdir(join(folder, "data"));
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  await write("data/custody-checkpoint.txt", custody.checkpoint.note);
  await write("holdfast-export.json", JSON.stringify({ ledger: { verifierKey: custody.verifierKey } }));
  const page = await readFile(join(import.meta.dirname, "../../../docs/custody.md"), "utf8");
  const run = (language: "python" | "sh") => {
    const [, script = ""] = new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, "s").exec(page) ?? [];
    const { stdout, stderr } = spawnSync(language === "sh" ? "sh" : "python3", ["-c", script], {
      cwd: folder,
      encoding: "utf8",
    });
    return `${stdout}${stderr}`.trim().split("\n").at(-1);
  };
  return { custody, write, run };
}

test.skipIf(NO_PYTHON !== "")(
  `the script of the page holds an extract against its checkpoint${NO_PYTHON}`,
  async () => {
    const { custody, write, run } = await makePackage();
    const check = async (texts: readonly string[]) => {
      await write("data/custody.jsonl", texts.join(""));
      return run("python");
    };
    const { texts } = custody;
    expect(await check(texts)).toBe("13 events are in the ledger of 14");
    expect(await check(texts.map((text) => text.replace("rec_þ_4", "rec_þ_5")))).toBe(
      "AssertionError: event 5 is not in the ledger",
    );
    expect(await check(texts.map((text) => text.replace('"withheld":', '"event":"{\\"seq\\":13}","withheld":')))).toBe(
      "AssertionError: event 13 is not in the ledger",
    );
    expect(await check(texts.toReversed())).toBe("AssertionError: event 12 is not in order");
  },
);

test.skipIf(NO_PYTHON !== "")(`the commands of the page check the checkpoint's signature${NO_PYTHON}`, async () => {
  const { custody, write, run } = await makePackage();
  expect(run("sh")).toBe("Signature Verified Successfully");
  const key = toVerifierKey(custody.checkpoint.origin, generateSigningKey().publicKey);
  await write("holdfast-export.json", JSON.stringify({ ledger: { verifierKey: key } }));
  expect(run("sh")).toBe("Signature Verification Failure");
});
