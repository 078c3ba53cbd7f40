import type { Page } from "playwright-core";

/** What the page says once a check has ended. */
export interface PanelVerdict {
  readonly words: string;
  readonly isGood: boolean;
  /** Result and name of each file that is shown. */
  readonly rows: readonly (readonly string[])[];
  /** All that stands under the verdict but the rows. */
  readonly details: string;
}

/** Chooses a folder with the browser's dialogue, as it were, and waits for the verdict. */
export async function checkPicked(page: Page, folder: string): Promise<PanelVerdict> {
  await forgetVerdict(page);
  await page.locator("#check input[type=file]").setInputFiles(folder);
  return readVerdict(page);
}

/** Drops files or folders on the page, and waits for the verdict. */
export async function checkDropped(page: Page, ...paths: readonly string[]): Promise<PanelVerdict> {
  await forgetVerdict(page);
  await dropFiles(page, ["dragEnter", "dragOver", "drop"], ...paths);
  return readVerdict(page);
}

/** Takes some of the steps of which dropping is made. */
export async function dropFiles(
  page: Page,
  steps: readonly ("dragEnter" | "dragOver" | "drop")[],
  ...paths: readonly string[]
): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [...paths], dragOperationsMask: 1 };
  for (const type of steps) await session.send("Input.dispatchDragEvent", { type, x: 50, y: 50, data });
}

/** Waits until a check has ended. */
export async function readVerdict(page: Page): Promise<PanelVerdict> {
  const verdict = page.locator("#check .verdict.good, #check .verdict.bad");
  await verdict.waitFor({ timeout: 50_000 });
  const isGood = (await verdict.getAttribute("class"))?.includes("good") ?? false;
  const rows = await page
    .locator("#check tbody tr")
    .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent ?? "")));
  const details = await page.locator("#check .outcome").innerText();
  return { words: await verdict.innerText(), isGood, rows, details };
}

/** So that the verdict of an earlier check is never taken for that of the next. */
async function forgetVerdict(page: Page): Promise<void> {
  await page.locator("#check .verdict").evaluate((status) => {
    status.className = "verdict";
  });
}
