import { readFile } from "node:fs/promises";
import { isSafeInElement } from "./script-text.ts";

/** What the page is made of beside its data. */
export interface ReviewAssets {
  /** Runs in the page. */
  readonly pageScript: string;
  /** Is carried as text and runs in a worker, when the package is checked. */
  readonly checkerScript: string;
  readonly style: string;
}

/**
 * Reads the scripts and styles that were built for the page.
 *
 * @param folder - Where they are; only tests know another place than that of a built program.
 */
export async function loadReviewAssets(folder = new URL("./browser/", import.meta.url)): Promise<ReviewAssets> {
  const [pageScript, checkerScript, style] = await Promise.all(
    ["page.js", "checker.js", "page.css"].map((name) => loadAsset(new URL(name, folder))),
  );
  return { pageScript: pageScript ?? "", checkerScript: checkerScript ?? "", style: style ?? "" };
}

async function loadAsset(address: URL): Promise<string> {
  const text = await readFile(address, "utf8");
  if (!isSafeInElement(text)) throw new Error(`internal error: ${address.pathname} cannot stand in a page`);
  return text;
}
