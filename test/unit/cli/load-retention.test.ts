import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { loadRetention } from "../../../src/cli/load-retention.ts";
import { resolveConfig } from "../../../src/config/resolve-config.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

function load(list: string) {
  const text = JSON.stringify({ retention: { rules: [{ name: "in court", list, keep: true }] } });
  return loadRetention({ config: resolveConfig({ flags: {}, environment: {}, file: { path: "c.json", text } }) });
}

test("a list of what is kept that is not there, or names nothing, stops everything", async () => {
  const path = join(await makeTemporaryFolder(), "ids.txt");
  await expect(load(path)).rejects.toMatchObject({ code: "CONFIG_INVALID", message: expect.stringContaining(path) });
  await writeFile(path, "# nobody wrote the ids\n\n");
  await expect(load(path)).rejects.toMatchObject({ code: "CONFIG_INVALID" });
  await writeFile(path, "# of the case\nrec_1\nrec_2\n");
  const { rules } = await load(path);
  expect(rules).toMatchObject([{ name: "in court", term: { kind: "keep" }, listed: new Set(["rec_1", "rec_2"]) }]);
});
