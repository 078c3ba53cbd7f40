import { execFile, spawnSync } from "node:child_process";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { makeTemporaryFolder } from "./temporary-folder.ts";

/** Where it is; undefined where there is none. */
export const BROWSER = ["chromium", "chromium-browser", "google-chrome"]
  .map((name) => spawnSync("which", [name], { encoding: "utf8" }).stdout.trim())
  .find((path) => path !== "" && spawnSync(path, ["--version"]).status === 0);

/** Whether pages can be opened at all. */
export const HAS_BROWSER = BROWSER !== undefined;

/** Why a test of pages is skipped. */
export const NO_BROWSER = "no Chromium on PATH";

/** Opens a page as a reader's browser does, and gives the document that came of it and what the console said. */
export async function openInBrowser(path: string): Promise<{ dom: string; console: readonly string[] }> {
  const profile = await makeTemporaryFolder();
  // In a container the browser has no sandbox of its own.
  const args = ["--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", `--user-data-dir=${profile}`];
  const { stdout, stderr } = await promisify(execFile)(
    BROWSER ?? "",
    [...args, "--dump-dom", pathToFileURL(path).href],
    { maxBuffer: 1 << 26 },
  );
  return { dom: stdout, console: stderr.split("\n").filter((line) => line.includes(":CONSOLE:")) };
}
