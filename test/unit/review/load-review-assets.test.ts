import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { loadReviewAssets } from "../../../src/review/load-review-assets.ts";
import { makeTemporaryFolder } from "../../helpers/temporary-folder.ts";

const BUILT = new URL("../../../dist/review/browser/", import.meta.url);

async function loadWith(pageScript: string): Promise<unknown> {
  const folder = join(await makeTemporaryFolder(), "browser");
  await mkdir(folder);
  const files = { "page.js": pageScript, "checker.js": "", "page.css": "" };
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return loadReviewAssets(pathToFileURL(`${folder}/`));
}

test("what was built can stand in a page", async () => {
  const { pageScript, checkerScript, style } = await loadReviewAssets(BUILT);
  expect([pageScript.length, checkerScript.length, style.length].every((length) => length > 1000)).toBe(true);
});

test.each(["'</script>'", "'<SCRIPT'", "'<!--'", "'</style'"])("a script with %s in it is refused", async (script) => {
  await expect(loadWith(script)).rejects.toThrow("cannot stand in a page");
});

test("one without is taken as it is", async () => {
  await expect(loadWith("a < b; a <b")).resolves.toEqual({ pageScript: "a < b; a <b", checkerScript: "", style: "" });
});
