import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { ConfigError } from "../../../src/config/errors.ts";
import { loadSecret } from "../../../src/config/load-secret.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const ignore = () => undefined;
const refuse = (warning: string) => {
  throw new Error(warning);
};

test("the file is taken before the variable, without the white space around it", async () => {
  const file = join(await makeTemporaryFolder(), "key");
  await writeFile(file, "  from-file\n", { mode: 0o600 });
  expect((await loadSecret({ file, value: "from-env" }, refuse))?.reveal()).toBe("from-file");
  expect((await loadSecret({ file: undefined, value: " from-env\n" }, refuse))?.reveal()).toBe("from-env");
});

test.each([undefined, "", "  \n"])("%j is no secret", async (value) => {
  expect(await loadSecret({ file: undefined, value }, refuse)).toBeUndefined();
});

test("a file that is not there, or holds nothing, is an error and no fallback to the variable", async () => {
  const folder = await makeTemporaryFolder();
  await writeFile(join(folder, "empty"), "\n");
  for (const name of ["none", "empty"]) {
    await expect(loadSecret({ file: join(folder, name), value: "from-env" }, ignore)).rejects.toThrow(ConfigError);
  }
});

test.each([0o644, 0o640, 0o602])("a file of mode %o is read, and told of", async (mode) => {
  const file = join(await makeTemporaryFolder(), "key");
  await writeFile(file, "from-file");
  await chmod(file, mode);
  const tell = vi.fn();
  expect((await loadSecret({ file, value: undefined }, tell))?.reveal()).toBe("from-file");
  const words = `others than its owner may use the file of a secret (mode 0${mode.toString(8)}): ${file}; chmod 600 it`;
  expect(tell.mock.calls).toEqual([[words]]);
});
