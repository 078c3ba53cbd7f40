import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ConfigError } from "../../../src/config/errors.ts";
import { loadSecret } from "../../../src/config/load-secret.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

test("the file is taken before the variable, without the white space around it", async () => {
  const file = join(await makeTemporaryFolder(), "key");
  await writeFile(file, "  from-file\n");
  expect((await loadSecret({ file, value: "from-env" }))?.reveal()).toBe("from-file");
  expect((await loadSecret({ file: undefined, value: " from-env\n" }))?.reveal()).toBe("from-env");
});

test.each([undefined, "", "  \n"])("%j is no secret", async (value) => {
  expect(await loadSecret({ file: undefined, value })).toBeUndefined();
});

test("a file that is not there, or holds nothing, is an error and no fallback to the variable", async () => {
  const folder = await makeTemporaryFolder();
  await writeFile(join(folder, "empty"), "\n");
  for (const name of ["none", "empty"]) {
    await expect(loadSecret({ file: join(folder, name), value: "from-env" })).rejects.toThrow(ConfigError);
  }
});
