import { PAGE_DATA } from "../../page-data.ts";
import { findElement } from "../find-element.ts";
import { toCountWords } from "../measure-words.ts";
import type { CheckFacts } from "./check-facts.ts";
import type { PickedFile } from "./check-messages.ts";
import { isAllSame } from "./check-outcome.ts";
import { CheckPanel } from "./check-panel.ts";
import { findPackage } from "./find-package.ts";
import { toOutcomeNodes } from "./outcome-view.ts";
import { toHeadline } from "./outcome-words.ts";
import { runCheck } from "./run-check.ts";
import { watchDrops } from "./watch-drops.ts";

/** Fills a section of the page with all that a person needs to check the package's files; one check at a time. */
export function mountCheck(section: HTMLElement, facts: CheckFacts): void {
  const panel = new CheckPanel(section);
  let running: AbortController | undefined;
  const start = async (files: readonly PickedFile[]) => {
    const controller = new AbortController();
    running = controller;
    try {
      await check({ panel, facts, signal: controller.signal }, files);
    } catch (error) {
      panel.showEnd("bad", toFailureWords(error, controller.signal));
    } finally {
      running = undefined;
    }
  };
  panel.choose.addEventListener("click", () => panel.input.click());
  panel.cancel.addEventListener("click", () => running?.abort());
  panel.input.addEventListener("change", () => {
    const files = collectPicked(panel.input);
    // The same folder can be chosen again.
    panel.input.value = "";
    void start(files);
  });
  watchDrops({
    input: panel.input,
    isFree: () => running === undefined,
    onAccept: () => panel.showEnd("plain", "The browser is listing the folder."),
    onRefuse: (names) => panel.showEnd("bad", `Nothing was checked. ${toRefusal(names)}`),
  });
}

interface Checking {
  readonly panel: CheckPanel;
  readonly facts: CheckFacts;
  readonly signal: AbortSignal;
}

async function check({ panel, facts, signal }: Checking, files: readonly PickedFile[]): Promise<void> {
  const found = findPackage(files);
  if ("reason" in found) return panel.showEnd("bad", `Nothing was checked. ${found.reason}`);
  panel.showStart(`Checking ${toCountWords(found.files.length, "file")}.`);
  const startedMs = performance.now();
  const outcome = await runCheck(
    findElement(PAGE_DATA.checker).textContent,
    { files: found.files, manifestSha256: facts.manifestSha256, seals: toSeals(facts) },
    { signal, onProgress: (progress) => panel.showProgress(progress, performance.now() - startedMs) },
  );
  const head = { facts, ...found, checkedAt: new Date().toISOString() };
  panel.showEnd(isAllSame(outcome) ? "good" : "bad", toHeadline(outcome), ...toOutcomeNodes(outcome, head));
}

function toSeals({ signed, stamped }: CheckFacts): readonly string[] {
  return [signed, stamped].flatMap((seal) => (seal === null ? [] : [seal.file]));
}

function collectPicked({ files }: HTMLInputElement): readonly PickedFile[] {
  return Array.from(files ?? [], (file) => ({ path: file.webkitRelativePath, file }));
}

function toRefusal(names: readonly string[]): string {
  const [name = ""] = names;
  const isPacked = names.length === 1 && /\.(?:zip|tar)$/i.test(name);
  if (isPacked) return "That is a ZIP or TAR file. Unpack it first, and then drop the folder that comes of it.";
  return "Drop the package’s folder itself, and nothing beside it.";
}

function toFailureWords(error: unknown, { aborted }: AbortSignal): string {
  if (aborted) return "The check was cancelled: the package was not checked.";
  return `The check could not be done in this browser: the package was not checked. README.txt tells other ways. (${String(error)})`;
}
